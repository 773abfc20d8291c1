"""Papers: the worker drafts, numbers, prints and keeps each notice once; people open the very bytes that were kept."""

import hashlib
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment, machinery
from xunfang.actions.handling import carry_out
from xunfang.actions.keeping import kept_file
from xunfang.actions.notice_facts import draft_facts, final_facts
from xunfang.casework import Asked, may_open
from xunfang.casework.issuing import AT_WORK
from xunfang.casework.jobs import ISSUE
from xunfang.casework.papers import key_of, needs_signature, paper_known
from xunfang.casework.permits import READY, STANDS
from xunfang.casework.terms import terms_of_task
from xunfang.errors import Conflict, FileLost, NotAllowed, NotFound, Refused
from xunfang.rulebook.model import Rulebook
from xunfang.steps import reached
from xunfang.store import Account, Case, Job, Notice, Place, ScopedReader, Task, Transaction

DRAFT = "草稿　待签发"
"""What stands across a paper that nobody has signed off, so that nobody posts it."""


@dataclass(frozen=True, slots=True)
class NoticeOrder:
    """One paper to print: which template of which texts, in which frame, from which facts; `mark` stands across it."""

    template: str
    templates: Mapping[str, str]
    layout: str
    facts: Mapping[str, Any]
    mark: str = ""


class PrintedPaper(Protocol):
    """What a press gives back."""

    @property
    def pdf(self) -> bytes:
        """The finished PDF."""
        ...

    @property
    def pages(self) -> int:
        """How many pages it has."""
        ...


Press = Callable[[NoticeOrder], PrintedPaper]
"""Prints a paper; raises Refused when the template or the facts cannot be printed, whoever tries."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A printed paper by the hash that it is kept under, or why it could not be printed."""

    sha256: str = ""
    pages: int = 0
    size: int = 0
    error: str = ""


def pressed(
    deployment: Deployment, press: Press, order: NoticeOrder, printed: Callable[[], None]
) -> Generator[None, None, Pressed]:
    """Print a paper beside whoever writes, and keep its file; `printed` is told in between."""
    yield
    try:
        paper = press(order)
    except Refused as error:
        return Pressed(error=error.message)
    printed()
    yield
    return Pressed(deployment.files.put(paper.pdf), paper.pages, len(paper.pdf))


def order_of(rulebook: Rulebook, kind: str, facts: Mapping[str, Any], mark: str) -> NoticeOrder:
    """Return a paper of a kind to be printed by some rules."""
    found = rulebook.notices[kind]
    return NoticeOrder(found.template, rulebook.templates, found.layout, facts, mark)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A printed notice waiting for its effect, or why it could not be printed."""

    facts: Mapping[str, Any]
    paper: Pressed
    template_digest: str = ""


class NoticeIssuing:
    """The worker's part: print a notice and keep it, as a draft until it is signed, then with its number."""

    def __init__(self, deployment: Deployment, press: Press, now: Callable[[], datetime]) -> None:
        self.deployment = deployment
        self.press = press
        self.now = now

    brief = False

    def prepare(self, job: Job) -> Generator[None, None, Prepared | None]:
        """Give the notice its number if it may have one, print it and keep the file; None when nothing is left to do.

        It is printed from the template of its own release, which is a later one than its case's where that failed.
        """
        ordered = self._order(job)
        if ordered is None:
            return None
        notice, facts, mark = ordered
        reached("notice.numbered")
        rulebook = self.deployment.rulebooks.release(notice.release)
        order = order_of(rulebook, notice.kind, facts, mark)
        paper = yield from pressed(self.deployment, self.press, order, lambda: reached("notice.printed"))
        text = rulebook.templates.get(order.template, "")
        return Prepared(facts, paper, hashlib.sha256(text.encode()).hexdigest())

    def _order(self, job: Job) -> tuple[Notice, dict[str, Any], str] | None:
        """Return the notice with its number, what it says, and the mark that a draft bears."""
        with acting(self.deployment, self._actor(job), self.now()) as act:
            notice = act.tx.find(Notice, str(job.payload["notice"]))
            if notice is None or notice.status not in AT_WORK:
                return None
            case = act.case(notice.case)
            asked = Asked(verb="number-paper", actor=act.actor, case=case.id, payload=job.payload)
            carry_out(act, asked, case)
            numbered = act.tx.find(Notice, notice.id)
            assert numbered is not None
            if needs_signature(act.rules(case.release), numbered):
                return numbered, draft_facts(act, numbered), DRAFT
            return numbered, final_facts(act, numbered), ""

    def finish(self, tx: Transaction, job: Job, prepared: Prepared | None) -> None:
        """Write down that the paper is drafted or issued, with its facts sealed; or that and why it failed."""
        if prepared is None:
            return
        act = Act(tx, self.deployment, self._actor(job), self.now())
        notice = tx.find(Notice, str(job.payload["notice"]))
        if notice is None or notice.status not in AT_WORK:
            return
        made = {**job.payload, **_made(act, notice, prepared)}
        case = act.case(notice.case)
        carry_out(act, Asked(verb=ISSUE, actor=act.actor, case=case.id, payload=made), case)

    @staticmethod
    def _actor(job: Job) -> Actor:
        return machinery(job.jurisdiction, "印制文书")


