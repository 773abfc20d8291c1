"""What a scenario may look at besides a case: duties owed, lists sifted, samples drawn, indicators, who may do what.

Each look takes the rules, the step and what the step expects, and returns what is so, in the shape of the expectation.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from xunfang.clock import local
from xunfang.rulebook.model import Duty, Feed, Rulebook
from xunfang.rules.conditions import holds
from xunfang.rules.describe.rhythms import bound_words, count_words
from xunfang.rules.drawing import draw
from xunfang.rules.duties import PlannedDuty, due_within, plan_event_duty
from xunfang.rules.facts import facts_of
from xunfang.rules.indicators import measure
from xunfang.rules.occasions import owed_since
from xunfang.rules.quotas import Done, Wanted, wanted
from xunfang.rules.rhythms import Bound, Made, binding, counting
from xunfang.rules.units import climb, kind_of
from xunfang.worktime import period_of

Step = Mapping[str, Any]
Look = Callable[[Rulebook, Step, datetime, Any], Any]


def _owed(rulebook: Rulebook, step: Step, at: datetime, wanted: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return, for each duty asked about, what is due on the day of the step; an empty table when nothing is."""
    return [_asked(_owed_on(rulebook, str(item.get("duty", "")), at.date()), item) for item in wanted]


def _owed_on(rulebook: Rulebook, duty_id: str, day: date) -> dict[str, Any]:
    duty = rulebook.duties.get(duty_id)
    if duty is None or not duty.every:
        return {}
    planned = list(due_within(rulebook, duty, day, day))
    return _described(duty, planned[0]) | {"units": len(planned)} if planned else {}


def _not_owed(rulebook: Rulebook, step: Step, at: datetime, wanted: list[str]) -> list[str]:
    """Return, of the recurring duties asked about, those that nobody has to carry out on the day of the step."""
    duties = rulebook.duties
    return [
        name for name in wanted if name in duties and duties[name].every and not _owed_on(rulebook, name, at.date())
    ]


def _described(duty: Duty, planned: PlannedDuty) -> dict[str, Any]:
    due = planned.due
    return {
        "duty": duty.id,
        "of": kind_of(planned.unit),
        "to": one_or_all(planned.to),
        "covers": planned.covers.label if planned.covers else "",
        "at_least": duty.at_least,
        "feed": duty.feed,
        "form": duty.form,
        "collects": duty.collects,
        "prefill": duty.prefill,
        "zero_report": duty.zero_report,
        "unit": planned.unit,
        "due_at": _civil(due.due_at) if due else "",
        "counted": [day.isoformat() for day in due.counted] if due else [],
    }


def one_or_all(units: Sequence[str]) -> str | list[str]:
    """Return how an expectation names those who are reported to: the only one bare, "" for nobody."""
    return list(units) if len(units) > 1 else "".join(units)


def _civil(moment: datetime) -> str:
    return local(moment).replace(tzinfo=None).isoformat()


