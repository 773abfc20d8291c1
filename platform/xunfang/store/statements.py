"""SQL of the hot statements, made once for each shape and kept: making it anew costs more than running it."""

from collections.abc import Iterable
from functools import cache

Names = tuple[str, ...]


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _equals(names: Iterable[str], mark: str) -> list[str]:
    return [f'"{name}" = {mark}' for name in names]


def _tests(names: Names, nulls: Names, mark: str) -> list[str]:
    return _equals(names, mark) + [f'"{name}" IS NULL' for name in nulls]


def _after(order: Names, mark: str) -> str:
    return f"({_quoted(order)}) > ({', '.join([mark] * len(order))})"


def _all(tests: list[str]) -> str:
    return f" WHERE {' AND '.join(tests)}" if tests else ""


def _where(names: Names, nulls: Names, mark: str) -> str:
    return _all(_tests(names, nulls, mark))


@cache
def insert(table: str, columns: Names, mark: str, unless: Names = ()) -> str:
    """Return an INSERT; with `unless`, a row whose values in these unique columns already exist is left out."""
    marks = ", ".join([mark] * len(columns))
    clash = f" ON CONFLICT ({_quoted(unless)}) DO NOTHING" if unless else ""
    return f'INSERT INTO "{table}" ({_quoted(columns)}) VALUES ({marks}){clash}'


@cache
def select(
    table: str, columns: Names, where: Names, nulls: Names, order: Names, mark: str, *, beyond: bool = False
) -> str:
    """Return a SELECT of rows whose `where` columns equal values and whose `nulls` are empty, at most so many.

    With `beyond`, only those that come after given values of the columns they are ordered by.
    """
    tests = _tests(where, nulls, mark) + ([_after(order, mark)] if beyond else [])
    return f'SELECT {_quoted(columns)} FROM "{table}"{_all(tests)} ORDER BY {_quoted(order)} LIMIT {mark}'


@cache
def walk(table: str, columns: Names, of_jurisdiction: str, key: Names, mark: str, *, beyond: bool) -> str:
    """Return a SELECT of the next rows of a jurisdiction, or of all when no test of it is given, by their keys.

    With `beyond`, those after a given key. A page of it costs the same wherever in a large table it begins.
    """
    tests = ([of_jurisdiction] if of_jurisdiction else []) + ([_after(key, mark)] if beyond else [])
    return f'SELECT {_quoted(columns)} FROM "{table}"{_all(tests)} ORDER BY {_quoted(key)} LIMIT {mark}'


@cache
def update(table: str, changes: Names, where: Names, nulls: Names, mark: str, *, versioned: bool = False) -> str:
    """Return an UPDATE of the rows that match; with `versioned` it counts their version up."""
    sets = _equals(changes, mark) + (['"version" = "version" + 1'] if versioned else [])
    return f'UPDATE "{table}" SET {", ".join(sets)}{_where(where, nulls, mark)}'


@cache
def roles_in(mark: str) -> str:
    """Return the query of the roles of each account of a unit that is in a state."""
    where = _where(("jurisdiction", "unit", "state"), (), mark)
    return f'SELECT "roles" FROM "account"{where} ORDER BY "id"'


@cache
def keep_number(mark: str) -> str:
    """Return the statement that writes down the last number taken of a series."""
    columns = ("jurisdiction", "series", "year", "n")
    taken = ' DO UPDATE SET "n" = excluded."n"'
    return insert("number_series", columns, mark, columns[:3]).removesuffix(" DO NOTHING") + taken


@cache
def last_event(mark: str) -> str:
    """Return the query of the place and hash of a jurisdiction's newest event."""
    return f'SELECT "place", "hash" FROM "event" WHERE "jurisdiction" = {mark} ORDER BY "place" DESC LIMIT {mark}'


@cache
def next_events(numbers: str, mark: str) -> str:
    """Return the query of the next numbers of events, beside each the newest event of a jurisdiction as it is."""
    head = f'({last_event(mark)}) AS "head"'
    return f'SELECT "n", "place", "hash" FROM ({numbers}) AS "numbers" LEFT JOIN {head} ON TRUE'


@cache
def event_hash(mark: str) -> str:
    """Return the query of one event's hash, by its number."""
    return f'SELECT "hash" FROM "event" WHERE "n" = {mark}'


@cache
def chained_hash(mark: str) -> str:
    """Return the query of one event's hash, by its place in a jurisdiction's chain."""
    return f'SELECT "hash" FROM "event" WHERE "jurisdiction" = {mark} AND "place" = {mark}'


