"""Visits 走访 in words: whom the unit is to see, why and by when, and how far each duty is."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.submitting import may_fill
from xunfang.casework import DutyPeriod, OwedThing, Task
from xunfang.casework.owing import DRAWN, EVENT, is_overdue
from xunfang.clock import local, local_date
from xunfang.desk.details import GONE
from xunfang.desk.due import due_face, standing
from xunfang.desk.faces.basis import ClauseFace
from xunfang.desk.faces.visits import ThingRow, VisitDesk, WholeRow
from xunfang.desk.labels import Labels
from xunfang.desk.releases import Releases, Today
from xunfang.desk.wording import Standing
from xunfang.errors import NotFound
from xunfang.rulebook.model import CATEGORY, Duty, Rulebook
from xunfang.rules.duties import period_words
from xunfang.rules.occasions import is_done_thing_by_thing, is_of_cases
from xunfang.rules.visits import is_visiting
from xunfang.store.reading.things import ThingItem, Which
from xunfang.store.scoped import scoped

THING_STATUS: Mapping[str, str] = {
    "owed": "待走访", "owed-late": "逾期", "done": "已完成", "missed": "期满未走访", "waived": "免",
    "ended": "不再要求",
}  # fmt: skip
"""How something owed about somebody stands, as pages call it."""
MOST_PRINTED = 2000
"""So many lines go on one printed or exported list."""


def visit_desk(deployment: Deployment, actor: Actor, which: Which, at: datetime, after: str) -> VisitDesk:
    """Return the page of what the person's unit owes."""
    rules = Releases(deployment.rulebooks, actor.jurisdiction)
    today = Today(at, rules.in_force)
    tonight = local(at).replace(hour=23, minute=59, second=59, microsecond=0)
    duties = [duty.id for duty in rules.in_force.duties.values() if is_done_thing_by_thing(duty)]
    with scoped(deployment.database, actor.scope) as reader:
        page = reader.visits.page(which, after)
        counts = reader.visits.counts(at, tonight)
        wholes = reader.visits.wholes(duties)
        things = reader.visits.of([whole.id for whole, _ in wholes])
    labels = rules.labels()
    return VisitDesk(
        wholes=tuple(_whole(whole, task, things.get(whole.id, {}), labels, today) for whole, task in wholes),
        rows=tuple(_row(item, labels, today) for item in page.items),
        next=page.next,
        counts={name: f"{count}{'以上' if count.more else ''}" for name, count in counts.items()},
        forms=forms_of_visits(rules.in_force, actor),
    )


def forms_of_visits(rulebook: Rulebook, actor: Actor) -> tuple[tuple[str, str], ...]:
    """Return the forms by which the person may tell of a visit to anybody, each with its title."""
    names = dict.fromkeys(duty.satisfied_by for duty in rulebook.duties.values() if duty.satisfied_by)
    opening = {form for flow in rulebook.flows.values() for form in flow.opens_on}
    forms = (rulebook.forms[name] for name in names if name in rulebook.forms and name not in opening)
    return tuple((form.id, form.title) for form in forms if may_fill(actor, form))


def things_of_whole(
    deployment: Deployment, actor: Actor, period: str, which: Which, at: datetime, after: str
) -> tuple[WholeRow, tuple[ThingRow, ...], str]:
    """Return what a unit owes as a whole, in sight, with a page of its things; raises NotFound for any other."""
    rules = Releases(deployment.rulebooks, actor.jurisdiction)
    today = Today(at, rules.in_force)
    with scoped(deployment.database, actor.scope) as reader:
        stored = reader.duty_file(period)
        page = reader.visits.page(which, after, period)
        things = reader.visits.of([period]).get(period, {})
    labels = rules.labels()
    whole = _whole(stored.owed, stored.task, things, labels, today)
    return whole, tuple(_row(item, labels, today) for item in page.items), page.next


def every_thing(deployment: Deployment, actor: Actor, at: datetime) -> tuple[ThingRow, ...]:
    """Return all that the person's unit still owes, for a list to take along; of very much, what is planned first."""
    rules = Releases(deployment.rulebooks, actor.jurisdiction)
    today, after = Today(at, rules.in_force), ""
    found: list[ThingItem] = []
    with scoped(deployment.database, actor.scope) as reader:
        while len(found) < MOST_PRINTED:
            page = reader.visits.page(Which.OWED, after)
            found += page.items
            after = page.next
            if not after:
                break
    return tuple(_row(item, rules.labels(), today) for item in found)


def thing_row(deployment: Deployment, actor: Actor, thing_id: str, at: datetime) -> ThingRow:
    """Return what is owed about somebody, in sight; raises NotFound for any other."""
    rules = Releases(deployment.rulebooks, actor.jurisdiction)
    with scoped(deployment.database, actor.scope) as reader:
        item = reader.visits.one(thing_id)
    return _row(item, rules.labels(), Today(at, rules.in_force))


