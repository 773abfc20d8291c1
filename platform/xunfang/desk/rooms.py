"""The rooms of the read side that have a door of their own: each answers what concerns one part of the work."""

from dataclasses import dataclass

from xunfang.actions.deployment import Deployment
from xunfang.desk.bulletin import BulletinReadings
from xunfang.desk.circular import CircularReadings
from xunfang.desk.counting import CountingReadings
from xunfang.desk.publications import PublicationReadings
from xunfang.desk.reported import ReportReadings
from xunfang.desk.rolls import RollReadings
from xunfang.desk.sittings import SittingReadings
from xunfang.desk.studio import StudioReadings


@dataclass(frozen=True, slots=True)
class Rooms:
    """What answers questions of a deployment, by the part of the work that they concern."""

    deployment: Deployment

    @property
    def bulletins(self) -> BulletinReadings:
        """What bulletins say."""
        return BulletinReadings(self.deployment)

    @property
    def circulars(self) -> CircularReadings:
        """What circulars about what is overdue would say."""
        return CircularReadings(self.deployment)

    @property
    def counting(self) -> CountingReadings:
        """What indicators came to."""
        return CountingReadings(self.deployment)

    @property
    def meetings(self) -> SittingReadings:
        """What concerns meetings."""
        return SittingReadings(self.deployment)

    @property
    def rolls(self) -> RollReadings:
        """What concerns rolls of monthly payments."""
        return RollReadings(self.deployment)

    @property
    def studio(self) -> StudioReadings:
        """What concerns change sets of the rules."""
        return StudioReadings(self.deployment)

    @property
    def publications(self) -> PublicationReadings:
        """Return what is read of publications 公示."""
        return PublicationReadings(self.deployment)

    @property
    def reported(self) -> ReportReadings:
        """What reports 报表 are filled in with."""
        return ReportReadings(self.deployment)
