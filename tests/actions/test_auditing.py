"""The record is verified in pieces that are themselves recorded; a refusal leaves one trace a day."""

from datetime import timedelta

import pytest

from actions.town import JURISDICTION, START, Town
from xunfang.actions.auditing import note_refusal, verify_record
from xunfang.errors import NotAllowed
from xunfang.store import ChainPiece, chain_head, connection


def test_verifying_is_recorded_and_tells_the_newest_event(town: Town) -> None:
    town.report()
    count = len(town.events())
    found = verify_record(town.deployment, town.actor("auditor"), 0, START)
    assert found.piece == ChainPiece(count, None, more=False)
    event = town.events("record.verified")[0]
    assert event.told == {"first": 1, "last": count, "broken": None}
    assert (event.actor, event.n) == ("account-auditor", count + 1)
    with connection(town.database):
        assert found.head == chain_head(town.database, JURISDICTION)


def test_a_long_record_is_verified_in_pieces(town: Town) -> None:
    town.report()
    auditor, reached, pieces = town.actor("auditor"), 0, 0
    while True:
        found = verify_record(town.deployment, auditor, reached, START, most=2)
        reached, pieces = found.piece.last, pieces + 1
        if not found.piece.more:
            break
    assert pieces >= 3
    assert reached + 1 == len(town.events())


@pytest.mark.parametrize("login", ["admin", "operator", "leader"])
def test_only_the_auditor_verifies(town: Town, login: str) -> None:
    with pytest.raises(NotAllowed):
        verify_record(town.deployment, town.actor(login), 0, START)
    assert not town.events("record.verified")


def test_a_refusal_is_recorded_once_a_day_for_each_account_and_address(town: Town) -> None:
    midnight = START.replace(hour=0)
    for at in (START, START + timedelta(hours=1), midnight + timedelta(days=1), midnight + timedelta(days=1, hours=9)):
        for login, endpoint in (("doctor", "accounts.index"), ("doctor", "system.index"), ("teacher", "system.index")):
            note_refusal(town.deployment, town.actor(login), endpoint, at)
    told = [(event.actor_name, event.told["endpoint"]) for event in town.events("access.refused")]
    assert sorted(told) == sorted(
        [("测试doctor", "accounts.index"), ("测试doctor", "system.index"), ("测试teacher", "system.index")] * 2
    )
