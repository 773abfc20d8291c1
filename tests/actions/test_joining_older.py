"""A report joins a case on an older release: the rules in force take it in, those of the case follow it."""

import json
import re
from dataclasses import replace
from functools import cache

import pytest

from actions.test_whole_cases import do
from actions.town import EDUCATION, FILES, GRANTED, JURISDICTION, MEDICAL, TOLD, Town, other_id, report
from xunfang.actions.deployment import Rulebooks
from xunfang.actions.publishing import publish
from xunfang.actions.reading import reveal
from xunfang.actions.submitting import submit
from xunfang.desk.cases import case_face
from xunfang.desk.releases import Releases, Today
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.model import Rulebook
from xunfang.store import Clue, Submission, new_id
from xunfang.store.scoped import scoped

EMERGENCY = {"urgency": "emergency", "danger": "当晚无处居住。"}
LATER = "clue-report-by-phone"
SEALED = {"x-sensitive": "health", "x-section": "need", "x-serves": ["task:handling"]}


@cache
def later_files() -> dict[str, str]:
    """Return rules that call the state in hand otherwise, and open the same flow by one more form.

    They ask for something sensitive that nobody asked for before.
    """
    files = {
        path: re.sub(r"\bhandling\b", "looking-into", text) if path.startswith(f"workflows/{JURISDICTION}/") else text
        for path, text in FILES.items()
        if "/scenarios/" not in path
    }
    flow, form = f"workflows/{JURISDICTION}/flows/clue.toml", f"forms/{JURISDICTION}/clue-report.json"
    files[flow] = files[flow].replace('"clue-report", ', f'"clue-report", "{LATER}", ')
    told = json.loads(files[form])
    told["properties"]["relapse"] = {"title": "复发情况", "type": "string", "maxLength": 100, **SEALED}
    files[form] = json.dumps(told, ensure_ascii=False, indent=1)
    files[form.replace("clue-report", LATER)] = (
        files[form].replace("clue-report", LATER).replace("困难线索登记表", "电话线索登记表")
    )
    return files


@cache
def later_rules() -> Rulebook:
    return compile_rulebook(later_files(), JURISDICTION)


@pytest.fixture
def old(town: Town) -> str:
    """A case that was dispatched before the later rules came into force."""
    case = town.dispatched()
    books = Rulebooks(town.database, {JURISDICTION: later_rules()})
    town.deployment = replace(town.deployment, rulebooks=books)
    publish(town.deployment, later_files(), town.at)
    return case


def again(town: Town, form: str = "clue-report", **told: object) -> str:
    """Report the same person, who needs something else by now."""
    answers = {**report(), "needs": ["medical", "education"], "schooling": "初二，欠伙食费。", **told}
    return submit(town.deployment, town.actor("village"), form, answers, new_id(), town.at).case


@pytest.mark.parametrize("form", ["clue-report", LATER])
def test_an_emergency_goes_out_by_the_rules_of_the_case(town: Town, old: str, form: str) -> None:
    assert again(town, form, **EMERGENCY) == old
    case = town.case(old)
    assert (case.release, case.urgency, case.state) == (town.rulebook.digest, "emergency", "handling")
    assert town.task(old, MEDICAL).urgent
    assert town.task(old, EDUCATION).state == "handling"
    clue = town.rows(Clue, case=old)[-1]
    assert town.first(Submission, id=clue.submission).release == later_rules().digest


def test_a_report_by_a_form_that_came_later_leaves_the_case_workable(town: Town, old: str) -> None:
    assert again(town, LATER) == old
    town.confirm(old)
    town.complete("doctor", town.task(old, MEDICAL))
    town.complete("teacher", town.task(old, EDUCATION), "special-aid", {**GRANTED, "programme": "education-aid"})
    town.complete("centre", town.task(old, "service-centre"), "done", TOLD)
    assert town.case(old).closed_at is not None


def sealed_of(town: Town, case: str) -> dict[str, str]:
    """Return what the page of a case lets somebody ask for, by field."""
    rules, doctor = Releases(town.deployment.rulebooks, JURISDICTION), town.actor("doctor")
    with scoped(town.database, doctor.scope) as reader:
        stored = reader.case_file(case)
    return dict(case_face(stored, rules, doctor, Today(town.at, rules.in_force), "").person.hidden)


@pytest.mark.parametrize("form", ["clue-report", LATER])
def test_what_a_later_form_sealed_is_revealed_by_the_rules_it_was_filled_by(town: Town, old: str, form: str) -> None:
    assert again(town, form, illness="糖尿病足", relapse="伤口又烂了") == old
    assert {"illness", "relapse"} & sealed_of(town, old).keys() == {"illness", "relapse"}
    told = [
        reveal(town.deployment, town.actor("doctor"), old, field, "电话核实入户时间", town.at)
        for field in ("illness", "relapse")
    ]
    assert told == ["糖尿病足", "伤口又烂了"]


def test_a_clue_goes_between_releases_and_each_case_is_followed_by_its_own(town: Town, old: str) -> None:
    told = {"id_number": other_id(77), "name": "孙桂芝", "needs": ["education"], "illness": ""}
    new = again(town, **told)
    town.confirm(new)
    assert town.task(new, EDUCATION).state == "looking-into"
    clue, numbers = town.first(Clue, case=new), {case: town.case(case).number for case in (old, new)}
    do(town, "link", new, clue=clue.id, number=numbers[old], reason="同一户")
    assert town.case(new).ended_as == "linked"
    town.confirm(old)
    assert [town.task(old, unit).state for unit in (MEDICAL, EDUCATION)] == ["handling", "handling"]
    do(town, "link", old, clue=clue.id, number=numbers[new], reason="并错了")
    assert (town.case(new).closed_at, town.case(new).release) == (None, later_rules().digest)
    assert town.task(new, EDUCATION).state == "looking-into"
    other = town.first(Clue, case=old)
    do(town, "link", old, clue=other.id, number=numbers[new], reason="同一户")
    town.confirm(new)
    assert [town.task(new, unit).state for unit in (MEDICAL, EDUCATION)] == ["looking-into", "looking-into"]
