"""Printouts 打印件: what a page says is kept as it was asked for, printed by the worker, and stored.

A printout is a file of whoever asked for it, and of nobody else.
"""

import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment, machinery
from xunfang.actions.keeping import kept_file
from xunfang.actions.papers import NoticeOrder, Press, Pressed, pressed
from xunfang.clock import Now
from xunfang.errors import FileLost, NotFound
from xunfang.steps import reached
from xunfang.store import Account, Attachment, Job, Transaction, connection, new_id
from xunfang.store.scoped import scoped

WAITING, PRINTED, FAILED = "application/json", "application/pdf", "text/plain"
"""What a printout is: what it will say, the paper, or why there is none."""
TEXTS = "_templates"
"""Among what a printout will say: the templates it is printed from, where these are not those in force."""
_MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class PrintoutKind:
    """What is printed: on which shelf it lies, by which job and template, by which events it is on record.

    `label` is what people call it, `act` what the worker does, `where` the page on which it is opened.
    """

    shelf: str
    job: str
    template: str
    asked: str
    printed: str
    label: str
    act: str
    where: str

    def shelf_of(self, account: str) -> str:
        """Return where those of an account lie: no form ever takes one of them for a photo."""
        return f"{self.shelf}:{account}"


def ask_printout(
    deployment: Deployment,
    actor: Actor,
    kind: PrintoutKind,
    name: str,
    facts: Mapping[str, Any],
    told: Mapping[str, Any],
    at: datetime,
) -> str:
    """Keep what a printout says, record who wants it, and let the worker print it; returns its key."""
    data = json.dumps(facts, ensure_ascii=False).encode()
    sha256, key = deployment.files.put(data), new_id()
    with acting(deployment, actor, at) as act:
        act.tx.insert(
            Attachment(
                id=key,
                jurisdiction=actor.jurisdiction,
                name=name,
                media_type=WAITING,
                size=len(data),
                sha256=sha256,
                by=actor.account,
                at=at,
                submission=kind.shelf_of(actor.account),
            )
        )
        act.event(kind.asked, data={**told, "attachment": key})
        act.jobs([act.new_job(kind.job, f"{kind.job}:{key}", {"attachment": key}, at)])
    return key


def printouts_of(deployment: Deployment, actor: Actor, kind: PrintoutKind) -> list[Attachment]:
    """Return the printouts of a person, newest first."""
    with connection(deployment.database, actor.jurisdiction) as reader:
        found = list(reader.every(Attachment, submission=kind.shelf_of(actor.account)))
    return found[: -_MOST_SHOWN - 1 : -1]


def open_printout(deployment: Deployment, actor: Actor, kind: PrintoutKind, key: str) -> bytes:
    """Return a person's own printout; raises NotFound for any other, FileLost when its file is gone or broken."""
    with scoped(deployment.database, actor.scope) as reader:
        found = reader.attachment(key)
    if found.submission != kind.shelf_of(actor.account) or found.media_type != PRINTED:
        raise NotFound()
    pdf = kept_file(deployment, found.sha256)
    if pdf is None:
        raise FileLost(f"这份{kind.label}的文件在服务器上找不到或已损坏，打不开。请重新打印一份。")
    return pdf


class Printing:
    """The worker's part: print what was kept, and keep the paper in its place."""

    brief = False

    def __init__(self, kind: PrintoutKind, deployment: Deployment, press: Press, now: Now) -> None:
        self.kind, self.deployment, self.press, self.now = kind, deployment, press, now

    def prepare(self, job: Job) -> Generator[None, None, Pressed | None]:
        """Print it and keep the file; None when nothing is left to do."""
        with connection(self.deployment.database, job.jurisdiction) as reader:
            waiting = reader.find(Attachment, str(job.payload["attachment"]))
        if waiting is None or waiting.media_type != WAITING:
            return None
        facts = json.loads(kept_file(self.deployment, waiting.sha256) or b"{}")
        templates = self.deployment.rulebooks.of(job.jurisdiction).templates
        order = self._order(facts, templates)
        return (yield from pressed(self.deployment, self.press, order, lambda: reached("printout.printed")))

    def _order(self, facts: Mapping[str, Any], templates: Mapping[str, str]) -> NoticeOrder:
        """Return the paper to print: by the template of its kind, unless what is kept says that it is another."""
        template, layout = str(facts.get("template", self.kind.template)), str(facts.get("layout", "sheet"))
        said = {name: told for name, told in facts.items() if name != TEXTS}
        return NoticeOrder(template, facts.get(TEXTS, templates), layout, said, str(facts.get("mark", "")))

    def finish(self, tx: Transaction, job: Job, prepared: Pressed | None) -> None:
        """Put the paper in the place of what it says, and tell whoever asked for it; or that and why it failed."""
        key, kind = str(job.payload["attachment"]), self.kind
        waiting = tx.find(Attachment, key)
        if prepared is None or waiting is None or waiting.media_type != WAITING:
            return
        act = Act(tx, self.deployment, machinery(job.jurisdiction, kind.act), self.now())
        if prepared.error:
            tx.update(Attachment, {"id": key}, {"media_type": FAILED})
            self._tell(act, waiting, f"{kind.label}没有印成", f"《{waiting.name}》没有印成：{prepared.error}")
            return
        made = {"media_type": PRINTED, "sha256": prepared.sha256, "size": prepared.size}
        tx.update(Attachment, {"id": key}, made)
        if tx.first(Attachment, sha256=waiting.sha256) is None:  # what it was to say stands on the paper now
            self.deployment.files.drop(waiting.sha256)
        act.event(kind.printed, data={"attachment": key, "sha256": prepared.sha256, "pages": prepared.pages})
        body = f"《{waiting.name}》共{prepared.pages}页，请到{kind.where}打开。"
        self._tell(act, waiting, f"{kind.label}已印好", body)

    def _tell(self, act: Act, printed: Attachment, title: str, body: str) -> None:
        account = act.tx.find(Account, printed.by)
        if account:
            key = f"{self.kind.shelf}:{printed.id}"
            act.tell(account.unit, self.kind.shelf, title, body, key=key, account=account.id)
