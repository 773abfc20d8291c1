"""What happens in a case brings duties about: opened by the job that the event causes, ended when it is so no more."""

from datetime import datetime, timedelta

from xunfang.actions.acting import Act
from xunfang.actions.deployment import Deployment, machinery
from xunfang.actions.drawing import stand_in
from xunfang.actions.loading import draft_of
from xunfang.actions.visits import end_if_over
from xunfang.actions.wholes import open_whole, wholes_of
from xunfang.casework import Case, OwedThing
from xunfang.casework.facts import case_facts
from xunfang.casework.occasions import OVER, begun_by, owed_about, since_when
from xunfang.casework.owing import DRAWN, EVENT
from xunfang.clock import Now, local_date, parse
from xunfang.rulebook.model import Duty, Rulebook
from xunfang.rules.occasions import on_cases, owed_by_case
from xunfang.store import Job, Transaction, new_id

_REASON = "因事下达任务"
_NO_LIMIT = timedelta(days=30)
"""By when something without a limit is planned to be done."""


class CaseDuties:
    """The worker's part: opens what an event in a case makes units owe, or ends what it makes pointless."""

    brief = True

    def __init__(self, deployment: Deployment, now: Now) -> None:
        self.deployment, self.now = deployment, now

    def prepare(self, job: Job) -> None:
        """Everything is found out where it is written."""

    def finish(self, tx: Transaction, job: Job, prepared: None) -> None:
        """Open what is owed from the event on, once; end what is owed no more."""
        act = Act(tx, self.deployment, machinery(job.jurisdiction, _REASON), self.now())
        case, rulebook = act.case(str(job.payload["case"])), act.rules()
        event, state = str(job.payload["event"]), str(job.payload["state"])
        if event in OVER:
            _end(act, rulebook, case, OVER[event])
        for duty in begun_by(on_cases(rulebook), event):
            if since := since_when(duty, case, parse(str(job.payload["at"]))):
                _open(act, rulebook, duty, case, state, since)


def _open(act: Act, rulebook: Rulebook, duty: Duty, case: Case, state: str, since: datetime) -> None:
    facts = {**case_facts(draft_of(act, case), case), "case.outcome": case.outcome}
    planned = owed_by_case(rulebook, duty, {**facts, "case.state": state or case.state}, since)
    same = {"about": case.id, "subject": EVENT, "matter": duty.id, "begins_on": local_date(since)}
    before = act.tx.first(OwedThing, **same)
    if planned is None or (before and before.because != "reopened"):
        return
    key = (duty.id, planned.unit, "", local_date(since))
    turn = sum(row.ended_at is not None for row in wholes_of(act.tx, rulebook, key))
    whole = open_whole(act, rulebook, key, turn, since)
    due_at = planned.due.due_at if planned.due else since + _NO_LIMIT
    if before:  # closed again on the day on which it was opened again
        values = {"status": "owed", "because": "", "ended_at": None, "period": whole}
        act.tx.update(OwedThing, {"id": before.id, "version": before.version}, values)
    else:
        act.tx.insert(owed_about(rulebook, duty, case, planned.unit, whole, since, due_at, new_id()))


def _end(act: Act, rulebook: Rulebook, case: Case, because: str) -> None:
    """End what is still owed about a case that was opened again, or should never have been."""
    for thing in act.tx.select(OwedThing, about=case.id, status="owed"):
        if thing.subject == DRAWN:
            stand_in(act, rulebook, thing, because)
        elif thing.subject == EVENT:
            values = {"status": "ended", "because": because, "ended_at": act.at}
            act.tx.update(OwedThing, {"id": thing.id, "version": thing.version}, values)
        end_if_over(act, rulebook, thing.period)
