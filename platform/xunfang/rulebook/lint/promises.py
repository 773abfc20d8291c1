"""A lower layer may promise faster; slower needs a clause of its own, however the time is said, changed or taken away.

deadlines  `limit`, the rows of `limits`, `from`, `within`, `extend`, `set_by`, `escalate`, `repeat`; one taken away
soft words the number behind one, while a limit still goes by it
Which deadline holds where is compared in `paces`, duties in `rarer`, office hours in `offices`, what may be given,
drawn and wanted in `raised`.
"""

from collections.abc import Iterator
from typing import Any

from xunfang.rulebook.conditions import ALWAYS
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.lint.below import Change, Rung, changes, meetings, rungs
from xunfang.rulebook.lint.lengths import is_longer, length_of
from xunfang.rulebook.positions import Path

HINT = "下级只能更快；确需放宽的，写明本级 cites"
_HINT_SOFT = "下级只能更快；确需放宽的，在 deadlines.toml 中给用到它的时限写明 limit 和本级 cites"
_HINT_EXTEND = "下级只能更快；确需放宽的，在 extend 中写明本级 cites"
_HINT_SET_BY = "下级只能更快；确需放宽的，在 set_by 中写明本级 cites"
_REPEAT = "5 workdays"
_NO_LATER = {("task.opened", "case.opened"), ("task.opened", "state.entered"), ("task.completed", "task.opened")}
"""Beginnings, and others that never come later than these."""

Loosened = tuple[Path, int, str, str]
"""Where something is looser, how many keys out a clause may stand, what to say, and what to do about it."""


def lint(draft: Draft) -> None:
    """Note every deadline that a lower layer made longer, or took away, without citing anything."""
    for change in changes(draft, "deadlines"):
        note(change, _of_deadline(change))
    for change in changes(draft, "jurisdiction", ("soft",)):
        note(change, _of_soft_word(change))


def note(change: Change, found: Iterator[Loosened]) -> None:
    """Note each promise that became looser without a clause of the layer's own, once for each place."""
    told = set[Path]()
    for path, outermost, message, hint in found:
        if path not in told and not change.cites(path, outermost):
            told.add(path)
            change.note(path, "PROMISE_SLOWER", f"{message}，却没有引用自己的条款", hint)


def _of_soft_word(change: Change) -> Iterator[Loosened]:
    word, rules = change.path[-1], change.draft.rules
    terms = [case.limit for deadline in rules.deadlines.values() for case in deadline.limits]
    terms += [duty.limit for duty in rules.duties.values() if duty.limit]
    if any(term.soft == word for term in terms) and _longer(change, change.before, change.after):
        message = f"本级把上级的期限“{change.before}”放宽为“{change.after}”"
        yield change.path, len(change.path), message, _HINT_SOFT


def _longer(change: Change, before: Any, after: Any) -> bool:
    """Return whether a limit as written is longer than it was; False where one is missing or still to be set."""
    was = length_of(change.draft, str(before or ""), change.layer, above=True)
    now = length_of(change.draft, str(after or ""), change.layer, above=False)
    return was is not None and now is not None and is_longer(change.draft, now, was)


def _of_deadline(change: Change) -> Iterator[Loosened]:
    if change.after is None:
        if "until" in change.before:
            named = change.before.get("label", change.path[0])
            yield change.path, 1, f"本级去掉了上级的时限“{named}”", HINT
        return
    for old, new in meetings(change.draft, terms_of(change, change.before), terms_of(change, change.after)):
        yield from _of_rung(change, old, new)
    yield from _of_beginning(change)
    yield from _of_setting(change)
    yield from _of_pressing(change)


def terms_of(change: Change, entry: dict[str, Any]) -> list[Rung]:
    """Return the rows of a deadline, each as far as it may be extended, what holds for all else last."""
    usual = {"extend": entry["extend"]} if "extend" in entry else {}
    rest = {"limit": entry["limit"], **usual} if "limit" in entry else None
    rows = [{**usual, **row} for row in entry.get("limits", ())]
    return rungs(change, rows, (*change.path, "limits"), rest, (*change.path, "limit"))


