"""Where the people live about whom tasks are open: each place is found from the last, however many tasks there are."""

from functools import cache

from xunfang.division import bounds
from xunfang.store import composing
from xunfang.store.database import Reader
from xunfang.store.scope import Scope


def open_places(reader: Reader, scope: Scope, most: int) -> tuple[str, ...] | None:
    """Return the places within the scope's division where somebody lives about whom a task is open.

    None where there are more than `most`. An index finds each place from the last one, however many tasks there are.
    """
    sql, found = _query(reader.database.dialect.mark), dict.fromkeys(scope.former_places)
    for low, high in map(bounds, (scope.division, *scope.served) if scope.division else ()):
        of = scope.jurisdiction
        rows = reader.database.run(sql, (of, low, high, of, high, most + 1)).fetchall()
        found |= dict.fromkeys(str(code) for (code,) in rows)
    return composing.in_few_shapes(found) if len(found) <= most else None


@cache
def _query(mark: str) -> str:
    """Return the query of the places of open tasks in a range of codes, in their order, at most so many.

    What orders them begins with a column that is empty in all: a server takes no such index by the second column alone.
    """
    open_ones = f'"task" WHERE "jurisdiction" = {mark} AND "ended_at" IS NULL AND "residence"'
    next_one = f'AND "residence" < {mark} ORDER BY "ended_at", "residence" LIMIT 1'
    return (
        'WITH RECURSIVE "place"("code") AS ('
        f'SELECT (SELECT "residence" FROM {open_ones} >= {mark} {next_one}) UNION ALL '
        f'SELECT (SELECT "residence" FROM {open_ones} > "place"."code" {next_one}) FROM "place" '
        f'WHERE "place"."code" IS NOT NULL) SELECT "code" FROM "place" WHERE "code" IS NOT NULL LIMIT {mark}'
    )
