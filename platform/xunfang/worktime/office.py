"""Office hours 办公时间."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from itertools import pairwise

_SPAN = re.compile(r"([0-9]{1,2}):([0-9]{2})-([0-9]{1,2}):([0-9]{2})")


@dataclass(frozen=True, slots=True)
class Office:
    """The hours in which an office is open, morning first; at least one pair of opening and closing time."""

    hours: tuple[tuple[time, time], ...]

    @property
    def opens(self) -> time:
        """Return the time at which the office opens in the morning."""
        return self.hours[0][0]

    @property
    def closes(self) -> time:
        """Return the time at which the office closes; a limit in workdays ends then (民法典第二百零三条)."""
        return self.hours[-1][1]


def parse_office(texts: Iterable[str]) -> Office:
    """Return the office whose hours are written as ["08:30-12:00", "13:30-17:30"].

    Raises ValueError with a Chinese sentence when a text is no span of time, or spans overlap or are out of order.
    """
    hours = tuple(_span(text) for text in texts)
    if not hours:
        raise ValueError("办公时间至少要写一段，例如 08:30-12:00。")
    edges = [edge for span in hours for edge in span]
    if any(later <= earlier for earlier, later in pairwise(edges)):
        raise ValueError("办公时间各段须从早到晚排列，不得重叠，结束晚于开始。")
    return Office(hours)


def _span(text: str) -> tuple[time, time]:
    found = _SPAN.fullmatch(text.strip())
    if not found:
        raise ValueError(f"办公时间“{text}”无法识别，应写成“08:30-12:00”。")
    hour, minute, end_hour, end_minute = map(int, found.groups())
    try:
        return time(hour, minute), time(end_hour, end_minute)
    except ValueError:
        raise ValueError(f"办公时间“{text}”超出一天的时刻，应在 00:00 至 23:59 之间。") from None
