"""Duties 定期任务: who owes what for which period, how it stands, and everything about one of them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from xunfang.actions.deployment import Actor
from xunfang.casework import permitted
from xunfang.casework.happening import notable, owed_by
from xunfang.clock import local_date
from xunfang.desk.drawing import drawing_face
from xunfang.desk.due import due_face
from xunfang.desk.events import event_face, in_runs
from xunfang.desk.faces import DutyFace, DutyForm, DutyRow, Lines, Notable
from xunfang.desk.faces.duties import LedgerBeside
from xunfang.desk.labels import Labels
from xunfang.desk.releases import Releases, Today
from xunfang.desk.visits import progress_words
from xunfang.desk.wording import DUTY_STATUS, OWED_THINGS
from xunfang.rulebook.model import Duty, Rulebook
from xunfang.rules.describe.duties import when_words
from xunfang.rules.duties import period_words
from xunfang.rules.occasions import is_done_thing_by_thing
from xunfang.rules.overdue import is_overdue
from xunfang.rules.quotas import done_in, wanted, whole_of
from xunfang.rules.reports import period_covered
from xunfang.rules.rosters import made_by_roster
from xunfang.rules.units import former_units
from xunfang.store import Drawing, DutyPeriod, ScopedReader
from xunfang.store.reading.duties import OF_TASK, DutyFile, DutyItem
from xunfang.worktime import Every, period_of

_STOCKS = frozenset({"person", "entitlement"})
"""What ledgers list as it stands on a day, not by a day of its own."""


def _told_who(labels: Labels, to: Sequence[str], excused: Collection[str]) -> str:
    """Return who is reported to, by name, with those that ask for it no more."""
    return "、".join(f"{labels.unit(unit)}{'（已免报）' if unit in excused else ''}" for unit in to)


def duty_row(item: DutyItem, labels: Labels, today: Today) -> DutyRow:
    """Return one line of the list, by the names of the release it was opened by."""
    due = due_face(labels, item.due_at, item.due, today, ended=item.ended_at is not None)
    late = _is_late(item, today.now) and item.status != "waived"
    status = f"{item.status}-late" if late else item.status
    return DutyRow(
        id=item.id,
        label=labels.duty(item.duty),
        period=period_words(labels.rulebook, item.duty, item.every, item.begins_on),
        unit=labels.unit(item.unit),
        to=_told_who(labels, item.to, item.excused or ()),
        due=due,
        status=_status_words(status, labels, item),
        status_id=status,
        opened_at=item.opened_at,
        ended_at=item.ended_at,
    )


def _status_words(status: str, labels: Labels, item: DutyItem) -> str:
    """Return how a period stands in words; what is done thing by thing is not handed in."""
    duty = labels.rulebook.duties.get(item.duty)
    by_things = status == "owed" and duty is not None and is_done_thing_by_thing(duty)
    return OWED_THINGS if by_things else DUTY_STATUS[status]


def _is_late(item: DutyItem, now: datetime) -> bool:
    overdue = item.ended_at is None and is_overdue(item.due_at, now)
    return overdue or item.overdue_at is not None or item.completed_in_time is False


def wanted_words(reader: ScopedReader, rulebook: Rulebook, owed: DutyPeriod) -> str:
    """Return what is owed of a quota in a period, by the earlier returns; "" for a duty without one."""
    duty = rulebook.duties.get(owed.duty)
    if duty is None or duty.quota is None or not owed.every:
        return ""
    units, first = (owed.unit, *former_units(rulebook, owed.unit)), whole_of(duty.quota, owed.begins_on).first
    reported = [done_in(duty.quota, on, told) for on, told in reader.told_before(owed, units, first)]
    return wanted(rulebook, duty, period_of(Every(owed.every), owed.begins_on, owed.begins_on), reported).words


def duty_face(
    stored: DutyFile,
    rules: Releases,
    actor: Actor,
    today: Today,
    quota: str = "",
    things: Mapping[str, int] | None = None,
    drawing: Drawing | None = None,
) -> DutyFace:
    """Return what is owed for one period for its page, with what this person may do to it."""
    owed, task, labels = stored.owed, stored.task, rules.labels(stored.owed.release)
    duty, filled = labels.rulebook.duties.get(owed.duty), stored.submission
    form = labels.rulebook.forms.get(duty.form) if duty else None
    reported = [event for event in stored.events if event.name == "duty.reported"]
    roster = made_by_roster(labels.rulebook, owed.duty)
    return DutyFace(
        row=duty_row(_item(stored), labels, today),
        task=task.id,
        version=task.version,
        form=form.title if form else "",
        zero_report=bool(duty and duty.zero_report),
        basis=labels.basis(duty.basis) if duty else (),
        claimed_by=stored.names.get(task.claimed_by, ""),
        claimed_at=task.claimed_at,
        said=_said(stored, labels),
        photos=tuple(file.id for file in filled.attachments) if filled else (),
        text=str(reported[-1].told.get("reason", "")) if reported else "",
        events=in_runs(event_face(event, labels, "") for event in reversed(stored.events)),
        can=permitted(labels.rulebook, actor, task),
        quota=quota,
        feed=duty.feed if duty else "",
        progress=progress_words(duty, things or {}),
        listed=bool(things),
        visited=bool(duty and is_done_thing_by_thing(duty)),
        drawing=drawing_face(drawing, rules, sum((things or {}).values())) if drawing else None,
        roster=roster.label if roster else "",
    )


def _item(stored: DutyFile) -> DutyItem:
    both: dict[str, Any] = {name: getattr(stored.owed, name, None) for name in DutyItem.__dataclass_fields__}
    return DutyItem(**both | {name: getattr(stored.task, name) for name in OF_TASK})


def _said(stored: DutyFile, labels: Labels) -> tuple[Lines, ...]:
    form = labels.rulebook.forms.get(stored.submission.form) if stored.submission else None
    filled = stored.submission
    return labels.on(local_date(filled.at)).said(form, filled.answers) if form and filled else ()


def notables(labels: Labels, actor: Actor) -> tuple[Notable, ...]:
    """Return what the person may note to have happened, each with the units that would owe a report of it."""
    rulebook = labels.rulebook
    return tuple(
        Notable(
            id=duty.id,
            label=duty.label,
            when=when_words(rulebook, duty),
            day=_day_called(rulebook, duty),
            units=tuple((unit, labels.unit(unit)) for unit in owed_by(rulebook, actor, duty)),
            basis=labels.basis(duty.basis),
        )
        for duty in notable(rulebook, actor)
    )


def _day_called(rulebook: Rulebook, duty: Duty) -> str:
    """Return what the day is called that the limit of a duty runs from, as its own form or list asks for it."""
    feed = rulebook.feeds.get(duty.feed)
    form = rulebook.forms.get(duty.form or (feed.row_form if feed else ""))
    field = form.fields.get(duty.from_.removeprefix("answers.")) if form else None
    return field.title if field else "哪一天的事"


def duty_form(stored: DutyFile, labels: Labels, quota: str = "") -> DutyForm:
    """Return what the page needs on which something owed is handed in."""
    owed = stored.owed
    duty = labels.rulebook.duties[owed.duty]
    return DutyForm(
        id=owed.id,
        task=stored.task.id,
        version=stored.task.version,
        label=duty.label,
        period=period_words(labels.rulebook, owed.duty, owed.every, owed.begins_on),
        to=_told_who(labels, owed.to, stored.task.excused),
        form=duty.form,
        release=owed.release,
        quota=quota,
        beside=_beside(labels.rulebook, duty, owed),
    )


def _beside(rulebook: Rulebook, duty: Duty, owed: DutyPeriod) -> LedgerBeside | None:
    """Return the ledger by which the form of a duty is filled in, for the period it reports on."""
    ledger = rulebook.ledgers.get(duty.prefill)
    if ledger is None or not owed.every:
        return None
    period = period_covered(rulebook, duty, owed.every, owed.begins_on)
    return LedgerBeside(ledger.id, ledger.label, period.first, period.last, ledger.of in _STOCKS)