@cache
def last_recorded() -> str:
    """Return the query of the number and hash of the last event."""
    return 'SELECT "n", "hash" FROM "event" ORDER BY "n" DESC LIMIT 1'


@cache
def recorded_jurisdictions() -> str:
    """Return the query of every jurisdiction of which something is on record."""
    return 'SELECT DISTINCT "jurisdiction" FROM "event" ORDER BY 1'


@cache
def common_events(columns: Names, mark: str) -> str:
    """Return the query of the events that follow a number, up to another, at most so many, in their order."""
    return f'SELECT {_quoted(columns)} FROM "event" WHERE "n" > {mark} AND "n" <= {mark} ORDER BY "n" LIMIT {mark}'


@cache
def own_events(columns: Names, mark: str) -> str:
    """Return the query of a jurisdiction's events beyond a number that follow a place and number, at most so many."""
    return (
        f'SELECT {_quoted(columns)} FROM "event" WHERE "jurisdiction" = {mark} AND "n" > {mark} '
        f'AND ("place", "n") > ({mark}, {mark}) ORDER BY "place", "n" LIMIT {mark}'
    )


_FREE = '"status" = {0} AND "run_at" <= {0} AND ("lease_until" IS NULL OR "lease_until" <= {0})'


@cache
def due_jobs(columns: Names, mark: str, *, of_one: bool, taken: str = "") -> str:
    """Return the query of the earliest ready jobs that are due and that nobody holds, at most so many.

    With `of_one`, only those of one jurisdiction; `taken` says what becomes of rows that others have locked.
    """
    own = f' AND "jurisdiction" = {mark}' if of_one else ""
    free = _FREE.format(mark)
    return f'SELECT {_quoted(columns)} FROM "job" WHERE {free}{own} ORDER BY "run_at", "id" LIMIT {mark}{taken}'


@cache
def due_jurisdictions(mark: str) -> str:
    """Return the query of the jurisdictions that have jobs due which nobody holds, the longest waiting first.

    It steps from one to the next along the index: however many jobs are due, it looks at one of each.
    """
    first = f'SELECT MIN("jurisdiction") FROM "job" WHERE "status" = {mark}'
    due = f'SELECT "run_at" FROM "job" WHERE {_FREE.format(mark)} AND "jurisdiction" = "name" ORDER BY "run_at" LIMIT 1'
    return (
        f'WITH RECURSIVE "each"("name") AS ({first} UNION ALL SELECT ({first} AND "jurisdiction" > "name") FROM "each" '
        f'WHERE "name" IS NOT NULL) SELECT "name" FROM (SELECT "name", ({due}) AS "due" FROM "each") AS "waiting" '
        'WHERE "due" IS NOT NULL ORDER BY "due", "name"'
    )


@cache
def claim_jobs(jobs: int, mark: str) -> str:
    """Return the statement that takes so many jobs under a lease."""
    return (
        f'UPDATE "job" SET "lease_until" = {mark}, "token" = {mark}, "holder" = {mark}, "attempts" = "attempts" + 1 '
        f'WHERE "id" IN ({_marks(jobs, mark)})'
    )


@cache
def job_holders(mark: str) -> str:
    """Return the query of everyone who holds a job now."""
    return f"""SELECT DISTINCT "holder" FROM "job" WHERE "status" = {mark} AND "holder" > ''"""


@cache
def newest_files(table: str, mark: str) -> str:
    """Return the query of the newest files that rows of a table name, at most so many."""
    return f"""SELECT "sha256" FROM "{table}" WHERE "sha256" <> '' ORDER BY "id" DESC LIMIT {mark}"""


@cache
def files_beyond(table: str, mark: str) -> str:
    """Return the query of the files that rows of a table name and that come after one of them, at most so many."""
    return (
        f'SELECT DISTINCT "sha256" FROM "{table}" WHERE "sha256" > {mark} AND "sha256" <> \'\' '
        f'ORDER BY "sha256" LIMIT {mark}'
    )


@cache
def names_file(table: str, mark: str) -> str:
    """Return the query of whether a row of a table names a file."""
    return f'SELECT 1 FROM "{table}" WHERE "sha256" = {mark} LIMIT 1'


@cache
def count(table: str) -> str:
    """Return the query of how many rows a table has."""
    return f'SELECT COUNT(*) FROM "{table}"'


@cache
def jurisdictions_in(table: str) -> str:
    """Return the query of every jurisdiction that has rows in a table."""
    return f'SELECT DISTINCT "jurisdiction" FROM "{table}" ORDER BY 1'


