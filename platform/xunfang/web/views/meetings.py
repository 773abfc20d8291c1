"""会商: the sittings of meetings, called and held by their convener, each case on them decided by itself."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response, make_response, redirect, request, url_for

from xunfang.actions.meetings import add_to_sitting, call_sitting, decide_item, do_to_sitting
from xunfang.actions.minutes import do_to_minutes, open_minutes
from xunfang.casework import VERBS
from xunfang.clock import local, local_date
from xunfang.desk.faces.meetings import DecideForm, SittingFace
from xunfang.errors import ClockDoubtful, Conflict, FieldProblem, Invalid
from xunfang.rulebook.model import IntakeForm
from xunfang.web.forms import Entries, answers_of, form_page, typed
from xunfang.web.guard import actor, member, member_or_none, missing, site
from xunfang.web.headers import PAPER_POLICY
from xunfang.web.views.intake import STALE, confirmed, new_submission, sent_to, submission_id
from xunfang.web.views.secure import SecureView, expose
from xunfang.web.views.versions import reason_given, version_given

_KEY, _PLACE, _NAMES, _MOST = 40, 100, 200, 300
_HELD = ("invite-to-sitting", "open-sitting", "close-sitting", "cancel-sitting")
_OF_ITEM = ("postpone-item", "withdraw-item")
_OF_MINUTES = ("draft-minutes", "agree-minutes", "object-minutes", "sign-minutes")


class MeetingsView(SecureView):
    """Meetings that decide cases together, for those who convene and attend them."""

    def is_visible(self) -> bool:
        """Return whether the person's unit has to do with any meeting."""
        person = member_or_none()
        return person is not None and site().readings.meetings.attended(person.actor)

    @expose("/")
    def index(self) -> str:
        """List the sittings in sight, that planned last first, and what waits for one."""
        after = request.args.get("after", "")[:100]
        rows, after = site().readings.meetings.page(member().actor, after)
        words = {"rows": rows, "after": after, "convened": site().readings.meetings.convened(member().actor)}
        return str(self.render("pages/meetings.html", **words))

    @expose("/call")
    def form(self) -> str:
        """Show the page on which a sitting is called."""
        return self._call_page({}, {"meeting": request.args.get("meeting", "")[:_KEY]})

    @expose("/call", methods=["POST"])
    def call(self) -> Any:
        """Call a sitting; whatever is wrong, the page comes back with everything typed."""
        given = {name: request.form.get(name, "").strip()[:_PLACE] for name in ("meeting", "planned", "place")}
        tasks = _picked()
        try:
            key = call_sitting(
                site().deployment, actor(), given["meeting"], given["planned"], given["place"], tasks, site().now()
            )
        except Invalid as invalid:
            wrong = {problem.field: problem.message for problem in invalid.problems}
            return self._call_page(wrong, {**given, "tasks": tasks}), 422
        return redirect(url_for("meetings.show", sitting_id=key, done="call-sitting"), 303)

    @expose("/<sitting_id>")
    def show(self, sitting_id: str) -> str:
        """Show a sitting with its agenda."""
        return self._page(sitting_id)

    @expose("/<sitting_id>/invitation")
    def invitation(self, sitting_id: str) -> str:
        """Show the invitation to a sitting, ready to be printed."""
        sitting = site().readings.meetings.sitting(member().actor, sitting_id)
        return str(self.render("pages/meeting-invitation.html", title="会议通知", sitting=sitting))

    @expose("/<sitting_id>/agenda", methods=["POST"])
    def add(self, sitting_id: str) -> Any:
        """Put more cases on a sitting."""
        number = request.form.get("number", "").strip()[:_PLACE]
        try:
            add_to_sitting(site().deployment, actor(), sitting_id, _picked(), number, site().now())
        except Invalid as invalid:
            return self._page(sitting_id, invalid.problems), 422
        return redirect(url_for("meetings.show", sitting_id=sitting_id, done="add-to-sitting"), 303)

    @expose("/<sitting_id>/do/<verb>", methods=["POST"])
    def hold(self, sitting_id: str, verb: str) -> Any:
        """Invite to a sitting, open it with those who came, close or cancel it."""
        if verb not in _HELD:
            raise missing()
        asks = VERBS[verb].asks
        reason, present = reason_given() if "reason" in asks else "", _present()
        try:
            do_to_sitting(site().deployment, actor(), verb, sitting_id, site().now(), reason=reason, present=present)
        except Invalid as invalid:
            return self._page(sitting_id, invalid.problems, present), 422
        return redirect(url_for("meetings.show", sitting_id=sitting_id, done=verb), 303)

    @expose("/<sitting_id>/minutes.pdf")
    def minutes(self, sitting_id: str) -> Response:
        """Return the minutes of a sitting, or their draft, byte for byte; that they were opened is recorded first."""
        pdf = open_minutes(site().deployment, actor(), sitting_id, site().now())
        headers = {
            "Content-Disposition": 'inline; filename="minutes.pdf"',
            "Content-Security-Policy": PAPER_POLICY,
        }
        return Response(pdf, mimetype="application/pdf", headers=headers)

    @expose("/<sitting_id>/minutes/<verb>", methods=["POST"])
    def minute(self, sitting_id: str, verb: str) -> Any:
        """Draw up the minutes of a sitting, agree to them or object, sign them off."""
        if verb not in _OF_MINUTES:
            raise missing()
        given = {name: request.form.get(name, "").strip()[:2100] for name in ("chair", "recorder", "remarks")}
        unit = request.form.get("unit", "")[:_PLACE]
        reason, version = request.form.get("reason", "").strip()[: _MOST * 2], version_given()
        try:
            do_to_minutes(
                site().deployment, actor(), verb, sitting_id, site().now(),
                version=version, reason=reason, unit=unit, told=given,
            )  # fmt: skip
        except Invalid as invalid:
            return self._page(sitting_id, invalid.problems, typed=given), 422
        return redirect(url_for("meetings.show", sitting_id=sitting_id, done=verb, _anchor="minutes"), 303)

    @expose("/<sitting_id>/items/<item_id>/<verb>", methods=["POST"])
    def item(self, sitting_id: str, item_id: str, verb: str) -> Any:
        """Leave a case to a later sitting, or take it off the agenda."""
        if verb not in _OF_ITEM:
            raise missing()
        version, reason, now = version_given(), reason_given(), site().now()
        try:
            do_to_sitting(
                site().deployment, actor(), verb, sitting_id, now, item=item_id, version=version, reason=reason
            )
        except Invalid as invalid:
            return self._page(sitting_id, invalid.problems), 422
        return redirect(url_for("meetings.show", sitting_id=sitting_id, done=verb, _anchor=f"item-{item_id}"), 303)

    @expose("/items/<item_id>/decision")
    def decision(self, item_id: str) -> str:
        """Show the page on which a case is decided."""
        form = site().readings.meetings.decide_form(member().actor, item_id)
        return self._decide_page(form, {}, {}, new_submission())

    @expose("/items/<item_id>/decision", methods=["POST"])
    def decide(self, item_id: str) -> Any:
        """Decide a case; whatever is wrong, the page comes back with everything typed."""
        wanted, submission = site().readings.meetings.decide_form(member().actor, item_id), submission_id()
        form, told = _form(wanted), _told()
        entries = typed(form, request.form) if form else {}
        answers = answers_of(form, entries) if form else {}
        decision, _, outcome = told["way"].partition(":")
        asked = {**told, "decision": decision}
        try:
            sitting = decide_item(
                site().deployment, actor(), item_id, version_given(), asked, outcome, answers, submission,
                site().now(), confirmed(),
            )  # fmt: skip
        except Invalid as invalid:
            return self._decide_page(wanted, entries, told, submission, invalid.problems), 422
        except (Conflict, ClockDoubtful) as refusal:
            return self._decide_page(wanted, entries, told, submission, notice=refusal.message), refusal.status
        return sent_to(url_for("meetings.show", sitting_id=sitting, done="decide-item", _anchor=f"item-{item_id}"))

    def again(self, item_id: str) -> Any:
        """Show a page of deciding that is outdated again, with everything typed."""
        wanted = site().readings.meetings.decide_form(member().actor, item_id)
        form = _form(wanted)
        entries = typed(form, request.form) if form else {}
        return make_response(self._decide_page(wanted, entries, _told(), submission_id(), notice=STALE), 400)

    def _page(
        self,
        sitting_id: str,
        problems: Iterable[FieldProblem] = (),
        present: Mapping[str, str] | None = None,
        typed: Mapping[str, str] | None = None,
    ) -> str:
        sitting: SittingFace = site().readings.meetings.sitting(member().actor, sitting_id)
        wrong = {problem.field: problem.message for problem in problems}
        words = {"sitting": sitting, "verbs": VERBS, "wrong": wrong, "present": present or {}, "typed": typed or {}}
        return str(self.render("pages/meeting.html", title=sitting.row.label, **words))

    def _call_page(self, wrong: Mapping[str, str], given: Mapping[str, Any]) -> str:
        convened = site().readings.meetings.convened(member().actor)
        chosen = next((each for each in convened if each.id == given.get("meeting")), convened[0] if convened else None)
        if chosen is None:
            raise missing()
        words = {"convened": convened, "meeting": chosen, "wrong": wrong, "given": given}
        today = local(site().now()).strftime("%Y-%m-%dT%H:%M")
        return str(self.render("pages/meeting-call.html", title="召集会议", earliest=today, **words))

    def _decide_page(
        self,
        wanted: DecideForm,
        entries: Entries,
        told: Mapping[str, Any],
        submission: str,
        problems: Iterable[FieldProblem] = (),
        notice: str = "",
    ) -> str:
        found, form, on = tuple(problems), _form(wanted), local_date(site().now())
        page = form_page(form, site().release(wanted.task.release), entries, on, submission, found) if form else None
        words: Mapping[str, Any] = {
            "title": f"议决第{wanted.n}项",
            "decide": wanted,
            "task": wanted.task,
            "page": page,
            "told": told,
            "notice": notice,
            "submission": submission,
            "action": url_for("meetings.decide", item_id=wanted.item),
            "wrong": {problem.field: problem.message for problem in found},
        }
        return str(self.render("pages/meeting-decide.html", **words))


def _form(wanted: DecideForm) -> IntakeForm | None:
    return site().release(wanted.task.release).forms.get(wanted.task.form)


def _picked() -> list[str]:
    return [key[:_KEY] for key in request.form.getlist("task")[:_MOST]]


def _present() -> dict[str, str]:
    """Return the units that were ticked as present, each with the names that were written beside it."""
    units = [unit[:_PLACE] for unit in request.form.getlist("present")[:_MOST]]
    return {unit: request.form.get(f"names.{unit}", "").strip()[: _NAMES + 1] for unit in units}


def _told() -> dict[str, Any]:
    """Return what was typed about a decision besides the form of its task."""
    given = {name: request.form.get(name, "").strip()[:1100] for name in ("way", "votes_for", "votes_against", "words")}
    return {**given, "recused": tuple(unit[:_PLACE] for unit in request.form.getlist("recused")[:_MOST])}
