"""A part of every year 每年的一段时间, such as summer or the flood season."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class YearSpan:
    """A part of every year, from one (month, day) to another, both included."""

    first: tuple[int, int]
    last: tuple[int, int]
    label: str = ""

    @property
    def name(self) -> str:
        """Return it in Chinese: 夏季（6月1日至9月30日）, or its days alone where it has no name."""
        days = f"{self.first[0]}月{self.first[1]}日至{self.last[0]}月{self.last[1]}日"
        return f"{self.label}（{days}）" if self.label else days

    def holds(self, day: date) -> bool:
        """Return whether a day lies in it; one that ends earlier in the year than it begins spans its turn."""
        at = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= at <= self.last
        return at >= self.first or at <= self.last


def parse_span(first: str, last: str, label: str = "") -> YearSpan:
    """Return the part of every year from one day to another, written as "06-01", with its name.

    Raises ValueError with a Chinese sentence when a day does not exist.
    """
    return YearSpan(_day_of_year(first), _day_of_year(last), label)


def _day_of_year(text: str) -> tuple[int, int]:
    try:
        day = date.fromisoformat(f"2000-{text}")
    except ValueError:
        raise ValueError(f"“{text}”不是一年中的一天，应写成“06-01”（月-日）。") from None
    return day.month, day.day