def _of_rung(change: Change, old: Rung, new: Rung) -> Iterator[Loosened]:
    if _longer(change, old.says["limit"], new.says["limit"]):
        gone = new.when == ALWAYS != old.when
        yield (*change.path, "limits") if gone else new.path, 1, _said(old, new), HINT
    far, farther = old.says.get("extend"), new.says.get("extend")
    path: Path = (*(new.path if change.step.own.find((*new.path, "extend")) else change.path), "extend")
    if far and not farther:
        message = f"上级最长只能延长到“{far['to']}”，本级去掉了这个限度"
        yield path, len(path), message, _HINT_EXTEND
    elif far and farther and _longer(change, far["to"], farther["to"]):
        message = f"本级把上级允许延长到的“{far['to']}”放宽为“{farther['to']}”"
        yield (*path, "to"), len(path), message, _HINT_EXTEND


def _said(old: Rung, new: Rung) -> str:
    was, now = old.says["limit"], new.says["limit"]
    if new.when != ALWAYS:
        return f"本级把上级的期限“{was}”在这一行放宽为“{now}”"
    if old.when != ALWAYS:
        return f"上级 limits 中“{was}”的一行在本级没有了，改按“{now}”，因此放宽"
    return f"本级把上级的期限“{was}”放宽为“{now}”"


def _of_beginning(change: Change) -> Iterator[Loosened]:
    was, now = change.before.get("from"), change.after.get("from")
    if was and now and was != now and (was, now) not in _NO_LATER:
        yield (*change.path, "from"), 1, f"本级把上级的起算时间“{was}”改为“{now}”，到期可能更晚", HINT
    whole, part = change.before.get("within"), change.after.get("within")
    if whole and part != whole:
        yield (*change.path, "within"), 1, f"上级要求不晚于全案时限“{whole}”，本级去掉或改掉了", HINT


def _of_setting(change: Change) -> Iterator[Loosened]:
    """Yield a bound of what may be set for one case that is later than the one above, or else than its limits."""
    before, after = change.before.get("set_by"), change.after.get("set_by")
    path: Path = (*change.path, "set_by")
    limits = [rung.says["limit"] for rung in terms_of(change, change.before)]
    if after and all(_longer(change, was, after["at_most"]) for was in ([before["at_most"]] if before else limits)):
        was = before["at_most"] if before else limits[0]
        message = f"本级允许把期限逐件定到“{after['at_most']}”，上级是“{was}”"
        yield (*path, "at_most"), len(path), message, _HINT_SET_BY
    if before and not after:
        now = [rung.says["limit"] for rung in terms_of(change, change.after)]
        if any(_longer(change, before["at_most"], each) for each in now):
            yield (
                path,
                len(path),
                f"上级逐件限定的期限最长“{before['at_most']}”，本级去掉了，改按更长的期限",
                _HINT_SET_BY,
            )


def _of_pressing(change: Change) -> Iterator[Loosened]:
    """Yield reminders after the last one that come more seldom, and supervision that comes later or no more."""
    was, now = (entry.get("repeat", _REPEAT) for entry in (change.before, change.after))
    if _longer(change, was, now):
        yield (*change.path, "repeat"), 1, f"本级把上级到期后催办的间隔“{was}”放宽为“{now}”", HINT
    first, later = (_first_pressed(change, entry) for entry in (change.before, change.after))
    path = (*change.path, "escalate")
    if first and not later:
        yield path, 1, f"上级规定到期后满“{first}”督办，本级去掉了", HINT
    elif first != later and _later(change, first, later):
        yield path, 1, f"上级规定到期后满“{first}”督办，本级推迟到“{later}”", HINT


def _first_pressed(change: Change, entry: dict[str, Any]) -> str:
    """Return after how long a deadline first presses somebody else, "" for never."""
    first = ""
    for text in (str(each["after"]) for each in entry.get("escalate", ())):
        first = text if not first or _later(change, text, first) else first
    return first


def _later(change: Change, first: str, later: str) -> bool:
    """Return whether one span behind the due moment is longer than another."""
    if _is_at_once(first) or _is_at_once(later):
        return not _is_at_once(later)
    return _longer(change, first, later)


def _is_at_once(after: str) -> bool:
    return after.startswith("0 ") or after == "at due"
