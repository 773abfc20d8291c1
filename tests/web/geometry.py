"""What a picture of a page would show and no markup does: things on top of one another, and targets too small."""

from playwright.sync_api import Page

OVERLAPS = """() => {
  const shown = element => {
    const style = getComputedStyle(element);
    return style.visibility !== 'hidden' && style.opacity !== '0';
  };
  const stuck = element => {
    for (let each = element; each; each = each.parentElement) {
      if (['sticky', 'fixed'].includes(getComputedStyle(each).position)) return true;
    }
    return false;
  };
  const unseen = 'select, option, script, .skip, textarea';
  const controls = 'button, input:not([type=hidden]):not([type=file]), select, textarea, img, .button';
  const clip = (rect, element) => {
    let box = { left: rect.left, top: rect.top, right: rect.right, bottom: rect.bottom };
    for (let each = element; each; each = each.parentElement) {
      if (getComputedStyle(each).overflow === 'visible') continue;
      const around = each.getBoundingClientRect();
      box = { left: Math.max(box.left, around.left), top: Math.max(box.top, around.top),
              right: Math.min(box.right, around.right), bottom: Math.min(box.bottom, around.bottom) };
    }
    return box;
  };
  const things = [];
  const keep = (element, rect, what) => {
    const box = clip(rect, element);
    if (box.right - box.left > 1 && box.bottom - box.top > 1) things.push({ element, box, what });
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const owner = node.parentElement;
    if (!node.data.trim() || !owner || owner.closest(unseen) || !shown(owner) || stuck(owner)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) keep(owner, rect, node.data.trim().slice(0, 20));
  }
  for (const element of document.querySelectorAll(controls)) {
    if (shown(element) && !stuck(element)) {
      keep(element, element.getBoundingClientRect(), element.outerHTML.slice(0, 60));
    }
  }
  const found = [];
  for (let first = 0; first < things.length; first += 1) {
    for (let second = first + 1; second < things.length; second += 1) {
      const a = things[first], b = things[second];
      if (a.element.contains(b.element) || b.element.contains(a.element)) continue;
      const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
      if (wide > 2 && high > 4) found.push(`${a.what} ✕ ${b.what}`);
    }
  }
  return found;
}"""

SMALL_TARGETS = """(least) => {
  const targets = 'button, .button, input:not([type=hidden]):not([type=file]), select, textarea, '
    + '.side a, .glance a, .tick, .pick';
  return [...document.querySelectorAll(targets)]
    .filter(each => each.getClientRects().length)
    .filter(each => !each.closest('.tickline') && !each.matches('.tick *, .pick *, .as-link'))
    .map(each => [each.getBoundingClientRect(), each])
    .filter(([box]) => box.height < least)
    .map(([box, each]) => `${Math.round(box.height)}px ${each.outerHTML.slice(0, 80)}`);
}"""


def overlaps(page: Page) -> list[str]:
    """Return the pairs of texts, controls and pictures of a page that lie on top of one another."""
    return [str(each) for each in page.evaluate(OVERLAPS)]


def small_targets(page: Page, least: int = 40) -> list[str]:
    """Return what a finger has to hit on a page and is lower than so many pixels."""
    return [str(each) for each in page.evaluate(SMALL_TARGETS, least)]
