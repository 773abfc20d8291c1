"""A report joins a case on an older release: the rules in force take it in, those of the case follow it."""

import re
from dataclasses import replace
from functools import cache

import pytest

from actions.test_whole_cases import do
from actions.town import EDUCATION, FILES, GRANTED, JURISDICTION, MEDICAL, TOLD, Town, other_id, report
from xunfang.actions.deployment import Rulebooks
from xunfang.actions.publishing import publish
from xunfang.actions.submitting import submit
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.model import Rulebook
from xunfang.store import Clue, Submission, new_id

EMERGENCY = {"urgency": "emergency", "danger": "当晚无处居住。"}
LATER = "clue-report-by-phone"


@cache
def later_files() -> dict[str, str]:
    """Return rules that call the state in hand otherwise, and open the same flow by one more form."""
    files = {
        path: re.sub(r"\bhandling\b", "looking-into", text) if path.startswith(f"workflows/{JURISDICTION}/") else text
        for path, text in FILES.items()
        if "/scenarios/" not in path
    }
    flow, form = f"workflows/{JURISDICTION}/flows/clue.toml", f"forms/{JURISDICTION}/clue-report.json"
    files[flow] = files[flow].replace('"clue-report", ', f'"clue-report", "{LATER}", ')
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
