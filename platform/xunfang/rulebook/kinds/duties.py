"""Duties 定期任务, recurring or after an event: duties.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from xunfang.division import digits_of
from xunfang.rulebook.acts import HAPPENINGS
from xunfang.rulebook.basis import Basis
from xunfang.rulebook.conditions import Condition
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.due_days import check_due, limit_in, time_in
from xunfang.rulebook.entry import Entry
from xunfang.rulebook.facts import check_condition
from xunfang.rulebook.fills import Fill, check_fills, fills_in
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.kind import Kind
from xunfang.rulebook.kinds.units import check_receivers
from xunfang.rulebook.placeholders import check_soft
from xunfang.rulebook.quotas import Quota, check_quota, quota_in
from xunfang.rulebook.rhythms import (
    Equivalent,
    Rhythm,
    check_equivalents,
    check_level,
    check_rhythms,
    equivalents_in,
    rhythms_in,
)
from xunfang.rulebook.softness import Term, settled
from xunfang.worktime import USUAL_START, Every, Limit


@dataclass(frozen=True, slots=True)
class Stratum:
    """One layer 层 of what is drawn from: the things of which `when` holds, and what is drawn of them.

    A ratio as that of a sample, or where that is "" a `count` of things. `basis` is the duty's own where it names none.
    """

    when: Condition
    ratio: str
    count: int
    basis: Basis


@dataclass(frozen=True, slots=True)
class Sample:
    """How many of the things a duty falls on are drawn 抽查: a ratio ("all", "local" or a number) per period.

    A thing lies in the first of the strata whose condition holds, the ratio is that of the rest. `at_least` is how many
    are drawn in every division of a level that has things at all, whatever the strata gave.
    """

    ratio: str
    per: str
    minimum: int
    strata: tuple[Stratum, ...] = ()
    at_least: tuple[tuple[str, int], ...] = ()
    gone: str = "replace"

    @property
    def takes_all(self) -> bool:
        """Return whether nothing is drawn, since it takes everything."""
        return {self.ratio, *(each.ratio or "some" for each in self.strata)} == {"all"}


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a duty reports on: the day, week, month … in which its own period begins, or the one before that."""

    every: Every
    previous: bool


@dataclass(frozen=True, slots=True)
class Duty:
    """A recurring or event-driven duty 定期任务. `due` is the day of its period; None is the last one."""

    id: str
    label: str
    of: str
    to: tuple[str, ...]  # one report, to each of them
    every: Every | None
    due: Limit | None
    covers: Coverage | None  # None: its own period
    on_holiday: str
    on: str
    from_: str
    limit: Term | None
    for_: Condition | None
    at_least: int
    satisfied_by: str
    collects: str
    sample: Sample | None
    form: str
    feed: str
    prefill: str
    zero_report: bool
    basis: Basis
    while_: str = ""  # only while an event of this kind is on, at from_level or above it
    from_level: str = ""
    starting: date = USUAL_START  # in which week what recurs every two weeks first begins
    rhythms: tuple[Rhythm, ...] = ()  # for whom, where and when more often than `every`; the strictest binds
    way: str = ""  # the field of `satisfied_by` that tells how somebody was visited
    in_full: tuple[str, ...] = ()  # the ways that count as they are
    equivalents: tuple[Equivalent, ...] = ()  # those that count instead; any other does not
    or_else: str = ""  # who owes it where no unit `of` is: 没有网格的由村排查
    instead_of: str = ""  # the ordinary duty that is not owed while this one of an event is
    quota: Quota | None = None  # how much is done in each period, and in all over several
    by: time | None = None  # at what time of its day it is due; None is 24:00
    fills: tuple[Fill, ...] = ()  # what its form holds before anybody fills it in


def build(draft: Draft) -> Mapping[str, Any]:
    """Return the duties, by id."""
    return {"duties": {key: _duty(key, entry, draft.rules.info.soft) for key, entry in draft.entries("duties")}}


