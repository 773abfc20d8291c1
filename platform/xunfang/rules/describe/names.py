"""What rules may name 名录: the ids there are of every kind, with the labels that people know them by."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from xunfang.rulebook.acts import ACTS, FACT_ROOTS
from xunfang.rulebook.kinds import KINDS
from xunfang.rulebook.model import Rulebook
from xunfang.rules.describe import words
from xunfang.rules.describe.facts import engine_fact

Name = tuple[str, str]
"""An id, and what people call it."""


def kinds_of_names() -> tuple[str, ...]:
    """Return everything that can be listed."""
    rules = tuple(kind for kind in KINDS if kind not in {*_OTHERS, "jurisdiction", "calendar"})
    return (*rules, *_OTHERS)


def names(rulebook: Rulebook, what: str) -> Iterator[Name]:
    """Yield the ids of a kind with their labels, in the order of the rules; raises KeyError for an unknown kind."""
    if what in _OTHERS:
        yield from _OTHERS[what](rulebook)
        return
    for id, rule in getattr(rulebook, KINDS[what].id).items():
        label = str(getattr(rule, "label", "") or getattr(rule, "title", ""))
        yield id, label.replace("{division}", "××")


def _lists(rulebook: Rulebook) -> Iterator[Name]:
    for list_id, entries in rulebook.lists.items():
        yield from ((f"{list_id}.{id}", words.choice_words(entries, id)) for id in entries.entries)


def _fields(rulebook: Rulebook) -> Iterator[Name]:
    for form in rulebook.forms.values():
        yield from ((f"{form.id}.{field.name}", field.title) for field in form.fields.values())


def _states(rulebook: Rulebook) -> Iterator[Name]:
    for flow in rulebook.flows.values():
        for state in flow.states.values():
            yield f"{flow.id}.{state.id}", state.label
            yield from ((f"{flow.id}.{state.id}.{id}", outcome.label) for id, outcome in state.outcomes.items())


def _facts(rulebook: Rulebook) -> Iterator[Name]:
    for root, found in FACT_ROOTS.items():
        yield from ((f"{root}.{name}", engine_fact(f"{root}.{name}")) for name in sorted(found))
    yield from ((f"standards.{each.id}", each.label) for each in rulebook.info.standards.values())


def _divisions(rulebook: Rulebook) -> Iterator[Name]:
    """Yield every division, one that begins or ends with its days, and with who follows it."""
    known = rulebook.divisions
    for each in sorted(known.lines(), key=lambda one: (one.code, one.since or date.min)):
        since = f"自{each.since:%Y年%-m月%-d日}起" if each.since else ""
        until = f"至{each.until:%Y年%-m月%-d日}止" if each.until else ""
        heirs = "、".join(f"{known.name(code)}（{code}）" for code in each.successors)
        told = [part for part in (since, until, f"由{heirs}接续" if heirs else "") if part]
        yield each.code, f"{each.name}（{'，'.join(told)}）" if told else each.name


_OTHERS: Mapping[str, Callable[[Rulebook], Iterator[Name]]] = {
    "lists": _lists,
    "fields": _fields,
    "states": _states,
    "clauses": lambda rulebook: ((clause.id, clause.text) for clause in rulebook.clauses.values()),
    "acts": lambda _: ((act, words.ACTS[act]) for act in sorted(ACTS)),
    "facts": _facts,
    "divisions": _divisions,
}
