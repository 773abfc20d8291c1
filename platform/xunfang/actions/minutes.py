"""Minutes 会议纪要 of whole sittings: drawn up, answered and signed off by people, printed and kept by the worker."""

from collections.abc import Generator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment, machinery
from xunfang.actions.keeping import kept_file
from xunfang.actions.loading import file_of
from xunfang.actions.minutes_facts import minutes_facts
from xunfang.actions.papers import Press, Pressed, order_of, pressed
from xunfang.actions.storing import store
from xunfang.casework import VERBS, Asked, File, Minutes, Sitting, advance
from xunfang.casework.jobs import PRINT_MINUTES
from xunfang.casework.meetings import told_of
from xunfang.casework.minutes import AT_WORK
from xunfang.clock import Now
from xunfang.errors import Conflict, FileLost, NotAllowed, NotFound
from xunfang.steps import reached
from xunfang.store import Job, Place, Transaction, new_id

DRAFT = "征求意见稿"
"""What stands across minutes that are not signed off."""


def do_to_minutes(
    deployment: Deployment,
    actor: Actor,
    verb: str,
    sitting: str,
    at: datetime,
    *,
    version: int = 0,
    reason: str = "",
    unit: str = "",
    told: Mapping[str, str] | None = None,
) -> None:
    """Draw the minutes of a sitting up, agree to them or object, sign them off.

    Raises NotFound, NotAllowed, Conflict when they are no longer as they were seen, Invalid with every problem.
    """
    with acting(deployment, actor, at, dated=True) as act:
        actor.need(*VERBS[verb].acts)
        found = act.scoped.meetings.sitting(sitting)
        payload = {**(told or {}), "sitting": found.id}
        asked = Asked(verb=verb, actor=actor, version=version, reason=reason, unit=unit, payload=payload)
        minutes = act.tx.first(Minutes, sitting=found.id)
        release = minutes.release if minutes and verb != "draft-minutes" else ""
        store(act, advance(act.rules(release), _file(act, found, minutes), asked, act.at, new_id))


def _file(act: Act, sitting: Sitting, minutes: Minutes | None) -> File:
    rows = (sitting, minutes) if minutes else (sitting,)
    return File(rows, numbers=file_of(act).numbers)


def open_minutes(deployment: Deployment, actor: Actor, sitting_id: str, at: datetime) -> bytes:
    """Return the kept PDF of the minutes of a sitting or of their draft; the opening is recorded before it is shown.

    Raises NotFound, NotAllowed for whoever does not belong to the sitting, Conflict while there is none, FileLost.
    """
    with acting(deployment, actor, at) as act:
        sitting = act.scoped.meetings.sitting(sitting_id)
        minutes = act.tx.first(Minutes, sitting=sitting.id)
        if minutes is None:
            raise NotFound()
        if not may_read(actor, sitting):
            raise NotAllowed("会议纪要写有各件个案的情况，只有参会单位和有权查看加密内容的岗位可以打开。")
        if not minutes.sha256 or minutes.status == "failed":
            raise Conflict("纪要正在印制，请稍候片刻再打开。", "MINUTES_NOT_READY")
        pdf = kept_file(deployment, minutes.sha256)
        act.event("sitting.minutes_opened" if pdf else "sitting.minutes_missing", data=told_of(sitting))
    if pdf is None:
        raise FileLost("这份纪要的文件在服务器上找不到或已损坏，打不开。请告诉系统管理员，从备份中恢复文件库。")
    return pdf


def may_read(actor: Actor, sitting: Sitting) -> bool:
    """Return whether somebody may read the minutes of a sitting in sight: for a unit that belongs to it, or trusted."""
    return "reveal" in actor.acts or not {sitting.unit, *sitting.invited}.isdisjoint(actor.units)


@dataclass(frozen=True, slots=True)
class Made:
    """Printed minutes waiting for their effect, or why they could not be printed."""

    facts: Mapping[str, Any]
    paper: Pressed


class MinutesPrinting:
    """The worker's part: print the draft of minutes, or what was signed off with its number, and keep it."""

    brief = False

    def __init__(self, deployment: Deployment, press: Press, now: Now) -> None:
        self.deployment = deployment
        self.press = press
        self.now = now

    def prepare(self, job: Job) -> Generator[None, None, Made | None]:
        """Number the minutes if they may be, print them and keep the file; None when nothing is left to do."""
        ordered = self._order(job)
        if ordered is None:
            return None
        minutes, facts = ordered
        mark = "" if minutes.status == "signed" else DRAFT
        order = order_of(self.deployment.rulebooks.release(minutes.release), minutes.kind, facts, mark)
        return Made(facts, (yield from pressed(self.deployment, self.press, order, lambda: reached("minutes.printed"))))

    def _order(self, job: Job) -> tuple[Minutes, dict[str, Any]] | None:
        with acting(self.deployment, _actor(job), self.now()) as act:
            minutes = act.tx.find(Minutes, str(job.payload["minutes"]))
            if minutes is None or minutes.status not in AT_WORK:
                return None
            _carry_out(act, "number-minutes", minutes, {})
            numbered = act.tx.find(Minutes, minutes.id)
            assert numbered is not None
            return numbered, minutes_facts(act, numbered)

    def finish(self, tx: Transaction, job: Job, prepared: Made | None) -> None:
        """Write down that the minutes are drafted or issued, with their facts sealed; or that and why they failed."""
        if prepared is None:
            return
        act = Act(tx, self.deployment, _actor(job), self.now())
        minutes = tx.find(Minutes, str(job.payload["minutes"]))
        if minutes is None or minutes.status not in AT_WORK:
            return
        sealed = self.deployment.keys.seal_values(prepared.facts, Place("minutes", "facts", minutes.id))
        _carry_out(act, PRINT_MINUTES, minutes, {**asdict(prepared.paper), "facts": sealed})


def _carry_out(act: Act, verb: str, minutes: Minutes, told: Mapping[str, Any]) -> None:
    sitting = act.tx.find(Sitting, minutes.sitting)
    assert sitting is not None
    asked = Asked(verb=verb, actor=act.actor, payload={**told, "minutes": minutes.id})
    store(act, advance(act.rules(minutes.release), _file(act, sitting, minutes), asked, act.at, new_id))


def _actor(job: Job) -> Actor:
    return machinery(job.jurisdiction, "印制会议纪要")
