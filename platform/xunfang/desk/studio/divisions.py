"""区划: the places of a draft's layer as a tree that can be searched, whether the draft compiles or not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from xunfang.desk.studio.division_faces import DivisionsPage, PlaceFace
from xunfang.desk.studio.faces import Drafted
from xunfang.division import Division, DivisionTree, Level
from xunfang.errors import NotFound, Problem
from xunfang.rulebook.compile import jurisdictions
from xunfang.rulebook.divisions import divisions_of
from xunfang.rulebook.findings import Findings
from xunfang.rules.describe.words import LEVELS

MOST_FOUND = 60
WIZARDS = {"rename": "改名", "merge": "合并到别处", "abolish": "撤销", "add": "在这里新设"}
_DAY = timedelta(days=1)
_WORDS = {**LEVELS, "province": "省（自治区、直辖市）"}


def own_path(layer: str) -> str:
    """Return the path of a layer's own table of divisions."""
    return f"workflows/{layer}/divisions.csv"


@dataclass(frozen=True, slots=True)
class Places:
    """The divisions of a draft: `tree` with all that is written down, and `now` as they stand today."""

    draft: Drafted
    tree: DivisionTree
    now: DivisionTree
    today: date
    unread: Sequence[Problem]

    @property
    def home(self) -> str:
        """The code of the layer itself."""
        return self.draft.layer.partition("-")[0]

    def line(self, code: str) -> Division:
        """Return a division as it is called today; raises NotFound for what is none within the layer."""
        found = self.now.get(code)
        if found is None or not code.startswith(self.home):
            raise NotFound
        return found

    def within(self, code: str) -> list[Division]:
        """Return the divisions right within one, those that have ended too."""
        return [one for one in self.now if one.code.startswith(code) and self.now.parent(one.code) == code]

    def face(self, one: Division) -> PlaceFace:
        """Return a division as a row shows it."""
        lines = [each for each in self.tree.lines() if each.code == one.code]
        own = bool(lines) and lines[-1].file == own_path(self.draft.layer)
        ended = bool(lines) and lines[-1].until is not None
        possible = self._may(one) if lines and not ended and self.draft.head.editable else ()
        may = [(how, label) for how, label in possible if own or how == "add"]
        below = sum(1 for _ in self.within(one.code)) if one.level is not Level.GRID else 0
        notes = list(self._notes(lines))
        return PlaceFace(one.code, one.name, _WORDS[one.level], notes, own, ended, below, may)

    def _may(self, one: Division) -> Iterator[tuple[str, str]]:
        """Yield what may be done to a division: the jurisdiction itself is renamed, but ends with no successor here."""
        inside = len(one.code) > len(self.home)
        for how, label in WIZARDS.items():
            ends = how in ("merge", "abolish")
            if (inside or not ends) and not (how == "add" and one.level is Level.GRID):
                yield how, label

    def _notes(self, lines: Sequence[Division]) -> Iterator[str]:
        for place, one in enumerate(lines):
            again = lines[place + 1] if place + 1 < len(lines) else None
            if one.since is not None and not place:
                yield f"{one.since:%Y-%m-%d}起设立"
            if again is not None and one.until is not None:
                yield f"{one.until + _DAY:%Y-%m-%d}起改名，原名{one.name}，新名{again.name}"
            elif one.until is not None:
                heirs = "、".join(f"{self.tree.name(code)}" for code in one.successors)
                yield f"到{one.until:%Y-%m-%d}为止" + (f"，由{heirs}接续" if heirs else "")


def places_of(draft: Drafted, today: date) -> Places:
    """Return the divisions of a draft; a table that cannot be read is left out and told."""
    findings = Findings()
    chain = jurisdictions(draft.files).get(draft.layer, (draft.layer,))
    tree = divisions_of(draft.files, chain, findings)
    return Places(draft, tree, tree.on(today), today, tuple(findings.problems))


def divisions_page(places: Places, code: str, sought: str) -> DivisionsPage:
    """Return the divisions right within one, or those within it whose name or code is like what is sought."""
    code = code or places.home
    here = places.line(code) if code in places.now else _nothing(places)
    found = _like(places, code, sought) if sought else places.within(code)
    rows = [places.face(one) for one in found[:MOST_FOUND]] if sought else [places.face(one) for one in found]
    more = bool(sought) and len(found) > MOST_FOUND
    above = list(_above(places, code))
    return DivisionsPage(places.draft.head, places.face(here), above, rows, sought, more, places.unread)


def _nothing(places: Places) -> Division:
    """Return the layer itself where no table names it."""
    name = next((one.name for one in places.tree if one.code == places.home), places.home)
    levels = {2: Level.PROVINCE, 4: Level.CITY, 6: Level.COUNTY}
    if len(places.home) not in levels:
        raise NotFound
    return Division(places.home, name, levels[len(places.home)])


def _like(places: Places, code: str, sought: str) -> list[Division]:
    """Return the divisions within one that bear, or bore, a name like this, or a code that begins like it."""
    names: dict[str, None] = {
        one.code: None
        for one in places.tree.lines()
        if one.code.startswith(code) and (sought in one.name or one.code.startswith(sought))
    }
    return [found for each in list(names)[: MOST_FOUND + 1] if (found := places.now.get(each))]


def _above(places: Places, code: str) -> Iterator[tuple[str, str]]:
    path: list[str] = []
    while len(code) > len(places.home):
        path.append(code)
        code = places.now.parent(code)
    for each in (places.home, *reversed(path)):
        yield each, places.now.name(each)
