"""Deputies and work handed over, as they are stored: who may, for how long, and what the record says."""

from datetime import date, timedelta

import pytest

from actions.town import JURISDICTION, MEDICAL, Town
from xunfang.actions.accounts import AccountChange, change_account
from xunfang.actions.deployment import Actor
from xunfang.actions.dispatching import confirm_dispatch
from xunfang.actions.handling import complete, do_to_task
from xunfang.actions.staffing import end_deputy, hand_over, name_deputy
from xunfang.casework import Asked, Decided
from xunfang.clock import local_date
from xunfang.errors import Conflict, Invalid, NotAllowed, NotFound
from xunfang.store import Account, Deputy, Dispatch, absent_for, connection, new_id, transaction


def today(town: Town) -> date:
    return local_date(town.at)


def name(town: Town, account: str, deputy: str, by: str = "", days: int = 2, **span: int) -> str:
    since = today(town) + timedelta(days=span.get("after", 0))
    until = since + timedelta(days=days)
    actor = town.actor(by or account)
    return name_deputy(town.deployment, actor, f"account-{account}", f"account-{deputy}", since, until, town.at)


def standing_in(town: Town, login: str) -> Actor:
    """Return somebody as the pages know them: with those for whom they stand in today."""
    account = town.first(Account, login=login)
    with connection(town.database) as reader:
        return town.deployment.actor(account, absent_for(reader, account, today(town)))


def add(town: Town, login: str, unit: str, *roles: str, division: str = "") -> None:
    with transaction(town.database, "") as tx:
        tx.insert(
            Account(
                id=f"account-{login}", login=login, name=f"测试{login}", password_hash="", jurisdiction=JURISDICTION,
                unit=unit, roles=roles, created_at=town.at, division=division,
            )
        )  # fmt: skip


def test_a_deputy_works_on_what_was_claimed_while_it_lasts_and_not_after(town: Town) -> None:
    case = town.dispatched()
    task = town.claim("doctor", town.task(case, MEDICAL))
    asked = Asked(verb="transfer", actor=standing_in(town, "colleague"), task=task.id, version=task.version)
    with pytest.raises(Conflict, match="已由测试doctor签收"):
        do_to_task(town.deployment, asked, town.at)
    name(town, "doctor", "colleague")
    town.later(days=1)
    given = {"visited_on": "2026-03-10", "findings": "入户核实。", "eligible": True, "programme": "medical-aid"}
    deputy = standing_in(town, "colleague")
    complete(town.deployment, deputy, task.id, task.version, "granted", given, new_id(), town.at)
    done = town.events("task.completed")[0]
    assert (done.actor, done.told["stead"]) == ("account-colleague", "测试doctor")
    town.later(days=2)
    assert standing_in(town, "colleague").steads == ()


def test_a_deputy_named_for_later_or_ended_does_not_stand_in(town: Town) -> None:
    row = name(town, "doctor", "colleague", after=3)
    assert standing_in(town, "colleague").steads == ()
    town.later(days=4)
    assert [stead.name for stead in standing_in(town, "colleague").steads] == ["测试doctor"]
    with pytest.raises(NotFound):
        end_deputy(town.deployment, town.actor("colleague"), row, town.at)
    end_deputy(town.deployment, town.actor("doctor"), row, town.at)
    assert standing_in(town, "colleague").steads == ()
    with pytest.raises(NotFound):
        end_deputy(town.deployment, town.actor("doctor"), row, town.at)
    assert [event.told["deputy"] for name in ("deputy.named", "deputy.ended") for event in town.events(name)] == [
        "测试colleague"
    ] * 2
    assert {told.account for told in town.inbox(MEDICAL, "deputy")} == {"account-doctor", "account-colleague"}


def test_whoever_left_the_unit_or_lost_the_account_is_not_represented(town: Town) -> None:
    name(town, "doctor", "colleague")
    change_account(town.deployment, town.actor("admin"), "account-doctor", AccountChange(state="disabled"), town.at)
    assert standing_in(town, "colleague").steads == ()


@pytest.mark.parametrize(
    ("account", "deputy", "by", "days"),
    [
        ("doctor", "doctor", "", 2),
        ("doctor", "teacher", "", 2),
        ("doctor", "colleague", "", -1),
        ("doctor", "colleague", "", 400),
        ("admin", "operator", "", 2),
    ],
)
def test_a_deputy_is_a_colleague_for_a_span_and_holds_no_office(
    town: Town, account: str, deputy: str, by: str, days: int
) -> None:
    with pytest.raises(Invalid):
        name(town, account, deputy, by, days)
    assert town.rows(Deputy) == []


