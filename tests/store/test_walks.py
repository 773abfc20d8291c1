"""The rows of a jurisdiction are gone through page by page, and no page costs more than another."""

from store.world import HERE, ON_A_FILE
from xunfang.store import Database, connection, statements
from xunfang.store.rows import all_tables

OF_A_JURISDICTION = [table for table in all_tables() if "jurisdiction" in table.columns]


@ON_A_FILE
def test_no_page_of_them_is_sorted_anew(database: Database) -> None:
    dialect = database.dialect
    with connection(database):
        for table in OF_A_JURISDICTION:
            sql = statements.walk(
                table.name, table.names, dialect.of_jurisdiction, table.key, dialect.mark, beyond=True
            )
            plan = database.run(f"EXPLAIN QUERY PLAN {sql}", (HERE, *[""] * len(table.key), 200)).fetchall()
            assert not any("TEMP B-TREE" in row[3] for row in plan), table.name
