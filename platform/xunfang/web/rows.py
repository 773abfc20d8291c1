"""Rows of wide tables: a template would take four times as long for a page of fifty rows and fifty columns."""

from collections.abc import Sequence
from functools import lru_cache

from markupsafe import Markup, escape


def cells(values: Sequence[str], heads: Sequence[str]) -> Markup:
    """Return the cells of a row, each with the head of its column, by which a phone shows it."""
    named = zip(_opened(tuple(heads)), values, strict=True)
    filled = (f"{opened}<div>{escape(value)}</div></td>" if value else f"{opened}</td>" for opened, value in named)
    return Markup("".join(filled))


@lru_cache(maxsize=64)
def _opened(heads: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f'<td data-head="{escape(head)}">' for head in heads)
