"""Papers: the worker numbers, prints and keeps each wanted notice once; people open the very bytes that were kept."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment, machinery
from xunfang.actions.handling import carry_out
from xunfang.actions.keeping import kept_file
from xunfang.actions.notice_facts import notice_facts
from xunfang.casework import Asked
from xunfang.casework.papers import key_of
from xunfang.clock import local
from xunfang.errors import Conflict, FileLost, NotAllowed, NotFound, Refused
from xunfang.rulebook.model import Rulebook
from xunfang.rules.units import division_of
from xunfang.steps import reached
from xunfang.store import Case, Job, Notice, Place, Task, Transaction, take_number


@dataclass(frozen=True, slots=True)
class NoticeOrder:
    """One paper to print: which template of which texts, in which frame, from which facts."""

    template: str
    templates: Mapping[str, str]
    layout: str
    facts: Mapping[str, Any]


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
class Prepared:
    """A printed paper waiting for its effect, or why it could not be printed."""

    facts: Mapping[str, Any]
    sha256: str = ""
    pages: int = 0
    error: str = ""


class NoticeIssuing:
    """The worker's part: number a notice, print it, keep it. A number once taken belongs to its notice for ever."""

    def __init__(self, deployment: Deployment, press: Press, now: Callable[[], datetime]) -> None:
        self.deployment = deployment
        self.press = press
        self.now = now

    def prepare(self, job: Job) -> Prepared | None:
        """Give the notice its number, print it and keep the file; None when there is nothing left to do."""
        numbered = self._number(job)
        if numbered is None:
            return None
        notice, facts = numbered
        reached("notice.numbered")
        rulebook = self.deployment.rulebooks.release(notice.release)
        kind = rulebook.notices[notice.kind]
        try:
            paper = self.press(NoticeOrder(kind.template, rulebook.templates, kind.layout, facts))
        except Refused as error:
            return Prepared(facts, error=error.message)
        reached("notice.printed")
        return Prepared(facts, self.deployment.files.put(paper.pdf), paper.pages)

    def _number(self, job: Job) -> tuple[Notice, dict[str, Any]] | None:
        actor = machinery(str(job.payload["jurisdiction"]), "印制文书")
        with acting(self.deployment, actor, self.now()) as act:
            notice = act.tx.find(Notice, str(job.payload["notice"]))
            if notice is None or notice.status != "wanted":
                return None
            if notice.n is None:
                _take_number(act, notice)
            numbered = act.tx.find(Notice, notice.id)
            assert numbered is not None
            return numbered, notice_facts(act, numbered)

    def finish(self, tx: Transaction, job: Job, prepared: Prepared | None) -> None:
        """Write down that the paper is issued, with its facts sealed; or that and why it failed."""
        if prepared is None:
            return
        act = Act(tx, self.deployment, machinery(str(job.payload["jurisdiction"]), "印制文书"), self.now())
        notice = tx.find(Notice, str(job.payload["notice"]))
        if notice is None or notice.status != "wanted":
            return
        if prepared.error:
            _fail(act, notice, prepared.error)
        else:
            _issue(act, notice, prepared)


def _take_number(act: Act, notice: Notice) -> None:
    rulebook = act.rules(notice.release)
    pattern = rulebook.notices[notice.kind].number
    if not pattern:
        return
    year = local(act.at).year
    series = series_of(pattern, notice.unit)
    n = take_number(act.tx, notice.jurisdiction, series, year)
    number = pattern.replace("{year}", str(year)).replace("{n}", str(n))
    act.tx.update(Notice, {"id": notice.id}, {"series": series, "year": year, "n": n, "number": number})
    act.event("notice.numbered", case=notice.case, task=notice.task, data={"kind": notice.kind, "number": number})


def _issue(act: Act, notice: Notice, prepared: Prepared) -> None:
    rulebook = act.rules(notice.release)
    kind = rulebook.notices[notice.kind]
    text = rulebook.templates.get(kind.template, "")
    change = {
        "status": "issued",
        "error": "",
        "facts": act.deployment.keys.seal_values(prepared.facts, Place("notice", "facts", notice.id)),
        "sha256": prepared.sha256,
        "pages": prepared.pages,
        "template_digest": hashlib.sha256(text.encode()).hexdigest(),
        "issued_at": act.at,
    }
    act.tx.update(Notice, {"id": notice.id}, change)
    data = {"kind": kind.id, "number": notice.number, "sha256": prepared.sha256, "pages": prepared.pages}
    act.event("notice.issued", case=notice.case, task=notice.task, data=data, rule=kind.id, cites=kind.basis.cites)
    body = f"{kind.label}{notice.number}已制成，请打印、签章后送达。"
    key = f"notice:{notice.id}:issued"
    act.tell(notice.unit, "notice", f"文书待送达：{kind.label}", body, key=key, case=notice.case, task=notice.task)


