"""What the recount comes to where the rules name what is counted: lines of ledgers, and indicators. As naive as it is.

Only what can be read without knowing more is counted: conditions on a flow, a state, a duty or a programme, of how many
that are done in time, closed, or reported in time.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from year.aid import Aid
from year.recount import Figures, OneCase, OneTask, Recount

_PARTS = ("completed_in_time", "closed", "reported_in_time")
_NAMED = {"flow", "state", "duty"}


def measured(recount: Recount, aid: Aid, published: int) -> Figures:
    """Return the lines of each ledger, and part and whole of each indicator by owner and period.

    `aid`: who was helped with what; `published`: how much hung on boards.
    """
    return _ledgers(recount, aid, published) + _indicators(recount) + _patrols(recount)


def _patrols(recount: Recount) -> Figures:
    """Return how each month's visits to anybody stand, where a village owes so many: by the visits that were told."""
    found: Figures = Counter()
    for task in recount.tasks.values():
        duty = recount.rules.duties.get(task.duty, {})
        if "satisfied_by" not in duty or "for" in duty or duty.get("every") != "month" or task.how == "waived":
            continue
        village, month = recount.rules.now(task.unit.partition(":")[2]), task.due[:7]
        enough = recount.seen[duty["satisfied_by"], village, month] >= duty.get("at_least", 1)
        over = month < recount.last[:7]
        found["patrols", task.duty, month, "visited" if enough else "missed" if over else "owed"] += 1
    return found


def _ledgers(recount: Recount, aid: Aid, published: int) -> Figures:
    found: Figures = Counter()
    listed = {
        "case": [{"flow": case.flow} for case in recount.cases.values()],
        "entitlement": [{"programme": one.programme} for one in aid.lasting()],
        "publication": [dict[str, str]()] * published,
        "visit": [dict[str, str]()] * recount.visits.total(),
    }
    for name, ledger in recount.rules.ledgers.items():
        where = ledger.get("where", {})
        if ledger["of"] in listed and set(where) <= {"flow", "programme"}:
            found["ledger lines", name] = sum(_is(facts, where) for facts in listed[ledger["of"]])
    return found


def _is(facts: Mapping[str, str], where: Mapping[str, Any]) -> bool:
    return all(facts.get(name) in (test["in"] if isinstance(test, dict) else [test]) for name, test in where.items())


def _indicators(recount: Recount) -> Figures:
    found: Figures = Counter()
    for name in readable(recount).keys() & recount.rules.indicators.keys():
        indicator = recount.rules.indicators[name]
        part = next(iter(indicator["part"]["where"]))
        for owner, period, good in _counted(recount, indicator, indicator["whole"], part):
            found["indicator", name, owner, period, "whole"] += 1
            found["indicator", name, owner, period, "part"] += good
    return found


def readable(recount: Recount) -> dict[str, bool]:
    """Return the indicators that can be counted without knowing more, and whether for each owner or only in all."""
    found = {}
    for name, indicator in recount.rules.indicators.items():
        whole, part = indicator["whole"], indicator["part"]["where"]
        of_case = whole["of"] == "case"
        plain = set(whole.get("where", {})) <= _NAMED and len(part) == 1 and next(iter(part)) in _PARTS
        by_itself = "completed_in_time" not in part and "unit" not in indicator["per"]
        if plain and (by_itself or not of_case):  # see `cells` for the clock of a case, and who answers for it
            found[name] = True
    return found


def _counted(
    recount: Recount, indicator: Mapping[str, Any], whole: Mapping[str, Any], part: str
) -> Iterator[tuple[str, str, bool]]:
    """Yield for whom and for which period each thing counts, and whether it is as it should be."""
    where, per = whole.get("where", {}), indicator["per"]
    if whole["of"] == "case":
        for case in recount.cases.values():
            if _is({"flow": case.flow}, where):
                period = _period(case.opened, per)
                yield from ((owner, period, _is_so(case, part)) for owner in _of_case(recount, case, per))
        return
    for task in recount.tasks.values():
        day = settled(task, recount.last)
        facts = {"duty": task.duty} if task.duty else {"state": task.state}
        if day and bool(task.duty) == (whole["of"] == "duty") and _is(facts, where):
            good = bool(task.ended and task.in_time)
            yield from ((owner, _period(day, per), good) for owner in _of_task(recount, task, per))


def settled(task: OneTask, now: str) -> str:
    """Return the day on which a task was ended or due, whichever came first; "" for one that says nothing yet."""
    kept = ("", "done", "reported", "nil", "visited", "missed") if task.duty else ("", "done")
    if task.role != "lead" or task.how not in kept or not (task.ended or (task.due and task.due <= now)):
        return ""
    return min(day for day in (task.ended, task.due) if day)


def _is_so(case: OneCase, part: str) -> bool:
    return bool(case.closed) if part == "closed" else case.reported_in_time


def _of_case(recount: Recount, case: OneCase, per: list[str]) -> Iterator[str]:
    yield ""
    place = recount.rules.now(case.place)
    if "township" in per and len(place) >= len("370304102"):
        yield place[: len("370304102")]


def _of_task(recount: Recount, task: OneTask, per: list[str]) -> Iterator[str]:
    yield ""
    place = recount.rules.now(recount.cases[task.case].place if task.case else task.unit.partition(":")[2])
    if "unit" in per:
        yield task.unit
    for level, digits in (("township", 9), ("village", 12)):
        if level in per and len(place) >= digits:
            yield place[:digits]


def _period(day: str, per: list[str]) -> str:
    """Return the first day of the period of an indicator that a day lies in."""
    if "month" in per:
        return f"{day[:7]}-01"
    if "quarter" in per:
        return f"{day[:4]}-{(int(day[5:7]) - 1) // 3 * 3 + 1:02d}-01"
    return f"{day[:4]}-01-01"
