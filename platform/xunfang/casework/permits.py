"""Who may do what now: pure, and asked by page and act alike, so that no button leads nowhere."""

from collections.abc import Iterable
from typing import Protocol

from xunfang.casework.actor import Actor
from xunfang.casework.facts import places_of
from xunfang.casework.handling import Overtaken
from xunfang.casework.items import rule_of
from xunfang.casework.papers import may_sign
from xunfang.casework.rows import Case, Task
from xunfang.casework.subjects import Registered, Subject, Whole
from xunfang.casework.terms import role_label, role_of
from xunfang.casework.verb import Verb
from xunfang.casework.verbs import verbs_on
from xunfang.casework.verbs.on_cases import DIRECTING
from xunfang.division import bounds
from xunfang.errors import Conflict, NotAllowed, Refused
from xunfang.rulebook.model import Outcome, Rulebook, State
from xunfang.rules.duties import receivers
from xunfang.rules.flow import home_of
from xunfang.rules.units import answers_for, unit_label

_WRONG_ROLE = {"consult": "这是会商任务，请用“答复会商”写明意见。"}


def permits(rulebook: Rulebook, actor: Actor, verb: Verb, subject: Subject) -> bool:
    """Return whether somebody may do a verb to a task, a case or a report as it stands now."""
    return why_not(rulebook, actor, verb, subject) is None


def permitted(rulebook: Rulebook, actor: Actor, subject: Subject) -> tuple[Verb, ...]:
    """Return everything somebody may do to a task, a case or a report now, in the order pages offer it."""
    return tuple(verb for verb in verbs_on(_kind_of(subject)) if permits(rulebook, actor, verb, subject))


def _kind_of(subject: Subject) -> str:
    kinds = ((Task, "task"), (Whole, "case"), (Registered, "person"))
    return next((name for kind, name in kinds if isinstance(subject, kind)), "report")


def is_theirs(rulebook: Rulebook, actor: Actor, verb: Verb, subject: Subject) -> bool:
    """Return whether a verb is somebody's to do to such a thing at all, however it stands now."""
    return _not_theirs(rulebook, actor, verb, subject) is None


def why_not(rulebook: Rulebook, actor: Actor, verb: Verb, subject: Subject) -> Refused | None:
    """Return why somebody may not do a verb to a task, a case or a report, or None when they may."""
    return _not_theirs(rulebook, actor, verb, subject) or _not_now(rulebook, actor, verb, subject)


def stead(rulebook: Rulebook, actor: Actor, verb: Verb, task: Task | None) -> str:
    """Return the name of the colleague in whose stead somebody does a verb, "" for whoever acts as themselves."""
    found = actor.stead_of(task.claimed_by) if task and verb.who == "holder" else None
    role = role_of(rulebook, task) if task and verb.who == "holder" else ""
    found = found or (actor.with_role(role) if role else None)
    found = found or actor.lent(*(_acts_for(verb, task) if task else verb.acts))
    return found.name if found else ""


def _not_theirs(rulebook: Rulebook, actor: Actor, verb: Verb, subject: Subject) -> Refused | None:
    if actor.reason:
        return None
    if _acts_on(actor, verb, subject).isdisjoint(_acts_for(verb, subject)):
        return NotAllowed("您的岗位没有这项权限。")
    if isinstance(subject, Task):
        return _not_their_task(rulebook, actor, verb, subject)
    if isinstance(subject, Whole):
        return _not_their_case(rulebook, actor, verb, subject)
    if isinstance(subject, Registered):
        return _not_their_person(rulebook, actor, subject)
    if verb.who == "sender" and subject.clue.by != actor.account:
        return NotAllowed("这条线索不是您上报的，由上报人本人更正或者撤回。")
    return None


def _not_their_task(rulebook: Rulebook, actor: Actor, verb: Verb, task: Task) -> Refused | None:
    if task.subject not in verb.of:
        return Conflict("这项任务不能这样办理。", "NOT_NOW")
    if task.role not in verb.to:
        return Conflict(_WRONG_ROLE.get(task.role, "这项任务不能这样办理。"), "NOT_NOW")
    if verb.who == "holder" and not answers_for(rulebook, actor.unit, task.unit):
        return NotAllowed(f"这项任务由{unit_label(rulebook, task.unit)}承办，您不能代办。")
    role = role_of(rulebook, task) if verb.who == "holder" else ""
    if role and not actor.holds(role):
        holder = f"{unit_label(rulebook, task.unit)}的{role_label(rulebook, role)}"
        return NotAllowed(f"这项任务由{holder}办理，您不能代办。")
    if verb.who == "receiver" and not _receives(rulebook, actor, task):
        return NotAllowed("这一项由收报单位或者上级分管领导办理，您不能办理。")
    return None


