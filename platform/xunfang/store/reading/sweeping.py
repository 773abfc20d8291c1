"""What the nightly sweep looks at: everything open, page by page, so that no county is too large for the memory."""

from datetime import datetime
from typing import Any, TypeVar

from xunfang.store.database import Reader
from xunfang.store.rows import model_of, table_of
from xunfang.store.tables import Attachment, Case, Notice, Submission, Task

OPEN_PAGE = 50
"""How much of what is open goes into one page."""
R = TypeVar("R")


def open_tasks(reader: Reader, jurisdiction: str, after: str = "") -> list[Task]:
    """Return a page of the tasks of a jurisdiction that have not ended, those after a key, in the order of keys."""
    return _open(reader, Task, jurisdiction, model_of(Task).ended_at, after)


def open_cases(reader: Reader, jurisdiction: str, after: str = "") -> list[Case]:
    """Return a page of the cases of a jurisdiction that are not closed, those after a key, in the order of keys."""
    return _open(reader, Case, jurisdiction, model_of(Case).closed_at, after)


def open_cases_on(reader: Reader, jurisdiction: str, release: str, after: str, most: int) -> list[Case]:
    """Return the first so many open cases that stand on a release and whose key comes after another one."""
    model, table = model_of(Case), table_of(Case)
    found = (model.jurisdiction == jurisdiction) & model.closed_at.is_null() & (model.release == release)
    rows = reader.fetch(model.select().where(found & (model.id > after)).order_by(model.id).limit(most))
    return [table.row(**values) for values in rows]


def _open(reader: Reader, row: type[R], jurisdiction: str, end: Any, after: str) -> list[R]:
    model, table = model_of(row), table_of(row)
    open_ones = (model.jurisdiction == jurisdiction) & end.is_null() & (model.id > after)
    rows = reader.fetch(model.select().where(open_ones).order_by(model.id).limit(OPEN_PAGE))
    return [table.row(**values) for values in rows]


def notices_standing(status: str, reader: Reader, jurisdiction: str, after: str = "") -> list[Notice]:
    """Return a page of the papers of a jurisdiction that stand so, those after a key, in the order of keys."""
    model, table = model_of(Notice), table_of(Notice)
    found = (model.jurisdiction == jurisdiction) & (model.status == status) & (model.id > after)
    rows = reader.fetch(model.select().where(found).order_by(model.id).limit(OPEN_PAGE))
    return [table.row(**reader.opened(Notice, values)) for values in rows]


def unsent_attachments(reader: Reader, jurisdiction: str, before: datetime, most: int) -> list[Attachment]:
    """Return the files that no form was sent with, handed in before a moment: the first so many."""
    model, table = model_of(Attachment), table_of(Attachment)
    unsent = (model.jurisdiction == jurisdiction) & (model.submission == "") & (model.at <= before)
    rows = reader.fetch(model.select().where(unsent).order_by(model.id).limit(most))
    return [table.row(**values) for values in rows]


def submissions_since(reader: Reader, jurisdiction: str, since: datetime, after: str, most: int) -> list[Submission]:
    """Return the first so many forms that were handed in since a moment and whose key comes after another one."""
    model, table = model_of(Submission), table_of(Submission)
    found = (model.jurisdiction == jurisdiction) & (model.at >= since) & (model.id > after)
    rows = reader.fetch(model.select().where(found).order_by(model.id).limit(most))
    return [table.row(**reader.opened(Submission, values)) for values in rows]
