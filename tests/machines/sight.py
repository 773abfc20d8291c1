"""Nothing is seen outside one's division: what every list shows somebody, against what is rightly theirs."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from xunfang.casework import Case, Clue, Dispatch, Notice, Row, Task
from xunfang.errors import NotFound
from xunfang.rulebook.model import Rulebook
from xunfang.rules.units import follow_unit
from xunfang.store import CaseFilter, Horizon, Message, QueueFilter, Scope, ScopedReader

NO_CASEWORK = {"administer", "operate", "audit", "edit-rules", "review-rules"}


class Who:
    """Whose lists are looked at, and by which divisions of the day; what was done where it was before is theirs too."""

    def __init__(self, scope: Scope, rulebook: Rulebook) -> None:
        self.scope, self.rulebook = scope, rulebook
        self.jurisdiction, self.division, self.unit = scope.jurisdiction, scope.division, scope.unit

    @property
    def keeps_only_rules(self) -> bool:
        return bool(self.scope.acts) and not self.scope.acts - NO_CASEWORK

    def works_as(self, unit: str) -> bool:
        return bool(unit) and (unit == self.unit or follow_unit(self.rulebook, unit) == self.unit)

    def looks_over(self, place: str) -> bool:
        now = self.rulebook.divisions.follow(place)
        return bool(self.division) and (place.startswith(self.division) or now.startswith(self.division))


def oversights(
    table: ScopedReader, rulebook: Rulebook, rows: Mapping[str, Row], messages: list[Message], at: datetime
) -> Iterator[str]:
    """Yield every list that shows a reader more or less than is theirs, in words; `rows` are those of everybody."""
    who = Who(table.scope, rulebook)
    mine = {row.id for row in rows.values() if isinstance(row, Case) and _is_theirs(who, row, rows)}
    tasks = [row for row in rows.values() if isinstance(row, Task) and row.jurisdiction == who.jurisdiction]
    horizon = Horizon(at, at, at)
    for what, shown, theirs in (
        ("cases", _all(lambda after: table.cases(CaseFilter(), after), "case"), mine),
        ("dispatches", _all(table.dispatches, "dispatch"), _of(rows, Dispatch, mine, status="proposed")),
        ("papers", {item.notice.id for item in _pages(table.notices)}, _of(rows, Notice, mine)),
        ("reports", _all(table.reports, "clue"), _reported(who, rows)),
        ("inbox", _all(table.inbox, "message"), _addressed(who, messages)),
        ("queue", _all(lambda after: table.queue(QueueFilter(), horizon, after), "task"),
         {task.id for task in tasks if who.works_as(task.unit) and not task.ended_at}),
        ("queue below", _all(lambda after: table.queue(QueueFilter(below=True), horizon, after), "task"),
         {task.id for task in tasks if _lives_within(who, task.residence) and not task.ended_at}),
    ):  # fmt: skip
        if shown != theirs:
            yield f"{what} of {who.unit} ({who.division}): not theirs {shown - theirs}, lacking {theirs - shown}"
    for item in _pages(table.reports):
        if item.case and item.case not in mine:
            yield f"a report of {who.unit} names case {item.case}, which is out of its sight"
    for case in (row.id for row in rows.values() if isinstance(row, Case)):
        if _opens(table, case) != (case in mine):
            yield f"the file of case {case} is open to {who.unit} ({who.division}), or closed, and should not be"


def _is_theirs(who: Who, case: Case, rows: Mapping[str, Row]) -> bool:
    """A case is theirs who live with it, have a task of it, reported it first, or decide about its dispatch."""
    if case.jurisdiction != who.jurisdiction:
        return False
    parts = [row for row in rows.values() if isinstance(row, Task | Clue | Dispatch) and row.case == case.id]
    involved = any(who.works_as(row.unit) and not (isinstance(row, Clue) and row.joined) for row in parts)
    return involved or _lives_within(who, case.residence)


def _lives_within(who: Who, residence: str) -> bool:
    return who.looks_over(residence)


def _of(rows: Mapping[str, Row], kind: type[Any], cases: set[str], **where: str) -> set[str]:
    found = (row for row in rows.values() if isinstance(row, kind) and row.case in cases)
    return {row.id for row in found if all(getattr(row, name) == value for name, value in where.items())}


def _reported(who: Who, rows: Mapping[str, Row]) -> set[str]:
    clues = (row for row in rows.values() if isinstance(row, Clue) and row.jurisdiction == who.jurisdiction)
    return {clue.id for clue in clues if who.works_as(clue.unit)}


def _addressed(who: Who, messages: list[Message]) -> set[str]:
    to_unit = (one for one in messages if one.jurisdiction == who.jurisdiction and who.works_as(one.unit))
    return {one.id for one in to_unit if one.account == who.scope.account or not (one.account or who.keeps_only_rules)}


def _all(page: Callable[..., Any], name: str) -> set[str]:
    return {getattr(item, name) for item in _pages(page)}


def _pages(page: Callable[..., Any]) -> Iterator[Any]:
    after = ""
    while True:
        found = page(after)
        yield from found.items
        if not (after := found.next):
            return


def _opens(table: ScopedReader, case: str) -> bool:
    try:
        return bool(table.case_file(case).case.id == case)
    except NotFound:
        return False
