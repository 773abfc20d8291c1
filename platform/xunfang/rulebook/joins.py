"""Joins: which of several leads must have decided before a case leaves a state."""

from typing import TYPE_CHECKING

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.positions import Path

if TYPE_CHECKING:  # flows are linked with it
    from xunfang.rulebook.kinds.flows import State

_JOINS = frozenset({"all", "any", "first-decided", *map(str, range(2, 13))})


def link_join(draft: Draft, part: str, path: Path, state: "State") -> None:
    """Note a join of a state that is none, or that does nothing."""
    if state.join not in _JOINS:
        hint = '可用的有：all、any、first-decided，或者几家办结即可："2" 到 "12"'
        draft.error(part, (*path, "join"), "VALUE_UNKNOWN", f"不认识的取值“{state.join}”", hint)
    for index, name in enumerate(state.undecided):
        if name not in state.outcomes:
            hint = did_you_mean(name, state.outcomes)
            draft.error(part, (*path, "undecided", index), "NAME_UNKNOWN", f"这个环节没有名为“{name}”的办理结果", hint)
    if state.join != "all" and not state.per_route:
        message, hint = "这个环节只有一项任务，不用写几家办结才算", "请删去 join，或写 per_route = true"
        draft.error(part, (*path, "join"), "JOIN_UNUSED", message, hint)
    if state.undecided and state.join in ("all", "any"):
        message = f"join = “{state.join}”时每个办理结果都算数，undecided 不起作用"
        hint = '请写 join = "first-decided"，或删去 undecided'
        draft.error(part, (*path, "undecided"), "UNDECIDED_UNUSED", message, hint)
    elif state.undecided and not {id for id, each in state.outcomes.items() if each.to != state.id} - {
        *state.undecided
    }:
        hint = "请至少留一个算作决定的办理结果"
        draft.error(part, (*path, "undecided"), "JOIN_NEVER_DECIDED", "每个办理结果都列为未作决定，永远决定不了", hint)
