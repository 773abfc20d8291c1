"""Cells of wide tables: a page of a ledger has thousands, and a template would take a step for each part of each."""

from collections.abc import Callable, Iterable, Sequence

from markupsafe import Markup, escape

_BETWEEN = "\0"
"""What no text has that was stored."""


def cell_writer(heads: Iterable[str]) -> Callable[[Sequence[str]], Markup]:
    """Return what writes a row of cells under these heads; those that say nothing do not name their head either."""
    opened = [f'<td data-head="{escape(head)}"><div>' for head in heads]

    def written(values: Sequence[str]) -> Markup:
        texts = str(escape(_BETWEEN.join(values))).split(_BETWEEN) if values else []
        pairs = zip(opened, texts, strict=True)
        return Markup("".join([f"{head}{text}</div></td>" if text else "<td></td>" for head, text in pairs]))

    return written
