"""An open case is moved to another release: what follows from rules follows from the new ones, nothing else moves."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from xunfang.casework import Actor, Asked, Case, Decided, Dispatch, Task
from xunfang.clock import parse
from xunfang.errors import Conflict
from xunfang.prove.memory import Memory
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook
from xunfang.rules.intake import decide
from xunfang.rules.sample import sample_answers

ROOT = Path(__file__).parents[1] / "fixtures" / "potholes"
CITY = "9999-hebian"
FLOW = "a flow"
LIMITS = "workflows/9999-hebian/deadlines.toml"
ROUTING = "workflows/9999-hebian/routing.toml"
SHALLOW = {"damage": "pothole", "depth_cm": 3, "danger": "none"}
DEEP = {**SHALLOW, "depth_cm": 12}

LONGER = (LIMITS, 'limit = "3 workdays"', 'limit = "5 workdays"')
SHORTER = (LIMITS, 'limit = "3 workdays"', 'limit = "1 workday"')
CREW_DEEP = (ROUTING, 'lead = "road-office"', 'lead = "crew"')
NO_ASSIST = (ROUTING, 'assist = ["crew"]', "")
STANDARD = '[standards.deep]\nlabel = "深坑标准（厘米）"\nsince = [{ date = 2026-01-01, value = 5 }]\npractice = "试验"'
DEEP_BY_STANDARD = (
    (ROUTING, "when.depth_cm.at_least = 10", 'when.depth_cm.at_least = "2 * $standards.deep"'),
    ("workflows/9999-hebian/jurisdiction.toml", 'hotline = "0999-7654321"', f'hotline = "0999-7654321"\n\n{STANDARD}'),
)
FIXING = (FLOW, "mending", "fixing")


@cache
def rules(*changes: tuple[str, str, str]) -> Rulebook:
    """Return the roads' rules with these pieces of their files put in the places of others."""
    files = dict(read_files(ROOT))
    flow = next(path for path in files if "/flows/" in path)
    for path, before, after in changes:
        name = flow if path == FLOW else path
        assert before in files[name]
        files[name] = files[name].replace(before, after)
    return compile_rulebook(files, CITY)


class Roads:
    """A pothole reported and mended in memory, by one release and then another."""

    def __init__(self) -> None:
        self.old = rules()
        self.memory, self.at = Memory(self.old), parse("2026-03-10T09:00:00")

    def report(self, answers: dict[str, Any]) -> Case:
        form = self.old.forms["pothole-report"]
        told = {**sample_answers(self.old, form), **answers}
        decision = decide(self.old, form.id, told, self.at)
        assert decision.problems == (), decision.problems
        actor = self.memory.person(unit="crew:999901")
        asked = Asked(verb="submit", actor=actor, decision=decision, submission=self.memory.new_id(), person="somebody")
        self.memory.do(asked, self.at, [])
        return self.case()

    def confirm(self, *leads: str) -> None:
        dispatch = self.only(Dispatch)
        as_proposed = tuple(Decided(str(item["lead"]), tuple(item["assist"])) for item in dispatch.proposed)
        decided = tuple(Decided(unit) for unit in leads) or as_proposed
        self.do("confirm-dispatch", "road-office", case=self.case().id, version=dispatch.version, decided=decided)

    def dispatched(self, answers: dict[str, Any], *leads: str) -> Task:
        self.report(answers)
        self.confirm(*leads)
        return self.lead()

    def do(self, verb: str, unit: str, **told: Any) -> None:
        actor = self.memory.person("chief", unit=unit)
        self.memory.do(Asked(verb=verb, actor=actor, **told), self.at, [self.case()])

    def do_to_lead(self, verb: str, by: str = "", **told: Any) -> None:
        task = self.lead()
        self.do(verb, by or task.unit, task=task.id, version=task.version, **told)

    def complete(self, form: str, outcome: str, **answers: Any) -> None:
        told = {**sample_answers(self.old, self.old.forms[form]), **answers}
        self.do_to_lead("complete", outcome=outcome, answers=told, submission=form)

    def every(self, kind: type[Any], **where: Any) -> list[Any]:
        rows = [row for row in self.memory.rows.values() if isinstance(row, kind)]
        return [row for row in rows if all(getattr(row, name) == value for name, value in where.items())]

    def only(self, kind: type[Any], **where: Any) -> Any:
        (found,) = self.every(kind, **where)
        return found

    def case(self) -> Case:
        found: Case = self.only(Case)
        return found

    def lead(self) -> Task:
        found: Task = self.only(Task, role="lead", ended_at=None)
        return found

    def move(self, to: Rulebook) -> None:
        was = self.memory.rulebook
        machine = Actor("", "系统", CITY, "", "", (), frozenset(), "改用规则版本")
        asked = Asked(verb="move-release", actor=machine, case=self.case().id, payload={"was": was})
        self.memory.rulebook = to
        try:
            self.memory.do(asked, self.at, [self.case()])
        except Conflict:
            self.memory.rulebook = was
            raise

    def events(self, name: str) -> list[Any]:
        return [event for event in self.memory.events if event.name == name]


