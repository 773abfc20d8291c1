"""How a person stands to the caps of a programme: what counts, over which time, and the sum."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from xunfang.rulebook.model import Basis, Cap, CapOverride, FactRef, Rulebook
from xunfang.rules.caps import Grant, judge, standing_to
from xunfang.rules.describe import sentences
from xunfang.rules.facts import standing

AID, DAY = "temporary-aid", date(2026, 3, 10)
ONCE = Cap("once", "一年一次", 1.0, "", (), 0, None, Basis(practice="试验"))
SAME = replace(ONCE, label="同一事由一年一次", same=("causes",))
SUM = replace(ONCE, label="累计金额", at_most=FactRef("standards.subsistence", 3.0), sum="amount", months=12)


def with_caps(rulebook: Rulebook, *caps: Cap) -> Rulebook:
    programme = replace(rulebook.programmes[AID], caps=caps)
    return replace(rulebook, programmes={**rulebook.programmes, AID: programme})


def grant(on: str, programme: str = AID, **told: Any) -> Grant:
    return Grant(programme, date.fromisoformat(on), told, (f"case-{on}", "handling", "somebody"))


def told(rulebook: Rulebook, cap: Cap, before: list[Grant], **facts: Any) -> tuple[str, bool]:
    known = {**standing(rulebook, DAY), **facts}
    (judged,) = judge(with_caps(rulebook, cap), AID, known, before, DAY)
    assert str(judged) == f"{cap.label}：{judged.words}"
    return judged.words, judged.beyond


@pytest.mark.parametrize(
    ("on", "within_year", "within_months"),
    [
        ("2026-01-01", True, True),
        ("2025-12-31", False, True),
        ("2025-03-10", False, True),  # the same day of the month still lies within the twelve
        ("2025-03-09", False, False),
        ("2026-03-10", True, True),
    ],
)
def test_a_year_is_that_of_the_calendar_and_months_go_back_from_the_day(
    rulebook: Rulebook, on: str, within_year: bool, within_months: bool
) -> None:
    assert told(rulebook, ONCE, [grant(on)])[1] is within_year
    assert told(rulebook, replace(ONCE, months=12), [grant(on)])[1] is within_months


def test_only_what_was_granted_of_the_programme_counts(rulebook: Rulebook) -> None:
    assert told(rulebook, ONCE, [grant("2026-02-01", "medical-aid")]) == (
        "2026年没有给予过，本次是第1次，最多1次",
        False,
    )
    assert told(rulebook, ONCE, [grant("2026-02-01"), grant("2026-01-05")]) == (
        "2026年已给予2次（2026-01-05、2026-02-01），本次是第3次，最多1次",
        True,
    )


@pytest.mark.parametrize(
    ("then", "now", "same"),
    [
        (["illness"], ["illness", "fire"], True),
        (["illness"], ["fire"], False),
        ("illness", ["illness"], True),
        (None, None, False),  # what neither told is not the same
        ([], [], False),
    ],
)
def test_the_same_cause_is_one_in_common(rulebook: Rulebook, then: Any, now: Any, same: bool) -> None:
    assert told(rulebook, SAME, [grant("2026-02-01", causes=then)], causes=now)[1] is same


def test_amounts_are_added_up_against_so_many_times_the_standard(rulebook: Rulebook) -> None:
    before = [grant("2025-08-01", amount=1000), grant("2026-02-01", amount=1180.5)]
    limit = "3 × 1,060元（城乡低保标准，2026-01-01起）= 3,180元"
    had = "近12个月已给予2,180.5元（2025-08-01 1,000元、2026-02-01 1,180.5元）"
    assert told(rulebook, SUM, before, amount=999.5) == (f"{had}，加本次999.5元，共3,180元 = {limit}", False)
    assert told(rulebook, SUM, before, amount=1000) == (f"{had}，加本次1,000元，共3,180.5元 > {limit}", True)
    assert told(rulebook, replace(SUM, at_most=5000.0), [], amount=1) == (
        "近12个月没有给予过，加本次1元，共1元 < 5,000元",
        False,
    )


def test_without_a_standard_on_that_day_nothing_may_be_granted(rulebook: Rulebook) -> None:
    cap = replace(SUM, at_most=FactRef("standards.subsistence", 3.0, "found_at"))
    words, beyond = told(rulebook, cap, [], amount=1, found_at="2024-05-01T08:00:00+08:00")
    assert (words.endswith("，2024-05-01（发现时间）还没有城乡低保标准可比"), beyond) == (True, True)


def test_before_deciding_it_is_told_what_is_left(rulebook: Rulebook) -> None:
    county, facts = with_caps(rulebook, ONCE, SUM), standing(rulebook, DAY)
    before = [grant("2026-02-01", amount=1000)]
    once, total = standing_to(county, AID, facts, before, DAY)
    assert (str(once), once.beyond) == ("一年一次：2026年已给予1次（2026-02-01），最多1次", True)
    assert str(total) == (
        "累计金额：近12个月已给予1,000元（2026-02-01 1,000元），"
        "上限3 × 1,060元（城乡低保标准，2026-01-01起）= 3,180元，还可以给予2,180元"
    )
    assert not total.beyond
    assert standing_to(county, "medical-aid", facts, before, DAY) == ()


def test_a_cap_is_told_in_a_sentence(rulebook: Rulebook) -> None:
    override = CapOverride("leader", "remarks", Basis(practice="试验"))
    county = with_caps(rulebook, replace(SAME, override=override), replace(SUM, id="sum"))
    lines = {line.id: line.text for section in sentences(county) for line in section.lines}
    once = "同一人一年（自然年）内，致困原因相同的最多1次；确需超过的，由分管领导写明“备注”后给予"
    assert once in lines[f"{AID}.once"]
    total = "任意12个月内救助金额或者实物折价（元）合计不高于城乡低保标准（元/月）的3倍"
    assert total in lines[f"{AID}.sum"]


def test_one_for_some_flows_binds_and_counts_what_these_grant_alone(rulebook: Rulebook) -> None:
    own = replace(ONCE, flows=("quick-aid",))
    rules, known = with_caps(rulebook, own), standing(rulebook, DAY)
    here, elsewhere = (replace(grant(on), flow=flow) for on, flow in (("2026-02-01", "quick-aid"), ("2026-01-05", "x")))
    assert judge(rules, AID, known, [here, elsewhere], DAY, "x") == ()
    assert standing_to(rules, AID, known, [here, elsewhere], DAY, "x") == ()
    (judged,) = judge(rules, AID, known, [here, elsewhere], DAY, "quick-aid")
    assert (judged.words, judged.beyond) == ("2026年已给予1次（2026-02-01），本次是第2次，最多1次", True)
    (judged,) = judge(rules, AID, known, [elsewhere], DAY, "quick-aid")
    assert judged.beyond is False
    label = rulebook.flows["quick-aid"].label.replace("“", "‘").replace("”", "’")  # a quotation within another
    told = {line.id: line.text for section in sentences(rules) for line in section.lines}
    assert f"在“{label}”流程中，同一人一年" in told["temporary-aid.once"]