def _receives(rulebook: Rulebook, actor: Actor, task: Task) -> bool:
    """Return whether what a unit owes goes to somebody's unit, or they direct where it lies; never one's own."""
    if actor.unit == task.unit:
        return False
    duty = rulebook.duties.get(task.state)
    if duty and actor.unit in receivers(rulebook, duty, task.unit):
        return True
    return not actor.acts.isdisjoint(DIRECTING) and _within(actor, task.residence)


def _not_their_case(rulebook: Rulebook, actor: Actor, verb: Verb, whole: Whole) -> Refused | None:
    if verb.who == "director" and not _directs(rulebook, actor, whole.case):
        return NotAllowed("这件个案不在您负责的区划内，由分派单位或者本级分管领导办理。")
    if verb.who == "party" and not _is_party(rulebook, actor, whole):
        return NotAllowed("本单位没有办理本案的任务，不能办理这一项。")
    return None


def _not_their_person(rulebook: Rulebook, actor: Actor, subject: Registered) -> Refused | None:
    """Whoever keeps the registry keeps it of those who live in their division: seeing somebody is not enough."""
    if _within(actor, rulebook.divisions.follow(subject.person.residence)):
        return None
    return NotAllowed("此人不住在您负责的区划内，档案由其居住地的经办单位维护。")


def _acts_on(actor: Actor, verb: Verb, subject: Subject) -> frozenset[str]:
    """Return what somebody may do to a subject: to a task that a colleague has claimed, what that one may."""
    found = actor.stead_of(subject.claimed_by) if isinstance(subject, Task) and verb.who == "holder" else None
    return found.acts if found else actor.acts


def _acts_for(verb: Verb, subject: Subject) -> tuple[str, ...]:
    """Whoever only assists completes assisting tasks and answers; a lead of a case needs the first act of its verb."""
    leads = isinstance(subject, Task) and subject.role == "lead" and subject.subject == "case"
    return verb.acts[:1] if leads else verb.acts


def _directs(rulebook: Rulebook, actor: Actor, case: Case) -> bool:
    """Return whether a case lies in somebody's division, or begins at their unit: seeing it by a task is not enough."""
    home = home_of(rulebook, rulebook.flows[case.flow], places_of(case))
    return _within(actor, rulebook.divisions.follow(case.residence)) or actor.unit == home


def _within(actor: Actor, place: str) -> bool:
    known = (bounds(division) for division in (actor.division, *actor.served) if division)
    return any(low <= place < high for low, high in known)


def _is_party(rulebook: Rulebook, actor: Actor, whole: Whole) -> bool:
    """Whoever holds a task of a case that goes on, or confirms its dispatch, is a party to it."""
    holds = any(task.ended_at is None and answers_for(rulebook, actor.unit, task.unit) for task in whole.tasks)
    return holds or "confirm-dispatch" in actor.acts


def _not_now(rulebook: Rulebook, actor: Actor, verb: Verb, subject: Subject) -> Refused | None:
    if isinstance(subject, Task):
        return _task_not_now(rulebook, actor, verb, subject)
    if isinstance(subject, Whole):
        why = verb.bars_case(subject) or verb.bars_case_by(rulebook, subject)
    elif isinstance(subject, Registered):
        why = verb.bars_person(subject)
    else:
        why = verb.bars_report(subject)
    return Conflict(why, "NOT_NOW") if why else None


def _task_not_now(rulebook: Rulebook, actor: Actor, verb: Verb, task: Task) -> Refused | None:
    if task.ended_at is not None:
        return Overtaken(task, "TASK_CHANGED" if verb.who == "holder" else "TASK_ENDED")
    if verb.who != "holder":
        return _barred_for_all(rulebook, actor, verb, task)
    if (task.claimed_by and not actor.answers_as(task.claimed_by)) or (verb.id == "claim" and task.status != "open"):
        return Overtaken(task, "TASK_TAKEN")
    rule = rule_of(rulebook, task)
    why = verb.barred(task, rule) if rule else "这项任务所在的环节已不在规则中，请联系系统管理员。"
    why = why or verb.barred_by(rulebook, actor, task)
    return Conflict(why, "NOT_NOW") if why else None


