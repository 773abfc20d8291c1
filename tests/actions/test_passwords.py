"""Passwords as the deployment's rules ask: mixed and renewed, or long and left in peace; never what everybody tries."""

import pytest

from xunfang.access_rules import PRESETS
from xunfang.actions.passwords import check_password, is_guessable
from xunfang.errors import Invalid

DENGBAO, ASVS = PRESETS["dengbao"], PRESETS["asvs"]


@pytest.mark.parametrize("password", ["Short-1x", "alllowercase-only", "83920175640281", "My-zhang.min-1"])
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(Invalid) as error:
        check_password(password, "zhang.min", DENGBAO)
    assert error.value.problems[0].field == "new"
    assert error.value.problems[0].code == "PASSWORD_WEAK"


def test_dengbao_wants_three_kinds_and_asvs_wants_length() -> None:
    check_password("Bing-long-7k", "zhang.min", DENGBAO)
    check_password("green kettle on the hill", "zhang.min", ASVS)
    with pytest.raises(Invalid, match="不合要求") as error:
        check_password("green kettle on the hill", "zhang.min", DENGBAO)
    assert "三种" in error.value.problems[0].message
    with pytest.raises(Invalid) as error:
        check_password("Bg-7k#pQ2w!", "zhang.min", ASVS)
    assert "至少12位" in error.value.problems[0].message
    assert "种" not in error.value.problems[0].message.partition("，")[0]


@pytest.mark.parametrize(
    "password",
    [
        "Password1234", "P@ssw0rd123!", "Admin@123456", "Qwer1234!@#$", "1qaz@WSX3edc", "Aa111111111111",
        "xunfang12345", "Xunfang!23456", "abcdefghijkl", "Woaini1314!!", "Ab3$Ab3$Ab3$",
        "zyxwvutsrqpo9", "iloveyou!!!111", "Welcome@12345", "987654321aaaB",
    ],
)  # fmt: skip
@pytest.mark.parametrize("rules", PRESETS.values(), ids=PRESETS)
def test_what_everybody_tries_is_refused_under_either_policy(password: str, rules: object) -> None:
    assert is_guessable(password)
    with pytest.raises(Invalid):
        check_password(password, "zhang.min", rules)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "password",
    ["Long-enough-1", "Xunfang#2021", "Right-Horse-9", "green kettle on the hill", "春风又绿江南岸明月何时照我还"],
)
def test_what_nobody_would_try_first_is_no_guess(password: str) -> None:
    assert not is_guessable(password)
