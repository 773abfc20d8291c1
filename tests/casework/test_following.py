"""Divisions change in the middle of a case: on the pure floor and on the engine it goes on with whoever follows."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from casework.altered import STORY
from casework.county import BOSHAN, ROOT, County
from merged import NEW, ONE, OTHER, Change, Line, changed, handing_on, merging, renaming
from xunfang.casework import Actor, Case, Notice, Task
from xunfang.casework.draft import Draft
from xunfang.casework.file import File
from xunfang.casework.following import proposals_after
from xunfang.casework.issuing import next_number, series_of
from xunfang.cli.engine_scenarios import disagreements
from xunfang.clock import local_date, parse
from xunfang.prove.scenarios import run
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook
from xunfang.rules.routing import Proposal
from xunfang.rules.units import document_word, unit_id

HERE, THERE, THEN = f"township:{ONE}", f"township:{OTHER}", f"township:{NEW}"
EVE, DAY = parse("2026-03-31T12:00:00"), parse("2026-04-01T08:00:00")
MERGED = """
label = "办理途中两镇合并，由合并后的镇接着办，期限不变"
[[steps]]
at = 2026-03-30T10:00:00
submit = "clue-report"
base = "typical"
answers.found_at = 2026-03-30T09:30:00
answers.needs = ["basic-living"]
[[steps]]
at = 2026-03-30T11:00:00
act = "confirm-dispatch"
expect.due_at = { "township:370304102" = 2026-04-07T17:30:00 }
[[steps]]
at = 2026-04-01T09:00:00
submit = "clue-report"
base = "typical"
answers.found_at = 2026-04-01T08:30:00
expect.problems = ["registration", "residence"]
[[steps]]
at = 2026-04-01T10:00:00
flow = "clue"
act = "ask-extension"
unit = "township:370304120"
days = 3
expect.due_at = { "township:370304120" = 2026-04-07T17:30:00 }
[[steps]]
at = 2026-04-02T10:00:00
flow = "clue"
act = "complete"
unit = "township:370304120"
outcome = "ineligible"
answers.visited_on = 2026-04-02
answers.findings = "已入户核查。"
answers.eligible = false
answers.refusal_reason = "income"
expect.state = "notify"
"""


@cache
def rules(change: Change, story: str = "") -> Rulebook:
    files = changed(read_files(ROOT), change)
    return compile_rulebook({**files, STORY: story} if story else files, BOSHAN)


def both_floors(rulebook: Rulebook) -> list[str]:
    story = next(scenario for scenario in rulebook.scenarios if scenario.id == "altered")
    return [str(failure) for failure in (*run(rulebook, story), *disagreements(rulebook, story))]


def county(change: Change = merging) -> County:
    found = County(rules(change))
    found.memory.pass_time(found.at)
    return found


def reported(found: County, **answers: object) -> Case:
    """Report somebody on the eve of the change."""
    found.at = EVE
    found.memory.pass_time(EVE)
    return found.report(needs=["basic-living"], **answers)


def test_a_case_goes_on_over_the_day_on_both_floors() -> None:
    assert both_floors(rules(merging, MERGED)) == []


def test_reminders_go_to_the_new_unit_at_their_own_moments() -> None:
    found = county()
    case = reported(found)
    found.confirm(case)
    found.memory.pass_time(parse("2026-03-31T23:59:00"))
    before = {job.key: (job.run_at, str(job.payload.get("to"))) for job in found.memory.waiting()}
    assert HERE in {to for _, to in before.values()}
    found.memory.pass_time(parse("2026-04-01T00:00:00"))
    after = {job.key: (job.run_at, str(job.payload.get("to"))) for job in found.memory.waiting()}
    assert {key: at for key, (at, _) in after.items()} == {key: at for key, (at, _) in before.items()}
    assert {to for _, to in after.values()} == {to.replace(HERE, THEN) for _, to in before.values()}


def test_the_superior_of_a_village_that_is_handed_on_is_reminded_for_it_no_more() -> None:
    found = county(handing_on)
    case = reported(found)
    found.confirm(case)
    found.memory.pass_time(parse("2026-04-01T00:00:00"))
    assert HERE not in {str(job.payload.get("to")) for job in found.memory.waiting()}
    assert found.task(case, THERE).residence == f"{OTHER}900"


def test_two_tasks_of_units_that_become_one_are_one_with_the_rows_of_both() -> None:
    found = county()
    case = reported(found)
    found.confirm(case, HERE, THERE)
    leads = [task for task in found.all(Task) if task.case == case.id and task.role == "lead" and not task.ended_at]
    assert {task.unit for task in leads} == {HERE, THERE}
    found.memory.pass_time(parse("2026-04-01T00:00:00"))
    left = [task for task in found.all(Task) if task.case == case.id and task.role == "lead" and not task.ended_at]
    assert [task.unit for task in left] == [THEN]
    assert {*left[0].routes} == {row for task in leads for row in task.routes}
    withdrawn = [event for event in found.events("task.withdrawn") if event.case == case.id]
    assert "并为一件" in withdrawn[0].data["because"]
    told = [each for each in found.memory.tellings if each.title.endswith("任务并为一件")]
    assert {THEN} < {each.unit for each in told} <= {THEN, HERE, THERE}


def both_open(found: County) -> tuple[Case, Task, Task]:
    """Return a case with the tasks of two units that become one, that which stands first and the other."""
    case = reported(found)
    found.confirm(case, HERE, THERE)
    return case, *sorted((found.task(case, HERE), found.task(case, THERE)), key=lambda task: task.id)


@pytest.mark.parametrize("held_up", ["later", "stopped"])
def test_of_two_tasks_that_become_one_that_is_left_whose_limit_is_over_first(held_up: str) -> None:
    found = county()
    case, first, second = both_open(found)
    assert first.due_at is not None
    clock = (
        {"due_at": first.due_at + timedelta(days=14)} if held_up == "later" else {"due_at": None, "suspended_at": EVE}
    )
    found.memory.rows[first.id] = replace(first, **clock)  # type: ignore[arg-type]
    found.memory.pass_time(parse("2026-04-01T00:00:00"))
    left = found.task(case)
    assert (left.id, left.unit, left.due_at, left.suspended_at) == (second.id, THEN, second.due_at, None)
    assert {*left.routes} == {*first.routes, *second.routes}
    assert found.memory.rows[first.id].status == "withdrawn"  # type: ignore[union-attr]


def test_a_breach_of_the_task_that_goes_is_written_down() -> None:
    found = county()
    case, first, second = both_open(found)
    over = parse("2026-03-31T23:59:59")
    for task in (first, second):
        found.memory.rows[task.id] = replace(task, due_at=over)
    found.memory.jobs = {key: job for key, job in found.memory.jobs.items() if job.case != case.id}
    found.memory.pass_time(parse("2026-04-01T00:00:00"))
    gone = found.memory.rows[second.id]
    assert (gone.status, gone.overdue_at) == ("withdrawn", over)  # type: ignore[union-attr]


def test_what_is_proposed_of_units_that_become_one_is_proposed_once() -> None:
    both = (Proposal(HERE, ("village:370304102200",), ("a",), ("x",)), Proposal(THERE, (HERE,), ("b",), ("x", "y")))
    found = proposals_after(rules(merging).on(local_date(DAY)), both, ())
    assert found == (Proposal(THEN, ("village:370304120200",), ("a", "b"), ("x", "y")),)


def test_a_case_opened_again_lies_where_its_people_live_by_now() -> None:
    found = county()
    case = reported(found)
    found.confirm(case)
    found.do_whole("void", found.case(case.id), reason="重复建案")
    found.at = DAY
    found.memory.pass_time(DAY)
    assert found.case(case.id).residence.startswith(ONE)
    found.do_whole("reopen", found.case(case.id), reason="误作废")
    again = found.case(case.id)
    assert again.residence.startswith(NEW)
    assert {task.unit for task in found.all(Task) if task.case == case.id and not task.ended_at} == {THEN}


def test_a_new_unit_has_a_series_of_its_own_and_a_renamed_one_goes_on_in_its_own() -> None:
    pattern = "{unit}社救受〔{year}〕{n}号"
    assert len({series_of(pattern, unit) for unit in (HERE, THERE, THEN)}) == 3
    eve, day = (rules(renaming).on(local_date(moment)) for moment in (EVE, DAY))
    bare = "township:370304103"
    assert document_word(day, bare) == document_word(eve, bare)
    named = compile_rulebook(changed(_without_instances(), renaming), BOSHAN)
    words = [document_word(named.on(local_date(moment)), HERE) for moment in (EVE, DAY)]
    assert words == ["域城镇", "域城街道"]


def recoding(rows: list[Line], day: str, last: str) -> list[Line]:
    """Give 白塔镇 another code, and the name it has."""
    ended = [row._replace(until=last, successor=NEW) if row.code == OTHER else row for row in rows]
    name = next(row.name for row in rows if row.code == OTHER)
    kept = [row for row in ended if row.code == OTHER or not row.code.startswith(OTHER)]
    return [*kept, Line(NEW, name, "township", day)]


@pytest.mark.parametrize(("change", "number"), [(recoding, 18), (merging, 1)])
def test_what_a_unit_of_the_same_word_gave_out_this_year_is_not_given_out_again(change: Change, number: int) -> None:
    pattern = "{unit}社救受〔{year}〕{n}号"
    rulebook = compile_rulebook(changed(_without_instances(), change), BOSHAN).on(local_date(DAY))
    file = File(numbers={series_of(pattern, THERE): 17})
    draft = Draft(rulebook, file, Actor("", "", BOSHAN, "", "", (), frozenset()), DAY, str)
    taken = [next_number(draft, pattern, THEN)["number"] for _ in range(2)]
    word = document_word(rulebook, THEN)
    assert taken == [f"{word}社救受〔2026〕{n}号" for n in (number, number + 1)]
    assert draft.changes().numbers == {series_of(pattern, THEN): number + 1}


def _without_instances() -> dict[str, str]:
    files = dict(read_files(ROOT))
    path = f"workflows/{BOSHAN}/units.toml"
    before, _, rest = files[path].partition("[township.instances.370304102]")
    return {**files, path: before + "[" + rest.partition("\n[")[2]}


def test_whoever_decides_by_the_place_finds_the_unit_of_the_day() -> None:
    book = rules(merging)
    facts = {"residence": "370304103201"}
    ref = next(row.lead for row in book.routing["clue"].every_row if row.lead and row.lead.unit == "township")
    assert [unit_id(book.on(local_date(moment)), ref, facts) for moment in (EVE, DAY)] == [THERE, THEN]


def test_a_paper_with_a_number_keeps_the_unit_of_its_series() -> None:
    found = county()
    case = reported(found)
    wanted = Notice(
        id="p1", key="a:1", jurisdiction=BOSHAN, case=case.id, task="", kind="transfer-slip", unit=HERE,
        wanted_at=EVE, status="failed",
    )  # fmt: skip
    numbered = replace(wanted, id="p2", key="a:2", n=7, number="域城镇社救受〔2026〕7号", status="signed")
    found.memory.rows |= {row.id: row for row in (wanted, numbered)}
    found.memory.pass_time(parse("2026-04-01T00:00:00"))
    units = [found.memory.rows[key].unit for key in ("p1", "p2")]  # type: ignore[union-attr]
    assert units == [THEN, HERE]
