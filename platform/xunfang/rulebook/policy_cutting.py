"""The text of a policy as it was pasted, cut into clauses by its own numbering: 一、 then （一） then 1."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

MOST_CLAUSES = 400
_HEADS = (
    re.compile(r"([一二三四五六七八九十]{1,3})、\s*(.*)"),
    re.compile(r"[（(]([一二三四五六七八九十]{1,3})[）)]\s*(.*)"),
    re.compile(r"(\d{1,2})[.．、]\s*(.*)"),
)
_SHORT = 40
"""A numbered line that is no longer, and ends in no stop, is a heading."""


@dataclass(frozen=True, slots=True)
class PolicyText:
    """A policy document with its whole text; `mark` begins the ids of its clauses."""

    mark: str
    title: str
    number: str
    issuer: str
    in_force: date
    text: str


def clauses_in(text: str) -> list[tuple[str, str]]:
    """Return the clauses of a text: where each stands, such as 二(一)3-2, and its words; headings are none."""
    path: list[str] = ["", "", ""]
    found: list[tuple[str, str]] = []
    times: dict[str, int] = {}
    for line in filter(None, map(_clean, text.splitlines())):
        said = _under(path, line)
        if said:
            where = _where(path)
            times[where] = times.get(where, 0) + 1
            found.append((f"{where}-{times[where]}", said))
    return found[:MOST_CLAUSES]


def _clean(line: str) -> str:
    return "".join(sign for sign in line.replace("\u3000", " ") if sign.isprintable()).strip().lstrip("# ")


def _under(path: list[str], line: str) -> str:
    """Note the number that a line bears, and return its words, "" for a heading."""
    for depth, head in enumerate(_HEADS):
        if match := head.fullmatch(line):
            path[depth:] = [match.group(1), *[""] * (len(path) - depth - 1)]
            said = match.group(2)
            return "" if len(said) <= _SHORT and not said.endswith(("。", "；", ";")) else said
    return line


def _where(path: list[str]) -> str:
    first, second, third = path
    return (first or "0") + (f"({second})" if second else "") + third


def whole_text(policy: PolicyText) -> str:
    """Return the whole text, a paragraph a line, as it is kept beside the clauses."""
    return "\n".join(filter(None, map(_clean, policy.text.splitlines()))) + "\n"


def policy_toml(policy: PolicyText, reviewed: date) -> str:
    """Return a document and its clauses as they stand in policies.toml."""
    return "\n".join(_lines(policy, reviewed)) + "\n"


def _lines(policy: PolicyText, reviewed: date) -> Iterator[str]:
    yield f"[documents.{policy.mark}]"
    yield f"title = {_quoted(policy.title)}"
    if policy.number:
        yield f"number = {_quoted(policy.number)}"
    if policy.issuer:
        yield f"issuer = {_quoted(policy.issuer)}"
    yield f"in_force = {policy.in_force.isoformat()}"
    for where, said in clauses_in(policy.text):
        yield ""
        yield f'[documents.{policy.mark}.clauses."{policy.mark}-{where}"]'
        yield f"text = {_quoted(said)}"
        yield f"reviewed = {reviewed.isoformat()}"


def _quoted(text: str) -> str:
    return json.dumps(_clean(text), ensure_ascii=False)
