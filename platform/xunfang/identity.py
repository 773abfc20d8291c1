"""Who a person is on paper: resident id numbers (GB 11643), names, and how both are masked."""

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from operator import mul

from xunfang.characters import compact

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_RESIDENT_ID = re.compile(r"[0-9]{17}[0-9X]")
_OLD_ID = re.compile(r"[0-9]{15}")
_MARKS = str.maketrans("", "", "()-")
_OLDEST = 130
RESIDENT, NO_PAPER = "resident-id", "none"
_HOME_OF_OTHERS = re.compile(r"8[123]0000")
_FOREIGN = re.compile(r"9[1-6][0-9]{4}")
_OLD_FOREIGN = re.compile(r"[A-Z]{3}[0-9]{6}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{2}")
_PATTERNED = {
    "passport": (
        re.compile(r"(?=(?:.*[0-9]){4})[A-Z0-9]{6,12}"),
        "护照号码应为6至12位字母和数字，如 E12345678，请核对。",
    ),
    "home-return-permit": (
        re.compile(r"[HM][0-9]{8}(?:[0-9]{2})?"),
        "回乡证号码应为 H 或 M 加8位数字（旧证加10位），如 H12345678，请核对。",
    ),
    "exit-permit": (
        re.compile(r"[CW][A-Z0-9][0-9]{7}"),
        "通行证号码应为 C 加8位，如 C12345678，请核对。",
    ),
    "taiwan-permit": (
        re.compile(r"[0-9]{8}|[0-9]{10}[A-Z]?"),
        "台胞证号码应为8位数字（旧证10位），如 12345678，请核对。",
    ),
}


def normalise_id(text: str) -> str:
    """Return an id number as it is stored: half-width digits, capitals, no blanks, brackets or dashes."""
    if text.isascii() and text.isalnum():
        return text.upper()
    return compact(text).translate(_MARKS).upper()


def is_resident_number(number: str) -> bool:
    """Return whether a number, as it is stored, has the form of a resident's."""
    return _RESIDENT_ID.fullmatch(number) is not None


def resident_id_problem(text: str, on: date) -> str:
    """Return what is wrong with a resident id number on a day, as a Chinese sentence; "" when nothing is.

    Checks the form, the date of birth and the check digit (GB 11643, ISO 7064 MOD 11-2). The county part is not held
    against a person: codes came and went, and numbers issued long ago keep theirs.
    """
    return _resident_problem(normalise_id(text), on)


def _resident_problem(number: str, on: date) -> str:
    if _RESIDENT_ID.fullmatch(number):
        return _birth_problem(number, on) or _check_problem(number)
    if not number:
        return "请填写身份证号。"
    if _OLD_ID.fullmatch(number):
        return "15位旧身份证号已停用，请填写18位身份证号。"
    if len(number) != 18:
        return f"身份证号应为18位，现为{len(number)}位，请核对。"
    return "身份证号前17位应为数字，末位应为数字或X，请核对。"


def _residence_problem(number: str, on: date) -> str:
    if len(number) == 18 and not _HOME_OF_OTHERS.match(number):
        return "居住证号码以 810000、820000 或 830000 开头，请核对号码，或者改选证件种类。"
    return _resident_problem(number, on).replace("身份证号", "居住证号码")


def _foreign_problem(number: str, on: date) -> str:
    if _OLD_FOREIGN.fullmatch(number):
        return ""
    if len(number) == 18 and _FOREIGN.match(number):
        return _resident_problem(number, on).replace("身份证号", "永久居留身份证号码")
    return "永久居留身份证号码应为以9开头的18位，旧证为3个字母加12位数字，请核对号码，或者改选证件种类。"


def _citizen_problem(number: str, on: date) -> str:
    if number[:1] in "89" and len(number) == 18 and (_HOME_OF_OTHERS.match(number) or _FOREIGN.match(number)):
        kind = "居住证" if number[0] == "8" else "永久居留身份证"
        return f"这像是{kind}的号码，请改选证件种类，或者核对号码。"
    return _resident_problem(number, on)


_WITH_BIRTH: dict[str, Callable[[str, date], str]] = {
    RESIDENT: _citizen_problem,
    "residence-permit": _residence_problem,
    "foreign-residence": _foreign_problem,
}
CHECKS = frozenset({*_WITH_BIRTH, *_PATTERNED, NO_PAPER})
"""The ways in which the number of an identity paper can be checked; a paper without a number has NO_PAPER."""


