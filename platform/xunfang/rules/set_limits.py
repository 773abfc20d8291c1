"""Limits set for one case 逐件限期: what whoever sent it asked for in a form, as far as the deadline allows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from xunfang.clock import local_date
from xunfang.rulebook.model import Rulebook, SetBy
from xunfang.worktime import Due, Limit, LimitKind, Office, due

Facts = Mapping[str, Any]
_WITHIN_A_YEAR = 360


class Asked(NamedTuple):
    """What was asked for: in words, and the limit it means, None where it is more than is allowed in any case."""

    text: str
    limit: Limit | None


@dataclass(frozen=True, slots=True)
class Granted:
    """The limit that holds for one case, when it ends, and what is told of how it was set."""

    limit: Limit
    due: Due
    told: Mapping[str, str]


def asked(setting: SetBy, facts: Facts, start: datetime) -> Asked | None:
    """Return what was asked for, None where nothing was, or nothing that could be meant."""
    value, most = facts.get(setting.answer), setting.at_most
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        number = int(value)
        limit = Limit(most.kind, number)
        return Asked(limit.text, limit if number <= most.amount else None) if number >= 1 and number == value else None
    return _asked_by_day(value, local_date(start)) if isinstance(value, str) else None


def _asked_by_day(text: str, start: date) -> Asked | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    if day < start:
        return None
    soon = (day - start).days < _WITHIN_A_YEAR
    return Asked(
        f"{day.year}年{day.month}月{day.day}日", Limit(LimitKind.YEAR_DAY, day.day, day.month) if soon else None
    )


def granted(rulebook: Rulebook, setting: SetBy, wanted: Asked, start: datetime, office: Office) -> Granted:
    """Return the limit that was asked for, or the longest that is allowed."""
    limit, until = setting.at_most, due(setting.at_most, start, rulebook.calendar, office)
    if wanted.limit and (own := due(wanted.limit, start, rulebook.calendar, office)).due_at <= until.due_at:
        limit, until = wanted.limit, own
    told = {
        "title": _title(rulebook, setting.answer),
        "asked": wanted.text,
        "limit": str(limit),
        "most": setting.at_most.text,
    }
    return Granted(limit, until, told)


def _title(rulebook: Rulebook, name: str) -> str:
    return next((form.fields[name].title for form in rulebook.forms.values() if name in form.fields), name)


def set_words(data: Mapping[str, Any]) -> str:
    """Return how the limit of an explained clock was set for this case, "" where it was not."""
    told = data.get("set")
    if not told:
        return ""
    if data.get("limit") == told["most"] != told["asked"]:
        return f"“{told['title']}”所填为{told['asked']}，最长{told['most']}，按{told['most']}计"
    return f"由“{told['title']}”所填确定，最长{told['most']}"
