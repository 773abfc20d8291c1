"""Numbers as people type them: 1200, 1,200, １，２００. Read alike here and in the browser (web/static/checks.js)."""

import re
import unicodedata

from xunfang.characters import seen

_NUMBER = re.compile(r"-?(?:[0-9]+|[0-9]{1,3}(?:[, ][0-9]{3})+)(\.[0-9]+)?")
_PLAIN = re.compile("[!-~\\s！-～]*")
"""What a number is typed with: half or full width. Of 5² or ⑤ nobody knows what was meant."""
_LONGEST = 20
_LARGEST = 1e15


def read_number(text: str) -> int | float | None:
    """Return the number that a text says, or None; thousands are parted by threes or not at all."""
    typed = _typed(text)
    found = _NUMBER.fullmatch(typed)
    if found is None or len(typed) > _LONGEST:
        return None
    plain = re.sub("[, ]", "", typed)
    number = float(plain) if found[1] else int(plain)
    if abs(number) >= _LARGEST:
        return None
    return int(number) if isinstance(number, float) and number.is_integer() else number


def _typed(text: str) -> str:
    """Return a text half-width and without what nobody sees, "" where it was typed with other signs."""
    told = seen(text)
    return unicodedata.normalize("NFKC", told).strip() if _PLAIN.fullmatch(told) else ""


def is_grouped_wrong(text: str) -> bool:
    """Return whether a text is no number because of where its commas stand: 1，5 may be 15 or 1.5."""
    typed = _typed(text)
    return "," in typed and re.fullmatch(r"-?[0-9][0-9,. ]*", typed) is not None and read_number(text) is None
