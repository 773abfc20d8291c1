"""个案: the list, the file of one case, what is revealed of a person, and papers asked for."""

from typing import Any

from flask import redirect, request, url_for

from xunfang.actions.comparing import answer_question
from xunfang.actions.papers import print_notice
from xunfang.actions.reading import reveal
from xunfang.web.guard import actor, member, missing, site
from xunfang.web.labels import Labels
from xunfang.web.sought import sealed, sought
from xunfang.web.views.dispatch import ACCEPT, unit_choices
from xunfang.web.views.secure import SecureView, expose
from xunfang.web.views.versions import reason_given, version_given


class CasesView(SecureView):
    """Cases in the person's sight."""

    @expose("/")
    def index(self) -> str:
        """List the newest cases, or those of an exact name or number."""
        find, open_only = request.args.get("find", "")[:500], request.args.get("show") == "open"
        after, text = request.args.get("after", "")[:200], sought(find)
        rows, after = site().readings.cases(member(), text, site().now(), after, open_only=open_only)
        words = {"find": find if text else None, "text": text, "after": after, "open_only": open_only}
        return str(self.render("pages/cases.html", rows=rows, **words))

    @expose("/", methods=["POST"])
    def find(self) -> Any:
        """Look for a name or a number: the address this leads to tells neither."""
        text, show = request.form.get("q", "").strip()[:50], "open" if request.form.get("show") == "open" else None
        return redirect(url_for("cases.index", find=sealed(text) or None, show=show), 303)

    @expose("/<case_id>")
    def show(self, case_id: str) -> str:
        """Show the file of a case."""
        return self._page(case_id)

    @expose("/<case_id>/reveal", methods=["POST"])
    def reveal(self, case_id: str) -> str:
        """Show one sealed value of the person, after the reason for it has been recorded."""
        case = site().readings.case(member(), case_id, site().now())
        field = request.form.get("field", "")
        if field not in dict(case.person.hidden):
            raise missing()
        value = reveal(site().deployment, actor(), case_id, field, reason_given(), site().now())
        return self._page(case_id, revealed=(dict(case.person.hidden)[field], value))

    @expose("/<case_id>/print", methods=["POST"])
    def print(self, case_id: str) -> Any:
        """Ask for a paper of the case."""
        kind, task = request.form.get("kind", ""), request.form.get("task", "")
        print_notice(site().deployment, actor(), case_id, task, kind, site().now())
        return redirect(url_for("cases.show", case_id=case_id, done="print", _anchor="papers"), 303)

    @expose("/questions/<question_id>", methods=["POST"])
    def compare(self, question_id: str) -> Any:
        """Note whether two records of one number are one person."""
        verdict = request.form.get("verdict", "")
        case_id = answer_question(site().deployment, actor(), question_id, version_given(), verdict, site().now())
        return redirect(url_for("cases.show", case_id=case_id, done="compared"), 303)

    def _page(self, case_id: str, revealed: tuple[str, str] | None = None) -> str:
        case = site().readings.case(member(), case_id, site().now())
        asks_for_unit = any("unit" in verb.asks for task in case.tasks for verb in task.can)
        units = unit_choices(Labels(self.rulebook), ACCEPT) if asks_for_unit else []
        return str(self.render("pages/case.html", title=case.number, case=case, revealed=revealed, units=units))
