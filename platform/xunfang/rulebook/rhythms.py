"""Rhythms of visits 走访频次: for whom, where and when a duty is owed more often, and what counts instead."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xunfang.rulebook.basis import Basis
from xunfang.rulebook.conditions import Condition
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.entry import Entry
from xunfang.rulebook.facts import check_condition
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.positions import Path
from xunfang.worktime import Every, YearSpan, parse_span

if TYPE_CHECKING:  # duties stand on these
    from xunfang.rulebook.kinds.duties import Duty


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a duty about people is owed for those `for_`, in these places, in a season, at a level of an event.

    Whatever it does not name is all the same to it.
    """

    every: Every
    at_least: int
    for_: Condition | None
    places: tuple[str, ...]
    season: YearSpan | None
    while_: str
    from_level: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Equivalent:
    """Ways of visiting that count instead of one in full 折抵: at most `at_most` of any `of` visits that count.

    0 of 0: without limit.
    """

    by: tuple[str, ...]
    at_most: int
    of: int
    basis: Basis


_SHARE = re.compile(r"([1-9][0-9]?) of ([1-9][0-9]?)")


def rhythms_in(entry: Entry) -> tuple[Rhythm, ...]:
    """Return the rhythms of a duty, in file order; a season that cannot be read is noted."""
    return tuple(_rhythm(item) for item in entry.items("rhythms"))


def _rhythm(item: Entry) -> Rhythm:
    return Rhythm(
        every=Every(item.data["every"]),
        at_least=int(item.data.get("at_least", 1)),
        for_=item.condition("for"),
        places=item.names("places"),
        season=_season(item),
        while_=item.text("while"),
        from_level=item.text("from_level"),
        basis=item.basis(),
    )


def _season(item: Entry) -> YearSpan | None:
    if "season" not in item.data:
        return None
    season = item.sub("season")
    try:
        return parse_span(season.text("from"), season.text("to"), season.text("label"))
    except ValueError as error:
        item.error("season", "SEASON_UNREADABLE", str(error).rstrip("。"))
        return None


def equivalents_in(entry: Entry) -> tuple[Equivalent, ...]:
    """Return what counts instead of a visit in full, in file order; a share that cannot be read is noted."""
    return tuple(_equivalent(item) for item in entry.items("equivalents"))


def _equivalent(item: Entry) -> Equivalent:
    text = item.text("at_most")
    found = _SHARE.fullmatch(text)
    at_most, of = (int(found[1]), int(found[2])) if found else (0, 0)
    if text and at_most >= of:
        message = f"折抵限度“{text}”无法识别，或者没有限制"
        item.error("at_most", "EQUIVALENT_UNREADABLE", message, '写作 "1 of 2"（每2次至多1次）；不限的，不写 at_most')
    return Equivalent(item.names("by"), at_most, of, item.basis())


def check_rhythms(draft: Draft, duty: "Duty") -> None:
    """Note rhythms of a duty that nobody is visited for, whose names stand for nothing, or that say nothing."""
    if duty.rhythms and not duty.satisfied_by:
        message = "只有走访一类、按对象计算的任务才有分类频次"
        draft.error("duties", (duty.id, "rhythms"), "RHYTHM_WITHOUT_VISIT", message, '补上 satisfied_by = "<表单编号>"')
    others = {"on": duty.on, "while": duty.while_, "collects": duty.collects, "sample": duty.sample}
    if duty.rhythms and (mixed := [key for key, value in others.items() if value]):
        message = f"写了 rhythms 的任务按对象走访，不能同时写 {'、'.join(mixed)}"
        draft.error("duties", (duty.id, mixed[0]), "DUTY_MIXED", message, "请分成两项定期任务")
    for index, rhythm in enumerate(duty.rhythms):
        _check_rhythm(draft, (duty.id, "rhythms", index), rhythm)


def _check_rhythm(draft: Draft, path: Path, rhythm: Rhythm) -> None:
    check_condition(draft, "duties", (*path, "for"), rhythm.for_)
    draft.check_name("duties", (*path, "while"), rhythm.while_, "alerts")
    check_level(draft, path, rhythm.while_, rhythm.from_level)
    for clause in rhythm.basis.cites:
        draft.check_clause("duties", (*path, "cites"), clause)


def check_level(draft: Draft, path: Path, while_: str, from_level: str) -> None:
    """Note a level of no event, and one that its event does not have."""
    kind = draft.rules.alerts.get(while_)
    if from_level and not while_:
        hint = '补上 while = "<应急响应的编号>"，或者删去 from_level'
        draft.error("duties", (*path, "from_level"), "LEVEL_UNKNOWN", "没有写明是哪种应急响应的级别", hint)
    elif kind and from_level and from_level not in kind.levels:
        message = f"应急响应“{kind.label}”没有“{from_level}”这一级"
        hint = did_you_mean(from_level, kind.levels)
        draft.error("duties", (*path, "from_level"), "LEVEL_UNKNOWN", message, hint)


def check_equivalents(draft: Draft, duty: "Duty") -> None:
    """Note ways of visiting that the form does not ask about, twice, or of a duty that nobody is visited for."""
    if not (duty.way or duty.in_full or duty.equivalents):
        return
    missing = {"satisfied_by": duty.satisfied_by, "way": duty.way, "in_full": duty.in_full}
    if lacking := [key for key, value in missing.items() if not value]:
        message = f"要计算折抵，还须写 {'、'.join(lacking)}"
        hint = "way 写走访表单中填走访方式的字段，in_full 写哪些方式按一次走访计"
        draft.error("duties", (duty.id, "equivalents"), "EQUIVALENT_INCOMPLETE", message, hint)
        return
    form = draft.rules.forms.get(duty.satisfied_by)
    if form is None:
        return
    field = form.fields.get(duty.way)
    if field is None or field.kind != "choice":
        message = f"表单“{form.title}”中没有单选字段“{duty.way}”"
        names = {name for name, each in form.fields.items() if each.kind == "choice"}
        draft.error("duties", (duty.id, "way"), "FACT_UNKNOWN", message, did_you_mean(duty.way, names))
    elif field.list in draft.rules.lists:
        _check_ways(draft, duty, set(draft.rules.lists[field.list].entries))
    for index, equivalent in enumerate(duty.equivalents):
        draft.check_basis("duties", (duty.id, "equivalents", index), equivalent.basis)


def _check_ways(draft: Draft, duty: "Duty", known: set[str]) -> None:
    seen: set[str] = set()
    for path, way in _ways(duty):
        if way not in known:
            draft.error("duties", path, "NAME_UNKNOWN", f"走访方式中没有“{way}”", did_you_mean(way, known))
        elif way in seen:
            hint = "一种走访方式只写一处：in_full，或者 equivalents 的一项"
            draft.error("duties", path, "EQUIVALENT_TWICE", f"走访方式“{way}”写了不止一处，不知道按哪一处计算", hint)
        seen.add(way)


def _ways(duty: "Duty") -> Iterator[tuple[Path, str]]:
    yield from (((duty.id, "in_full"), way) for way in duty.in_full)
    for index, equivalent in enumerate(duty.equivalents):
        yield from (((duty.id, "equivalents", index, "by"), way) for way in equivalent.by)
