"""The pace of flows: which deadline a case, a state or a row goes by, and what makes its clock stand or begin anew."""

from collections.abc import Iterator
from typing import Any

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.lint.below import Change, Rung, change_of, changes, meetings
from xunfang.rulebook.lint.lengths import is_longer, length_of
from xunfang.rulebook.lint.promises import HINT, Loosened, note, terms_of
from xunfang.rulebook.positions import Path
from xunfang.rulebook.removals import CITES
from xunfang.worktime import Limit

_BEGINS_ANEW = ("none", "task", "case")
"""What an act resets, from nothing to everything."""
_ACTS = {"return": "退回", "transfer": "转办"}
_STATE = 2
"""How many keys name a state: "states" and its own."""


def lint(draft: Draft) -> None:
    """Note every state, case and row that a lower layer made slower without citing anything."""
    for flow in draft.rules.flows:
        for change in changes(draft, f"flow:{flow}"):
            if change.path == ("case_deadline",):
                note(change, _used(change, change.path, 1, [change.before], [change.after]))
        for change in changes(draft, f"flow:{flow}", ("states",)):
            note(change, _of_state(change) if change.after else iter(()))
    for step in draft.parts["routing"].steps if "routing" in draft.parts else ():
        for table in draft.rules.routing:
            _rows(change_of(draft, "routing", step, (table, "rows")))
            note(otherwise := change_of(draft, "routing", step, (table, "otherwise")), _of_row(otherwise, table))


def _of_state(change: Change) -> Iterator[Loosened]:
    before, after, path = change.before, change.after, change.path
    yield from _used(change, (*path, "deadline"), _STATE, [before.get("deadline")], [after.get("deadline")])
    label = after.get("label", path[-1])
    waits, longer = before.get("waits"), after.get("waits")
    if longer and not waits:
        yield (*path, "waits"), _STATE, f"本级让环节“{label}”多等“{longer}”", HINT
    elif longer and _is_longer(change, waits, longer):
        yield (*path, "waits"), _STATE, f"本级把上级的期限“{waits}”放宽为“{longer}”", HINT
    if before.get("counts", True) and not after.get("counts", True):
        yield (*path, "counts"), _STATE, f"本级把环节“{label}”的时间改为不计入期限", HINT
    for act, said in _ACTS.items():
        if _anew(after, act) > _anew(before, act):
            message = f"上级规定环节“{label}”的任务{said}时不重新计时，本级改为重新计时"
            yield (*path, "resets_on", act), _STATE, message, HINT
    most, more = before.get("returns"), after.get("returns")
    if most is not None and (more is None or more > most):
        told = "本级改为不限" if more is None else f"本级改为 {more} 次"
        yield (*path, "returns"), _STATE, f"上级规定环节“{label}”至多退回 {most} 次，{told}", HINT
    deemed = before.get("on_breach")
    if deemed and after.get("on_breach") != deemed:
        message = f"上级规定环节“{label}”到期没有办的视为“{deemed}”，本级去掉或改掉了"
        yield (*path, "on_breach"), _STATE, message, HINT


def _anew(state: dict[str, Any], act: str) -> int:
    return _BEGINS_ANEW.index(state.get("resets_on", {}).get(act, "task"))


def _is_longer(change: Change, before: Any, after: Any) -> bool:
    was, now = (length_of(change.draft, str(each), change.layer, above=True) for each in (before, after))
    return was is not None and now is not None and is_longer(change.draft, now, was)


def _used(change: Change, path: Path, outermost: int, before: list[Any], after: list[Any]) -> Iterator[Loosened]:
    """Yield where another deadline is gone by, or none, and something has more time than by each of those before."""
    old, new = list(filter(None, before)), list(filter(None, after))
    if old and not new:
        yield path, outermost, f"本级去掉了上级的时限“{'、'.join(old)}”，这里不再有期限", HINT
    for name in new if old != new else ():
        if not _rests_on_its_own(change, name) and all(_slower(change, each, name) for each in old) and old:
            limit, was = (_first_limit(change, each, above=above) for each, above in ((name, False), (old[0], True)))
            yield path, outermost, f"本级把上级的期限“{was}”放宽为“{limit}”", HINT


def _rests_on_its_own(change: Change, deadline: str) -> bool:
    """Return whether the layer itself says by which clause a deadline holds."""
    origin = change.draft.parts["deadlines"].origins.get((deadline, "cites"))
    return origin is not None and origin.layer == change.layer


def _terms(change: Change, deadline: str, *, above: bool) -> list[Rung]:
    part = change.draft.parts["deadlines"]
    entry = (part.above(change.layer) if above else part.down_to(change.layer)).get(deadline)
    return terms_of(Change(change.draft, "deadlines", change.step, (deadline,), entry, entry), entry) if entry else []


def _slower(change: Change, old: str, new: str) -> bool:
    """Return whether something has more time by a deadline than by the one that held above."""
    pairs = meetings(change.draft, _terms(change, old, above=True), _terms(change, new, above=False))
    return any(
        _takes_longer(change, *(_limit(change, rung, above=above) for rung, above in ((one, True), (two, False))))
        for one, two in pairs
    )


def _limit(change: Change, rung: Rung, *, above: bool) -> Limit | None:
    return length_of(change.draft, str(rung.says["limit"]), change.layer, above=above)


def _takes_longer(change: Change, was: Limit | None, now: Limit | None) -> bool:
    return was is not None and now is not None and is_longer(change.draft, now, was)


def _first_limit(change: Change, deadline: str, *, above: bool) -> str:
    return next((str(rung.says["limit"]) for rung in _terms(change, deadline, above=above)), "")


def _rows(change: Change) -> None:
    """Note rows whose task had a deadline of its own, or that of its state, and now has a longer one."""
    before = {row["id"]: row for row in change.before or ()}
    for place, row in enumerate(change.after or () if change.before else ()):
        if row != (was := before.get(row["id"], {})):
            here = change.at(place, was, row)
            cited = change.step.own.find((*change.path, _own_place(change, row["id"]), CITES))
            note(here, iter(()) if cited else _of_row(here, str(change.path[0])))


def _of_row(change: Change, table: str) -> Iterator[Loosened]:
    if change.before is None or not change.after:
        return
    usual = _of_states(change.draft, table)
    old, new = ([row["deadline"]] if "deadline" in row else usual for row in (change.before, change.after))
    yield from _used(change, (*change.path, "deadline"), len(change.path), old, new)


def _own_place(change: Change, id: str) -> int:
    """Return where a layer itself has the row that it laid over one above it."""
    rows: Any = change.step.own.value
    for key in change.path:
        rows = rows[key]
    return next(place for place, row in enumerate(rows) if row["id"] == id)


def _of_states(draft: Draft, table: str) -> list[str]:
    """Return the deadlines of the tasks that a table opens where its rows name none."""
    flows = [flow for flow in draft.rules.flows.values() if any(s.routes_by == table for s in flow.states.values())]
    return sorted(
        {state.deadline for flow in flows for state in flow.states.values() if state.per_route and state.deadline}
    )
