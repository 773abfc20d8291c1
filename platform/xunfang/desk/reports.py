"""What a unit has reported, and what became of it as far as it may know."""

import re

from xunfang.desk.faces import ReportRow
from xunfang.desk.labels import Labels
from xunfang.desk.queue import status_id
from xunfang.desk.releases import Releases
from xunfang.desk.wording import end_words
from xunfang.store.reading.case_file import CaseFile as StoredFile
from xunfang.store.reading.lists import ReportItem

RECEIVED = "已收到，由承办单位办理"
"""What is told of a report whose case is out of sight."""


def receipt_number(receipt: str) -> str:
    """Return the number a report is asked after by: its own, which tells nothing of the case it came to."""
    return f"XS-{receipt[:4]}-{receipt[4:8]}".upper()


def key_of_receipt(text: str) -> str:
    """Return how the key of the report begins whose receipt number this is, as people type it; "" for anything else."""
    typed = re.fullmatch(r"XS([0-9A-F]{8})", re.sub(r"[\s\-—－–]", "", text).upper())
    return typed[1].lower() if typed else ""


def working_on(stored: StoredFile, labels: Labels) -> tuple[str, ...]:
    """Return the units that have a case in hand; while it waits to be dispatched there are none."""
    flow = labels.rulebook.flows[stored.case.flow]
    routing = {id for id, state in flow.states.items() if state.routes_by}
    leads = (task for task in stored.tasks if task.role == "lead" and task.ended_at is None)
    units = dict.fromkeys(task.unit for task in leads if task.state not in routing)
    return tuple(labels.unit(unit) for unit in units)


def report_row(rules: Releases, item: ReportItem, account: str) -> ReportRow:
    """Return one report for the list of somebody with an account.

    The report is told by the release it was filled by, its case by the case's own: it may have joined an older one.
    """
    labels, closed = rules.labels(item.filled_by), item.closed_at is not None
    form = labels.rulebook.forms.get(item.form)
    return ReportRow(
        case=item.case,
        number=receipt_number(item.receipt),
        title=form.title if form else item.form,
        person=str(item.told.get("name", "")) or receipt_number(item.receipt),
        place=labels.place(str(item.told.get("residence", ""))),
        at=item.entered_at,
        submission=item.submission if item.by == account and not (closed or item.withdrawn_at) else "",
        asked_back=item.asked_back_at is not None,
        stage=_stage(item, rules.labels(item.release)),
        status_id="withdrawn" if item.withdrawn_at else status_id(closed=closed, ended_as=item.ended_as),
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
