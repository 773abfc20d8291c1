"""The rows of a ledger on their way into a file: kept small while all of them pass, and what all of them come to."""

import hashlib
import json
import zlib
from collections.abc import Iterator
from datetime import date, datetime

from xunfang.desk.lines import Cell

PIECE = 1_000
"""So many rows are kept together."""
_KINDS: dict[type, str] = {datetime: "moment", date: "day", int: "number", float: "number", bool: "number"}


class Spool:
    """Rows as they pass: how many there are, what each column holds, and the hash of what they say.

    They lie compressed in memory, never on the disk; a hundred bytes or so each.
    """

    def __init__(self) -> None:
        self.count = 0
        self._hash, self._kinds = hashlib.sha256(b"["), list[set[str]]()
        self._pieces, self._last = list[bytes](), list[str]()

    def add(self, row: tuple[Cell, ...]) -> None:
        """Let one more row pass."""
        if not self.count:
            self._kinds = [set() for _ in row]
        for kinds, value in zip(self._kinds, row, strict=True):
            if value is not None:
                kinds.add(_KINDS.get(type(value), "text"))
        plain = [each.isoformat() if isinstance(each, date) else each for each in row]
        text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
        self._hash.update(f",{text}".encode() if self.count else text.encode())
        self.count += 1
        self._last.append(text)
        if len(self._last) == PIECE:
            self._pieces.append(zlib.compress("\n".join(self._last).encode(), 1))
            self._last.clear()

    @property
    def digest(self) -> str:
        """The hash of what the rows say, whatever file they stand in."""
        whole = self._hash.copy()
        whole.update(b"]")
        return whole.hexdigest()

    def kind(self, place: int) -> str:
        """Return what a column holds, by what stands in it: "moment", "day", "number" or "text"."""
        found = self._kinds[place] if self._kinds else set()
        if found == {"moment"} or found == {"number"}:
            return next(iter(found))
        return "day" if found and found <= {"day", "moment"} else "text"

    def rows(self) -> Iterator[tuple[Cell, ...]]:
        """Yield the rows again, in their order."""
        days = [place for place in range(len(self._kinds)) if self.kind(place) in ("day", "moment")]
        for piece in self._pieces:
            yield from (_row(text, days) for text in zlib.decompress(piece).decode().split("\n"))
        yield from (_row(text, days) for text in self._last)


def _row(text: str, days: list[int]) -> tuple[Cell, ...]:
    row = json.loads(text)
    for place in days:
        if (told := row[place]) is not None:
            row[place] = datetime.fromisoformat(told) if len(told) > len("2026-03-05") else date.fromisoformat(told)
    return tuple(row)
