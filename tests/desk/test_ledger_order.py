"""Ledgers in the order that somebody wants: from either end however long they are, by a column where they are not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.town import Town, compiled
from databases import KINDS, kept_in
from xunfang.desk import ledger_order, ledgers
from xunfang.desk.circulating import circulated
from xunfang.desk.faces.ledgers import LedgerAsked, LedgerPage
from xunfang.desk.ledgers import LedgerDesk
from xunfang.errors import Refused

CLUES = "clue-ledger"
BY_SOUND = ["安大福", "陈大福", "李大福", "孙大福", "王大福", "赵大福"]
REPORTED = [BY_SOUND[place] for place in (3, 0, 5, 2, 4, 1)]
SIZES = dict(zip(REPORTED, (10, 9, None, 2, 1, None), strict=True))


@pytest.fixture(params=KINDS)
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    with kept_in(request.param):
        town = Town(tmp_path, compiled())
        for name, size in SIZES.items():
            town.report(name=name, id_number=None, **({"household_size": size} if size else {}))
            town.later(hours=1)
        yield town
        town.database.close()


def page(town: Town, sort: str, after: str = "", login: str = "leader") -> LedgerPage:
    return LedgerDesk(town.deployment).page(town.actor(login), CLUES, LedgerAsked(sort=sort), town.at, after)


def names(shown: LedgerPage) -> list[str]:
    place = [head.path for head in shown.heads].index("person.name")
    return [line.cells[place] for line in shown.lines]


def turned(town: Town, sort: str, login: str = "leader") -> list[str]:
    """Return the names on all pages."""
    after, found = "", list[str]()
    while True:
        shown = page(town, sort, after, login)
        found += names(shown)
        after = shown.next
        if not after:
            return found


def test_a_ledger_is_told_from_either_end_and_by_a_column(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledgers, "_FEWEST", 2)
    monkeypatch.setattr(ledgers, "_CELLS", 2)
    by_size = [name for name, size in sorted(SIZES.items(), key=lambda each: each[1] or 99)]
    sized = [name for name in by_size if SIZES[name]]
    silent = [name for name in reversed(REPORTED) if not SIZES[name]]
    for login in ("leader", "township"):
        found = {sort: turned(town, sort, login) for sort in SORTS}
        assert found == {
            "": REPORTED[::-1], "oldest": REPORTED, "person.name": BY_SOUND, "-person.name": BY_SOUND[::-1],
            "clue.household_size": [*sized, *silent], "-clue.household_size": [*sized[::-1], *silent],
            "case.outcome": REPORTED[::-1], "nothing": REPORTED[::-1], "-": REPORTED[::-1],
        }, login  # fmt: skip
    assert turned(town, "person.name", "sibling") == []


SORTS = (
    "", "oldest", "person.name", "-person.name", "clue.household_size", "-clue.household_size", "case.outcome",
    "nothing", "-",
)  # fmt: skip


def test_a_page_goes_on_after_its_last_line_whatever_came_since(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledgers, "_FEWEST", 2)
    monkeypatch.setattr(ledgers, "_CELLS", 2)
    first = page(town, "person.name")
    town.report(name="毕大福", id_number=None)
    assert names(first) == BY_SOUND[:2]
    assert names(page(town, "person.name", first.next)) == BY_SOUND[2:4]
    gone = first.next.replace(first.next[-6:], "000000")
    assert names(page(town, "person.name", gone)) == BY_SOUND[1:3]  # from where it would be
    for wrong in ("x", "-1.a", "1" * 30, "²."):
        with pytest.raises(Refused):
            page(town, "person.name", wrong)


def test_what_is_too_long_to_sort_is_told_in_its_own_order(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_order, "MOST_SORTED", len(REPORTED))
    assert (page(town, "person.name").sorted_by, page(town, "person.name").unsorted) == ("姓名", "")
    monkeypatch.setattr(ledger_order, "MOST_SORTED", len(REPORTED) - 1)
    shown = page(town, "-person.name")
    assert (shown.sorted_by, shown.unsorted, shown.asked.sort, shown.told) == ("", "姓名", "", ())
    assert names(shown) == REPORTED[::-1]
    with pytest.raises(ledger_order.TooLongToSort):
        taken(town, "person.name")


def test_what_lies_too_far_apart_is_not_gone_through(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_order, "_AT_ONCE", 1)
    assert page(town, "person.name").unsorted == "姓名"
    monkeypatch.setattr(ledger_order, "_LOOKS", len(REPORTED))
    assert page(town, "person.name").sorted_by == "姓名"


def taken(town: Town, sort: str) -> tuple[tuple[str, ...], list[str]]:
    """Return what a sheet says above its lines, and the names on it."""
    desk, leader = LedgerDesk(town.deployment), town.actor("leader")
    found = circulated(desk, leader, CLUES, LedgerAsked(sort=sort), town.at, whole=False)
    place = [head for head, _, _ in found.heads].index("姓名")
    return found.told, [str(row[place]) for row in found.rows]


def test_what_is_taken_along_lies_in_the_same_order_and_says_so(town: Town) -> None:
    assert taken(town, "") == ((), REPORTED[::-1])
    assert taken(town, "oldest") == (("排列：先登记的在前",), REPORTED)
    assert taken(town, "-person.name") == (("排列：按姓名降序",), BY_SOUND[::-1])


def test_no_order_tells_of_what_is_sealed(town: Town) -> None:
    sorts = {head.path: head.sorts for head in page(town, "").heads}
    sealed = {path for path, may in sorts.items() if not may}
    assert {"person.id_number", "person.phone", "clue.illness"} & sorts.keys() <= sealed
    assert {"person.name", "case.number", "clue.difficulty"} <= {path for path, may in sorts.items() if may}
