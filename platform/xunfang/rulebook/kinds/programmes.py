"""Programmes 救助事项 that a person can hold, and how much of one in a year: programmes.toml."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xunfang.rulebook.basis import NO_BASIS, Basis
from xunfang.rulebook.conditions import FactRef, read_amount
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.entry import Entry
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.kind import Kind

CATEGORY = "category"
"""The list of what people can be held to be 对象类别."""

HELD_FIELDS = ("amount", "since", "until", "members", "reason")
_WITHIN = re.compile(r"year|(?P<months>[1-9][0-9]?) months?")


@dataclass(frozen=True, slots=True)
class CapOverride:
    """Who may let somebody have more than a cap allows, and the field in which they write why."""

    by: str
    reason: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Cap:
    """How much of a programme one person may get 上限: so many times, or with `sum` so much of what a field tells.

    Only what was granted for the same is counted, where `same` names fields: those that were answered alike, or that
    have an entry in common. `months` back from the day of deciding, that day of the month included; 0: the calendar
    year. One that names `flows` looks at what is granted in these alone: a layer caps what it gives itself.
    """

    id: str
    label: str
    at_most: float | FactRef
    sum: str
    same: tuple[str, ...]
    months: int
    override: CapOverride | None
    basis: Basis
    flows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EntitlementRule:
    """What is written down of an entitlement 保障 when a programme is decided about: the fields that tell of it.

    Of several fields the first that was answered counts; where none was, it begins on the day of deciding. `lasts`: how
    many months it is held where no day ends it, 0 for what is given once, None for what goes on until it is ended.
    `category`: what its holder is, as long as they hold it.
    """

    amount: tuple[str, ...] = ()
    since: tuple[str, ...] = ()
    until: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    reason: tuple[str, ...] = ()
    lasts: int | None = None
    category: str = ""
    basis: Basis = NO_BASIS


@dataclass(frozen=True, slots=True)
class PublishedRule:
    """On which boards it hangs who has a programme now 长期公示; on none where there are no boards."""

    boards: tuple[str, ...] = ()
    basis: Basis = NO_BASIS


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme 救助事项; a person holds an entitlement 保障 in it."""

    id: str
    label: str
    applies_with: str
    decided_by: str
    flow: str
    basis: Basis
    caps: tuple[Cap, ...] = ()
    held: EntitlementRule = EntitlementRule()
    published: PublishedRule = PublishedRule()


def build(draft: Draft) -> Mapping[str, Any]:
    """Return the programmes, by id."""
    found = {
        key: Programme(
            key,
            entry.text("label"),
            entry.text("applies_with"),
            entry.text("decided_by"),
            entry.text("flow"),
            entry.basis(),
            tuple(_cap(name, cap) for name, cap in entry.tables("caps")),
            _held(entry.sub("held")) if "held" in entry.data else EntitlementRule(),
            _published(entry.sub("published")) if "published" in entry.data else PublishedRule(),
        )
        for key, entry in draft.entries("programmes")
    }
    return {"programmes": found}


def _held(entry: Entry) -> EntitlementRule:
    told = {name: entry.name_or_names(name) for name in HELD_FIELDS}
    return EntitlementRule(lasts=_lasts(entry), category=entry.text("category"), basis=entry.basis(), **told)


def _published(entry: Entry) -> PublishedRule:
    return PublishedRule(entry.names("boards"), entry.basis())


def _lasts(entry: Entry) -> int | None:
    """Return for how many months something is held, 0 for what is given once, None where it goes on."""
    written = entry.text("lasts")
    if not written or written == "once":
        return 0 if written else None
    months = _WITHIN.fullmatch(written)
    if months is None or not months["months"]:
        hint = '写 "once"（一次性），或 "12 months"（十二个月）；一直享受到终止的，不写 lasts'
        entry.error("lasts", "LASTS_UNREADABLE", f"“{written}”不能作为享受的时间", hint)
        return None
    return int(months["months"])


def _cap(key: str, entry: Entry) -> Cap:
    return Cap(
        id=key,
        label=entry.text("label"),
        at_most=_most(entry),
        sum=entry.text("sum"),
        same=entry.names("same"),
        months=_months(entry),
        override=_override(entry.sub("override")) if "override" in entry.data else None,
        basis=entry.basis(),
        flows=entry.names("flows"),
    )


