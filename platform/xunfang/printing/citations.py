"""How organs and the clauses a paper rests on are named in full."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from xunfang.printing.words import chinese_number

_WORD = re.compile(
    r"市(?:场|容|区|郊|[中北南](?:区|街道)|政(?:工程|公用|园林|设施|管理|环卫|道路)|民(?:中心|服务|热线|之家))"
    r"|乡(?:村(?![镇级务账财委])(?!建(?!设))|镇)|县域|区[域块划]"
)
"""Words that begin with 市, 乡, 县 or 区 and are no short name of the place: 市场监督管理局, 乡村振兴办公室."""
_ARTICLE = re.compile(r"§(\d+)")


def full_name(label: Any, jurisdiction: Any) -> str:
    """Return 甲区某局 for 区某局 in 甲区: what people shorten among themselves stands in full on paper."""
    return "、".join(_in_full(name, str(jurisdiction)) for name in str(label).split("、"))


def _in_full(name: str, place: str) -> str:
    short = place[-1:]
    if not short or not name.startswith(short) or name.startswith(place) or _WORD.match(name):
        return name
    return place + name[1:]


def source(cite: Mapping[str, Any]) -> str:
    """Return 《…方案》（某政办字〔2021〕27号） or 《…法》第四十五条."""
    title, number = str(cite["document"]), str(cite["number"])
    article = _ARTICLE.search(str(cite["clause"]))
    place = f"第{chinese_number(article[1])}条" if article else ""
    return f"《{title}》{f'（{number}）' if '〔' in number else ''}{place}"


def sources(cites: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return each source once, in the order in which they are first cited."""
    return list(dict.fromkeys(source(cite) for cite in cites))


def citations(cites: Iterable[Mapping[str, Any]]) -> str:
    """Return each source once with the words cited from it in quotation marks, as one text with a final 。"""
    quotes: dict[str, list[str]] = {}
    for cite in cites:
        found = quotes.setdefault(source(cite), [])
        text = str(cite["text"]).strip().rstrip("。；，")
        if text and text not in found:
            found.append(text)
    parts = [name + "".join(f"“{_inner(text)}”" for text in texts) for name, texts in quotes.items()]
    return "；".join(parts) + "。" if parts else ""


def _inner(text: str) -> str:
    """Return a text with its own quotation marks made single, as within a quotation."""
    return text.replace("“", "‘").replace("”", "’")
