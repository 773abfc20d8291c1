"""Reporting: the list of forms a person may fill, the form itself, and the receipt."""

import uuid
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flask import jsonify, make_response, redirect, request, url_for

from xunfang.actions.correcting import correct, do_to_report
from xunfang.actions.submitting import may_fill, submit
from xunfang.clock import local_date
from xunfang.desk.faces import OwnReport
from xunfang.desk.labels import Labels
from xunfang.errors import ClockDoubtful, FieldProblem, Invalid, TooOften
from xunfang.rulebook.model import Field, IntakeForm
from xunfang.rules.objections import objects_to_publications
from xunfang.web.faults import wants_json
from xunfang.web.forms import Entries, answers_of, entries_of, form_page, typed
from xunfang.web.guard import actor, member, missing, site
from xunfang.web.views.doing import asked_for
from xunfang.web.views.secure import SecureView, expose

STALE = "登录过期或页面停留时间较长，为保证安全需要再确认一次。您填写的内容都在，请核对后再提交一次。"


class IntakeView(SecureView):
    """填报: forms that open a case."""

    @expose("/")
    def index(self) -> str:
        """List the forms the person may fill, and what the unit has reported."""
        reports, after = site().readings.reports(member().actor, request.args.get("after", "")[:100])
        return str(self.render("pages/intake-list.html", forms=self._forms(), reports=reports, after=after))

    @expose("/<form_id>")
    def form(self, form_id: str) -> str:
        """Show an empty form."""
        form = self._form(form_id)
        return self._page(form, self._first_entries(form) | self._of_objected(form), new_submission())

    @expose("/<form_id>", methods=["POST"])
    def send(self, form_id: str) -> Any:
        """Hand a form in; whatever is wrong with it, it comes back with everything typed."""
        form = self._form(form_id)
        entries, submission = typed(form, request.form), submission_id()
        try:
            told = (answers_of(form, entries), submission, site().now(), confirmed())
            submit(site().deployment, actor(), form_id, *told, publication=objected())
        except Invalid as invalid:
            if wants_json():
                raise
            return self._page(form, entries, submission, invalid.problems), 422
        except (TooOften, ClockDoubtful) as refusal:
            if wants_json():
                raise
            return self._page(form, entries, submission, notice=refusal.message), refusal.status
        return sent_to(url_for("intake.sent", submission=submission))

    @expose("/sent/<submission>")
    def sent(self, submission: str) -> str:
        """Show the receipt of a report."""
        receipt = site().readings.receipt(member().actor, submission)
        return str(self.render("pages/intake-sent.html", title="提交成功", sent=receipt))

    @expose("/sent/<submission>/<verb>", methods=["POST"])
    def do(self, submission: str, verb: str) -> Any:
        """Do a verb to a report of one's own, with what the page asked for."""
        do_to_report(site().deployment, asked_for(verb, "report", submission=submission), site().now())
        return redirect(url_for("intake.sent", submission=submission, done=verb), 303)

    @expose("/sent/<submission>/correct")
    def correction(self, submission: str) -> str:
        """Show a report of one's own, to be put right; what is sealed is not shown again."""
        report = self._own(submission)
        return self._correcting(submission, report, entries_of(_form_of(report), report.answers), new_submission())

    @expose("/sent/<submission>/correct", methods=["POST"])
    def correct(self, submission: str) -> Any:
        """Hand the corrected report in; whatever is wrong with it, it comes back with everything typed."""
        report = self._own(submission)
        form = _form_of(report)
        entries, new = typed(form, request.form), submission_id()
        try:
            correct(site().deployment, actor(), submission, answers_of(form, entries), new, site().now(), confirmed())
        except Invalid as invalid:
            return self._correcting(submission, report, entries, new, invalid.problems), 422
        except (TooOften, ClockDoubtful) as refusal:
            return self._correcting(submission, report, entries, new, notice=refusal.message), refusal.status
        return sent_to(url_for("intake.sent", submission=new, done="correct"))

    def correct_again(self, submission: str) -> Any:
        """Show a correction whose page is outdated again, with everything typed."""
        report = self._own(submission)
        entries = typed(_form_of(report), request.form)
        page = self._correcting(submission, report, entries, submission_id(), notice=STALE)
        return make_response(page, 400)

    def _own(self, submission: str) -> OwnReport:
        return site().readings.own_report(member().actor, submission)

    def _correcting(
        self,
        submission: str,
        report: OwnReport,
        entries: Entries,
        new: str,
        problems: Iterable[FieldProblem] = (),
        notice: str = "",
    ) -> str:
        form = _form_of(report)
        page = form_page(form, site().release(report.release), entries, local_date(site().now()), new, problems)
        words = {"action": url_for("intake.correct", submission=submission), "notice": notice, "corrects": submission}
        return str(self.render("pages/intake-form.html", title=f"更正：{form.title}", page=page, cites=(), **words))

    def again(self, form_id: str) -> Any:
        """Show a form whose page is outdated again, with everything typed."""
        form = self._form(form_id)
        page = self._page(form, typed(form, request.form), submission_id(), notice=STALE)
        return make_response(page, 400)

    def _forms(self) -> list[IntakeForm]:
        opening = {form for flow in self.rulebook.flows.values() for form in flow.opens_on}
        forms = (form for id, form in self.rulebook.forms.items() if id in opening)
        return [form for form in forms if may_fill(actor(), form)]

    def _form(self, form_id: str) -> IntakeForm:
        found = next((form for form in self._forms() if form.id == form_id), None)
        if found is None:
            raise missing()
        return found

    def _first_entries(self, form: IntakeForm) -> dict[str, tuple[str, ...]]:
        """Return what the page can know already: a worker of one division mostly reports from there."""
        place = form.fields.get(form.person.get("residence", ""))
        here = self.rulebook.divisions.get(member().actor.division)
        known = place is not None and here is not None and here.level.value == place.level
        return {place.name: (member().actor.division,)} if place is not None and known else {}

    def _of_objected(self, form: IntakeForm) -> dict[str, tuple[str, ...]]:
        """Return, for a form that is to object to a publication, whom that is of and where they live."""
        if not objected():
            return {}
        name, place, _ = site().readings.publications.to_object(member().actor, objected(), site().now())
        told = {form.person.get("name", ""): name, form.person.get("residence", ""): place}
        return {field: (value,) for field, value in told.items() if field in form.fields}

    def _page(
        self,
        form: IntakeForm,
        entries: Entries,
        submission: str,
        problems: Iterable[FieldProblem] = (),
        notice: str = "",
    ) -> str:
        page = form_page(form, self.rulebook, entries, local_date(site().now()), submission, problems)
        action = url_for("intake.send", form_id=form.id, publication=objected() or None)
        readings = site().readings.publications
        against = readings.to_object(member().actor, objected(), site().now())[2] if objected() else None
        return str(
            self.render(
                "pages/intake-form.html",
                title=form.title,
                page=page,
                action=action,
                notice=notice,
                against=against,
                objects=objects_to_publications(form),
                cites=Labels(self.rulebook).basis(form.basis),
            )
        )


