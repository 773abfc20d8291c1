"""Printed ledgers 台账打印件, and what is printed and found beside them: tables of reports, bulletins, circulars."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.exporting import check_export
from xunfang.actions.printouts import PrintoutKind, ask_printout
from xunfang.casework.jobs import PRINT_LEDGER

LEDGER = PrintoutKind(
    shelf="ledger",
    job=PRINT_LEDGER,
    template="ledger.html",
    asked="ledger.exported",
    printed="ledger.printed",
    label="台账",
    act="打印台账",
    where="“台账”页下方“我的打印件和导出件”",
)


def ask_print(
    deployment: Deployment, actor: Actor, facts: Mapping[str, Any], told: Mapping[str, Any], at: datetime
) -> str:
    """Keep what a ledger says, record that it is taken along, and let the worker print it; returns its key."""
    check_export(actor, "", whole=False)
    name = str(facts["ledger"]["title"])
    return ask_printout(deployment, actor, LEDGER, name, facts, {**told, "whole": False}, at)
