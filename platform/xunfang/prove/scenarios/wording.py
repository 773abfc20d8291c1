"""A failure of a scenario in the words of its county: what should be and what is, by labels, where they differ."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from xunfang.clock import local, parse
from xunfang.prove.scenarios.comparing import Failure
from xunfang.rulebook.key_labels import label_of
from xunfang.rulebook.model import Rulebook
from xunfang.rules.units import kind_of, unit_label

_SCENARIO, _EXPECT = "scenario", "steps[].expect"
_OF: Mapping[str, tuple[str, ...]] = {
    "units": ("unit", "units", "lead", "assist", "informs", "to", "of", "by", "holder"),
    "notices": ("kind", "kinds", "notice", "printed", "papers"),
    "deadlines": ("deadline", "overdue", "in_time"),
    "forms": ("form", "forms"),
    "flows": ("flow", "started"),
    "duties": ("duty", "owed", "owes", "asks"),
    "programmes": ("programme", "granted"),
}
_KINDS = {key: kind for kind, keys in _OF.items() for key in keys}


def worded(failure: Failure, rulebook: Rulebook) -> str:
    """Return a failure as a sentence; of one thing that differs in parts, these alone."""
    at, expected, got = f"{_EXPECT}.{failure.what}", failure.expected, failure.got
    if isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got) == 1:
        at, expected, got = f"{at}[]", expected[0], got[0]
    told = "；".join(_parts(at, failure.what, expected, got, rulebook))
    return f"第{failure.step}步，{_label(f'{_EXPECT}.{failure.what}', failure.what)}：{told}"


def _parts(at: str, what: str, expected: Any, got: Any, rulebook: Rulebook) -> Iterator[str]:
    if isinstance(expected, Mapping) and isinstance(got, Mapping):
        for key in expected:
            if expected[key] != got.get(key):
                yield f"{_label(f'{at}.{key}', key)}{_both(key, expected[key], got.get(key), rulebook)}"
        return
    yield _both(what, expected, got, rulebook)


def _both(key: str, expected: Any, got: Any, rulebook: Rulebook) -> str:
    return f"应为{_told(key, expected, rulebook)}，实为{_told(key, got, rulebook)}"


def _label(at: str, key: str) -> str:
    """Return what a key is called, itself where it has no name: ids of a county are keys too."""
    found = label_of(_SCENARIO, at)
    return key if not found or found.endswith(("*", "[]")) else found


def _told(key: str, value: Any, rulebook: Rulebook) -> str:
    if isinstance(value, Mapping):
        pairs = (f"{_label(f'{_EXPECT}.{name}', name)} {_told(name, each, rulebook)}" for name, each in value.items())
        return f"（{'，'.join(pairs)}）" if value else "无"
    if isinstance(value, (list, tuple)):
        return "、".join(_told(key, each, rulebook) for each in value) or "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    return "无" if value in ("", None) else _word(key, str(value), rulebook)


def _word(key: str, value: str, rulebook: Rulebook) -> str:
    """Return a name as people know it, a moment as they write it; anything else as it is."""
    if key == "state":
        states = {state.id: state.label for flow in rulebook.flows.values() for state in flow.states.values()}
        return states.get(value, value)
    if _KINDS.get(key) == "units" and kind_of(value) in rulebook.units:
        return unit_label(rulebook, value)
    rule = getattr(rulebook, _KINDS[key]).get(value) if key in _KINDS else None
    return str(getattr(rule, "label", "") or getattr(rule, "title", "")) or _moment(value)


def _moment(value: str) -> str:
    try:
        return f"{date.fromisoformat(value):%-m月%-d日}" if len(value) == len("2026-03-19") else _hour(parse(value))
    except ValueError:
        return value


def _hour(at: datetime) -> str:
    return f"{local(at):%Y年%-m月%-d日 %H:%M}"
