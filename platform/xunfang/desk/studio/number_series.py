"""The series that number papers: how far each has come this year, and what a change of one would bring."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from xunfang.casework.draft import numbered
from xunfang.casework.issuing import series_of
from xunfang.rulebook.model import NoticeKind, Rulebook
from xunfang.rules.units import document_word, unit_label

MOST_UNITS = 400


@dataclass(frozen=True, slots=True)
class Numbering:
    """Numbers given out in one year in some series: by series, the last one."""

    year: int
    taken: Mapping[str, int]

    def last(self, series: str) -> int:
        """Return the last number given out of a series, 0 for none."""
        return self.taken.get(series, 0)


def series_seen(number: str, rules: Rulebook, kind: NoticeKind) -> dict[str, str]:
    """Return the series from which a kind of paper would take its numbers: each with the unit that counts there."""
    return {series_of(number, unit): unit for unit in _units(rules, kind)} if number else {}


def _units(rules: Rulebook, kind: NoticeKind) -> Sequence[str]:
    """Return the units that number a kind of paper: that of its seal, in every division where there is one."""
    unit = rules.units.get(kind.seal)
    if unit is None or not unit.per:
        return [kind.seal]
    there = rules.divisions.answering(unit.per, rules.code)[:MOST_UNITS]
    return [f"{unit.id}:{division.code}" for division in there] or [kind.seal]


def next_number(number: str, rules: Rulebook, unit: str, numbering: Numbering) -> str:
    """Return the number that the next paper of a unit would bear."""
    n = numbering.last(series_of(number, unit)) + 1
    return numbered(number, numbering.year, n, document_word(rules, unit))


def warnings_of(number: str, rules: Rulebook, in_force: Rulebook, kind: NoticeKind, numbering: Numbering) -> list[str]:
    """Return what is to be known before a kind of paper is numbered in this way."""
    if not number:
        return []
    mine = dict(_looks(number, rules, kind, numbering.year))
    return [
        *_once_more(number, rules, kind),
        *_begun_again(number, rules, in_force, kind, numbering),
        *_alike(mine, rules, in_force, kind, numbering),
    ]


def _looks(number: str, rules: Rulebook, kind: NoticeKind, year: int) -> Iterator[tuple[str, str]]:
    """Yield how the numbers of each series look, and the series."""
    for series, unit in series_seen(number, rules, kind).items():
        yield number.replace("{unit}", document_word(rules, unit)).replace("{year}", str(year)), series


def _once_more(number: str, rules: Rulebook, kind: NoticeKind) -> Iterator[str]:
    """Yield why one series would give out a number twice, or two of its units the same."""
    if "{year}" not in number:
        yield "文号里没有年份，序号每年又从1编起：明年会编出和今年一样的文号。"
    seen: dict[str, str] = {}
    for look, series in _looks(number, rules, kind, 0):
        unit = series_seen(number, rules, kind)[series]
        if look in seen:
            both = f"{unit_label(rules, seen[look])}、{unit_label(rules, unit)}"
            yield f"{both}各编各的，编出的文号却一样：请写上机关代字。"
            return
        seen[look] = unit


def _begun_again(
    number: str, rules: Rulebook, in_force: Rulebook, kind: NoticeKind, numbering: Numbering
) -> Iterator[str]:
    """Yield that a series begins again, or goes on where it or another paper left off."""
    was = in_force.notices.get(kind.id)
    if was is None or not was.number or was.number == number:
        return
    used = max((numbering.last(series) for series in series_seen(was.number, in_force, was)), default=0)
    now = max((numbering.last(series) for series in series_seen(number, rules, kind)), default=0)
    if used and not now:
        yield f"现在的文号今年已经编到{used}号；换了写法，从发布起重新从1号编起。要接着编，等到明年一月一日再换。"
    elif now:
        yield f"这样的文号今年已经编到{now}号，接着往下编，不从1号开始。"


def _alike(
    mine: Mapping[str, str], rules: Rulebook, in_force: Rulebook, kind: NoticeKind, numbering: Numbering
) -> Iterator[str]:
    """Yield the papers whose numbers would look the same, though they are counted apart."""
    for book in (rules, in_force):
        for other in book.notices.values():
            if not other.number or (book is rules and other.id == kind.id):
                continue
            looks = dict(_looks(other.number, book, other, numbering.year))
            same = next((look for look, series in looks.items() if mine.get(look, series) != series), "")
            if same and (book is rules or numbering.last(looks[same])):
                said = same.replace("{n}", "1")
                yield f"会和“{other.label}”编出一样的文号（如{said}），两边却各编各的。"
                return
