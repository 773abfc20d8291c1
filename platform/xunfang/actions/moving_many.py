"""Moving open cases to another release from a page: asked for with a reason, carried out by the worker in pieces.

What was asked for, and how far it has come, lies on a shelf of the jurisdiction for whoever keeps its rules.
"""

import json
from datetime import datetime

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment, machinery
from xunfang.actions.keeping import kept_file
from xunfang.actions.moving import PIECE, Move, move_some
from xunfang.casework.handling import need_reason
from xunfang.casework.jobs import MOVE_CASES
from xunfang.clock import Now
from xunfang.errors import Conflict
from xunfang.store import (
    Attachment,
    Job,
    Transaction,
    connection,
    new_id,
    open_cases_on,
    release_line,
)

MOVING, MOVED = "application/x-xunfang-moving", "application/x-xunfang-moved"
"""How a request stands: being carried out, done."""
_MOST_SHOWN = 10


def shelf_of(jurisdiction: str) -> str:
    """Return where what was asked for lies."""
    return f"moves:{jurisdiction}"


def ask_move(deployment: Deployment, actor: Actor, move: Move, reason: str, at: datetime) -> str:
    """Let the worker move every open case of a release to another one; returns the key of the request.

    Raises NotAllowed, Invalid without a reason, Conflict for one and the same release, and while another such request
    is carried out.
    """
    need_reason(reason, "改用的理由")
    if move.was.id == move.to.id:
        raise Conflict("两个版本相同，没有可改的。", "RELEASE_SAME")
    asked = {"from": move.was.id, "to": move.to.id, "back": move.back, "reason": reason.strip()}
    sha256, key = deployment.files.put(json.dumps(asked, ensure_ascii=False).encode()), new_id()
    with acting(deployment, actor, at, "review-rules", dated=True) as act:
        if any(each.media_type == MOVING for each in act.tx.every(Attachment, submission=shelf_of(move.jurisdiction))):
            raise Conflict("上一次改用还没有办完，请等办完再改。", "MOVE_RUNNING")
        act.tx.insert(
            Attachment(
                id=key,
                jurisdiction=move.jurisdiction,
                name=f"由{move.was.label}{'改回' if move.back else '改用'}{move.to.label}",
                media_type=MOVING,
                size=0,
                sha256=sha256,
                by=actor.account,
                at=at,
                submission=shelf_of(move.jurisdiction),
            )
        )
        told = {"edition": move.to.label, "was_edition": move.was.label, "reason": reason.strip()}
        act.event("release.moving", data={**told, "attachment": key})
        act.jobs([_job(act, key, "", 0)])
    return key


def moves_of(deployment: Deployment, jurisdiction: str) -> list[Attachment]:
    """Return what was asked for last, newest first."""
    with connection(deployment.database, jurisdiction) as reader:
        found = list(reader.every(Attachment, submission=shelf_of(jurisdiction)))
    return found[: -_MOST_SHOWN - 1 : -1]


def _job(act: Act, key: str, after: str, piece: int) -> Job:
    payload = {"attachment": key, "after": after, "piece": piece}
    return act.new_job(MOVE_CASES, f"{MOVE_CASES}:{key}:{piece}", payload, act.at)


class CaseMoving:
    """The worker's part: moves a handful of cases, and puts a job for the rest."""

    brief = False

    def __init__(self, deployment: Deployment, now: Now) -> None:
        self.deployment, self.now = deployment, now

    def prepare(self, job: Job) -> tuple[Move, list[str]] | None:
        """Return the cases that go at once, both releases compiled; None when nothing is left to do."""
        with connection(self.deployment.database, job.jurisdiction) as reader:
            asked = reader.find(Attachment, str(job.payload["attachment"]))
            if asked is None or asked.media_type != MOVING:
                return None
            told = json.loads(kept_file(self.deployment, asked.sha256) or b"{}")
            was, to = (release_line(reader, told[name]) for name in ("from", "to"))
            assert was is not None
            assert to is not None
            piece = open_cases_on(reader, job.jurisdiction, was.id, str(job.payload["after"]), PIECE)
        for release in (was, to):
            self.deployment.rulebooks.release(release.id)
        return Move(job.jurisdiction, was, to, bool(told["back"])), [case.id for case in piece]

    def finish(self, tx: Transaction, job: Job, prepared: tuple[Move, list[str]] | None) -> None:
        """Move them, and note how far it has come."""
        if prepared is None:
            return
        (move, keys), key = prepared, str(job.payload["attachment"])
        act = Act(tx, self.deployment, machinery(job.jurisdiction, "改用规则版本"), self.now())
        asked = tx.find(Attachment, key)
        assert asked is not None
        moved = sum(not each.stays for each in move_some(act, move, keys, dry=False))
        done = len(keys) < PIECE
        tx.update(Attachment, {"id": key}, {"size": asked.size + moved, "media_type": MOVED if done else MOVING})
        if done:
            told = {"edition": move.to.label, "was_edition": move.was.label, "count": asked.size + moved}
            act.event("release.moved", data={**told, "attachment": key})
        else:
            act.jobs([_job(act, key, keys[-1], int(job.payload["piece"]) + 1)])