def test_people_name_their_own_and_the_administrator_anybodys_and_one_at_a_time(town: Town) -> None:
    with pytest.raises(NotFound):
        name(town, "doctor", "colleague", by="leader")
    name(town, "doctor", "colleague", by="admin")
    with pytest.raises(Conflict) as named:
        name(town, "doctor", "colleague")
    assert named.value.code == "DEPUTY_NAMED"
    name(town, "doctor", "colleague", after=5)


def test_the_leaders_deputy_confirms_and_is_given_nothing_personal_and_no_office(town: Town) -> None:
    name(town, "leader", "centre")
    deputy = standing_in(town, "centre")
    own = town.actor("centre").acts
    assert deputy.acts - own == {"confirm-dispatch", "approve-extension", "sign-off", "supervise", "declare"}
    case = town.report().case
    dispatch = town.first(Dispatch, case=case, status="proposed")
    decided = [Decided(row["lead"], tuple(row["assist"])) for row in dispatch.proposed]
    with pytest.raises(NotAllowed):
        confirm_dispatch(town.deployment, town.actor("centre"), case, dispatch.version, decided, town.at)
    confirm_dispatch(town.deployment, deputy, case, dispatch.version, decided, town.at)
    assert town.events("dispatch.confirmed")[0].told["stead"] == "测试leader"


def test_a_role_without_deputy_passes_nothing_on(town: Town) -> None:
    add(town, "watcher", MEDICAL, "reporter")
    name(town, "doctor", "watcher")
    deputy = standing_in(town, "watcher")
    assert deputy.acts == town.actor("watcher").acts
    assert "complete" not in deputy.steads[0].acts


def test_a_leavers_work_goes_to_a_colleague_or_back_to_the_unit(town: Town) -> None:
    case = town.dispatched()
    task = town.claim("doctor", town.task(case, MEDICAL))
    assert hand_over(town.deployment, town.actor("admin"), "account-doctor", "account-colleague", town.at) == 1
    handed = town.task(case, MEDICAL)
    assert (handed.claimed_by, handed.due_at, handed.status) == ("account-colleague", task.due_at, "claimed")
    assert [told.account for told in town.inbox(MEDICAL, "released")] == ["account-colleague"]
    town.later(minutes=1)
    hand_over(town.deployment, town.actor("admin"), "account-colleague", "", town.at)
    freed = town.task(case, MEDICAL)
    assert (freed.claimed_by, freed.claimed_at, freed.due_at, freed.status) == ("", None, task.due_at, "open")
    with pytest.raises(Conflict, match="没有在办的任务"):
        hand_over(town.deployment, town.actor("admin"), "account-doctor", "", town.at)


def test_a_leader_hands_over_within_the_own_unit_only(town: Town) -> None:
    town.claim("doctor", town.task(town.dispatched(), MEDICAL))
    add(town, "chief", MEDICAL, "leader")
    with pytest.raises(NotFound):
        hand_over(town.deployment, town.actor("leader"), "account-doctor", "", town.at)
    with pytest.raises(NotAllowed):
        hand_over(town.deployment, town.actor("colleague"), "account-doctor", "account-colleague", town.at)
    for heir in ("account-teacher", "account-doctor", "account-chief", "nobody"):
        with pytest.raises(Invalid):
            hand_over(town.deployment, town.actor("chief"), "account-doctor", heir, town.at)
    assert hand_over(town.deployment, town.actor("chief"), "account-doctor", "account-colleague", town.at) == 1


@pytest.mark.parametrize(
    ("roles", "keeps"), [(("leader",), False), (("reporter",), False), (("clerk", "leader"), True)]
)
def test_what_somebody_may_end_no_more_by_their_roles_goes_back_to_the_unit(
    town: Town, roles: tuple[str, ...], keeps: bool
) -> None:
    case = town.dispatched()
    task = town.claim("doctor", town.task(case, MEDICAL))
    change_account(town.deployment, town.actor("admin"), "account-doctor", AccountChange(roles=roles), town.at)
    after = town.task(case, MEDICAL)
    assert (after.claimed_by, after.due_at) == ("account-doctor" if keeps else "", task.due_at)
    told = [message.body for message in town.inbox(MEDICAL, "released")]
    assert [("签收人的岗位已变动" in body) for body in told] == ([] if keeps else [True])


def test_a_post_that_somebody_holds_no_more_goes_back_though_they_still_work(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xunfang.actions.staffing.role_of", lambda *_: "dispatcher")
    case = town.dispatched()
    town.claim("doctor", town.task(case, MEDICAL))
    change_account(
        town.deployment, town.actor("admin"), "account-doctor", AccountChange(roles=("clerk", "reporter")), town.at
    )
    assert town.task(case, MEDICAL).claimed_by == ""
