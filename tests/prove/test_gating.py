"""What each gate makes of what was found of a draft, in sentences; and what is lost of the clauses carried out."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from xunfang.casework.gates import Result, Standing, gates_of, result_of
from xunfang.clock import parse
from xunfang.errors import Problem
from xunfang.prove.coverage import Coverage
from xunfang.prove.covering import Loss, loss
from xunfang.prove.examined import Below, Covering, Examined, Rehearsed, Shown, Tried
from xunfang.prove.gating import checked, covered, not_replayed, rehearsed, replayed, replaying, tried_out
from xunfang.prove.replayed import MOST_CASES, Outlook, ReplayCounter, Replayed, count_of
from xunfang.prove.scenarios.comparing import Failure
from xunfang.rulebook.files import Files

AT, DIGEST = parse("2026-09-29T10:00:00"), "d" * 64
WRONG = Problem("workflows/9999-x/units.toml", 3, "mill", "NAME_UNKNOWN", "没有名为“mil”的单位", "是否想写“mill”？")
BEFORE = Coverage(
    clauses=("A-1", "A-2", "A-3", "A-4", "A-5"),
    cited=frozenset({"A-1", "A-2", "A-3"}),
    claimed=frozenset({"A-1", "A-2", "A-3"}),
    exercised=frozenset({"A-1", "A-2", "A-3"}),
    not_software=(("A-4", "由人办理"),),
    lived=frozenset({"A-1", "A-2"}),
)


def _said(result: Result) -> tuple[bool, str]:
    assert result_of(json.loads(json.dumps(result.kept()))).kept() == json.loads(json.dumps(result.kept()))
    assert (result.digest, result.at) == (DIGEST, AT)
    return result.passed, result.sentence


def test_the_check_names_the_first_problem_and_warnings_stop_nobody() -> None:
    assert _said(checked(Examined(()), DIGEST, AT)) == (True, "没有问题。")
    assert _said(checked(Examined((), (WRONG,)), DIGEST, AT)) == (True, "没有问题，有1处提醒。")
    first = "有2处问题，第一处在 workflows/9999-x/units.toml 第3行：没有名为“mil”的单位。"
    assert _said(checked(Examined((WRONG, WRONG)), DIGEST, AT)) == (False, first)
    whole = Problem("9999-x", 0, "", "DRAFT_TOO_HEAVY", "停下了")
    assert _said(checked(Examined((whole,)), DIGEST, AT))[1] == "有1处问题，第一处在 9999-x：停下了。"
    assert checked(Examined((WRONG,)), DIGEST, AT).details["problems"][0]["hint"] == WRONG.hint


def test_scenarios_that_do_not_hold_are_named() -> None:
    good = Tried("a", "晴天报来的", "a.toml")
    late = Tried("b", "雨天报来的", "b.toml", (Failure(2, "tasks", ["甲"], []),))
    stuck = Tried("c", "夜里报来的", "c.toml", stuck="这个情景推演不下去（KeyError）")
    assert _said(rehearsed(Rehearsed(), DIGEST, AT)) == (True, "本级没有写情景，没有可以推演的。")
    assert _said(rehearsed(Rehearsed(tried=(good,)), DIGEST, AT)) == (True, "1个情景全部相符。")
    some = rehearsed(Rehearsed(tried=(good, late, stuck)), DIGEST, AT)
    assert _said(some) == (False, "3个情景中2个不符：“雨天报来的”、“夜里报来的”。")
    told = [tuple(each["told"]) for each in some.details["failed"]]
    assert told == [("第2步“tasks”：应为 甲，实为 无",), ("这个情景推演不下去（KeyError）",)]
    assert _said(rehearsed(Rehearsed((WRONG,)), DIGEST, AT)) == (False, "没有推演：没有名为“mil”的单位。")


def test_coverage_is_lower_where_less_is_decided_or_lived() -> None:
    assert loss(BEFORE, BEFORE) == Loss()
    undecided = replace(BEFORE, exercised=frozenset({"A-2", "A-3"}), lived=frozenset({"A-2"}))
    assert loss(BEFORE, undecided) == Loss(undecided=("A-1",))
    unlived = replace(BEFORE, lived=frozenset({"A-2"}), partly_lived=frozenset({"A-1"}))
    assert loss(BEFORE, unlived) == Loss(unlived=("A-1",))
    assert loss(BEFORE, undecided).lower
    assert loss(BEFORE, unlived).lower


def test_what_was_found_to_need_no_software_is_not_lost() -> None:
    said = replace(BEFORE, exercised=frozenset({"A-2", "A-3"}), not_software=(("A-1", "由人办理"), ("A-4", "同上")))
    assert loss(BEFORE, replace(said, lived=frozenset({"A-2"}))) == Loss()
    needed = replace(BEFORE, not_software=())
    assert loss(BEFORE, needed) == Loss(undecided=("A-4",))


def test_clauses_that_left_the_documents_are_told_and_stop_nobody() -> None:
    short = replace(
        BEFORE, clauses=("A-2", "A-3", "A-4", "A-5"), exercised=frozenset({"A-2", "A-3", "A-5"}), lived=BEFORE.lived
    )
    assert loss(BEFORE, short) == Loss(gone=("A-1",), gained=("A-5",))
    told = covered(BEFORE, Covering((), short), DIGEST, AT)
    assert _said(told) == (
        True, "与现行规则相比没有减少；新落实1条；另有1条随文件删去，请复核时留意：A-1。",
    )  # fmt: skip


def test_the_gate_of_coverage_names_what_is_lost() -> None:
    less = replace(BEFORE, exercised=frozenset({"A-3"}), lived=frozenset())
    told = covered(BEFORE, Covering((), less), DIGEST, AT)
    assert _said(told) == (False, "2条不再落实：A-1、A-2。")
    assert told.details["undecided"] == ("A-1", "A-2")
    assert _said(covered(None, Covering((), less), DIGEST, AT)) == (True, "还没有发布过规则，没有可以比较的。")
    wrong = covered(BEFORE, Covering((WRONG,)), DIGEST, AT)
    assert _said(wrong) == (False, "没有核对：没有名为“mil”的单位。")


def _case(number: int, *, unit: str = "甲站", refused: str = "") -> Replayed:
    return Replayed(f"路〔2026〕{number}号", Outlook("甲站", "明天"), Outlook(unit, "明天", "", refused))


def test_a_replay_counts_what_changes_and_names_the_first_cases_by_their_numbers() -> None:
    counter = ReplayCounter()
    for number in range(MOST_CASES + 20, 0, -1):
        counter.add(_case(number, unit="乙站", refused="不收" if number == 1 else ""))
        counter.add(_case(number))
    found = counter.told()
    assert (found.count, found.changed) == (2 * (MOST_CASES + 20), MOST_CASES + 20)
    assert found.by == {"unit": found.changed, "due": 0, "papers": 0, "refused": 1}
    assert [each.number for each in found.cases] == [f"路〔2026〕{number}号" for number in range(1, MOST_CASES + 1)]
    assert count_of(json.loads(json.dumps(found.kept()))) == found
    told = replayed(found, 6, DIGEST, AT)
    assert _said(told) == (True, "近6个月的填报440件，有变化的220件：承办单位220件、受理1件。")
    assert told.details["cases"][0]["after"] == {"unit": "乙站", "due": "明天", "papers": "", "refused": "不收"}


def test_a_replay_goes_on_from_what_was_counted() -> None:
    whole, first, numbers = ReplayCounter(), ReplayCounter(), [7, 3, 9, 1]
    for counter, some in ((whole, numbers), (first, numbers[:2])):
        for number in some:
            counter.add(_case(number, unit="乙站"))
    running = replaying(first.told(), 12, "asked", DIGEST, AT)
    assert _said(running) == (False, "正在试算，已算2件。")
    gate = gates_of([running], DIGEST).replay
    assert (gate.standing, gates_of([running], "").replay.standing) == (Standing.RUNNING, Standing.STALE)
    second = ReplayCounter(count_of(gate.details))
    for number in numbers[2:]:
        second.add(_case(number, unit="乙站"))
    assert second.told() == whole.told()


def test_a_replay_of_nothing_and_one_that_could_not_be_done() -> None:
    counter = ReplayCounter()
    assert _said(replayed(counter.told(), 3, DIGEST, AT)) == (True, "近3个月没有立案的填报，没有可以试算的。")
    counter.add(_case(1))
    assert _said(replayed(counter.told(), 3, DIGEST, AT)) == (True, "近3个月的填报1件，办法都没有变化。")
    assert _said(not_replayed("规则有问题。", DIGEST, AT)) == (False, "没有试算：规则有问题。")


class _Found:
    """Finds what it was given, and remembers what it was asked."""

    def __init__(self, problems: tuple[Problem, ...] = (), below: tuple[Below, ...] = ()) -> None:
        self.examined, self.broken, self.asked = Examined(problems), below, list[str]()

    def examine(self, files: Files, jurisdiction: str, day: date, whose: str = "") -> Examined:
        self.asked.append(f"check on {day}")
        return self.examined

    def scenarios(self, files: Files, jurisdiction: str, day: date) -> Rehearsed:
        self.asked.append("scenarios")
        return Rehearsed()

    def coverage(self, files: Files, jurisdiction: str, *, released: bool = False) -> Covering:
        self.asked.append("coverage of the release" if released else "coverage")
        return Covering((), BEFORE)

    def show(self, files: Files, jurisdiction: str, rule: str = "") -> Shown:
        raise AssertionError

    def below(self, files: Files, layer: str, served: Mapping[str, Files], day: date) -> tuple[Below, ...]:
        self.asked.append("below")
        return self.broken


def test_a_draft_goes_through_the_gates_that_need_nobody() -> None:
    found = _Found()
    results = list(tried_out(found, {"a": ""}, {"a": ""}, "9999-x", DIGEST, AT))
    assert [each.gate for each in results] == ["check", "scenarios", "coverage"]
    assert all(each.passed for each in results)
    asked = ["check on 2026-09-29", "below", "scenarios", "coverage of the release", "coverage"]
    assert found.asked == asked
    first = _Found()
    assert len(list(tried_out(first, {"a": ""}, {}, "9999-x", DIGEST, AT))) == 3
    assert "coverage of the release" not in first.asked


def test_a_draft_that_does_not_pass_the_check_goes_no_further() -> None:
    wrong = _Found((WRONG,))
    assert [each.passed for each in tried_out(wrong, {}, {}, "9999-x", DIGEST, AT)] == [False]
    assert wrong.asked == ["check on 2026-09-29"]
    below = _Found(below=(Below("8888-y", "河边县", (WRONG,), 3), Below("7777-z", "河上县")))
    (result,) = tried_out(below, {}, {}, "99-x", DIGEST, AT)
    assert _said(result) == (False, "本级没有问题，但会使1个下级辖区的规则不能用：河边县。")
    assert [(each["jurisdiction"], each["count"]) for each in result.details["below"]] == [("8888-y", 3)]
