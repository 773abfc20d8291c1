"""Applications of the town that are posted on a board for all to see."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from actions.town import TOWNSHIP, VILLAGE, Town
from xunfang.actions.submitting import submit
from xunfang.casework import Publication
from xunfang.identity import make_id
from xunfang.rulebook.model import Rulebook
from xunfang.store import new_id

FLOW, UNIT = "temporary-aid-application", f"township:{TOWNSHIP}"
ILLNESS = "尿毒症透析三年"
PHONE = "13900001234"


def on_the_website(rulebook: Rulebook) -> Rulebook:
    """Return rules by which what hangs in the village stands on the website instead."""
    flow = rulebook.flows[FLOW]
    states = {**flow.states, "posting": replace(flow.states["posting"], publishes="website")}
    return replace(rulebook, flows={**rulebook.flows, FLOW: replace(flow, states=states)})


def number_of(n: int) -> str:
    """Return the id number of an applicant."""
    return make_id("370304", date(1961, 5, 2) + timedelta(days=n), 37)


def _applied(n: int, name: str) -> dict[str, Any]:
    return {
        "applied_on": "2026-03-09", "applied_by": "self", "name": name, "sex": "male", "document": "citizen-card",
        "id_number": number_of(n), "phone": PHONE, "residence": VILLAGE, "registration": VILLAGE, "address": "村西头",
        "occurred_on": "2026-03-01", "causes": ["illness"], "difficulty": ILLNESS, "household_size": 3,
        "necessary_expense": 30000, "near_relative": False, "promised": True, "authorised": True,
    }  # fmt: skip


_SURVEY = {
    "visited_on": "2026-03-10", "visit_ways": ["home-visit"], "investigator_1": "孙立", "investigator_2": "周平",
    "deliberated": False, "necessary_expense": 30000, "findings": ILLNESS, "eligible": True, "proposed_amount": 3000,
}  # fmt: skip


def posted(town: Town, n: int = 0, name: str = "欧阳建国") -> Publication:
    """Return what hangs of an application that was surveyed and posted."""
    case = submit(town.deployment, town.actor("township"), FLOW, _applied(n, name), new_id(), town.at).case
    steps: tuple[tuple[str, dict[str, Any]], ...] = (
        ("accepted", {"examined_on": "2026-03-10", "on_behalf": False, "materials_complete": True}),
        ("opinion", _SURVEY),
        ("posted", {"posted_on": "2026-03-10", "posted_place": "村委会公示栏"}),
    )
    for outcome, answers in steps:
        town.complete("township", town.task(case, UNIT), outcome, answers)
    return town.first(Publication, case=case, taken_down_at=None)


def object_to(town: Town, posted: Publication) -> None:
    """Let somebody object to what hangs, as the township notes on its form."""
    told = {"disputed": True, "objection": "邻居反映其子女有赡养能力", "ended_on": town.at.date().isoformat()}
    town.complete("township", town.task(posted.case, UNIT), "disputed", told)
