"""A lower layer may give less, draw more and want more people; looser bounds need a clause of the layer's own.

A cap is raised by a larger `at_most`, by counting over a shorter time, in fewer flows, only what is the same in more
ways or something else, by letting somebody pass it, and by taking it away. A sample shrinks by its ratio, by its strata
and by what is drawn at least. A role is wanted by fewer, a meeting sits with fewer.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from xunfang.rulebook.conditions import FactRef, read_amount
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.kinds.meetings import QUORUMS
from xunfang.rulebook.kinds.programmes import months_of
from xunfang.rulebook.lint.below import Change, Rung, change_of, changes, meetings, rungs
from xunfang.rulebook.lint.places import LEVELS
from xunfang.rulebook.positions import Path

_HINT = "下级只能更严；确需放宽的，在这条上限中写明本级 cites"
_HINT_SAMPLE = "下级只能多抽；确需少抽的，写明本级 cites"
_HINT_WANTED = "下级只能更严；确需放宽的，写明本级 cites"
_MONTHS_OF_A_YEAR = 12
_PERIODS = {"month": 12, "quarter": 4, "year": 1}

Raised = tuple[Path, str]
"""Where something is looser, and in what way."""


def lint(draft: Draft) -> None:
    """Note every cap that a lower layer raised, and everything else it gives more of, without citing anything."""
    for change in changes(draft, "programmes"):
        if change.after:
            for cap in change_of(draft, "programmes", change.step, (*change.path, "caps")).each():
                _cap(cap, change.after.get("caps", {}))
    for change in changes(draft, "duties"):
        _sample(change)
    for change in changes(draft, "roles"):
        _staff(change)
    for change in changes(draft, "meetings"):
        _quorum(change)


def _cap(change: Change, now: Mapping[str, Any]) -> None:
    path = change.path
    if change.after is None:
        looser = all(any(_looser(change.draft, change.before, cap)) for cap in now.values())
        if looser and not change.cites(path, len(path) - 1):
            message = f"本级去掉了上级的上限“{change.before['label']}”，却没有引用自己的条款"
            change.note(path, "CAP_RAISED", message, _HINT)
        return
    for key, what in _looser(change.draft, change.before, change.after):
        if not change.cites((*path, key), len(path)):
            change.note((*path, key), "CAP_RAISED", f"本级{what}，却没有引用自己的条款", _HINT)


def _looser(draft: Draft, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield every way in which a cap binds less than another: the key, and what to say of it."""
    if before.get("sum") != after.get("sum"):
        was, now = (each.get("sum", "次数") for each in (before, after))
        yield "sum", f"把上级的上限从按“{was}”计算改为按“{now}”计算"
    elif _is_more(draft, before["at_most"], after["at_most"]):
        yield "at_most", f"把上级的上限“{before['at_most']}”提高为“{after['at_most']}”"
    if _is_shorter(str(before["within"]), str(after["within"])):
        yield "within", f"把上级的计算上限的时间“{before['within']}”改为“{after['within']}”，给予得更多"
    was, now = before.get("same", ()), after.get("same", ())
    if not set(now) <= set(was):
        told = _titles(draft, now)
        named = f"把上级的“只算{_titles(draft, was)}都相同的”改为" if was else f"给上级的上限“{before['label']}”加上了"
        yield "same", f"{named}“只算{told}都相同的”，给予得更多"
    flows, fewer = before.get("flows", ()), after.get("flows", ())
    if fewer and (not flows or not set(flows) <= set(fewer)):
        named = f"把上级的管“{'、'.join(flows)}”流程改为" if flows else f"给上级的上限“{before['label']}”加上了"
        yield "flows", f"{named}“只管{'、'.join(fewer)}流程”，给予得更多"
    if "override" in after and "override" not in before:
        yield "override", f"给上级的上限“{before['label']}”加上了“允许破例超过上限”（override），给予得更多"
    elif "override" in after and after["override"]["by"] != before["override"]["by"]:
        yield "override", f"把上级由“{before['override']['by']}”破例改为由“{after['override']['by']}”破例"


def _titles(draft: Draft, names: Sequence[str]) -> str:
    """Return what fields are called on the first form that has each of them."""
    forms = draft.rules.forms.values()
    return "、".join(next((form.fields[name].title for form in forms if name in form.fields), name) for name in names)


def _sample(change: Change) -> None:
    if not change.after or "sample" not in change.before:  # a duty that is gone is told as such
        return
    before, after = change.before["sample"], change.after.get("sample")
    path: Path = (*change.path, "sample")
    if not after:
        found: list[Raised] = [(path, "去掉了上级的抽查")]
    else:
        found = [*_shares(change, before, after), *_at_least(path, before, after)]
    for place, what in dict(found).items():
        if not change.cites(place):
            change.note(place, "SAMPLE_SMALLER", f"本级{what}，却没有引用自己的条款", _HINT_SAMPLE)


