"""How several days read in a sentence: runs of days drawn together, rest days with their reason."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from xunfang.printing.order import PrintError

WEEKEND = "周末"


def day_list(days: Iterable[Any]) -> str:
    """Return 9月30日、10月8日至10日、10月12日 for ISO dates."""
    return "、".join(_run(first, last) for first, last in _runs(sorted(_day(day) for day in days)))


def rest_days(skipped: Iterable[Mapping[str, Any]]) -> str:
    """Return 10月1日至7日（国庆节）、10月11日（周末） for skipped days with their reasons."""
    reasons = {_day(entry["date"]): _reason(str(entry["reason"])) for entry in skipped}
    parts: list[str] = []
    for first, last in _runs(sorted(reasons), reasons):
        parts.append(f"{_run(first, last)}（{reasons[first]}）")
    return "、".join(parts)


def _runs(days: list[date], reasons: Mapping[date, str] | None = None) -> list[tuple[date, date]]:
    runs: list[tuple[date, date]] = []
    for day in days:
        follows = bool(runs) and day - runs[-1][1] == timedelta(days=1)
        if follows and (reasons is None or reasons[day] == reasons[runs[-1][1]]):
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def _run(first: date, last: date) -> str:
    head = f"{first.month}月{first.day}日"
    if first == last:
        return head
    between = "、" if last - first == timedelta(days=1) else "至"
    return f"{head}{between}{last.day}日" if first.month == last.month else f"{head}{between}{last.month}月{last.day}日"


def _reason(reason: str) -> str:
    return WEEKEND if reason.startswith("星期") else reason


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise PrintError("FACT_INVALID", f"“{value}”不是日期。") from None
