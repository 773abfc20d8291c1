"""The second factor: bound by its person, asked at the sign-in, taken once, counted apart, taken off by another."""

from dataclasses import replace
from datetime import timedelta

import pytest

from actions.town import Town
from xunfang.access_rules import AccessRules
from xunfang.actions.accounts import AccountChange, NewAccount, change_account, create_account, unlock
from xunfang.actions.factors import (
    RECOVERY_CODES,
    begin_binding,
    confirm_binding,
    own_standing,
    renew_recovery,
    reset_factor,
    reset_factor_from_console,
    unbind,
)
from xunfang.actions.limiting import OverLimit
from xunfang.actions.places import Place
from xunfang.actions.signing_in import TICKET_LASTS, CodeWanted, sign_in, sign_in_with_code
from xunfang.errors import Conflict, Invalid, NotAllowed, NotSignedIn
from xunfang.store import Account, Factor, Session
from xunfang.store.onetime import code_at, step_of

pytestmark = pytest.mark.usefixtures("cheap_passwords")

PASSWORD = "Long-enough-1"
HOME, AWAY = Place("home"), Place("away")


@pytest.fixture
def account(town: Town) -> str:
    new = NewAccount("zhang.min", "张敏", PASSWORD, "370304-boshan", "medical-insurance-bureau", ("clerk",))
    return create_account(town.deployment, town.actor("admin"), new, town.at)


def code(town: Town, account: str, *, pending: bool = False, drift: int = 0) -> str:
    factor = town.first(Factor, account=account)
    return code_at(factor.pending if pending else factor.secret, step_of(town.at) + drift)


def bind(town: Town, account: str) -> tuple[str, ...]:
    actor = town.deployment.actor(town.first(Account, id=account))
    begin_binding(town.deployment, actor, PASSWORD, town.at)
    codes = confirm_binding(town.deployment, actor, code(town, account, pending=True), town.at)
    town.later(minutes=2)
    return codes


def ticket(town: Town, place: Place = HOME) -> str:
    with pytest.raises(CodeWanted) as wanted:
        sign_in(town.deployment, "zhang.min", PASSWORD, town.at, place=place)
    return wanted.value.ticket


def enter(town: Town, code: str, place: Place = HOME) -> str:
    return sign_in_with_code(town.deployment, ticket(town, place), code, town.at, place=place)


def test_once_bound_the_password_alone_opens_nothing(town: Town, account: str) -> None:
    assert sign_in(town.deployment, "zhang.min", PASSWORD, town.at)
    codes = bind(town, account)
    assert len({*codes}) == RECOVERY_CODES
    before = len(town.rows(Session, account=account))
    waiting = ticket(town)
    assert len(town.rows(Session, account=account)) == before
    assert sign_in_with_code(town.deployment, waiting, f" {code(town, account)} ", town.at, place=HOME)
    assert len(town.rows(Session, account=account)) == before + 1
    assert [event.actor for event in town.events("account.factor_bound")] == [account]


def test_no_code_is_taken_twice(town: Town, account: str) -> None:
    bind(town, account)
    shown = code(town, account)
    assert enter(town, shown)
    with pytest.raises(NotSignedIn, match="已经用过"):
        enter(town, shown)
    with pytest.raises(NotSignedIn):
        enter(town, code(town, account, drift=-1))
    town.later(seconds=30)
    assert enter(town, code(town, account))


def test_a_code_of_recovery_opens_once_and_its_person_is_told(town: Town, account: str) -> None:
    first, second, *_ = bind(town, account)
    assert enter(town, first.upper())
    with pytest.raises(NotSignedIn):
        enter(town, first)
    assert enter(town, second.replace("-", " "))
    assert own_standing(town.deployment, town.actor("zhang.min"), town.at).codes_left == RECOVERY_CODES - 2
    told = [message for message in town.inbox("medical-insurance-bureau", "account") if message.account == account]
    assert "恢复码" in told[0].title
    fresh = renew_recovery(town.deployment, town.actor("zhang.min"), code(town, account), town.at)
    assert not {*fresh} & {first, second}
    assert enter(town, fresh[0])


def test_guessed_codes_shut_their_place_out_and_nobody_else(town: Town, account: str) -> None:
    bind(town, account)
    enter(town, code(town, account))
    town.later(minutes=2)
    for _ in range(AccessRules().failures):
        with pytest.raises(NotSignedIn):
            enter(town, "000000", AWAY)
    with pytest.raises(NotSignedIn, match="连续输错验证码") as shut:
        enter(town, code(town, account), AWAY)
    assert shut.value.code == "ACCOUNT_LOCKED"
    assert enter(town, code(town, account), HOME)
    assert {event.data["because"] for event in town.events("account.refused") if "because" in event.data} <= {
        "验证码不对"
    }
    town.later(minutes=1)
    unlock(town.deployment, town.actor("admin"), account, town.at)
    assert enter(town, code(town, account), AWAY)


