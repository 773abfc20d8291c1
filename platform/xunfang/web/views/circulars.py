"""通报: circulars about what is overdue, drafted, signed off, opened as they were printed, and corrected by another."""

from collections.abc import Mapping
from typing import Any

from flask import Response, redirect, request, url_for

from xunfang.actions.circulars import do_to_circular, draft_circular, open_circular
from xunfang.casework.circulars import WORDS
from xunfang.desk.circular import told_by
from xunfang.desk.faces.circulars import CircularForm
from xunfang.errors import Invalid
from xunfang.web.guard import actor, member, missing, site
from xunfang.web.headers import PAPER_POLICY
from xunfang.web.views.secure import SecureView, expose
from xunfang.web.views.versions import reason_given, version_given

_KEY, _MOST_UNITS = 40, 2_000
_DONE = ("sign-circular", "refuse-circular", "withdraw-circular")


class CircularsView(SecureView):
    """Circulars, newest first; reached from papers and from the bulletin."""

    in_menu = False
    under = "papers"

    @expose("/")
    def index(self) -> str:
        """Show a page of the circulars."""
        rows, after = site().readings.circulars.page(member().actor, request.args.get("after", "")[:100])
        may_draft = site().readings.circulars.may_draft(member().actor)
        return str(self.render("pages/circulars.html", title="通报", rows=rows, after=after, may_draft=may_draft))

    @expose("/draft")
    def form(self) -> str:
        """Show the form of a circular drafted from what is overdue, its words to be edited."""
        form = self._asked(request.args.get("circular", ""), request.args.get("corrects", ""))
        return self._form(form, form.words, {})

    @expose("/draft", methods=["POST"])
    def draft(self) -> Any:
        """Keep the draft as it was edited and lay it before whoever signs it."""
        given = request.form
        form = self._asked(given.get("circular", ""), given.get("corrects", ""))
        words = {name: given.get(name, "").strip()[: most + 1] for name, (_, most) in WORDS.items()}
        named = set(given.getlist("unit")[:_MOST_UNITS])
        chosen = [unit.unit for unit in form.units if unit.unit in named]
        try:
            key = draft_circular(
                site().deployment, actor(), told_by(form, words, chosen), chosen, site().now(),
                circular=form.circular, version=version_given(), corrects=form.corrects,
            )  # fmt: skip
        except Invalid as invalid:
            wrong = {problem.field: problem.message for problem in invalid.problems}
            return self._form(form, words, wrong, chosen), 422
        return redirect(url_for("circulars.show", circular_id=key, done="draft-circular"), 303)

    @expose("/<circular_id>")
    def show(self, circular_id: str) -> str:
        """Show one circular with what became of it."""
        return self._page(circular_id, {})

    @expose("/<circular_id>.pdf")
    def open(self, circular_id: str) -> Response:
        """Return a circular, or its draft, byte for byte; that it was opened is recorded first."""
        pdf = open_circular(site().deployment, actor(), circular_id, site().now())
        headers = {"Content-Disposition": 'inline; filename="circular.pdf"', "Content-Security-Policy": PAPER_POLICY}
        return Response(pdf, mimetype="application/pdf", headers=headers)

    @expose("/<circular_id>/<verb>", methods=["POST"])
    def do(self, circular_id: str, verb: str) -> Any:
        """Sign a circular off, refuse to, or withdraw it."""
        if verb not in _DONE:
            raise missing()
        version, reason = version_given(), reason_given()
        try:
            do_to_circular(site().deployment, actor(), verb, circular_id, site().now(), version=version, reason=reason)
        except Invalid as invalid:
            return self._page(circular_id, {verb: invalid.problems[0].message}), 422
        return redirect(url_for("circulars.show", circular_id=circular_id, done=verb), 303)

    def _asked(self, circular: str, corrects: str) -> CircularForm:
        return site().readings.circulars.form(member().actor, site().now(), circular[:_KEY], corrects[:_KEY])

    def _page(self, circular_id: str, wrong: Mapping[str, str]) -> str:
        page = site().readings.circulars.one(member().actor, circular_id)
        return str(self.render("pages/circular.html", title=page.row.title, page=page, wrong=wrong))

    def _form(self, form: CircularForm, words: Mapping[str, str], wrong: Mapping[str, str], chosen: Any = None) -> str:
        told = {"form": form, "words": words, "wrong": wrong, "chosen": form.chosen if chosen is None else chosen}
        most = {name: most for name, (_, most) in WORDS.items()}
        return str(self.render("pages/circular-form.html", title=f"起草{form.label}", most=most, **told))
