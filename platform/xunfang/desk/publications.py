"""Publications 公示, in words, for those who see their cases; and, of the website alone, for everybody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from xunfang.actions.deployment import Actor, Deployment
from xunfang.casework import HelpedList, Publication
from xunfang.clock import local
from xunfang.desk.faces.publications import HelpedPage, HelpedRow, PublicationFace, PublicationPage, SheetFace
from xunfang.desk.labels import Labels
from xunfang.desk.objections import forms_to_object, found_words, objection_faces
from xunfang.desk.releases import Releases
from xunfang.errors import NotFound
from xunfang.rules.publications import BOARDS, WEBSITE, objection_words
from xunfang.store import connection
from xunfang.store.reading import publications
from xunfang.store.reading.publications import hangs, public_lists, public_page
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
            made = reader.publications.objections(page.items)
        rules = self._rules(actor)
        faces = [publication_face(row, rules.labels(row.release), at) for row in page.items]
        return [replace(face, objections=len(made[face.id])) for face in faces], page.next

    def publication(self, actor: Actor, key: str, at: datetime) -> PublicationPage:
        """Return a publication in sight; raises NotFound for any other."""
        with scoped(self.deployment.database, actor.scope) as reader:
            stored = reader.publications.file(key)
            seen = reader.sees_case(stored.posted.case)
        rules = self._rules(actor)
        labels = rules.labels(stored.posted.release)
        told = ((event.at, event.actor_name, str(event.told.get("reason", ""))) for event in stored.objections)
        return PublicationPage(
            face=publication_face(stored.posted, labels, at),
            case=stored.posted.case if seen else "",
            number=stored.number if seen else "",
            sha256=stored.posted.sha256,
            photos=tuple(photo.id for photo in stored.proof),
            noted=tuple(told) if seen else (),
            objections=objection_faces(stored.by_form, rules),
            found=found_words(stored, rules, at),
            forms=forms_to_object(stored, rules, actor, at),
        )

    def to_object(self, actor: Actor, key: str, at: datetime) -> tuple[str, str, PublicationFace]:
        """Return of what hangs, in sight, the name and place of whom it is of, as its form asks; raises NotFound."""
        with scoped(self.deployment.database, actor.scope) as reader:
            posted = reader.publications.file(key).posted
            case = reader.case(posted.case)
            name = reader.person(case.person).name
        return name, case.residence, publication_face(posted, self._rules(actor).labels(posted.release), at)

    def objected(self, actor: Actor, case_id: str, at: datetime) -> Sequence[PublicationFace]:
        """Return the publications in sight that the reports of a case in sight object to."""
        with scoped(self.deployment.database, actor.scope) as reader:
            found = reader.publications.objected_by(reader.case(case_id).id)
        rules = self._rules(actor)
        return [publication_face(row, rules.labels(row.release), at) for row in found]

    def sheet(self, actor: Actor, board: str, place: str, at: datetime) -> SheetFace:
        """Return what hangs on one board of a place now; raises NotFound where nothing in sight does."""
        with scoped(self.deployment.database, actor.scope) as reader:
            found = reader.publications.sheet(board, place, at)
        if not found:
            raise NotFound()
        rules = self._rules(actor)
        most = publications.MOST_ON_A_SHEET
        rows = tuple(publication_face(row, rules.labels(row.release), at) for row in found[:most])
        firsts = tuple(dict.fromkeys(row.first for row in rows))
        lacks = f"正在公示的超过{most}户，本单只列先张贴的{most}户，其余的没有列入。" if len(found) > most else ""
        return SheetFace(rows[0].board_label, rows[0].place_label, rows, firsts, lacks)

    def of_case(self, actor: Actor, case_id: str, at: datetime) -> Sequence[PublicationFace]:
        """Return the publications of a case in sight, in order."""
        with scoped(self.deployment.database, actor.scope) as reader:
            found = reader.publications.of_case(reader.case(case_id).id)
            made = reader.publications.objections(found)
        rules = self._rules(actor)
        faces = [publication_face(row, rules.labels(row.release), at) for row in found]
        return [replace(face, objections=len(made[face.id])) for face in faces]

    def lists(self, actor: Actor) -> bool:
        """Return whether it is published in the person's jurisdiction who is helped now."""
        return any(each.published.boards for each in self._rules(actor).in_force.programmes.values())

    def helped(self, actor: Actor, after: str) -> tuple[Sequence[HelpedRow], str]:
        """Return a page of the lists of who is helped now, in sight, by place, and where the next begins."""
        with scoped(self.deployment.database, actor.scope) as reader:
            page = reader.publications.helped(after)
        rules = self._rules(actor)
        return [_helped_row(each, rules.labels(each.release)) for each in page.items], page.next

    def helped_list(self, actor: Actor, key: str) -> HelpedPage:
        """Return a list of who is helped now, or was when it hung, in sight; raises NotFound for any other."""
        with scoped(self.deployment.database, actor.scope) as reader:
            found, others = reader.publications.helped_list(key)
        return _helped_page(found, others, self._rules(actor).labels(found.release))

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

    def public_lists(self, jurisdiction: str, after: str) -> tuple[Sequence[HelpedRow], str]:
        """Return a page of who is helped now, as the website of a jurisdiction tells it; raises NotFound."""
        self._served(jurisdiction)
        with connection(self.deployment.database, jurisdiction) as reader:
            page = public_lists(reader, jurisdiction, WEBSITE, after)
        rules = Releases(self.deployment.rulebooks, jurisdiction)
        return [_helped_row(each, rules.labels(each.release)) for each in page.items], page.next

    def public_list(self, jurisdiction: str, key: str) -> HelpedPage | None:
        """Return a list that the website of a jurisdiction shows, None once another took its place; NotFound."""
        self._served(jurisdiction)
        with connection(self.deployment.database, jurisdiction) as reader:
            found = reader.first(HelpedList, id=key, jurisdiction=jurisdiction, board=WEBSITE)
        if found is None:
            raise NotFound()
        labels = Releases(self.deployment.rulebooks, jurisdiction).labels(found.release)
        return None if found.replaced_at else _helped_page(found, (), labels)

    def _served(self, jurisdiction: str) -> None:
        if jurisdiction not in self.deployment.rulebooks.current:
            raise NotFound()


