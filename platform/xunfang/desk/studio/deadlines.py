"""The limits of a draft, and when each would end from any start, with the year calendar of the days that count."""

from calendar import Calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from xunfang.clock import local
from xunfang.desk.studio.block_keys import key_said, problems_by_block
from xunfang.desk.studio.block_pages import Desk, sentences_of
from xunfang.desk.studio.blocks_beside import read_blocks
from xunfang.desk.studio.faces import Head
from xunfang.errors import Problem
from xunfang.rulebook.model import Deadline, LimitCase, Rulebook
from xunfang.rules.describe.conditions import condition_words
from xunfang.rules.describe.words import limit_words
from xunfang.rules.explain import span_words, spans_data
from xunfang.worktime import Due, due

DEADLINES = "deadlines.toml"


@dataclass(frozen=True, slots=True)
class LimitFace:
    """One deadline; `key` is that of its block where it is one's own."""

    id: str
    label: str
    sentence: str
    cites: Sequence[tuple[str, str]]
    key: str
    problems: Sequence[Problem]


@dataclass(frozen=True, slots=True)
class DayFace:
    """One day of a calendar. `look`: "start", "due", "counted", "skipped", "rest", "work" (made up) or ""."""

    day: date
    look: str
    said: str


@dataclass(frozen=True, slots=True)
class MonthFace:
    """One month, by weeks from Monday on."""

    title: str
    weeks: Sequence[Sequence[DayFace | None]]


@dataclass(frozen=True, slots=True)
class SideFace:
    """When a limit ends by the rules of one side; `why_not` where they say nothing of it."""

    title: str
    why_not: str = ""
    limit: str = ""
    due_at: datetime | None = None
    counted: Sequence[date] = ()
    skipped: Sequence[tuple[date, str]] = ()
    spans: Sequence[str] = ()
    provisional: bool = False
    months: Sequence[MonthFace] = ()


@dataclass(frozen=True, slots=True)
class DeadlinesPage:
    """All limits of a draft; when one was chosen, when it ends by the draft and by the rules in force."""

    head: Head
    path: str
    may: bool
    adds: str
    limits: Sequence[LimitFace]
    unread: str
    choices: Sequence[tuple[str, str]]
    chosen: str
    start: datetime
    sides: Sequence[SideFace]
    differ: bool


def own_path(layer: str) -> str:
    """Return the path of a layer's own deadlines."""
    return f"workflows/{layer}/{DEADLINES}"


def deadlines_page(desk: Desk, chosen: str, start: datetime) -> DeadlinesPage:
    """Return the limits of a draft, and when the one that was chosen ends."""
    draft, path, book = desk.draft, own_path(desk.draft.layer), desk.named_by
    text = draft.files.get(path, "")
    choices = list(_choices(book))
    sides = [_side("草稿", desk.rules, chosen, start), _side("现行", desk.in_force, chosen, start)] if chosen else []
    return DeadlinesPage(
        head=draft.head,
        path=path if path in draft.files else "",
        may=draft.head.editable,
        adds=key_said(("new",)),
        limits=list(_limits(desk, path, text)),
        unread=read_blocks(path, text)[1] if path in draft.files else "",
        choices=choices,
        chosen=chosen,
        start=local(start),
        sides=sides,
        differ=len({(side.due_at, side.why_not) for side in sides}) > 1,
    )


def _limits(desk: Desk, path: str, text: str) -> Iterator[LimitFace]:
    book, blocks = desk.named_by, read_blocks(path, text)[0]
    own = {str(block.key[0]): block for block in blocks if len(block.key) == 1}
    wrong = problems_by_block(blocks, desk.found.problems, path)
    told = sentences_of(book, path)
    for id in dict.fromkeys((*own, *book.deadlines)):
        rule = book.deadlines.get(id)
        label = rule.label if rule else str(own[id].data.get("label", id))
        cites = (
            [(each, book.clauses[each].text if each in book.clauses else "") for each in rule.basis.cites]
            if rule
            else []
        )
        problems = [problem for key, found in wrong.items() if key[:1] == (id,) for problem in found]
        yield LimitFace(id, label, told.get(id, ""), cites, key_said((id,)) if id in own else "", problems)


def _choices(book: Rulebook) -> Iterator[tuple[str, str]]:
    for id, rule in book.deadlines.items():
        for n, case in enumerate(rule.limits):
            when = condition_words(book, case.when)
            yield f"{id}/{n}", f"{rule.label}：{f'{when}的，' if when else ''}{limit_words(case.limit)}"


def _side(title: str, book: Rulebook | None, chosen: str, start: datetime) -> SideFace:
    if book is None:
        return SideFace(title, "草稿有问题，改好以后才能算")
    id, _, n = chosen.rpartition("/")
    rule = book.deadlines.get(id)
    if rule is None:
        return SideFace(title, "没有这一项时限")
    case = _case(rule, n)
    if case.limit.counts is None:
        return SideFace(title, "期限由下级规定，本级没有写多少")
    return _counted(title, book, case, due(case.limit.counts, start, book.calendar, book.info.office), start)


def _case(rule: Deadline, n: str) -> LimitCase:
    return rule.limits[int(n)] if n.isascii() and n.isdigit() and int(n) < len(rule.limits) else rule.limits[-1]


def _counted(title: str, book: Rulebook, case: LimitCase, found: Due, start: datetime) -> SideFace:
    skipped = [(each.date, each.reason) for each in found.skipped]
    spans = spans_data(found.spans).get("spans", ())
    return SideFace(
        title=title,
        limit=limit_words(case.limit),
        due_at=found.due_at,
        counted=found.counted,
        skipped=skipped,
        spans=[span_words(each) for each in spans],
        provisional=found.provisional,
        months=list(_months(book, found, local(start).date())),
    )


def _months(book: Rulebook, found: Due, start: date) -> Iterator[MonthFace]:
    """Yield the months of the year of the start, and those after it until the limit ends."""
    due_on = local(found.due_at).date()
    last = max((start.year, 12), (due_on.year, due_on.month))
    skipped = {each.date: each.reason for each in found.skipped}
    year, month = start.year, 1
    while (year, month) <= last:
        weeks = Calendar().monthdatescalendar(year, month)
        yield MonthFace(
            f"{year}年{month}月",
            [
                [_day(book, day, start, due_on, found, skipped) if day.month == month else None for day in week]
                for week in weeks
            ],
        )
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _day(book: Rulebook, day: date, start: date, due_on: date, found: Due, skipped: dict[date, str]) -> DayFace:
    kind = book.calendar.day(day)
    if day == due_on:
        return DayFace(day, "due", "到期")
    if day == start:
        return DayFace(day, "start", "开始的当日不计入")
    if day in skipped:
        return DayFace(day, "skipped", f"不计入：{skipped[day]}")
    if day in found.counted:
        return DayFace(day, "counted", f"计入{f'：{kind.reason}' if kind.reason else ''}")
    if not kind.is_workday:
        return DayFace(day, "rest", kind.reason)
    return DayFace(day, "work" if kind.reason else "", kind.reason)
