"""发放名册: whom a programme pays each month, from the draft to whoever pays."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from flask import Response, redirect, request, url_for

from xunfang.actions.rolls import PDF, XLSX, Told, begin_roll, do_to_roll, open_roll_file
from xunfang.casework import VERBS
from xunfang.errors import FieldProblem, Invalid
from xunfang.store.reading.rolls import SHOWN
from xunfang.web.guard import actor, member, member_or_none, missing, site
from xunfang.web.headers import PAPER_POLICY
from xunfang.web.views.secure import SecureView, expose
from xunfang.web.views.versions import reason_given, version_given

_LINES = ("hold-back", "let-pay")
_ELSEWHERE = ("start-roll", *_LINES)


class RollsView(SecureView):
    """Rosters of what is paid each month, for those who draft, sign and look at them."""

    def is_visible(self) -> bool:
        """Return whether the person has to do with any roster."""
        person = member_or_none()
        return person is not None and site().readings.rolls.concerned(person.actor)

    @expose("/")
    def index(self) -> str:
        """List the rolls in sight, of the newest month first."""
        return self._index_page({})

    @expose("/month/begin", methods=["POST"])
    def begin(self) -> Any:
        """Start the roll of a month."""
        roster, month = request.form.get("roster", "")[:64], request.form.get("month", "")[:7]
        try:
            key = begin_roll(site().deployment, actor(), roster, month, site().now())
        except Invalid as invalid:
            return self._index_page({problem.field: problem.message for problem in invalid.problems}), 422
        return redirect(url_for("rolls.show", roll_id=key, done="start-roll"), 303)

    @expose("/<roll_id>")
    def show(self, roll_id: str) -> str:
        """Show a roll: how it stands, what it comes to, and its lines."""
        return self._page(roll_id)

    @expose("/<roll_id>/do/<verb>", methods=["POST"])
    def do(self, roll_id: str, verb: str) -> Any:
        """Do something to a roll as a whole."""
        if verb not in VERBS or VERBS[verb].on != "roll" or VERBS[verb].who == "machinery" or verb in _ELSEWHERE:
            raise missing()
        told = Told(
            reason=reason_given() if "reason" in VERBS[verb].asks else "",
            day=request.form.get("day", "")[:10],
            receiver=request.form.get("receiver", "").strip()[:80],
        )
        return self._done(roll_id, verb, told)

    @expose("/<roll_id>/lines/<line_id>/<verb>", methods=["POST"])
    def line(self, roll_id: str, line_id: str, verb: str) -> Any:
        """Hold a line of a draft back, or pay it all the same."""
        if verb not in _LINES:
            raise missing()
        return self._done(roll_id, verb, Told(reason_given() if "reason" in VERBS[verb].asks else "", line_id[:40]))

    @expose("/<roll_id>/paper.pdf")
    def paper(self, roll_id: str) -> Response:
        """Return the paper of a signed roll, byte for byte; its numbers are masked."""
        pdf = open_roll_file(site().deployment, actor(), roll_id, "pdf", "", site().now())
        headers = {
            "Content-Disposition": f'inline; filename="roll-{roll_id[:12]}.pdf"',
            "Content-Security-Policy": PAPER_POLICY,
        }
        return Response(pdf, mimetype=PDF, headers=headers)

    @expose("/<roll_id>/workbook", methods=["POST"])
    def workbook(self, roll_id: str) -> Any:
        """Return the workbook of a signed roll, its numbers whole, once it is on record what for."""
        try:
            data = open_roll_file(site().deployment, actor(), roll_id, "xlsx", reason_given(), site().now())
        except Invalid as invalid:
            return self._page(roll_id, invalid.problems), 422
        name = quote(f"发放名册-{roll_id[:12]}.xlsx")
        return Response(data, mimetype=XLSX, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"})

    def _done(self, roll_id: str, verb: str, told: Told) -> Any:
        try:
            do_to_roll(site().deployment, actor(), verb, roll_id[:40], version_given(), told, site().now())
        except Invalid as invalid:
            return self._page(roll_id, invalid.problems), 422
        if told.line:
            show = request.form.get("show", "")[:10]
            return redirect(url_for("rolls.show", roll_id=roll_id, done=verb, show=show, _anchor="lines"), 303)
        return redirect(url_for("rolls.show", roll_id=roll_id, done=verb), 303)

    def _index_page(self, wrong: dict[str, str]) -> str:
        person, after = member().actor, request.args.get("after", "")[:200]
        rows, after = site().readings.rolls.page(person, after)
        drafted = site().readings.rolls.drafted(person, site().now())
        words = {"rows": rows, "after": after, "drafted": drafted, "wrong": wrong}
        return str(self.render("pages/rolls.html", title="发放名册", **words))

    def _page(self, roll_id: str, problems: Iterable[FieldProblem] = ()) -> str:
        shown, after = request.args.get("show", ""), request.args.get("after", "")[:200]
        shown = shown if shown in SHOWN else "all"
        page = site().readings.rolls.roll(member().actor, roll_id, shown, after)
        wrong = [problem.message for problem in problems]
        title = f"{page.row.month}{page.row.label}"
        words = {"page": page, "shown": shown, "wrong": wrong, "verbs": VERBS, "at_start": not after}
        return str(self.render("pages/roll.html", title=title, **words))
