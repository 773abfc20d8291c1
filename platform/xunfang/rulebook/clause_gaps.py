"""Where the number of a rule is not that of the clause it rests on: looser than the text, or faster."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from xunfang.rulebook.clause_numbers import COUNTED, days_of_month_in, lengths_in
from xunfang.rulebook.lint.lengths import ever_longer
from xunfang.rulebook.model import Basis, Rulebook
from xunfang.worktime import Limit, LimitKind

_NUMBERED = dict.fromkeys(COUNTED, lengths_in) | {LimitKind.MONTH_DAY: days_of_month_in}


@dataclass(frozen=True, slots=True)
class Gap:
    """A clause names one number and a rule that cites it another; `practice` is why, where the rule says so."""

    kind: str
    id: str
    clause: str
    said: Limit
    rule: Limit
    looser: bool
    practice: str


def gaps(rulebook: Rulebook) -> tuple[Gap, ...]:
    """Return every number of a rule that none of the clauses it cites names, and is beyond or within them all.

    A number between those of its clauses is not judged: the text speaks of several matters then. Nor are workdays
    against days where either may end first and the rule says why it counts so.
    """
    return tuple(gap for each in _limits(rulebook) for gap in _gaps(rulebook, *each))


def _limits(rulebook: Rulebook) -> Iterator[tuple[str, str, Limit, Basis]]:
    for deadline in rulebook.deadlines.values():
        for case in deadline.limits:
            if case.limit.counts:
                yield "deadlines", deadline.id, case.limit.counts, case.basis
    for duty in rulebook.duties.values():
        if duty.limit and duty.limit.counts:
            yield "duties", duty.id, duty.limit.counts, duty.basis
        if duty.due and duty.due.kind is LimitKind.MONTH_DAY:
            yield "duties", duty.id, duty.due, duty.basis


def _gaps(rulebook: Rulebook, kind: str, id: str, limit: Limit, basis: Basis) -> Iterator[Gap]:
    said = list(_said(rulebook, limit, basis.cites))
    numbers = [each for _, each in said if each.kind is limit.kind] or [each for _, each in said]
    if not numbers or limit in numbers:
        return
    beyond = [_is_longer(rulebook, limit, each) for each in numbers]
    within = [_is_longer(rulebook, each, limit) for each in numbers]
    looser = all(beyond) and not (basis.practice and any(within))
    faster = all(within) and not any(beyond)
    if looser or faster:
        for clause in dict.fromkeys(clause for clause, each in said if each in numbers):
            own = [each for other, each in said if other == clause and each in numbers]
            nearest = (max if looser else min)(own, key=lambda each: each.amount)
            yield Gap(kind, id, clause, nearest, limit, looser, basis.practice)


def _said(rulebook: Rulebook, limit: Limit, cites: Iterable[str]) -> Iterator[tuple[str, Limit]]:
    numbers_in = _NUMBERED.get(limit.kind)
    for clause in cites if numbers_in else ():
        if numbers_in and clause in rulebook.clauses:
            yield from ((clause, each) for each in numbers_in(rulebook.clauses[clause].text))


def _is_longer(rulebook: Rulebook, one: Limit, other: Limit) -> bool:
    if one.kind is LimitKind.MONTH_DAY:
        return one.amount > other.amount
    return ever_longer(one, other, rulebook.calendar, rulebook.info.office)