def _shares(change: Change, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Raised]:
    """Yield the strata, and the rest, by which something is drawn less often than before."""
    for old, new in meetings(change.draft, _layers(change, before), _layers(change, after)):
        if _is_less(old.says, new.says):
            yield new.path, f"把上级的抽查“{_share(old)}”减为“{_share(new)}”"


def _layers(change: Change, sample: Mapping[str, Any]) -> list[Rung]:
    path = (*change.path, "sample")
    rest = {"ratio": sample["ratio"]}
    return rungs(change, sample.get("strata", ()), (*path, "strata"), rest, (*path, "ratio"))


def _is_less(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Return whether a share may be smaller than another; a ratio still to be set is none."""
    if "local" in (before.get("ratio"), after.get("ratio")):
        return False
    old, new = _number(before), _number(after)
    alike = ("count" in before) == ("count" in after) or not old
    return new < old if alike else after.get("ratio") not in ("all", 1, 1.0)


def _number(share: Mapping[str, Any]) -> float:
    value = share.get("count", share.get("ratio"))
    return 1.0 if value == "all" else float(value or 0)


def _share(rung: Rung) -> str:
    return f"{rung.says['count']}件" if "count" in rung.says else str(rung.says["ratio"])


def _at_least(path: Path, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Raised]:
    was, now = (sample.get("minimum", 0) * _PERIODS[sample.get("per", "month")] for sample in (before, after))
    if now < was:
        told = f"每期“{before['minimum']}”（一年 {was} 件）"
        yield (*path, "minimum"), f"把上级的至少{told}减为一年 {now} 件"
    if after.get("gone") == "waive" != before.get("gone", "replace"):
        yield (*path, "gone"), "把抽中的去世、迁出以后由下一件替补，改为不再抽查"
    for level, least in before.get("at_least", {}).items():
        if (fewer := after.get("at_least", {}).get(level, 0)) < least:
            yield (*path, "at_least", level), f"把上级规定每个{LEVELS[level]}区划至少抽 {least} 件减为 {fewer} 件"


def _staff(change: Change) -> None:
    now = {each["in"]: each.get("at_least", 1) for each in (change.after or {}).get("staffed", ())}
    path: Path = (*change.path, "staffed")
    for wanted in change.before.get("staffed", ()):
        least, fewer = wanted.get("at_least", 1), now.get(wanted["in"], 0)
        if fewer < least and not (_cited_in_list(change, path) or change.cites(path)):
            unit = change.draft.rules.units.get(wanted["in"])
            where = f"上级要求每个“{unit.anywhere if unit else wanted['in']}”配备 {least} 人"
            message = f"{where}，本级减为 {fewer} 人，却没有引用自己的条款"
            change.note(path, "WANTED_FEWER", message, _HINT_WANTED)


def _cited_in_list(change: Change, path: Path) -> bool:
    """Return whether anything in a list that the layer wrote cites a clause."""
    count = len(change.after.get(path[-1], ())) if change.after else 0
    return any(change.cites((*path, index), len(path) + 1) for index in range(count))


def _quorum(change: Change) -> None:
    was, now = (QUORUMS.index(said) if (said := each.get("quorum", "")) in QUORUMS else 0
                for each in (change.before, change.after or {}))  # fmt: skip
    if change.after and now < was and not change.cites(change.path):
        what = f"本级把上级会议的法定人数“{QUORUMS[was]}”放宽为“{QUORUMS[now] or '不限'}”，却没有引用自己的条款"
        change.note((*change.path, "quorum"), "WANTED_FEWER", what, _HINT_WANTED)


def _is_more(draft: Draft, before: Any, after: Any) -> bool:
    """Return whether an amount is certainly more than another, with the standards of the last day that has one."""
    old, new = read_amount(before), read_amount(after)
    if isinstance(old, FactRef) and isinstance(new, FactRef) and old.path == new.path:
        return new.times > old.times
    least, most = _worth(draft, old), _worth(draft, new)
    return least is not None and most is not None and most > least


def _worth(draft: Draft, amount: float | FactRef | None) -> float | None:
    if not isinstance(amount, FactRef):
        return amount
    standard = draft.rules.info.standards.get(amount.path.removeprefix("standards."))
    return standard.since[-1].value * amount.times if standard and standard.since else None


def _is_shorter(before: str, after: str) -> bool:
    """Return whether what counted under one span of time may not count under another.

    Over the turn of a year the calendar year forgets what any number of months still counts; twelve months and more
    count all that a calendar year does.
    """
    old, new = months_of(before), months_of(after)
    if old is None or new is None or old == new:
        return False
    return new == 0 or (new < _MONTHS_OF_A_YEAR if old == 0 else new < old)
