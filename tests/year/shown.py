"""What the pages show of the year, for somebody who sees all of the county: lines of ledgers, figures of indicators."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xunfang.actions.deployment import Actor
from xunfang.casework import Publication
from xunfang.desk.circulating import MOST_OF_ALL, spooled
from xunfang.desk.faces.ledgers import LedgerAsked
from xunfang.desk.ledgers import STANDS, LedgerDesk
from xunfang.desk.lines import Line
from xunfang.desk.publications import PublicationReadings
from xunfang.store.reading.lines import SUBJECTS
from xunfang.store.tables import Figure
from year.cells import is_numbered, is_read, text, where_of
from year.county import County
from year.kept import Tables
from year.recount import Figures, Recount

_ALL = {of: "all" for of, ways in STANDS.items() if "all" in dict(ways)}
"""Of what the ledgers list, where not all of it is told unless somebody asks for all."""


@dataclass(frozen=True, slots=True)
class _Read(LedgerDesk):
    """A ledger that was read before, put on a sheet without being read again."""

    read: list[Line]

    def lines(self, actor: Actor, ledger_id: str, asked: LedgerAsked, at: datetime) -> Iterator[list[Line]]:
        yield self.read


def shown(county: County, wanted: set[str]) -> Figures:
    """Return how many lines each of these ledgers has."""
    desk, director = LedgerDesk(county.deployment), county.one_who("confirm-dispatch", unit=_above_all(county))
    found: Figures = Counter()
    for ledger in county.now().ledgers.values():
        if ledger.id in wanted and ledger.of in SUBJECTS:
            asked = LedgerAsked(stands=_ALL.get(ledger.of, ""))
            found["ledger lines", ledger.id] = sum(map(len, desk.lines(director, ledger.id, asked, county.at)))
    return found


def filled_in(county: County, ledgers: Mapping[str, Mapping[str, Any]]) -> Figures:
    """Return every cell of these ledgers that is looked at, by whose line it stands in; lines where answers decide."""
    desk, director = LedgerDesk(county.deployment), county.one_who("confirm-dispatch", unit=_above_all(county))
    found: Figures = Counter()
    for name, ledger in ledgers.items():
        columns = [path for path in ledger["columns"] if is_read(path)]
        asked = LedgerAsked(stands=_ALL.get(ledger["of"], ""))
        lines = [line for some in desk.lines(director, name, asked, county.at) for line in some]
        if any(path.startswith("task.") for path in where_of(ledger)):
            found["ledger lines", name] = len(lines)
        if is_numbered(ledger):
            sheet = spooled(_Read(desk.deployment, lines), director, name, asked, county.at, MOST_OF_ALL, whole=False)
            numbers = (str(row[0]) for some in sheet for row in some)
            found.update(("cell", name, "row", _whose(line), n) for line, n in zip(lines, numbers, strict=True))
        for line in lines:
            whose = _whose(line)
            told = ((path, text(line.facts.get(path))) for path in columns)
            found.update(("cell", name, path, whose, value) for path, value in told if value)
    return found


def _whose(line: Line) -> str:
    return line.place if line.of == "visit" else line.case if line.of in ("case", "publication") else line.person


def counted(county: County, wanted: Mapping[str, bool]) -> Figures:
    """Return part and whole of these indicators for each period of the year, counted at its end.

    `wanted`: whether they are wanted for each owner, or only for the whole county.
    """
    county.count()
    found: Figures = Counter()
    for figure in county.rows(Figure):
        compared = wanted.get(figure.indicator)
        if compared is not None and (compared or not figure.owner) and figure.begins_on.year == county.at.year:
            key = ("indicator", figure.indicator, figure.owner, figure.begins_on.isoformat())
            found[(*key, "whole")], found[(*key, "part")] = figure.whole, figure.part
    return found


def patrols(tables: Tables, recount: Recount) -> Figures:
    """Return how each month's visits to anybody stand."""
    found: Figures = Counter()
    for owed in tables.duties:
        duty = recount.rules.duties.get(owed.duty, {})
        if "satisfied_by" in duty and "for" not in duty and owed.every == "month" and owed.status != "waived":
            found["patrols", owed.duty, f"{owed.begins_on:%Y-%m}", owed.status] += 1
    return found


def objected(county: County) -> Figures:
    """Return how each objection stands on the page of what it is against."""
    desk, director = PublicationReadings(county.deployment), county.one_who("confirm-dispatch", unit=_above_all(county))
    found: Figures = Counter()
    for posted in county.keys_of(Publication):
        page = desk.publication(director, posted, county.at)
        found.update(("objections", posted, made.status_id) for made in page.objections)
    return found


def visits_owed(tables: Tables, recount: Recount, *, recounted: bool) -> Figures:
    """Return how visits owed about people that are over stand, by the system or by the visits that were told."""
    found: Figures = Counter()
    for thing in tables.things:
        if thing.subject != "visit" or thing.status not in ("done", "missed"):
            continue
        first, last = thing.begins_on.isoformat(), thing.ends_on.isoformat()
        made = sum(first <= on <= last for on, _ in recount.of_person[thing.person, thing.matter])
        status = ("done" if made >= thing.needed else "missed") if recounted else thing.status
        found["visits owed", thing.duty, thing.unit, first, status] += 1
    return found


def _above_all(county: County) -> Any:
    return next(one.unit for one in county.by_id.values() if one.division == county.rulebook.code)
