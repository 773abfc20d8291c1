"""Which blocks of a file lie within one another and beside one another, and where a new or moved one stands."""

from collections.abc import Sequence

from xunfang.rulebook.positions import Path


class OrderError(ValueError):
    """Blocks do not stand so that one could be put there; says why in Chinese, without a full stop."""


def family(keys: Sequence[Path], key: Path) -> list[int]:
    """Return the places of a block and of every block within it; of the head only its own."""
    if not key:
        return [place for place, each in enumerate(keys) if not each]
    return [place for place, each in enumerate(keys) if each[: len(key)] == key]


def siblings(keys: Sequence[Path], key: Path) -> list[Path]:
    """Return the keys of the blocks beside one, in the order of the file, its own among them where it stands there."""
    return [each for each in keys if each and key and _are_beside(each, key)]


def _are_beside(one: Path, other: Path) -> bool:
    return one[:-1] == other[:-1] and isinstance(one[-1], int) == isinstance(other[-1], int)


def place_for(keys: Sequence[Path], key: Path, before: Path | None) -> int:
    """Return the place a new block takes: that of the one it goes before, or behind the last of its like."""
    if not key:
        raise OrderError("新加的一项要有编号")
    if before is not None:
        if before not in siblings(keys, key):
            raise OrderError("这两项不在一处，不能排在它前面")
        return keys.index(before)
    beside = siblings(keys, key)
    within = family(keys, beside[-1]) if beside else []
    for depth in range(len(key) - 1, 0, -1):
        within = within or family(keys, key[:depth])
    return max(within) + 1 if within else len(keys)


def moved(keys: Sequence[Path], key: Path, by: int) -> list[int]:
    """Return the places of blocks in their new order when one is moved by so many among its like."""
    families = [family(keys, each) for each in siblings(keys, key)]
    if any(places != list(range(places[0], places[-1] + 1)) for places in families):
        raise OrderError("这一项在文件里分成几处写，不能挪动")
    here = next((n for n, places in enumerate(families) if keys[places[0]] == key), None)
    if here is None:
        raise OrderError("这一项不能挪动")
    order = families.copy()
    order.insert(max(0, min(here + by, len(order) - 1)), order.pop(here))
    return _filled_in(len(keys), families, order)


def _filled_in(count: int, families: Sequence[list[int]], order: Sequence[list[int]]) -> list[int]:
    """Return all places, each family standing where the one was whose turn it takes."""
    takes = {was[0]: now for was, now in zip(families, order, strict=True)}
    inside = {place for places in families for place in places}
    return [each for place in range(count) for each in takes.get(place, [] if place in inside else [place])]
