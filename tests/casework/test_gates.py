"""Gates of a draft: each result counts for the files that it is of."""

from dataclasses import replace
from datetime import datetime, timedelta

from xunfang.casework.gates import GATES, Gates, Result, Standing, gates_of, result_of
from xunfang.clock import parse

AT = parse("2026-09-29T10:00:00")
NOW, BEFORE = "d" * 64, "c" * 64


def _results(gates: int = len(GATES), digest: str = NOW, *, passed: bool = True, at: datetime = AT) -> list[Result]:
    """Return results of the first so many gates, the last of them passed or not."""
    names = list(GATES)[:gates]
    return [Result(name, passed or name != names[-1], f"{name}。", digest, at, {"n": 1}) for name in names]


def _standings(gates: Gates) -> list[str]:
    return [gate.standing.value for gate in gates]


def test_what_nobody_has_come_to_is_undone() -> None:
    assert _standings(gates_of([], NOW)) == ["未做"] * 5
    assert [gate.label for gate in Gates()] == ["检查", "情景", "条款落实", "试算", "复核"]
    assert _standings(gates_of(_results(3, passed=False), NOW)) == ["通过", "通过", "未通过", "未做", "未做"]


def test_any_later_edit_puts_every_result_out_of_date() -> None:
    gates = gates_of(_results(), BEFORE)
    assert {gate.standing for gate in gates} == {Standing.STALE}
    assert gates.check.sentence == "check。"


def test_the_last_result_counts() -> None:
    later = [replace(each, passed=False, at=AT + timedelta(minutes=1)) for each in _results(1)]
    for results in ([*_results(), *later], [*later, *_results()]):
        gates = gates_of(results, NOW)
        assert gates.check.standing is Standing.FAILED
        assert gates.check.at == AT + timedelta(minutes=1)


def test_a_result_is_kept_as_it_is() -> None:
    for result in _results():
        assert result_of(result.kept()) == result
