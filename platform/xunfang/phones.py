"""Phone numbers: mobiles, landlines and their extensions, 400 and 800, short numbers, Hong Kong, Macao and Taiwan."""

import re

from xunfang.characters import compact

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(010|02[0-9]|0[3-9][0-9]{2})([0-9]{7,8})")
_SERVICE = re.compile(r"([48]00)([0-9]{7})")
_SHORT = re.compile(r"[1-9][0-9]{2,5}")
_BEYOND = re.compile(r"(?:(?:\+|00)?(?P<near>852|853)|(?:\+|00)(?P<far>886)0?)(?P<rest>[2-9][0-9]{7,8})")
_EIGHT = 8
_COUNTRY = re.compile(r"^(\+86|0086|86(?=1[3-9][0-9]{9}$))")
_EXTENSION = re.compile(r"(?:转接?|分机号?|EXT\.?|[#*-])([0-9]{1,6})", re.IGNORECASE)
_SEPARATORS = re.compile(r"[()\-‐-―−.·]")
_STORED = re.compile(r"(?:(0[0-9]{2,3}|[48]00|\+85[23]|\+886)-)?([0-9]+)(?:转([0-9]{1,6}))?")
_ASKED = (
    "联系电话应为11位手机号，带区号的固定电话（如 010-12345678，分机写作 010-12345678转123），400、800 号码，"
    "3至6位短号，+852、+853 加8位号码，或者 +886 加8至9位号码，请核对。"
)


def normalise_phone(text: str) -> str:
    """Return a phone number as it is stored; what is none comes back without blanks.

    13800005678, 010-12345678, 010-12345678转123, 400-1234567, 12345, +852-91234567.
    """
    if _MOBILE.fullmatch(text):
        return text
    typed = compact(text)
    return _with_extension(typed) or _whole(typed) or typed


def _whole(typed: str) -> str:
    """Return a number without an extension as it is stored, or ""."""
    digits = _SEPARATORS.sub("", typed)
    if (found := _BEYOND.fullmatch(digits)) and (found["far"] or len(found["rest"]) == _EIGHT):
        return f"+{found['near'] or found['far']}-{found['rest']}"
    home = _COUNTRY.sub("", digits)
    if _MOBILE.fullmatch(home) or (_SHORT.fullmatch(home) and home == digits):
        return home
    abroad = f"0{home}" if home != digits and not home.startswith("0") else home
    found = _LANDLINE.fullmatch(abroad) or _SERVICE.fullmatch(home)
    return f"{found[1]}-{found[2]}" if found else ""


def _with_extension(typed: str) -> str:
    """Return a landline or service number with its extension as it is stored, or ""; other numbers have none."""
    for found in _EXTENSION.finditer(typed):
        number = _whole(typed[: found.start()])
        if found.end() == len(typed) and "-" in number and not number.startswith("+"):
            return f"{number}转{found[1]}"
    return ""


def phone_problem(text: str) -> str:
    """Return a Chinese sentence on what is wrong with a phone number; "" when nothing is."""
    if _MOBILE.fullmatch(text):
        return ""
    typed = compact(text)
    if not typed:
        return "请填写联系电话。"
    return "" if _whole(typed) or _with_extension(typed) else _ASKED


def mask_phone(text: str) -> str:
    """Return a phone number that shows its ends only: 138****5678, 010-****5678; of an extension nothing."""
    number = normalise_phone(text)
    if _MOBILE.fullmatch(number):
        return f"{number[:3]}****{number[-4:]}"
    found = _STORED.fullmatch(number)
    if found is None or found[1] is None:
        shown = 2 if len(number) > 4 else 0
        return "*" * (len(number) - shown) + number[len(number) - shown :]
    extension = f"转{'*' * len(found[3])}" if found[3] else ""
    return f"{found[1]}-{'*' * (len(found[2]) - 4)}{found[2][-4:]}{extension}"
