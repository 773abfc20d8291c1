"""Times as people say them beside times as rule files write them: 5个工作日 is "5 workdays", and back.

What cannot be said and read back to the very same is left as it is written.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping

from xunfang.rulebook.block_shapes import Shape
from xunfang.rulebook.softness import SOFT_WORDS
from xunfang.worktime import parse_limit

LIMIT, REMINDER, AFTER, RHYTHM, DUE, LASTING = "limit", "reminder", "after", "rhythm", "due", "lasting"
_COUNTED = {
    "个工作日": "workday", "个工作小时": "office hour", "个半日": "half day", "小时": "hour", "分钟": "minute",
    "天": "day", "日": "day", "周": "week", "个月": "month",
}  # fmt: skip
_UNITS = {"workday": "个工作日", "day": "天", "hour": "小时", "minute": "分钟"}
_FIXED = {"当日": "same day", "半个工作日": "half day", "月底前": "by month end", "由当地规定": "local"}
_WEEKDAYS = dict(zip("一二三四五六日", ("Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun"), strict=True))
_NUMERALS = {"一": "1", "二": "2", "两": "2", "三": "3", "四": "4", "五": "5", "六": "6", "七": "7", "八": "8",
             "九": "9", "十": "10"}  # fmt: skip
_WRITTEN = re.compile(r"([0-9]{1,4}) (workday|day|hour|minute)(s?)(?: (before|after))?")
_AROUND = {"before": "到期前", "after": "到期后"}
_ONCE = "一次性的"
_AT_ONCE = "0 workdays"
_PROPOSED = (
    "当日", "24小时", "48小时", "1个工作日", "2个工作日", "3个工作日", "5个工作日", "7个工作日", "10个工作日",
    "15个工作日", "20个工作日", "30个工作日", "45个工作日", "60个工作日", "3天", "7天", "15天",
    "30天", "1个月", "3个月", "6个月",
)  # fmt: skip
PROPOSED: Mapping[str, tuple[str, ...]] = {
    LIMIT: (*_PROPOSED, *SOFT_WORDS.values(), "月底前", "每月5日前", "次月5日前", "由当地规定"),
    REMINDER: ("到期前5个工作日", "到期前3个工作日", "到期前1个工作日", "到期当日", "到期后1个工作日"),
    AFTER: ("到期时", "到期后1个工作日", "到期后3个工作日", "到期后5个工作日"),
    RHYTHM: ("每1个工作日", "每5个工作日", "每7天"),
    LASTING: (_ONCE, "3个月", "6个月", "12个月"),
    DUE: ("5日前", "10日前", "15日前", "25日前", "月底前", "周一前", "周五前", "12月31日前"),
}
"""What is proposed where such a time is typed; any other may be."""


_TIMES: Mapping[tuple[str, str], str] = {
    ("deadlines", "*.remind"): REMINDER,
    ("deadlines", "*.repeat"): RHYTHM,
    ("deadlines", "*.escalate[].after"): AFTER,
    ("duties", "*.due"): DUE,
    ("programmes", "*.held.lasts"): LASTING,
}
"""Keys whose times are said in another way than limits."""
HELP: Mapping[str, str] = {
    LIMIT: "如 5个工作日、24小时、当日、次月5日前；原文没有天数的，写原文的词，如 及时",
    REMINDER: "如 到期前1个工作日、到期当日、到期后1个工作日",
    AFTER: "如 到期时、到期后1个工作日",
    RHYTHM: "最后一次催办以后多久再催，如 每5个工作日",
    LASTING: "没有写截止日期的，享受多久，如 一次性的、12个月；不写的，一直到终止",
    DUE: "每期哪一天以前，如 10日前、月底前、周一前、12月31日前",
}
"""What is told beside such a time."""


def how_of(shape: Shape) -> str:
    """Return how what a key says is said, "" for what is no such time."""
    return _TIMES.get((shape.kind, shape.path)) or (LIMIT if shape.named == LIMIT else "")


def said(how: str, value: str) -> str:
    """Return a time as people say it; as it is written where they could not mean the same by it."""
    words = _SAY[how](value)
    return words if words and meant(how, words) == value else value


def meant(how: str, words: str) -> str:
    """Return what a time that was typed is in a rule file; what is no such time is left as it was typed."""
    plain = "".join(unicodedata.normalize("NFKC", words).split()).replace("(", "（").replace(")", "）")
    return _MEAN[how](plain) or words


def said_word(how: str, text: str) -> str:
    """Return a time, or the word of a policy that has none, as people say it."""
    return SOFT_WORDS.get(text) or said(how, text)


def meant_word(how: str, words: str) -> str:
    """Return what such a word or time that was typed is in a rule file."""
    return next((name for name, word in SOFT_WORDS.items() if word == words.strip()), "") or meant(how, words)


def _say_limit(value: str) -> str:
    soft = value.removeprefix("soft:")
    if soft != value:
        return SOFT_WORDS.get(soft, "")
    try:
        return parse_limit(value).text
    except ValueError:
        return ""


def _mean_limit(words: str) -> str:
    if words in _FIXED:
        return _FIXED[words]
    soft = next((name for name, word in SOFT_WORDS.items() if word == words), "")
    return f"soft:{soft}" if soft else _day(words) or _counted(words.removesuffix("内"))


def _day(words: str) -> str:
    if found := re.fullmatch(r"(每月|次月)([0-9]{1,2})[日号]前", words):
        return f"by day {found[2]}" + (" of next month" if found[1] == "次月" else "")
    if found := re.fullmatch(r"([0-9]{1,2})月([0-9]{1,2})[日号]前", words):
        return f"by {int(found[1]):02}-{int(found[2]):02}"
    found = re.fullmatch(r"周([一二三四五六日])前", words)
    return f"by {_WEEKDAYS[found[1]]}day" if found else ""


def _counted(words: str) -> str:
    """Return a number of something as it is written, "" for no such thing."""
    found = re.fullmatch(r"([0-9]{1,4}|[一二两三四五六七八九十])(\D+)", words)
    unit = found and next((unit for word in _alike(found[2]) if (unit := _COUNTED.get(word))), "")
    if not found or not unit:
        return ""
    amount = int(_NUMERALS.get(found[1], found[1]))
    return f"{amount} {unit}{'' if amount == 1 else 's'}"


def _alike(unit: str) -> tuple[str, ...]:
    """Return what people write for a unit: 5个小时, 3工作日."""
    return unit, unit.removeprefix("个"), f"个{unit}"


def _say_reminder(value: str) -> str:
    found = _WRITTEN.fullmatch(value)
    if value == "at due":
        return "到期当日"
    return f"{_AROUND[found[4]]}{int(found[1])}{_UNITS[found[2]]}" if found and found[4] else ""


def _mean_reminder(words: str) -> str:
    if words == "到期当日":
        return "at due"
    side = next((side for side, word in _AROUND.items() if words.startswith(word)), "")
    counted = _counted(words.removeprefix(_AROUND[side])) if side else ""
    return f"{counted} {side}" if counted else ""


def _say_after(value: str) -> str:
    found = _WRITTEN.fullmatch(value)
    if not found or found[4]:
        return ""
    return "到期时" if value == _AT_ONCE else f"到期后{int(found[1])}{_UNITS[found[2]]}"


def _mean_after(words: str) -> str:
    return _AT_ONCE if words == "到期时" else _counted(words.removeprefix("到期后"))


def _say_rhythm(value: str) -> str:
    found = _WRITTEN.fullmatch(value)
    return f"每{int(found[1])}{_UNITS[found[2]]}" if found and not found[4] else ""


def _say_due(value: str) -> str:
    return _say_limit(f"by {value}").removeprefix("每月").removeprefix("当月")


def _mean_due(words: str) -> str:
    written = _mean_limit(f"每月{words}" if words[:1].isdigit() and "月" not in words else words)
    return written.removeprefix("by ") if written.startswith("by ") else ""


def _say_lasting(value: str) -> str:
    found = re.fullmatch(r"([0-9]{1,4}) months?", value)
    return _ONCE if value == "once" else f"{int(found[1])}个月" if found else ""


_SAY: Mapping[str, Callable[[str], str]] = {
    LIMIT: _say_limit, REMINDER: _say_reminder, AFTER: _say_after, RHYTHM: _say_rhythm, DUE: _say_due,
    LASTING: _say_lasting,
}  # fmt: skip
_MEAN: Mapping[str, Callable[[str], str]] = {
    LIMIT: _mean_limit,
    REMINDER: _mean_reminder,
    AFTER: _mean_after,
    RHYTHM: lambda words: _counted(words.removeprefix("每")),
    DUE: _mean_due,
    LASTING: lambda words: "once" if words == _ONCE else _counted(words),
}
