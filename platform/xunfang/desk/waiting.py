"""What a case waits for until its time is over, in words, and whether an objection keeps it from going on by itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from xunfang.casework.objections import Objection
from xunfang.desk.objections import objections_in
from xunfang.desk.releases import Releases
from xunfang.desk.wording import held_words, until_words
from xunfang.store.scoped import ScopedReader
from xunfang.store.tables import Publication


@dataclass(frozen=True, slots=True)
class Waiting:
    """Until when a case stays where it is, in words; `held` where it does not go on by itself even then."""

    words: str
    held: bool


def waiting(reader: ScopedReader, rules: Releases, cases: Iterable[str]) -> dict[str, Waiting]:
    """Return what each of these cases waits for, where a wait runs and is in sight."""
    over_at = reader.waits(cases)
    objected = reader.publications.objected(over_at) if over_at else frozenset()
    return {
        case: _waiting(until, _standing(reader, rules, case) if case in objected else ())
        for case, until in over_at.items()
    }


def _waiting(over_at: datetime, standing: Sequence[Objection]) -> Waiting:
    if not standing:
        return Waiting(until_words(over_at), held=False)
    open_ones = [each.number for each in standing if each.is_open]
    return Waiting(held_words(open_ones or [each.number for each in standing], found=not open_ones), held=True)


def _standing(reader: ScopedReader, rules: Releases, case: str) -> list[Objection]:
    """Return the objections because of which nobody can be said to have objected to what a case publishes now."""
    state = reader.case(case).state
    hanging = [row for row in reader.publications.of_case(case) if row.state == state and row.taken_down_at is None]
    files = [reader.publications.file(row.id) for row in hanging if _is_interrupted(rules, row)]
    return [each for file in files for each in objections_in(file.by_form, rules) if each.stands]


def _is_interrupted(rules: Releases, row: Publication) -> bool:
    flow = rules.labels(row.release).rulebook.flows.get(row.flow)
    state = flow.states.get(row.state) if flow else None
    return state is not None and bool(state.interrupted_by)
