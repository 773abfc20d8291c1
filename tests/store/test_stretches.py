"""Stretches of places: a server and SQLite are told of the same rows, and SQLite begins where a page ended."""

import sqlite3
from itertools import product

from peewee import SqliteDatabase, Table

from xunfang.store.reading.for_files import Otherwise
from xunfang.store.reading.stretches import Spot, Stretch, between_spots

PLACES = ("", "37", "370", "370304", "370304001", "370304001003", "370304002", "370305")
KEYS = ("a", "b", "c")
ROWS = tuple(product(PLACES, KEYS))
STRETCHES: tuple[Stretch, ...] = (
    ("", "A"), ("370304", "370304A"), ("370304001", "370304001A"), ("370304001", "370304001"), ("9", "9A"),
)  # fmt: skip
SPOTS: tuple[Spot | None, ...] = (None, *ROWS[1::4], ("370304001", "bb"), ("380", "a"))


def test_both_are_told_of_the_same_rows_and_each_is_on_one_page() -> None:
    spots = Table("spot", ("at", "key"))
    database = SqliteDatabase(":memory:")
    database.execute_sql("CREATE TABLE spot (at TEXT, key TEXT)")
    spots = spots.bind(database)
    spots.insert([{"at": at, "key": key} for at, key in ROWS]).execute()
    for stretch, after, until in product(STRETCHES, SPOTS, SPOTS):
        told = between_spots((spots.at, spots.key), stretch, after, until)
        ways = (told.node, told.in_file) if isinstance(told, Otherwise) else (told,)
        assert (len(ways) == 2) is bool(after or until)
        wanted = [row for row in ROWS if _within(row, stretch, after, until)]
        for way in ways:
            query = spots.select(spots.at, spots.key).where(way).order_by(spots.at, spots.key)
            assert list(query.tuples()) == wanted, (stretch, after, until)


def _within(row: tuple[str, str], stretch: Stretch, after: Spot | None, until: Spot | None) -> bool:
    low, high = stretch
    lies = row[0] == low if low == high else low <= row[0] < high
    return lies and (after is None or row > after) and (until is None or row <= until)


def test_a_page_in_a_file_begins_at_the_place_where_the_last_ended() -> None:
    """Else it goes through all that earlier pages showed, or all of the county behind a place."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE spot (at TEXT, key TEXT)")
    database.execute("CREATE INDEX spot_at_key ON spot (at, key)")
    database.executemany("INSERT INTO spot VALUES (?, ?)", [(f"{n:06}", "k") for n in range(60_000)])
    spots = Table("spot", ("at", "key"))
    for stretch in (("02", "02A"), ("020000", "020000")):
        told = between_spots((spots.at, spots.key), stretch, ("020000", "k"), ("020040", "k"))
        query = spots.select(spots.at).where(told).order_by(spots.at, spots.key)
        sql, values = SqliteDatabase(":memory:").get_sql_context().sql(query).query()
        steps = 0

        def stepped() -> int:
            nonlocal steps
            steps += 1
            return 0

        database.set_progress_handler(stepped, 100)
        found = database.execute(sql, values).fetchall()
        database.set_progress_handler(None, 0)
        assert len(found) == (40 if stretch[0] == "02" else 0)
        assert steps < 20, stretch