@cache
def select_within(
    table: str, columns: Names, column: str, parent: str, order: Names, mark: str, *, beyond: bool
) -> str:
    """Return a SELECT of the rows that belong to rows of another table of one jurisdiction, at most so many.

    With `beyond`, only those that come after given values of the columns they are ordered by.
    """
    there = f'"{parent}"."id" = "{table}"."{column}" AND "{parent}"."jurisdiction" = {mark}'
    after = f" AND {_after(order, mark)}" if beyond else ""
    return (
        f'SELECT {_quoted(columns)} FROM "{table}" WHERE EXISTS (SELECT 1 FROM "{parent}" WHERE {there}){after} '
        f"ORDER BY {_quoted(order)} LIMIT {mark}"
    )


@cache
def files_of(table: str, mark: str) -> str:
    """Return the query of every file that rows of a jurisdiction in a table name."""
    return f"""SELECT DISTINCT "sha256" FROM "{table}" WHERE "jurisdiction" = {mark} AND "sha256" <> '' ORDER BY 1"""


@cache
def envelopes_by_key(table: str, column: str) -> str:
    """Return the query of how many envelopes of a column name each key."""
    return f'SELECT substr("{column}", 2, 4), COUNT(*) FROM "{table}" WHERE length("{column}") > 0 GROUP BY 1'


_OVER = (
    '"ended_at" IS NULL AND ("ends_at" <= {0} OR "created_at" <= {0} OR "last_seen_at" <= {0} '
    'OR "created_at" > {0} OR "last_seen_at" > {0})'
)


@cache
def expired(mark: str) -> str:
    """Return the query of a session whose time is over, by end, beginning or last use, or that is of the future."""
    return f'SELECT 1 FROM "session" WHERE {_OVER.format(mark)} LIMIT 1'


@cache
def end_expired(mark: str) -> str:
    """Return the statement that ends the sessions whose time is over."""
    return f'UPDATE "session" SET "ended_at" = {mark} WHERE {_OVER.format(mark)}'


@cache
def end_others(mark: str) -> str:
    """Return the statement that ends the sessions of an account but one."""
    return (
        f'UPDATE "session" SET "ended_at" = {mark} WHERE "account" = {mark} AND "ended_at" IS NULL '
        f'AND "token_hash" <> {mark}'
    )


@cache
def delete(table: str, where: Names, mark: str) -> str:
    """Return a DELETE of the rows whose `where` columns equal values."""
    return f'DELETE FROM "{table}"{_where(where, (), mark)}'


@cache
def forget_jobs(mark: str) -> str:
    """Return a DELETE of so many jobs of a status whose time is over, the longest past first."""
    past = f'SELECT "id" FROM "job" WHERE "status" = {mark} AND "run_at" < {mark} ORDER BY "run_at" LIMIT {mark}'
    return f'DELETE FROM "job" WHERE "id" IN ({past})'


@cache
def delete_before(table: str, column: str, mark: str) -> str:
    """Return a DELETE of the rows whose moment in a column has come."""
    return f'DELETE FROM "{table}" WHERE "{column}" <= {mark}'


@cache
def among(table: str, columns: Names, column: str, values: int, mark: str) -> str:
    """Return the query of some columns of the rows whose column is one of so many values."""
    return f'SELECT {_quoted(columns)} FROM "{table}" WHERE "{column}" IN ({_marks(values, mark)})'


@cache
def of_keys(table: str, columns: Names, test: str, where: Names, nulls: Names, later: Names, mark: str) -> str:
    """Return the query of the rows that pass a test, whose `where` columns equal values and whose `nulls` are empty.

    Their value in a `later` column is a given one or comes after it.
    """
    equal = [f'"{name}" = {mark}' for name in where] + [f'"{name}" IS NULL' for name in nulls]
    tests = " AND ".join((test, *equal, *(f'"{name}" >= {mark}' for name in later)))
    return f'SELECT {_quoted(columns)} FROM "{table}" WHERE {tests}'


def _marks(n: int, mark: str) -> str:
    return ", ".join([mark] * n) or "NULL"


@cache
def among_those(table: str, columns: Names, where: Names, column: str, values: int, mark: str) -> str:
    """Return the same query of those rows only whose `where` columns equal values, which come first."""
    tests = " AND ".join((*_equals(where, mark), f'"{column}" IN ({_marks(values, mark)})'))
    return f'SELECT {_quoted(columns)} FROM "{table}" WHERE {tests}'
