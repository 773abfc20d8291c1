"""Sheets of boards 公示单: several households on one, printed by the worker and stored, of whoever asked for it."""

import json
from collections.abc import Generator, Mapping
from datetime import datetime
from typing import Any

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment, machinery
from xunfang.actions.keeping import kept_file
from xunfang.actions.papers import NoticeOrder, Press
from xunfang.actions.printing_ledgers import FAILED, PRINTED, WAITING, Made
from xunfang.casework.jobs import PRINT_SHEET
from xunfang.clock import Now
from xunfang.errors import FileLost, NotFound, Refused
from xunfang.steps import reached
from xunfang.store import Account, Attachment, Job, Transaction, connection, new_id
from xunfang.store.scoped import scoped

TEMPLATE = "board-sheet.html"
_MOST_SHOWN = 20


def shelf_of(account: str) -> str:
    """Return where the printed sheets of an account lie: no form ever takes one of them for a photo."""
    return f"sheet:{account}"


def ask_sheet(
    deployment: Deployment, actor: Actor, facts: Mapping[str, Any], told: Mapping[str, Any], at: datetime
) -> str:
    """Keep what a sheet says, record who wants it, and let the worker print it; returns its key."""
    data = json.dumps(facts, ensure_ascii=False).encode()
    sha256, key = deployment.files.put(data), new_id()
    with acting(deployment, actor, at) as act:
        act.tx.insert(
            Attachment(
                id=key,
                jurisdiction=actor.jurisdiction,
                name=str(facts["sheet"]["name"]),
                media_type=WAITING,
                size=len(data),
                sha256=sha256,
                by=actor.account,
                at=at,
                submission=shelf_of(actor.account),
            )
        )
        act.event("sheet.asked", data={**told, "attachment": key})
        act.jobs([act.new_job(PRINT_SHEET, f"{PRINT_SHEET}:{key}", {"attachment": key}, at)])
    return key


def sheets_of(deployment: Deployment, actor: Actor) -> list[Attachment]:
    """Return the printed sheets of a person, newest first."""
    with connection(deployment.database, actor.jurisdiction) as reader:
        found = list(reader.every(Attachment, submission=shelf_of(actor.account)))
    return found[: -_MOST_SHOWN - 1 : -1]


def open_sheet(deployment: Deployment, actor: Actor, key: str) -> bytes:
    """Return a person's own printed sheet; raises NotFound for any other, FileLost when its file is gone or broken."""
    with scoped(deployment.database, actor.scope) as reader:
        found = reader.attachment(key)
    if found.submission != shelf_of(actor.account) or found.media_type != PRINTED:
        raise NotFound()
    pdf = kept_file(deployment, found.sha256)
    if pdf is None:
        raise FileLost("这份公示单的文件在服务器上找不到或已损坏，打不开。请重新印一份。")
    return pdf


class SheetPrinting:
    """The worker's part: print what was kept, and keep the paper in its place."""

    brief = False

    def __init__(self, deployment: Deployment, press: Press, now: Now) -> None:
        self.deployment, self.press, self.now = deployment, press, now

    def prepare(self, job: Job) -> Generator[None, None, Made | None]:
        """Print the sheet and keep the file; None when nothing is left to do."""
        with connection(self.deployment.database, job.jurisdiction) as reader:
            waiting = reader.find(Attachment, str(job.payload["attachment"]))
        if waiting is None or waiting.media_type != WAITING:
            return None
        facts = json.loads(kept_file(self.deployment, waiting.sha256) or b"{}")
        templates = self.deployment.rulebooks.of(job.jurisdiction).templates
        yield
        try:
            paper = self.press(NoticeOrder(TEMPLATE, templates, "sheet", facts))
        except Refused as error:
            return Made(error=error.message)
        reached("sheet.printed")
        yield
        return Made(self.deployment.files.put(paper.pdf), len(paper.pdf), paper.pages)

    def finish(self, tx: Transaction, job: Job, prepared: Made | None) -> None:
        """Put the paper in the place of what it says, and tell whoever asked for it; or that and why it failed."""
        key = str(job.payload["attachment"])
        waiting = tx.find(Attachment, key)
        if prepared is None or waiting is None or waiting.media_type != WAITING:
            return
        act = Act(tx, self.deployment, machinery(job.jurisdiction, "印制公示单"), self.now())
        if prepared.error:
            tx.update(Attachment, {"id": key}, {"media_type": FAILED})
            _tell(act, waiting, "公示单没有印成", f"《{waiting.name}》没有印成：{prepared.error}")
            return
        made = {"media_type": PRINTED, "sha256": prepared.sha256, "size": prepared.size}
        tx.update(Attachment, {"id": key}, made)
        if tx.first(Attachment, sha256=waiting.sha256) is None:  # what it was to say stands on the paper now
            self.deployment.files.drop(waiting.sha256)
        act.event("sheet.printed", data={"attachment": key, "sha256": prepared.sha256, "pages": prepared.pages})
        _tell(
            act, waiting, "公示单已印好", f"《{waiting.name}》共{prepared.pages}页，请到“公示”页下方“我的公示单”打开。"
        )


def _tell(act: Act, printed: Attachment, title: str, body: str) -> None:
    account = act.tx.find(Account, printed.by)
    if account:
        act.tell(account.unit, "sheet", title, body, key=f"sheet:{printed.id}", account=account.id)
