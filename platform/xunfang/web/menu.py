"""The menu 菜单: whatever somebody opens each day first, all else they may open under small headings."""

from collections.abc import Callable, Container, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xunfang.rulebook.model import Rulebook
from xunfang.rules.feeds import feeds_of
from xunfang.rules.occasions import doing_thing_by_thing
from xunfang.rules.units import kind_of
from xunfang.web.access import Access, by

if TYPE_CHECKING:
    from xunfang.web.site import Member
    from xunfang.web.views.secure import SecureView


@dataclass(frozen=True, slots=True)
class Entry:
    """One page in the menu."""

    endpoint: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under a heading."""

    heading: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Menu:
    """The pages of each day, and those under headings, which unfold on a phone."""

    daily: tuple[Entry, ...]
    groups: tuple[Group, ...]

    def unfolded(self, endpoint: str) -> str:
        """Return what a page is called that stands under a heading; "" for any other."""
        return next((each.label for group in self.groups for each in group.entries if each.endpoint == endpoint), "")


@dataclass(frozen=True, slots=True)
class _Daily:
    """A page that whoever may do one of some acts opens each day, where the rules ask it of their unit."""

    endpoint: str
    access: Access
    asked: Callable[[Rulebook, str], bool] = lambda _rules, _unit: True


MENU = "xunfang-menu"
"""Where an application keeps its menus."""
MOST_KEPT = 500
"""So many menus are kept: people of one role in one unit have the same."""
MOST_DAILY = 5
"""So many pages are of each day at most: they stand side by side on a phone."""

DAILY = (
    _Daily("queue", by("claim", "complete", "assist", "confirm-dispatch", "supervise", "submit", "sign-off")),
    _Daily("dispatch", by("confirm-dispatch")),
    _Daily("signing", by("sign-off")),
    _Daily("intake", by("submit")),
    _Daily("visits", by("submit", "complete"), lambda rules, unit: kind_of(unit) in doing_thing_by_thing(rules)),
    _Daily("feeds", by("submit", "complete"), lambda rules, unit: bool(feeds_of(rules, unit))),
    _Daily("supervision", by("supervise")),
    _Daily("indicators", by("supervise")),
    _Daily("cases", by("complete", "supervise")),
)
"""The most pressing first."""

_CASES = ("个案与档案", ("dispatch", "signing", "cases", "people", "papers"))
_FIELD = ("走访与任务", ("intake", "visits", "duties", "feeds", "alerts"))
_SITTINGS = ("会商与公示", ("meetings", "publications"))
_LISTS = ("名册与台账", ("rolls", "ledgers"))
_WATCH = ("督办与考核", ("supervision", "indicators"))
_KEEPING = ("人员与规则", ("accounts", "openings", "staff", "system", "audit", "studio", "rules", "versions"))
_DOING = (_FIELD, _CASES, _SITTINGS, _LISTS, _WATCH, _KEEPING)
_LEADING = (_WATCH, _CASES, _LISTS, _SITTINGS, _FIELD, _KEEPING)
GROUPED = frozenset(endpoint for _, endpoints in _DOING for endpoint in endpoints)
"""Every page that stands under a heading."""


class Menus:
    """The menus of one application: `views` by their endpoints, and what was found for whom, which pages show again."""

    def __init__(self, views: Iterable["SecureView"]) -> None:
        self.views = {view.endpoint: view for view in views}
        self._kept: dict[tuple[Hashable, ...], Menu] = {}

    def of(self, person: "Member", rulebook: Rulebook) -> Menu:
        """Return a person's menu: the rules, what they may do and where they work decide it, and nothing else."""
        actor = person.actor
        key = rulebook, actor.jurisdiction, actor.unit, actor.division, actor.acts
        if (kept := self._kept.get(key)) is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            kept = self._kept[key] = menu_of(self.views, person, rulebook)
        return kept


def menu_of(views: Mapping[str, "SecureView"], person: "Member", rulebook: Rulebook) -> Menu:
    """Return what stands in a person's menu, in the order of how often such a person opens it."""
    open_to = {name: view for name, view in views.items() if view.opens_to(person) and view.is_visible()}
    daily = _daily(open_to, person, rulebook)
    order = _LEADING if person.may("supervise") and not person.may("complete") else _DOING
    groups = [_group(heading, [each for each in names if each not in daily], open_to) for heading, names in order]
    found = tuple(group for group in groups if group.entries)
    if not daily:  # who keeps the installation has a page or two: nothing to tell apart
        return Menu(tuple(entry for group in found for entry in group.entries), ())
    return Menu(_group("", daily, open_to).entries, found)


def _daily(open_to: Container[str], person: "Member", rulebook: Rulebook) -> list[str]:
    """Return the endpoints of the pages that a person opens each day."""
    asked = (each for each in DAILY if each.access.allows(person) and each.asked(rulebook, person.unit))
    return [each.endpoint for each in asked if each.endpoint in open_to][:MOST_DAILY]


def _group(heading: str, names: Iterable[str], open_to: Mapping[str, "SecureView"]) -> Group:
    views = (open_to[name] for name in names if name in open_to)
    return Group(heading, tuple(Entry(view.endpoint, view.name, view.menu.get_url()) for view in views))