def _fail(act: Act, notice: Notice, error: str) -> None:
    act.tx.update(Notice, {"id": notice.id}, {"status": "failed", "error": error})
    label = act.rules(notice.release).notices[notice.kind].label
    act.event("notice.failed", case=notice.case, task=notice.task, data={"kind": notice.kind, "error": error})
    key = f"notice:{notice.id}:failed:{notice.version}"
    act.tell(notice.unit, "notice", f"文书未能制成：{label}", error, key=key, case=notice.case, task=notice.task)


def series_of(pattern: str, unit: str) -> str:
    """Return the series a number is taken from: one for each pattern, and for each unit that exists per division."""
    return f"{pattern}@{division_of(unit)}" if division_of(unit) else pattern


def print_notice(deployment: Deployment, actor: Actor, case_id: str, task_id: str, kind: str, at: datetime) -> str:
    """Want a paper of a case (or of one task of it) and return its key; one already wanted or issued stays the one.

    Raises NotFound, NotAllowed, Conflict for a paper that the rules do not print at any step the case has come to.
    """
    with acting(deployment, actor, at, "print", dated=True) as act:
        case = act.desk.case(case_id)
        rulebook = act.rules(case.release)
        if kind not in rulebook.notices:
            raise NotFound("没有这种文书。")
        task = act.desk.task(task_id) if task_id else None
        if task and task.case != case.id:
            raise NotFound()
        if not _due_paper(act, rulebook, case, kind, task):
            raise Conflict("这件个案还没有办到制作这种文书的环节。", "PAPER_NOT_DUE")
        carry_out(act, Asked(verb="print", actor=actor, case=case.id, task=task_id, kind=kind), case)
        wanted = act.tx.first(Notice, key=key_of(case, kind, task))
        assert wanted is not None
        return wanted.id


def _due_paper(act: Act, rulebook: Rulebook, case: Case, kind: str, task: Task | None) -> bool:
    """Return whether a step of the case prints this paper, or it was wanted before: nobody prints a refusal at will."""
    tasks = [task] if task else list(act.tx.every(Task, case=case.id))
    states = (rulebook.flows[each.flow].states.get(each.state) for each in tasks)
    wanted = act.tx.first(Notice, case=case.id, kind=kind)
    return wanted is not None or any(state is not None and kind in state.prints for state in states)


def may_open(actor: Actor, issuer: str, addressee: str) -> bool:
    """Return whether somebody may open a paper in sight: it may hold a whole id number and what ails a person.

    Those who may see such things may; those who print open what their own unit sends or receives.
    """
    return "reveal" in actor.acts or ("print" in actor.acts and actor.unit in (issuer, addressee))


def open_notice(deployment: Deployment, actor: Actor, notice_id: str, at: datetime) -> bytes:
    """Return the kept PDF of a notice, byte for byte as issued; the opening is recorded before it is shown.

    Raises NotAllowed, NotFound, Conflict while it is not yet issued, FileLost when its file is gone or broken.
    """
    with acting(deployment, actor, at) as act:
        notice = act.desk.notice(notice_id)
        if not may_open(actor, notice.unit, notice.addressee):
            raise NotAllowed("这份文书载有个人信息，只有制发、接收单位的文书岗位或有权查看加密内容的岗位可以打开。")
        if notice.status != "issued":
            text = notice.error if notice.status == "failed" else "文书正在生成，请稍候片刻再打开。"
            raise Conflict(text, "NOTICE_NOT_READY")
        pdf = kept_file(deployment, notice.sha256)
        data = {"kind": notice.kind, "number": notice.number}
        act.event("notice.opened" if pdf else "notice.missing", case=notice.case, task=notice.task, data=data)
    if pdf is None:
        named = f"文书{notice.number}" if notice.number else "这份文书"
        raise FileLost(f"{named}的文件在服务器上找不到或已损坏，打不开。请告诉系统管理员，从备份中恢复文件库。")
    reached("notice.opening")
    return pdf
