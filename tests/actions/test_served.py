"""One unit that serves several towns: one queue, and sight of exactly these towns."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from elsewhere import Elsewhere, on_the_national_layer
from test_chengyu import CITY, FOUND, PEOPLE, START
from xunfang.actions.alerts import declare
from xunfang.actions.deployment import Rulebooks
from xunfang.actions.duties import begin_duties
from xunfang.casework.permits import permitted
from xunfang.clock import parse
from xunfang.desk.alerts import concerning
from xunfang.desk.labels import Labels
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.model import Rulebook
from xunfang.store import Alert, Case, CaseFilter, DutyPeriod, Message, Task, scoped

OWN, SERVED, OTHER = "999800101", "999800102", "999800001"
AGENCY = f"social-work:{OWN}"
HOMES = {OWN: "999800101201", SERVED: "999800102202", OTHER: "999800001002"}
CANARIES = {OWN: "金丝雀甲", SERVED: "金丝雀乙", OTHER: "金丝雀丙"}
THERE = {
    "agency": (AGENCY, ("social-worker",), OWN),
    "agency-desk": (AGENCY, ("social-worker",), ""),
    "served-clerk": (f"township:{SERVED}", ("clerk",), SERVED),
    "served-leader": (f"township:{SERVED}", ("leader",), SERVED),
    "own-leader": (f"township:{OWN}", ("leader",), OWN),
}


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return compile_rulebook(on_the_national_layer("chengyu"), CITY)


@pytest.fixture
def city(tmp_path: Path, rulebook: Rulebook) -> Iterator[Elsewhere]:
    city = Elsewhere(tmp_path, rulebook, on_the_national_layer("chengyu"), {**PEOPLE, **THERE}, START)
    yield city
    city.database.close()


def cases(city: Elsewhere) -> dict[str, str]:
    """Return a case of somebody in each town."""
    told = {place: {**FOUND, "name": CANARIES[place], "residence": home} for place, home in HOMES.items()}
    return {place: city.submit("village", "clue-report", answers).case for place, answers in told.items()}


def seen(city: Elsewhere, login: str, found: dict[str, str]) -> set[str]:
    with scoped(city.database, city.actor(login).scope) as table:
        return {place for place, case in found.items() if table.sees_case(case)}


def test_it_sees_its_own_town_and_those_it_serves_and_no_other(city: Elsewhere) -> None:
    found = cases(city)
    assert seen(city, "agency", found) == {OWN, SERVED}
    assert seen(city, "society", found) == {OTHER}
    assert seen(city, "own-leader", found) == {OWN}  # a town does not see the other one for that
    assert seen(city, "agency-desk", found) == set()  # one that sees no town sees none of them either
    with scoped(city.database, city.actor("agency").scope) as table:
        listed = repr(table.cases(CaseFilter()))
    assert CANARIES[SERVED] in listed
    assert CANARIES[OTHER] not in listed


def test_published_without_it_nothing_there_is_seen_any_more(city: Elsewhere) -> None:
    found = cases(city)
    files = on_the_national_layer("chengyu")
    units = "workflows/9998-chengyu/units.toml"
    later = {**files, units: files[units].replace("serves = [", "# serves = [")}
    books = Rulebooks(city.database, {CITY: compile_rulebook(later, CITY)})
    city.deployment = replace(city.deployment, rulebooks=books)
    assert seen(city, "agency", found) == {OWN}


def test_the_accounts_page_says_so(rulebook: Rulebook) -> None:
    assert Labels(rulebook).sight(OWN, (SERVED,)) == "西渚镇、北埭镇的个案"
    assert Labels(rulebook).sight(OWN) == "西渚镇的个案"


def test_what_a_town_asks_it_for_comes_into_its_one_queue(city: Elsewhere) -> None:
    case = cases(city)[SERVED]
    city.confirm("served-leader", case)
    city.complete(
        "served-clerk", city.open_task(case, f"township:{SERVED}"), "assess", visited_on="2026-09-08",
        findings="需要评估。", needs_assessment=True, assess_by="2026-09-11",
    )  # fmt: skip
    task = city.open_task(case, AGENCY)
    assert "complete" in {verb.id for verb in permitted(city.deployment.rulebooks.of(CITY), city.actor("agency"), task)}
    city.complete("agency", task, "assessed", visited_on="2026-09-08", opinion="建议每周上门探访一次。")
    assert city.first(Task, id=task.id).status == "done"
    assert city.first(Case, id=case).residence == HOMES[SERVED]


def test_it_owes_one_report_and_hears_of_events_in_every_town_it_serves(city: Elsewhere, rulebook: Rulebook) -> None:
    city.at = parse("2026-10-01T00:00:20")
    begin_duties(city.deployment, city.at)
    city.work_until("2026-10-01T00:05:00")
    owing = {row.unit for row in city.rows(DutyPeriod, duty="service-report")}
    assert owing == {AGENCY, f"social-work:{OTHER}"}
    declare(city.deployment, city.actor("served-leader"), "patrol", "heightened", (SERVED,), "", "台风预警", city.at)
    alert = city.first(Alert)
    assert concerning([alert], rulebook, city.actor("agency")) == [alert]
    assert concerning([alert], rulebook, city.actor("society")) == []
    assert city.rows(Message, unit=AGENCY, kind="task")
