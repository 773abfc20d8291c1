"""Revealing is recorded before it is shown, and nobody reveals what is out of sight."""

import pytest

from actions.town import MEDICAL, Town, other_id
from xunfang.actions.reading import mark_all_read, mark_read, reveal
from xunfang.errors import Invalid, NotAllowed, NotFound
from xunfang.store import Event, ReadMark

WHY = "电话核实入户时间"


def test_a_number_is_shown_in_full_to_those_who_handle_the_case(town: Town) -> None:
    case = town.dispatched()
    assert reveal(town.deployment, town.actor("doctor"), case, "id_number", WHY, town.at) == other_id(24)
    assert reveal(town.deployment, town.actor("township"), case, "phone", WHY, town.at) == "13800001234"
    assert reveal(town.deployment, town.actor("leader"), case, "illness", WHY, town.at) == "脑梗死"
    revealed = town.events("person.revealed")
    assert [(event.actor, event.told["field"]) for event in revealed] == [
        ("account-doctor", "id_number"), ("account-township", "phone"), ("account-leader", "illness"),
    ]  # fmt: skip
    assert {event.told["reason"] for event in revealed} == {WHY}
    assert "13800001234" not in str(revealed)


def test_it_is_on_record_before_anybody_sees_it(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    case = town.dispatched()

    def broken(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("xunfang.actions.acting.append_events", broken)
    with pytest.raises(OSError, match="full"):
        reveal(town.deployment, town.actor("doctor"), case, "phone", WHY, town.at)
    monkeypatch.undo()
    assert not town.rows(Event, name="person.revealed")


@pytest.mark.parametrize("reason", ["", "  ", "查看 ", "。。。。。。", "查查查查查", "工作需要", "因工作需要。"])
def test_a_reason_must_be_given(town: Town, reason: str) -> None:
    case = town.dispatched()
    with pytest.raises(Invalid):
        reveal(town.deployment, town.actor("doctor"), case, "phone", reason, town.at)
    assert not town.events("person.revealed")


@pytest.mark.parametrize("who", ["sibling", "teacher"])
def test_another_township_and_another_bureau_find_nothing(town: Town, who: str) -> None:
    case = town.dispatched()
    with pytest.raises(NotFound):
        reveal(town.deployment, town.actor(who), case, "phone", WHY, town.at)
    assert not town.events("person.revealed")


def test_supervisors_and_administrators_may_not_reveal(town: Town) -> None:
    case = town.dispatched()
    for who in ("supervisor", "admin"):
        with pytest.raises(NotAllowed):
            reveal(town.deployment, town.actor(who), case, "phone", WHY, town.at)


def test_what_was_never_told_is_said_to_be_missing(town: Town) -> None:
    case = town.dispatched(phone=None)
    assert reveal(town.deployment, town.actor("doctor"), case, "phone", WHY, town.at) == "没有登记"
    assert [event.told["because"] for event in town.events("person.revealed")] == ["没有登记这一项"]


def test_a_message_is_read_by_each_for_themselves_and_once(town: Town) -> None:
    town.dispatched()
    message = town.inbox(MEDICAL)[0]
    for _ in range(2):
        mark_read(town.deployment, town.actor("doctor"), message.id, town.at)
    assert [mark.account for mark in town.rows(ReadMark)] == ["account-doctor"]
    with pytest.raises(NotFound):
        mark_read(town.deployment, town.actor("teacher"), message.id, town.at)


def test_everything_is_read_at_once_by_one_person_for_themselves(town: Town) -> None:
    town.dispatched()
    town.dispatched(id_number=other_id(2))
    told = len(town.inbox(MEDICAL))
    assert told >= 2
    assert mark_all_read(town.deployment, town.actor("doctor"), town.at, before=town.inbox(MEDICAL)[0].at) == 0
    assert mark_all_read(town.deployment, town.actor("doctor"), town.at) == told
    assert mark_all_read(town.deployment, town.actor("doctor"), town.at) == 0
    assert {mark.account for mark in town.rows(ReadMark)} == {"account-doctor"}
    assert [event.told for event in town.events("message.all_read")] == [{"count": told}]


def test_a_reason_is_kept_whole_or_refused(town: Town) -> None:
    case, doctor = town.dispatched(), town.actor("doctor")
    with pytest.raises(Invalid, match="没有显示"):
        reveal(town.deployment, doctor, case, "phone", WHY + "。" * 300, town.at)
    reveal(town.deployment, doctor, case, "phone", WHY + "。" * (300 - len(WHY)), town.at)
    assert [len(event.told["reason"]) for event in town.events("person.revealed")] == [300]