def paper_problem(check: str, text: str, on: date) -> str:
    """Return what is wrong with the number of an identity paper on a day, in Chinese; "" when nothing is.

    `check` is one of CHECKS: the kind of the paper.
    """
    number = normalise_id(text)
    if check in _WITH_BIRTH:
        return _WITH_BIRTH[check](number, on)
    if check == NO_PAPER:
        return "所选的证件种类没有号码，请清空号码，或者改选证件种类。"
    pattern, said = _PATTERNED[check]
    return "" if pattern.fullmatch(number) else said


def paper_key(check: str, text: str) -> str:
    """Return what makes two papers those of one person: number and kind; a home return permit's issue counts not.

    Numbers of eighteen digits are given once, whatever the paper is called.
    """
    number = normalise_id(text)
    if _RESIDENT_ID.fullmatch(number):
        return number
    return f"{check}:{number[:9] if check == 'home-return-permit' else number}"


def _birth_problem(number: str, on: date) -> str:
    return _day_problem(number[6:14], on)


@lru_cache(maxsize=1 << 16)
def _day_problem(text: str, on: date) -> str:
    """Return what is wrong with a day of birth: of millions of people there are some ten thousand."""
    try:
        birth = date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return "身份证号第7至14位不是有效的出生日期，请核对。"
    if birth > on:
        return "身份证号中的出生日期晚于今天，请核对。"
    return "身份证号中的出生日期过早，请核对。" if on.year - birth.year > _OLDEST else ""


def _check_problem(number: str) -> str:
    return "" if number[-1] == _check_digit(number[:17]) else "身份证号末位校验码不符，请核对是否有数字写错。"


def _check_digit(first17: str) -> str:
    return _CHECKS[(_weighed(first17[:6], 0) + _weighed(first17[6:14], 6) + _weighed(first17[14:], 14)) % 11]


@lru_cache(maxsize=1 << 16)
def _weighed(digits: str, place: int) -> int:
    """Return what a region, a day of birth or a serial counts in the check of a number: many people share each."""
    return sum(map(mul, map(int, digits), _WEIGHTS[place:]))


def make_id(region: str, birth: date, serial: int) -> str:
    """Return a valid number for an invented person: six digits of region, birth, a serial below 1000 (odd is male).

    Raises ValueError when the region has not six digits or the serial more than three.
    """
    if not re.fullmatch(r"[0-9]{6}", region) or not 0 <= serial <= 999:
        raise ValueError("地区代码应为6位数字，顺序号应在 0 至 999 之间。")
    first17 = f"{region}{birth:%Y%m%d}{serial:03}"
    return first17 + _check_digit(first17)


@lru_cache(maxsize=8)
def birth_date(number: str) -> date:
    """Return the date of birth in a resident id number; raises ValueError when it holds none."""
    plain = normalise_id(number)
    if not _RESIDENT_ID.fullmatch(plain):
        raise ValueError(number)
    text = plain[6:14]
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def sex(number: str) -> str:
    """Return 男 or 女, as the seventeenth digit of a valid resident id number says."""
    return "男" if int(normalise_id(number)[16]) % 2 else "女"


def age(number: str, on: date) -> int:
    """Return the full years 周岁 of a valid number's holder on a day; a leap-day birthday falls on 1 March."""
    return years_since(birth_date(number), on)


def years_since(birth: date, on: date) -> int:
    """Return the full years 周岁 since a day of birth."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def born_on(number: str) -> date | None:
    """Return the date of birth in a number, or None when it holds none."""
    try:
        return birth_date(number)
    except ValueError:
        return None


def mask_id(number: str) -> str:
    """Return an id number that shows its region only: 110101************.

    Day of birth and sex often stand beside it on a page or paper, and the last digit is worked out from the others:
    of the last four, each one shown is one less to guess. The region tells no more than where somebody registered.
    The number of another kind of paper shows its first two characters; a short one shows none.
    """
    text = normalise_id(number)
    shown = 6 if len(text) == 18 else 2 if len(text) >= 8 else 0
    return text[:shown] + "*" * (len(text) - shown)


def mask_name(name: str) -> str:
    """Return a name that shows the first character and, from three on, the last: 张*三, 张*, 欧**明."""
    text = name.strip()
    if len(text) < 3:
        return text[:1] + "*" if text else ""
    return f"{text[0]}{'*' * (len(text) - 2)}{text[-1]}"