def _asked(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {key: found[key] for key in wanted if key in found}


def _owes(rulebook: Rulebook, step: Step, at: datetime, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the event of the step (`happens` names the duty) makes a unit owe; empty when it concerns nobody."""
    duty = rulebook.duties.get(str(step.get("happens", "")))
    planned = plan_event_duty(rulebook, duty, _facts(step), owed_since(duty, at)) if duty else None
    return _asked(_described(duty, planned), wanted) if duty and planned else {}


def _facts(step: Step) -> dict[str, Any]:
    answers = dict(step.get("answers", {}).items())
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in answers.items()}


def _strictest(rulebook: Rulebook, step: Step, at: datetime, wanted: Mapping[str, str]) -> dict[str, str]:
    """Return, for each form that satisfies duties about a person, the duty that asks most often; "" for none."""
    found = {form: _binding(rulebook, step, at, form) for form in wanted}
    return {form: bound.ask.duty.id if bound else "" for form, bound in found.items()}


def _binding(rulebook: Rulebook, step: Step, at: datetime, form: str) -> Bound | None:
    return binding(rulebook, form, _facts(step), at.date(), step.get("during", {}))


def _bound(rulebook: Rulebook, step: Step, at: datetime, wanted: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return, for each form, what binds for the person of the step on its day, and how far its visits do it."""
    return {form: _asked(_told_of_bound(rulebook, step, at, form), asked) for form, asked in wanted.items()}


def _told_of_bound(rulebook: Rulebook, step: Step, at: datetime, form: str) -> dict[str, Any]:
    bound = _binding(rulebook, step, at, form)
    if bound is None:
        return {}
    ask, made = bound.ask, [Made(visit["on"], visit.get("way", "")) for visit in step.get("visits", ())]
    count = counting(ask.duty, (visit for visit in made if visit.on <= at.date()))
    return {
        "by": ask.id,
        "unit": bound.unit,
        "every": ask.every,
        "at_least": ask.at_least,
        "covers": bound.period.label,
        "due_at": _civil(bound.due.due_at),
        "cites": list(ask.basis.cites),
        "others": [other.id for other in bound.others],
        "said": bound_words(rulebook, bound),
        "counted": [visit.on.isoformat() for visit in count.counted],
        "passed": list(count_words(rulebook, ask.duty, count)),
        "left": max(0, ask.at_least - count.within(bound.period)),
    }


def _quota(rulebook: Rulebook, step: Step, at: datetime, wanted_of: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return what is owed of quotas in the period of the step, by the `returns` of the earlier ones."""
    found = {}
    for name, asked in wanted_of.items():
        duty = rulebook.duties.get(name)
        told = quota_told(wanted_by(rulebook, duty, step, at)) if duty and duty.quota and duty.every else {}
        found[name] = _asked(told, asked)
    return found


def wanted_by(rulebook: Rulebook, duty: Duty, step: Step, at: datetime) -> Wanted:
    """Return what is owed of a quota in the period of a step."""
    assert duty.every is not None
    before = [
        Done(period_of(duty.every, each["on"], duty.starting).first, each["count"], each.get("out_of"))
        for each in step.get("returns", ())
    ]
    return wanted(rulebook, duty, period_of(duty.every, at.date(), duty.starting), before)


def quota_told(found: Wanted) -> dict[str, Any]:
    """Return what is owed of a quota by the words that `expect` uses."""
    return {"needed": -1 if found.needed is None else found.needed, "done": int(found.done), "said": found.words}


def _kept(rulebook: Rulebook, step: Step, at: datetime, wanted: list[int]) -> list[int]:
    """Return which rows of the step's list (counted from 1) pass the feed's threshold and open a clue."""
    feed = rulebook.feeds.get(str(step.get("feed", "")))
    rows = step.get("rows", ())
    return [number for number, row in enumerate(rows, 1) if feed and _keeps(rulebook, feed, row, at)]


def _keeps(rulebook: Rulebook, feed: Feed, row: Mapping[str, Any], at: datetime) -> bool:
    form = rulebook.forms.get(feed.row_form)
    answers = _facts({"answers": row})
    facts = facts_of(rulebook, form, answers, at)[0] if form else answers
    return holds(feed.keep_when, facts) and not (feed.unless is not None and holds(feed.unless, facts))


def _drawn(rulebook: Rulebook, step: Step, at: datetime, wanted: int | list[str]) -> int | list[str]:
    """Return what the sample of a duty draws of the step's things, or of `among` cases: how many, or which if asked."""
    duty = rulebook.duties.get(str(step.get("draw", "")))
    seed = str(step.get("seed", at))
    drawn = draw(duty.sample, _to_draw_from(step), seed, rulebook.divisions) if duty and duty.sample else ()
    if isinstance(wanted, int):
        return len(drawn)
    return sorted(drawn, key=lambda key: wanted.index(key) if key in wanted else len(wanted))  # in whatever order


def _to_draw_from(step: Step) -> Mapping[str, Mapping[str, Any]]:
    if "things" in step:
        return {str(thing["id"]): _facts({"answers": dict(_flat(thing))}) for thing in step["things"]}
    return {f"case-{number}": {} for number in range(int(step.get("among", 0)))}


def _flat(facts: Mapping[str, Any], root: str = "") -> Iterator[tuple[str, Any]]:
    """Yield facts by their dotted paths, as conditions read them."""
    for name, value in facts.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{root}{name}.")
        else:
            yield f"{root}{name}", value


def _measured(rulebook: Rulebook, step: Step, at: datetime, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the step's indicator shows over the step's things."""
    indicator = rulebook.indicators.get(str(step.get("measure", "")))
    if indicator is None:
        return {}
    shown = measure(indicator, [dict(thing) for thing in step.get("things", ())])
    found = {"part": shown.part, "whole": shown.whole, "value": shown.value, "points": shown.points}
    return _asked(found, wanted)


def _may(rulebook: Rulebook, step: Step, at: datetime, wanted: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return what a role, or a unit with acts of its own, may do."""
    found = {}
    for name in wanted:
        holder = rulebook.units.get(name) or rulebook.roles.get(name)
        found[name] = list(holder.may) if holder else []
    return found


def _ledger(rulebook: Rulebook, step: Step, at: datetime, wanted: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return, of the columns asked about, those that a ledger has."""
    found = {}
    for name, columns in wanted.items():
        ledger = rulebook.ledgers.get(name)
        has = {word for column in ledger.columns for word in (column.path, column.label)} if ledger else set()
        found[name] = [column for column in columns if column in has]
    return found


def _asks(rulebook: Rulebook, step: Step, at: datetime, wanted: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return, of the fields asked about, those that a form has."""
    forms = rulebook.forms
    return {
        name: [field for field in fields if name in forms and field in forms[name].fields]
        for name, fields in wanted.items()
    }


def _choices(rulebook: Rulebook, step: Step, at: datetime, wanted: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return, of the entries asked about, those that a list offers on the day of the step."""
    found = {}
    for name, words in wanted.items():
        entries = rulebook.lists[name].entries if name in rulebook.lists else {}
        found[name] = [
            word for word in words if word in entries and not ((gone := entries[word].retired) and gone < at.date())
        ]
    return found


def _meets(rulebook: Rulebook, step: Step, at: datetime, wanted: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return how a meeting is held: who convenes, who belongs to it, what it decides."""
    found: dict[str, Any] = {}
    for name, asked in wanted.items():
        meeting = rulebook.meetings.get(name)
        held = (
            {
                "convenes": meeting.convenes,
                "members": list(meeting.members),
                "quorum": meeting.quorum,
                "decides": list(meeting.decides),
                "minutes": meeting.minutes,
                "record": meeting.record,
            }
            if meeting
            else {}
        )
        found[name] = _asked(held, asked)
    return found


def _papers(rulebook: Rulebook, step: Step, at: datetime, wanted: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return how a kind of paper is made: its name, frame, number, seal, whom it is for, the brand at its head."""
    found: dict[str, Any] = {}
    for name, asked in wanted.items():
        kind = rulebook.notices.get(name)
        made = (
            {key: getattr(kind, key) for key in ("label", "layout", "number", "seal", "signed_off_by", "about")}
            | {"brand": rulebook.info.brand, "to": [ref.unit for ref in kind.units] or kind.to}
            | {"copies": [ref.unit for ref in kind.copies]}
            if kind
            else {}
        )
        found[name] = _asked(made, asked)
    return found


def _climbs(rulebook: Rulebook, step: Step, at: datetime, wanted: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return, for each unit asked about, the units above it up to the top: who presses it, and who leads them all."""
    return {unit: list(climb(rulebook, unit)[1:]) for unit in wanted}


LOOKS: Mapping[str, Look] = {
    "owed": _owed,
    "not_owed": _not_owed,
    "owes": _owes,
    "strictest": _strictest,
    "bound": _bound,
    "quota": _quota,
    "kept": _kept,
    "drawn": _drawn,
    "measured": _measured,
    "may": _may,
    "ledger": _ledger,
    "asks": _asks,
    "choices": _choices,
    "meets": _meets,
    "papers": _papers,
    "climbs": _climbs,
}
