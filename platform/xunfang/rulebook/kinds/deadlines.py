"""Deadlines 时限, a limit, what it runs from and until, reminders and escalation: deadlines.toml."""

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from xunfang.rulebook.acts import ANCHORS, SUPERIOR
from xunfang.rulebook.basis import NO_BASIS, Basis
from xunfang.rulebook.conditions import ALWAYS, Condition
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.entry import UNREADABLE_LIMIT, Entry
from xunfang.rulebook.facts import check_condition
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.kind import Kind
from xunfang.rulebook.kinds.units import UnitRef, units_of
from xunfang.rulebook.placeholders import check_soft
from xunfang.rulebook.positions import Path
from xunfang.rulebook.softness import Term, settled
from xunfang.worktime import LENGTHS, Limit, Unit, parse_limit

_REMIND = re.compile(r"([0-9]{1,4}) (workday|day|hour|minute)s?(?: (before|after))?")


_RHYTHM = re.compile(r"([0-9]{1,4}) (workday|day|hour)s?")


_RAREST = {"workday": 22, "day": 31, "hour": 744}


_UNITS: dict[str, Unit] = {"workday": "workday", "day": "day", "hour": "hour", "minute": "minute"}


@dataclass(frozen=True, slots=True)
class Extension:
    """How a limit may be extended 延期: by whoever holds a role, to the whole of `to` from the same beginning."""

    by: str
    to: Limit
    basis: Basis


@dataclass(frozen=True, slots=True)
class SetBy:
    """How a limit is set for one case 逐件限期 by whoever sends it: in a field, a number or a day, up to `at_most`.

    A number counts what `at_most` counts.
    """

    answer: str
    at_most: Limit
    basis: Basis


@dataclass(frozen=True, slots=True, eq=False)
class LimitCase:
    """One of several limits, in force when its condition holds.

    `basis` and `extend` are what this limit rests on and how it may be extended, the deadline's own where the row names
    none; without `extend` its holder may ask for any time within bounds.
    """

    when: Condition
    limit: Term
    basis: Basis = NO_BASIS
    extend: Extension | None = None


@dataclass(frozen=True, slots=True)
class Remind:
    """One reminder 催办: `offset` units before (negative) or after (positive) the due moment; 0 is at due."""

    text: str
    offset: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Escalation:
    """What happens `after` the due moment: to whom, which act (supervise, escalate), which paper, whom it informs."""

    id: str
    after: Remind
    to: str
    act: str
    notice: str
    basis: Basis
    informs: tuple[UnitRef, ...] = ()


REPEAT = Remind("5 workdays", 5, "workday")
"""How often a reminder comes again after the last one, where the rules name no rhythm: never silence."""


@dataclass(frozen=True, slots=True, eq=False)
class Deadline:
    """A deadline. The last of `limits` always holds; behind a soft word stands a local number.

    `within` is the deadline of the whole case inside which it must end, "" for none.
    `repeat` is the rhythm in which reminders go on after the last reminder or escalation, until it is done.
    """

    id: str
    label: str
    limits: tuple[LimitCase, ...]
    from_: str
    until: str
    remind: tuple[Remind, ...]
    escalate: tuple[Escalation, ...]
    basis: Basis
    repeat: Remind = REPEAT
    within: str = ""
    set_by: SetBy | None = None
    answer: str = field(init=False, default="")  # the answer that it runs from, "" where it runs from an event

    def __post_init__(self) -> None:
        """Take the answer out of `from_`, once for all decisions."""
        if self.from_.startswith("answers."):
            object.__setattr__(self, "answer", self.from_.removeprefix("answers."))


def build(draft: Draft) -> Mapping[str, Any]:
    """Return the deadlines, by id."""
    return {"deadlines": {key: _deadline(key, entry, draft) for key, entry in draft.entries("deadlines")}}


def _deadline(key: str, entry: Entry, draft: Draft) -> Deadline:
    basis = entry.basis()
    return Deadline(
        id=key,
        label=entry.text("label"),
        limits=_limits(entry, basis, draft.rules.info.soft),
        from_=entry.text("from"),
        until=entry.text("until"),
        remind=tuple(_remind(entry, "remind", text) for text in entry.data.get("remind", ())),
        escalate=tuple(_escalation(f"{key}.{n}", item, basis) for n, item in enumerate(entry.items("escalate"), 1)),
        basis=basis,
        repeat=_rhythm(entry, "repeat"),
        within=entry.text("within"),
        set_by=_set_by(entry, basis),
    )


