"""People of the registry 救助对象档案 in words: the list, and everything recorded of one of them on one page."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from xunfang.actions.deployment import Actor, Deployment
from xunfang.casework import Entitlement, Holding, Membership, Task, Visit, permitted, registered
from xunfang.casework.holdings import holds_on
from xunfang.casework.subjects import ENDED_BY_HAND
from xunfang.clock import local_date
from xunfang.desk.cases import person_face_of
from xunfang.desk.due import due_face
from xunfang.desk.faces.casefile import QuestionFace
from xunfang.desk.faces.people import (
    CategoryFace,
    EntitlementFace,
    HouseholdFace,
    MemberFace,
    NextFace,
    PersonPage,
    PersonRow,
    RecordFace,
    VisitFace,
)
from xunfang.desk.labels import Labels
from xunfang.desk.papers import paper_face
from xunfang.desk.questions import question_faces
from xunfang.desk.queue import case_row
from xunfang.desk.registry import change_faces, choices_for, died_on, verdicts_told
from xunfang.desk.releases import Releases, Today
from xunfang.identity import years_since
from xunfang.rulebook.model import CATEGORY, Rulebook
from xunfang.rules.entitlements import GRANTED, STATES
from xunfang.rules.kinship import LEFT, relation_label
from xunfang.store.reading.gone import Gone
from xunfang.store.reading.people import PeopleFilter, PersonLine
from xunfang.store.reading.person_file import HouseholdView, PersonFile
from xunfang.store.scoped import scoped

SOURCES: Mapping[str, str] = {
    "report": "填报写明", "outcome": "办理结果认定", "list": "部门名单", "hand": "手工登记",
    "fill": "补记以前的办理结果", "import": "导入",
}  # fmt: skip
"""By what something came to be recorded of somebody."""
ELSEWHERE = "另一份登记"


def people_list(
    deployment: Deployment, actor: Actor, wanted: PeopleFilter, at: datetime, after: str
) -> tuple[Sequence[PersonRow], str]:
    """Return a page of the people in sight, and where the next begins."""
    with scoped(deployment.database, actor.scope) as reader:
        page = reader.people(wanted, after)
    labels = Releases(deployment.rulebooks, actor.jurisdiction).labels()
    return [_row(line, labels, local_date(at)) for line in page.items], page.next


def people_of_cases(deployment: Deployment, actor: Actor, at: datetime, after: str) -> tuple[Sequence[PersonRow], str]:
    """Return whom the newest cases in sight are about, each once a page, and where the next page begins."""
    with scoped(deployment.database, actor.scope) as reader:
        page = reader.people_of_cases(after)
    labels = Releases(deployment.rulebooks, actor.jurisdiction).labels()
    return [_row(line, labels, local_date(at)) for line in page.items], page.next


def _row(line: PersonLine, labels: Labels, day: date) -> PersonRow:
    current = [row.category for row in line.holdings if row.until is None]
    held = [row.programme for row in line.entitlements if row.state == GRANTED and holds_on(row, day)]
    view = line.person
    return PersonRow(
        id=view.id,
        name=view.name,
        sex=view.sex,
        age=f"{years_since(view.born, day)}岁" if view.born else "",
        place=labels.place(view.residence),
        masked_id=view.masked_id,
        categories=tuple(labels.entry(CATEGORY, each) for each in dict.fromkeys(current)),
        programmes=tuple(labels.programme(each) for each in dict.fromkeys(held)),
        gone=_gone(line.gone),
    )


def _gone(gone: Gone) -> str:
    if gone.died:
        return f"{gone.died} 去世"
    return f"{gone.moved} 迁出" if gone.moved else ""


def person_page(deployment: Deployment, actor: Actor, person_id: str, at: datetime) -> PersonPage:
    """Return everything about a person in sight; raises NotFound for any other."""
    with scoped(deployment.database, actor.scope) as reader:
        stored = reader.person_file(person_id)
    rules = Releases(deployment.rulebooks, actor.jurisdiction)
    return _Page(stored, rules, actor, Today(at, rules.in_force)).face()


class _Page:
    """One person's page in the making: each of its parts in words."""

    def __init__(self, stored: PersonFile, rules: Releases, actor: Actor, today: Today) -> None:
        self.stored, self.rules, self.actor, self.today = stored, rules, actor, today
        self.labels, self.day = rules.labels(), local_date(today.now)
        self.numbers = {item.case: item.number for item in stored.cases}

    @property
    def rulebook(self) -> Rulebook:
        """The rules in force."""
        return self.rules.in_force

    def face(self) -> PersonPage:
        """Return the page."""
        stored, labels = self.stored, self.labels
        households = tuple(self._household(each) for each in stored.households)
        may_answer = "confirm-dispatch" in self.actor.acts
        return PersonPage(
            person=person_face_of(stored.view, labels, self.today.now, may_reveal="reveal" in self.actor.acts),
            version=stored.person.version,
            household=next((each for each in households if each.now), None),
            households=tuple(each for each in households if not each.now),
            entitlements=tuple(map(self._entitlement, sorted(stored.entitlements, key=_latest, reverse=True))),
            categories=tuple(map(self._category, sorted(stored.holdings, key=_current, reverse=True))),
            cases=tuple(case_row(self.rules.labels(item.release), item, self.today) for item in stored.cases),
            next=tuple(self._next()),
            papers=tuple(paper_face(each, labels, self.actor, self.numbers[each.case]) for each in stored.papers),
            visits=tuple(self._visit(each) for each in sorted(stored.visits, key=_on, reverse=True)),
            questions=self._questions(may_answer=may_answer),
            changes=tuple(change_faces(stored, labels)),
            died=died_on(stored),
            **self._upkeep(),
            same=tuple(self._same()),
        )

    def _upkeep(self) -> dict[str, Any]:
        """Return what may be done here by hand, and what it asks for."""
        stored, own = self.stored, self.stored.person.id
        rows = [row for home in stored.households for row in home.memberships]
        died = died_on(stored) is not None
        subject = registered(stored.person, rows, stored.holdings, stored.entitlements, self.day, died=died)
        can = permitted(self.rulebook, self.actor, subject)
        names = {key: name for home in stored.households for key, name in home.names.items() if key != own}
        return {"can": can, "choices": choices_for(subject, self.labels, names) if can else {}}

    def _questions(self, *, may_answer: bool) -> tuple[QuestionFace, ...]:
        told = verdicts_told(self.stored)
        return question_faces(
            self.stored.questions, self.stored.person.id, self.labels, may_answer=may_answer, told=told
        )

    def _entitlement(self, row: Entitlement) -> EntitlementFace:
        labels = self.rules.labels(row.release)
        return EntitlementFace(
            id=row.id,
            version=row.version,
            programme=labels.programme(row.programme),
            state=STATES[row.state],
            state_id=row.state,
            held=row.state == GRANTED and holds_on(row, self.day),
            taken_back=row.withdrawn_at is not None,
            since=row.since,
            until=row.until,
            amount=yuan(row.cents),
            members=row.members,
            unit=labels.unit(row.unit),
            decided_at=row.decided_at,
            reason=labels.reason(row.reason),
            case=row.case if row.case in self.numbers else "",
            number=self.numbers.get(row.case, ""),
            basis=labels.clauses(row.cites),
            by_hand=row.source in ENDED_BY_HAND,
            elsewhere=self._elsewhere(row.person),
        )

    def _category(self, row: Holding) -> CategoryFace:
        return CategoryFace(
            id=row.id,
            version=row.version,
            label=self.labels.entry(CATEGORY, row.category),
            since=row.since,
            until=row.until,
            source=SOURCES.get(row.source, row.source),
            case=row.case if row.case in self.numbers else "",
            number=self.numbers.get(row.case, ""),
            basis=self.labels.clauses(row.cites),
            elsewhere=self._elsewhere(row.person),
        )

    def _elsewhere(self, person: str) -> str:
        return "" if person == self.stored.person.id else ELSEWHERE

    def _household(self, each: HouseholdView) -> HouseholdFace:
        ours = {record.id for record in self.stored.records}
        members = sorted(each.memberships, key=lambda row: (row.left_on is not None, row.relation != "head", row.id))
        return HouseholdFace(
            id=each.household.id,
            number=each.household.number,
            place=self.labels.place(each.household.residence),
            now=any(row.person in ours and row.left_on is None for row in members),
            members=tuple(self._member(row, each.names) for row in members),
        )

    def _member(self, row: Membership, names: Mapping[str, str]) -> MemberFace:
        return MemberFace(
            person=row.person if row.person in names else "",
            name=names.get(row.person, "不在查看范围内"),
            relation=relation_label(self.rulebook, row.relation),
            joined_on=row.joined_on,
            left_on=row.left_on,
            because=LEFT.get(row.left_because, row.left_because),
        )

    def _next(self) -> Iterator[NextFace]:
        """Yield what is next in the cases that go on, the soonest due first."""
        for task in sorted(self.stored.tasks, key=_soonest):
            labels = self.rules.labels(task.release)
            due = due_face(labels, task.due_at, task.due, self.today, stopped=task.suspended_at)
            stage = labels.item(task.subject, task.flow, task.state)
            yield NextFace(stage, labels.unit(task.unit), due, task.case, self.numbers.get(task.case, ""))

    def _visit(self, row: Visit) -> VisitFace:
        labels = self.rules.labels(row.release)
        form = labels.rulebook.forms.get(row.form)
        way = labels.answer("way", row.way)
        return VisitFace(
            on=row.visited_on,
            unit=labels.unit(row.unit),
            by=self.stored.names.get(row.by, ""),
            form=form.title if form else "",
            way=way,
            photos=self.stored.photos.get(row.submission, ()),
            said=labels.said(form, self.stored.told.get(row.submission, {})) if form else (),
        )

    def _same(self) -> Iterator[RecordFace]:
        for record in self.stored.records[1:]:
            yield RecordFace(record.id, record.name, self.labels.place(record.residence), record.masked_id)


def yuan(cents: int | None) -> str:
    """Return an amount of 分 in 元, "" where none was told."""
    return "" if cents is None else f"{cents / 100:,.2f}".removesuffix(".00") + " 元"


def _latest(row: Entitlement) -> tuple[date, str]:
    return row.since, row.id


def _current(row: Holding) -> tuple[bool, date, str]:
    return row.until is None, row.since, row.id


def _on(row: Visit) -> tuple[date, str]:
    return row.visited_on, row.id


def _soonest(task: Task) -> tuple[bool, float, str]:
    return task.due_at is None, task.due_at.timestamp() if task.due_at else 0.0, task.id