def _whole(whole: DutyPeriod, task: Task, things: Mapping[str, int], labels: Labels, today: Today) -> WholeRow:
    duty = labels.rulebook.duties.get(whole.duty)
    form = labels.rulebook.forms.get(duty.satisfied_by) if duty else None
    return WholeRow(
        id=whole.id,
        label=labels.duty(whole.duty),
        period=period_words(labels.rulebook, whole.duty, whole.every, whole.begins_on),
        due=due_face(labels, task.due_at, task.due, today, ended=whole.ended_at is not None),
        progress=progress_words(duty, things),
        forms=((form.id, form.title),) if form and not things else (),
    )


def progress_words(duty: Duty | None, things: Mapping[str, int]) -> str:
    """Return how far something is that is owed thing by thing."""
    drawn = bool(duty and is_of_cases(duty))
    unit, done_words = ("件", "已完成") if drawn else ("人", "已走访")
    many = sum(things.get(status, 0) for status in ("owed", "done", "missed"))
    if not many:
        at_least = duty.at_least if duty else 1
        return f"走访任何人都计入，至少{at_least}次" if duty and is_visiting(duty) else ""
    missed = f"，期满未完成 {things['missed']} {unit}" if things.get("missed") else ""
    return f"共 {many} {unit}，{done_words} {things.get('done', 0)} {unit}{missed}"


def _row(item: ThingItem, labels: Labels, today: Today) -> ThingRow:
    thing, rulebook = item.thing, labels.rulebook
    duty = rulebook.duties.get(thing.duty)
    ended = thing.status != "owed"
    late = thing.status == "owed" and is_overdue(thing, today.now)
    status = "owed-late" if late else thing.status
    due = due_face(labels, thing.due_at, None, today, ended=ended)
    return ThingRow(
        id=thing.id,
        person=thing.person,
        name=item.name or "姓名未登记",
        place=labels.place(thing.residence),
        residence=rulebook.divisions.follow(thing.residence),
        phones=item.phones,
        categories=tuple(labels.entry(CATEGORY, each) for each in item.categories),
        duty=labels.duty(thing.duty),
        why=_why(thing, duty, labels),
        planned_on=local_date(thing.planned_at),
        due=due,
        standing=Standing("", "") if ended else standing(today, _shown_due(thing, today), None),
        visited_on=item.visited_on,
        needed=thing.needed,
        made=thing.made,
        status=THING_STATUS[status],
        status_id=status,
        because=_because(thing),
        button="填写记录" if thing.subject in (DRAWN, EVENT) else "填走访记录",
        case=item.case[0],
        number=item.case[1],
        form=form_of(rulebook, thing),
        submission=thing.submission,
    )


def _because(thing: OwedThing) -> str:
    """Return why something is owed no more, and whether another stands in for it; "" where nobody told why."""
    if thing.because not in GONE:
        return ""
    stood_in = thing.subject == DRAWN and thing.status == "ended"
    return f"{GONE[thing.because]}，{'由下一个替补' if stood_in else '不再要求'}"


def _shown_due(thing: OwedThing, today: Today) -> datetime:
    """Return by when somebody is seen next: at the end of the planned day, or when its time is up."""
    planned = thing.planned_at + timedelta(days=1) - timedelta(seconds=1)
    return planned if today.now <= planned <= thing.due_at else thing.due_at


def _why(thing: OwedThing, duty: Duty | None, labels: Labels) -> tuple[ClauseFace, ...]:
    """Return the clauses by which somebody is visited so often: those of the rhythm that binds, or of the duty."""
    if duty is None:
        return ()
    nth = thing.asks.removeprefix(f"{duty.id}.rhythms.")
    own = duty.rhythms[int(nth) - 1].basis if nth.isdigit() and int(nth) <= len(duty.rhythms) else duty.basis
    return labels.basis(own if own.cites or own.practice else duty.basis)


def form_of(rulebook: Rulebook, thing: OwedThing) -> str:
    """Return the form something is done with, "" where the rules in force know none."""
    duty = rulebook.duties.get(thing.duty)
    name = (duty.satisfied_by or duty.form) if duty else ""
    return name if name in rulebook.forms else ""


def prefilled(rulebook: Rulebook, form_id: str, row: ThingRow, residence: str, day: str) -> dict[str, tuple[str, ...]]:
    """Return what the page of a form can know already of whom it is about, and that it is of today."""
    form = rulebook.forms.get(form_id)
    if form is None:
        raise NotFound()
    known = {form.person.get("name", ""): row.name, form.person.get("residence", ""): residence}
    dated = next((field.name for field in form.fields.values() if field.kind == "date"), "")
    known[dated] = day
    return {name: (value,) for name, value in known.items() if name in form.fields and value}
