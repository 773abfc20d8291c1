"""A verb 办理动作 as one value, and one of them as it is asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from xunfang.casework.actor import Actor
from xunfang.casework.dispatching import Decided
from xunfang.casework.draft import Draft
from xunfang.casework.rows import Task
from xunfang.casework.subjects import Registered, Report, Whole
from xunfang.rulebook.model import Rulebook
from xunfang.rules.intake import Decision

RULES = "rules"
"""In the payload: the rules of the case that a report joins or moves to, where they are others than the verb's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One verb with its input: who does it, to what, with which words, and which version of it they saw."""

    verb: str
    actor: Actor
    case: str = ""
    task: str = ""
    clue: str = ""
    paper: str = ""
    version: int = 0
    reason: str = ""
    unit: str = ""
    number: str = ""
    days: int = 0
    level: str = ""
    places: tuple[str, ...] = ()
    moment: str = ""
    outcome: str = ""
    kind: str = ""
    day: str = ""
    way: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    submission: str = ""
    confirmed: tuple[str, ...] = ()
    decided: tuple[Decided, ...] = ()
    decision: Decision | None = None
    person: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)


Input = Literal[
    "reason", "unit", "form", "way", "day", "days", "clue", "number", "addressee", "relation", "cause",
    "along", "places", "category", "held", "clause", "field", "value", "entitlement", "payee", "receiver",
]  # fmt: skip
Subject = Literal[
    "task", "case", "form", "report", "paper", "circular", "alert", "sitting", "person", "roll", "helped",
    "change-set",
]  # fmt: skip
Who = Literal[
    "holder",
    "receiver",
    "confirmer",
    "party",
    "anybody",
    "signer",
    "reader",
    "director",
    "sender",
    "keeper",
    "machinery",
]
Barred = Callable[[Task, Any], str]
BarredTo = Callable[[Task, str], str]
BarredBy = Callable[[Rulebook, Actor, Task], str]


def _never(*_subject: Any) -> str:
    return ""


def _nobody(task: Task, account: str) -> str:
    return ""


def _by_no_rule(rulebook: Rulebook, actor: Actor, task: Task) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """One thing that can be done: by whom, with what, what it is called and recorded as, what it does to the clocks.

    `acts`: the roles' acts of which one is needed. `of`: what the tasks must be about that it can be done to. `who`:
    "holder" of the task, the "receiver" of what it owes or who directs there, the "confirmer" of a dispatch, the
    "director" in whose division or unit the case lies, a "party" to the case (whoever holds a task of it or confirms
    its dispatch), the "sender" of a clue, "anybody" who sees the case, the "signer" of a paper or a "reader" of it, or
    the "keeper" of the registry where a person lives, or the "machinery". `to`: the roles of tasks it can be done to.
    `when`: how a paper must stand for it. `asks`: what a page asks for besides. `done`: the sentence afterwards.
    `barred`: why it can't be done to a task, or "", by what of the rules that is an instance of (a state, a duty);
    `bars_case`, `bars_report` and `bars_person` say so of a case, a report, a person, `bars_case_by` of a case by its
    rules; `barred_to`: why one account may not do it; `barred_by`: why one person may not by the rule of the task's own
    deadline. `elsewhere`: it has a page of its own. `versioned`: whoever does it must have seen the newest version.
    `careful`: its button warns. `first`: its button is the one that stands out. `name` is the bare word for it, `label`
    what the button says; `several`: it can be done to many at once. `reason_name`: what that is called which is
    written, if no reason.
    """

    id: str
    label: str
    event: str
    do: Callable[[Draft, Asked], None]
    on: Subject = "task"
    of: tuple[str, ...] = ("case",)
    acts: tuple[str, ...] = ()
    who: Who = "holder"
    asks: tuple[Input, ...] = ()
    done: str = ""
    clocks: str = "任务和个案的期限都不变。"
    barred: Barred = _never
    bars_case: Callable[[Whole], str] = _never
    bars_case_by: Callable[[Rulebook, Whole], str] = _never
    bars_report: Callable[[Report], str] = _never
    bars_person: Callable[[Registered], str] = _never
    barred_to: BarredTo = _nobody
    barred_by: BarredBy = _by_no_rule
    elsewhere: bool = False
    versioned: bool = True
    careful: bool = False
    first: bool = False
    name: str = ""
    unit_label: str = "受办单位"
    reason_name: str = ""
    days_label: str = "天数"
    most_days: int = 60
    to: tuple[str, ...] = ("lead", "assist")
    several: bool = False
    when: tuple[str, ...] = ()

    @property
    def reason_label(self) -> str:
        """Return what the field is called in which the reason is written."""
        return self.reason_name or f"{self.name}理由"
