"""How dates, numbers and money read on an official paper: the filters a template may use."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from jinja2 import Undefined

from xunfang import clock
from xunfang.printing.order import PrintError

_FEN = Decimal("0.01")
_MOST_DIGITS = 12
_DIGITS = "零一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_GROUPS = ("", "万", "亿")


def paper_date(value: Any) -> str:
    """Return 2026年10月12日 for an ISO date or moment, nothing for nothing."""
    moment = _moment(value)
    return f"{moment.year}年{moment.month}月{moment.day}日" if moment else ""


def paper_datetime(value: Any) -> str:
    """Return 2026年10月12日17时30分 for an ISO moment in any zone, as Chinese civil time."""
    moment = _moment(value)
    return f"{paper_date(value)}{moment.hour}时{moment.minute:02d}分" if moment else ""


def paper_time(value: Any) -> str:
    """Return 17时30分 for an ISO moment."""
    moment = _moment(value)
    return f"{moment.hour}时{moment.minute:02d}分" if moment else ""


def chinese_number(value: Any) -> str:
    """Return 十二 for 12; for whole numbers below 10^12."""
    number = int(value)
    if not 0 <= number < 10**12:
        raise PrintError("FACT_INVALID", f"“{value}”不能写成中文数字。")
    if number == 0:
        return _DIGITS[0]
    text = _groups(number)
    return text.removeprefix("一") if text.startswith("一十") else text


def money(value: Any) -> str:
    """Return 1060元 or 1060.50元, nothing for nothing."""
    if value in ("", None):
        return ""
    try:
        amount = Decimal(str(value))
    except ArithmeticError:
        raise PrintError("FACT_INVALID", f"“{value}”不是金额。") from None
    whole = amount == amount.to_integral_value() and "." not in f"{amount:f}"
    return f"{amount:f}元" if whole else f"{amount.quantize(_FEN, ROUND_HALF_UP):f}元"


def rounded(value: Any, digits: int = 0) -> Any:
    """Return a number rounded 四舍五入; whole without digits."""
    if abs(digits) > _MOST_DIGITS:
        raise PrintError("FACT_INVALID", f"round 最多保留{_MOST_DIGITS}位小数，写的是{digits}位。")
    try:
        found = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    except ArithmeticError:
        raise PrintError("FACT_INVALID", f"“{value}”不是数字。") from None
    return float(found) if digits > 0 else int(found)


def joined(values: Iterable[Any], separator: str = "、") -> str:
    """Return the values one after another, 、 between them."""
    return separator.join(str(value) for value in values if value not in ("", None))


def lines(text: Any) -> list[str]:
    """Return the non-empty lines of a text somebody typed, to be set as paragraphs."""
    return [line.strip() for line in str(text).splitlines() if line.strip()]


def sentence(text: Any) -> str:
    """Return the text ended as a sentence: with 。 unless it ends with a mark of its own."""
    trimmed = str(text).strip()
    return trimmed if not trimmed or trimmed[-1] in "。！？…；" else trimmed.rstrip("，、,.;") + "。"


def bare(text: Any) -> str:
    """Return the text without its final mark, to be used inside a sentence."""
    return str(text).strip().rstrip("。；，、.;,")


def needed(value: Any, name: str) -> Any:
    """Return the value. Raises PrintError PLACEHOLDER_MISSING naming it when it is empty."""
    if value in ("", None, [], {}):
        raise PrintError("PLACEHOLDER_MISSING", f"文书缺少“{name}”，请补充后再打印。")
    return value


def given(value: Any) -> bool:
    """Return whether a fact is there and says something: for what some forms ask and others do not; 0 is no amount."""
    return not isinstance(value, Undefined) and (isinstance(value, bool) or bool(value))


def _moment(value: Any) -> datetime | None:
    if value in ("", None):
        return None
    try:
        if len(str(value)) == 10:
            day = date.fromisoformat(str(value))
            return datetime(day.year, day.month, day.day, tzinfo=clock.SHANGHAI)
        return clock.parse(str(value))
    except ValueError:
        raise PrintError("FACT_INVALID", f"“{value}”不是日期或时间。") from None


def _groups(number: int) -> str:
    parts = [(number // 10_000**place) % 10_000 for place in range(len(_GROUPS))]
    text = ""
    for place in reversed(range(len(_GROUPS))):
        if parts[place]:
            skipped = text and (parts[place] < 1000 or not parts[place + 1])
            text += ("零" if skipped else "") + _thousands(parts[place]) + _GROUPS[place]
    return text


def _thousands(number: int) -> str:
    text, gap = "", False
    for place in reversed(range(4)):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + _UNITS[place]
        gap = digit == 0
    return text
