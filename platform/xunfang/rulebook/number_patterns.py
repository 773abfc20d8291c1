"""The number of a paper 文号 in its pieces: the organ's word, the year, the serial, as people speak of them."""

import re
from collections.abc import Mapping
from typing import NamedTuple

YEARS: Mapping[str, str] = {"〔{year}〕": "〔年份〕", "{year}年": "年份加“年”", "{year}-": "年份加“-”", "": "不写年份"}
"""How the year may stand in a number."""
LEADS: Mapping[str, str] = {"": "直接写号", "第": "写“第几号”"}
ENDS = "号"
MOST_WORDS = 30
_YEAR = "|".join(re.escape(year) for year in YEARS if year)
_WHOLE = re.compile(rf"([^{{}}]*?)(?:(\{{unit\}})([^{{}}]*?))?({_YEAR})?(第?)\{{n\}}([^{{}}]*)")


class NumberPattern(NamedTuple):
    """A number: words, the organ's word 机关代字 (or not), more words, the year, the serial, what ends it."""

    before: str = ""
    unit: bool = False
    after: str = ""
    year: str = "〔{year}〕"
    lead: str = ""
    end: str = ENDS


def pieces_of(number: str) -> NumberPattern | None:
    """Return the pieces of a number, None for one that is written otherwise."""
    found = _WHOLE.fullmatch(number)
    if not found:
        return None
    before, unit, after, year, lead, end = found.groups()
    pieces = NumberPattern(before, bool(unit), after or "", year or "", lead, end)
    return pieces if pattern_of(pieces) == number else None


def pattern_of(pieces: NumberPattern) -> str:
    """Return how rules write a number."""
    unit = "{unit}" if pieces.unit else ""
    return f"{pieces.before}{unit}{pieces.after}{pieces.year}{pieces.lead}{{n}}{pieces.end}"


def number_faults(pieces: NumberPattern) -> list[str]:
    """Return what is wrong with pieces that somebody typed."""
    words = (pieces.before, pieces.after, pieces.end)
    found = []
    if any(sign in word for word in words for sign in "{}"):
        found.append("文号里不能有花括号，年份、序号请在下面选。")
    if max(map(len, words)) > MOST_WORDS:
        found.append(f"每一段不超过{MOST_WORDS}个字。")
    if not pieces.before and not pieces.unit and not pieces.after:
        found.append("请写机关代字，如“×社救转”。")
    if pieces.year not in YEARS or pieces.lead not in LEADS:
        found.append("请选年份和序号的写法。")
    return found
