"""Publications 公示, in words, for those who see their cases; and, of the website alone, for everybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from xunfang.actions.deployment import Actor, Deployment
from xunfang.casework import Publication
from xunfang.desk.faces.publications import PublicationFace, PublicationPage, SheetFace
from xunfang.desk.labels import Labels
from xunfang.desk.releases import Releases
from xunfang.errors import NotFound
from xunfang.rules.publications import BOARDS, WEBSITE, objection_words
from xunfang.store import connection
from xunfang.store.reading.publications import hangs, public_page
from xunfang.store.scoped import scoped

STATUS = {"up": "正在公示", "interrupted": "因异议中止", "over": "公示期满", "down": "已撤下"}


@dataclass(frozen=True, slots=True)
class PublicationReadings:
    """Answers what concerns publications, within the sight of the person who asks."""

    deployment: Deployment

    def _rules(self, actor: Actor) -> Releases:
        return Releases(self.deployment.rulebooks, actor.jurisdiction)

    def published(self, actor: Actor) -> bool:
        """Return whether anything of the person's jurisdiction is ever published."""
        flows = self._rules(actor).in_force.flows.values()
        return any(state.publishes for flow in flows for state in flow.states.values())

    def page(self, actor: Actor, at: datetime, after: str, *, current: bool) -> tuple[Sequence[PublicationFace], str]:
        """Return a page of the publications in sight, that posted last first, and where the next begins."""
        with scoped(self.deployment.database, actor.scope) as reader:
            page = reader.publications.page(after, at, current=current)
        rules = self._rules(actor)
        return [publication_face(row, rules.labels(row.release), at) for row in page.items], page.next

    def publication(self, actor: Actor, key: str, at: datetime) -> PublicationPage:
        """Return a publication in sight; raises NotFound for any other."""
        with scoped(self.deployment.database, actor.scope) as reader:
            stored = reader.publications.file(key)
            seen = reader.sees_case(stored.posted.case)
        labels = self._rules(actor).labels(stored.posted.release)
        told = ((event.at, event.actor_name, str(event.told.get("reason", ""))) for event in stored.objections)
        return PublicationPage(
            face=publication_face(stored.posted, labels, at),
            case=stored.posted.case if seen else "",
            number=stored.number if seen else "",
            sha256=stored.posted.sha256,
            photos=tuple(photo.id for photo in stored.proof),
            objections=tuple(told) if seen else (),
        )

    def sheet(self, actor: Actor, board: str, place: str, at: datetime) -> SheetFace:
        """Return what hangs on one board of a place now; raises NotFound where nothing in sight does."""
        with scoped(self.deployment.database, actor.scope) as reader:
            found = reader.publications.sheet(board, place, at)
        if not found:
            raise NotFound()
        rules = self._rules(actor)
        rows = tuple(publication_face(row, rules.labels(row.release), at) for row in found)
        firsts = tuple(dict.fromkeys(row.first for row in rows))
        return SheetFace(rows[0].board_label, rows[0].place_label, rows, firsts)

    def of_case(self, actor: Actor, case_id: str, at: datetime) -> Sequence[PublicationFace]:
        """Return the publications of a case in sight, in order."""
        with scoped(self.deployment.database, actor.scope) as reader:
            found = reader.publications.of_case(reader.case(case_id).id)
        rules = self._rules(actor)
        return [publication_face(row, rules.labels(row.release), at) for row in found]

    # without an account

    def public(self, jurisdiction: str, at: datetime, after: str) -> tuple[Sequence[PublicationFace], str]:
        """Return a page of what the website of a jurisdiction publishes now; raises NotFound for one not served."""
        self._served(jurisdiction)
        with connection(self.deployment.database, jurisdiction) as reader:
            page = public_page(reader, jurisdiction, WEBSITE, at, after)
        rules = Releases(self.deployment.rulebooks, jurisdiction)
        return [publication_face(row, rules.labels(row.release), at) for row in page.items], page.next

    def public_one(self, jurisdiction: str, key: str, at: datetime) -> PublicationFace | None:
        """Return what the website of a jurisdiction publishes, None once it came down; raises NotFound."""
        self._served(jurisdiction)
        with connection(self.deployment.database, jurisdiction) as reader:
            found = reader.first(Publication, id=key, jurisdiction=jurisdiction, board=WEBSITE)
        if found is None:
            raise NotFound()
        labels = Releases(self.deployment.rulebooks, jurisdiction).labels(found.release)
        return publication_face(found, labels, at) if hangs(found, at) else None

    def _served(self, jurisdiction: str) -> None:
        if jurisdiction not in self.deployment.rulebooks.current:
            raise NotFound()


def publication_face(posted: Publication, labels: Labels, at: datetime) -> PublicationFace:
    """Return what was posted, word for word, and how it stands."""
    told, status = posted.told, _status(posted, at)
    return PublicationFace(
        id=posted.id,
        matter=told.get("matter", ""),
        name=told.get("name", ""),
        lives=told.get("place", ""),
        programme=told.get("programme", ""),
        amount=told.get("amount", ""),
        members=told.get("members", ""),
        more=told.get("more", ""),
        first=objection_words(told, posted.until),
        board=posted.board,
        board_label=BOARDS.get(posted.board, posted.board),
        place=posted.place,
        place_label=labels.place(posted.place) or labels.rulebook.info.name,
        posted_at=posted.posted_at,
        until=posted.until,
        taken_down_at=posted.taken_down_at,
        status=STATUS[status],
        status_id=status,
    )


def _status(posted: Publication, at: datetime) -> str:
    if posted.interrupted:
        return "interrupted"
    if hangs(posted, at):
        return "up"
    return "over" if posted.until and posted.until <= (posted.taken_down_at or at) else "down"
