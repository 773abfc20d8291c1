"""Visits 走访: that somebody was visited is kept, with what the form tells of them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from xunfang.casework.draft import Draft
from xunfang.casework.owing import DRAWN, EVENT
from xunfang.casework.registry import hold_reported
from xunfang.casework.rows import OwedThing, Visit
from xunfang.clock import local_date
from xunfang.rulebook.model import Duty, IntakeForm, Rulebook
from xunfang.rules.intake import Decision


def satisfied_with(rulebook: Rulebook, form: str) -> tuple[Duty, ...]:
    """Return the duties that a form satisfies: one is the form of visits, where there are any."""
    return tuple(duty for duty in rulebook.duties.values() if duty.satisfied_by == form)


def take_visit(draft: Draft, decision: Decision, submission: str, person: str) -> Visit:
    """Keep that somebody was visited, by whoever filled the form; `person` is "" for nobody in particular."""
    residence = str(decision.facts.get("residence") or draft.rulebook.code)
    duties = satisfied_with(draft.rulebook, decision.form.id)
    way = next((duty.way for duty in duties if duty.way), "way")
    visit = draft.put(
        Visit(
            id=draft.new_id(),
            jurisdiction=draft.actor.jurisdiction,
            residence=residence,
            person=person,
            unit=draft.actor.unit,
            by=draft.actor.account,
            visited_on=visited_on(decision.form, decision.answers) or local_date(draft.at),
            told_at=draft.at,
            form=decision.form.id,
            submission=submission,
            release=draft.rulebook.digest,
            way=str(decision.answers.get(way) or ""),
        )
    )
    new = hold_reported(draft, visit, decision, submission) if person else ()
    told = {"form": visit.form, "submission": submission, "visited_on": visit.visited_on.isoformat()}
    draft.event("visit.made", data={**told, "person": person, **({"categories": list(new)} if new else {})})
    return visit


def is_done_by(rulebook: Rulebook, thing: OwedThing | None, form: str) -> bool:
    """Return whether something was drawn, or came about in a case, that a form does when it is filled for it."""
    duty = rulebook.duties.get(thing.duty) if thing else None
    return bool(thing and duty and thing.subject in (DRAWN, EVENT) and duty.form == form)


def fulfil(draft: Draft, thing: OwedThing, submission: str) -> None:
    """Let what was drawn, or came about in a case, be done by the form that was filled for it."""
    if thing.status in ("owed", "missed"):
        draft.change(thing, status="done", made=thing.needed, submission=submission, ended_at=draft.at)


def visited_on(form: IntakeForm, answers: Mapping[str, Any]) -> date | None:
    """Return the day of a visit: what its form asks for as its first date; None where nothing was told."""
    field = next((field for field in form.fields.values() if field.kind == "date"), None)
    return _day(answers.get(field.name)) if field else None


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
