"""What the dispatch desk shows beside each proposal, read for a whole page at once and not case by case."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from xunfang.store.composing import in_few_shapes
from xunfang.store.database import Reader
from xunfang.store.reading.case_file import SubmissionView, submission_views
from xunfang.store.rows import model_of, table_of
from xunfang.store.tables import Clue, Dispatch, Event, Task

R = TypeVar("R", Clue, Dispatch, Event, Task)
TOLD = ("dispatch.proposed", "task.returned")
"""The events that say how a proposal came about."""


@dataclass(frozen=True, slots=True)
class DeskFile:
    """Of a case what its proposal rests on, each in order: what came back, what was proposed, the newest report."""

    tasks: Sequence[Task]
    dispatches: Sequence[Dispatch]
    events: Sequence[Event]
    latest: SubmissionView | None


def desk_files(reader: Reader, cases: tuple[str, ...]) -> dict[str, DeskFile]:
    """Return the files of the cases of one page that the caller has found to be in sight, by their keys."""
    if not cases:
        return {}
    keys = in_few_shapes(cases)
    tasks, dispatches, clues = _of(reader, Task, keys), _of(reader, Dispatch, keys), _of(reader, Clue, keys)
    events = _grouped(reader.ask_rows(Event, _told, keys))
    newest = {case: found[-1].submission for case, found in clues.items()}
    filled = submission_views(reader, newest.values())
    return {
        case: DeskFile(tasks[case], dispatches[case], events[case], filled.get(newest.get(case, ""))) for case in cases
    }


def _of(reader: Reader, row: type[R], cases: tuple[str, ...]) -> dict[str, list[R]]:
    return _grouped(reader.ask_rows(row, _rows, row, cases))


def _grouped(rows: Sequence[R]) -> dict[str, list[R]]:
    found: dict[str, list[R]] = defaultdict(list)
    for row in rows:
        found[row.case].append(row)
    return found


def _rows(row: type[Any], cases: tuple[str, ...]) -> Any:
    model = model_of(row)
    return model.select().where(model.case.in_(cases)).order_by(*(getattr(model, name) for name in table_of(row).key))


def _told(cases: tuple[str, ...]) -> Any:
    model = model_of(Event)
    return model.select().where(model.case.in_(cases) & model.name.in_(TOLD)).order_by(model.n)
