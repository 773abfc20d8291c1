"""Every verb, legal and illegal, over every flow of every jurisdiction, in memory, while days pass."""

from datetime import timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from machines.invariants import silent, wrong
from xunfang.casework import VERBS, Asked, Case, Changes, Clue, Decided, Dispatch, Notice, Row, Task, verbs_on
from xunfang.clock import local_date
from xunfang.errors import Conflict, Refused
from xunfang.prove.memory import Memory
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import IntakeForm, Rulebook
from xunfang.rules.intake import decide
from xunfang.rules.sample import sample_answers, sample_moment
from xunfang.settings import read_settings

ROOT = Path(__file__).parents[2]
SERVED = read_settings(ROOT / "config.toml").serves
STEPS = 40
LIKELY = {
    "draft": ("sign-off", "sign-off", "sign-off", "refuse-sign-off"),
    "issued": ("deliver", "void-paper"),
    "refused": ("remake-paper",) * 4,
    "void": ("remake-paper",) * 4,
}
"""What somebody would do next to a paper that stands so, so that chance comes by it."""
R = TypeVar("R", bound=Row)


@cache
def rulebook_of(jurisdiction: str) -> Rulebook:
    return compile_rulebook(read_files(ROOT), jurisdiction)


class Machine:
    """Cases in memory to which anything is done at random; every move is legal, or refused and without effect."""

    def __init__(self, rulebook: Rulebook, seed: int) -> None:
        self.rulebook, self.chance = rulebook, Random(seed)
        self.memory = Memory(rulebook)
        self.at = sample_moment(rulebook)
        self.done: set[str] = set()
        self.forms = [form for flow in rulebook.flows.values() for form in flow.opens_on]

    def step(self) -> None:
        often = (self.on_task, self.on_task, self.on_task, self.on_paper)
        moves = (self.report, self.confirm, *often, self.on_case, self.on_report, self.stale, self.wait)
        self.chance.choice(moves)()
        assert wrong(self.memory) == []

    def wait(self) -> None:
        self.at += timedelta(hours=self.chance.choice((1, 5, 24, 24 * 7, 24 * 40)))
        self.memory.pass_time(self.at)

    def report(self) -> None:
        form = self.rulebook.forms[self.chance.choice(self.forms)]
        decision = decide(self.rulebook, form.id, self.filled(form), self.at)
        if decision.problems or decision.flow is None:
            return
        person = self.chance.choice(("one", "two", self.memory.new_id()))
        actor = self.memory.person(unit=form.filled_by[0] if form.filled_by else "somebody")
        key = self.memory.new_id()
        asked = Asked(verb="submit", actor=actor, decision=decision, submission=key, person=person)
        flow = decision.flow.id
        same = [case for case in self.cases() if case.person == person and case.flow == flow and not case.closed_at]
        self.do(asked, same)

    def filled(self, form: IntakeForm) -> dict[str, Any]:
        """Fill a form with anything that may stand in it, and leave some of it out."""
        answers = sample_answers(self.rulebook, form)
        for name, field in form.fields.items():
            if field.kind == "boolean":
                answers[name] = self.chance.random() < 0.5
            elif field.list and name in answers:
                entries = [entry.id for entry in self.rulebook.lists[field.list].entries.values() if not entry.retired]
                some = self.chance.sample(entries, min(len(entries), 1 + (self.chance.random() < 0.3)))
                answers[name] = some if field.kind == "choices" else some[0]
            if not field.required and self.chance.random() < 0.2:
                answers.pop(name, None)
        return answers

    def confirm(self) -> None:
        waiting = [row for row in self.memory.rows.values() if isinstance(row, Dispatch) and row.status == "proposed"]
        if not waiting:
            return
        dispatch = self.chance.choice(waiting)
        case = self.case(dispatch.case)
        leads = [str(item["lead"]) for item in dispatch.proposed]
        if self.chance.random() < 0.3:
            leads = self.chance.sample(self.units(), 2)
        decided = tuple(Decided(lead, tuple(self.chance.sample(self.units(), 1))) for lead in dict.fromkeys(leads))
        state = self.rulebook.flows[case.flow].states[dispatch.state]
        leader = self.memory.person(self.rulebook.routing[state.routes_by].confirm, unit="whoever-confirms")
        version = dispatch.version + (self.chance.random() < 0.1)
        self.do(Asked(verb="confirm-dispatch", actor=leader, case=case.id, version=version, decided=decided), [case])

    def units(self) -> list[str]:
        places = [unit.id for unit in self.rulebook.units.values() if not unit.per]
        return sorted(places + [task.unit for task in self.tasks()])

    def on_task(self) -> None:
        if tasks := self.tasks():
            self.do(self.asked(self.chance.choice(tasks)))

    def asked(self, task: Task) -> Asked:
        state = self.rulebook.flows[task.flow].states[task.state]
        form = self.rulebook.forms.get(state.form)
        verbs = [verb.id for verb in VERBS.values() if verb.on == "task" and verb.who != "machinery"]
        verb = self.chance.choice([*verbs, *_likely(task)])
        own = VERBS[verb].who == "holder" and self.chance.random() < 0.9
        return Asked(
            verb=verb,
            actor=self.memory.person(unit=task.unit if own else "somebody-else"),
            task=task.id,
            version=task.version,
            reason=self.chance.choice(("不属本单位职责", "不属本单位职责", "")),
            unit=self.chance.choice(self.units()),
            days=self.chance.choice((0, 1, 5, 60, 61)),
            outcome=self.chance.choice([*state.outcomes, "no-such-outcome"]),
            answers=self.filled(form) if form else {},
            submission=self.memory.new_id(),
        )

    def on_case(self) -> None:
        """Do something to a case as a whole, sometimes to one that is closed, or about another one."""
        if not (cases := self.cases()):
            return
        several = [case for case in cases if sum(clue.case == case.id for clue in self.all(Clue)) > 1]
        case, other = self.chance.choice([*cases, *several * 3]), self.chance.choice(cases)
        verbs = [verb.id for verb in verbs_on("case") if verb.who != "confirmer"]
        clues = [clue.id for clue in self.all(Clue) if clue.case == case.id] or ["no-such-clue"]
        asked = Asked(
            verb=self.chance.choice(
                [*verbs, *(["reopen", "archive"] if case.closed_at else ["link", "split", "split"])]
            ),
            actor=self.memory.person(unit=self.chance.choice(self.units())),
            case=case.id,
            version=case.version,
            reason=self.chance.choice(("重复建案", "重复建案", "")),
            unit=self.chance.choice(self.units()),
            clue=self.chance.choice(clues),
            number=other.number,
            kind=self.chance.choice(sorted(self.rulebook.notices)),
        )
        self.do(asked, [case, other] if other.id != case.id else [case])

    def on_report(self) -> None:
        """Put right or take back a report, as its sender."""
        if not (clues := self.all(Clue)):
            return
        clue = self.chance.choice(clues)
        case, form = self.case(clue.case), self.rulebook.forms[clue.form]
        decision = decide(self.rulebook, form.id, self.filled(form), self.at)
        if decision.problems:
            return
        sender = self.memory.person(unit=clue.by.removeprefix("account-"))
        asked = Asked(
            verb=self.chance.choice([verb.id for verb in verbs_on("report")]),
            actor=sender,
            clue=clue.id,
            reason="报错了人",
            decision=decision,
            submission=self.memory.new_id(),
            person=case.person,
        )
        self.do(asked, [case])

    def on_paper(self) -> None:
        """Do something to a paper, as whoever signs its kind, or as somebody who may not."""
        if not (papers := self.all(Notice)):
            return
        paper = self.chance.choice(papers)
        verbs = [verb.id for verb in verbs_on("paper")]
        role = self.chance.choice((self.rulebook.notices[paper.kind].signed_off_by, "no-such-role"))
        asked = Asked(
            verb=self.chance.choice([*verbs, *LIKELY.get(paper.status, ())]),
            actor=self.memory.person(role, unit=paper.unit or "whoever-signs"),
            paper=paper.id,
            version=paper.version,
            reason=self.chance.choice(("姓名写错", "姓名写错", "")),
            way=self.chance.choice(("by-hand", "mail", "posted", "no-such-way")),
            day=local_date(self.at).isoformat(),
        )
        self.do(asked, [self.case(paper.case)])

    def stale(self) -> None:
        """Two clerks at once: the second one saw an older version, and is refused."""
        if not (tasks := [task for task in self.tasks() if task.ended_at is None]):
            return
        asked = self.asked(self.chance.choice(tasks))
        if not self.do(asked) or not VERBS[asked.verb].versioned:
            return
        with pytest.raises(Refused) as refused:
            self.memory.do(asked, self.at, [self.case(self.task(asked.task).case)])
        assert isinstance(refused.value, Conflict)

    def do(self, asked: Asked, cases: list[Case] | None = None) -> Changes | None:
        """Do a verb, or see it refused; whoever is refused has changed nothing."""
        before = dict(self.memory.rows)
        concerned = cases if cases is not None else [self.case(self.task(asked.task).case)]
        try:
            changes = self.memory.do(asked, self.at, concerned)
        except Refused:
            assert self.memory.rows == before
            return None
        assert not silent(changes), asked.verb
        self.done.add(asked.verb)
        return changes

    def all(self, kind: type[R]) -> list[R]:
        return [row for row in self.memory.rows.values() if isinstance(row, kind)]

    def cases(self) -> list[Case]:
        return self.all(Case)

    def tasks(self) -> list[Task]:
        return self.all(Task)

    def case(self, key: str) -> Case:
        case = self.memory.rows[key]
        assert isinstance(case, Case)
        return case

    def task(self, key: str) -> Task:
        task = self.memory.rows[key]
        assert isinstance(task, Task)
        return task


def _likely(task: Task) -> list[str]:
    """Return what somebody would do next, so that chance comes by it among all that makes no sense."""
    if task.ended_at is None and task.extension:
        return ["approve-extension", "refuse-extension"] * 6
    if task.ended_at is None and task.suspended_at:
        return ["resume"] * 6
    return ["answer"] * 6 if task.role == "consult" else ["complete", "ask-extension", "return"] * 2


@pytest.mark.parametrize("jurisdiction", SERVED)
@given(seed=st.integers(0, 2**32))
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_done_every_case_lies_with_somebody(jurisdiction: str, seed: int) -> None:
    machine = Machine(rulebook_of(jurisdiction), seed)
    for _ in range(STEPS):
        machine.step()


def test_the_machine_does_every_verb() -> None:
    done: set[str] = set()
    for seed in range(8):
        machine = Machine(rulebook_of(SERVED[0]), seed)
        for _ in range(STEPS * 4):
            machine.step()
        done |= machine.done
    people = {verb.id for verb in VERBS.values() if verb.who != "machinery"}
    assert people - done == set()
