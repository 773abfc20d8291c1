"""The duties 定期任务 of a draft over the coming year: when each begins and is due, for whom, on which clause."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from xunfang.clock import local_date
from xunfang.desk.studio.block_keys import key_said, problems_by_block
from xunfang.desk.studio.block_pages import Desk
from xunfang.desk.studio.blocks_beside import read_blocks
from xunfang.desk.studio.faces import Head
from xunfang.desk.studio.files import layer_names
from xunfang.desk.studio.layered import mark, part_of
from xunfang.errors import Problem
from xunfang.rulebook.model import Duty, Rulebook
from xunfang.rules.describe.duties import when_words
from xunfang.rules.describe.words import each_unit_words
from xunfang.rules.duties import duty_due, rhythm_of
from xunfang.worktime import Due, Every, Period, periods_between

DUTIES = "duties.toml"
MONTHS = 12
_LONGEST = timedelta(days=366 + 31)
_LONG = frozenset({Every.QUARTER, Every.HALF_YEAR, Every.YEAR})
"""Periods of which it is shown from when to when they run: all others run always."""
_MOST_DAYS = 5


@dataclass(frozen=True, slots=True)
class DueDay:
    """A day on which something is due; `moved`: why it is not the day that the rule names, "" for that day."""

    day: date
    moved: str


@dataclass(frozen=True, slots=True)
class MonthCell:
    """One month of a duty: what is due in it, in `said` where that is too often to be told by days.

    `open`: somebody may be at it; `begins` on that day.
    """

    open: bool
    begins: date | None
    dues: Sequence[DueDay]
    said: str


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One duty. `months` is empty for one that no calendar tells; `key` is that of its block where it is one's own."""

    id: str
    label: str
    when: str
    whose: str
    to: str
    cites: Sequence[tuple[str, str]]
    practice: str
    layer: str
    key: str
    state: str
    months: Sequence[MonthCell]
    problems: Sequence[Problem]


@dataclass(frozen=True, slots=True)
class DutiesPage:
    """All duties of a draft over a year."""

    head: Head
    path: str
    may: bool
    adds: str
    unread: str
    problems: Sequence[Problem]
    months: Sequence[date]
    duties: Sequence[DutyRow]
    units: Sequence[tuple[str, str]]
    unit: str
    provisional: bool
    gone: Sequence[str]


def own_path(layer: str) -> str:
    """Return the path of a layer's own duties."""
    return f"workflows/{layer}/{DUTIES}"


def duties_page(desk: Desk, today: date, unit: str = "") -> DutiesPage:
    """Return the duties of a draft from this month on, those of one kind of unit where one is chosen."""
    draft, book, path = desk.draft, desk.named_by, own_path(desk.draft.layer)
    months = list(_months(today))
    rows = _Rows(desk, months)
    names = {name for duty in book.duties.values() for name in (duty.of, duty.or_else, *duty.to) if name}
    unit = unit if unit in names else ""
    wanted = [duty for duty in book.duties.values() if not unit or unit in (duty.of, duty.or_else, *duty.to)]
    duties = [rows.row(duty) for duty in wanted]
    own, unread = path in draft.files, read_blocks(path, draft.files.get(path, ""))[1]
    return DutiesPage(
        head=draft.head,
        path=path if own else "",
        may=draft.head.editable and own and not unread,
        adds=key_said(("new",)),
        unread=unread if own else "",
        problems=() if desk.rules else desk.found.problems,
        months=months,
        duties=duties,
        units=sorted(((name, each_unit_words(book, name)) for name in names), key=lambda each: each[1]),
        unit=unit,
        provisional=rows.provisional,
        gone=[str(data.get("label", id)) for id, data in rows.before.items() if id not in book.duties],
    )


def _months(today: date) -> Iterator[date]:
    for n in range(today.month - 1, today.month - 1 + MONTHS):
        yield date(today.year + n // 12, n % 12 + 1, 1)


class _Rows:
    """Makes the rows of a year."""

    def __init__(self, desk: Desk, months: Sequence[date]) -> None:
        self.book: Rulebook = desk.named_by
        self.months, self.provisional = months, False
        layer, path = desk.draft.layer, own_path(desk.draft.layer)
        blocks = read_blocks(path, desk.draft.files.get(path, ""))[0]
        self.keys = {block.key for block in blocks}
        found = (*desk.found.problems, *desk.found.warnings)
        self.wrong = problems_by_block(blocks, found, path) if blocks else {}
        self.part, base = part_of(desk.draft.files, layer, "duties"), part_of(desk.draft.base, layer, "duties")
        self.now = dict(self.part.data) if self.part else {}
        self.before: Mapping[str, Mapping[str, object]] = dict(base.data) if base else {}
        self.layers = layer_names(desk.draft.files)

    def row(self, duty: Duty) -> DutyRow:
        """Return the row of a duty."""
        own, book = (duty.id,) in self.keys, self.book
        layer = self.part.origin((duty.id,)).layer if self.part else ""
        whose = each_unit_words(book, duty.of)
        return DutyRow(
            id=duty.id,
            label=duty.label,
            when=_when(book, duty),
            whose=f"{whose}，没有的由{each_unit_words(book, duty.or_else)}" if duty.or_else else whose,
            to="、".join(each_unit_words(book, name) for name in duty.to),
            cites=[(each, book.clauses[each].text if each in book.clauses else "") for each in duty.basis.cites],
            practice=duty.basis.practice,
            layer="" if own else self.layers.get(layer, layer),
            key=key_said((duty.id,)) if own else "",
            state=mark(self.now.get(duty.id), self.before.get(duty.id)),
            months=self._year(duty),
            problems=self.wrong.get((duty.id,), ()),
        )

    def _year(self, duty: Duty) -> Sequence[MonthCell]:
        every = None if duty.while_ or duty.on else rhythm_of(self.book, duty)
        if every is None:
            return ()
        last = _month_ends(self.months[-1])
        periods = periods_between(every, self.months[0] - _LONGEST, last, duty.starting)
        planned = [(period, duty_due(duty, period, self.book.calendar)) for period in periods]
        return [self._month(every, month, planned) for month in self.months]

    def _month(self, every: Every, month: date, planned: Sequence[tuple[Period, Due]]) -> MonthCell:
        ends = _month_ends(month)
        due = [each for _, each in planned if month <= local_date(each.due_at) <= ends]
        self.provisional = self.provisional or any(each.provisional for each in due)
        running = [period for period, each in planned if period.first <= ends and local_date(each.due_at) >= month]
        begins = next((period.first for period in running if month <= period.first), None)
        days = [DueDay(local_date(each.due_at), "；".join(skip.reason for skip in each.skipped)) for each in due]
        said = "每天" if every is Every.DAY else f"{len(days)}次" if len(days) > _MOST_DAYS else ""
        is_long = every in _LONG
        return MonthCell(is_long and bool(running), begins if is_long else None, [] if said else days, said)


def _when(book: Rulebook, duty: Duty) -> str:
    """Return how often or after what it is owed, as it stands by itself: 在个案办结后办理."""
    words = when_words(book, duty)
    return f"{words}办理" if words.endswith("后") else words


def _month_ends(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1) - timedelta(days=1)
