"""Alerts 应急响应: what nobody can declare, and the duties that wait for it in vain."""

from xunfang.rulebook.acts import DECLARE, OF_EVERY_UNIT
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.model import AlertKind


def lint(draft: Draft) -> None:
    """Note kinds of event that nobody can declare, with the duties that would never be owed for it."""
    for kind in draft.rules.alerts.values():
        if not any(_declares(draft, kind, unit) for unit in kind.by):
            _note(draft, kind)


def _declares(draft: Draft, kind: AlertKind, unit: str) -> bool:
    """Return whether somebody in a unit can be given what it takes to declare a kind of event."""
    roles = draft.rules.roles
    able = [role for role in roles.values() if DECLARE in role.may and kind.role in ("", role.id)]
    found = draft.rules.units.get(unit)
    return bool(able) and found is not None and (not found.may or DECLARE in {*found.may, *OF_EVERY_UNIT})


def _note(draft: Draft, kind: AlertKind) -> None:
    waiting = "、".join(f"“{duty.label}”" for duty in draft.rules.duties.values() if duty.while_ == kind.id)
    message = f"应急响应“{kind.label}”谁也启动不了" + (f"，{waiting}永远不会下达" if waiting else "")
    role = f"角色 {kind.role}" if kind.role else "某个角色"
    hint = f'请在 roles.toml 中给{role}写上 "{DECLARE}"；by 所列单位写了 may 的，也要写上'
    draft.findings.warning(draft.parts["alerts"], (kind.id, "by"), "HOLDER_WITHOUT_VERB", message, hint)