def _limits(entry: Entry, basis: Basis, soft: Mapping[str, Limit]) -> tuple[LimitCase, ...]:
    extend = _extension(entry, basis)
    cases = [
        LimitCase(
            item.condition_or_always("when"),
            settled(item.limit("limit"), soft),
            own := _own_or(item, basis),
            _extension(item, own) or extend,
        )
        for item in entry.items("limits")
    ]
    if "limit" in entry.data:
        cases.append(LimitCase(ALWAYS, settled(entry.limit("limit"), soft), basis, extend))
    if not cases:
        entry.error("", "KEY_MISSING", "缺少期限：没有 limit，也没有 limits", '补上 limit = "5 workdays"')
    return tuple(cases)


def _extension(entry: Entry, inherited: Basis) -> Extension | None:
    """Return how the limit of an entry may be extended, or None; it must be a number of its own."""
    if "extend" not in entry.data:
        return None
    told = entry.sub("extend")
    to = told.limit("to")
    if not to.is_resolved:
        told.error("to", "LIMIT_UNREADABLE", f"延期须写明延长到多少，不能写“{to}”", '如 to = "40 workdays"')
        to = UNREADABLE_LIMIT
    return Extension(told.text("by"), to, _own_or(told, inherited))


def _set_by(entry: Entry, inherited: Basis) -> SetBy | None:
    """Return how the limit of an entry is set for one case, or None; its bound must be so and so long."""
    if "set_by" not in entry.data:
        return None
    told = entry.sub("set_by")
    most = told.limit("at_most")
    if most.kind not in LENGTHS:
        told.error("at_most", "LIMIT_UNREADABLE", f"最长到多少须写明时长，不能写“{most}”", '如 at_most = "10 workdays"')
        most = parse_limit("1 day")
    return SetBy(told.text("answer"), most, _own_or(told, inherited))


def _own_or(entry: Entry, inherited: Basis) -> Basis:
    own = entry.basis()
    return own if own.cites or own.practice else inherited


def _escalation(key: str, entry: Entry, inherited: Basis) -> Escalation:
    return Escalation(
        id=key,
        after=_remind(entry, "after", entry.text("after")),
        to=entry.text("to"),
        act=entry.text("act"),
        notice=entry.text("notice"),
        basis=_own_or(entry, inherited),
        informs=units_of(entry, "informs"),
    )


def _remind(entry: Entry, key: str, text: str) -> Remind:
    """Return a reminder as its text says: "1 workday before", "at due", "0 workdays"."""
    if text == "at due":
        return Remind(text, 0, "workday")
    match = _REMIND.fullmatch(text)
    if not match:
        hint = '写作 "1 workday before"、"at due"、"1 workday after"、"24 hours after" 或 "10 minutes before"'
        entry.error(key, "REMIND_UNREADABLE", f"看不懂的催办时间“{text}”", hint)
        return Remind(text, 0, "workday")
    amount = int(match.group(1))
    return Remind(text, -amount if match.group(3) == "before" else amount, _UNITS[match.group(2)])


def _rhythm(entry: Entry, key: str) -> Remind:
    """Return the rhythm under a key, such as "5 workdays": at least one, and not so seldom that it is silence."""
    text = entry.text(key)
    match = _RHYTHM.fullmatch(text)
    if match and 1 <= int(match.group(1)) <= _RAREST[match.group(2)]:
        return Remind(text, int(match.group(1)), _UNITS[match.group(2)])
    if text:
        hint = '写作 "5 workdays"、"7 days" 或 "24 hours"；最长 "22 workdays"、"31 days"、"744 hours"'
        entry.error(key, "REPEAT_UNREADABLE", f"“{text}”不能作为重复催办的间隔", hint)
    return REPEAT


def link(draft: Draft) -> None:
    """Check the names in every deadline."""
    for deadline in draft.rules.deadlines.values():
        _link_deadline(draft, deadline)


