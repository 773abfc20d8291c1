"""What may be chosen where a rule names something: the ids of a rulebook with the labels that people know them by."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from xunfang.rulebook.block_inputs import Option, Options
from xunfang.rulebook.conditions import OPERATORS
from xunfang.rulebook.delivery import WAYS
from xunfang.rulebook.fields import DATED
from xunfang.rulebook.kinds import KINDS
from xunfang.rulebook.model import CATEGORY, Field, Rulebook
from xunfang.rules.describe import words
from xunfang.rules.describe.names import names
from xunfang.rules.describe.reference import operator_words
from xunfang.rules.publications import BOARDS

_LISTED = frozenset(KINDS) - {"jurisdiction", "calendar", "lists"} | {"clauses", "acts"}
_YES_NO = (Option("是", "是"), Option("否", "否"))


def options_of(rulebook: Rulebook | None) -> Options:
    """Return what there is to choose from, by what a key names; without rules only words of the language itself."""
    found: dict[str, tuple[Option, ...]] = {}

    def options(source: str) -> tuple[Option, ...]:
        if source not in found:
            found[source] = tuple({option.value: option for option in _options(rulebook, source)}.values())
        return found[source]

    return options


def _options(rulebook: Rulebook | None, source: str) -> Iterable[Option]:
    if source in _WORDS:
        return _named(_WORDS[source])
    what, _, of = source.partition("/")
    if rulebook is None:
        return ()
    if what in _WITHIN and of:
        return _WITHIN[what](rulebook, of)
    if what in _OTHERS:
        return _OTHERS[what](rulebook)
    return _named(dict(names(rulebook, what))) if what in _LISTED else ()


def _named(labels: Mapping[str, str]) -> Iterator[Option]:
    return (Option(id, label or id) for id, label in labels.items())


def _placed_units(rulebook: Rulebook) -> Iterator[Option]:
    """Yield every unit; of those that there are in many places also the one where somebody is registered, or lives."""
    for option in _options(rulebook, "units"):
        yield option
        if rulebook.units[option.value].per:
            yield Option(f"{option.value} of registration", f"{option.label}（户籍地的）")
            yield Option(f"{option.value} of residence", f"{option.label}（居住地的）")


def _lists(rulebook: Rulebook) -> Iterator[Option]:
    for id, entries in rulebook.lists.items():
        first = [entry.label for entry in entries.entries.values()][:3]
        yield Option(id, f"{'、'.join(first)}{'等' if len(entries.entries) > len(first) else ''}（{id}）")


def _fields(rulebook: Rulebook) -> Iterator[Option]:
    for form in rulebook.forms.values():
        yield from (Option(field.name, field.title) for field in form.fields.values())


def _anchors(rulebook: Rulebook) -> Iterator[Option]:
    """Yield the moments that a limit may run from, and the dates that forms ask for."""
    yield from _named(words.ANCHORS)
    dates = {
        field.name: field.title
        for form in rulebook.forms.values()
        for field in form.fields.values()
        if field.kind in DATED
    }
    for name, title in dates.items():
        times = sum(title == other for other in dates.values())
        yield Option(f"answers.{name}", f"所填的“{title}”" + (f"（{name}）" if times > 1 else ""))


def _facts(rulebook: Rulebook) -> Iterator[Option]:
    yield from _fields(rulebook)
    yield from _named(dict(names(rulebook, "facts")))


def _values(rulebook: Rulebook, fact: str) -> Iterator[Option]:
    """Yield what a fact may be compared with: entries of its list, yes and no."""
    for field in _answering(rulebook, fact):
        if field.list in rulebook.lists:
            entries = rulebook.lists[field.list].entries
            yield from (Option(entry.id, entry.label) for entry in entries.values())
        elif field.kind == "boolean":
            yield from _YES_NO


def _answering(rulebook: Rulebook, fact: str) -> Iterator[Field]:
    name = fact.rpartition(".")[2]
    return (form.fields[name] for form in rulebook.forms.values() if name in form.fields)


def _states(rulebook: Rulebook, flow: str) -> Iterator[Option]:
    found = rulebook.flows.get(flow)
    return (Option(state.id, state.label) for state in found.states.values()) if found else iter(())


def _outcomes(rulebook: Rulebook, place: str) -> Iterator[Option]:
    flow, _, name = place.partition("/")
    found = rulebook.flows.get(flow)
    state = found.states.get(name) if found else None
    return (Option(id, outcome.label) for id, outcome in state.outcomes.items()) if state else iter(())


def _fields_of(rulebook: Rulebook, form: str) -> Iterator[Option]:
    found = rulebook.forms.get(form)
    return (Option(field.name, field.title) for field in found.fields.values()) if found else iter(())


_WORDS: Mapping[str, Mapping[str, str]] = {
    "acts": words.ACTS,
    "happenings": words.EVENTS,
    "interruptions": {"objection": "异议"},
    "boards": BOARDS,
    "operators": {value: operator_words(operator) for value, operator in OPERATORS.items()},
    "choices": {
        **words.LEVELS,
        **words.EVERY,
        **words.SUBJECTS,
        **words.LAYOUTS,
        **words.ESCALATIONS,
        **{f"{'previous' if of.previous else 'this'} {of.every}": label for of, label in words.COVERS.items()},
        **words.ACTS,
        **BOARDS,
        **WAYS,
    },
}
_OTHERS: Mapping[str, Callable[[Rulebook], Iterable[Option]]] = {
    "anchors": _anchors,
    "placed-units": _placed_units,
    "superiors": lambda rulebook: (Option("superior", "承办单位的上级"), *_options(rulebook, "units")),
    "confirmers": lambda rulebook: (Option("nobody", "不用批示，直接转办"), *_options(rulebook, "roles")),
    "papers": lambda rulebook: (*_options(rulebook, "notices"), *_options(rulebook, "forms")),
    "lists": _lists,
    "fields": _fields,
    "facts": _facts,
    "categories": lambda rulebook: (
        Option(entry.id, entry.label)
        for entry in (rulebook.lists[CATEGORY].entries.values() if CATEGORY in rulebook.lists else ())
    ),
    "standards": lambda rulebook: (Option(each.id, each.label) for each in rulebook.info.standards.values()),
}
_WITHIN: Mapping[str, Callable[[Rulebook, str], Iterator[Option]]] = {
    "values": _values,
    "states": _states,
    "outcomes": _outcomes,
    "fields": _fields_of,
}
