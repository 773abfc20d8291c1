"""The points at which conditions are asked, and which facts there are by then: a fact that comes later never holds."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from xunfang.rulebook.acts import FACT_ROOTS
from xunfang.rulebook.conditions import ALWAYS, facts_of
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.facts import row_forms
from xunfang.rulebook.lint.listed import fields_told, in_full, kind_of
from xunfang.rulebook.model import Condition, Field, Flow, IntakeForm
from xunfang.rulebook.positions import Path

OF_CASE = {"number": "text", "flow": "flow", "state": "state", "urgency": "urgency", "opened_at": "moment"}
"""What conditions may ask of the case itself, and of what kind each is."""

_TOLD_OF = {f"{root}.{name}": "" for root in ("person", "household", "case") for name in sorted(FACT_ROOTS[root])}
"""What lists of people and things tell of them besides what was answered."""

_MANY = frozenset({"clue", "task", "notice", "visit", "entitlement", "case"})
"""Of what another thing may have several."""

PLACES = ("residence", "registration")


@dataclass(frozen=True, slots=True)
class Point:
    """One condition, where it stands, and what is known there: `forms` have been filled by then, None for any form."""

    part: str
    path: Path
    condition: Condition
    where: str
    forms: tuple[IntakeForm, ...] | None
    case: bool = False  # whether there is a case by then
    bare: bool = False  # whether answers alone are asked, as while a form is being filled
    history: tuple[str, ...] = ()  # what the case's flow counts of what it has been through
    about: bool = False  # whether it is asked of a person or a thing on a list
    listed: str = ""  # of what kind of thing it is asked where such are counted or listed, each fact with its root
    forbids: bool = False  # whether nothing can be sent while it holds

    def has_many(self, fact: str) -> bool:
        """Return whether a listed thing may have several of what a fact is told of, such as the tasks of a case."""
        root = fact.partition(".")[0]
        return bool(self.listed) and root in _MANY and root != self.listed


def points(draft: Draft) -> tuple[Point, ...]:
    """Return every condition: on something reported, a case, its task or a person, and on what is counted or listed."""
    return draft.once("points", lambda: tuple(_points(draft)))


def _points(draft: Draft) -> Iterator[Point]:
    yield from _of_forms(draft)
    yield from _of_tables(draft)
    yield from _of_limits(draft)
    yield from _of_outcomes(draft)
    yield from _of_histories(draft)
    yield from _of_duties(draft)
    yield from _of_feeds(draft)
    yield from _of_selections(draft)
    for list_id, entries in draft.rules.lists.items():
        for entry in entries.entries.values():
            if entry.when:
                yield Point("lists", (list_id, entry.id, "when"), entry.when, f"选项“{entry.label}”的条件", None)


def _of_forms(draft: Draft) -> Iterator[Point]:
    for form in draft.rules.forms.values():
        yield from _of_fields(form, form, ("properties",), f"填写“{form.title}”时")
        for field in form.row_fields:
            if field.row:
                path: Path = ("properties", field.name, "items", "properties")
                yield from _of_fields(form, field.row, path, f"填写“{field.title}”的一行时")
        for index, against in enumerate(form.contradictions):
            if not _asks_earlier(form, against.when):
                place: Path = ("x-contradictions", index, "when")
                where, forbids = f"填写“{form.title}”时", not against.asks
                yield Point(f"form:{form.id}", place, against.when, where, (form,), forbids=forbids)


def _of_fields(form: IntakeForm, asked: IntakeForm, path: Path, where: str) -> Iterator[Point]:
    for name, field in asked.fields.items():
        for key, condition in (("x-when", field.when), ("x-required-when", field.required_when)):
            if condition is not None:
                yield Point(f"form:{form.id}", (*path, name, key), condition, where, (asked,), bare=True)


def _asks_earlier(form: IntakeForm, condition: Condition) -> bool:
    """Return whether a contradiction asks for what stands on other forms of the case, or for the chosen outcome."""
    roots = ("person.", "computed.")
    return any(fact not in form.fields and not fact.startswith(roots) for fact in facts_of(condition))


def _of_tables(draft: Draft) -> Iterator[Point]:
    for table in draft.rules.routing.values():
        using = [
            (flow, state) for flow in draft.rules.flows.values() for state in flow.states.values()
            if state.routes_by == table.id
        ]  # fmt: skip
        later = any(state.id != flow.start or not flow.opens_on for flow, state in using)
        forms = _all_of(filled_by(draft, flow, begun=state.id != flow.start) for flow, state in using)
        known = (forms if using else None, later or not using)
        counted = _counted(flow for flow, state in using if state.id != flow.start)
        where = f"“{table.label}”分派时"
        for index, row in enumerate(table.rows):
            if row.when == ALWAYS:
                continue
            yield Point("routing", (table.id, "rows", index, "when"), row.when, where, *known, history=counted)
        if table.confirm_unless:
            path = (table.id, "confirm_unless")
            yield Point("routing", path, table.confirm_unless, where, *known, history=counted)


def _of_limits(draft: Draft) -> Iterator[Point]:
    filled = {flow.id: filled_by(draft, flow) for flow in draft.rules.flows.values()}
    named = {flow.id: {flow.case_deadline, *(state.deadline for state in flow.states.values())}
             for flow in draft.rules.flows.values()}  # fmt: skip
    for deadline in draft.rules.deadlines.values():
        using = [flow for flow in draft.rules.flows.values() if deadline.id in named[flow.id]]
        forms = _all_of(filled[flow.id] for flow in using) if using else None
        for index, case in enumerate(deadline.limits):
            where = f"“{deadline.label}”定期限时"
            path, counted = (deadline.id, "limits", index, "when"), _counted(using)
            yield Point("deadlines", path, case.when, where, forms, case=bool(using), history=counted)


def _of_outcomes(draft: Draft) -> Iterator[Point]:
    for flow in draft.rules.flows.values():
        forms = filled_by(draft, flow)
        for state in flow.states.values():
            for outcome in state.outcomes.values():
                if outcome.when:
                    path = ("states", state.id, "outcomes", outcome.id, "when")
                    where = f"办理环节“{state.label}”时"
                    history = tuple(flow.history)
                    yield Point(f"flow:{flow.id}", path, outcome.when, where, forms, case=True, history=history)


def _of_histories(draft: Draft) -> Iterator[Point]:
    for flow in draft.rules.flows.values():
        for history in flow.history.values():
            if history.held is not None:
                path, where = ("history", history.id, "while"), f"办理“{flow.label}”时"
                yield Point(f"flow:{flow.id}", path, history.held, where, filled_by(draft, flow), bare=True)


def _of_duties(draft: Draft) -> Iterator[Point]:
    for duty in draft.rules.duties.values():
        conditions: list[tuple[Path, Condition | None]] = [(("for",), duty.for_)]
        conditions += [(("rhythms", index, "for"), rhythm.for_) for index, rhythm in enumerate(duty.rhythms)]
        for path, condition in conditions:
            if condition is not None:
                yield Point("duties", (duty.id, *path), condition, f"“{duty.label}”确定对象时", None, about=True)
        for index, stratum in enumerate(duty.sample.strata if duty.sample else ()):
            place: Path = (duty.id, "sample", "strata", index, "when")
            yield Point("duties", place, stratum.when, f"“{duty.label}”抽查时", None, about=True)


def _of_feeds(draft: Draft) -> Iterator[Point]:
    for feed in draft.rules.feeds.values():
        forms = tuple(form for form in (draft.rules.forms.get(feed.row_form),) if form)
        for key, condition in (("keep_when", feed.keep_when), ("unless", feed.unless)):
            if condition is not None and forms:
                yield Point("feeds", (feed.id, key), condition, f"收到“{feed.label}”时", forms, about=key == "unless")


def _of_selections(draft: Draft) -> Iterator[Point]:
    for ledger in draft.rules.ledgers.values():
        yield _selection(draft, "ledgers", (ledger.id, "where"), ledger.where, ledger.of)
    for indicator in draft.rules.indicators.values():
        whole = indicator.whole
        yield _selection(draft, "indicators", (indicator.id, "whole", "where"), whole.where, whole.of)
        yield _selection(draft, "indicators", (indicator.id, "part", "where"), indicator.part, whole.of)


def _selection(draft: Draft, part: str, path: Path, condition: Condition, of: str) -> Point:
    return Point(part, path, in_full(draft, condition, of), "统计和登记时", None, listed=of)


def _counted(flows: Iterable[Flow]) -> tuple[str, ...]:
    """Return what each of several flows counts."""
    known = [set(flow.history) for flow in flows]
    return tuple(sorted(set.intersection(*known))) if known else ()


def filled_by(draft: Draft, flow: Flow, *, begun: bool = True) -> tuple[IntakeForm, ...]:
    """Return the forms that may have been filled in a flow: those that open it, once it has `begun` those of its tasks.

    A flow that others start knows what they were told.
    """
    names: dict[str, None] = {}
    seen: set[str] = set()
    waiting = [flow]
    while waiting:
        here = waiting.pop()
        if here.id in seen:
            continue
        seen.add(here.id)
        names |= dict.fromkeys(here.opens_on)
        if begun or here is not flow:
            names |= dict.fromkeys(state.form for state in here.states.values() if state.form)
            names |= dict.fromkeys(sorted(row_forms(draft, here)))
        if not here.opens_on:
            waiting += [other for other in draft.rules.flows.values() if _starts(other, here.id)]
    return tuple(draft.rules.forms[name] for name in names if name in draft.rules.forms)


def _starts(flow: Flow, started: str) -> bool:
    return any(started in outcome.starts for state in flow.states.values() for outcome in state.outcomes.values())


def _all_of(found: Iterable[tuple[IntakeForm, ...]]) -> tuple[IntakeForm, ...]:
    return tuple({form.id: form for forms in found for form in forms}.values())


def known_at(draft: Draft, point: Point) -> dict[str, str]:
    """Return every fact there is at a point, by its path, with its kind; "" for a kind that forms disagree on."""
    if point.listed:
        return {fact: kind_of(draft, fact) for fact in facts_of(point.condition)}
    forms = point.forms if point.forms is not None else tuple(draft.rules.forms.values())
    found = dict(_told_in(forms, bare=point.bare))
    if point.bare:
        return found
    found |= {f"standards.{name}": "number" for name in draft.rules.info.standards}
    for list_id in draft.once("told by lists", lambda: _lists_that_tell(draft)):
        found |= {f"computed.{list_id}": "choices", f"person.{list_id}": "choices"}
    found |= dict.fromkeys((f"history.{name}" for name in point.history), "integer")
    if point.about:
        found = {**_TOLD_OF, **found}
    if point.case or point.about:
        found |= {f"case.{name}": kind for name, kind in OF_CASE.items()}
        found |= {name: found.get(name, "division") for name in PLACES}
    return found


def _lists_that_tell(draft: Draft) -> list[str]:
    """Return the lists whose entries say by conditions whom they are true of."""
    lists = draft.rules.lists.items()
    return [id for id, entries in lists if any(entry.when for entry in entries.entries.values())]


@lru_cache(maxsize=1024)
def _told_in(forms: tuple[IntakeForm, ...], *, bare: bool) -> Mapping[str, str]:
    """Return what some forms tell, answers alone where they are `bare`: once for all who have the same forms."""
    found: dict[str, str] = {}
    for name, field in ((name, field) for form in forms for name, field in form.fields.items()):
        _know(found, name, field.kind)
    for form in () if bare else forms:
        _told_by(form, found)
    return found


def _told_by(form: IntakeForm, found: dict[str, str]) -> None:
    """Add what a form tells besides its plain answers: columns of rows, what is computed, who it is about."""
    found |= dict.fromkeys(form.columns, "choices")  # as many answers as there are rows
    found |= {f"computed.{item.name}": "number" for item in form.computed}
    for use, name in form.person.items():
        kind = form.fields[name].kind if name in form.fields else ""
        _know(found, f"person.{use}", kind)
        if use in PLACES:
            found.setdefault(use, kind)
        if use == "id_number":
            found |= {"person.age": "integer", "person.sex": "sex"}


def _know(found: dict[str, str], name: str, kind: str) -> None:
    found[name] = kind if found.get(name, kind) == kind else ""


def fields_behind(draft: Draft, point: Point, fact: str) -> list[Field]:
    """Return the fields whose answers a fact at a point may be; none for what the platform knows by itself."""
    root, _, use = fact.rpartition(".")
    if point.listed:
        return fields_told(draft, root, use)
    forms = point.forms if point.forms is not None else tuple(draft.rules.forms.values())
    if root in {"", "answers"} and fact not in PLACES:
        return [form.fields[use] for form in forms if use in form.fields]
    names = [(form, form.person.get(use, "") if root == "person" or fact in PLACES else use) for form in forms]
    names += [(form, fact) for form in forms if fact in PLACES]
    if root in {"", "person", "answers"}:
        return [form.fields[name] for form, name in names if name in form.fields]
    return [form.fields[use] for form in forms if fact == "case.urgency" and use in form.fields]
