"""Publications in the database: written as a case comes to be posted, taken down by themselves, seen by whom."""

from dataclasses import replace

import pytest

from actions.posting import FLOW, ILLNESS, PHONE, number_of, object_to, posted
from actions.town import Town
from xunfang.actions.acting import acting
from xunfang.actions.deployment import machinery
from xunfang.actions.loading import file_of
from xunfang.casework import Asked, Publication, advance
from xunfang.desk import Readings
from xunfang.desk.publications import sheet_facts
from xunfang.errors import NotFound
from xunfang.store import new_id
from xunfang.store.reading import publications as reading
from xunfang.store.scoped import scoped


def test_it_tells_the_name_the_village_and_what_and_nothing_else(town: Town) -> None:
    hangs = posted(town)
    assert hangs.told["name"] == "欧阳建国"
    assert hangs.told["matter"] == "临时救助（一般程序）"
    assert hangs.told["to"]
    assert hangs.told["more"].endswith("：3000")
    words = "".join(hangs.told.values())
    assert not any(secret in words for secret in (ILLNESS, PHONE, number_of(0), "病"))


def test_it_comes_down_with_its_wait(town: Town) -> None:
    hangs = posted(town)
    assert hangs.until is not None
    town.work_until(hangs.until)
    town.later(minutes=1)
    town.work_until(town.at)
    after = town.first(Publication, id=hangs.id)
    assert (after.taken_down_at is not None, after.interrupted) == (True, False)
    assert after.told == hangs.told


def test_an_objection_cuts_it_short(town: Town) -> None:
    hangs = posted(town)
    town.later(days=1)
    object_to(town, hangs)
    after = town.first(Publication, id=hangs.id)
    assert (after.taken_down_at, after.interrupted) == (town.at, True)


def test_a_sheet_holds_the_households_of_a_village_that_hang_now(town: Town) -> None:
    first, second = posted(town, 0), posted(town, 1, "王建军")
    with scoped(town.database, town.actor("township").scope) as reader:
        hung = reader.publications.sheet(first.board, first.place, town.at)
        assert [row.id for row in hung] == [first.id, second.id]
        assert first.until is not None
        assert reader.publications.sheet(first.board, first.place, first.until) == ()


@pytest.mark.parametrize(
    ("login", "seen"), [("township", 1), ("village", 1), ("leader", 1), ("sibling", 0), ("doctor", 0)]
)
def test_it_is_seen_by_those_who_see_the_case(town: Town, login: str, seen: int) -> None:
    hangs = posted(town)
    with scoped(town.database, town.actor(login).scope) as reader:
        assert len(reader.publications.page("", town.at, current=True).items) == seen
        if not seen:
            with pytest.raises(NotFound):
                reader.publications.file(hangs.id)


@pytest.mark.parametrize(("most", "told"), [(2, ""), (1, "正在公示的超过1户")])
def test_a_sheet_says_when_it_does_not_hold_all_that_hangs(
    town: Town, monkeypatch: pytest.MonkeyPatch, most: int, told: str
) -> None:
    first = posted(town, 0)
    posted(town, 1, "王建军")
    monkeypatch.setattr(reading, "MOST_ON_A_SHEET", most)
    sheet = Readings(town.deployment).publications.sheet(town.actor("township"), first.board, first.place, town.at)
    assert (len(sheet.rows), sheet.lacks[: len("正在公示的超过1户")]) == (most, told)
    assert told in sheet_facts(sheet, wide=False)["sheet"]["opens"]


@pytest.mark.parametrize(("board", "now"), [("website", ["website"]), ("", []), ("village-board", None)])
def test_what_other_rules_publish_elsewhere_or_no_more_comes_down_as_a_case_goes_on_by_them(
    town: Town, board: str, now: list[str] | None
) -> None:
    hangs = posted(town)
    flow = town.rulebook.flows[FLOW]
    states = {**flow.states, "posting": replace(flow.states["posting"], publishes=board)}
    to = replace(town.rulebook, digest="0" * 64, flows={**town.rulebook.flows, FLOW: replace(flow, states=states)})
    with acting(town.deployment, machinery(town.rulebook.id, "改用规则版本"), town.at) as act:
        told = {"was": town.rulebook}
        asked = Asked(verb="move-release", actor=act.actor, case=hangs.case, payload=told)
        made = advance(to, file_of(act, town.case(hangs.case)), asked, town.at, new_id)
    down = [each.after for each in made.changed if isinstance(each.after, Publication)]
    new = [row for row in made.new if isinstance(row, Publication)]
    assert [(row.id, row.taken_down_at) for row in down] == ([] if now is None else [(hangs.id, town.at)])
    assert [row.board for row in new] == (now or [])
    assert all(row.until == hangs.until and "*" in row.told["name"] for row in new)
