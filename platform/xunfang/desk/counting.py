"""The door to indicators 指标: what they came to within somebody's sight, and every thing behind a number."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from xunfang.actions.deployment import Actor, Deployment
from xunfang.clock import local_date
from xunfang.desk.faces.indicators import IndicatorFace, IndicatorRow, ScoreTable, ThingRow
from xunfang.desk.indicators import (
    CHOICES,
    by_owner,
    choices,
    indicator_face,
    indicator_row,
    is_shown,
    score_tables,
    thing_row,
)
from xunfang.desk.releases import Releases
from xunfang.desk.things import things_of
from xunfang.errors import NotFound
from xunfang.rulebook.model import Indicator
from xunfang.rules.figures import lately
from xunfang.rules.reports import counted_as, looked_through, told_on
from xunfang.store.reading.figures import is_known
from xunfang.store.reading.settled import PIECE, Days
from xunfang.store.scoped import ScopedReader, scoped
from xunfang.worktime import Every, Period, period_of

LISTED = 50
_LOOKED = 2_000
"""So many things one page looks through for those that it is to show."""


@dataclass(frozen=True, slots=True)
class CountingReadings:
    """Answers what indicators came to, within the sight of the person who asks."""

    deployment: Deployment

    @contextmanager
    def _reader(self, actor: Actor) -> Iterator[ScopedReader]:
        with scoped(self.deployment.database, actor.scope) as reader:
            yield reader

    def _rules(self, actor: Actor) -> Releases:
        return Releases(self.deployment.rulebooks, actor.jurisdiction)

    def _indicator(self, actor: Actor, id: str) -> Indicator:
        found = self._rules(actor).in_force.indicators.get(id)
        if found is None:
            raise NotFound()
        return found

    def dashboard(self, actor: Actor, day: date) -> Sequence[IndicatorRow]:
        """Return every indicator of the jurisdiction for the period that a day lies in, with those before."""
        rules = self._rules(actor)
        every = rules.in_force.indicators.values()
        first = min((lately(one, day, CHOICES)[0].first for one in every), default=day)
        with self._reader(actor) as reader:
            figures = by_owner(rules.in_force, (row for row in reader.figures(first, day) if not row.owner))
        return [indicator_row(one, rules.labels(), figures, day) for one in every]

    def indicator(self, actor: Actor, id: str, day: date, today: date) -> IndicatorFace:
        """Return one indicator by owner; raises NotFound for one that the rules do not know."""
        indicator, rules = self._indicator(actor, id), self._rules(actor)
        first = lately(indicator, day, CHOICES)[0].first
        with self._reader(actor) as reader:
            figures = by_owner(rules.in_force, reader.figures(first, day, id, places=True))
        face = indicator_face(indicator, rules.labels(), figures, day, partial(is_known, actor.scope))
        return replace(face, periods=choices(indicator, today))

    def scores(self, actor: Actor, year: int, last: date = date.max) -> Sequence[ScoreTable]:
        """Return the ranking of a year by the points of all indicators that have any, in periods begun by a day.

        Places are told among all owners, whoever of them is in sight.
        """
        whole, knows = period_of(Every.YEAR, date(year, 1, 1)), partial(is_known, actor.scope)
        with self._reader(actor) as reader:
            found = reader.figures(whole.first, min(whole.last, last), places=True)
        return list(score_tables(self._rules(actor).labels(), found, knows))

    def things(
        self, actor: Actor, id: str, day: date, owner: str, good: bool | None, after: str, at: datetime
    ) -> tuple[Sequence[ThingRow], str]:
        """Return a page of the things behind a number that are in sight, and where the next begins.

        Raises NotFound for an indicator that is none, and for an owner of whom the person may know nothing.
        """
        indicator, rules = self._indicator(actor, id), self._rules(actor)
        if not is_known(actor.scope, owner):
            raise NotFound()
        with self._reader(actor) as reader:
            return walk(reader, rules, indicator, lately(indicator, day, 1)[0], (owner,), good, after, at)


def walk(
    reader: ScopedReader,
    rules: Releases,
    indicator: Indicator,
    period: Period,
    owners: Sequence[str],
    good: bool | None,
    after: str,
    at: datetime,
) -> tuple[list[ThingRow], str]:
    """Return a page of the things in sight that are counted for some owners in a period, and where the next begins."""
    found, looked = list[ThingRow](), 0
    of, today = counted_as(indicator), local_date(at)
    days = Days(rules.jurisdiction, period.first, period.last, at)
    while len(found) < LISTED and looked < _LOOKED:
        piece, after = reader.settled(looked_through(of), days, after)
        for thing, line in things_of(reader, rules, indicator.whole.of, piece, at, told_on(of, period, today)):
            if any(is_shown(rules.in_force, indicator, period, owner, thing, good, today) for owner in owners):
                found.append(thing_row(indicator, thing, line))
        looked += PIECE
        if not after:
            break
    return found, after