def _helped_page(found: HelpedList, others: Iterable[HelpedList], labels: Labels) -> HelpedPage:
    rule = labels.rulebook.programmes.get(found.programme)
    rows = ((row.get("name", ""), row.get("members", ""), row.get("amount", "")) for row in found.told["rows"])
    return HelpedPage(
        row=_helped_row(found, labels),
        first=objection_words({key: str(found.told.get(key, "")) for key in ("to", "phone")}, None),
        people=tuple(rows),
        sha256=found.sha256,
        others=tuple(_helped_row(each, labels) for each in others if each.id != found.id),
        basis=labels.basis(rule.published.basis) if rule else (),
    )


def _helped_row(found: HelpedList, labels: Labels) -> HelpedRow:
    return HelpedRow(
        id=found.id,
        place=labels.place(found.residence),
        programme=labels.programme(found.programme),
        board=BOARDS.get(found.board, found.board),
        households=found.households,
        posted_at=found.posted_at,
        replaced_at=found.replaced_at,
    )


def sheet_facts(sheet: SheetFace, *, wide: bool) -> dict[str, Any]:
    """Return what the paper of a board says: to whom and until when one may object, and every household on it."""
    heads = ["序号", "姓名", "所在地", "公示事项", "内容", "公示期"]
    rows = [
        [
            str(n),
            row.name,
            row.lives,
            row.programme or row.matter,
            "；".join(filter(None, (row.members, row.amount, row.more))),
            f"{_day(row.posted_at)}{f'至{_day(row.until)}' if row.until else '起'}",
        ]
        for n, row in enumerate(sheet.rows, 1)
    ]
    place = sheet.place_label
    opens = f"{sheet.lacks}{place}下列对象的救助事项正在办理，现予公示："
    return _sheet(f"{place}公示单", "公　示", sheet.firsts, opens, heads, rows, wide=wide)


def helped_facts(page: HelpedPage, *, wide: bool) -> dict[str, Any]:
    """Return what the paper says of who is helped now."""
    row, heads = page.row, ["序号", "姓名", "保障人数", "月保障金额"]
    rows = [[str(n), *person] for n, person in enumerate(page.people, 1)]
    opens = f"截至{_day(row.posted_at)}，{row.place}享受{row.programme}的共{row.households}户，现予公示："
    name = f"{row.place}{row.programme}长期公示"
    return _sheet(name, f"{row.programme}长期公示", [page.first], opens, heads, rows, wide=wide)


def _day(at: datetime) -> str:
    return f"{local(at):%Y年%-m月%-d日}"


def _sheet(
    name: str, title: str, firsts: Iterable[str], opens: str, heads: list[str], rows: list[list[str]], *, wide: bool
) -> dict[str, Any]:
    told = {"name": name, "title": title, "firsts": list(firsts), "opens": opens, "heads": heads, "rows": rows}
    return {"sheet": {**told, "paper": "A3 landscape" if wide else "A4 portrait"}}


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
