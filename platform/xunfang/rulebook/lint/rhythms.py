"""Rhythms of visits that never bind, hold for everybody, or of which nobody can say which is stricter."""

from itertools import combinations

from xunfang.division import DivisionTree
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.lint.times import SPOKEN_PERIODS
from xunfang.rulebook.model import Duty, Rhythm
from xunfang.worktime import Every

_LENGTH = {
    Every.DAY: 1, Every.WEEK: 7, Every.TEN_DAYS: 10, Every.TWO_WEEKS: 14, Every.HALF_MONTH: 15, Every.MONTH: 30,
    Every.QUARTER: 91, Every.HALF_YEAR: 182, Every.YEAR: 365,
}  # fmt: skip
"""About how many days each period has."""


def lint(draft: Draft, divisions: DivisionTree) -> None:
    """Note what of the rhythms of duties cannot be meant."""
    for duty in draft.rules.duties.values():
        for index, rhythm in enumerate(duty.rhythms):
            _places_nowhere(draft, divisions, duty, index)
            _never_binds(draft, duty, index, rhythm)
        _crossing(draft, duty)


def _places_nowhere(draft: Draft, divisions: DivisionTree, duty: Duty, index: int) -> None:
    for code in duty.rhythms[index].places:
        if divisions.follow(code) not in divisions:
            hint = "请写 divisions.csv 中的区划代码"
            path = (duty.id, "rhythms", index, "places")
            draft.error("duties", path, "DIVISION_UNKNOWN", f"没有代码为“{code}”的区划", hint)


def _never_binds(draft: Draft, duty: Duty, index: int, rhythm: Rhythm) -> None:
    """Note a rhythm that asks for no more than the duty does of everybody anyway, or that holds for everybody."""
    path, part = (duty.id, "rhythms", index), draft.parts["duties"]
    everybody = not (rhythm.for_ or rhythm.places or rhythm.season or rhythm.while_)
    if everybody and duty.every:
        message = "这项频次对所有对象全年适用，任务自己的 every 永远用不上"
        draft.findings.warning(part, path, "RHYTHM_FOR_ALL", message, "请写明对哪些人、何处、何时，或者改 every")
    elif duty.every and per_day(rhythm.every, rhythm.at_least) <= per_day(duty.every, duty.at_least):
        message = "这项频次不比任务自己的 every 更勤，从严执行时永远用不上"
        draft.findings.warning(part, path, "RHYTHM_NEVER_BINDS", message, "请改得更勤，或者删去这一项")


def per_day(every: Every, at_least: int) -> float:
    """Return how often something is asked for, on an average day."""
    return at_least / _LENGTH[every]


def _crossing(draft: Draft, duty: Duty) -> None:
    """Note two rhythms of which one has the shorter period and the other asks more often within a year."""
    rhythms = [(rhythm.every, rhythm.at_least) for rhythm in duty.rhythms]
    own = [(duty.every, duty.at_least)] if duty.every else []
    for one, other in combinations((*own, *rhythms), 2):
        shorter, longer = sorted((one, other), key=lambda each: _LENGTH[each[0]])
        if _LENGTH[shorter[0]] < _LENGTH[longer[0]] and per_day(*shorter) < per_day(*longer):
            message = f"“{_said(longer)}”与“{_said(shorter)}”说不清哪个更严"
            hint = "做到了次数多的，未必每期都有一次；请改成同一种周期，或者提高短周期的次数"
            draft.findings.warning(draft.parts["duties"], (duty.id, "rhythms"), "RHYTHMS_CROSS", message, hint)


def _said(rhythm: tuple[Every, int]) -> str:
    return f"{SPOKEN_PERIODS[rhythm[0]]}{rhythm[1]}次"
