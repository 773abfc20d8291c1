"""SQL of what is asked of releases."""

from functools import cache

_RELEASE = '"id", "number", "published_at", "published_by", "current", "set_aside_at"'


@cache
def release_lines(column: str, mark: str) -> str:
    """Return the query of the releases whose column is a value, without their files, newest first."""
    return f'SELECT {_RELEASE} FROM "release" WHERE "{column}" = {mark} ORDER BY "number" DESC'


@cache
def releases_below(mark: str) -> str:
    """Return the query of so many releases of a jurisdiction at most, those next below a number, newest first."""
    return (
        f'SELECT {_RELEASE} FROM "release" WHERE "jurisdiction" = {mark} AND "number" < {mark} '
        f'ORDER BY "number" DESC LIMIT {mark}'
    )


@cache
def released() -> str:
    """Return the query of every release, by jurisdiction and number."""
    return 'SELECT "jurisdiction", "number", "id", "current" FROM "release" ORDER BY "jurisdiction", "number"'


@cache
def last_release_number(mark: str) -> str:
    """Return the query of the number of a jurisdiction's newest release, 0 before the first."""
    return f'SELECT COALESCE(MAX("number"), 0) FROM "release" WHERE "jurisdiction" = {mark}'


@cache
def open_by_release(mark: str) -> str:
    """Return the query of how many open cases of a jurisdiction stand on each release."""
    return (
        f'SELECT "release", COUNT(*) FROM "case" WHERE "jurisdiction" = {mark} AND "closed_at" IS NULL '
        'GROUP BY "release" ORDER BY "release"'
    )


@cache
def standing(jurisdictions: int, mark: str) -> str:
    """Return the query of the current releases of so many jurisdictions, and of what was not put in force there."""
    among = f'"jurisdiction" IN ({", ".join([mark] * jurisdictions)})'
    return (
        f'SELECT "jurisdiction", "id", 1 FROM "release" WHERE {among} AND "current" = {mark} UNION ALL '
        f'SELECT "jurisdiction", "digest", 0 FROM "held" WHERE {among} ORDER BY 3, 1'
    )
