"""Several at once: a verb done to each of many things, each decided and stored by itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xunfang.errors import Refused
from xunfang.store import Busy

MOST = 50
"""How many things one page may ask for at once."""


@dataclass(frozen=True, slots=True)
class Picked:
    """One thing that was ticked on a page, and which version of it the page showed."""

    id: str
    version: int = 0


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of one thing: it was done, or refused for a reason."""

    id: str
    refusal: Refused | None = None


def try_each(picked: Sequence[Picked], do: Callable[[Picked], None]) -> tuple[Tried, ...]:
    """Do something to each thing once, in a transaction of its own; return what became of each.

    Raises Refused when nothing was picked, or too much, before anything is done; and what is wrong with the database.
    """
    once = {each.id: each for each in picked}
    if not once:
        raise Refused("没有勾选任何一项，没有办理。请先勾选，再办理。", "NOTHING_PICKED")
    if len(once) > MOST:
        raise Refused(f"一次最多办理{MOST}项，这次勾选了{len(once)}项，都没有办理。请分次办理。", "TOO_MANY_PICKED")
    return tuple(Tried(each.id, _refusal(each, do)) for each in once.values())


def _refusal(each: Picked, do: Callable[[Picked], None]) -> Refused | None:
    try:
        do(each)
    except Refused as refusal:
        if refusal.status >= 500 and not isinstance(refusal, Busy):
            raise
        return refusal
    return None
