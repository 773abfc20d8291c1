"""How a step makes tables, on whichever kind of database."""

from collections.abc import Iterable

from xunfang.store.database import Database


def make(database: Database, statements: Iterable[str]) -> None:
    """Carry out statements in which BLOB stands for whatever holds bytes."""
    sealed = " BLOB" if database.dialect.mark == "?" else " BYTEA"
    for statement in statements:
        database.run(statement.replace(" BLOB", sealed))