def _months(entry: Entry) -> int:
    """Return over how many months a cap counts, 0 for the calendar year; anything else is noted."""
    months = months_of(entry.text("within"))
    if months is None:
        hint = '写 "year"（当年），或 "12 months"（前推十二个月）'
        entry.error("within", "CAP_UNREADABLE", f"“{entry.text('within')}”不能作为计算上限的时间", hint)
    return months or 0


def months_of(within: str) -> int | None:
    """Return how many months a span of time has as a cap writes it, 0 for the calendar year, None for what is none."""
    written = _WITHIN.fullmatch(within)
    return int(written["months"] or 0) if written else None


def _most(entry: Entry) -> float | FactRef:
    most, counts = read_amount(entry.data["at_most"]), "sum" not in entry.data
    if most is None or (isinstance(most, FactRef) and (counts or not most.path.startswith("standards."))):
        hint = '次数写整数，如 1；金额写数字，或几倍的标准，如 "12 * $standards.subsistence"'
        entry.error("at_most", "CAP_UNREADABLE", f"“{entry.data['at_most']}”不能作为上限", hint)
        return 1.0
    if not isinstance(most, FactRef) and (most <= 0 or (counts and most != int(most))):
        entry.error("at_most", "CAP_UNREADABLE", f"上限不能是 {most:g}", "次数写 1 以上的整数，金额写大于 0 的数")
    return most


def _override(entry: Entry) -> CapOverride:
    return CapOverride(entry.text("by"), entry.text("reason"), entry.basis())


def link(draft: Draft) -> None:
    """Check the form, the flow and the basis of every programme, and what its caps name."""
    for key, programme in draft.rules.programmes.items():
        draft.check_name("programmes", (key, "applies_with"), programme.applies_with, "forms")
        draft.check_name("programmes", (key, "flow"), programme.flow, "flows")
        draft.check_basis("programmes", (key,), programme.basis)
        for cap in programme.caps:
            _link_cap(draft, key, cap)
        _link_held(draft, key, programme.held)
        if programme.published.boards:
            draft.check_basis("programmes", (key, "published"), programme.published.basis)


def _link_held(draft: Draft, programme: str, held: EntitlementRule) -> None:
    path = (programme, "held")
    for clause in held.basis.cites:
        draft.check_clause("programmes", (*path, "cites"), clause)
    if held.lasts is not None and not (held.basis.cites or held.basis.practice):
        hint = '补上 cites = ["<条款编号>"]；确属本地做法的，写 practice = "<理由>"'
        draft.error("programmes", (*path, "lasts"), "BASIS_MISSING", "规定了享受多久，却没有依据", hint)
    known = {name for form in draft.rules.forms.values() for name in form.fields}
    for key in HELD_FIELDS:
        for name in getattr(held, key):
            if name not in known:
                message = f"没有一张表单有“{name}”这个字段"
                draft.error("programmes", (*path, key), "NAME_UNKNOWN", message, did_you_mean(name, known))
    entries = draft.rules.lists[CATEGORY].entries if CATEGORY in draft.rules.lists else {}
    if held.category and held.category not in entries:
        message, hint = f"对象类别中没有“{held.category}”", did_you_mean(held.category, entries)
        draft.error("programmes", (*path, "category"), "NAME_UNKNOWN", message, hint)


def _link_cap(draft: Draft, programme: str, cap: Cap) -> None:
    path = (programme, "caps", cap.id)
    draft.check_basis("programmes", path, cap.basis)
    for flow in cap.flows:
        draft.check_name("programmes", (*path, "flows"), flow, "flows")
    if isinstance(cap.at_most, FactRef):
        standard = cap.at_most.path.removeprefix("standards.")
        if standard not in draft.rules.info.standards:
            known = "、".join(draft.rules.info.standards)
            hint = f"可用的有：{known}" if known else "请先写在 jurisdiction.toml 的 [standards] 中"
            draft.error("programmes", (*path, "at_most"), "NAME_UNKNOWN", f"没有名为“{standard}”的标准", hint)
    if cap.override:
        draft.check_name("programmes", (*path, "override", "by"), cap.override.by, "roles")
        draft.check_basis("programmes", (*path, "override"), cap.override.basis)


PROGRAMMES = Kind(
    "programmes",
    build,
    link,
    label="救助事项",
    heading="救助事项",
    labelled=True,
    cites=True,
    fact="programme",
    lived="记入保障，给予以前核对上限",
)
