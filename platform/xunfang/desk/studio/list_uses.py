"""Where the rules use a list and each of its options: forms, conditions of every kind of rule, scenarios, papers."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from functools import cache, lru_cache
from types import NoneType
from typing import Any

from xunfang.rulebook.conditions import AllOf, AnyOf, Condition, Test, tests_of
from xunfang.rulebook.lint.personal import every_field
from xunfang.rulebook.model import Field, Rulebook
from xunfang.rules.describe.conditions import condition_words

_OF_LISTS = frozenset({"computed", "person"})
"""The roots of facts that are called by a list itself."""


@dataclass(frozen=True, slots=True)
class Uses:
    """What names a list or an option, by kind of rule in the order of `_KINDS`, each as people call it."""

    by_kind: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def said(self) -> Sequence[str]:
        """Return how many there are of each kind, in words."""
        return [f"{kind}{len(names)}{_KINDS[kind]}" for kind, names in self.by_kind.items()]


_FACTS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_WORD = re.compile(r"\w+")
_KINDS = {
    "表单": "处", "分派": "行", "期限": "项", "流程": "处", "定期任务": "项", "部门数据": "项", "台账": "本",
    "指标": "项", "发放名册": "项", "救助事项": "项", "字典": "项", "情景": "个", "文书": "种",
}  # fmt: skip
Found = dict[tuple[str, str], dict[str, dict[str, None]]]


def uses_of(book: Rulebook, list_id: str, entry: str = "") -> Uses:
    """Return what names a list as a whole, or one of its options."""
    found = _all(book).get((list_id, entry), {})
    return Uses({kind: list(found[kind]) for kind in _KINDS if kind in found})


def fields_of(book: Rulebook, list_id: str) -> Sequence[Field]:
    """Return every field of a form, or of its rows, that is answered from a list."""
    return [each for form in book.forms.values() for _, each in every_field(form) if each.list == list_id]


@lru_cache(maxsize=4)
def _all(book: Rulebook) -> Found:
    found: Found = {}
    for list_id, entry, kind, name in _each(book, _lists_by_field(book)):
        for each in (entry, ""):
            found.setdefault((list_id, each), {}).setdefault(kind, {})[name] = None
    return found


def _each(book: Rulebook, lists: Mapping[str, Collection[str]]) -> Iterator[tuple[str, str, str, str]]:
    """Yield list, option ("" for the list as a whole), kind of rule and name of everything that names one."""
    for form in book.forms.values():
        yield from (
            (each.list, "", "表单", f"{form.title}（{each.title}）") for _, each in every_field(form) if each.list
        )
    for kind, name, condition in conditions(book):
        yield from ((*pair, kind, name) for pair in _named(condition, lists, book))
    for name, pairs in _scenarios(book, lists):
        yield from ((*pair, "情景", name) for pair in pairs)
    for name, used in _papers(book, lists):
        yield from ((list_id, "", "文书", name) for list_id in used)


def _lists_by_field(book: Rulebook) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for form in book.forms.values():
        for _, each in every_field(form):
            if each.list:
                found.setdefault(each.name, set()).add(each.list)
    return found


@lru_cache(maxsize=4)
def conditions(book: Rulebook) -> tuple[tuple[str, str, Condition], ...]:
    """Return every condition there is, with the kind of rule it stands in and what that rule is called.

    Whatever a page shows may be used by any of them, so they are looked for once in each rulebook.
    """
    return tuple(_conditions(book))


def _conditions(book: Rulebook) -> Iterator[tuple[str, str, Condition]]:
    for table in book.routing.values():
        for row in table.every_row:
            yield "分派", f"{table.label}：{condition_words(book, row.when) or '一律'}", row.when
        if table.confirm_unless:
            yield "分派", f"{table.label}：不经批示的情形", table.confirm_unless
    for kind, name, rule in _rules(book):
        yield from ((kind, name, each) for each in _within(rule))


def _rules(book: Rulebook) -> Iterator[tuple[str, str, Any]]:
    """Yield everything else that has conditions, with its kind and name."""
    kinds: Sequence[tuple[str, Iterable[Any]]] = (
        ("表单", book.forms.values()), ("期限", book.deadlines.values()), ("定期任务", book.duties.values()),
        ("部门数据", book.feeds.values()), ("台账", book.ledgers.values()), ("指标", book.indicators.values()),
        ("发放名册", book.rosters.values()), ("救助事项", book.programmes.values()),
    )  # fmt: skip
    for kind, rules in kinds:
        yield from ((kind, _called(rule), rule) for rule in rules)
    for flow in book.flows.values():
        outcomes = (each for state in flow.states.values() for each in state.outcomes.values())
        yield from (("流程", f"{flow.label}：{each.label}", each) for each in outcomes)
    for entries in book.lists.values():
        yield from (("字典", entry.label, entry) for entry in entries.entries.values())


def _called(rule: Any) -> str:
    return str(getattr(rule, "label", "") or getattr(rule, "title", "") or rule.id)


def _within(value: Any) -> Iterator[Condition]:
    """Yield every condition within a rule, however deep."""
    if isinstance(value, Test | AllOf | AnyOf):
        yield value
        return
    if isinstance(value, tuple | list):
        parts: Iterable[Any] = value
    elif is_dataclass(value):
        parts = (getattr(value, name) for name in _names(value.__class__))
    else:
        parts = value.values() if isinstance(value, Mapping) else ()
    for part in parts:
        if not isinstance(part, _BARE):
            yield from _within(part)


_BARE = (str, int, float, date, NoneType)
"""Most of what rules are made of: no condition is within it."""


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


def _named(condition: Condition, lists: Mapping[str, Collection[str]], book: Rulebook) -> Iterator[tuple[str, str]]:
    """Yield each option that a condition compares something with, and its list."""
    for test in tests_of(condition):
        root, _, name = test.path.rpartition(".")
        asked = {*lists.get(name, ()), *({name} if root in _OF_LISTS else ())}
        values = test.value if isinstance(test.value, tuple) else (test.value,)
        for list_id in asked & book.lists.keys():
            yield from ((list_id, str(value)) for value in values if value in book.lists[list_id].entries)


def _scenarios(book: Rulebook, lists: Mapping[str, Collection[str]]) -> Iterator[tuple[str, set[tuple[str, str]]]]:
    for scenario in book.scenarios:
        pairs = {pair for step in scenario.steps for pair in _answered(step, lists, book)}
        yield scenario.label, pairs


def _answered(value: Any, lists: Mapping[str, Collection[str]], book: Rulebook) -> Iterator[tuple[str, str]]:
    if isinstance(value, list | tuple):
        for each in value:
            yield from _answered(each, lists, book)
    if not isinstance(value, Mapping):
        return
    for name, told in value.items():
        for list_id in lists.get(name, ()):
            words = told if isinstance(told, list | tuple) else (told,)
            entries = book.lists[list_id].entries if list_id in book.lists else {}
            yield from ((list_id, word) for word in words if isinstance(word, str) and word in entries)
        yield from _answered(told, lists, book)


def _papers(book: Rulebook, lists: Mapping[str, Collection[str]]) -> Iterator[tuple[str, set[str]]]:
    """Yield the papers whose template names a field that is answered from a list, and which lists."""
    for notice in book.notices.values():
        texts = [text for name, text in book.templates.items() if name.rpartition("/")[2] == notice.template]
        words = {word for text in texts for each in _FACTS.findall(text) for word in _WORD.findall(each)}
        used = {list_id for name in words & lists.keys() for list_id in lists[name]}
        if used:
            yield notice.label, used
