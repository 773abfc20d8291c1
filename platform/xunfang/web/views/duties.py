"""定期任务: who owes what for which period, one of them, and the form on which it is handed in."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import make_response, request, url_for

from xunfang.actions.duties import hand_in
from xunfang.clock import local_date
from xunfang.desk.faces import DutyForm
from xunfang.errors import ClockDoubtful, Conflict, FieldProblem, Invalid
from xunfang.rulebook.model import IntakeForm
from xunfang.store.reading.duties import Shown
from xunfang.web.forms import Entries, answers_of, form_page, typed
from xunfang.web.guard import actor, member, missing, site
from xunfang.web.views.intake import STALE, new_submission, sent_to, submission_id
from xunfang.web.views.secure import SecureView, expose
from xunfang.web.views.versions import reason_given, version_given

SHOWN = ((Shown.ALL, "全部"), (Shown.OPEN, "待报送"), (Shown.LATE, "逾期"), (Shown.DONE, "已报或免报"))


class DutiesView(SecureView):
    """What units owe at regular times, to whoever owes it and to whoever it goes to."""

    @expose("/")
    def index(self) -> str:
        """List what is owed in the person's sight, newest first."""
        show, after = request.args.get("show", ""), request.args.get("after", "")[:100]
        wanted = Shown(show) if show in {each.value for each in Shown} else Shown.ALL
        rows, after = site().readings.duties(member().actor, wanted, site().now(), after)
        return str(self.render("pages/duties.html", rows=rows, after=after, show=wanted, shows=SHOWN))

    @expose("/<duty_id>")
    def show(self, duty_id: str) -> str:
        """Show what a unit owes for one period."""
        duty = site().readings.duty(member().actor, duty_id, site().now())
        return str(self.render("pages/duty.html", title=duty.row.label, duty=duty))

    @expose("/<duty_id>/hand-in")
    def form(self, duty_id: str) -> str:
        """Show the form on which it is handed in, or the field for a few words."""
        return self._page(self._duty(duty_id), {}, "", new_submission())

    @expose("/<duty_id>/hand-in", methods=["POST"])
    def hand_in(self, duty_id: str) -> Any:
        """Hand it in; whatever is wrong, the form comes back with everything typed."""
        duty, submission, text = self._duty(duty_id, typed_too=True), submission_id(), reason_given()
        form = _form(duty)
        entries = typed(form, request.form) if form else {}
        answers = answers_of(form, entries) if form else {}
        try:
            hand_in(site().deployment, actor(), duty.task, version_given(), answers, text, submission, site().now())
        except Invalid as invalid:
            return self._page(duty, entries, text, submission, invalid.problems), 422
        except (Conflict, ClockDoubtful) as refusal:
            return self._page(duty, entries, text, submission, notice=refusal.message), refusal.status
        return sent_to(url_for("duties.show", duty_id=duty_id, done="hand-in"))

    def again(self, duty_id: str) -> Any:
        """Show a form whose page is outdated again, with everything typed."""
        duty = self._duty(duty_id)
        form = _form(duty)
        entries = typed(form, request.form) if form else {}
        return make_response(self._page(duty, entries, reason_given(), submission_id(), notice=STALE), 400)

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
    ) -> str:
        found, form, on = tuple(problems), _form(duty), local_date(site().now())
        page = form_page(form, site().release(duty.release), entries, on, submission, found) if form else None
        words: Mapping[str, Any] = {
            "title": f"报送：{duty.label}",
            "duty": duty,
            "page": page,
            "text": text,
            "notice": notice,
            "submission": submission,
            "action": url_for("duties.hand_in", duty_id=duty.id),
            "wrong": {problem.field: problem.message for problem in found},
        }
        return str(self.render("pages/duty-form.html", **words))


def _form(duty: DutyForm) -> IntakeForm | None:
    return site().release(duty.release).forms.get(duty.form)
