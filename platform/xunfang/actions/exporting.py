"""Ledgers that are taken along 导出: who took which, how much of it, and what for, is on record first."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xunfang.actions.acting import acting
from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.limiting import REVEAL, limited, spend
from xunfang.actions.reading import MOST_REASON, tells_why
from xunfang.errors import FieldProblem, Invalid
from xunfang.steps import reached


def check_export(actor: Actor, reason: str, *, whole: bool) -> None:
    """Raise NotAllowed or Invalid for whoever may not take numbers along whole, or does not tell what for."""
    if not whole:
        return
    actor.need("reveal")
    if not tells_why(reason):
        problem = FieldProblem("reason", "导出完整号码，请写明为办哪件事、报给谁，如“报市民政局月度核对”。")
        raise Invalid([problem], "没有导出。")
    if len(reason.strip()) > MOST_REASON:
        raise Invalid([FieldProblem("reason", f"理由最多{MOST_REASON}字，请精简。", "REASON_TOO_LONG")], "没有导出。")


def note_export(
    deployment: Deployment, actor: Actor, told: Mapping[str, Any], reason: str, at: datetime, *, whole: bool
) -> None:
    """Record that a ledger is taken along: `told` says which, what of it, how many lines, and its hash.

    The file is handed out after the commit. Raises NotAllowed, Invalid, TooOften.
    """
    check_export(actor, reason, whole=whole)
    with limited(deployment, actor, at), acting(deployment, actor, at) as act:
        if whole:
            spend(act, REVEAL)
        data = {**told, "whole": whole, **({"reason": reason.strip()} if whole else {})}
        act.event("ledger.exported", data=data)
        reached("export.recorded")
    reached("export.committed")
