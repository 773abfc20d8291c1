"""Objections by form in the database: linked to what hangs, about whoever it is of, counted, told to papers."""

from typing import Any

import pytest

from actions.posting import posted
from actions.town import VILLAGE, Town
from xunfang.actions.acting import acting
from xunfang.actions.notice_objections import objection_facts
from xunfang.actions.submitting import submit
from xunfang.casework import Case, Publication
from xunfang.desk.publications import PublicationReadings
from xunfang.errors import Conflict, Invalid, NotFound
from xunfang.store import new_id


def object_by_form(town: Town, hangs: Publication, login: str = "township", **told: Any) -> Case:
    """Let somebody hand in the form of an objection to what hangs."""
    answers = {
        "raised_on": town.at.date().isoformat(), "name": "欧阳建国", "residence": VILLAGE, "content": "家里有两辆货车",
        "named": True, "objector": "郑国安", **told,
    }  # fmt: skip
    sent = submit(town.deployment, town.actor(login), "objection", answers, new_id(), town.at, publication=hangs.id)
    return town.case(sent.case)


def test_it_is_linked_both_ways_counted_and_told_masked(town: Town) -> None:
    hangs = posted(town)
    objection = object_by_form(town, hangs)
    assert objection.person == town.case(hangs.case).person
    readings = PublicationReadings(town.deployment)
    page = readings.publication(town.actor("township"), hangs.id, town.at)
    (made,) = page.objections
    assert (made.by, made.number, made.case, made.status_id) == (
        "郑*安（实名）",
        objection.number,
        objection.id,
        "open",
    )
    assert page.found == "公示期间收到异议1件：1件正在核查"
    (row,), _ = readings.page(town.actor("township"), town.at, "", current=True)
    assert row.objections == 1
    (back,) = readings.objected(town.actor("township"), objection.id, town.at)
    assert back.id == hangs.id


def test_papers_are_told_what_came_of_it(town: Town) -> None:
    hangs = posted(town)
    unit = f"township:{VILLAGE[:9]}"
    objection = object_by_form(town, hangs)
    told = {"verified_on": "2026-03-10", "findings": "货车早已转让。", "upheld": False}
    town.complete("township", town.task(objection.id, unit), "rejected", told)
    with acting(town.deployment, town.actor("township"), town.at) as act:
        facts = objection_facts(act, town.case(hangs.case))
    assert (facts["words"], facts["count"]) == ("公示期间收到异议1件：1件经核查不成立", 1)


def test_nobody_objects_to_what_they_do_not_see_or_what_hangs_no_more_or_by_another_name(town: Town) -> None:
    hangs = posted(town)
    with pytest.raises(NotFound):
        object_by_form(town, hangs, "sibling")
    with pytest.raises(Invalid) as refused:
        object_by_form(town, hangs, name="王建军")
    assert [problem.code for problem in refused.value.problems] == ["OBJECTED_NAME"]
    assert hangs.until is not None
    town.at = hangs.until
    with pytest.raises(Conflict, match="期满"):
        object_by_form(town, hangs)