def test_a_ticket_is_for_minutes_and_for_one_password(town: Town, account: str) -> None:
    bind(town, account)
    old = ticket(town)
    town.at += TICKET_LASTS
    with pytest.raises(NotSignedIn) as over:
        sign_in_with_code(town.deployment, old, code(town, account), town.at)
    assert over.value.code == "TICKET_OVER"
    fresh = ticket(town)
    change = AccountChange(password="Another-long-2")
    change_account(town.deployment, town.actor("admin"), account, change, town.at)
    for forged in (fresh, "", "x" * 90, "é"):
        with pytest.raises(NotSignedIn) as refused:
            sign_in_with_code(town.deployment, forged, code(town, account), town.at)
        assert refused.value.code == "TICKET_OVER"


def test_binding_asks_for_the_password_and_a_code_of_the_new_secret(town: Town, account: str) -> None:
    bind(town, account)
    actor, secret = town.actor("zhang.min"), town.first(Factor, account=account).secret
    with pytest.raises(Invalid):
        begin_binding(town.deployment, actor, "wrong", town.at)
    begin_binding(town.deployment, actor, PASSWORD, town.at)
    with pytest.raises(Invalid):
        confirm_binding(town.deployment, actor, code(town, account), town.at)
    assert town.first(Factor, account=account).secret == secret  # the old one goes on until the new one is proved
    assert enter(town, code(town, account))
    confirm_binding(town.deployment, actor, code(town, account, pending=True), town.at)
    assert town.first(Factor, account=account).secret != secret


def test_codes_in_a_session_are_limited_too(town: Town, account: str) -> None:
    bind(town, account)
    actor = town.actor("zhang.min")
    for _ in range(AccessRules().failures):
        with pytest.raises(Invalid):
            unbind(town.deployment, actor, "000000", town.at)
    with pytest.raises(OverLimit):
        unbind(town.deployment, actor, code(town, account), town.at)


def test_whoever_lost_it_is_helped_by_another_and_told(town: Town, account: str) -> None:
    bind(town, account)
    enter(town, code(town, account))
    with pytest.raises(NotAllowed):
        reset_factor(town.deployment, town.actor("leader"), account, town.at)
    reset_factor(town.deployment, town.actor("admin"), account, town.at)
    assert not town.rows(Session, account=account, ended_at=None)
    assert [event.told["login"] for event in town.events("account.factor_reset")] == ["zhang.min"]
    told = [message for message in town.inbox("medical-insurance-bureau", "account") if message.account == account]
    assert "测试admin" in told[-1].body
    standing = own_standing(town.deployment, town.actor("zhang.min"), town.at)
    assert standing.reset == ("测试admin", town.at)
    assert sign_in(town.deployment, "zhang.min", PASSWORD, town.at)
    with pytest.raises(Conflict):
        reset_factor(town.deployment, town.actor("admin"), "account-admin", town.at)
    bind(town, account)
    assert own_standing(town.deployment, town.actor("zhang.min"), town.at).reset is None
    reset_factor_from_console(town.deployment, "zhang.min", town.at)
    assert sign_in(town.deployment, "zhang.min", PASSWORD, town.at)


def test_who_must_have_one_is_policy_and_has_days_of_grace(town: Town, account: str) -> None:
    def wanted_of(login: str, **rules: object) -> bool:
        town.deployment = replace(town.deployment, access=AccessRules(**rules))  # type: ignore[arg-type]
        return own_standing(town.deployment, town.actor(login), town.at).wanted

    assert not wanted_of("admin")
    everybody = ("admin", "operator", "auditor", "leader", "zhang.min")
    assert [wanted_of(each, second_factor="administrators") for each in everybody] == [True, True, True, False, False]
    assert [wanted_of(each, second_factor_roles=("leader",)) for each in everybody] == [
        False,
        False,
        False,
        True,
        False,
    ]
    assert wanted_of("zhang.min", second_factor="all")
    sign_in(town.deployment, "zhang.min", PASSWORD, town.at)
    since = town.at
    town.later(days=3)
    sign_in(town.deployment, "zhang.min", PASSWORD, town.at)
    standing = own_standing(town.deployment, town.actor("zhang.min"), town.at)
    assert standing.bind_by == since + timedelta(days=7)
    assert [standing.must_bind(since + timedelta(days=days)) for days in (0, 6, 7)] == [False, False, True]
    bind(town, account)
    assert not own_standing(town.deployment, town.actor("zhang.min"), town.at).must_bind(since + timedelta(days=99))
    with pytest.raises(Conflict, match="不能自行解除"):
        unbind(town.deployment, town.actor("zhang.min"), code(town, account), town.at)
