"""What an input of a block says, in the words of those who fill it in: beside it when a colleague has changed it."""

from xunfang.rulebook.block_inputs import COLUMNS, Input

NOTHING = "没有填"


def filled(each: Input) -> tuple[tuple[str, ...], ...]:
    """Return what an input shows without what is left empty, so that two can be compared."""
    columns = [[text.strip() for text in each.shown.get(column, ())] for column in COLUMNS.get(each.control, ("",))]
    return tuple(row for row in zip(*columns, strict=False) if row[0])


def shown_as(each: Input) -> str:
    """Return what an input shows as people call it."""
    called = {option.value: option.label or option.value for option in each.options}
    rows = [" ".join(called.get(text, text) for text in row if text) for row in filled(each)]
    return "、".join(rows) or NOTHING
