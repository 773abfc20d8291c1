"""In how many cases the options of a list were chosen: of the newest cases only, however many there are."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xunfang.store.database import Reader
from xunfang.store.rows import model_of
from xunfang.store.tables import Case, Clue, Submission, Task, Told

_CASE = model_of(Case)
MOST = 300


@dataclass(frozen=True, slots=True)
class Chosen:
    """In how many cases each option was chosen, of so many `cases` that were looked at."""

    times: Mapping[str, int]
    cases: int

    @property
    def is_most(self) -> bool:
        """Return whether there may be more cases than were looked at."""
        return self.cases >= MOST


def chosen(reader: Reader, jurisdiction: str, fields: Collection[str]) -> Chosen:
    """Return what was chosen in some fields of the forms of the newest cases; what is kept from sight is not opened."""
    cases = reader.ask_rows(Case, _newest, jurisdiction)
    keys = [case.id for case in cases]
    whose = {clue.submission: clue.case for clue in reader.of_keys(Clue, "case", keys)}
    whose |= {task.answers: task.case for task in reader.of_keys(Task, "case", keys) if task.answers}
    whose |= {told.submission: told.case for told in reader.of_keys(Told, "case", keys)}
    found: dict[str, set[str]] = {case.id: {case.urgency} if "urgency" in fields else set() for case in cases}
    for filled in reader.of_keys(Submission, "id", list(whose)):
        found[whose[filled.id]].update(_chosen_in(filled.answers, frozenset(fields)))
    return Chosen(Counter(value for values in found.values() for value in values), len(cases))


def _newest(jurisdiction: str) -> Any:
    theirs = _CASE.jurisdiction == jurisdiction
    return _CASE.select().where(theirs).order_by(_CASE.opened_at.desc(), _CASE.id.desc()).limit(MOST)


def _chosen_in(answers: Mapping[str, Any], fields: frozenset[str]) -> Iterator[str]:
    """Yield what was chosen in some fields, in the rows of others too."""
    for name, value in answers.items():
        if name in fields:
            yield from map(str, value) if isinstance(value, list) else (str(value),)
        elif isinstance(value, list):
            yield from _of_rows(value, fields)


def _of_rows(rows: Sequence[Any], fields: frozenset[str]) -> Iterator[str]:
    for row in rows:
        if isinstance(row, dict):
            yield from _chosen_in(row, fields)