def _link_deadline(draft: Draft, deadline: Deadline) -> None:
    path = (deadline.id,)
    _check_anchor(draft, (*path, "from"), deadline.from_)
    if deadline.until:
        _check_anchor(draft, (*path, "until"), deadline.until)
        if deadline.until == deadline.from_:
            message = f"从“{deadline.from_}”起算，又到它为止，永远不会超期"
            draft.error("deadlines", (*path, "until"), "ANCHOR_SAME", message, "请改 from 或者 until")
    draft.check_name("deadlines", (*path, "within"), deadline.within, "deadlines")
    _link_set_by(draft, (*path, "set_by"), deadline)
    for index, case in enumerate(deadline.limits):
        check_condition(draft, "deadlines", (*path, "limits", index, "when"), case.when)
        within = ("limits", index) if index < len(draft.entry("deadlines", deadline.id).get("limits", ())) else ()
        check_soft(draft, "deadlines", (*path, *within, "limit"), case.limit)
        for clause in case.basis.cites if case.basis != deadline.basis else ():
            draft.check_clause("deadlines", (*path, *within, "cites"), clause)
        if case.extend and "extend" in _table_at(draft, path, within):
            _link_extension(draft, (*path, *within, "extend"), case.extend, case.basis)
    for index, escalation in enumerate(deadline.escalate):
        where = (*path, "escalate", index)
        if escalation.to != SUPERIOR:
            draft.check_name("deadlines", (*where, "to"), escalation.to, "units")
        for ref in escalation.informs:
            draft.check_name("deadlines", (*where, "informs"), ref.unit, "units")
        draft.check_name("deadlines", (*where, "notice"), escalation.notice, "notices")
        draft.check_basis("deadlines", where, escalation.basis)
    draft.check_basis("deadlines", path, deadline.basis)


_SETTING = frozenset({"integer", "number", "date"})


def _link_set_by(draft: Draft, path: Path, deadline: Deadline) -> None:
    setting = deadline.set_by
    if setting is None:
        return
    kinds = {name: field.kind for form in draft.rules.forms.values() for name, field in form.fields.items()}
    if kinds.get(setting.answer) not in _SETTING:
        hint = did_you_mean(setting.answer, {name for name, kind in kinds.items() if kind in _SETTING})
        message = f"没有名为“{setting.answer}”的数字或日期字段，期限无从填起"
        draft.error("deadlines", (*path, "answer"), "NAME_UNKNOWN", message, hint)
    for clause in setting.basis.cites if setting.basis != deadline.basis else ():
        draft.check_clause("deadlines", (*path, "cites"), clause)


def _table_at(draft: Draft, path: Path, within: Path) -> Mapping[str, Any]:
    table: Any = draft.entry("deadlines", str(path[0]))
    for key in within:
        table = table[key]
    return dict(table)


def _link_extension(draft: Draft, path: Path, extend: Extension, inherited: Basis) -> None:
    draft.check_name("deadlines", (*path, "by"), extend.by, "roles")
    for clause in extend.basis.cites if extend.basis != inherited else ():
        draft.check_clause("deadlines", (*path, "cites"), clause)
    role = draft.rules.roles.get(extend.by)
    if role and "approve-extension" not in role.may:
        message = f"角色“{role.label}”没有批准延期的权限（approve-extension）"
        hint = "请换一个角色，或在 roles.toml 中给它 approve-extension"
        draft.error("deadlines", (*path, "by"), "ROLE_MAY_NOT", message, hint)


def _check_anchor(draft: Draft, path: Path, anchor: str) -> None:
    if anchor in ANCHORS:
        return
    moments = draft.once("moments", lambda: _moments(draft))
    if not anchor.startswith("answers.") or anchor.removeprefix("answers.") not in moments:
        hint = did_you_mean(anchor, set(ANCHORS) | {f"answers.{name}" for name in moments})
        draft.error("deadlines", path, "ANCHOR_UNKNOWN", f"看不懂的起止点“{anchor}”", hint)


def _moments(draft: Draft) -> Set[str]:
    """Return the fields of any form that tell a time."""
    fields = (field for form in draft.rules.forms.values() for field in form.fields.values())
    return {field.name for field in fields if field.kind in {"moment", "date"}}


DEADLINES = Kind(
    "deadlines",
    build,
    link,
    label="时限",
    heading="时限",
    labelled=True,
    serves="deadline",
    lived="到期时间随任务存下，按时提醒",
)
