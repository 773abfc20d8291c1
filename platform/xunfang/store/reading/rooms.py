"""What of the scoped reading has a place of its own: each room sees what its scope sees, and nothing else."""

from collections.abc import Collection, Iterable

from xunfang.store.database import Reader
from xunfang.store.reading.alike import one_of_each
from xunfang.store.reading.change_sets import ChangeSetsInSight
from xunfang.store.reading.circulars import CircularsInSight
from xunfang.store.reading.lines import moves_of
from xunfang.store.reading.meetings import MeetingsInSight
from xunfang.store.reading.publications import PublicationsInSight
from xunfang.store.reading.reported import ReportSource
from xunfang.store.reading.rolls import RollsInSight
from xunfang.store.scope import Scope
from xunfang.store.tables import Amendment


class Rooms:
    """Reads within a scope, by the part of the work that it concerns."""

    _reader: Reader
    scope: Scope

    @property
    def change_sets(self) -> ChangeSetsInSight:
        """What is in sight of change sets, see there."""
        return ChangeSetsInSight(self._reader, self.scope)

    @property
    def circulars(self) -> CircularsInSight:
        """What is in sight of circulars, see there."""
        return CircularsInSight(self._reader, self.scope)

    @property
    def meetings(self) -> MeetingsInSight:
        """What is in sight of meetings, see there."""
        return MeetingsInSight(self._reader, self.scope)

    def moves(self, people: Iterable[str]) -> dict[str, list[Amendment]]:
        """Return when people that the caller found to be in sight moved, by person."""
        return moves_of(self._reader, people)

    def one_of_each(self, people: Collection[str]) -> dict[str, str]:
        """Return, of records that were found to be one person with others, the one that stands for them all."""
        return one_of_each(self._reader, people)

    @property
    def publications(self) -> PublicationsInSight:
        """What is in sight of publications, see there."""
        return PublicationsInSight(self._reader, self.scope)

    @property
    def reported(self) -> ReportSource:
        """What a report is filled in with that the caller found to be in sight."""
        return ReportSource(self._reader, self.scope.jurisdiction)

    @property
    def rolls(self) -> RollsInSight:
        """What is in sight of rolls of monthly payments, see there."""
        return RollsInSight(self._reader, self.scope)
