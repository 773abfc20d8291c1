"""The XML of a sheet as it streams out of its archive: what stands before the rows, whole rows, what stands behind.

Only of sheets as Excel, WPS and libraries write them; whoever is told NotPlain reads the sheet in another way.
"""

from collections.abc import Callable, Iterator
from typing import IO

_BLOCK = 1 << 20
_LONGEST_HEAD = 8 << 20
_LONGEST_ROW = 8 << 20
_ROWS, _ENDS, _ROW_ENDS = b"<sheetData>", b"</sheetData>", b"</row>"


class NotPlain(Exception):
    """A sheet is not written in the way that is read here."""


def before_rows(stream: IO[bytes]) -> tuple[bytes, bytes]:
    """Return what stands before the rows of a sheet, `<sheetData>` included, and what was read beyond; or NotPlain."""
    held = b""
    while _ROWS not in held:
        block = stream.read(_BLOCK)
        if not block or len(held) > _LONGEST_HEAD:
            raise NotPlain
        held += block
    head, _, rest = held.partition(_ROWS)
    if b"<!" in head or not _is_utf8(head):
        raise NotPlain
    return head + _ROWS, rest


def _is_utf8(head: bytes) -> bool:
    declared = head[: head.find(b"?>") + 1].lower() if head.lstrip().startswith(b"<?xml") else b""
    return b"encoding" not in declared or b'"utf-8"' in declared or b"'utf-8'" in declared


def rows_of(stream: IO[bytes], rest: bytes, behind: Callable[[bytes], None] = lambda _: None) -> Iterator[bytes]:
    """Yield whole rows, a block of them at a time; `behind` is told what stands behind them. Raises NotPlain."""
    while True:
        rows, ended, last = rest.partition(_ENDS)
        if ended:
            if rows:
                yield _plain(rows)
            behind(ended + last)
            return
        cut = rest.rfind(_ROW_ENDS) + len(_ROW_ENDS)
        if cut >= len(_ROW_ENDS):
            yield _plain(rest[:cut])
            rest = rest[cut:]
        elif len(rest) > _LONGEST_ROW:
            raise NotPlain
        block = stream.read(_BLOCK)
        if not block:
            raise NotPlain
        rest += block


def _plain(rows: bytes) -> bytes:
    """Return rows without comments, instructions and what is marked as text; where there are any, raise NotPlain."""
    if b"<!" in rows or b"<?" in rows:
        raise NotPlain
    return rows
