"""应急响应: what is on, declaring an event, and what its declarer does to it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import make_response, request, url_for

from xunfang.actions.alerts import change_level, close, declare
from xunfang.clock import local_date
from xunfang.desk.faces import AlertForm, Declarable
from xunfang.errors import ClockDoubtful, Conflict, FieldProblem, Invalid
from xunfang.rulebook.model import IntakeForm
from xunfang.web.access import access_of
from xunfang.web.forms import Entries, answers_of, form_page, typed
from xunfang.web.guard import actor, member, member_or_none, missing, site
from xunfang.web.views.intake import STALE, confirmed, new_submission, sent_to, submission_id
from xunfang.web.views.secure import SecureView, expose
from xunfang.web.views.versions import reason_given, version_given

_MOST_PLACES = 500
_LENGTH = 64


class AlertsView(SecureView):
    """Events that open and end, for everybody they concern."""

    def is_visible(self) -> bool:
        """Return whether the person's jurisdiction knows any kind of event."""
        person = member_or_none()
        return person is not None and bool(site().rulebook(person.jurisdiction).alerts)

    @expose("/")
    def index(self) -> str:
        """List the events of the jurisdiction, that declared last first, and what the person may declare."""
        rows, after = site().readings.alerts(member().actor, site().now(), request.args.get("after", "")[:100])
        words = {"rows": rows, "after": after, "kinds": _declarable()}
        return str(self.render("pages/alerts.html", **words))

    @expose("/declare")
    def form(self) -> str:
        """Show the form on which an event is declared."""
        return self._page({})

    @expose("/declare", methods=["POST"])
    def declare(self) -> Any:
        """Declare an event; whatever is wrong, the form comes back with everything typed."""
        given = _given()
        try:
            key = declare(
                site().deployment,
                actor(),
                given["kind"],
                given["level"],
                given["places"],
                given["begins"],
                given["reason"],
                site().now(),
            )
        except Invalid as invalid:
            return self._page(given, invalid.problems), 422
        except (Conflict, ClockDoubtful) as refusal:
            return self._page(given, notice=refusal.message), refusal.status
        return sent_to(url_for("alerts.show", alert_id=key, done="declare-alert"))

    @expose("/<alert_id>")
    def show(self, alert_id: str) -> str:
        """Show an event with what is owed for it."""
        return self._shown(alert_id)

    @expose("/<alert_id>/level", methods=["POST"])
    def level(self, alert_id: str) -> Any:
        """Raise or lower the level of an event."""
        level = request.form.get("level", "")[:_LENGTH]
        try:
            change_level(site().deployment, actor(), alert_id, version_given(), level, reason_given(), site().now())
        except Invalid as invalid:
            return self._shown(alert_id, invalid.problems, level, reason_given()), 422
        return sent_to(url_for("alerts.show", alert_id=alert_id, done="change-level"))

    @expose("/<alert_id>/close")
    def closing(self, alert_id: str) -> str:
        """Show the form on which an event is closed, or the field for a few words."""
        return self._closing(self._alert(alert_id), {}, "", new_submission())

    @expose("/<alert_id>/close", methods=["POST"])
    def close(self, alert_id: str) -> Any:
        """Close an event; whatever is wrong, the form comes back with everything typed."""
        alert, submission, text = self._alert(alert_id, typed_too=True), submission_id(), reason_given()
        form = _form(alert)
        entries = typed(form, request.form) if form else {}
        answers = answers_of(form, entries) if form else {}
        try:
            now = site().now()
            close(site().deployment, actor(), alert_id, version_given(), answers, text, submission, now, confirmed())
        except Invalid as invalid:
            return self._closing(alert, entries, text, submission, invalid.problems), 422
        except (Conflict, ClockDoubtful) as refusal:
            return self._closing(alert, entries, text, submission, notice=refusal.message), refusal.status
        return sent_to(url_for("alerts.show", alert_id=alert_id, done="close-alert"))

    def declare_again(self) -> Any:
        """Show the form of an event whose page is outdated again, with everything typed."""
        return make_response(self._page(_given(), notice=STALE), 400)

    def close_again(self, alert_id: str) -> Any:
        """Show a summary whose page is outdated again, with everything typed."""
        alert = self._alert(alert_id)
        form = _form(alert)
        entries = typed(form, request.form) if form else {}
        return make_response(self._closing(alert, entries, reason_given(), submission_id(), notice=STALE), 400)

    def _alert(self, alert_id: str, *, typed_too: bool = False) -> AlertForm:
        found = site().readings.alert_form(member().actor, alert_id, ended_too=typed_too)
        if found is None:
            raise missing()
        return found

    def _shown(self, alert_id: str, problems: Iterable[FieldProblem] = (), level: str = "", reason: str = "") -> str:
        alert = site().readings.alert(member().actor, alert_id, site().now())
        words: Mapping[str, Any] = {
            "title": alert.row.label,
            "alert": alert,
            "level": level,
            "reason": reason,
            "wrong": {problem.field: problem.message for problem in problems},
        }
        return str(self.render("pages/alert.html", **words))

    def _page(self, given: Mapping[str, Any], problems: Iterable[FieldProblem] = (), notice: str = "") -> str:
        kinds = _declarable()
        if not kinds:
            raise missing()
        wanted = given.get("kind") or request.args.get("kind", "")
        kind = next((each for each in kinds if each.id == wanted), kinds[0])
        words: Mapping[str, Any] = {
            "title": f"启动应急响应：{kind.label}",
            "kinds": kinds,
            "kind": kind,
            "given": given,
            "notice": notice,
            "wrong": {problem.field: problem.message for problem in problems},
        }
        return str(self.render("pages/alert-declare.html", **words))

    def _closing(
        self,
        alert: AlertForm,
        entries: Entries,
        text: str,
        submission: str,
        problems: Iterable[FieldProblem] = (),
        notice: str = "",
    ) -> str:
        found, form, on = tuple(problems), _form(alert), local_date(site().now())
        page = form_page(form, site().release(alert.release), entries, on, submission, found) if form else None
        words: Mapping[str, Any] = {
            "title": f"解除应急响应：{alert.label}",
            "alert": alert,
            "page": page,
            "text": text,
            "notice": notice,
            "submission": submission,
            "action": url_for("alerts.close", alert_id=alert.id),
            "wrong": {problem.field: problem.message for problem in found},
        }
        return str(self.render("pages/alert-close.html", **words))


def _declarable() -> Sequence[Declarable]:
    """Return what the person may declare; nothing for those who may not open the form at all."""
    return site().readings.declarable(member().actor) if access_of("alerts.form").allows(member()) else ()


def _given() -> dict[str, Any]:
    return {
        "kind": request.form.get("kind", "")[:_LENGTH],
        "level": request.form.get("level", "")[:_LENGTH],
        "places": [place[:12] for place in request.form.getlist("places")[:_MOST_PLACES] if place],
        "begins": request.form.get("begins", "")[:_LENGTH],
        "reason": reason_given(),
    }


def _form(alert: AlertForm) -> IntakeForm | None:
    return site().release(alert.release).forms.get(alert.form)
