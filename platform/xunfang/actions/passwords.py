"""Passwords: hashed, verified in the same time whoever asks, and refused when they are weak or easily guessed."""

import re
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from xunfang.access_rules import AccessRules
from xunfang.actions.hashing import turn
from xunfang.errors import FieldProblem, Invalid

PRODUCT = "xunfang"
FRESH = 4
"""A password needs so many characters that are no part of a word or run that everybody tries."""

COMMON = tuple(
    """
    access admin administrator baseball beijing changeme china computer default dragon football guest huawei iloveyou
    internet jiuzhu letmein login manager master mima minzheng monkey mysql oracle passwd password princess qazwsx
    qwerty root secret server shadow shanghai shehui sunshine superman system taobao test trustno1 user weixin welcome
    woaini wodemima woshi zhongguo 1314 5201
    """.split()  # noqa: SIM905 - a list of words is read best as words
)
"""Words of which the most common passwords are made, in English and in pinyin."""

ROWS = (
    "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "!@#$%^&*()",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "!qaz@wsx#edc$rfv%tgb",
)  # fmt: skip
"""What fingers run along: the alphabet, the digits, the rows and columns of a keyboard; each is tried both ways."""

_RUNS = tuple(row for way in ROWS for row in (way, way[::-1]))
_SPELT = str.maketrans("@03$5!1", "aoessii")
_REPEATED = re.compile(r"(.{1,6}?)\1+.?")


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def decoy() -> str:
    """Return a hash to verify against when there is no such login, so that the answer takes as long."""
    return hashed(secrets.token_hex())


def hashed(password: str) -> str:
    """Return the hash under which a password is kept; raises HashingCrowded."""
    with turn():
        return _hasher().hash(password)


def verified(stored: str, password: str) -> bool:
    """Return whether a password is the one that was hashed; raises HashingCrowded."""
    try:
        with turn():
            return _hasher().verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


LONGEST = 128
"""What the sign-in page takes; a longer password could never be typed there."""


def check_password(password: str, login: str, rules: AccessRules) -> None:
    """Raise Invalid unless a password is as long and mixed as the rules ask, and not what everybody would try first."""
    kinds = sum(bool(re.search(kind, password)) for kind in ("[a-z]", "[A-Z]", "[0-9]", "[^a-zA-Z0-9]"))
    if len(password) < rules.password_length or kinds < rules.password_kinds:
        raise _weak(f"密码应{rules.password_words}。")
    if len(password) > LONGEST:
        raise _weak(f"密码不能超过{LONGEST}位。")
    if login.lower() in password.lower():
        raise _weak("密码中不能包含用户名。")
    if is_guessable(password):
        raise _weak("这个密码太常见或太有规律，容易被猜中，请换一个。")


def _weak(text: str) -> Invalid:
    return Invalid([FieldProblem("new", text, "PASSWORD_WEAK")], "密码不合要求。")


def is_guessable(password: str) -> bool:
    """Return whether a password repeats itself, or is made of common words, the product's name and runs of keys."""
    text = password.lower()
    known = {place for start, end in _predictable(text) for place in range(start, end)}
    return bool(_REPEATED.fullmatch(text)) or len(text) - len(known) < FRESH


def _predictable(text: str) -> list[tuple[int, int]]:
    spelt = text.translate(_SPELT)
    words = [
        (found.start(), found.end())
        for word in (*COMMON, PRODUCT)
        for way in (text, spelt)
        for found in re.finditer(re.escape(word), way)
    ]
    triples = ((place, text[place : place + 3]) for place in range(len(text) - 2))
    runs = [
        (place, place + 3) for place, three in triples if len(set(three)) == 1 or any(three in run for run in _RUNS)
    ]
    return words + runs
