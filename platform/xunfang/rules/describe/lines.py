"""One rule as one line, and how the clauses it rests on are named."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from xunfang.rulebook.model import Basis, Rulebook

_DIGITS = "零一二三四五六七八九"
_ARTICLE = re.compile(r"[^§]*§([0-9]{1,3})(.*)")


@dataclass(frozen=True, slots=True)
class Line:
    """One rule: a whole sentence that ends with its basis, the clauses it cites, its id, and that basis alone."""

    text: str
    cites: tuple[str, ...]
    id: str
    basis: str = ""

    @property
    def sentence(self) -> str:
        """The sentence alone."""
        return self.text.removesuffix(self.basis)


@dataclass(frozen=True, slots=True)
class Section:
    """All rules of one kind."""

    title: str
    lines: list[Line]


def line(rulebook: Rulebook, id: str, text: str, basis: Basis) -> Line:
    """Return a line: the sentence, then what it rests on."""
    rests = basis_text(rulebook, basis)
    whole = quoted_once(f"{text}。{rests}")
    return Line(whole, basis.cites, id, whole[len(whole) - len(rests) :])


def quoted_once(text: str) -> str:
    """Return a text in which quotation marks within others are single ones, as in “‘甲’登记”; unpaired, as it is."""
    depth, found = 0, list[str]()
    for sign in text:
        depth += (sign == "“") - (sign == "”")
        inner = depth > (sign == "“") if sign in "“”" else False
        found.append({"“": "‘", "”": "’"}[sign] if inner else sign)
    return "".join(found) if depth == 0 and text.count("“") == text.count("”") else text


def united(*bases: Basis) -> Basis:
    """Return what several parts of one rule rest on together, each clause and each reason once."""
    cites = tuple(dict.fromkeys(clause for basis in bases for clause in basis.cites))
    return Basis(cites, "；".join(dict.fromkeys(basis.practice for basis in bases if basis.practice)))


def basis_text(rulebook: Rulebook, basis: Basis) -> str:
    """Return a basis in brackets: clauses after 依据, a county's own decision after 本地做法; "" for neither."""
    found = f"（依据：{clauses_text(rulebook, basis.cites)}）" if basis.cites else ""
    return found + (f"（本地做法：{basis.practice}）" if basis.practice else "")


def clauses_text(rulebook: Rulebook, cites: Iterable[str]) -> str:
    """Return clauses by document, each document named once: 某办字〔2021〕1号 二(二)3-7、三(一)-1；《某法》第五十条."""
    places: dict[str, list[str]] = {}
    for id in dict.fromkeys(cites):
        clause = rulebook.clauses.get(id)
        document = clause.policy if clause else ""
        places.setdefault(document, []).append(_place(id, document))
    return "；".join(_head(rulebook, document) + "、".join(found) for document, found in places.items())


def _head(rulebook: Rulebook, document: str) -> str:
    policy = rulebook.policies.get(document)
    if policy is None:
        return ""
    return f"{policy.number} " if "号" in policy.number else f"《{policy.title}》"


def _place(id: str, document: str) -> str:
    if article := _ARTICLE.fullmatch(id):
        return f"第{numeral(int(article[1]))}条{article[2]}"
    return id.rpartition("·")[2].removeprefix(f"{document}-")


def numeral(n: int) -> str:
    """Return a number from 1 to 999 in Chinese, as the articles of a law are numbered."""
    hundreds, rest = divmod(n, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones or not n else "")