def _duty(key: str, entry: Entry, soft: Mapping[str, Limit]) -> Duty:
    limit, basis = limit_in(entry, "limit"), entry.basis()
    return Duty(
        id=key,
        label=entry.text("label", key),
        of=entry.text("of"),
        to=entry.name_or_names("to"),
        every=Every(entry.data["every"]) if "every" in entry.data else None,
        due=limit_in(entry, "due"),
        covers=_covers(entry),
        on_holiday=entry.text("on_holiday", "keep"),
        on=entry.text("on"),
        from_=entry.text("from"),
        limit=settled(limit, soft) if limit else None,
        for_=entry.condition("for"),
        at_least=int(entry.data.get("at_least", 1)),
        satisfied_by=entry.text("satisfied_by"),
        collects=entry.text("collects"),
        sample=_sample(entry.sub("sample"), basis) if "sample" in entry.data else None,
        form=entry.text("form"),
        feed=entry.text("feed"),
        prefill=entry.text("prefill"),
        zero_report=bool(entry.data.get("zero_report")),
        basis=basis,
        while_=entry.text("while"),
        from_level=entry.text("from_level"),
        starting=entry.data.get("starting", USUAL_START),
        rhythms=rhythms_in(entry),
        way=entry.text("way"),
        in_full=entry.names("in_full"),
        equivalents=equivalents_in(entry),
        by=time_in(entry, "by"),
        instead_of=entry.text("instead_of"),
        or_else=entry.text("or_else"),
        quota=quota_in(entry),
        fills=fills_in(entry),
    )


def _sample(entry: Entry, basis: Basis) -> Sample:
    return Sample(
        ratio=entry.text("ratio"),
        per=entry.text("per", "month"),
        minimum=entry.data.get("minimum", 0),
        strata=tuple(_stratum(item, basis) for item in entry.items("strata")),
        at_least=tuple(entry.data.get("at_least", {}).items()),
        gone=entry.text("gone", "replace"),
    )


def _stratum(entry: Entry, basis: Basis) -> Stratum:
    if ("ratio" in entry.data) == ("count" in entry.data):
        message = "每一层写明抽多少：按比例（ratio）还是按件数（count），写且只写一个"
        entry.error("", "STRATUM_SHARE", message, '如 ratio = 0.5、ratio = "all"（全部）或 count = 5')
    own = entry.basis()
    ratio, count = entry.text("ratio"), int(entry.data.get("count", 0))
    return Stratum(entry.condition_or_always("when"), ratio, count, own if own.cites or own.practice else basis)


def _covers(entry: Entry) -> Coverage | None:
    which, _, every = entry.text("covers").partition(" ")
    return Coverage(Every(every), which == "previous") if every else None


def link(draft: Draft) -> None:
    """Check the names in every duty."""
    for duty in draft.rules.duties.values():
        _link_duty(draft, duty)


def _link_duty(draft: Draft, duty: Duty) -> None:
    names = [
        ("of", duty.of, "units"),
        ("or_else", duty.or_else, "units"),
        *(("to", name, "units") for name in duty.to),
        ("form", duty.form, "forms"),
        ("feed", duty.feed, "feeds"),
        ("collects", duty.collects, "duties"),
        ("prefill", duty.prefill, "ledgers"),
        ("satisfied_by", duty.satisfied_by, "forms"),
        ("while", duty.while_, "alerts"),
        ("instead_of", duty.instead_of, "duties"),
    ]
    for key, word, kind in names:
        draft.check_name("duties", (duty.id, key), word, kind)
    check_condition(draft, "duties", (duty.id, "for"), duty.for_)
    draft.check_basis("duties", (duty.id,), duty.basis)
    if len(duty.to) > 1:
        check_receivers(draft, "duties", (duty.id, "to"), duty.to, duty.of, "就是报送的单位，不用报给自己")
    _check_strata_of(draft, duty)
    _check_anchor_of(draft, duty)
    check_due(draft, duty)
    _check_while_of(draft, duty)
    _check_instead_of(draft, duty)
    _check_or_else(draft, duty)
    check_rhythms(draft, duty)
    check_equivalents(draft, duty)
    check_quota(draft, duty)
    check_fills(draft, duty)
    if duty.limit:
        check_soft(draft, "duties", (duty.id, "limit"), duty.limit)
    if duty.on and duty.on not in HAPPENINGS:
        message = f"没有“{duty.on}”这种事，这项任务永远不会下达"
        draft.error("duties", (duty.id, "on"), "NAME_UNKNOWN", message, did_you_mean(duty.on, HAPPENINGS))
    if not (duty.every or duty.on or duty.collects or duty.while_ or duty.rhythms):
        hint = '补上 every = "month"，或 on = "event"'
        draft.error("duties", (duty.id,), "DUTY_NEVER", "没有写明何时发生", hint)


