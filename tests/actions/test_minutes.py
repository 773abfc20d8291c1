"""Minutes of a whole sitting: drawn up, agreed to by those who came, signed off, numbered once, and told to all."""

import pytest

from actions.meeting import CONVENER, do, item_of, opened, settle, waiting, with_convener
from actions.town import TOWNSHIP, Town
from xunfang.actions.minutes import DRAFT, do_to_minutes, open_minutes
from xunfang.casework import Minutes, Sitting
from xunfang.errors import Conflict, Invalid, NotAllowed
from xunfang.store import Account, Event, Message, transaction

CHAIR = {"chair": "副局长王某某", "recorder": "李某某", "remarks": "各镇办每周报一次落实情况"}


@pytest.fixture(name="town")
def _town(town: Town) -> Town:
    with transaction(town.database, "") as tx:
        tx.insert(
            Account(
                id="account-head", login="head", name="测试局长", password_hash="", created_at=town.at,
                jurisdiction="370304-boshan", unit=CONVENER, roles=("leader",), division="370304",
            )
        )  # fmt: skip
    return with_convener(town)


def held(town: Town) -> Sitting:
    """Return a sitting that has decided one case and put one off."""
    tasks = [waiting(town, n) for n in range(2)]
    sitting = opened(town, *tasks)
    settle(town, tasks[0], votes_for="2", words="每月回访一次")
    item = item_of(town, tasks[1])
    do(town, "postpone-item", sitting, item=item.id, version=item.version, reason="外地单据未到")
    do(town, "close-sitting", sitting)
    return sitting


def say(town: Town, verb: str, sitting: Sitting, by: str, **told: object) -> None:
    minutes = town.rows(Minutes)
    version = minutes[0].version if minutes else 0
    do_to_minutes(town.deployment, town.actor(by), verb, sitting.id, town.at, version=version, **told)  # type: ignore[arg-type]
    town.work_until()


def the(town: Town) -> Minutes:
    (found,) = town.rows(Minutes)
    return found


def test_minutes_are_issued_once_all_who_came_agree(town: Town) -> None:
    sitting = held(town)
    with pytest.raises(Invalid, match="没有整理"):
        say(town, "draft-minutes", sitting, "convener")
    say(town, "draft-minutes", sitting, "convener", told=CHAIR)
    order = town.press.orders[-1]
    told = order.facts["sitting"]
    assert (order.mark, the(town).status) == (DRAFT, "circulated")
    assert (told["invited"], told["came"], told["items"]) == (2, 2, 2)
    assert [item["words"] for item in (*told["decided"], *told["postponed"])] == ["每月回访一次", "外地单据未到"]
    assert told["decided"][0]["name"] == "王*军"
    assert told["decided"][0]["told"]["opinion"] == "同意计入异地医疗支出。"
    with pytest.raises(Conflict):
        say(town, "sign-minutes", sitting, "head")
    say(town, "object-minutes", sitting, "township", reason="第一件的金额写错了")
    assert [*the(town).objections] == [f"township:{TOWNSHIP}"]
    say(town, "draft-minutes", sitting, "convener", told=CHAIR)
    assert ([*the(town).objections], [*the(town).agreed]) == ([], [CONVENER])
    say(town, "agree-minutes", sitting, "township")
    assert the(town).status == "agreed"
    with pytest.raises(NotAllowed):
        say(town, "sign-minutes", sitting, "convener")
    say(town, "sign-minutes", sitting, "head")
    issued = the(town)
    assert (issued.status, issued.n, issued.signed_by) == ("issued", 1, "account-head")
    assert town.press.orders[-1].mark == ""
    assert town.press.orders[-1].facts["notice"]["number"] == issued.number
    assert town.press.orders[-1].facts["sitting"] == told
    assert open_minutes(town.deployment, town.actor("township"), sitting.id, town.at).startswith(b"%PDF")
    assert town.rows(Event, name="sitting.minutes_opened")
    assert [row for row in town.rows(Message, unit=f"township:{TOWNSHIP}") if issued.number in row.body]
    with pytest.raises(Conflict, match="已经签发"):
        say(town, "draft-minutes", sitting, "convener", told=CHAIR)


def test_the_convener_notes_the_word_of_a_unit_that_gave_it_otherwise(town: Town) -> None:
    sitting = held(town)
    say(town, "draft-minutes", sitting, "convener", told=CHAIR)
    with pytest.raises(Invalid, match="没有执行"):
        say(town, "agree-minutes", sitting, "convener", unit=f"township:{TOWNSHIP}")
    say(town, "agree-minutes", sitting, "convener", unit=f"township:{TOWNSHIP}", reason="3月12日电话同意")
    assert the(town).agreed[f"township:{TOWNSHIP}"]["words"] == "3月12日电话同意"
    assert the(town).status == "agreed"


def test_what_cannot_be_printed_is_told_and_drawn_up_anew(town: Town) -> None:
    sitting = held(town)
    town.press.refuses = "印不出"
    say(town, "draft-minutes", sitting, "convener", told=CHAIR)
    assert (the(town).status, the(town).error) == ("failed", "印不出")
    town.press.refuses = ""
    say(town, "draft-minutes", sitting, "convener", told=CHAIR)
    assert the(town).status == "circulated"
