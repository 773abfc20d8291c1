"""Printed ledgers 台账打印件: what a ledger says is kept as it was asked for, printed by the worker, and stored.

A printed ledger is a file of whoever asked for it, and of nobody else.
"""

import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment, machinery
from xunfang.actions.exporting import check_export
from xunfang.actions.keeping import kept_file
from xunfang.actions.papers import NoticeOrder, Press
from xunfang.casework.jobs import PRINT_LEDGER
from xunfang.clock import Now
from xunfang.errors import FileLost, NotFound, Refused
from xunfang.steps import reached
from xunfang.store import Account, Attachment, Job, Transaction, connection, new_id
from xunfang.store.scoped import scoped

TEMPLATE = "ledger.html"
WAITING, PRINTED, FAILED = "application/json", "application/pdf", "text/plain"
"""What a printed ledger is: what it will say, the paper, or why there is none."""
_MOST_SHOWN = 20


def shelf_of(account: str) -> str:
    """Return where the printed ledgers of an account lie: no form ever takes one of them for a photo."""
    return f"ledger:{account}"


def ask_print(
    deployment: Deployment, actor: Actor, facts: Mapping[str, Any], told: Mapping[str, Any], at: datetime
) -> str:
    """Keep what a ledger says, record that it is taken along, and let the worker print it; returns its key."""
    check_export(actor, "", whole=False)
    data = json.dumps(facts, ensure_ascii=False).encode()
    sha256, key = deployment.files.put(data), new_id()
    with acting(deployment, actor, at) as act:
        act.tx.insert(
            Attachment(
                id=key,
                jurisdiction=actor.jurisdiction,
                name=str(facts["ledger"]["title"]),
                media_type=WAITING,
                size=len(data),
                sha256=sha256,
                by=actor.account,
                at=at,
                submission=shelf_of(actor.account),
            )
        )
        act.event("ledger.exported", data={**told, "attachment": key, "whole": False})
        act.jobs([act.new_job(PRINT_LEDGER, f"{PRINT_LEDGER}:{key}", {"attachment": key}, at)])
    return key


def printed_by(deployment: Deployment, actor: Actor) -> list[Attachment]:
    """Return the printed ledgers of a person, newest first."""
    with connection(deployment.database, actor.jurisdiction) as reader:
        found = list(reader.every(Attachment, submission=shelf_of(actor.account)))
    return found[: -_MOST_SHOWN - 1 : -1]


def open_print(deployment: Deployment, actor: Actor, key: str) -> bytes:
    """Return a person's own printed ledger; raises NotFound for any other, FileLost when its file is gone or broken."""
    with scoped(deployment.database, actor.scope) as reader:
        found = reader.attachment(key)
    if found.submission != shelf_of(actor.account) or found.media_type != PRINTED:
        raise NotFound()
    pdf = kept_file(deployment, found.sha256)
    if pdf is None:
        raise FileLost("这份台账的文件在服务器上找不到或已损坏，打不开。请重新打印一份。")
    return pdf


@dataclass(frozen=True, slots=True)
class Made:
    """What came of printing a ledger: the file it lies in, and how large that is; or why it could not be printed."""

    sha256: str = ""
    size: int = 0
    pages: int = 0
    error: str = ""


class LedgerPrinting:
    """The worker's part: print what was kept, and keep the paper in its place."""

    brief = False

    def __init__(self, deployment: Deployment, press: Press, now: Now) -> None:
        self.deployment = deployment
        self.press = press
        self.now = now

    def prepare(self, job: Job) -> Generator[None, None, Made | None]:
        """Print the ledger and keep the file; None when nothing is left to do."""
        with connection(self.deployment.database, job.jurisdiction) as reader:
            waiting = reader.find(Attachment, str(job.payload["attachment"]))
        if waiting is None or waiting.media_type != WAITING:
            return None
        facts = json.loads(kept_file(self.deployment, waiting.sha256) or b"{}")
        templates = self.deployment.rulebooks.of(job.jurisdiction).templates
        yield
        try:
            paper = self.press(_order(facts, templates))
        except Refused as error:
            return Made(error=error.message)
        reached("ledger.printed")
        yield
        return Made(self.deployment.files.put(paper.pdf), len(paper.pdf), paper.pages)

    def finish(self, tx: Transaction, job: Job, prepared: Made | None) -> None:
        """Put the paper in the place of what it says, and tell whoever asked for it; or that and why it failed."""
        key = str(job.payload["attachment"])
        waiting = tx.find(Attachment, key)
        if prepared is None or waiting is None or waiting.media_type != WAITING:
            return
        act = Act(tx, self.deployment, machinery(job.jurisdiction, "打印台账"), self.now())
        if prepared.error:
            tx.update(Attachment, {"id": key}, {"media_type": FAILED})
            _tell(act, waiting, "台账没有印成", f"《{waiting.name}》没有印成：{prepared.error}")
            return
        made = {"media_type": PRINTED, "sha256": prepared.sha256, "size": prepared.size}
        tx.update(Attachment, {"id": key}, made)
        if tx.first(Attachment, sha256=waiting.sha256) is None:  # what it was to say stands on the paper now
            self.deployment.files.drop(waiting.sha256)
        act.event("ledger.printed", data={"attachment": key, "sha256": prepared.sha256, "pages": prepared.pages})
        _tell(
            act,
            waiting,
            "台账已印好",
            f"《{waiting.name}》共{prepared.pages}页，请到“台账”页下方“我的打印件和导出件”打开。",
        )


def _order(facts: Mapping[str, Any], templates: Mapping[str, str]) -> NoticeOrder:
    """Return the paper to print: a ledger, unless what is kept says that it is another."""
    template, layout = str(facts.get("template", TEMPLATE)), str(facts.get("layout", "sheet"))
    return NoticeOrder(template, templates, layout, facts, str(facts.get("mark", "")))


def _tell(act: Act, printed: Attachment, title: str, body: str) -> None:
    account = act.tx.find(Account, printed.by)
    if account:
        act.tell(account.unit, "ledger", title, body, key=f"ledger:{printed.id}", account=account.id)
