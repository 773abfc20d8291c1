"""Splices of a TOML text: one block printed anew, added, taken away or moved, the text between blocks left alone."""

from collections.abc import Sequence
from typing import Any

from xunfang.rulebook.block_order import family
from xunfang.rulebook.positions import Path
from xunfang.rulebook.toml_blocks import Region, regions_of
from xunfang.rulebook.toml_edits import block_changed
from xunfang.rulebook.toml_print import printed_key, printed_lines

_BREAKS = "\r\n"


def with_block_set(text: str, key: Path, data: dict[str, Any]) -> str:
    """Return the text in which a block says other data."""
    regions = regions_of(text)
    region = next(each for each in regions if each.key == key)
    said = text[region.start : region.end]
    made = _broken(text, block_changed(said.replace("\r\n", "\n"), data))
    before, after = text[: region.start], text[region.end :]
    if made and not said:  # there was no head yet
        return before + made + (_gap(text) if len(regions) > 1 else _broken(text, "\n")) + after.lstrip(_BREAKS)
    if made or not said:
        return before + made + after
    apart = not before or before.endswith(("\n\n", "\n\r\n"))  # from the comment that the file begins with
    return before + ("" if apart else _broken(text, "\n")) + after.lstrip(_BREAKS)


def with_block_added(text: str, key: Path, data: dict[str, Any], place: int, *, behind: bool) -> str:
    """Return the text with one block more at a place among its blocks, right behind or right before another."""
    regions = regions_of(text)
    said = _broken(text, "\n".join([_header(key), *_lines(data)]))
    if not behind:
        start = regions[place].start
        return text[:start] + said + _gap(text) + text[start:]
    end = regions[place - 1].end
    if place < len(regions):
        return text[:end] + _gap(text) + said + text[end:]
    before = text.rstrip(_BREAKS + " \t")
    return before + (_gap(text) if before else "") + said + _broken(text, "\n")


def _header(key: Path) -> str:
    said = printed_key(*(part for part in key if isinstance(part, str)))
    return f"[[{said}]]" if isinstance(key[-1], int) else f"[{said}]"


def _lines(data: dict[str, Any]) -> list[str]:
    return [line for name, value in data.items() for line in printed_lines((name,), value)]


def without_block(text: str, key: Path) -> str:
    """Return the text without a block and the blocks within it."""
    regions = regions_of(text)
    for place in reversed(family([region.key for region in regions], key)):
        text = _without(text, regions[place], is_last=place + 1 == len(regions))
        regions = regions_of(text)
    return text


def _without(text: str, region: Region, *, is_last: bool) -> str:
    before, after = text[: region.start], text[region.end :]
    if is_last:
        before = before.rstrip(_BREAKS)
        return before + after if before else after.lstrip(_BREAKS)
    return before + after.lstrip(_BREAKS)


def with_blocks_in_order(text: str, order: Sequence[int]) -> str:
    """Return the text with its blocks in another order, what stands between them where it stood."""
    regions = regions_of(text)
    made, reached = "", 0
    for region, place in zip(regions, order, strict=True):
        said = regions[place]
        made += text[reached : region.start] + text[said.start : said.end]
        reached = region.end
    return made + text[reached:]


def _gap(text: str) -> str:
    return _broken(text, "\n\n")


def _broken(text: str, said: str) -> str:
    """Return new text with the line breaks of a file."""
    return said.replace("\n", "\r\n") if "\r\n" in text else said