@pytest.fixture
def roads() -> Roads:
    return Roads()


def due(task: Task) -> str:
    assert task.due is not None
    return str(task.due["due_at"])


def test_a_longer_limit_counts_from_the_same_beginning_and_everybody_concerned_is_told(roads: Roads) -> None:
    before = roads.dispatched(SHALLOW)
    roads.at = parse("2026-03-12T09:00:00")
    roads.move(rules(LONGER))
    after = roads.lead()
    assert (before.due_at, after.due_at) == (parse("2026-03-13T18:00:00"), parse("2026-03-17T18:00:00"))
    assert (after.id, roads.case().release) == (before.id, rules(LONGER).digest)
    (moved,), (changed,) = roads.events("case.rules_changed"), roads.events("task.limit_changed")
    assert (moved.data["from"], moved.data["to"]) == (rules().digest, rules(LONGER).digest)
    assert (changed.data["was_due"], changed.data["now_due"]) == (due(before), due(after))
    (told,) = (each for each in roads.memory.tellings if each.kind == "moved")
    assert told.unit == before.unit
    assert "2026年3月17日 18:00" in told.body
    assert {job.payload["due"] for job in roads.memory.jobs.values() if job.task == after.id} == {due(after)}


def test_what_somebody_has_in_hand_stays_with_its_unit(roads: Roads) -> None:
    before = roads.dispatched(DEEP)
    roads.do_to_lead("claim")
    roads.move(rules(LONGER, CREW_DEEP, NO_ASSIST))
    assert (roads.lead().id, roads.lead().unit) == (before.id, "road-office")
    assert roads.lead().due_at == parse("2026-03-17T18:00:00")


def test_who_assisted_and_leads_now_assists_again_once_moved_back(roads: Roads) -> None:
    before = roads.dispatched(DEEP)
    helper = roads.only(Task, role="assist", ended_at=None)
    roads.move(rules(CREW_DEEP, NO_ASSIST))
    assert [row.unit for row in roads.every(Task, ended_at=None)] == ["crew:999901"]
    roads.move(rules())
    again = roads.only(Task, role="assist", ended_at=None)
    assert (again.unit, again.lead_task, again.due_at) == (helper.unit, roads.lead().id, before.due_at)
    roads.do_to_lead("return", reason="不归我们管")
    assert roads.every(Task, role="assist", ended_at=None) == []


def test_moved_back_it_is_as_it_was(roads: Roads) -> None:
    before = roads.dispatched(DEEP)
    jobs = len([job for job in roads.memory.jobs.values() if job.task == before.id])
    roads.move(rules(LONGER, CREW_DEEP, NO_ASSIST))
    assert (before.unit, roads.lead().unit) == ("road-office", "crew:999901")
    assert roads.only(Task, id=before.id).status == "withdrawn"
    roads.move(rules())
    back = roads.lead()
    assert (back.unit, back.due_at, back.state) == (before.unit, before.due_at, before.state)
    assert roads.case().release == rules().digest
    assert len([job for job in roads.memory.jobs.values() if job.task == back.id]) == jobs


def test_whom_a_person_chose_stays(roads: Roads) -> None:
    before = roads.dispatched(DEEP, "crew:999902")
    roads.move(rules(CREW_DEEP, NO_ASSIST))
    assert (roads.lead().id, roads.lead().unit) == (before.id, "crew:999902")


def test_a_proposal_that_waits_is_that_of_the_new_table(roads: Roads) -> None:
    roads.report(DEEP)
    roads.move(rules(CREW_DEEP, NO_ASSIST))
    assert [item["lead"] for item in roads.only(Dispatch, status="proposed").proposed] == ["crew:999901"]
    roads.confirm()
    assert roads.lead().unit == "crew:999901"


def test_a_proposal_by_the_new_table_tells_its_sum(roads: Roads) -> None:
    roads.report(DEEP)
    roads.move(rules(CREW_DEEP, NO_ASSIST, *DEEP_BY_STANDARD))
    told = [event.data.get("sums_by", {}) for event in roads.memory.events if event.name == "dispatch.proposed"]
    assert [list(each) for each in told] == [[], ["deep"]]
    assert told[1]["deep"][0].endswith("> 2 × 5厘米（深坑标准，2026-01-01起）= 10厘米")


