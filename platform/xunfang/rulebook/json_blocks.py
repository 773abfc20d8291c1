"""Where the members of a JSON form stand in its text, and changing them one at a time."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FIELDS = "properties"
_BLANK = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an object: from its name to the end of its value."""

    name: str
    start: int
    value_start: int
    end: int
    value: Any


def members_of(text: str, at: int = 0) -> tuple[Member, ...]:
    """Return the members of the object that begins at a place, blanks before it passed over."""
    at = _skip(text, at)
    return tuple(_members(text, at + 1)) if text[at : at + 1] == "{" else ()


def _members(text: str, at: int) -> Iterator[Member]:
    at = _skip(text, at)
    while text[at] != "}":
        name, end = _DECODER.raw_decode(text, at)
        value_start = _skip(text, _skip(text, end) + 1)
        value, value_end = _DECODER.raw_decode(text, value_start)
        yield Member(name, at, value_start, value_end, value)
        at = _skip(text, value_end)
        at = _skip(text, at + 1) if text[at] == "," else at


def _skip(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def printed_member(name: str, value: Any) -> str:
    """Return a member in the style of forms: its value on one line."""
    return f"{_printed(name)}: {_printed(value)}"


def _printed(value: Any) -> str:
    said = json.dumps(value, ensure_ascii=False, allow_nan=False)
    said.encode()  # half a character is a ValueError
    return said


def head_changed(text: str, data: Mapping[str, Any]) -> str:
    """Return a form whose members other than its fields say other data; new ones come last."""
    for name in [member.name for member in members_of(text) if member.name not in {FIELDS, *data}]:
        text = member_removed(text, 0, name)
    for member in reversed(members_of(text)):
        if member.name in data and not _same(member.value, data[member.name]):
            text = text[: member.value_start] + _printed(data[member.name]) + text[member.end :]
    known = {member.name for member in members_of(text)}
    for name, value in data.items():
        text = text if name in known else member_added(text, 0, printed_member(name, value))
    return text


def _same(one: Any, other: Any) -> bool:
    return _printed(one) == _printed(other)


def member_changed(text: str, at: int, name: str, value: Any) -> str:
    """Return a text in which a member of the object at a place has another value."""
    member = next(each for each in members_of(text, at) if each.name == name)
    return text[: member.value_start] + _printed(value) + text[member.end :]


def member_added(text: str, at: int, said: str, before: str | None = None) -> str:
    """Return a text in which the object at a place has one member more, the last or before another."""
    members = members_of(text, at)
    if not members:
        start = _skip(text, at) + 1
        return text[:start] + said + text[_skip(text, start) :]
    gap = _gap(text, at, members)
    following = next((each for each in members if each.name == before), None)
    if following:
        return text[: following.start] + said + "," + gap + text[following.start :]
    return text[: members[-1].end] + "," + gap + said + text[members[-1].end :]


def _gap(text: str, at: int, members: Sequence[Member]) -> str:
    """Return the blanks by which members of an object stand apart: those before its first."""
    return text[_skip(text, at) + 1 : members[0].start]


def member_removed(text: str, at: int, name: str) -> str:
    """Return a text in which the object at a place lacks a member."""
    members = members_of(text, at)
    place = next(place for place, each in enumerate(members) if each.name == name)
    if place + 1 < len(members):
        return text[: members[place].start] + text[members[place + 1].start :]
    start = members[place - 1].end if place else members[place].start
    return text[:start] + text[members[place].end :]


def members_reordered(text: str, at: int, names: Sequence[str]) -> str:
    """Return a text in which the members of the object at a place have another order, what stands between them not."""
    members = members_of(text, at)
    texts = {each.name: text[each.start : each.end] for each in members}
    for each, name in reversed(list(zip(members, names, strict=True))):
        text = text[: each.start] + texts[name] + text[each.end :]
    return text
