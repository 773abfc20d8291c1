"""Characters as they are entered: what nobody can see is taken out, what no paper can show is named."""

import re
import unicodedata

_UNSEEN = {"Cc", "Cf", "Cs"}
_KEPT = "\n\t"


def seen(text: str) -> str:
    """Return a text without what nobody sees: control characters, marks of direction, spaces of no width.

    Line ends and tabs stay; every other way to end a line becomes one that is known.
    """
    if text.isprintable():
        return text
    lines = re.sub("\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", text)
    return "".join(sign for sign in lines if sign in _KEPT or unicodedata.category(sign) not in _UNSEEN)


def compact(text: str) -> str:
    """Return a number as people paste it without blanks and what nobody sees, its digits and letters half-width."""
    return "".join(unicodedata.normalize("NFKC", seen(text)).split())
