"""The part of the door of the read side that is about lists of departments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from xunfang.actions.deployment import Actor, Deployment
from xunfang.desk import faces
from xunfang.desk.duties import duty_row
from xunfang.desk.feeds import feed_faces, list_face, list_row
from xunfang.desk.releases import Releases, Today
from xunfang.store.reading.duties import Shown
from xunfang.store.scoped import scoped


@dataclass(frozen=True, slots=True)
class ListReadings:
    """Answers questions about lists from the store, within the sight of the person who asks."""

    deployment: Deployment

    def _rules(self, actor: Actor) -> Releases:
        return Releases(self.deployment.rulebooks, actor.jurisdiction)

    def feeds(self, actor: Actor, at: datetime) -> tuple[faces.FeedFace, ...]:
        """Return the feeds under which the person's unit hands lists in, with what it owes of each."""
        rules = self._rules(actor)
        with scoped(self.deployment.database, actor.scope) as reader:
            return feed_faces(reader, rules.labels(), actor, Today(at, rules.in_force))

    def page(self, actor: Actor, after: str = "") -> tuple[Sequence[faces.ListRow], str]:
        """Return a page of the lists that the person's unit handed in or was handed, newest first."""
        with scoped(self.deployment.database, actor.scope) as reader:
            page = reader.deliveries.page(after)
        rules = self._rules(actor)
        return [list_row(item, rules.labels(item.release)) for item in page.items], page.next

    def late(self, actor: Actor, at: datetime) -> Sequence[faces.DutyRow]:
        """Return lists that are owed to the person's unit and late, as far as one page shows them."""
        rules = self._rules(actor)
        with scoped(self.deployment.database, actor.scope) as reader:
            items = reader.duties(Shown.LATE, at).items
        duties, today = rules.in_force.duties, Today(at, rules.in_force)
        late = [item for item in items if item.ended_at is None and actor.unit in item.to]
        return [
            duty_row(item, rules.labels(item.release), today)
            for item in late
            if item.duty in duties and duties[item.duty].feed
        ]

    def one(self, actor: Actor, delivery_id: str, show: str, after: int) -> faces.ListFace:
        """Return a list in sight with some of the people in it; raises NotFound for any other."""
        with scoped(self.deployment.database, actor.scope) as reader:
            delivery = reader.deliveries.one(delivery_id)
            return list_face(reader, self._rules(actor), actor, delivery, show, after)
