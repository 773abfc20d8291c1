"""A page at any depth: ours, beside Flask-Admin's own ModelView and beside OFFSET, on the same rows in the same run.

Flask-Admin counts all rows and skips those before the page; OFFSET alone, as Frappe's lists page, only skips. What is
measured is reading a page, not showing it.
"""

import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask
from wtforms import Form

from scale.desks import READERS
from scale.seeds import COUNTY, Seed
from xunfang.store import Case, Event, RecordFilter, connection
from xunfang.store.reading.lists import CaseFilter
from xunfang.store.reading.paging import PAGE_LENGTH, Cursor
from xunfang.store.rows import model_of
from xunfang.store.scoped import ScopedReader

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from flask_admin.contrib.peewee import ModelView  # type: ignore[import-untyped]

TIMES, ENOUGH = 5, 10
SHOWN = 10
"""How many columns a list shows that only skips: of a model's view, all."""
OURS, SKIPPING, COUNTING = "ours", "OFFSET", "Flask-Admin"
_LISTS: dict[str, tuple[type[Any], str, str, Callable[[ScopedReader, str], Any]]] = {
    "cases": (Case, "opened_at", "id", lambda desk, after: desk.cases(CaseFilter(), after)),
    "record": (Event, "at", "n", lambda desk, after: desk.record(RecordFilter(), after)),
}


def depths(seed: Seed) -> dict[str, float]:
    """Return in how many ms each of the three reads the first, the middle and the last page of two lists."""
    found = {}
    for name, (row, moment, key, ours) in _LISTS.items():
        model = model_of(row)
        with connection(seed.database, COUNTY) as reader, model.bind_ctx(seed.database.peewee):
            desk = ScopedReader(reader, READERS["centre"])
            many = model.select().where(model.jurisdiction == COUNTY).count()
            pages = max(1, many // PAGE_LENGTH)
            for place, page in (("first", 0), ("middle", pages // 2), ("last", pages - 1)):
                after = _before(model, moment, key, page)
                said = f"{name}, {place}"
                found[f"{said}: {OURS}"] = _best(lambda desk=desk, after=after, ours=ours: ours(desk, after))  # type: ignore[misc]
                for way, asked in _others(model, moment, key, page):
                    found[f"{said}: {way}"] = _best(asked)
    return found


def _before(model: Any, moment: str, key: str, page: int) -> str:
    """Return where a page begins: after the row before it."""
    if not page:
        return ""
    at, id = getattr(model, moment), getattr(model, key)
    rows = (
        model.select(at, id)
        .where(model.jurisdiction == COUNTY)
        .order_by(at.desc(), id.desc())
        .limit(1)
        .offset(page * PAGE_LENGTH - 1)
    )
    (row,) = rows.tuples()
    return str(Cursor(row[0], str(row[1])))


def _others(model: Any, moment: str, key: str, page: int) -> Iterator[tuple[str, Callable[[], Any]]]:
    at, shown = getattr(model, moment), (getattr(model, name) for name in [*model._meta.fields][:SHOWN])
    skipping = model.select(at, getattr(model, key), *shown).where(model.jurisdiction == COUNTY).order_by(at.desc())
    skipping = skipping.limit(PAGE_LENGTH).offset(page * PAGE_LENGTH)
    yield SKIPPING, lambda: list(skipping.clone().dicts())
    view = _View(model, endpoint=f"{model.__name__}-{page}")

    def counted() -> Any:
        with Flask(__name__).test_request_context():
            count, rows = view.get_list(page, moment, True, None, None, page_size=PAGE_LENGTH)
            return count, list(rows)

    yield COUNTING, counted


class _View(ModelView):  # type: ignore[misc]
    """The view of a model as it comes, of one jurisdiction; it has no form, since nothing is edited."""

    def get_query(self) -> Any:
        return self.model.select().where(self.model.jurisdiction == COUNTY)

    def scaffold_form(self) -> type[Form]:
        return Form

    def scaffold_sortable_columns(self) -> dict[str, Any]:
        return dict(self.model._meta.fields)


def _best(work: Callable[[], Any]) -> float:
    """Return the milliseconds of the best of some times, of fewer where each takes long, as a last page does."""
    best, until = _timed(work), time.perf_counter() + ENOUGH
    for _ in range(TIMES):
        if time.perf_counter() > until:
            break
        best = min(best, _timed(work))
    return best * 1000


def _timed(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
