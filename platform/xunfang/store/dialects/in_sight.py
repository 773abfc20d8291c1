"""The triggers by which the database itself keeps where lists look for cases, see `tables.cases.CaseInSight`.

Nothing that writes a case, a task, a clue or a dispatch can forget it, and nobody sends a statement for it. Version 13
was reached with these words: whoever changes them leaves a copy of them to `upgrades`.
"""

from collections.abc import Iterator

_STAGE = (
    """CASE WHEN {0}."archived_at" IS NOT NULL AND {0}."ended_as" <> '' THEN 'shelved' """
    """WHEN {0}."archived_at" IS NOT NULL THEN 'archived' WHEN {0}."ended_as" <> '' THEN 'void' """
    """WHEN {0}."closed_at" IS NULL THEN 'open' ELSE 'closed' END"""
)
_COLUMNS = '("jurisdiction", "who", "stage", "at", "case")'
_LEVELS = " UNION ALL ".join(f"SELECT {digits} AS n" for digits in (2, 4, 6, 9, 12, 15))
_PLACES = (
    'SELECT {0}."jurisdiction" AS j, substr({0}."residence", 1, n) AS who, ' + _STAGE + " AS stage, "
    '{0}."opened_at" AS at, {0}."id" AS c FROM (' + _LEVELS + ") AS levels "
    """WHERE n <= length({0}."residence") AND n >= {1}({0}."jurisdiction", '-') - 1"""
)
"""The divisions that a case lives within, none wider than its jurisdiction."""
_UNITS: tuple[tuple[str, str, str], ...] = (
    ("task", '"unit", "case"', """NEW."case" <> ''"""),
    ("clue", '"unit", "case", "joined"', 'NOT NEW."joined"'),
    ("dispatch", '"unit", "case"', """NEW."unit" <> ''"""),
)
"""By what a unit has sight of a case: the table, the columns that matter, and when it does."""
_OF_UNIT = (
    'SELECT c."jurisdiction", NEW."unit", ' + _STAGE.format("c") + ', c."opened_at", c."id" '
    'FROM "case" AS c WHERE c."id" = NEW."case"'
)
_KEPT = "ON CONFLICT DO NOTHING"
_MOVED_ON = (
    f'UPDATE "case_in_sight" SET "stage" = {_STAGE.format("NEW")} WHERE "case" = NEW."id" '
    f'AND "stage" <> {_STAGE.format("NEW")}'
)
"""Its lines move on first: what is written next stands where the case is now."""
_MOVING = '"residence", "closed_at", "archived_at", "ended_as"'


def fill(position: str) -> tuple[str, ...]:
    """Return the statements that write every line there should be, of all that is there already.

    `position` is the function of the database that finds one text in another.
    """
    insert = f'INSERT INTO "case_in_sight" {_COLUMNS}'
    joined = 'FROM "{0}" AS s JOIN "case" AS c ON c."id" = s."case" WHERE '
    stage = _STAGE.format("c")
    places = _PLACES.format("c", position).replace(" AS levels WHERE", ' AS levels CROSS JOIN "case" AS c WHERE')
    return (
        f"{insert} {places} {_KEPT}",
        *(
            f'{insert} SELECT c."jurisdiction", s."unit", {stage}, c."opened_at", c."id" {joined.format(table)}'
            f"{when.replace('NEW', 's')} {_KEPT}"
            for table, _, when in _UNITS
        ),
    )


def sqlite_triggers() -> Iterator[str]:
    """Yield the triggers as SQLite has them."""
    insert = f'INSERT OR IGNORE INTO "case_in_sight" {_COLUMNS}'
    places = f"{insert} {_PLACES.format('NEW', 'instr')}"
    yield _sqlite("case_in_sight_opened", 'INSERT ON "case"', "", places)
    yield _sqlite("case_in_sight_moved", f'UPDATE OF {_MOVING} ON "case"', "", f"{_MOVED_ON}; {places}")
    for table, columns, when in _UNITS:
        yield _sqlite(f"case_in_sight_{table}", f'INSERT ON "{table}"', when, f"{insert} {_OF_UNIT}")
        yield _sqlite(f"case_in_sight_{table}_again", f'UPDATE OF {columns} ON "{table}"', when, f"{insert} {_OF_UNIT}")


def _sqlite(name: str, on: str, when: str, does: str) -> str:
    return f'CREATE TRIGGER IF NOT EXISTS "{name}" AFTER {on} WHEN ({when or "TRUE"}) BEGIN {does}; END'


def postgresql_triggers() -> Iterator[str]:
    """Yield the triggers as PostgreSQL has them, and the functions that they call."""
    insert = f'INSERT INTO "case_in_sight" {_COLUMNS}'
    yield _function("case_is_placed", f"{_MOVED_ON}; {insert} {_PLACES.format('NEW', 'strpos')} {_KEPT}")
    yield _function("case_is_seen", f"{insert} {_OF_UNIT} {_KEPT}")
    yield _postgresql("case_in_sight_opened", 'INSERT ON "case"', "", "case_is_placed")
    yield _postgresql("case_in_sight_moved", f'UPDATE OF {_MOVING} ON "case"', "", "case_is_placed")
    for table, columns, when in _UNITS:
        yield _postgresql(f"case_in_sight_{table}", f'INSERT ON "{table}"', when, "case_is_seen")
        yield _postgresql(f"case_in_sight_{table}_again", f'UPDATE OF {columns} ON "{table}"', when, "case_is_seen")


def _function(name: str, does: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {does}; RETURN NULL; END $$"
    )


def _postgresql(name: str, on: str, when: str, function: str) -> str:
    condition = f"FOR EACH ROW WHEN ({when or 'TRUE'})"
    return f'CREATE OR REPLACE TRIGGER "{name}" AFTER {on} {condition} EXECUTE FUNCTION {function}()'
