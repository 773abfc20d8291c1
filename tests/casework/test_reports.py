"""Figures of a report: what was counted and what was handed in instead are both kept; a correction needs a reason."""

from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from casework.test_duties import BOSHAN, UNIT, opened, rows_of, somebody
from xunfang.casework import Asked, Changes, File, ReportedFigure, advance
from xunfang.casework.reports import CountedFigure, Counts
from xunfang.clock import parse
from xunfang.errors import Invalid
from xunfang.rulebook.conditions import AllOf, Operator, Test
from xunfang.rulebook.model import Contradiction, Rulebook

NOW = parse("2026-10-03T10:00:00")
FIGURES = (
    CountedFigure("households_visited", 40, 40, NOW),
    CountedFigure("clues_found", 3, 3, NOW),
    CountedFigure("money_given", 1400.5, 3, NOW),
    CountedFigure("persons_aided", None),
)
TOLD = {
    "period": "2026-09", "households_visited": 40, "clues_found": 3, "clues_closed": 2, "money_given": 1400.5,
    "persons_aided": 9, "reporter": "周倩",
}  # fmt: skip


def hand_in(
    answers: dict[str, Any], rules: Rulebook = BOSHAN, confirmed: tuple[str, ...] = (), **reasons: str
) -> Changes:
    owed, task = rows_of(opened("township-monthly", UNIT, "2026-10-01"))
    keys = count(100)
    payload = {"counts": Counts(FIGURES, reasons)}
    asked = Asked(
        verb="hand-in",
        actor=somebody(),
        task=task.id,
        version=task.version,
        answers=answers,
        submission="s",
        confirmed=confirmed,
        payload=payload,
    )
    return advance(rules, File((owed, task)), asked, NOW, lambda: f"{next(keys):08d}")


def kept(changes: Changes) -> dict[str, ReportedFigure]:
    return {row.field: row for row in changes.new if isinstance(row, ReportedFigure)}


def test_what_is_handed_in_as_it_was_counted_is_kept_without_a_word() -> None:
    changes = hand_in(TOLD)
    figures = kept(changes)
    assert [(row.counted, row.told, row.reason, row.things) for row in figures.values()] == [
        ("40", "40", "", 40), ("3", "3", "", 3), ("1400.5", "1400.5", "", 3), ("", "9", "", 0),
    ]  # fmt: skip
    assert {row.residence for row in figures.values()} == {"370304102"}
    assert "corrected" not in changes.events[-1].data


def test_another_number_needs_a_reason_and_both_are_kept() -> None:
    with pytest.raises(Invalid) as refused:
        hand_in({**TOLD, "clues_found": 5})
    (problem,) = refused.value.problems
    assert (problem.field, problem.code) == ("clues_found", "CORRECTION_WITHOUT_REASON")
    assert problem.message.startswith("统计数是3，填的是5：")
    changes = hand_in({**TOLD, "clues_found": 5}, clues_found=" 有两件月底口头上报，尚未录入 ", money_given="用不上")
    figures = kept(changes)
    assert (figures["clues_found"].counted, figures["clues_found"].told) == ("3", "5")
    assert (figures["clues_found"].reason, figures["money_given"].reason) == ("有两件月底口头上报，尚未录入", "")
    assert changes.events[-1].data["corrected"] == ["clues_found"]


def test_what_is_wrong_with_the_form_is_told_together_with_reasons_that_are_missing() -> None:
    with pytest.raises(Invalid) as refused:
        hand_in({**TOLD, "clues_found": 5, "clues_closed": -1}, households_visited="x")
    assert {problem.field for problem in refused.value.problems} == {"clues_found", "clues_closed"}
    with pytest.raises(Invalid) as long:
        hand_in({**TOLD, "clues_found": 5}, clues_found="长" * 201)
    assert [problem.code for problem in long.value.problems] == ["REASON_TOO_LONG"]


def test_leaving_out_what_was_counted_is_a_correction_too() -> None:
    told = {name: value for name, value in TOLD.items() if name != "money_given"}
    figures = kept(hand_in(told, money_given="尚未发放到户"))
    assert (figures["money_given"].counted, figures["money_given"].told) == ("1400.5", "")


def contradicting(*, asks: bool) -> Rulebook:
    """Return the rules with a monthly report that asks about clues found without a visit."""
    form, says = BOSHAN.forms["monthly-report"], "没有走访，却发现了线索，请核对。"
    when = AllOf((Test("households_visited", Operator.IS, 0), Test("clues_found", Operator.ABOVE, 0)))
    told = Contradiction(id="found-unvisited", when=when, says=says, at="clues_found", asks=asks)
    return replace(BOSHAN, forms={**BOSHAN.forms, "monthly-report": replace(form, contradictions=(told,))})


def test_what_contradicts_itself_is_told_as_on_forms_of_clues_and_taken_when_it_is_so() -> None:
    told, counted = {**TOLD, "households_visited": 0}, {"households_visited": "系统多计"}
    with pytest.raises(Invalid) as refused:
        hand_in(told, contradicting(asks=False), ("found-unvisited",), **counted)
    (problem,) = refused.value.problems
    assert (problem.field, problem.code, problem.asks) == ("clues_found", "CONTRADICTION", "")
    assert problem.message == "没有走访，却发现了线索，请核对。"
    with pytest.raises(Invalid) as asked:
        hand_in(told, contradicting(asks=True), **counted)
    assert [problem.asks for problem in asked.value.problems] == ["found-unvisited"]
    changes = hand_in(told, contradicting(asks=True), ("found-unvisited",), **counted)
    assert changes.events[-1].data["confirmed"] == ["found-unvisited"]
