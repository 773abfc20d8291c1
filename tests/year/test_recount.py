"""The second reading of people and of how cases stand, on a few events made by hand."""

import json
from typing import Any

from year.aid import Aid
from year.boards import Boards
from year.cells import Cells
from year.recount import OneCase, OneReport, Recount, Rules, Told
from year.register import Known, Register
from year.standing import Standing

FLOW: dict[str, Any] = {
    "start": "dispatch",
    "states": {
        "dispatch": {"routes_by": "table", "outcomes": {"confirmed": {"to": "handling"}}},
        "handling": {"per_route": True, "outcomes": {"granted": {"to": "told"}, "refused": {"to": "told"}}},
        "told": {"outcomes": {"done": {"to": "over"}}},
        "over": {"ends": True},
    },
}
FORM = {
    "properties": {"name": {}, "number": {"x-paper": "paper"}, "phone": {}, "paper": {}},
    "x-person": {"name": "name", "id_number": "number", "phone": "phone"},
}


def recount(**filled: dict[str, Any]) -> Recount:
    found = Recount(Rules({"forms/here/form.json": json.dumps(FORM)}, ("here",), "37"), filled)
    found.rules.flows["clue"] = FLOW
    found.rules.lists["papers"] = {
        "card": {"label": "身份证", "check": "resident-id"},
        "pass": {"label": "护照", "check": "p"},
    }
    return found


def told(at: str, name: str, task: str = "", row: str = "", actor: str = "", **data: Any) -> Told:
    return Told(f"2026-03-{at}", name, "c", task, "township:1", data, actor, row)


def opened(due: str = "2026-03-31T17:30:00+08:00") -> Told:
    return told("02T09:00:00", "case.opened", flow="clue", person="p", number="1", due_at=due)


def standing(*events: Told) -> dict[str, Any]:
    """Return what is known in the end of the case that these events tell of."""
    found = recount(report={"residence": "370304102200"})
    one = Standing(found)
    for event in events:
        found.hear(event)
        one.hear(event)
    return one.facts("c")


def test_what_carries_on_decides_nothing() -> None:
    moved = [
        told(day, "case.moved", **{"from": was, "to": to, "outcome": outcome})
        for day, was, to, outcome in (
            ("03T", "dispatch", "handling", "confirmed"),
            ("04T", "handling", "told", "granted"),
        )
    ]
    last = told("05T", "case.moved", **{"from": "told", "to": "over", "outcome": "done"})
    facts = standing(opened(), *moved, last)
    assert (facts["case.outcome"], facts["case.state"]) == ("granted", "over")


def test_a_clock_that_stands_still_is_due_at_no_time() -> None:
    stopped = told("04T09:00:00", "case.clock_set", due_at=None)
    assert standing(opened(), stopped)["case.due_at"] == ""
    on = told("06T09:00:00", "case.clock_set", due_at="2026-04-02T17:30:00+08:00")
    assert standing(opened(), stopped, on)["case.due_at"] == "2026-04-02T17:30:00"


def test_whoever_completes_a_task_had_it_in_hand_and_what_was_given_back_says_nothing() -> None:
    def task(key: str, unit: str) -> Told:
        due = "2026-03-09T17:30:00+08:00"
        return told("03T", "task.opened", key, "row", unit=unit, state="handling", role="lead", due_at=due)

    back = told("04T", "task.returned", "a", actor="甲")
    facts = standing(opened(), task("a", "one"), back, task("b", "two"), told("05T", "task.claimed", "b", actor="乙"))
    assert (facts["task.units"], facts["task.claimed_by"]) == (["two"], ["乙"])


def register(*events: Told, **filled: dict[str, Any]) -> Register:
    found = recount(**filled)
    aid = Aid(found)
    one = Register(found, aid, {("p", "2026-03-09T09:00:00"): ("disabled", "2026-03-01")})
    one.found({"old": Known("赵一", "", "", "", "370304102200", (("subsistence", "2026-01-01"),))})
    for event in events:
        for reading in (found, aid, one):
            reading.hear(event)
    return one


