"""What verbs are done to besides tasks: a case as a whole, and a report 上报 as part of a case."""

from typing import NamedTuple

from xunfang.casework.rows import Case, Clue, Task


class Whole(NamedTuple):
    """A case with its clues, those that were taken back left out, and its tasks."""

    case: Case
    clues: tuple[Clue, ...] = ()
    tasks: tuple[Task, ...] = ()


class Report(NamedTuple):
    """A clue, seen by whoever handed it in, and the case it lies in."""

    case: Case
    clue: Clue


Subject = Task | Whole | Report
"""What a verb is done to."""


def bar_put_away(case: Case) -> str:
    """Return why no paper is made in a case that was archived or ended without an outcome, "" for any other."""
    put_away = case.archived_at or case.ended_as
    return "本案已归档或已作废，不能再制作文书；确需办理的，请先重新办理。" if put_away else ""


def bar_closed(whole: Whole) -> str:
    """Return why a closed case can't be dealt with like one that goes on, "" for one that does."""
    return "本案已经办结，不能再这样办理；确需办理的，请先重新办理。" if whole.case.closed_at else ""
