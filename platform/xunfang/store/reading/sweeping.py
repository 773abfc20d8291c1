"""What the nightly sweep looks at: every open task, page by page, so that no county is too large for the memory."""

from collections.abc import Iterator

from xunfang.store.database import Reader
from xunfang.store.rows import model_of, table_of
from xunfang.store.tables import Task

_PAGE = 500


def open_tasks(reader: Reader, jurisdiction: str) -> Iterator[Task]:
    """Yield every task of a jurisdiction that has not ended, in the order of their keys."""
    model, table = model_of(Task), table_of(Task)
    last = ""
    while True:
        open_ones = (model.jurisdiction == jurisdiction) & model.ended_at.is_null() & (model.id > last)
        rows = reader.fetch(model.select().where(open_ones).order_by(model.id).limit(_PAGE))
        yield from (table.row(**row) for row in rows)
        if len(rows) < _PAGE:
            return
        last = rows[-1]["id"]
