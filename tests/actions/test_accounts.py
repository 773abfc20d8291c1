"""Accounts as their administrator keeps them: every change leaves the trace of what really changed."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from actions.town import JURISDICTION, MEDICAL, START, Town
from xunfang.actions.accounts import AccountChange, NewAccount, change_account, create_account
from xunfang.actions.signing_in import sign_in
from xunfang.errors import Invalid, NotSignedIn
from xunfang.store import Account, Session

pytestmark = pytest.mark.usefixtures("cheap_passwords")

PASSWORD = "Long-enough-1"
NEW = NewAccount("zhang.min", "张敏", PASSWORD, JURISDICTION, MEDICAL, ("clerk",))
AS_IT_IS = AccountChange(name="张敏", unit=MEDICAL, roles=("clerk",), state="active")


@pytest.fixture
def account(town: Town) -> str:
    return create_account(town.deployment, town.actor("admin"), NEW, START)


def traces(town: Town) -> list[tuple[str, dict[str, Any]]]:
    told = [event for event in town.events() if event.name.startswith("account.")]
    return [(event.name, {**event.told}) for event in told if event.name != "account.created"]


def changed(town: Town, account: str, **change: Any) -> list[tuple[str, dict[str, Any]]]:
    whole = {name: getattr(AS_IT_IS, name) for name in AccountChange.__dataclass_fields__} | change
    change_account(town.deployment, town.actor("admin"), account, AccountChange(**whole), START)
    return traces(town)


def test_only_what_really_changed_is_recorded_with_what_it_was(town: Town, account: str) -> None:
    moved = {"unit": [MEDICAL, "township:370304102"], "division": ["", "370304102"]}
    told = changed(town, account, unit="township:370304102")
    assert told == [("account.changed", {"login": "zhang.min", "changed": moved})]


def test_a_change_of_roles_tells_both_and_their_order_is_no_change(town: Town, account: str) -> None:
    told = changed(town, account, roles=("reporter", "clerk"))
    assert told[-1][1]["changed"] == {"roles": [["clerk"], ["reporter", "clerk"]]}
    assert changed(town, account, roles=("clerk", "reporter")) == told


def test_saving_what_already_stands_leaves_no_trace_and_ends_no_session(town: Town, account: str) -> None:
    sign_in(town.deployment, "zhang.min", PASSWORD, START)
    assert [name for name, _ in changed(town, account)] == ["account.signed_in"]
    assert town.first(Session, account=account).ended_at is None


def test_disabling_enabling_and_resetting_are_events_of_their_own(town: Town, account: str) -> None:
    changed(town, account, state="disabled")
    changed(town, account, state="active")
    told = changed(town, account, password="Given-by-me-3")
    names = ["account.disabled", "account.enabled", "account.password_reset"]
    assert told == [(name, {"login": "zhang.min"}) for name in names]


def test_a_refused_combination_of_offices_leaves_a_trace_though_nothing_is_changed(town: Town, account: str) -> None:
    mixed = ("clerk", "auditor")
    with pytest.raises(Invalid):
        changed(town, account, roles=(*mixed, "no-such-role" * 99))
    new = NewAccount("li.si", "李四", PASSWORD, JURISDICTION, MEDICAL, mixed)
    with pytest.raises(Invalid):
        create_account(town.deployment, town.actor("admin"), new, START)
    expected = [{"login": login, "roles": [*mixed]} for login in ("zhang.min", "li.si")]
    assert traces(town) == [("account.mixing_refused", data) for data in expected]
    assert town.first(Account, id=account).roles == ("clerk",)
    assert {event.actor for event in town.events("account.mixing_refused")} == {town.actor("admin").account}


def test_another_refusal_leaves_none(town: Town, account: str) -> None:
    with pytest.raises(Invalid):
        changed(town, account, roles=())
    assert traces(town) == []


def test_a_failed_sign_in_tells_its_cause(town: Town, account: str) -> None:
    def refused(password: str, at: datetime = START) -> str:
        with pytest.raises(NotSignedIn):
            sign_in(town.deployment, "zhang.min", password, at)
        return str(town.events("account.refused")[-1].told["because"])

    assert [refused("Wrong-password-1") for _ in range(5)] == ["密码不对"] * 5
    assert refused(PASSWORD) == "账号已锁定"
    change_account(town.deployment, town.actor("admin"), account, AccountChange(state="disabled"), START)
    assert refused(PASSWORD, START + timedelta(minutes=30)) == "账号已停用"
