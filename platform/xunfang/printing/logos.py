"""Logos on a paper: a template names one and says how wide; the press puts it in, having looked at it once more."""

import base64
from collections.abc import Iterator, Mapping

from xunfang.printing.markup import Element, broken
from xunfang.rulebook.logos import Logo, LogoRefused, checked, is_logo, template_name

USUAL_WIDTH, LEAST_WIDTH, MOST_WIDTH = 30, 5, 156
"""Millimetres."""
_MARGINS = {"center": "0 auto", "right": "0 0 0 auto"}


def set_logos(root: Element, templates: Mapping[str, str]) -> frozenset[str]:
    """Put the logos that a document names into it, and return their addresses. Raises PrintError."""
    return frozenset(_set(image, templates) for image in _named(root))


def sent(templates: Mapping[str, str]) -> dict[str, str]:
    """Return what the press needs of all templates: of the logos only those that any of them names."""
    logos = [name for name in templates if is_logo(name)]
    texts = [text for name, text in templates.items() if not is_logo(name)] if logos else []
    unused = {name for name in logos if not any(f'data-logo="{_stem(name)}"' in text for text in texts)}
    return {name: text for name, text in templates.items() if name not in unused}


def _stem(name: str) -> str:
    return name.rpartition("/")[2].rpartition(".")[0]


def _named(element: Element) -> Iterator[Element]:
    for child in element.elements():
        if child.tag == "img" and "data-logo" in child.attributes:
            yield child
        yield from _named(child)


def _set(image: Element, templates: Mapping[str, str]) -> str:
    name = image.attributes["data-logo"]
    text = templates.get(template_name(name))
    if text is None:
        raise broken(f"没有名为“{name}”的徽标。")
    try:
        logo = checked(text)
    except LogoRefused as refused:
        raise broken(f"徽标“{name}”不能用：{refused}") from None
    address = f"data:image/svg+xml;base64,{base64.b64encode(text.encode()).decode('ascii')}"
    image.attributes |= {"src": address, "alt": logo.alt, "style": _style(image, logo)}
    return address


def _style(image: Element, logo: Logo) -> str:
    said = image.attributes.get("data-width", "")
    width = int(said) if said.isascii() and said.isdecimal() and len(said) < 4 else USUAL_WIDTH
    if not LEAST_WIDTH <= width <= MOST_WIDTH:
        raise broken(f"徽标的宽度应为{LEAST_WIDTH}到{MOST_WIDTH}毫米，写的是{said}。")
    margin = _MARGINS.get(image.attributes.get("data-align", ""), "0")
    return f"display:block;width:{width}mm;height:{width / logo.ratio:.2f}mm;margin:{margin}"
