"""While a report holds its jurisdiction's right to write, every answer of the database is waited for by all others."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from actions.town import Town, other_id

MOST = 11
"""How often the database is asked from the beginning of the transaction to its end: new rows go along with that."""


def test_a_report_asks_the_database_seldom_while_others_wait(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.report()
    database, asked, writing = town.deployment.database, list[bool](), list[bool]()

    def noting(run: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*given: Any, **named: Any) -> Any:
            asked.append(bool(writing))
            return run(*given, **named)

        return noted

    write = database.dialect.writing

    @contextmanager
    def held(*given: Any) -> Iterator[None]:
        writing.append(True)
        with write(*given):
            yield
        writing.clear()

    for way in ("execute_sql", "rows", "often", "changed", "many"):
        monkeypatch.setattr(database.peewee, way, noting(getattr(database.peewee, way)))
    monkeypatch.setattr(database.dialect, "writing", held)
    assert town.report(id_number=other_id(26), name="周玉梅").case_number
    assert sum(asked) <= MOST, sum(asked)
    assert not any(asked[asked.index(True) + sum(asked) :]), "what is told is known from what was written"
