"""Cases to which anything is done at random: every verb, legal and illegal, days passing, two clerks at once."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import pytest

from machines.invariants import wrong
from machines.merging import merged
from machines.telling import gone, untold
from machines.world import World
from xunfang.casework import VERBS, Asked, Case, Clue, Decided, Dispatch, Notice, Row, Task, verbs_on
from xunfang.clock import local_date
from xunfang.errors import Conflict, Refused
from xunfang.identity import make_id
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Field, Flow, IntakeForm, Rulebook
from xunfang.rules.intake import decide
from xunfang.rules.sample import SAMPLE_BORN, sample_answers
from xunfang.settings import read_settings
from xunfang.worktime import Holiday, WorkCalendar, YearDays, parse_year

ROOT = Path(__file__).parents[2]
SERVED = read_settings(ROOT / "config.toml").serves
LIKELY = {
    "draft": ("sign-off", "sign-off", "sign-off", "refuse-sign-off"),
    "issued": ("deliver", "void-paper"),
    "refused": ("remake-paper",) * 4,
    "void": ("remake-paper",) * 4,
}
"""What somebody would do next to a paper that stands so, so that chance comes by it."""
TRIES = 4
MOST_TRIES = 40
"""How often somebody who presses on fills a form in anew."""
MERGERS = 2
"""How many times townships merge at most, so that some are left."""
R = TypeVar("R", bound=Row)
M = TypeVar("M")


@cache
def rulebook_of(jurisdiction: str) -> Rulebook:
    return compile_rulebook(read_files(ROOT), jurisdiction)


@cache
def known_years() -> dict[int, YearDays]:
    texts = [text for path, text in read_files(ROOT).items() if path.startswith("workflows/00-national/calendars/")]
    years = [parse_year(tomllib.loads(text)) for text in texts]
    return {found.year: found for found in years}


def _towards_a_posting(flow: Flow, state: str) -> str:
    """Return the outcome of a state on the shortest way to one in which objections are waited for, "" for none."""
    ways = [(outcome.to, outcome.id) for outcome in flow.states[state].outcomes.values()]
    seen = {state}
    for to, first in ways:  # grows while it is gone through
        if flow.states[to].interrupted_by:
            return first
        if to not in seen:
            seen.add(to)
            ways += [(outcome.to, first) for outcome in flow.states[to].outcomes.values()]
    return ""


class Machine:
    """Cases to which anything is done at random; every move is legal, or refused and without effect."""

    def __init__(self, world: World, seed: int, looks: float = 1) -> None:
        """`looks`: how often it is looked whether all is well, from never (0) to after every move (1)."""
        self.looks = looks
        self.world, self.chance = world, Random(seed)
        self.done: set[str] = set()
        self.later: dict[int, YearDays] = {}
        self.forms = [form for flow in self.rulebook.flows.values() for form in flow.opens_on]
        self.merged, self.mergers = 0, MERGERS

    @property
    def places(self) -> dict[str, list[str]]:
        """A few divisions that there are now, by level."""
        return {level: self._places(level) for level in ("township", "village")}

    @property
    def rulebook(self) -> Rulebook:
        return self.world.rulebook

    def _places(self, level: str) -> list[str]:
        """Return a few divisions of a level, of as many different ones above them as there are."""
        here = self.rulebook.on(local_date(self.world.at))
        found = [place.code for place in here.divisions.of_level(level, here.code)]
        above = {code[: 9 if level == "village" else 6]: code for code in reversed(found)}
        return sorted({*found[:2], *list(above.values())[-3:]})

    def step(self) -> None:
        often = (self.on_task, self.on_task, self.on_task, self.on_paper)
        rare = (self.stale, self.together, self.wait)
        moves = (self.report, self.confirm, *often, self.on_case, self.on_report, *rare)
        move = self.chance.choice(moves) if self.cases() else self.report
        seldom = self.chance.random()
        (self.days_off if seldom < 0.02 else self.merge if seldom < 0.04 else move)()
        if self.chance.random() < self.looks:
            self.check()

    def check(self) -> None:
        found = wrong(self.world)
        assert not found, "\n".join(found)

    def wait(self) -> None:
        span = timedelta(hours=self.chance.choice((1, 5, 24, 24 * 7, 24 * 40)))
        self.watched(lambda: self.world.pass_time(self.world.at + span))

    def days_off(self) -> None:
        """Let the days off of the next year be published, anywhere in it."""
        year = self.rulebook.calendar.last_published + 1
        first = date(year, 1, 1) + timedelta(days=self.chance.choice((0, 0, 90, 200)))
        days = tuple(first + timedelta(days=n) for n in range(self.chance.randint(3, 8)))
        self.later[year] = YearDays(year, True, "", {"some": Holiday("节日", days)}, {})
        calendar = WorkCalendar({**known_years(), **self.later})
        self.watched(lambda: self.world.publish_days_off(calendar))

    def merge(self) -> None:
        """Let the day begin on which two townships of one county become one."""
        county = self.chance.choice(self.places["township"] or [""])[:6]
        inside = self.rulebook.divisions.of_level("township", self.rulebook.code)
        there = [place.code for place in inside if place.code.startswith(county) and place.code != self.rulebook.code]
        if len(there) < 2 or self.merged == self.mergers:
            return
        self.merged += 1
        lived = [case.residence[:9] for case in self.cases() if case.residence[:9] in there]
        first = self.chance.choice(lived or there)
        other = self.chance.choice([code for code in there if code != first])
        tree = merged(self.rulebook.divisions, (first, other), local_date(self.world.at) + timedelta(days=1))
        self.watched(lambda: self.world.change_divisions(tree))

    def report(self) -> None:
        form = self.rulebook.forms[self.chance.choice(self.forms)]
        decision = decide(self.rulebook, form.id, self.filled(form), self.world.at)
        if decision.problems or decision.flow is None:
            return
        person = self.chance.choice(("one", "two", self.world.new_id()))
        actor = self.world.person(unit=self.chance.choice(form.filled_by) if form.filled_by else "somebody")
        key = self.world.new_id()
        asked = Asked(verb="submit", actor=actor, decision=decision, submission=key, person=person)
        flow = decision.flow.id
        same = [case for case in self.cases() if case.person == person and case.flow == flow and not case.closed_at]
        self.do(asked, same)

    def press_on(self) -> None:
        """Complete each open task the way that leads to a posting, where its flow has one: chance comes by none."""
        for task in [task for task in self.tasks() if not task.ended_at]:
            outcome = _towards_a_posting(self.rulebook.flows[task.flow], task.state)
            for _ in range(MOST_TRIES if outcome else 0):
                if self.do(replace(self.asked(task, "complete"), outcome=outcome)):
                    break

    def filled(self, form: IntakeForm) -> dict[str, Any]:
        """Fill a form with anything that may stand in it, and leave some of it out."""
        answers = sample_answers(self.rulebook, form)
        for name, field in form.fields.items():
            if field.kind in ("boolean", "division", "resident-id") or (field.list and name in answers):
                answers[name] = self._anything(field, answers.get(name))
            if not field.required and self.chance.random() < 0.2:
                answers.pop(name, None)
        return answers

    def _anything(self, field: Field, sample: Any) -> Any:
        if field.kind == "boolean":
            return self.chance.random() < 0.5
        if field.kind == "division":
            return self.chance.choice(self.places.get(field.level or "village") or [sample])
        if field.kind == "resident-id":
            region = self.rulebook.code[:6].ljust(6, "0")
            return make_id(region, SAMPLE_BORN, self.chance.choice((21, 23, self.chance.randrange(1, 999, 2))))
        entries = [entry.id for entry in self.rulebook.lists[field.list].entries.values() if not entry.retired]
        some = self.chance.sample(entries, min(len(entries), 1 + (self.chance.random() < 0.3)))
        return some if field.kind == "choices" else some[0]

    def confirm(self) -> None:
        waiting = [row for row in self.all(Dispatch) if row.status == "proposed"]
        if not waiting:
            return
        dispatch = self.chance.choice(waiting)
        case = self.case(dispatch.case)
        leads = [str(item["lead"]) for item in dispatch.proposed]
        if self.chance.random() < 0.3:
            leads = self.chance.sample(self.units(), 2)
        decided = tuple(Decided(lead, tuple(self.chance.sample(self.units(), 1))) for lead in dict.fromkeys(leads))
        state = self.rulebook.flows[case.flow].states[dispatch.state]
        leader = self.world.person(self.rulebook.routing[state.routes_by].confirm, unit=dispatch.unit)
        version = dispatch.version + (self.chance.random() < 0.1)
        self.do(Asked(verb="confirm-dispatch", actor=leader, case=case.id, version=version, decided=decided), [case])

    def units(self) -> list[str]:
        places = [unit.id for unit in self.rulebook.units.values() if not unit.per]
        return sorted(places + [task.unit for task in self.tasks()])

    def on_task(self) -> None:
        """Do something to a task; whoever completes one and is told what is wrong fills the form in anew."""
        if not (tasks := self.tasks()):
            return
        asked = self.asked(self.chance.choice([*tasks, *(task for task in tasks if not task.ended_at)]))
        done, tries = self.do(asked), TRIES
        while asked.verb == "complete" and not done and tries:
            done, tries = self.do(self.asked(self.task(asked.task), "complete")), tries - 1

    def asked(self, task: Task, verb: str = "") -> Asked:
        state = self.rulebook.flows[task.flow].states[task.state]
        form = self.rulebook.forms.get(state.form)
        verbs = [verb.id for verb in VERBS.values() if verb.on == "task" and verb.who != "machinery"]
        verb = verb or self.chance.choice([*verbs, *_likely(task)])
        own = VERBS[verb].who == "holder" and self.chance.random() < 0.9
        return Asked(
            verb=verb,
            actor=self.world.person(unit=task.unit if own else "somebody-else"),
            task=task.id,
            version=task.version,
            reason=self.chance.choice(("不属本单位职责", "不属本单位职责", "")),
            unit=self.chance.choice(self.units()),
            days=self.chance.choice((0, 1, 5, 60, 61)),
            outcome=self.chance.choice([*state.outcomes, "no-such-outcome"]),
            answers=self.filled(form) if form else {},
            submission=self.world.new_id(),
        )

    def on_case(self) -> None:
        """Do something to a case as a whole, sometimes to one that is closed, or about another one."""
        if not (cases := self.cases()):
            return
        several = [case for case in cases if sum(clue.case == case.id for clue in self.all(Clue)) > 1]
        posted = [case for case in cases if not case.closed_at and self._may_be_objected_to(case)]
        case = self.chance.choice([*cases, *several * 3, *posted * 3])
        like = [one for one in cases if (one.flow, one.closed_at) == (case.flow, None) and one.id != case.id]
        other = self.chance.choice(like if like and self.chance.random() < 0.8 else cases)
        verbs = [verb.id for verb in verbs_on("case") if verb.who != "confirmer"]
        likely = ["reopen", "archive"] if case.closed_at else ["link", "split", "split"]
        likely += ["object"] * 6 if case in posted else []
        clues = [clue.id for clue in self.all(Clue) if clue.case == case.id] or ["no-such-clue"]
        asked = Asked(
            verb=self.chance.choice([*verbs, *likely]),
            actor=self.world.person(unit=self.chance.choice(self.units())),
            case=case.id,
            version=case.version,
            reason=self.chance.choice(("重复建案", "重复建案", "")),
            unit=self.chance.choice(self.units()),
            clue=self.chance.choice(clues),
            number=other.number,
            kind=self.chance.choice(sorted(self.rulebook.notices)),
        )
        self.do(asked, [case, other] if other.id != case.id else [case])

    def _may_be_objected_to(self, case: Case) -> bool:
        return bool(self.rulebook.flows[case.flow].states[case.state].interrupted_by)

    def on_report(self) -> None:
        """Put right or take back a report, as its sender."""
        if not (clues := self.all(Clue)):
            return
        clue = self.chance.choice(clues)
        case, form = self.case(clue.case), self.rulebook.forms[clue.form]
        decision = decide(self.rulebook, form.id, self.filled(form), self.world.at)
        if decision.problems:
            return
        sender = self.world.sender(clue)
        asked = Asked(
            verb=self.chance.choice([verb.id for verb in verbs_on("report")]),
            actor=sender,
            clue=clue.id,
            reason="报错了人",
            decision=decision,
            submission=self.world.new_id(),
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
            actor=self.world.person(role, unit=paper.unit or "whoever-signs"),
            paper=paper.id,
            version=paper.version,
            reason=self.chance.choice(("姓名写错", "姓名写错", "")),
            way=self.chance.choice(("by-hand", "mail", "posted", "no-such-way")),
            day=local_date(self.world.at).isoformat(),
        )
        self.do(asked, [self.case(paper.case)])

    def stale(self) -> None:
        """Two clerks at once: the second one saw an older version, and is refused."""
        if not (tasks := [task for task in self.tasks() if task.ended_at is None]):
            return
        asked = self.asked(self.chance.choice(tasks))
        if not self.do(asked) or not VERBS[asked.verb].versioned:
            return
        asked = replace(asked, submission=self.world.new_id())
        with pytest.raises(Refused) as refused:
            self.world.do(asked, [self.case(self.task(asked.task).case)])
        assert isinstance(refused.value, Conflict)

    def together(self) -> None:
        """Two clerks at once, who want different things: what one did not see, they do not overwrite."""
        if not (tasks := [task for task in self.tasks() if task.ended_at is None]):
            return
        task = self.chance.choice(tasks)
        first, second = self.asked(task), self.asked(task)
        refused = self.watched(lambda: self.world.do_both(first, second, [self.case(task.case)]))
        done = [one for one, why in zip((first, second), refused, strict=True) if why is None]
        versioned = [one for one in done if VERBS[one.verb].versioned]
        assert len(versioned) < 2 or self.task(task.id).version <= task.version + 1, [one.verb for one in versioned]
        self.done |= {one.verb for one in done}

    def do(self, asked: Asked, cases: list[Case] | None = None) -> bool:
        """Do a verb, or see it refused; whoever is refused has changed nothing."""
        concerned = cases if cases is not None else [self.case(self.task(asked.task).case)]
        before = self.world.rows()
        try:
            self.watched(lambda: self.world.do(asked, concerned), before)
        except Refused:
            assert self.world.rows() == before, asked.verb
            return False
        self.done.add(asked.verb)
        return True

    def watched(self, move: Callable[[], M], before: Mapping[str, Row] | None = None) -> M:
        """Make a move, and see that all it changed is on record and nothing is gone."""
        before = self.world.rows() if before is None else before
        recorded = self.world.recorded()
        brought = move()
        after, events = self.world.rows(), self.world.recorded_since(recorded)
        found = [*gone(before, after), *untold(before, after, events)]
        assert not found, "\n".join(found)
        return brought

    def all(self, kind: type[R]) -> list[R]:
        return [row for row in self.world.rows().values() if isinstance(row, kind)]

    def cases(self) -> list[Case]:
        return self.all(Case)

    def tasks(self) -> list[Task]:
        return self.all(Task)

    def case(self, key: str) -> Case:
        case = self.world.rows()[key]
        assert isinstance(case, Case)
        return case

    def task(self, key: str) -> Task:
        task = self.world.rows()[key]
        assert isinstance(task, Task)
        return task


def _likely(task: Task) -> list[str]:
    """Return what somebody would do next, so that chance comes by it among all that makes no sense."""
    if task.ended_at is None and task.extension:
        return ["approve-extension", "refuse-extension"] * 6
    if task.ended_at is None and task.suspended_at:
        return ["resume"] * 6
    if task.role == "consult":
        return ["answer"] * 6
    return ["complete", "ask-extension", "return"] * 2 + ["return"] * (0 if task.urgent else 4)
