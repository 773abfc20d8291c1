"""Who answers off hours, in sentences."""

from collections.abc import Iterator, Mapping

from xunfang.rulebook.model import Closed, OffHours, Rulebook
from xunfang.rules.describe.lines import Line, line
from xunfang.rules.describe.words import each_unit_words

CLOSED: Mapping[Closed, str] = {
    Closed.NOON: "午休时间",
    Closed.NIGHT: "下班时间",
    Closed.WEEKEND: "周末",
    Closed.HOLIDAY: "节假日",
}
"""What the times are called in which an office is closed."""


def off_hours_lines(rulebook: Rulebook, id: str, whose: str, rows: tuple[OffHours, ...]) -> Iterator[Line]:
    """Yield who is told of what is urgent while the office of somebody is closed."""
    for nth, row in enumerate(rows, 1):
        during = "、".join(CLOSED[each] for each in row.during) or "不办公的时间"
        post = f"的{rulebook.roles[row.role].label}" if row.role in rulebook.roles else ""
        text = f"{whose}{during}有紧急任务的，除承办单位外，同时告知{each_unit_words(rulebook, row.unit)}{post}"
        yield line(rulebook, f"{id}.{nth}", text, row.basis)
