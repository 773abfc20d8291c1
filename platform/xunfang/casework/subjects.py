"""What verbs are done to besides tasks: a case as a whole, and a report 上报 as part of a case."""

from typing import NamedTuple

from xunfang.casework.rows import Case, Clue, Task


class Whole(NamedTuple):
    """A case with its clues, those that were taken back left out."""

    case: Case
    clues: tuple[Clue, ...] = ()


class Report(NamedTuple):
    """A clue, seen by whoever handed it in, and the case it lies in."""

    case: Case
    clue: Clue


Subject = Task | Whole | Report
"""What a verb is done to."""