def _check_strata_of(draft: Draft, duty: Duty) -> None:
    for index, stratum in enumerate(duty.sample.strata if duty.sample else ()):
        path = (duty.id, "sample", "strata", index)
        check_condition(draft, "duties", (*path, "when"), stratum.when)
        if stratum.basis != duty.basis:
            draft.check_basis("duties", path, stratum.basis)


def _check_anchor_of(draft: Draft, duty: Duty) -> None:
    """A duty that runs from an answer needs a day or moment of that name in its own form, or in its feed's."""
    form = draft.rules.forms.get(duty.form or getattr(draft.rules.feeds.get(duty.feed), "row_form", ""))
    if form and duty.from_.startswith("answers."):
        days = {f"answers.{name}" for name, field in form.fields.items() if field.kind in {"moment", "date"}}
        if duty.from_ not in days:
            message = f"表单“{form.title}”中没有日期字段“{duty.from_.removeprefix('answers.')}”"
            draft.error("duties", (duty.id, "from"), "ANCHOR_UNKNOWN", message, did_you_mean(duty.from_, days))


def _check_while_of(draft: Draft, duty: Duty) -> None:
    """Note a duty of an event that names a level there is not, is never due, or begins by something else as well."""
    check_level(draft, (duty.id,), duty.while_, duty.from_level)
    if duty.while_ and bool(duty.every) == bool(duty.limit):
        message = "应急响应期间的任务，要么每期一次（every），要么启动后一次（limit），须写且只写一个"
        draft.error("duties", (duty.id, "while"), "DUTY_MIXED", message, '如 every = "day"，或 limit = "2 hours"')
    others = {"on": duty.on, "collects": duty.collects, "for": duty.for_, "sample": duty.sample}
    if duty.while_ and (mixed := [key for key, value in others.items() if value]):
        message = f"写了 while 的任务由应急响应引起，不能同时写 {'、'.join(mixed)}"
        draft.error("duties", (duty.id, mixed[0]), "DUTY_MIXED", message, "请分成两项定期任务")


def _check_instead_of(draft: Draft, duty: Duty) -> None:
    """Note a duty of no event, or that would stand in place of one not owed for each period by the same units."""
    other, path = draft.rules.duties.get(duty.instead_of), (duty.id, "instead_of")
    if other is None:
        return
    if not duty.while_:
        hint = '补上 while = "<应急响应的编号>"，或者删去 instead_of'
        draft.error("duties", path, "INSTEAD_WITHOUT_EVENT", "没有写明在哪种应急响应期间代替", hint)
    waits = other.while_ or other.satisfied_by or other.collects or other.sample or other.for_
    if not other.every or waits:
        message = f"“{other.label}”不是各单位每期都要报的任务，没有什么可以代替"
        draft.error("duties", path, "INSTEAD_OF_WHAT", message, "只有写了 every、不随走访、汇总、抽查而定的才能被代替")
    elif (other.of, other.or_else) != (duty.of, duty.or_else):
        units = draft.rules.units
        whose, ours = (units[each].anywhere if each in units else each for each in (other.of, duty.of))
        message = f"“{other.label}”由{whose}承担，这项任务由{ours}承担，不能代替"
        draft.error("duties", path, "INSTEAD_OF_ANOTHER", message, f'请另写一项 of = "{other.of}" 的应急任务')


def _check_or_else(draft: Draft, duty: Duty) -> None:
    """Note a unit that takes over where there is none of the first and is none of larger divisions than those."""
    first, other = draft.rules.units.get(duty.of), draft.rules.units.get(duty.or_else)
    if first is None or other is None:
        return
    if not first.per or not other.per or digits_of(other.per) >= digits_of(first.per):
        message = f"“{other.anywhere}”不是“{first.anywhere}”上面一级按区划设的单位，说不清哪里没有、由哪一个承担"
        hint = '如 of = "grid" 的，写 or_else = "village"（没有网格的村）；其他情形请写两项任务'
        draft.error("duties", (duty.id, "or_else"), "OR_ELSE_OF_WHAT", message, hint)


DUTIES = Kind(
    "duties",
    build,
    link,
    label="定期任务",
    heading="定期任务",
    cites=True,
    serves="duty",
    fact="duty",
    lived="每期存为任务，按时提醒",
)
