"""Objections 异议 handed in by form, each handled in a case of its own: what each is against, and how it stands.

That a report objects to a publication is told by its clue; the case it is in is about the person of the publication.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from xunfang.casework.rows import Case, Clue
from xunfang.rulebook.model import Rulebook
from xunfang.rules.objections import Count, is_upheld

AGAINST = "publication"
"""Under which name a clue tells what it objects to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """An objection to a publication, in the case that handles it. `stands`: it bars that nobody was said to object."""

    publication: str
    case: str
    number: str
    is_open: bool
    upheld: bool

    @property
    def stands(self) -> bool:
        """Whether it is not answered yet, or was found to be right."""
        return self.is_open or self.upheld


def objections_among(rulebook: Rulebook, cases: Iterable[Case], clues: Iterable[Clue]) -> list[Objection]:
    """Return what these clues object to, in the order they came; what was taken back objects to nothing."""
    known = {case.id: case for case in cases}
    made = sorted((clue for clue in clues if objects(clue) and clue.case in known), key=lambda clue: clue.id)
    return [_objection(rulebook, known[clue.case], clue) for clue in made]


def count_of(objections: Iterable[Objection], noted: int) -> Count:
    """Return how many objections there were, with those noted by hand."""
    found = list(objections)
    waiting, upheld = sum(each.is_open for each in found), sum(each.upheld for each in found)
    return Count(waiting, upheld, len(found) - waiting - upheld, noted)


def objects(clue: Clue) -> bool:
    """Return whether a report objects to a publication, and was not taken back."""
    return bool(clue.told.get(AGAINST)) and clue.withdrawn_at is None


def _objection(rulebook: Rulebook, case: Case, clue: Clue) -> Objection:
    return Objection(
        publication=str(clue.told[AGAINST]),
        case=case.id,
        number=case.number,
        is_open=case.closed_at is None,
        upheld=case.closed_at is not None and not case.ended_as and is_upheld(rulebook, case.flow, case.outcome),
    )
