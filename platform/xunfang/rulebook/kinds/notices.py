"""Kinds of notice 文书种类: notices.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xunfang.rulebook.basis import Basis
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.entry import Entry
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.kind import Kind
from xunfang.rulebook.kinds.units import UnitRef, check_receivers, units_of
from xunfang.rulebook.placeholders import check_number


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """A kind of notice 文书种类. `template` is the nearest layer's file, `sources` every template text it may read."""

    id: str
    label: str
    layout: str
    number: str  # pattern with {year}, {n} and, for units of divisions, {unit}; "" for an unnumbered paper
    signed_off_by: str
    seal: str
    facts: tuple[str, ...]
    template: str
    basis: Basis
    to: str = "unit"  # "unit": the unit of its task, or `units`; "person": the person the case is about
    delivery: tuple[str, ...] = ()  # the ways it may be delivered; empty: those usual for whom it goes to
    units: tuple[UnitRef, ...] = ()  # 主送: the units that it goes to, all by one number
    copies: tuple[UnitRef, ...] = ()  # 抄送: those that are told of it, and named as such on it
    about: str = ""  # "overdue": a circular 通报 about what units have overdue, of no case


def build(draft: Draft) -> Mapping[str, Any]:
    """Return the kinds of notice, by id."""
    found = {
        key: NoticeKind(
            id=key,
            label=entry.text("label"),
            layout=entry.text("layout"),
            number=entry.text("number"),
            signed_off_by=entry.text("signed_off_by"),
            seal=entry.text("seal"),
            facts=entry.names("facts"),
            template=entry.text("template", f"{key}.html"),
            basis=entry.basis(),
            to="unit" if _names_units(entry) else entry.text("to", "unit"),
            delivery=entry.names("delivery"),
            units=units_of(entry, "to") if _names_units(entry) else (),
            copies=units_of(entry, "copies"),
            about=entry.text("about"),
        )
        for key, entry in draft.entries("notices")
    }
    return {"notices": found}


def _names_units(entry: Entry) -> bool:
    return isinstance(entry.data.get("to"), list)


def link(draft: Draft) -> None:
    """Check the names in every kind of notice."""
    for notice in draft.rules.notices.values():
        _link_notice(draft, notice)


def _link_notice(draft: Draft, notice: NoticeKind) -> None:
    path = (notice.id,)
    draft.check_name("notices", (*path, "signed_off_by"), notice.signed_off_by, "roles")
    draft.check_name("notices", (*path, "seal"), notice.seal, "units")
    draft.check_basis("notices", path, notice.basis)
    check_number(draft, "notices", (*path, "number"), notice.number, ("unit",))
    _check_signer(draft, notice)
    _check_addressees(draft, notice)
    _check_circular(draft, notice)
    if notice.template not in draft.templates and draft.rules.info.serves:
        own = [name for name in draft.templates if "/" not in name]
        hint = did_you_mean(notice.template, own) or f"请在 templates/ 的本级文件夹中放入 {notice.template}"
        draft.error("notices", (*path, "template"), "TEMPLATE_MISSING", f"没有文书模板 {notice.template}", hint)


def _check_addressees(draft: Draft, notice: NoticeKind) -> None:
    to, copies = [ref.unit for ref in notice.units], [ref.unit for ref in notice.copies]
    for key, names in (("to", to), ("copies", copies)):
        for name in names:
            draft.check_name("notices", (notice.id, key), name, "units")
    check_receivers(draft, "notices", (notice.id, "to"), to, notice.seal, "就是制发的单位，不用主送自己")
    both = [name for name in copies if name in to]
    check_receivers(draft, "notices", (notice.id, "copies"), copies + both, notice.seal, "就是制发的单位，不用抄送自己")


def _check_signer(draft: Draft, notice: NoticeKind) -> None:
    role = draft.rules.roles.get(notice.signed_off_by)
    if role and "sign-off" not in role.may:
        message = f"角色“{role.label}”没有签批权限（sign-off），不能签发文书"
        draft.error(
            "notices",
            (notice.id, "signed_off_by"),
            "ROLE_MAY_NOT",
            message,
            "请换一个角色，或在 roles.toml 中给它 sign-off",
        )


def _check_circular(draft: Draft, notice: NoticeKind) -> None:
    """Note a circular that nobody signs off, and one that goes to others than those it names."""
    if notice.about and not notice.signed_off_by:
        hint = '请写 signed_off_by = "<角色编号>"，由谁签发'
        draft.error("notices", (notice.id, "about"), "CIRCULAR_UNSIGNED", "通报没有规定由谁签发，印发不了", hint)
    if notice.about and (notice.units or notice.copies or notice.to != "unit"):
        message, hint = "通报只告知所通报的单位，主送写在每一份里", "请删去 to、copies"
        draft.error("notices", (notice.id, "about"), "CIRCULAR_ADDRESSED", message, hint)


NOTICES = Kind(
    "notices",
    build,
    link,
    label="文书",
    heading="文书",
    title="文书种类",
    labelled=True,
    cites=True,
    serves="notice",
    fact="kind",
    lived="编号、印出、存下",
)
