"""A lower layer may give less and draw more; a cap that it raises, a sample that it shrinks need a clause of its own.

A cap is raised by a larger `at_most`, by counting over a shorter time, in fewer flows or only what is the same in more
ways, and by letting somebody pass it.
"""

from collections.abc import Mapping
from typing import Any

from xunfang.rulebook.conditions import FactRef, read_amount
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.kinds.programmes import months_of
from xunfang.rulebook.merge import Origin, Override, Part
from xunfang.rulebook.positions import Path

_HINT = "下级只能更严；确需放宽的，在这条上限中写明本级 cites"
_HINT_SAMPLE = "下级只能多抽；确需少抽的，写明本级 cites"
_MONTHS_OF_A_YEAR = 12
_FIRST_WRITTEN = ("label", "at_most", "within")
"""What every cap has from the beginning: where it was never replaced, the layer that began the cap wrote it."""


def lint(draft: Draft) -> None:
    """Note every cap that a lower layer raised, and every sample that it made smaller, without citing anything."""
    if part := draft.parts.get("programmes"):
        for override in part.overrides:
            _cap(draft, part, override)
        for programme, entry in part.sound().items():
            for cap, told in entry.get("caps", {}).items():
                _added(draft, part, (programme, "caps", cap), told)
    if part := draft.parts.get("duties"):
        for override in part.overrides:
            _sample(draft, part, override)


def _cap(draft: Draft, part: Part, override: Override) -> None:
    match override.path:
        case (_, "caps", _, "at_most") if _is_more(draft, override.before, override.after):
            what = f"上限“{override.before}”提高为“{override.after}”"
        case (_, "caps", _, "within") if _is_shorter(str(override.before), str(override.after)):
            what = f"计算上限的时间“{override.before}”改为“{override.after}”，给予得更多"
        case (_, "caps", _, "same") if not set(override.after) <= set(override.before):
            what = (
                f"“只算{'、'.join(override.before)}都相同的”改为“只算{'、'.join(override.after)}都相同的”，给予得更多"
            )
        case (_, "caps", _, "flows") if not set(override.before) <= set(override.after):
            what = f"“管{'、'.join(override.before)}流程的”改为“管{'、'.join(override.after)}流程的”，给予得更多"
        case _:
            return
    if not _cites(part, override.path[:-1], override.origin):
        draft.error("programmes", override.path, "CAP_RAISED", f"本级把上级的{what}，却没有引用自己的条款", _HINT)


def _added(draft: Draft, part: Part, path: Path, told: Mapping[str, Any]) -> None:
    """Note what a lower layer adds to a cap that it inherits."""
    whats = {
        "same": "“只算有相同之处的”（same）",
        "override": "“允许破例超过上限”（override）",
        "flows": "“只管这几个流程”（flows）",
    }
    replaced = {override.path for override in part.overrides}
    for key in whats.keys() & told.keys():
        origin = part.origins[*path, key]
        first = {part.origins[*path, name].layer for name in _FIRST_WRITTEN if (*path, name) not in replaced}
        own = _cites(part, path, origin) or _cites(part, (*path, key), origin)
        if first and origin.layer not in first and (*path, key) not in replaced and not own:
            message = f"本级给上级的上限“{told['label']}”加上了{whats[key]}，给予得更多，却没有引用自己的条款"
            draft.error("programmes", (*path, key), "CAP_RAISED", message, _HINT)


def _sample(draft: Draft, part: Part, override: Override) -> None:
    match override.path:
        case (_, "sample", "ratio" | "minimum") | (_, "sample", "at_least", _):
            before, after = _share(override.before), _share(override.after)
            if before is None or after is None or after >= before:
                return
        case _:
            return
    if not _cites(part, override.path[:1], override.origin):
        message = f"本级把上级的抽查“{override.before}”减为“{override.after}”，却没有引用自己的条款"
        draft.error("duties", override.path, "SAMPLE_SMALLER", message, _HINT_SAMPLE)


def _cites(part: Part, path: Path, origin: Origin) -> bool:
    """Return whether the very layer that wrote something cites a clause for what it stands in."""
    found = part.origins.get((*path, "cites"))
    return found is not None and found.layer == origin.layer


def _share(value: Any) -> float | None:
    """Return a ratio or a number of things, None for a ratio that is still to be set."""
    try:
        return 1.0 if value == "all" else float(value)
    except ValueError:
        return None


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
