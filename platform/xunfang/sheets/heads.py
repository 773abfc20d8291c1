"""The head 表头 of a list: on which rows it stands, and which column is what, however offices call and merge them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from xunfang.sheets.cells import text

Row = Sequence[Any]
Words = Mapping[str, Iterable[str]]
_TALLEST = 3
_SIDEWAYS = re.compile(r"^(?:家庭|共同生活|保障)?(?:成员|人员)|[0-9一二三四五六七八九十]+$")
_COUNTED = re.compile(r"序号|编号|No\.?", re.IGNORECASE)


def plain(word: str) -> str:
    """Return a head word as it is compared: without blanks, line ends, brackets and what they hold; half-width."""
    narrow = "".join(unicodedata.normalize("NFKC", word).split())
    return re.sub(r"\(.*?\)|[:：*※]", "", narrow)


def _whole(word: str) -> str:
    return "".join(unicodedata.normalize("NFKC", word).split())


@dataclass(frozen=True, slots=True)
class Head:
    """Where a head stands (rows from 0), and what each column (from 0) is. A name may stand at several columns.

    `unknown` are columns with words that nobody has told, `words` what stands above every column.
    """

    first: int
    last: int
    columns: Mapping[int, str]
    unknown: Mapping[int, str] = field(default_factory=dict)
    words: Mapping[int, str] = field(default_factory=dict)

    @property
    def names(self) -> frozenset[str]:
        """The names of all columns that are known."""
        return frozenset(self.columns.values())


def find_head(rows: Sequence[Row], words: Words, ignored: Iterable[str] = ()) -> Head | None:
    """Return the head that names most columns, the lowest and shortest of those; None where no row names two."""
    known = _known(words)
    skipped = {plain(word) for word in ignored}
    best: tuple[int, Head] | None = None
    for first in range(len(rows)):
        for height in range(1, _TALLEST + 1):
            if first + height > len(rows):
                break
            head = _read(rows[first : first + height], first, known, skipped)
            if best is None or len(head.names) > best[0]:
                best = (len(head.names), head)
    return best[1] if best and best[0] >= min(2, len(words)) else None


def _known(words: Words) -> dict[str, str]:
    """Return the name of the column by each word; as it is written, and without what stands in brackets."""
    whole = {_whole(word): name for name, heads in words.items() for word in heads}
    for name, heads in words.items():
        for word in heads:
            whole.setdefault(plain(word), name)
    return whole


def _read(rows: Sequence[Row], first: int, known: Mapping[str, str], skipped: set[str]) -> Head:
    columns, unknown, words = dict[int, str](), dict[int, str](), dict[int, str]()
    for place in range(max(map(len, rows), default=0)):
        told = [word for row in rows if place < len(row) and (word := _word(row[place]))]
        if not told:
            continue
        words[place] = told[-1]
        if name := _named(told, known):
            columns[place] = name
        elif plain(told[-1]) not in skipped and not _COUNTED.fullmatch(plain(told[-1])) and len(told[-1]) <= 30:
            unknown[place] = told[-1]
    return Head(first, first + len(rows) - 1, columns, unknown, words)


def _word(cell: Any) -> str:
    return text(cell) if isinstance(cell, str) else ""


def _named(told: Sequence[str], known: Mapping[str, str]) -> str:
    """Return what the words above a column name, the lowest first, then all of them together."""
    for word in (*reversed(told), "".join(told)):
        for way in _ways(word):
            if way in known:
                return known[way]
    return ""


def _ways(word: str) -> Iterator[str]:
    """Yield the ways in which a word may be meant: as it is, bare, and without what counts members of a household."""
    yield _whole(word)
    yield (bare := plain(word))
    yield (once := _SIDEWAYS.sub("", bare))
    yield _SIDEWAYS.sub("", once)
