"""Reading one entry of a part: its basis, conditions and limits, with problems noted where they stand."""

import re
from dataclasses import dataclass
from typing import Any

from xunfang.rulebook.basis import Basis
from xunfang.rulebook.conditions import ALWAYS, Condition, ConditionParser
from xunfang.rulebook.findings import Findings
from xunfang.rulebook.merge import Part
from xunfang.rulebook.positions import Path
from xunfang.worktime import Limit, parse_limit

UNREADABLE_LIMIT = parse_limit("same day")


@dataclass(frozen=True, slots=True)
class Entry:
    """A table at a path of a part, and where to note what is wrong with it."""

    part: Part
    path: Path
    data: dict[str, Any]
    findings: Findings

    def sub(self, *keys: str | int) -> "Entry":
        """Return the table further down, which must exist."""
        data: Any = self.data
        for key in keys:
            data = data[key]
        return Entry(self.part, (*self.path, *keys), data, self.findings)

    def tables(self, key: str) -> "list[tuple[str, Entry]]":
        """Return the named tables under a key, in file order; empty when the key is absent."""
        return [(name, self.sub(key, name)) for name in self.data.get(key, {})]

    def items(self, key: str) -> "list[Entry]":
        """Return the tables of a list under a key."""
        return [self.sub(key, index) for index in range(len(self.data.get(key, [])))]

    def text(self, key: str, otherwise: str = "") -> str:
        """Return a text value."""
        return str(self.data.get(key, otherwise))

    def names(self, key: str) -> tuple[str, ...]:
        """Return a list of names as a tuple."""
        return tuple(self.data.get(key, ()))

    def name_or_names(self, key: str) -> tuple[str, ...]:
        """Return what may be written as one name or as a list of them."""
        found = self.data.get(key, ())
        return (found,) if isinstance(found, str) else tuple(found)

    def error(self, key: str, code: str, message: str, hint: str = "") -> None:
        """Note an error at a key of this entry."""
        self.findings.error(self.part, (*self.path, key) if key else self.path, code, message, hint)

    def basis(self) -> Basis:
        """Return the entry's basis."""
        return Basis(self.names("cites") or self.names("x-cites"), self.text("practice") or self.text("x-practice"))

    def condition(self, key: str) -> Condition | None:
        """Return the condition under a key, or None when there is none."""
        if key not in self.data:
            return None

        def report(path: Path, code: str, message: str, hint: str) -> None:
            self.findings.error(self.part, path, code, message, hint)

        return ConditionParser(report).parse(self.data[key], (*self.path, key))

    def condition_or_always(self, key: str) -> Condition:
        """Return the condition under a key, or one that always holds."""
        return self.condition(key) or ALWAYS

    def limit(self, key: str) -> Limit:
        """Return the limit under a key; an unreadable one is noted."""
        try:
            limit = parse_limit(self.text(key))
        except ValueError as error:
            self.error(key, "LIMIT_UNREADABLE", str(error).rstrip("。"), meant_limit(self.text(key)))
            return UNREADABLE_LIMIT
        if limit.nth and limit.within not in ("", "month"):
            message = f"时限“{limit}”只能按月计算，不能写“of the {limit.within}”"
            self.error(key, "LIMIT_UNREADABLE", message, '如 "by last workday of the month"')
        return limit


_SPOKEN = re.compile(
    r"(\d+)\s*个?\s*(工作日|工作小时|work[\s-]*days?|business days?|天|日|小时|hrs?|h|分钟?|mins?|周|星期|月)",
    re.IGNORECASE,
)
_WORDS = {
    "工": "workdays",
    "分": "minutes",
    "m": "minutes",
    "周": "weeks",
    "星": "weeks",
    "w": "workdays",
    "b": "workdays",
    "天": "days",
    "日": "days",
    "小": "hours",
    "h": "hours",
    "月": "months",
}


def meant_limit(text: str) -> str:
    """Return "是否想写…" for a limit written as people say it, such as 5个工作日 or "5 work days"; "" otherwise."""
    if text.strip() in {"当日", "当天", "当日内"}:
        return "是否想写“same day”？"
    if text.strip() in {"半天", "半日", "半个工作日"}:
        return "是否想写“half day”？"
    spoken = _SPOKEN.match(text.strip())
    if not spoken:
        return ""
    word = "office hours" if spoken.group(2) == "工作小时" else _WORDS[spoken.group(2)[0].lower()]
    return f"是否想写“{spoken.group(1)} {word}”？"