def _barred_for_all(rulebook: Rulebook, actor: Actor, verb: Verb, task: Task) -> Refused | None:
    rule, lent = rule_of(rulebook, task), actor.lent(*verb.acts)
    why = (rule and verb.barred(task, rule)) or verb.barred_to(task, actor.account)
    why = why or (verb.barred_to(task, lent.account) if lent else "") or verb.barred_by(rulebook, actor, task)
    return Conflict(why, "NOT_NOW") if why else None


def state_of(rulebook: Rulebook, task: Task) -> State | None:
    """Return the state of a flow that a task is an instance of, None for any other and where no rule knows it."""
    rule = rule_of(rulebook, task)
    return rule if isinstance(rule, State) else None


def on_route(rulebook: Rulebook, task: Task) -> bool:
    """Return whether a task is that of a unit that a table routed to."""
    state = state_of(rulebook, task)
    return state is not None and state.per_route


def outcome_of(rulebook: Rulebook, task: Task) -> Outcome | None:
    """Return how a task ended, None while it goes on, or when the rules no longer know it."""
    state = state_of(rulebook, task)
    return state.outcomes.get(task.outcome) if state else None


# papers


class Paper(Protocol):
    """What of a paper decides about who may do something to it; the pages know no more of one."""

    @property
    def kind(self) -> str:
        """The kind of paper it is."""
        ...

    @property
    def status(self) -> str:
        """How it stands."""
        ...

    @property
    def unit(self) -> str:
        """The unit that issues it, or ""."""
        ...

    @property
    def addressees(self) -> tuple[str, ...]:
        """The units that it goes to, if to any."""
        ...


def paper_verbs(rulebook: Rulebook, actor: Actor, notice: Paper) -> tuple[Verb, ...]:
    """Return everything somebody may do to a paper in sight now, in the order pages offer it."""
    return tuple(verb for verb in verbs_on("paper") if why_not_paper(rulebook, actor, verb, notice) is None)


def why_not_paper(rulebook: Rulebook, actor: Actor, verb: Verb, notice: Paper) -> Refused | None:
    """Return why somebody may not do a verb to a paper in sight, or None when they may."""
    if refusal := None if actor.reason else _not_their_paper(rulebook, actor, verb, notice):
        return refusal
    if notice.status not in verb.when:
        return Conflict(f"这份文书{STANDS.get(notice.status, '')}，不能{verb.name}。请刷新页面。", "PAPER_CHANGED")
    return None


READY = ("draft", "issued", "filed")
"""How a paper stands that can be opened."""

STANDS = {
    "wanted": "正在制作", "draft": "待签发", "signed": "已签发，正在编号印制", "issued": "已制成",
    "filed": "已送达归档", "refused": "没有获准签发", "failed": "没有制成", "void": "已经作废",
    "withdrawn": "已随个案撤回",
}  # fmt: skip
"""How a paper stands, in words that follow it."""


def _not_their_paper(rulebook: Rulebook, actor: Actor, verb: Verb, notice: Paper) -> Refused | None:
    if actor.acts.isdisjoint(verb.acts):
        return NotAllowed("您的岗位没有这项权限。")
    if verb.who == "signer" and not may_sign(rulebook, actor, notice.kind):
        role = rulebook.roles.get(rulebook.notices[notice.kind].signed_off_by)
        return NotAllowed(f"这种文书由{role.label if role else '文书岗位'}签发，您不能办理。")
    if verb.who == "reader" and not may_open(actor, notice.unit, notice.addressees):
        return NotAllowed("这份文书由制发单位办理送达。")
    return None


def may_open(actor: Actor, issuer: str, addressees: Iterable[str]) -> bool:
    """Return whether somebody may open a paper in sight: it may hold a whole id number and what ails a person.

    Those who may see such things may; those who print open what their own unit sends or receives.
    """
    return "reveal" in actor.acts or ("print" in actor.acts and not {issuer, *addressees}.isdisjoint(actor.units))
