"""Sheets of boards 公示单: several households on one, printed by the worker and stored, of whoever asked for it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.printouts import PrintoutKind, ask_printout
from xunfang.casework.jobs import PRINT_SHEET

SHEET = PrintoutKind(
    shelf="sheet",
    job=PRINT_SHEET,
    template="board-sheet.html",
    asked="sheet.asked",
    printed="sheet.printed",
    label="公示单",
    act="印制公示单",
    where="“公示”页下方“我的公示单”",
)


def ask_sheet(
    deployment: Deployment, actor: Actor, facts: Mapping[str, Any], told: Mapping[str, Any], at: datetime
) -> str:
    """Keep what a sheet says, record who wants it, and let the worker print it; returns its key."""
    return ask_printout(deployment, actor, SHEET, str(facts["sheet"]["name"]), facts, told, at)
