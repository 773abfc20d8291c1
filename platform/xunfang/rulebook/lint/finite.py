"""Finite columns: facts that rules sort by, and the choices of a list that none of these rules names."""

from collections.abc import Iterable, Iterator

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.implication import parts_of, values_of
from xunfang.rulebook.model import AnyOf, Condition, Entry, Test


def finite_columns(conditions: Iterable[Condition], rules: int = 1) -> Iterator[tuple[str, set[str]]]:
    """Yield the facts that at least so many conditions test against finite values, each with all values named."""
    counts: dict[str, int] = {}
    covered: dict[str, set[str]] = {}
    for condition in conditions:
        for test in _tests(condition):
            if values := values_of(test):
                path = test.path.removeprefix("answers.")
                counts[path] = counts.get(path, 0) + 1
                covered.setdefault(path, set()).update(str(value) for value in values)
    yield from ((path, words) for path, words in covered.items() if counts[path] >= rules)


def single_facts(draft: Draft) -> frozenset[str]:
    """Return the facts that have one value at most: answers no form lets choose several of, what is computed."""
    return draft.once("single", lambda: _single(draft))


def _single(draft: Draft) -> frozenset[str]:
    kinds: dict[str, set[str]] = {}
    for form in draft.rules.forms.values():
        for name, field in form.fields.items():
            kinds.setdefault(name, set()).add(field.kind)
    computed = {f"computed.{item.name}" for form in draft.rules.forms.values() for item in form.computed}
    return frozenset(name for name, found in kinds.items() if "choices" not in found) | computed


def _tests(condition: Condition) -> Iterator[Test]:
    for part in parts_of(condition):
        if isinstance(part, Test):
            yield part
        elif isinstance(part, AnyOf):
            for option in part.parts:
                yield from _tests(option)


def uncovered(draft: Draft, path: str, covered: set[str]) -> list[Entry]:
    """Return the entries that may be chosen for a fact and that are not among the words covered."""
    lists = {field.list for form in draft.rules.forms.values() if (field := form.fields.get(path)) and field.list}
    return [
        entry
        for list_id in sorted(lists & draft.rules.lists.keys())
        for entry in draft.rules.lists[list_id].entries.values()
        if entry.id not in covered and not entry.retired and not entry.when
    ]
