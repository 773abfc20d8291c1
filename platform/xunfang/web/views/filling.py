"""What stands in and beside the form of a report: what it was filled in with, why a number is another, its ledger."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request, url_for

from xunfang.desk.faces import DutyForm
from xunfang.desk.faces.reported import FigureFace, FilledFace
from xunfang.rulebook.model import IntakeForm
from xunfang.web.forms import WAS, Change

_WHY, _MOST_REASON = "why-", 200


@dataclass(frozen=True, slots=True)
class Recount:
    """What a form is filled in with anew, what has changed by that, and whether a count is still to come."""

    filled: FilledFace
    changes: tuple[Change, ...]
    waits: bool


def filled_in(form: IntakeForm | None, filled: FilledFace) -> dict[str, str]:
    """Return what each field of a form holds beforehand."""
    return {name: texts[0] for name, texts in filled.entries.items() if form and name in form.fields}


def before_of(form: IntakeForm, filled: FilledFace) -> dict[str, str]:
    """Return what each field held beforehand when the page that was sent was made; for a new page, what it holds."""
    if "counted_at" not in request.form:
        return filled_in(form, filled)
    sent = {name: request.form.get(f"{WAS}{name}", "") for name in form.fields}
    return {name: text[:_MOST_REASON] for name, text in sent.items() if text}


def ledger_beside(duty: DutyForm, today: date) -> str:
    """Return where the ledger lies by which a form is filled in, as it stood at its period's end; "" for none."""
    ledger = duty.beside
    if ledger is None:
        return ""
    stood: dict[str, Any] = {"on": ledger.last.isoformat()} if ledger.last < today else {}
    days: dict[str, Any] = {} if ledger.stock else {"first": ledger.first.isoformat(), "last": ledger.last.isoformat()}
    return url_for("ledgers.show", ledger_id=ledger.ledger, **days, **stood)


def newest_of(filled: FilledFace) -> str:
    """Return when the newest figure of a form was counted, "" where none was."""
    found = [face.counted_at for face in filled.figures.values() if face.counted_at]
    return max(found).isoformat() if found else ""


def reasons_typed(form: IntakeForm | None) -> dict[str, str]:
    """Return why figures are other numbers than were counted, by field, as it was typed beside them."""
    typed_in = {name: request.form.get(f"{_WHY}{name}", "").strip() for name in (form.fields if form else ())}
    return {name: reason for name, reason in typed_in.items() if reason}


def at_field(duty_id: str, face: FigureFace) -> dict[str, Any]:
    """Return what stands at the field of a figure: how it was counted, where its rows are, what was said of another."""
    rows = url_for("duties.figure", duty_id=duty_id, field=face.field)
    return {"face": face, "rows": rows, "said": request.form.get(f"{_WHY}{face.field}", "")[:_MOST_REASON]}
