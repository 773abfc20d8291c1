"""Proposals of routing, with the row and the clause that made each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from xunfang.casework.proposals import rows_of
from xunfang.desk.due import due_face
from xunfang.desk.faces import DispatchFace, ProposalFace, ReturnFace
from xunfang.desk.labels import Labels
from xunfang.desk.questions import question_faces
from xunfang.desk.releases import Releases, Today
from xunfang.rulebook.model import RoutingTable, Rulebook
from xunfang.rules.units import works_outside
from xunfang.store import Dispatch, QuestionView
from xunfang.store.reading.case_file import SubmissionView
from xunfang.store.reading.dispatch_desk import DeskFile
from xunfang.store.reading.lists import DispatchItem
from xunfang.store.scoped import ScopedReader

DispatchPage = tuple[Sequence[DispatchFace], str]
"""Some dispatches that wait for a decision, and where the next page begins."""


def dispatch_faces(reader: ScopedReader, rules: Releases, today: Today, after: str, case: str) -> DispatchPage:
    """Return a page of the dispatches that wait, longest waiting first; from that of a case on, where one is given."""
    page = reader.dispatches(after, case)
    able = able_units(rules.in_force, reader.rosters(), "complete") if page.items else frozenset()
    files, asked = reader.desk_files(page), _questions(reader, page.items)
    made = (_face(item, files[item.case], asked.get(item.person, ()), rules, today) for item in page.items)
    return tuple(_marked(face, rules.in_force, able) for face in made), page.next


def _questions(reader: ScopedReader, items: Sequence[DispatchItem]) -> dict[str, list[QuestionView]]:
    """Return the questions about the people of a page, by the record of each."""
    people = dict.fromkeys(item.person for item in items)
    found: dict[str, list[QuestionView]] = {}
    for question in reader.questions(*people) if people else ():
        for person in {question.person, question.other} & people.keys():
            found.setdefault(person, []).append(question)
    return found


def _marked(face: DispatchFace, rulebook: Rulebook, able: frozenset[str]) -> DispatchFace:
    """Mark every lead in whose unit nobody can act: its task would go up to a superior."""
    marked = (
        replace(each, empty=bool(each.lead) and each.lead not in able and not works_outside(rulebook, each.lead))
        for each in face.proposals
    )
    return replace(face, proposals=tuple(marked))


def able_units(rulebook: Rulebook, rosters: Mapping[str, Mapping[str, int]], *acts: str) -> frozenset[str]:
    """Return the units in which somebody can do one of these acts, by the roles people have there."""
    roles = {id for id, role in rulebook.roles.items() if set(acts) & set(role.may)}
    return frozenset(unit for unit, had in rosters.items() if had.keys() & roles)


def proposals(proposed: Sequence[Mapping[str, Any]], labels: Labels, flow: str, state: str) -> tuple[ProposalFace, ...]:
    """Return what routing proposed, with names."""
    table = _table(labels.rulebook, flow, state)
    return tuple(_proposal(each, labels, table) for each in proposed)


def _face(
    item: DispatchItem, stored: DeskFile, asked: Sequence[QuestionView], rules: Releases, today: Today
) -> DispatchFace:
    labels, latest = rules.labels(item.release), stored.latest
    task = next((each for each in stored.tasks if each.state == item.dispatch_state and each.ended_at is None), None)
    return DispatchFace(
        case=item.case,
        number=item.case_number,
        version=item.version,
        person=item.person_name or item.case_number,
        place=labels.place(item.residence),
        needs=tuple(labels.answer("needs", need) for need in item.needs),
        urgency=labels.answer("urgency", item.urgency),
        urgent=labels.is_urgent(item.urgency),
        difficulty=_longest_text(rules.labels(latest.release).rulebook, latest) if latest else "",
        proposed_at=item.proposed_at,
        questions=question_faces(asked, item.person, labels, may_answer=True),
        due=due_face(labels, task.due_at if task else None, task.due if task else None, today),
        proposals=tuple(
            replace(
                face,
                returns=tuple(_returns(stored, told, item.proposed_at, today.now, labels)),
                sums=_sums(stored, told.get("routes", ())),
            )
            for face, told in zip(
                proposals(item.proposed, labels, item.flow, item.dispatch_state), item.proposed, strict=True
            )
        ),
    )


def _sums(stored: DeskFile, routes: Sequence[str]) -> tuple[str, ...]:
    """Return the sums by which some rows last proposed somebody, as the record has them."""
    proposed = [event for event in stored.events if event.name == "dispatch.proposed"]
    last = next((event for event in reversed(proposed) if {*routes} <= {*event.row.split(",")}), None)
    return tuple(last.told.get("sums_by", {}).get(rows_of(routes), ())) if last else ()


def _returns(
    stored: DeskFile, told: Mapping[str, Any], since: datetime, until: datetime, labels: Labels
) -> Iterator[ReturnFace]:
    """Yield the returns that led to a proposal, oldest first: its own, and before it those of what it came from."""
    tasks = {task.id: task for task in stored.tasks}
    for event in stored.events:
        task = tasks.get(event.task)
        if event.name != "task.returned" or task is None or not since <= event.at <= until:
            continue
        if task.unit == told["lead"] and list(task.routes) == list(told["routes"]):
            for dispatch in stored.dispatches:
                if dispatch.decided_at == task.opened_at < event.at:
                    for before in _come_from(dispatch, task.unit):
                        yield from _returns(stored, before, dispatch.proposed_at, task.opened_at, labels)
            yield ReturnFace(labels.unit(task.unit), event.at, str(event.told["reason"]))


def _come_from(dispatch: Dispatch, unit: str) -> list[Mapping[str, Any]]:
    """Return the proposals that a unit's task may have come of: its own, or those the leader gave to others."""
    decided = {told["lead"] for told in dispatch.confirmed or ()}
    return [told for told in dispatch.proposed if told["lead"] == unit or told["lead"] not in decided]


def _longest_text(rulebook: Rulebook, filled: SubmissionView) -> str:
    """Return the fullest account in the report's own words: the longest answer to a field of running text."""
    form = rulebook.forms.get(filled.form)
    told = (
        [str(filled.answers.get(field.name, "")) for field in form.fields.values() if field.kind == "long-text"]
        if form
        else []
    )
    return max(told, key=len, default="")


def _table(rulebook: Rulebook, flow: str, state: str) -> RoutingTable | None:
    found = rulebook.flows.get(flow)
    return rulebook.routing.get(found.states[state].routes_by) if found and state in found.states else None


def _proposal(told: Mapping[str, Any], labels: Labels, table: RoutingTable | None) -> ProposalFace:
    rows = [row for row in (table.every_row if table else ()) if row.id in told.get("routes", ())]
    cites = told.get("cites") or [id for row in rows for id in row.basis.cites]
    meeting = str(told.get("meeting") or next((row.meeting for row in rows if row.meeting), ""))
    informs = tuple(told.get("informs", ()))
    lead, assist = str(told.get("lead") or ""), tuple(told.get("assist", ()))
    return ProposalFace(
        lead=lead,
        lead_label=labels.unit(lead) if lead else "",
        assist=assist,
        assist_labels=tuple(labels.unit(unit) for unit in assist),
        rows=tuple(told.get("routes", ())),
        clauses=labels.clauses(cites),
        meeting=labels.meeting(meeting),
        informs=tuple(labels.unit(unit) for unit in informs),
    )
