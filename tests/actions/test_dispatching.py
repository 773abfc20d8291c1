"""confirm_dispatch: one leader decides, once, for units that exist; the tasks go out with their clock."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from actions.town import CENTRE, EDUCATION, HOUSING, MEDICAL, TOWNSHIP, Town
from xunfang.actions.dispatching import confirm_dispatch
from xunfang.actions.handling import return_task
from xunfang.actions.reminding import reconcile
from xunfang.casework import Decided
from xunfang.clock import parse
from xunfang.errors import Conflict, Invalid, NotAllowed, NotFound
from xunfang.rulebook.model import Rulebook
from xunfang.store import Account, Dispatch, Notice, Task, transaction


def test_the_proposal_confirmed_as_it_is(town: Town) -> None:
    case = town.report().case
    town.confirm(case)
    task = town.task(case, MEDICAL)
    assert task.due_at == parse("2026-03-17T17:30:00")
    assert task.due is not None
    assert task.due["counted"] == ["2026-03-11", "2026-03-12", "2026-03-13", "2026-03-16", "2026-03-17"]
    assert [skip["date"] for skip in task.due["skipped"]] == ["2026-03-14", "2026-03-15"]
    assert task.routes == ("medical",)
    assert {"BS-二(二)3-9", "BS-二(二)3-7"} <= set(task.cites)
    assert [notice.addressees for notice in town.rows(Notice, kind="transfer-slip")] == [(MEDICAL,)]
    assert town.events("dispatch.confirmed")[0].row == "medical"
    assert not town.rows(Task, case=case, state="dispatch", ended_at=None)


def test_a_changed_lead_rests_on_the_leaders_word(town: Town) -> None:
    case = town.report().case
    town.confirm(case, Decided(HOUSING, (f"township:{TOWNSHIP}",)))
    assert town.task(case, HOUSING).routes == ()
    assert not town.rows(Task, case=case, unit=MEDICAL)
    changed = town.events("dispatch.changed")[0]
    assert changed.data == {"leads": [HOUSING], "proposed": [MEDICAL]}
    confirmed = town.first(Dispatch, case=case).confirmed
    assert confirmed is not None
    assert confirmed[0]["practice"] == "领导批示"


def test_two_leaders_at_once_one_wins_and_the_other_is_told_who(town: Town) -> None:
    case = town.report().case
    town.confirm(case)
    with pytest.raises(Conflict, match="已由测试leader批示") as error:
        confirm_dispatch(town.deployment, town.actor("leader"), case, 1, [Decided(MEDICAL)], town.at)
    assert error.value.code == "DISPATCH_DECIDED"
    assert len(town.rows(Task, case=case, unit=MEDICAL)) == 1


def test_a_proposal_that_changed_since_it_was_read_is_not_confirmed(town: Town) -> None:
    case = town.report().case
    town.report(by="township", needs=["education"], illness=None, schooling="欠伙食费。")
    with pytest.raises(Conflict, match="新的线索并入") as error:
        confirm_dispatch(town.deployment, town.actor("leader"), case, 1, [Decided(MEDICAL)], town.at)
    assert error.value.code == "DISPATCH_CHANGED"
    assert town.first(Dispatch, case=case).status == "proposed"


@pytest.mark.parametrize("by", ["doctor", "centre", "supervisor", "duty"])
def test_only_the_role_that_the_table_names_confirms(town: Town, by: str) -> None:
    case = town.report().case
    dispatch = town.first(Dispatch, case=case)
    with pytest.raises(NotAllowed):
        confirm_dispatch(town.deployment, town.actor(by), case, dispatch.version, [Decided(MEDICAL)], town.at)


@pytest.mark.parametrize(
    "decided",
    [
        (),
        (Decided("no-such-unit"),),
        (Decided("township:370304999"),),
        (Decided("township"),),
        (Decided(MEDICAL, ("no-such-unit",)),),
        (Decided(MEDICAL), Decided(MEDICAL)),
    ],
)
def test_units_that_do_not_exist_or_come_twice_are_refused(town: Town, decided: tuple[Decided, ...]) -> None:
    case = town.report().case
    dispatch = town.first(Dispatch, case=case)
    with pytest.raises(Invalid):
        confirm_dispatch(town.deployment, town.actor("leader"), case, dispatch.version, decided, town.at)
    assert town.first(Dispatch, case=case).status == "proposed"


def test_a_case_nobody_may_know_of_is_not_found(town: Town) -> None:
    with pytest.raises(NotFound):
        confirm_dispatch(town.deployment, town.actor("leader"), "no-such-case", 1, [Decided(EDUCATION)], town.at)


@pytest.fixture
def unconfirmed(tmp_path: Path, rulebook: Rulebook) -> Iterator[Town]:
    """A county whose table sends everything out without anybody's confirmation."""
    table = replace(rulebook.routing["clue"], confirm="nobody", confirm_unless=None)
    town = Town(tmp_path, replace(rulebook, routing={**rulebook.routing, "clue": table}))
    yield town
    town.database.close()


def test_what_went_out_unconfirmed_by_rule_is_no_emergency(unconfirmed: Town) -> None:
    case = unconfirmed.report().case
    assert unconfirmed.task(case, MEDICAL).state == "handling"
    assert [(message.kind, message.title) for message in unconfirmed.inbox(CENTRE)] == [("sent", "已按规定直接转办")]


def test_what_went_out_unconfirmed_and_came_back_is_decided_by_whoever_may_confirm(unconfirmed: Town) -> None:
    case = unconfirmed.report().case
    task = unconfirmed.task(case, MEDICAL)
    doctor = unconfirmed.actor("doctor")
    return_task(unconfirmed.deployment, doctor, task.id, task.version, "参保地在外区", unconfirmed.at)
    with pytest.raises(NotAllowed):
        unconfirmed.confirm(case, Decided(HOUSING), by="centre")
    unconfirmed.confirm(case, Decided(HOUSING))
    assert unconfirmed.task(case, HOUSING).state == "handling"


@pytest.mark.parametrize("change", [{"state": "disabled"}, {"roles": ("reporter",)}, {"roles": ("supervisor",)}])
def test_nothing_is_handed_to_a_unit_in_which_nobody_can_act(town: Town, change: dict[str, object]) -> None:
    with transaction(town.database, "") as tx:
        for login in ("doctor", "colleague"):
            tx.update(Account, {"login": login}, change)
    case = town.dispatched()
    assert not town.rows(Task, case=case, unit=MEDICAL)
    (event,) = town.events("task.sent_up")
    assert event.data["nobody_at"] == [MEDICAL]
    task = town.task(case, str(event.data["to"]), state="handling")
    assert task.role == "lead"
    assert any("尚无可办理人员" in message.body for message in town.inbox(task.unit, "task"))
    town.work_until("2026-03-18T09:00:00")
    assert reconcile(town.deployment, town.at) == 0
