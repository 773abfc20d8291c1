"""Which records are of one person: those that were found to be so, and those of one number that nobody told apart."""

from collections.abc import Collection, Sequence

from xunfang.store.database import Reader
from xunfang.store.tables import Person, Question

_SAME, _DIFFERENT = "same", "different"


def found_alike(reader: Reader, keys: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return the records that were found to be one person with each of these, it among them, also by a third."""
    groups: dict[str, set[str]] = {}
    known, wanted = set[str](), set(keys)
    while wanted:
        for one, other in _pairs(reader, sorted(wanted), _SAME):
            group = groups.get(one, {one}) | groups.get(other, {other})
            groups |= dict.fromkeys(group, group)
        known |= wanted
        wanted = groups.keys() - known
    return {key: tuple(sorted(group)) for key, group in groups.items()}


def one_of_each(reader: Reader, keys: Collection[str]) -> dict[str, str]:
    """Return, of records that were found to be one person with others, the one that stands for them all."""
    return {key: min(group) for key, group in found_alike(reader, keys).items()}


def _pairs(reader: Reader, keys: Collection[str], verdict: str) -> set[tuple[str, str]]:
    sides = ("person", "other")
    return {
        (pair.person, pair.other) for side in sides for pair in reader.of_keys(Question, side, keys, verdict=verdict)
    }


def other_records(reader: Reader, people: Sequence[Person]) -> dict[str, tuple[str, ...]]:
    """Return what other records there are of each of these people, by their keys; who has none is left out."""
    keys = {person.id for person in people}
    alike, apart = found_alike(reader, keys), _pairs(reader, keys, _DIFFERENT)
    numbered = _by_number(reader, people)
    found: dict[str, tuple[str, ...]] = {}
    for person in people:
        same = {*alike.get(person.id, ()), *numbered.get(person.id_index or "", ())} - {person.id}
        told = {one for one in same if not {(person.id, one), (one, person.id)} & apart}
        if told:
            found[person.id] = tuple(sorted(told))
    return found


def _by_number(reader: Reader, people: Sequence[Person]) -> dict[str, list[str]]:
    indexes = {person.id_index for person in people if person.id_index}
    found: dict[str, list[str]] = {}
    for jurisdiction in {person.jurisdiction for person in people}:
        where = {"jurisdiction": jurisdiction}
        for key, index in reader.among("person", ("id", "id_index"), where, "id_index", indexes):
            found.setdefault(index, []).append(key)
    return found
