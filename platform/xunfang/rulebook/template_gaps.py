"""Where something may be put into a template: after a whole paragraph or table of a block, inside nothing else."""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_TOKEN = re.compile(r"\{%-?\s*(?P<word>\w+)(?P<rest>.*?)-?%\}|<(?P<end>/?)(?P<tag>[a-z][a-z0-9]*)[^<>]*>", re.DOTALL)
_SAID = re.compile(r"\{%.*?%\}|<[^<>]*>", re.DOTALL)
_FACT = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_OPENS = frozenset(("if", "for", "with", "macro", "filter", "call"))
_VOID = frozenset(("br", "hr", "img", "col", "meta"))
_WHOLE = r"(?:p|table|div|section|ul|ol|h2|h3)\b"
"""What stands by itself on a paper, not within a line."""
_ENDS = re.compile(rf"</{_WHOLE}")
_BEGINS = re.compile(rf"\s*(?:\{{%-?\s*(?:if|for|set)\b[^%]*%\}}\s*)*<{_WHOLE}")
_NOT_THERE = frozenset(("title", "addressee", "style", "head", "heading", "under_title", "imprint"))
"""Blocks that hold a few words or the head and foot of a paper."""
_MOST_SAID = 24


class Gap(NamedTuple):
    """A place in a template: at which character, in which block, and the words that it comes after ("": its begin)."""

    at: int
    block: str
    after: str


def gaps(text: str) -> tuple[Gap, ...]:
    """Return the places where a table or a picture may be put into a template, in the order of its text."""
    return tuple(_Walk(_COMMENT.sub(lambda found: " " * len(found[0]), text)).gaps())


class _Walk:
    def __init__(self, text: str) -> None:
        self._text = text
        self._blocks: list[str] = []
        self._inside = 0  # how many statements and tags stand open
        self._since = 0

    def gaps(self) -> Iterator[Gap]:
        for token in _TOKEN.finditer(self._text):
            closes = self._tag(token) if token["tag"] else self._word(token)
            if closes and not self._inside and self._blocks and self._blocks[-1] not in _NOT_THERE:
                yield from self._gap(token.end())

    def _gap(self, at: int) -> Iterator[Gap]:
        """Yield the place where something ended that stands by itself, or before the first such thing of a block."""
        before = self._text[self._since : at]
        said = _words(before) if _ENDS.search(before) else ""
        if said or (not before and _BEGINS.match(self._text, at)):
            yield Gap(at, self._blocks[-1], said)
            self._since = at

    def _tag(self, token: re.Match[str]) -> bool:
        """Take in a tag; return whether it ends something."""
        if token["tag"] in _VOID:
            return False
        self._inside += -1 if token["end"] else 1
        return bool(token["end"])

    def _word(self, token: re.Match[str]) -> bool:
        """Take in a statement; return whether it ends something, or begins a block."""
        word, rest = token["word"], token["rest"]
        if word == "block":
            self._blocks.append(rest.split()[0] if rest.split() else "")
            self._since = token.end()
            return True
        if word == "endblock":
            self._blocks[-1:] = []
            self._since = token.end()
            return False
        if word in _OPENS or (word == "set" and "=" not in rest):
            self._inside += 1
            return False
        ends = word.startswith("end")
        self._inside -= ends
        return ends


def _words(text: str) -> str:
    """Return the first words of a piece of a template as people read it, facts left open."""
    said = unescape(_FACT.sub("…", _SAID.sub("", text)))
    said = " ".join(said.split())
    return f"{said[:_MOST_SAID]}……" if len(said) > _MOST_SAID else said
