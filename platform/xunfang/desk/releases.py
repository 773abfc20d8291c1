"""By which rules a row is read: its names by the release it was made under, its nearness by the calendar in force."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from xunfang.actions.deployment import Rulebooks
from xunfang.clock import SHANGHAI, local
from xunfang.desk.labels import Labels
from xunfang.desk.wording import SOON_DAYS
from xunfang.errors import RulebookError
from xunfang.rulebook.model import Rulebook
from xunfang.store.reading.wanted import Horizon
from xunfang.worktime import WorkCalendar


@dataclass(frozen=True)
class Releases:
    """The rules of one jurisdiction for one reading: those in force, and those that each row was made under."""

    rulebooks: Rulebooks
    jurisdiction: str
    _known: dict[str, Labels] = field(default_factory=dict, init=False)

    @property
    def in_force(self) -> Rulebook:
        """The rules that new cases begin on, and by which people hold their roles."""
        return self.rulebooks.of(self.jurisdiction)

    def of(self, release: str) -> Rulebook:
        """Return the rules of a release; raises KeyError or RulebookError where they cannot be read any more."""
        return self.rulebooks.release(release)

    def edition(self, release: str) -> str:
        """Return what people call a release."""
        return self.rulebooks.label(release)

    def labels(self, release: str = "") -> Labels:
        """Return the names of a release, or those in force: for nothing, and for one that cannot be read any more.

        A page of many rows comes out although one of them stands on rules that this program does not understand.
        """
        if release not in self._known:
            self._known[release] = Labels(self._readable(release) or self.in_force)
        return self._known[release]

    def _readable(self, release: str) -> Rulebook | None:
        with suppress(KeyError, RulebookError):
            return self.of(release) if release else None
        return None


@dataclass(frozen=True)
class Today:
    """The moment of a reading, with the calendar and the office hours in force: how near a deadline is."""

    now: datetime
    rulebook: Rulebook

    @property
    def calendar(self) -> WorkCalendar:
        """The calendar by which days count from now on."""
        return self.rulebook.calendar

    @cached_property
    def horizon(self) -> Horizon:
        """The moments that part a queue: soon is the next two workdays.

        What is due before the office opens tomorrow is today's work.
        """
        here = local(self.now)
        tomorrow = here.date() + timedelta(days=1)
        morning = datetime.combine(tomorrow, self.rulebook.info.office.opens_on(tomorrow), SHANGHAI)
        tonight = here.replace(hour=23, minute=59, second=59, microsecond=0)
        last = self.calendar.workdays_after(here.date(), SOON_DAYS)[-1]
        return Horizon(self.now, morning - timedelta(seconds=1), tonight + timedelta(days=(last - here.date()).days))
