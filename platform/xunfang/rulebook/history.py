"""What a case has been through 经过, as numbers that conditions compare: how often, and for how long."""

from collections.abc import Mapping
from dataclasses import dataclass

from xunfang.rulebook.conditions import Condition
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.entry import Entry
from xunfang.rulebook.facts import check_condition
from xunfang.rulebook.findings import did_you_mean
from xunfang.worktime import Limit, LimitKind, parse_limit

TIMES, MONTHS, DAYS = "times", "months", "days"
UNITS: Mapping[str, str] = {TIMES: "次", MONTHS: "个月", DAYS: "天"}
"""What the number of a history counts, and the word for it."""


@dataclass(frozen=True, slots=True)
class History:
    """A number that conditions read as `history.<id>`.

    How often one of `outcomes` (of a state each) came about, in the last `days` where that is set, and `in_a_row` only
    since the states last ended otherwise. Or for how many whole months or days, up to now, `held` has been so.
    """

    id: str
    label: str
    outcomes: tuple[tuple[str, str], ...] = ()
    in_a_row: bool = False
    days: int = 0
    held: Condition | None = None
    unit: str = TIMES


def history_of(whole: Entry) -> Mapping[str, History]:
    """Return what a flow counts of its cases, by id; what cannot be counted is noted."""
    return {key: _history(key, entry) for key, entry in whole.tables("history")}


def _history(key: str, entry: Entry) -> History:
    counts, lasts = "outcomes" in entry.data, "while" in entry.data
    if counts == lasts:
        hint = '数次数写 outcomes = ["环节.结果"]，算持续多久写 while.<字段> = …'
        entry.error("", "HISTORY_UNREADABLE", "outcomes 和 while 写一个，也只能写一个", hint)
    for name in ("in_a_row", "within") if lasts else ("unit",):
        if name in entry.data:
            entry.error(name, "HISTORY_UNREADABLE", f"{name} 在这里不起作用", f"请删去 {name}")
    return History(
        id=key,
        label=entry.text("label"),
        outcomes=tuple(_outcome(name) for name in entry.names("outcomes")),
        in_a_row=bool(entry.data.get("in_a_row")),
        days=_within(entry),
        held=entry.condition("while"),
        unit=entry.text("unit", MONTHS) if lasts else TIMES,
    )


def _outcome(name: str) -> tuple[str, str]:
    state, _, outcome = name.partition(".")
    return state, outcome


def _within(entry: Entry) -> int:
    text = entry.text("within")
    try:
        limit: Limit | None = parse_limit(text) if text else None
    except ValueError:
        limit = parse_limit("same day")
    if limit and limit.kind is not LimitKind.DAYS:
        entry.error("within", "LIMIT_UNREADABLE", f"“{text}”无法识别，这里只能写天数", '如 "30 days"')
        return 0
    return limit.amount if limit else 0


def link_history(
    draft: Draft, part: str, states: Mapping[str, Mapping[str, object]], histories: Mapping[str, History]
) -> None:
    """Check the outcomes, by their states, and the conditions that a flow counts."""
    for history in histories.values():
        path = ("history", history.id)
        for index, (state, outcome) in enumerate(history.outcomes):
            if state not in states:
                hint = did_you_mean(state, states) or "写作“环节.结果”"
                draft.error(part, (*path, "outcomes", index), "NAME_UNKNOWN", f"没有名为“{state}”的环节", hint)
            elif outcome not in states[state]:
                message, hint = f"环节“{state}”没有名为“{outcome}”的办理结果", did_you_mean(outcome, states[state])
                draft.error(part, (*path, "outcomes", index), "NAME_UNKNOWN", message, hint)
        check_condition(draft, part, (*path, "while"), history.held)
