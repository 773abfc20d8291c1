"""试一试: what would come of a form by some rules, line by line, so that two sets of rules stand side by side."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xunfang.clock import local
from xunfang.desk.labels import Labels
from xunfang.desk.moments import moment
from xunfang.rulebook.model import Rulebook
from xunfang.rules.deadlines import PlannedDeadline, PlannedReminder, plan_deadline
from xunfang.rules.describe.lines import clauses_text
from xunfang.rules.explain import due_data, due_sentence
from xunfang.rules.flow import PlannedTask
from xunfang.rules.intake import Decision, decide
from xunfang.rules.units import unit_label
from xunfang.rules.urgency import FIELD as URGENCY

_KINDS = {
    "remind": "提醒", "due": "到期提醒", "overdue": "逾期提醒", "supervise": "督办",
    "escalate": "提级", "report": "通报",
}  # fmt: skip
_ROLES = {"lead": "主办", "assist": "协办"}
_MOST_REMINDERS = 8


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of one thing, and how that was worked out."""

    lines: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class OutlookRow:
    """What one thing would be by the draft and by the rules in force."""

    label: str
    draft: Said
    live: Said

    @property
    def differs(self) -> bool:
        """Whether the draft changes it."""
        return self.draft != self.live


Row = tuple[str, Said]


def decided(
    rulebook: Rulebook, form: str, answers: Mapping[str, Any], at: datetime, confirmed: Iterable[str] = ()
) -> Decision | None:
    """Return what some rules decide of a form filled in at a moment; None where they have no such form."""
    if form not in rulebook.forms:
        return None
    known = set(rulebook.forms[form].fields)
    told = {name: value for name, value in answers.items() if name in known}
    return decide(rulebook, form, told, at, confirmed=tuple(confirmed))


def side_by_side(
    draft: Rulebook,
    live: Rulebook,
    form: str,
    answers: Mapping[str, Any],
    at: datetime,
    confirmed: Iterable[str] = (),
) -> list[OutlookRow]:
    """Return what would come of a form by a draft, and beside it by the rules in force."""
    sure = tuple(confirmed)
    both = [dict(_rows(rules, decided(rules, form, answers, at, sure), at)) for rules in (draft, live)]
    labels = dict.fromkeys((*both[0], *both[1]))
    ordered = sorted(labels, key=_rank)
    nothing = Said()
    return [OutlookRow(label, both[0].get(label, nothing), both[1].get(label, nothing)) for label in ordered]


_ORDER = (
    "收不收", "是否按时上报", "紧急程度", "流程", "分派", "进入环节", "任务", "全案期限", "提醒和督办", "文书", "依据",
)  # fmt: skip


def _rank(label: str) -> int:
    return _ORDER.index(label if label in _ORDER else "任务")


def _rows(rulebook: Rulebook, decision: Decision | None, at: datetime) -> Iterator[Row]:
    if decision is None:
        yield "收不收", Said(("没有这张表单",))
        return
    labels = Labels(rulebook)
    if decision.problems:
        yield "收不收", Said(tuple(f"不收：{problem.message}" for problem in decision.problems))
        return
    yield "收不收", Said(("收下" if decision.flow else "收下，只登记，不立案",))
    yield from _arrival(labels, decision)
    if urgency := str(decision.facts.get(URGENCY, "")):
        yield "紧急程度", Said((labels.answer(URGENCY, urgency),))
    if decision.flow and decision.entered:
        yield "流程", Said((decision.flow.label,))
        yield from _dispatched(rulebook, labels, decision)
        yield "进入环节", Said((decision.entered.state.label,))
        yield from _tasks(rulebook, decision.entered.tasks)
        yield from _whole(rulebook, decision, at)
        yield from _followed(rulebook, labels, decision)


def _arrival(labels: Labels, decision: Decision) -> Iterator[Row]:
    told = [f"{labels.deadline(name)}：{'按时' if kept else '迟报'}" for name, kept in (decision.in_time or {}).items()]
    if told:
        yield "是否按时上报", Said(tuple(told))


def _dispatched(rulebook: Rulebook, labels: Labels, decision: Decision) -> Iterator[Row]:
    if decision.table is None:
        return
    if decision.needs_confirmation:
        said = f"拟办，由{labels.role(decision.table.confirm)}批示后转出"
    else:
        said = "不等批示，直接转出"
    informed = dict.fromkeys(unit for proposal in decision.proposals for unit in proposal.informs)
    copies = f"抄送{'、'.join(unit_label(rulebook, unit) for unit in informed)}"
    yield "分派", Said((said, *([copies] if informed else [])))


def _tasks(rulebook: Rulebook, tasks: Iterable[PlannedTask]) -> Iterator[Row]:
    for task in tasks:
        label = f"{unit_label(rulebook, task.unit)}（{_ROLES[task.role]}）"
        if task.role == "assist":
            yield label, Said((f"协助{unit_label(rulebook, task.lead)}",))
        else:
            yield label, _due(task.deadline)


def _due(deadline: PlannedDeadline | None) -> Said:
    if deadline is None:
        return Said(("没有时限",))
    until = f"{moment(deadline.due.due_at)}前（{deadline.label}，{deadline.limit}）"
    return Said((until,), due_sentence(due_data(deadline)))


def _whole(rulebook: Rulebook, decision: Decision, at: datetime) -> Iterator[Row]:
    assert decision.flow is not None
    if own := decision.flow.case_deadline:
        yield "全案期限", _due(plan_deadline(rulebook, rulebook.deadlines[own], decision.facts, at))


def _followed(rulebook: Rulebook, labels: Labels, decision: Decision) -> Iterator[Row]:
    """Yield what is sent, printed and cited."""
    assert decision.entered is not None
    entered = decision.entered
    reminders = sorted({each for task in entered.tasks for each in task.reminders}, key=lambda each: (each.at, each.to))
    if reminders:
        told = [_reminder(rulebook, labels, each) for each in reminders[:_MOST_REMINDERS]]
        yield "提醒和督办", Said(tuple(told))
    if papers := tuple(_papers(labels, decision)):
        yield "文书", Said(papers)
    if cites := cited(decision):
        yield "依据", Said(tuple(clauses_text(rulebook, cites).split("；")))


def cited(decision: Decision) -> tuple[str, ...]:
    """Return the clauses on which a decision rests, each once."""
    tasks = decision.entered.tasks if decision.entered else ()
    parts = (*(proposal.cites for proposal in decision.proposals), *(task.cites for task in tasks))
    return tuple(dict.fromkeys(clause for part in parts for clause in part))


def _reminder(rulebook: Rulebook, labels: Labels, each: PlannedReminder) -> str:
    printed = f"，印发{labels.notice(each.notice)}" if each.notice else ""
    return f"{local(each.at):%m-%d %H:%M} {_KINDS.get(each.kind, each.kind)}：{unit_label(rulebook, each.to)}{printed}"


def _papers(labels: Labels, decision: Decision) -> Iterator[str]:
    assert decision.entered is not None
    state = decision.entered.state
    now = dict.fromkeys((*decision.entered.notices, *(kind for task in decision.entered.tasks for kind in task.prints)))
    if now:
        yield f"转出时印：{'、'.join(labels.notice(kind) for kind in now)}"
    for outcome in state.outcomes.values():
        if outcome.prints:
            yield f"办成“{outcome.label}”时印：{'、'.join(labels.notice(kind) for kind in outcome.prints)}"
