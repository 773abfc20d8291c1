"""Which characters may begin a line, end one, or must stay together (避头尾), and what the pieces of a text are."""

import re
import unicodedata

CLOSE = frozenset("，。、；：？！）〕】》〉」』”’…—·％%‰℃°～,.;:?!)]}　")
"""Never at the beginning of a line."""

OPEN = frozenset("（〔【《〈「『“‘([{")
"""Never at the end of a line."""

SHRINKABLE_RIGHT = frozenset("，。、；：？！）〕】》〉」』”’")
SHRINKABLE_LEFT = OPEN

MAX_WHOLE = 8.0
"""A piece wider than this, in em, may be broken inside: only web addresses are."""

_NUMBER = r"[A-Za-z0-9](?:[A-Za-z0-9]|[.,:/@_+\-](?=[A-Za-z0-9]))*"
_PIECE = re.compile(
    rf"[〔\[][0-9]{{4}}[〕\]][0-9A-Za-z]+号"
    rf"|(?:附件|第)?{_NUMBER}[%％‰℃]?(?:个月|工作日|[年月日号次条项元人户时分])?"
    r"|——|……"
    r"|.",
    re.DOTALL,
)


def pieces(text: str) -> list[tuple[int, int]]:
    """Return the unbreakable pieces of a text as (start, end)."""
    return [match.span() for match in _PIECE.finditer(text)]


def may_break(before: str, after: str) -> bool:
    """Return whether a line may end after `before` when `after` follows."""
    return not (after in CLOSE or before in OPEN or after.isspace() or is_mark_over(after))


def is_mark_over(char: str) -> bool:
    """Return whether the character takes no room of its own (a combining mark)."""
    return unicodedata.category(char) in ("Mn", "Me", "Cf")


def is_wide(char: str) -> bool:
    """Return whether the character is Chinese: a Han character or a full-width mark."""
    return unicodedata.east_asian_width(char) in ("W", "F") or char in "“”‘’—…·"


def space_between(before: str, white: str, after: str) -> str:
    """Return what the white space between two characters of a template becomes on paper: one space or nothing.

    Chinese is set without spaces; a line end of the template beside a Chinese character is no space either.
    """
    if "\n" in white:
        return "" if is_wide(before) or is_wide(after) else " "
    return "" if is_wide(before) and is_wide(after) else " "
