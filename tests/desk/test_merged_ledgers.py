"""Ledgers and lists narrowed to a township that two became: what was done in either before stands there too."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.test_following import Changing
from actions.town import FILES, GRANTED, JURISDICTION, MEDICAL, START, TOLD, VILLAGE
from databases import KINDS, kept_in
from desk.plain_ledgers import LISTED, with_plain_ledgers
from merged import NEW, ONE, changed, merging
from xunfang.actions.submitting import submit
from xunfang.clock import local_date
from xunfang.desk.faces.ledgers import LedgerAsked
from xunfang.desk.ledgers import LedgerDesk
from xunfang.desk.people import people_list
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rules.units import former_places, former_wholes
from xunfang.store import Case, Task, new_id
from xunfang.store.reading.people import PeopleFilter


@pytest.fixture(params=KINDS)
def merged(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Changing]:
    with kept_in(request.param):
        town = Changing(tmp_path, with_plain_ledgers(compile_rulebook(changed(FILES, merging), JURISDICTION)))
        yield town
        town.database.close()


def test_what_was_done_before_two_became_one_stands_where_the_new_one_is_looked_at(merged: Changing) -> None:
    merged.at = START
    case = merged.dispatched(categories=["disabled"])
    merged.complete("doctor", merged.task(case, MEDICAL), "granted", {**GRANTED, "amount": 8000})
    merged.complete("centre", merged.first(Task, case=case, ended_at=None, state="notify"), "done", TOLD)
    told = {"visited_on": "2026-03-10", "name": "孙桂兰", "residence": VILLAGE, "found_difficulty": False}
    submit(merged.deployment, merged.actor("village"), "visit", told, new_id(), merged.at)
    merged.dawn()
    assert merged.first(Case, id=case).residence == VILLAGE
    desk, leader = LedgerDesk(merged.deployment), merged.actor("leader")
    for of in LISTED.keys() - {"duty"}:
        every, here, elsewhere, before = (
            [line.cells for line in desk.page(leader, of, LedgerAsked(place=place), merged.at).lines]
            for place in ("", NEW, "370304104", ONE)
        )
        assert (here, elsewhere, bool(here)) == (every, [], True), of
        assert before == (every if of != "person" else []), of
    assert [found(merged, login, place) for login in ("leader", "township") for place in (NEW, "370304104")] == [
        1,
        0,
    ] * 2


def found(town: Changing, login: str, place: str) -> int:
    """Return how many people somebody finds who live in a place and hold what was granted."""
    rulebook = town.deployment.rulebooks.of(town.rulebook.id)
    places, former = (place, *former_wholes(rulebook, place)), former_places(rulebook, place)
    wanted = PeopleFilter(places=places, former=former, programme="medical-aid", day=local_date(town.at))
    rows, _ = people_list(town.deployment, town.actor(login), wanted, town.at, "")
    return len(rows)