def test_of_reports_that_came_in_one_second_the_last_counts_however_they_were_moved_and_put_right() -> None:
    def came(key: str, case: str) -> Told:
        return Told("2026-03-02T09:00:00", "clue.submitted", case, "", "office", {"form": "form", "submission": key})

    def opens(case: str) -> Told:
        data = {"flow": "clue", "person": case, "number": case}
        return Told("2026-03-02T09:00:00", "case.opened", case, "", "office", data)

    phones = {"first": "13900000001", "second": "13900000002", "anew": "13900000003"}
    filled = {key: {**REPORT, "phone": phone} for key, phone in phones.items()}
    found = recount(**filled)
    one = Register(found, Aid(found), {})
    cells = Cells(found, one.aid, Boards(), one, Standing(found))
    right = {"submission": "anew", "corrects": "first"}
    moved = {"submission": "anew"}
    events = [opens("a"), came("first", "a"), opens("b"), came("second", "b")]
    events += [Told("2026-03-03T09:00:00", "clue.corrected", "a", "", "office", right)]
    events += [Told("2026-03-04T09:00:00", "clue.linked", "a", "", "office", moved | {"moved_to": "b"})]
    events += [Told("2026-03-04T09:00:00", "clue.linked", "b", "", "office", moved | {"moved_from": "a"})]
    for event in events:
        for reading in (found, one.aid, one, cells.standing, cells):
            reading.hear(event)
    facts = cells.of_case("b")
    assert (facts["clue.phone"], facts["person.phone"]) == ("13900000002", "13900000002")


def test_an_objection_that_was_taken_back_stands_against_nothing() -> None:
    boards = Boards()
    posted = {"publication": "p", "board": "village-board", "state": "posting", "until": "2026-03-09T17:30:00+08:00"}
    boards.hear(told("02T09:00:00", "publication.posted", **posted))
    for key in ("one", "other"):
        boards.hear(told("03T09:00:00", "clue.submitted", form="objection", submission=key))
        boards.hear(told("03T09:00:00", "publication.objected", publication="p"))
    boards.hear(told("04T09:00:00", "clue.corrected", submission="right", corrects="one"))
    assert boards.objections["p"] == 2
    found = recount(right={}, other={})
    for key, how in (("right", "granted"), ("other", "refused")):
        found.cases[key] = OneCase("clue", "2026-03-03", "", {key: OneReport(1, {}, True)}, "2026-03-09", how)
    found.rules.flows["clue"] = {"states": {"handling": {"outcomes": {"granted": {"upholds": True}, "refused": {}}}}}
    assert boards.objected(found) == {("objections", "p", "upheld"): 1, ("objections", "p", "rejected"): 1}
    boards.hear(told("05T09:00:00", "clue.withdrawn", submission="right"))
    assert boards.objections["p"] == 1


CLUE = told("02T09:00:00", "clue.submitted", form="form", submission="report", categories=["destitute"])
REPORT = {
    "name": "王秀兰",
    "number": "e1234567",
    "paper": "pass",
    "phone": "139 0000 0000",
    "residence": "370304102200",
}


def test_somebody_new_is_recorded_as_the_form_tells() -> None:
    facts = register(opened(), CLUE, report=REPORT).facts("p", "2026-03-31")
    assert (facts["person.name"], facts["person.id_number"]) == ("王秀兰", "护照E1234567")
    assert (facts["person.phone"], facts["person.categories"]) == ("13900000000", ["destitute"])


def test_what_a_report_told_is_so_no_more_once_it_is_put_right() -> None:
    right = told("05T09:00:00", "clue.corrected", submission="right", corrects="report", categories=["subsistence"])
    one = register(opened(), CLUE, right, report=REPORT, right={**REPORT, "name": "王秀蓝"})
    assert one.facts("p", "2026-03-31")["person.categories"] == ["subsistence"]
    assert one.people["p"].name == "王秀蓝"
    assert one.facts("p", "2026-03-04")["person.categories"] == ["destitute"]


def test_who_died_is_held_to_be_nothing() -> None:
    by_hand = told("09T09:00:00", "person.categorised", person="p")
    died = told("20T09:00:00", "person.died", person="p", ended=[])
    one = register(opened(), CLUE, by_hand, died, report=REPORT)
    assert one.facts("p", "2026-03-19")["person.categories"] == ["destitute", "disabled"]
    assert one.facts("p", "2026-03-20")["person.categories"] == []