def objected() -> str:
    """Return the publication that a form is opened to object to, "" for none."""
    return request.args.get("publication", "")[:40]


def sent_to(location: str) -> Any:
    """Return the answer to a form that was accepted: a browser goes on there, the page's script is told where."""
    return make_response(jsonify(location=location), 201) if wants_json() else redirect(location, 303)


def _form_of(report: OwnReport) -> IntakeForm:
    """Return the form on which a report is put right."""
    form = site().release(report.release).forms[report.form]
    sealed = {name: not_asked_again(field) for name, field in form.fields.items() if field.sensitive}
    return replace(form, fields={**form.fields, **sealed})


def not_asked_again(field: Field) -> Field:
    """Return a field whose answer lies sealed: left empty it stays as it was."""
    return replace(field, required=False, required_when=None, hint="已加密保存，不再显示；不改就空着，要改就填新的。")


def new_submission() -> str:
    """Return a fresh id for a report; its page carries it, so that a repeated send is recognised."""
    return uuid.uuid4().hex


def confirmed() -> tuple[str, ...]:
    """Return the contradictions which the person, asked about them on the page, says are so."""
    return tuple(name[:64] for name in request.form.getlist("x-confirmed")[:40])


def submission_id() -> str:
    """Return the id the page made for this report; a page without a usable one gets a fresh one."""
    given = request.form.get("submission_id", "")
    try:
        return uuid.UUID(given).hex
    except ValueError:
        return new_submission()
