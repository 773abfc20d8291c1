"""What a unit has reported, and what became of it as far as it may know."""

import re

from xunfang.rulebook.model import Rulebook
from xunfang.store.reading.case_file import CaseFile as StoredFile
from xunfang.store.reading.lists import ReportItem
from xunfang.web.faces import ReportRow
from xunfang.web.labels import Labels
from xunfang.web.wording import end_words

RECEIVED = "已收到，由承办单位办理"
"""What is told of a report whose case is out of sight."""


def receipt_number(receipt: str) -> str:
    """Return the number a report is asked after by: its own, which tells nothing of the case it came to."""
    return f"XS-{receipt[:4]}-{receipt[4:8]}".upper()


def key_of_receipt(text: str) -> str:
    """Return how the key of the report begins whose receipt number this is, as people type it; "" for anything else."""
    typed = re.fullmatch(r"XS([0-9A-F]{8})", re.sub(r"[\s\-—－–]", "", text).upper())
    return typed[1].lower() if typed else ""


def working_on(stored: StoredFile, rulebook: Rulebook) -> tuple[str, ...]:
    """Return the units that have a case in hand; while it waits to be dispatched there are none."""
    routing = {id for id, state in rulebook.flows[stored.case.flow].states.items() if state.routes_by}
    leads = (task for task in stored.tasks if task.role == "lead" and task.ended_at is None)
    units = dict.fromkeys(task.unit for task in leads if task.state not in routing)
    return tuple(Labels(rulebook).unit(unit) for unit in units)


def report_row(rulebook: Rulebook, item: ReportItem, account: str) -> ReportRow:
    """Return one report for the list of somebody with an account."""
    labels, closed = Labels(rulebook), item.closed_at is not None
    form = rulebook.forms.get(item.form)
    return ReportRow(
        case=item.case,
        number=receipt_number(item.receipt),
        title=form.title if form else item.form,
        person=str(item.told.get("name", "")) or receipt_number(item.receipt),
        place=labels.place(str(item.told.get("residence", ""))),
        at=item.entered_at,
        submission=item.submission if item.by == account else "",
        asked_back=item.asked_back_at is not None,
        stage=_stage(item, labels),
        stage_look="" if item.withdrawn_at or item.ended_as else "good" if closed else "blue",
        verdicts=tuple((labels.deadline(id), bool(kept)) for id, kept in item.in_time.items()),
    )


def _stage(item: ReportItem, labels: Labels) -> str:
    if item.withdrawn_at:
        return "线索已撤回"
    if not item.in_sight:
        return RECEIVED
    if item.closed_at is not None:
        return end_words(item.ended_as, labels.decided(item.flow, item.outcome, item.decided))
    return labels.stage(item.flow, item.state)
