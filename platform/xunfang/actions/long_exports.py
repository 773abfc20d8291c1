"""Long ledgers taken along 导出: asked for, written by the worker, kept sealed for whoever asked for a few days.

What is asked for lies on the shelf of the person's own printed ledgers until the sheet is there in its place.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment, machinery
from xunfang.actions.exporting import check_export
from xunfang.actions.keeping import kept_file
from xunfang.actions.limiting import REVEAL, limited, spend
from xunfang.actions.printing_ledgers import LEDGER
from xunfang.actions.printouts import FAILED
from xunfang.casework.jobs import DROP_EXPORT, EXPORT_LEDGER
from xunfang.clock import Now
from xunfang.errors import FileLost, NotFound
from xunfang.steps import reached
from xunfang.store import Account, Attachment, Job, Transaction, new_id
from xunfang.store.scoped import scoped

WRITING = "application/x-xunfang-export"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""What an export is: what was asked for, or the sheet."""
KEPT = timedelta(days=7)
"""So long a sheet waits for whoever asked for it."""
REASON = "导出台账"


def ask_export(
    deployment: Deployment,
    actor: Actor,
    title: str,
    asked: Mapping[str, Any],
    reason: str,
    at: datetime,
    *,
    whole: bool,
) -> str:
    """Let the worker write a ledger that is too long for a page; returns the key. Raises NotAllowed, Invalid, TooOften.

    `asked` tells which ledger, and what of it. That somebody asked, and what for, is on record at once.
    """
    check_export(actor, reason, whole=whole)
    data = json.dumps({**asked, "whole": whole, "reason": reason.strip()}, ensure_ascii=False).encode()
    sha256, key = deployment.files.put(data), new_id()
    with limited(deployment, actor, at), acting(deployment, actor, at) as act:
        if whole:
            spend(act, REVEAL)
        act.tx.insert(
            Attachment(
                id=key,
                jurisdiction=actor.jurisdiction,
                name=title,
                media_type=WRITING,
                size=0,
                sha256=sha256,
                by=actor.account,
                at=at,
                submission=LEDGER.shelf_of(actor.account),
            )
        )
        told = {"ledger": str(asked["ledger"]), "attachment": key, "whole": whole}
        act.event("ledger.export_asked", data={**told, **({"reason": reason.strip()} if whole else {})})
        act.jobs([act.new_job(EXPORT_LEDGER, f"{EXPORT_LEDGER}:{key}", {"attachment": key}, at)])
    return key


@dataclass(frozen=True, slots=True)
class Written:
    """What came of writing a ledger: the file it lies in and what to tell of it, or why there is none."""

    sha256: str = ""
    size: int = 0
    told: Mapping[str, Any] | None = None
    error: str = ""


def put_in_place(tx: Transaction, deployment: Deployment, key: str, written: Written, at: datetime) -> None:
    """Put a sheet in the place of what was asked for, on record, and tell whoever asked; or why there is none."""
    waiting = tx.find(Attachment, key)
    if waiting is None or waiting.media_type != WRITING:
        return
    act = Act(tx, deployment, machinery(waiting.jurisdiction, REASON), at)
    if written.error:
        tx.update(Attachment, {"id": key}, {"media_type": FAILED})
        _tell(act, waiting, "台账没有导成", f"《{waiting.name}》没有导成：{written.error}")
        return
    tx.update(Attachment, {"id": key}, {"media_type": SHEET, "sha256": written.sha256, "size": written.size, "at": at})
    _drop(act, waiting.sha256)
    account = tx.find(Account, waiting.by)
    assert account is not None
    of_person = Act(tx, deployment, deployment.actor(account), at)
    of_person.event("ledger.exported", data={**(written.told or {}), "attachment": key, "sha256": written.sha256})
    act.jobs([act.new_job(DROP_EXPORT, f"{DROP_EXPORT}:{key}", {"attachment": key}, at + KEPT)])
    body = f"《{waiting.name}》已写好，请在{KEPT.days}天内到“台账”页下方“我的打印件和导出件”下载。"
    _tell(act, waiting, "台账已导好", body)


def open_export(deployment: Deployment, actor: Actor, key: str, at: datetime) -> tuple[str, bytes]:
    """Return the name and the bytes of a person's own sheet, once it is on record that they took it along.

    Raises NotFound for any other, FileLost when its file is gone or broken.
    """
    with scoped(deployment.database, actor.scope) as reader:
        found = reader.attachment(key)
    if found.submission != LEDGER.shelf_of(actor.account) or found.media_type != SHEET:
        raise NotFound()
    data = kept_file(deployment, found.sha256)
    if data is None:
        raise FileLost("这份台账的文件在服务器上找不到或已损坏，打不开。请重新导出一份。")
    with acting(deployment, actor, at) as act:
        act.event("ledger.export_taken", data={"attachment": key, "sha256": found.sha256})
    return found.name, data


class ExportDropping:
    """The worker's part: a sheet that waited long enough is taken away, file and all."""

    brief = True

    def __init__(self, deployment: Deployment, now: Now) -> None:
        self.deployment, self.now = deployment, now

    def prepare(self, job: Job) -> None:
        """There is nothing to prepare."""

    def finish(self, tx: Transaction, job: Job, prepared: None) -> None:
        """Take the sheet away."""
        key = str(job.payload["attachment"])
        if found := tx.find(Attachment, key):
            act = Act(tx, self.deployment, machinery(job.jurisdiction, REASON), self.now())
            tx.delete(Attachment, id=key)
            reached("export.dropped")
            _drop(act, found.sha256)
            act.event("ledger.export_dropped", data={"attachment": key, "sha256": found.sha256})


def _drop(act: Act, sha256: str) -> None:
    """Remove a file that nothing names any more."""
    if act.tx.first(Attachment, sha256=sha256) is None:
        act.deployment.files.drop(sha256)


def _tell(act: Act, waiting: Attachment, title: str, body: str) -> None:
    account = act.tx.find(Account, waiting.by)
    if account:
        act.tell(account.unit, "ledger", title, body, key=f"ledger:{waiting.id}", account=account.id)
