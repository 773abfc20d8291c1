"""Printed change sheets 改动说明 and samples 样张 of papers, as rules that are in force or not would print them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.printouts import TEXTS, PrintoutKind, ask_printout
from xunfang.casework.jobs import PRINT_CHANGES
from xunfang.rulebook.model import Rulebook
from xunfang.rules.sample_papers import sample_notice_facts

CHANGES = PrintoutKind(
    shelf="changes",
    job=PRINT_CHANGES,
    template="change-sheet.html",
    asked="release.sheet_asked",
    printed="release.sheet_printed",
    label="改动说明",
    act="印制改动说明",
    where="“规则版本”页下方“我的改动说明和样张”",
)
SAMPLE = "样张"
"""What stands across a sample, so that nobody takes it for a paper."""


def ask_changes(
    deployment: Deployment, actor: Actor, facts: Mapping[str, Any], told: Mapping[str, Any], at: datetime
) -> str:
    """Let the worker print a change sheet; returns its key."""
    return ask_printout(deployment, actor, CHANGES, str(facts["sheet"]["name"]), facts, told, at)


def ask_sample(deployment: Deployment, actor: Actor, rulebook: Rulebook, kind: str, edition: str, at: datetime) -> str:
    """Let the worker print a kind of paper as some rules print it, from invented facts; returns its key."""
    notice = rulebook.notices[kind]
    facts = {
        **sample_notice_facts(rulebook, notice),
        TEXTS: dict(rulebook.templates),
        "template": notice.template,
        "layout": notice.layout,
        "mark": SAMPLE,
    }
    told = {"title": f"{notice.label}（样张）", "digest": rulebook.digest}
    return ask_printout(deployment, actor, CHANGES, f"{notice.label}（样张，{edition}）", facts, told, at)