def _made(act: Act, notice: Notice, prepared: Prepared) -> dict[str, Any]:
    """Return what is to be written down of a printed paper, its facts sealed."""
    paper = prepared.paper
    if paper.error:
        return {"error": paper.error}
    sealed = act.deployment.keys.seal_values(prepared.facts, Place("notice", "facts", notice.id))
    made = {"sha256": paper.sha256, "pages": paper.pages, "template_digest": prepared.template_digest}
    return {**made, "facts": sealed, "signers": signers_of(act, notice)}


def signers_of(act: Act, notice: Notice) -> tuple[str, ...]:
    """Return the units in which somebody who sees the case may sign a notice off; none for one that needs nobody."""
    role = act.rules(act.case(notice.case).release).notices[notice.kind].signed_off_by
    if not role:
        return ()
    accounts = act.tx.every(Account, jurisdiction=notice.jurisdiction, state="active")
    actors = [act.deployment.actor(account) for account in accounts if role in account.roles]
    signing = [actor for actor in actors if "sign-off" in actor.acts]
    able = [actor for actor in signing if ScopedReader(act.tx, actor.scope).sees_case(notice.case)]
    return tuple(dict.fromkeys(actor.unit for actor in able))


def print_notice(deployment: Deployment, actor: Actor, case_id: str, task_id: str, kind: str, at: datetime) -> str:
    """Want a paper of a case (or of one task of it) and return its key; one already wanted or issued stays the one.

    Raises NotFound, NotAllowed, Conflict for a paper that the rules do not print at any step the case has come to.
    """
    with acting(deployment, actor, at, "print", dated=True) as act:
        case = act.scoped.case(case_id)
        rulebook = act.rules(case.release)
        if kind not in rulebook.notices:
            raise NotFound("没有这种文书。")
        task = act.scoped.task(task_id) if task_id else None
        if task and task.case != case.id:
            raise NotFound()
        if not _due_paper(act, rulebook, case, kind, task):
            raise Conflict("这件个案还没有办到制作这种文书的环节。", "PAPER_NOT_DUE")
        payload = {"release": release_to_print(act, kind)}
        carry_out(act, Asked(verb="print", actor=actor, case=case.id, task=task_id, kind=kind, payload=payload), case)
        wanted = paper_known(act.tx.select(Notice, case=case.id, kind=kind), key_of(case, kind, task))
        assert wanted is not None
        return wanted.id


def release_to_print(act: Act, kind: str) -> str:
    """Return the release in force, or "" where it knows no such paper: it may print what a case's own release can't."""
    rulebook = act.rules()
    return rulebook.digest if kind in rulebook.notices else ""


def _due_paper(act: Act, rulebook: Rulebook, case: Case, kind: str, task: Task | None) -> bool:
    """Return whether a step of the case prints this paper, or it was wanted before: nobody prints a refusal at will."""
    tasks = [task] if task else list(act.tx.every(Task, case=case.id))
    wanted = act.tx.first(Notice, case=case.id, kind=kind)
    return wanted is not None or any(kind in terms_of_task(rulebook, each).prints for each in tasks)


def open_notice(deployment: Deployment, actor: Actor, notice_id: str, at: datetime) -> bytes:
    """Return the kept PDF of a notice or its draft, byte for byte; the opening is recorded before it is shown.

    Raises NotAllowed, NotFound, Conflict while there is none and for one that is void, FileLost when its file is gone
    or broken.
    """
    with acting(deployment, actor, at) as act:
        notice = act.scoped.notice(notice_id)
        if not may_open(actor, notice.unit, notice.addressees):
            raise NotAllowed("这份文书载有个人信息，只有制发、接收单位的文书岗位或有权查看加密内容的岗位可以打开。")
        if notice.status not in READY:
            raise Conflict(_why_closed(notice), "NOTICE_NOT_READY")
        pdf = kept_file(deployment, notice.sha256)
        data = {"kind": notice.kind, "number": notice.number, "notice": notice.id}
        act.event("notice.opened" if pdf else "notice.missing", case=notice.case, task=notice.task, data=data)
    if pdf is None:
        named = f"文书{notice.number}" if notice.number else "这份文书"
        raise FileLost(f"{named}的文件在服务器上找不到或已损坏，打不开。请告诉系统管理员，从备份中恢复文件库。")
    reached("notice.opening")
    return pdf


def _why_closed(notice: Notice) -> str:
    if notice.status in ("wanted", "signed"):
        return "文书正在生成，请稍候片刻再打开。"
    return notice.error if notice.status == "failed" else f"这份文书{STANDS[notice.status]}，不能打开。"