def test_what_would_be_over_by_now_stays_and_a_breach_is_never_erased(roads: Roads) -> None:
    before = roads.dispatched(SHALLOW)
    roads.at = parse("2026-03-12T09:00:00")
    roads.move(rules(SHORTER))
    assert roads.lead().due_at == before.due_at
    roads.at = parse("2026-03-16T09:00:00")
    roads.move(rules(LONGER))
    assert (roads.lead().due_at, roads.lead().overdue_at) == (before.due_at, before.due_at)


def test_an_extension_is_counted_again_and_a_pause_goes_on(roads: Roads) -> None:
    roads.dispatched(SHALLOW)
    roads.do_to_lead("ask-extension", days=2, reason="等材料")
    roads.do_to_lead("approve-extension", by="road-office")
    assert roads.lead().due_at == parse("2026-03-17T18:00:00")
    roads.do_to_lead("suspend", reason="等交警封路")
    roads.at = parse("2026-03-12T09:00:00")
    roads.move(rules(LONGER))
    assert (roads.lead().due_at, roads.lead().suspended_at) == (None, parse("2026-03-10T09:00:00"))
    roads.do_to_lead("resume")
    assert roads.lead().due_at == parse("2026-03-23T18:00:00")
    assert len((roads.lead().due or {})["extended"]) == 1


def extended_by_five(roads: Roads) -> None:
    """Dispatch a hole to be mended by Friday 13 March, and by the 20th as was approved."""
    roads.dispatched(SHALLOW)
    roads.do_to_lead("ask-extension", days=5, reason="等材料")
    roads.do_to_lead("approve-extension", by="road-office")
    assert roads.lead().due_at == parse("2026-03-20T18:00:00")


def test_a_pause_within_an_extension_still_counts(roads: Roads) -> None:
    extended_by_five(roads)
    roads.at = parse("2026-03-16T09:00:00")
    roads.do_to_lead("suspend", reason="等交警封路")
    roads.at = parse("2026-03-18T09:00:00")
    roads.do_to_lead("resume")
    assert roads.lead().due_at == parse("2026-03-24T18:00:00")
    roads.move(rules(NO_ASSIST))
    assert roads.lead().due_at == parse("2026-03-24T18:00:00")
    assert roads.events("task.limit_changed") == []


def test_an_extension_keeps_the_clauses_that_allow_it(roads: Roads) -> None:
    extended_by_five(roads)
    task = roads.lead()
    told = {**(task.due or {}), "extended": [{**(task.due or {})["extended"][0], "cites": ["市政条例§8"]}]}
    roads.memory.rows[task.id] = replace(task, due=told)
    roads.move(rules(LONGER))
    assert (roads.lead().due_at, (roads.lead().due or {})["extended"][0]["cites"]) == (
        parse("2026-03-24T18:00:00"),
        ["市政条例§8"],
    )


def test_what_stands_still_is_not_moved_to_before_it_stopped(roads: Roads) -> None:
    before = roads.dispatched(SHALLOW)
    roads.at = parse("2026-03-12T09:00:00")
    roads.do_to_lead("suspend", reason="等交警封路")
    roads.move(rules(SHORTER))
    assert due(roads.lead()) == due(before)
    roads.at = parse("2026-03-16T09:00:00")
    roads.do_to_lead("resume")
    assert (roads.lead().due_at, roads.lead().overdue_at) == (parse("2026-03-17T18:00:00"), None)


def test_what_the_new_rules_lack_makes_a_case_stay_as_it_was(roads: Roads) -> None:
    roads.dispatched(SHALLOW)
    rows, events = dict(roads.memory.rows), len(roads.memory.events)
    with pytest.raises(Conflict, match="新版本没有环节“修复”"):
        roads.move(rules(FIXING))
    assert (roads.memory.rows, len(roads.memory.events)) == (rows, events)


def test_a_state_that_the_case_has_left_may_be_gone(roads: Roads) -> None:
    roads.dispatched(SHALLOW)
    roads.complete("repair-record", "mended", mended=True)
    roads.move(rules(FIXING))
    assert roads.lead().state == "telling"
    roads.complete("told-record", "done")
    assert roads.case().closed_at is not None


def test_only_what_stands_on_the_named_release_is_moved(roads: Roads) -> None:
    roads.dispatched(SHALLOW)
    roads.memory.rulebook = rules(LONGER)
    with pytest.raises(Conflict, match="不在原版本"):
        roads.move(rules(SHORTER))
