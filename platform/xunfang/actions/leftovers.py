"""What was handed in and never sent: photos whose form nobody finished go in time, row and file."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Deployment, machinery
from xunfang.casework import Circular, Delivery, Minutes
from xunfang.store import Attachment, Notice, unsent_attachments

KEPT = timedelta(days=8)
"""A day longer than a phone keeps the report they belong to, see web/static/drafts.js."""
PIECE = 50
"""How many go in one transaction, so that nobody waits for long."""


def drop_unsent(deployment: Deployment, at: datetime) -> int:
    """Remove every photo that no form was sent with in time, and return how many there were."""
    return sum(dropping_unsent(deployment, at))


def dropping_unsent(deployment: Deployment, at: datetime) -> Iterator[int]:
    """Do the same piece by piece, and yield how many went in each."""
    for jurisdiction in deployment.rulebooks.current:
        while piece := _drop_piece(deployment, jurisdiction, at):
            yield piece


def _drop_piece(deployment: Deployment, jurisdiction: str, at: datetime) -> int:
    with acting(deployment, machinery(jurisdiction, "清理未提交的照片"), at) as act:
        old = unsent_attachments(act.tx, jurisdiction, at - KEPT, PIECE)
        for attachment in old:
            act.tx.delete(Attachment, id=attachment.id)
        for sha256 in {attachment.sha256 for attachment in old}:
            _drop_file(act, sha256)
        if old:
            act.event("attachment.dropped", data={"count": len(old)})
    return len(old)


def _drop_file(act: Act, sha256: str) -> None:
    """Remove a file that nothing refers to any more; were this undone, its rows would only wait for the next time."""
    if not any(act.tx.first(row, sha256=sha256) for row in (Attachment, Notice, Delivery, Minutes, Circular)):
        act.deployment.files.drop(sha256)
