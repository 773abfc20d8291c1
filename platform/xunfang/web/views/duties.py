"""定期任务: who owes what for which period, one of them, and the form on which it is handed in."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from flask import Response, make_response, redirect, request, url_for

from xunfang.actions.duties import hand_in, note_happening
from xunfang.actions.exporting import note_export
from xunfang.actions.printing_ledgers import ask_print
from xunfang.actions.reports import count_report_again
from xunfang.clock import local_date
from xunfang.desk.faces import DutyForm
from xunfang.desk.faces.reported import TableFace
from xunfang.desk.table_papers import (
    above_of,
    below_of,
    lines_of,
    name_of,
    own_beside,
    paper_of_table,
    placed_heads,
    signed_below,
)
from xunfang.errors import ClockDoubtful, Conflict, FieldProblem, Invalid, TooOften
from xunfang.rulebook.model import IntakeForm
from xunfang.sheets.statistics import Head, Statistics, write_statistics
from xunfang.sheets.writing import XLSX
from xunfang.store.reading.duties import Shown
from xunfang.web.access import access_of
from xunfang.web.forms import Entries, answers_of, form_page, recounted, typed
from xunfang.web.guard import actor, member, missing, site
from xunfang.web.views.filling import Recount, at_field, before_of, filled_in, ledger_beside, newest_of, reasons_typed
from xunfang.web.views.intake import STALE, confirmed, new_submission, sent_to, submission_id
from xunfang.web.views.secure import SecureView, expose
from xunfang.web.views.versions import reason_given, version_given

_KEY = 200
_ASK = "ask"
"""What the button says that lets figures be counted anew; the other one takes what came of it."""
SHOWN = ((Shown.ALL, "全部"), (Shown.OPEN, "待报送"), (Shown.LATE, "逾期"), (Shown.DONE, "已报或免报"))


class DutiesView(SecureView):
    """What units owe at regular times, to whoever owes it and to whoever it goes to."""

    @expose("/")
    def index(self) -> str:
        """List what is owed in the person's sight, newest first."""
        show, after = request.args.get("show", ""), request.args.get("after", "")[:100]
        wanted = Shown(show) if show in {each.value for each in Shown} else Shown.ALL
        rows, after = site().readings.duties(member().actor, wanted, site().now(), after)
        words = {"rows": rows, "after": after, "show": wanted, "shows": SHOWN, "notable": _notable()}
        return str(self.render("pages/duties.html", **words))

    @expose("/happened")
    def happened(self) -> str:
        """Show the form on which it is noted that something happened."""
        return self._happened({})

    @expose("/happened", methods=["POST"])
    def note(self) -> Any:
        """Note that something happened; whatever is wrong, the form comes back with everything typed."""
        given, submission = _happened(), submission_id()
        told = (given["duty"], given["unit"], given["day"], given["reason"])
        try:
            key = note_happening(site().deployment, actor(), *told, submission, site().now())
        except Invalid as invalid:
            return self._happened(given, submission, invalid.problems), 422
        except (TooOften, ClockDoubtful) as refusal:
            return self._happened(given, submission, notice=refusal.message), refusal.status
        return sent_to(url_for("duties.show", duty_id=key, done="note-happening"))

    def note_again(self) -> Any:
        """Show a form whose page is outdated again, with everything typed."""
        return make_response(self._happened(_happened(), submission_id(), notice=STALE), 400)

    @expose("/<duty_id>")
    def show(self, duty_id: str) -> str:
        """Show what a unit owes for one period, with its figures as they were handed in or are counted now."""
        duty = site().readings.duty(member().actor, duty_id, site().now())
        report = site().readings.reported.figures(member().actor, duty_id)
        return str(self.render("pages/duty.html", title=duty.row.label, duty=duty, report=report))

    @expose("/<duty_id>/hand-in")
    def form(self, duty_id: str) -> str:
        """Show the form on which it is handed in, filled in with what was counted, or the field for a few words."""
        filled = site().readings.reported.filled(member().actor, duty_id)
        return self._page(self._duty(duty_id), filled.entries, "", new_submission())

    @expose("/<duty_id>/hand-in", methods=["POST"])
    def hand_in(self, duty_id: str) -> Any:
        """Hand it in; whatever is wrong, the form comes back with everything typed."""
        duty, submission, text = self._duty(duty_id, typed_too=True), submission_id(), reason_given()
        form = _form(duty)
        entries = typed(form, request.form) if form else {}
        if form and request.form.get("recount"):
            return self._recounted(duty, form, entries, submission)
        answers = answers_of(form, entries) if form else {}
        now, reasons = site().now(), reasons_typed(form)
        try:
            hand_in(
                site().deployment, actor(), duty.task, version_given(), answers, text, submission, now, reasons,
                confirmed(),
            )  # fmt: skip
        except Invalid as invalid:
            return self._page(duty, entries, text, submission, invalid.problems), 422
        except (Conflict, ClockDoubtful) as refusal:
            return self._page(duty, entries, text, submission, notice=refusal.message), refusal.status
        return sent_to(url_for("duties.show", duty_id=duty_id, done="hand-in"))

    def _recounted(self, duty: DutyForm, form: IntakeForm, entries: Entries, submission: str) -> str:
        """Ask for a count anew, or take what came of it; everything typed stays as it is."""
        asks = request.form["recount"] == _ASK
        if asks:
            count_report_again(site().deployment, actor(), duty.id, site().now())
        filled = site().readings.reported.filled(member().actor, duty.id)
        known, changes = recounted(entries, before_of(form, filled), filled.entries)
        waits = asks or newest_of(filled) == request.form.get("counted_at", "")
        return self._page(duty, known, "", submission, recount=Recount(filled, changes, waits))

    @expose("/<duty_id>/count", methods=["POST"])
    def count(self, duty_id: str) -> Any:
        """Let the figures of a report be counted anew, in the background."""
        count_report_again(site().deployment, actor(), duty_id, site().now())
        return redirect(url_for("duties.show", duty_id=duty_id, done="count"), 303)

    @expose("/<duty_id>/figures/<field>")
    def figure(self, duty_id: str, field: str) -> str:
        """Show what lies behind a figure: the things it counts, or the returns it sums."""
        after, now = request.args.get("after", "")[:_KEY], site().now()
        rows = site().readings.reported.rows(member().actor, duty_id, field[:_KEY], after, now)
        return str(self.render("pages/duty-figure.html", title=rows.figure.title, rows=rows))

    @expose("/<duty_id>/table")
    def table(self, duty_id: str) -> str:
        """Show the table of a report: a line for each unit, what they come to, and who is missing."""
        table = site().readings.reported.table(member().actor, duty_id)
        words = {"table": table, "own": own_beside(table), "above": above_of(table), "below": signed_below(table)}
        return str(self.render("pages/duty-table.html", title=table.title, **words))

    @expose("/<duty_id>/table.xlsx", methods=["POST"])
    def export(self, duty_id: str) -> Response:
        """Return the table as a workbook, once it is on record who takes it along."""
        table, at = site().readings.reported.table(member().actor, duty_id), site().now()
        data = write_statistics(_workbook(table))
        note_export(
            site().deployment,
            actor(),
            _told(table, "xlsx", sha256=hashlib.sha256(data).hexdigest()),
            "",
            at,
            whole=False,
        )
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name_of(table, at, 'xlsx'))}"}
        return Response(data, mimetype=XLSX, headers=headers)

    @expose("/<duty_id>/print", methods=["POST"])
    def print(self, duty_id: str) -> Any:
        """Let the worker print the table; the paper lies with whoever asked for it."""
        table = site().readings.reported.table(member().actor, duty_id)
        ask_print(site().deployment, actor(), paper_of_table(table), _told(table, "pdf"), site().now())
        return redirect(url_for("ledgers.index", done="printout", _anchor="printed"), 303)

    def again(self, duty_id: str) -> Any:
        """Show a form whose page is outdated again, with everything typed."""
        duty = self._duty(duty_id)
        form = _form(duty)
        entries = typed(form, request.form) if form else {}
        return make_response(self._page(duty, entries, reason_given(), submission_id(), notice=STALE), 400)

    def _happened(
        self, given: Mapping[str, str], submission: str = "", problems: Iterable[FieldProblem] = (), notice: str = ""
    ) -> str:
        known = site().readings.notables(member().actor)
        if not known:
            raise missing()
        wanted = given.get("duty") or request.args.get("duty", "")
        words: Mapping[str, Any] = {
            "known": known,
            "duty": next((each for each in known if each.id == wanted), known[0]),
            "given": given,
            "today": local_date(site().now()).isoformat(),
            "submission": submission or new_submission(),
            "notice": notice,
            "wrong": {problem.field: problem.message for problem in problems},
        }
        return str(self.render("pages/duty-happened.html", title="登记发生的事情", **words))

    def _duty(self, duty_id: str, *, typed_too: bool = False) -> DutyForm:
        found = site().readings.duty_form(member().actor, duty_id, ended_too=typed_too)
        if found is None:
            raise missing()
        return found

    def _page(
        self,
        duty: DutyForm,
        entries: Entries,
        text: str,
        submission: str,
        problems: Iterable[FieldProblem] = (),
        notice: str = "",
        recount: Recount | None = None,
    ) -> str:
        found, form, on = tuple(problems), _form(duty), local_date(site().now())
        filled = recount.filled if recount else site().readings.reported.filled(member().actor, duty.id)
        before = filled_in(form, filled) if recount or form is None else before_of(form, filled)
        figures = {name: at_field(duty.id, face) for name, face in filled.figures.items()}
        page = form_page(form, site().release(duty.release), entries, on, submission, found, figures) if form else None
        words: Mapping[str, Any] = {
            "title": f"报送：{duty.label}",
            "duty": duty,
            "filled": filled,
            "before": before,
            "beside": ledger_beside(duty, on),
            "recount": recount,
            "counted_at": newest_of(filled),
            "counts": any(face.counted_at or not face.counted for face in filled.figures.values()),
            "page": page,
            "text": text,
            "notice": notice,
            "submission": submission,
            "action": url_for("duties.hand_in", duty_id=duty.id),
            "wrong": {problem.field: problem.message for problem in found},
        }
        return str(self.render("pages/duty-form.html", **words))


def _notable() -> bool:
    """Return whether there is anything that the person may note to have happened."""
    return access_of("duties.happened").allows(member()) and bool(site().readings.notables(member().actor))


def _happened() -> dict[str, str]:
    given = {name: request.form.get(name, "")[:64] for name in ("duty", "unit", "day")}
    return {**given, "reason": reason_given()}


def _form(duty: DutyForm) -> IntakeForm | None:
    return site().release(duty.release).forms.get(duty.form)


def _told(table: TableFace, kind: str, **more: str) -> dict[str, Any]:
    """Return what is on record of a table that is taken along."""
    title = f"{table.period}{table.title}"
    return {"title": title, "period": table.duty, "kind": kind, "count": len(table.lines), **more}


def _workbook(table: TableFace) -> Statistics:
    heads = [Head(head.text, row, column, head.rows, head.columns) for head, row, column in placed_heads(table)]
    lines = [(line.label, line.values) for line in lines_of(table)]
    own = [f"{each.title}：{each.told or each.counted}" for each in own_beside(table)]
    above, below = above_of(table), [*own, *below_of(table)]
    return Statistics(table.title, above, heads, len(table.heads), table.units, lines, below, table.unit)
