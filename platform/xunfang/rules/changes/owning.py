"""Which rule a value in a file belongs to, and how the change of a value is told."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any

from xunfang.rulebook.differences import Difference
from xunfang.rulebook.keywords import keys_of, words_of
from xunfang.rulebook.kinds import KINDS
from xunfang.rulebook.merge import ROWS
from xunfang.rulebook.positions import Path
from xunfang.rules.changes.faces import Spot

_KIND_OF_PART = {kind.part: kind.id for kind in KINDS.values()}
_LONGEST = 120
_ENDS = "：；，。（"


def kind_of(part: str) -> str:
    """Return the kind of rule that a part holds: flows for flow:clue."""
    return _KIND_OF_PART.get(part.partition(":")[0], part)


def owner(part: str, path: Path, known: Iterable[str], changed: Container[str]) -> str:
    """Return the id of the rule that a value belongs to, of those known; "" for none.

    Where the value is a list of several rules, it is the first of them that changed.
    """
    place = _segments(part, path)
    within = [id for id in known if _leads(place, id.split("#")[0].split(".")) and id in changed]
    if within:
        return within[0]
    around = [id for id in known if _leads(id.split("#")[0].split("."), place)]
    return max(around, key=lambda id: (id.count("."), id in changed, -len(id)), default="")


def _leads(short: list[str], long: list[str]) -> bool:
    """Return whether every step of one stands in the other, in its order, the first of both being the same."""
    steps = iter(long)
    return short[:1] == long[:1] and all(step in steps for step in short)


def _segments(part: str, path: Path) -> list[str]:
    """Return where a value stands as ids are made: rows, standards and clauses have ids of their own."""
    kind, _, name = part.partition(":")
    steps = [*([name] if name else []), *map(str, path)]
    if kind == "routing" and len(steps) > 2 and steps[1] == ROWS:
        return steps[2:]
    if kind == "policies" and len(steps) > 3 and steps[2] == "clauses":
        return steps[3:]
    if kind == "jurisdiction" and steps[:1] == ["standards"]:
        return steps[1:]
    return steps


def single(found: Iterable[Difference]) -> Iterator[Difference]:
    """Yield differences, that of the fields which a form cannot do without as one for each field."""
    for each in found:
        before, after = each.before or [], each.after or []
        if not each.part.startswith("form:") or each.path[-1:] != ("required",) or not isinstance(before, list):
            yield each
            continue
        for name in sorted({*before} ^ {*after}):
            path = (*each.path[:-1], "properties", name, "required")
            yield replace(each, path=path, before=name in before, after=name in after)


def spot_of(each: Difference) -> Spot:
    """Return a difference as it is told."""
    gone = each.after is None and each.inherited_from is not None
    origin = each.inherited_from if gone and each.inherited_from else each.origin
    before, after = (value_words(value) for value in (each.before, each.after))
    return Spot(origin.file, origin.line, each.key, _name(each.part, each.path), before, after)


def value_words(value: Any) -> str:
    """Return a value of a file as people read it, "" for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    told = _nested(value) if isinstance(value, (dict, list)) else str(value)
    return told if len(told) <= _LONGEST else f"{told[: _LONGEST - 1]}…"


def _nested(value: Any) -> str:
    if isinstance(value, dict):
        return "，".join(f"{key}：{value_words(item)}" for key, item in value.items()) or "空"
    return (
        "、".join(f"（{value_words(each)}）" if isinstance(each, dict) else value_words(each) for each in value) or "空"
    )


def _name(part: str, path: Path) -> str:
    """Return what a key says in a few words, "" for one that nobody has described."""
    kind = part.partition(":")[0]
    if kind == "form" and path[-1] == "required" and len(path) > 1:
        return "必填"
    told = words_of(kind, pattern) if (pattern := _pattern(kind, path)) else ""
    end = min((place for sign in _ENDS if (place := told.find(sign)) > 0), default=len(told))
    return told[:end]


@cache
def _patterns(kind: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((key.path, tuple(key.path.replace("[]", "").split("."))) for key in keys_of(kind))


def _pattern(kind: str, path: Path) -> str:
    """Return a path as the description of its kind of file names it, "" for one it does not name."""
    steps = [str(step) for step in path if step is not None]
    steps = [step for nth, step in enumerate(steps) if not (nth and steps[nth - 1] == ROWS)]
    fitting = (key for key, wanted in _patterns(kind) if _fits(steps, wanted))
    return next(fitting, "")


def _fits(steps: list[str], wanted: tuple[str, ...]) -> bool:
    return len(steps) == len(wanted) and all(w in ("*", step) for step, w in zip(steps, wanted, strict=True))
