"""The worker's part in publishing: looks at all that inherit from a change set, puts it in force, lets them follow.

A few jurisdictions at a time, job after job, so that others have their turn. Until all are found to do well nothing is
in force. Whoever dies begins the piece again: what is in force already is left as it is.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment, machinery
from xunfang.actions.drafting import authors_told, change_set_file, draft_files
from xunfang.actions.rule_publishing import inheriting, outcome_of, put_below, put_in_force
from xunfang.actions.storing import store
from xunfang.actions.trying import keep_result
from xunfang.casework import Asked, ChangeSet, advance
from xunfang.casework.gates import PUBLISH, RUNNING, Result
from xunfang.casework.jobs import PUBLISH_RULES
from xunfang.clock import Now, local
from xunfang.errors import Refused, RulebookError
from xunfang.store import Job, Transaction, connection, new_id

SECONDS = 2.0
"""For about so long jurisdictions are compiled, then others have their turn."""
_REASON = "定时发布规则"


@dataclass(frozen=True, slots=True)
class Stretch:
    """How far it is, and what the next job goes on from; None where that is put already, or at the end."""

    change_set: ChangeSet
    said: str
    goes_on: dict[str, Any] | None = None
    over: bool = False


class RulePublishing:
    """Puts an approved change set in force at its moment, or says why it was not."""

    brief = False

    def __init__(self, deployment: Deployment, now: Now) -> None:
        self.deployment = deployment
        self.now = now

    def prepare(self, job: Job) -> Stretch | None:
        """Do a piece of it, in transactions of its own: whoever dies after them finds them done."""
        with connection(self.deployment.database, job.jurisdiction) as reader:
            found = reader.find(ChangeSet, str(job.payload["change_set"]))
            files = draft_files(reader, found) if found else {}
        if found is None:
            return None
        if "below" in job.payload:
            return self._follow(found, files, job.payload)
        moment = job.payload.get("moment", local(job.run_at).isoformat())
        if found.status != "waiting" or found.effective_at is None or local(found.effective_at).isoformat() != moment:
            return None
        try:
            return self._look(found, files, job, str(moment))
        except Refused as refused:
            self._hold(found, refused.message)
        except RulebookError as error:
            self._hold(found, f"{error.problems[0]}")
        return None

    def _look(self, found: ChangeSet, files: dict[str, str], job: Job, moment: str) -> Stretch | None:
        """Compile those below that were not yet; when all were, put the change set in force. Raises RulebookError."""
        below, layer = inheriting(self.deployment, found.jurisdiction), found.jurisdiction
        looked, ends = list(job.payload.get("looked", ())), time.monotonic() + SECONDS
        for name in [name for name in below if name not in looked]:
            outcome_of(self.deployment, files, layer, name)
            looked.append(name)
            if time.monotonic() > ends and len(looked) < len(below):
                goes_on = {"change_set": found.id, "moment": moment, "looked": looked}
                return Stretch(found, f"正在核对下级辖区，{len(looked)}／{len(below)}个。", goes_on)
        own = outcome_of(self.deployment, files, layer, layer)
        put_in_force(self.deployment, self._actor(found), found, own, self.now(), takes_over=True, below=below)
        return Stretch(found, f"本级已生效，{len(below)}个下级辖区随后换用。") if below else None

    def _follow(self, found: ChangeSet, files: dict[str, str], told: Any) -> Stretch:
        """Let some of those below follow; one whose own rules have become another's trouble meanwhile is named."""
        names, failed = list(told["below"]), list(told.get("failed", ()))
        count, ends = int(told.get("count", len(names))), time.monotonic() + SECONDS
        for name in tuple(names):
            try:
                made = outcome_of(self.deployment, files, found.jurisdiction, name)
                put_below(self.deployment, found, made, self.now())
            except RulebookError as error:
                failed.append(f"{name}：{error.problems[0].message}")
            names.remove(name)
            if time.monotonic() > ends:
                break
        if names:
            goes_on = {"change_set": found.id, "below": names, "count": count, "failed": failed}
            return Stretch(found, f"本级已生效，下级辖区正在换用，{count - len(names)}／{count}个。", goes_on)
        return Stretch(found, _ended(count, failed), over=True)

    def _actor(self, found: ChangeSet) -> Actor:
        return machinery(found.jurisdiction, _REASON)

    def _hold(self, found: ChangeSet, why: str) -> None:
        with acting(self.deployment, self._actor(found), self.now()) as act:
            payload = {"change_set": found.id, "why": why, "tell": authors_told(act, found)}
            asked = Asked(verb="hold-change-set", actor=act.actor, payload=payload)
            store(act, advance(act.rules(), change_set_file(act, found), asked, act.at, new_id))

    def finish(self, tx: Transaction, job: Job, prepared: Stretch | None) -> None:
        """Note how far it is, and put the job that goes on."""
        if prepared is None:
            return
        act = Act(tx, self.deployment, self._actor(prepared.change_set), self.now())
        found, details = prepared.change_set, {} if prepared.over else {RUNNING: True}
        keep_result(act, found, Result(PUBLISH, prepared.over, prepared.said, found.digest, act.at, details))
        if prepared.goes_on:
            act.jobs([act.new_job(PUBLISH_RULES, f"{PUBLISH_RULES}:{new_id()}", prepared.goes_on, act.at)])


def _ended(count: int, failed: Sequence[str]) -> str:
    if not failed:
        return f"{count}个下级辖区都已换用。"
    return f"{count - len(failed)}个下级辖区已换用；没有换用的：{'；'.join(failed)}"
