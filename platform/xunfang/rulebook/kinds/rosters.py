"""Rosters 发放名册 of what is paid each month: rosters.toml."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from xunfang.rulebook.basis import Basis
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.kind import Kind
from xunfang.worktime import Every

COLUMNS: Mapping[str, str] = {
    "row": "序号", "township": "镇（街道）", "village": "村（社区）", "household": "户编号", "name": "户主姓名",
    "id_number": "身份证号", "size": "家庭人口", "insured": "保障人口", "standard": "标准（元/月）", "kind": "发放类型",
    "month": "所属月份", "cents": "发放金额（元）", "payee": "收款人", "relation": "与对象关系", "bank": "开户银行",
    "account": "收款账号", "note": "备注",
}  # fmt: skip
"""What a line of a roster can show, and what the column is called where the county gives it no name of its own."""
_USUAL = tuple(COLUMNS)


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster 发放名册: whom a programme pays each month, drafted, reviewed, signed and handed over.

    `standard` names the standard of the jurisdiction that it shows. Whoever has one of `excludes` in a household may
    not have this. `duty` is what is owed each month, done when the roster is handed over, `paid` when it was paid.
    """

    id: str
    label: str
    programme: str
    drafted_by: str
    reviewed_by: str
    signed_off_by: str
    goes_to: str
    standard: str
    excludes: tuple[str, ...]
    duty: str
    paid: str
    columns: tuple[str, ...]
    basis: Basis
    labels: Mapping[str, str] = field(default_factory=dict)

    def head(self, column: str) -> str:
        """Return what a column is called."""
        return self.labels.get(column) or COLUMNS[column]


def build(draft: Draft) -> Mapping[str, Any]:
    """Return the rosters, by id."""
    found = {
        key: Roster(
            id=key,
            label=entry.text("label"),
            programme=entry.text("programme"),
            drafted_by=entry.text("drafted_by"),
            reviewed_by=entry.text("reviewed_by"),
            signed_off_by=entry.text("signed_off_by"),
            goes_to=entry.text("goes_to"),
            standard=entry.text("standard"),
            excludes=entry.names("excludes"),
            duty=entry.text("duty"),
            paid=entry.text("paid"),
            columns=entry.names("columns") or _USUAL,
            basis=entry.basis(),
            labels=entry.data.get("labels", {}),
        )
        for key, entry in draft.entries("rosters")
    }
    return {"rosters": found}


def link(draft: Draft) -> None:
    """Check what every roster names, and that what it pays goes on from month to month."""
    for roster in draft.rules.rosters.values():
        _link_roster(draft, roster)


def _link_roster(draft: Draft, roster: Roster) -> None:
    names = [
        ("programme", roster.programme, "programmes"),
        ("drafted_by", roster.drafted_by, "units"),
        ("goes_to", roster.goes_to, "units"),
        ("reviewed_by", roster.reviewed_by, "roles"),
        ("signed_off_by", roster.signed_off_by, "roles"),
        ("duty", roster.duty, "duties"),
        ("paid", roster.paid, "duties"),
        *(("excludes", name, "programmes") for name in roster.excludes),
    ]
    for key, word, kind in names:
        draft.check_name("rosters", (roster.id, key), word, kind)
    draft.check_basis("rosters", (roster.id,), roster.basis)
    _check_columns(draft, roster)
    _check_standard(draft, roster)
    _check_signer(draft, roster)
    _check_paid_monthly(draft, roster)
    for key, duty in (("duty", roster.duty), ("paid", roster.paid)):
        _check_duty(draft, roster, key, duty)


def _check_columns(draft: Draft, roster: Roster) -> None:
    for key, words, known in (("columns", roster.columns, COLUMNS), ("labels", roster.labels, roster.columns)):
        for word in words:
            if word not in known:
                message = f"发放名册没有“{word}”这一列"
                draft.error("rosters", (roster.id, key), "COLUMN_UNKNOWN", message, did_you_mean(word, known))


def _check_standard(draft: Draft, roster: Roster) -> None:
    known = draft.rules.info.standards
    if roster.standard and roster.standard not in known:
        message = f"没有名为“{roster.standard}”的标准"
        hint = did_you_mean(roster.standard, known) or "请先写在 jurisdiction.toml 的 [standards] 中"
        draft.error("rosters", (roster.id, "standard"), "NAME_UNKNOWN", message, hint)


def _check_signer(draft: Draft, roster: Roster) -> None:
    role = draft.rules.roles.get(roster.signed_off_by)
    if role and "sign-off" not in role.may:
        message = f"角色“{role.label}”没有签批权限（sign-off），不能签发名册"
        hint = "请换一个角色，或在 roles.toml 中给它 sign-off"
        draft.error("rosters", (roster.id, "signed_off_by"), "ROLE_MAY_NOT", message, hint)


def _check_paid_monthly(draft: Draft, roster: Roster) -> None:
    programme = draft.rules.programmes.get(roster.programme)
    if programme and programme.held.lasts == 0:
        message, hint = f"“{programme.label}”是一次性给予的，不按月发放", "请换成按月发放的救助事项"
        draft.error("rosters", (roster.id, "programme"), "ROSTER_OF_ONCE", message, hint)
    if roster.programme in roster.excludes:
        message = "一项救助不会与自己重复，同一户两人分别享受本来就会提示"
        draft.error("rosters", (roster.id, "excludes"), "ROSTER_EXCLUDES_ITSELF", message, "请从 excludes 中删去")


def _check_duty(draft: Draft, roster: Roster, key: str, name: str) -> None:
    """A roster is owed each month by those who draft it: a duty of any other rhythm or unit is never done by it."""
    duty = draft.rules.duties.get(name)
    if duty is None:
        return
    if duty.every is not Every.MONTH or duty.of != roster.drafted_by or duty.form:
        message = f"“{duty.label}”不是由起草名册的单位每月做一次、不填表单的任务，名册办好也不算完成"
        hint = f'该任务写 of = "{roster.drafted_by}"、every = "month"，不写 form'
        draft.error("rosters", (roster.id, key), "ROSTER_DUTY", message, hint)


ROSTERS = Kind(
    "rosters",
    build,
    link,
    label="发放名册",
    heading="发放名册",
    labelled=True,
    cites=True,
    serves="roster",
    lived="按月起草、签发、移交，逐户记账",
)
