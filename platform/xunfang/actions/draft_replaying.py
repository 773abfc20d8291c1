"""Replaying a draft 试算: the reports of past months are decided by it a few seconds at a time, job after job.

So others have their turn in between, whatever a draft makes of a report; how far it is stands at the gate meanwhile.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from xunfang.actions.acting import Act
from xunfang.actions.deployment import Deployment, machinery
from xunfang.actions.drafting import draft_files
from xunfang.actions.replaying import replay_on
from xunfang.actions.trying import keep_result
from xunfang.casework import ChangeSet
from xunfang.casework.gates import ASKED, MONTHS, REPLAY, Result
from xunfang.casework.jobs import REPLAY_DRAFT
from xunfang.clock import Now, local, parse
from xunfang.errors import RulebookError
from xunfang.prove.gating import not_replayed, replayed, replaying
from xunfang.prove.replayed import NOTHING_YET, ReplayCounter, count_of
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.model import Rulebook
from xunfang.store import Job, Reader, Transaction, connection, new_id
from xunfang.store.tables import DraftTrial

SECONDS = 2.0
"""For about so long reports are decided, then others have their turn."""
_MONTH = timedelta(days=30)
_REASON = "试算规则草稿"


@dataclass(frozen=True, slots=True)
class Stretch:
    """What came of it up to here, and what the next job goes on from; None at the end."""

    result: Result
    goes_on: dict[str, Any] | None = None


class DraftReplaying:
    """The worker's part: decides some reports of the past months by a draft, and puts a job for the rest."""

    brief = False

    def __init__(self, deployment: Deployment, now: Now) -> None:
        self.deployment, self.now = deployment, now
        self._compiled: dict[str, Rulebook] = {}

    def prepare(self, job: Job) -> Stretch | None:
        """Return what comes of some of them; None where the draft is another by now."""
        at, digest = self.now(), str(job.payload["digest"])
        with connection(self.deployment.database, job.jurisdiction) as reader:
            found = reader.find(ChangeSet, str(job.payload["change_set"]))
            if found is None or found.digest != digest or not _is_last(reader, job):
                return None
            files = draft_files(reader, found)
        try:
            return self._stretch(job, self._rules(found, files), at)
        except RulebookError as error:
            return Stretch(not_replayed(f"{error.problems[0].message}。", digest, at))

    def _rules(self, found: ChangeSet, files: dict[str, str]) -> Rulebook:
        """Return the draft compiled, as it was for the piece before."""
        known = f"{found.base}:{found.digest}"
        if known not in self._compiled:
            self._compiled = {known: compile_rulebook(files, found.jurisdiction)}
        return self._compiled[known]

    def _stretch(self, job: Job, draft: Rulebook, at: datetime) -> Stretch:
        told = job.payload
        months, asked = int(told.get("months", MONTHS)), str(told.get(ASKED, ""))
        since = parse(str(told["since"])) if "since" in told else at - months * _MONTH
        counter = ReplayCounter(count_of(told["counted"]) if "counted" in told else NOTHING_YET)
        found, after = replay_on(self.deployment, draft, since, str(told.get("after", "")), SECONDS)
        for each in found:
            counter.add(each)
        counted, digest = counter.told(), str(told["digest"])
        if not after:
            return Stretch(replayed(counted, months, digest, at))
        goes_on = {**told, "since": local(since).isoformat(), "after": after, "counted": counted.kept()}
        return Stretch(replaying(counted, months, asked, digest, at), goes_on)

    def finish(self, tx: Transaction, job: Job, prepared: Stretch | None) -> None:
        """Write down what came of it, and put the job that goes on."""
        found = tx.find(ChangeSet, str(job.payload["change_set"]))
        if prepared is None or found is None or not _is_last(tx, job):
            return
        act = Act(tx, self.deployment, machinery(job.jurisdiction, _REASON), prepared.result.at)
        keep_result(act, found, prepared.result)
        if prepared.goes_on:
            act.jobs([act.new_job(REPLAY_DRAFT, f"{REPLAY_DRAFT}:{new_id()}", prepared.goes_on, act.at)])


def _is_last(reader: Reader, job: Job) -> bool:
    """Return whether nobody has asked for another replay since, of other months or for a draft that was edited."""
    of = {"change_set": str(job.payload["change_set"]), "gate": REPLAY, "digest": str(job.payload["digest"])}
    trial = reader.first(DraftTrial, **of)
    return trial is not None and trial.told.get(ASKED) == job.payload.get(ASKED)
