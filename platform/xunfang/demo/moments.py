"""When things of a script happen, and what is told in them, with every shorthand written out."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from xunfang.clock import SHANGHAI, local, local_date
from xunfang.demo.step import Table
from xunfang.identity import make_id
from xunfang.rulebook.model import Rulebook


@dataclass(frozen=True, slots=True)
class Telling:
    """The moment that a script leads up to, its rules, and its named sets of answers."""

    rulebook: Rulebook
    base: datetime
    named: Table

    def knowing(self, named: Table) -> "Telling":
        """Return the same with more sets of answers."""
        return replace(self, named={**self.named, **named})

    def start_of(self, story: Table) -> datetime:
        """Return when a story begins."""
        if "hours_ago" in story:
            return local(self.base - timedelta(hours=story["hours_ago"])).replace(microsecond=0)
        return self.at(self.day_zero(), story["at"], -int(story["workdays_ago"]))

    def moment_of(self, act: Table, start: datetime) -> datetime:
        """Return when an act of a story that began then is done."""
        if "hours" in act:
            return start + timedelta(hours=act["hours"])
        return self.at(local_date(start), act["at"], int(act["day"]))

    def day_zero(self) -> date:
        """Return the workday whose office has not closed yet."""
        today = local_date(self.base)
        closed = local(self.base).time() >= self.rulebook.info.office.closes_on(today)
        if self.rulebook.calendar.day(today).is_workday and not closed:
            return today
        return self.rulebook.calendar.workdays_after(today, 1)[0]

    def at(self, day: date, at: str, workdays: int) -> datetime:
        """Return a moment so many workdays after a day, or before it."""
        if workdays < 0:
            day = self.rulebook.calendar.workday_before(day, -workdays)
        elif workdays > 0:
            day = self.rulebook.calendar.workdays_after(day, workdays)[-1]
        return datetime.combine(day, time.fromisoformat(at), SHANGHAI)

    def filled(self, act: Table, moment: datetime) -> Table:
        """Return an act with its answers, and whatever else it tells, written out."""
        told = {key: value if key == "acts" else self._written_out(value, moment) for key, value in act.items()}
        return {**told, "answers": self.answers(act, moment)}

    def answers(self, act: Table, moment: datetime) -> dict[str, Any]:
        """A named set of answers with the act's own over it, each shorthand written out."""
        base = self.named[act["base"]] if "base" in act else {}
        whole = {**base, **act.get("answers", {})}
        return {name: self._written_out(value, moment) for name, value in whole.items()}

    def _written_out(self, value: Any, moment: datetime) -> Any:
        """Shorthands: a moment minutes before the act, a day days before it or a moment workdays on, an id number."""
        if isinstance(value, list):
            return [self._written_out(inner, moment) for inner in value]
        if not isinstance(value, dict):
            return value
        if "minutes_before" in value:
            return (moment - timedelta(minutes=value["minutes_before"])).isoformat()
        if "days_before" in value:
            return (local_date(moment) - timedelta(days=value["days_before"])).isoformat()
        if "months_before" in value:
            return _month_before(local_date(moment), int(value["months_before"]))
        if "quarters_before" in value:
            year, month = map(int, _month_before(local_date(moment), 3 * int(value["quarters_before"])).split("-"))
            return f"{year}-Q{(month + 2) // 3}"
        if "workdays_on" in value:
            return self.at(local_date(moment), value["at"], int(value["workdays_on"])).isoformat()
        if "born" in value and "serial" in value:  # a county's code, or a city's own
            return make_id(self.rulebook.code[:6].ljust(6, "0"), value["born"], value["serial"])
        return {name: self._written_out(inner, moment) for name, inner in value.items()}


def _month_before(day: date, months: int) -> str:
    """Return the month so many months before the month of a day, as YYYY-MM."""
    whole = day.year * 12 + day.month - 1 - months
    return f"{whole // 12}-{whole % 12 + 1:02d}"
