"""The texts that cells of a workbook share, as compact as they came: millions of them need no objects of their own."""

import re
from array import array
from itertools import accumulate
from typing import IO

from xunfang.sheets.stretches import NotPlain

_BLOCK = 1 << 20
_LONGEST = 8 << 20
_TEXT = re.compile(rb"<si>(?:<t(?: [^<>]*)?>([^<]*)</t>|(.*?))</si>|<si/>", re.DOTALL)
_READING = re.compile(rb"<rPh\b.*?</rPh>", re.DOTALL)
_RUN = re.compile(rb"<t(?:\s[^<>]*)?(?<!/)>([^<]*)</t>")
_ENTITY = re.compile("&(#[0-9]+|#x[0-9a-fA-F]+|[a-z]+);")
_SIGN = re.compile("_x([0-9A-Fa-f]{4})_")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


class SharedStrings:
    """All texts that cells share, found by their number."""

    def __init__(self, stream: IO[bytes] | None) -> None:
        """Take the texts out of the part that holds them; raises NotPlain."""
        self._bytes, self._ends = bytearray(), array("Q", [0])
        if stream is not None:
            self._read(stream)

    def __getitem__(self, number: int) -> str:
        """Return a text; raises IndexError for one that there is none of, UnicodeDecodeError."""
        if number < 0:
            raise IndexError
        return unescaped(self._bytes[self._ends[number] : self._ends[number + 1]].decode())

    def _read(self, stream: IO[bytes]) -> None:
        rest = b""
        while block := stream.read(_BLOCK):
            if b"<!" in block or len(rest) > _LONGEST:
                raise NotPlain
            rest += block
            cut = max(rest.rfind(b"</si>") + 5, rest.rfind(b"<si/>") + 5)
            if cut > 5:
                self._take(rest[:cut])
                rest = rest[cut:]
        if b"<si" in rest:
            raise NotPlain

    def _take(self, block: bytes) -> None:
        found = _TEXT.findall(block)
        if len(found) != block.count(b"<si>") + block.count(b"<si/>") or block.count(b"<si ") or b"<!" in block:
            raise NotPlain
        texts = [plain or (runs_of(rich) if rich else b"") for plain, rich in found]
        self._ends.extend(accumulate(map(len, texts[1:]), initial=len(self._bytes) + len(texts[0])) if texts else ())
        self._bytes += b"".join(texts)


def runs_of(rich: bytes) -> bytes:
    """Return the text of runs that look different, without how it is read aloud; raises NotPlain."""
    if rich.count(b"<rPh") != rich.count(b"</rPh>"):
        raise NotPlain
    return b"".join(_RUN.findall(_READING.sub(b"", rich)))


def unescaped(text: str) -> str:
    """Return a text as it is meant; raises NotPlain for names that XML does not know by itself."""
    plain = _ENTITY.sub(_meant, text) if "&" in text else text
    return _SIGN.sub(lambda found: chr(int(found[1], 16)), plain) if "_x" in plain else plain


def _meant(found: re.Match[str]) -> str:
    name = found[1]
    if name in _NAMED:
        return _NAMED[name]
    if not name.startswith("#"):
        raise NotPlain
    return chr(int(name[2:], 16) if name[1] == "x" else int(name[1:]))
