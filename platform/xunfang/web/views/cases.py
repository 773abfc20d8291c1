"""个案: the list, the file of one case, what is revealed of a person, and papers asked for."""

from typing import Any

from flask import redirect, request, url_for

from xunfang.actions.comparing import answer_question, undo_answer
from xunfang.actions.handling import do_to_case
from xunfang.actions.papers import print_notice
from xunfang.actions.reading import reveal
from xunfang.desk.labels import Labels
from xunfang.web.guard import actor, member, missing, site
from xunfang.web.sought import sealed, sought
from xunfang.web.views.dispatch import ACCEPT, unit_choices
from xunfang.web.views.doing import asked_for
from xunfang.web.views.secure import SecureView, expose
from xunfang.web.views.versions import reason_given, version_given
from xunfang.web.wording import CASES_SHOWN


class CasesView(SecureView):
    """Cases in the person's sight."""

    @expose("/")
    def index(self) -> str:
        """List the newest cases, or those of an exact name or number."""
        find, show = request.args.get("find", "")[:500], _shown(request.args.get("show", ""))
        after, text = request.args.get("after", "")[:200], sought(find)
        rows, after = site().readings.cases(member().actor, text, site().now(), after, show)
        words = {"find": find if text else None, "text": text, "after": after, "show": show, "shows": CASES_SHOWN}
        return str(self.render("pages/cases.html", rows=rows, **words))

    @expose("/", methods=["POST"])
    def find(self) -> Any:
        """Look for a name or a number: the address this leads to tells neither."""
        text, show = request.form.get("q", "").strip()[:50], _shown(request.form.get("show", ""))
        return redirect(url_for("cases.index", find=sealed(text) or None, show=show or None), 303)

    @expose("/<case_id>")
    def show(self, case_id: str) -> str:
        """Show the file of a case."""
        return self._page(case_id)

    @expose("/<case_id>/<verb>", methods=["POST"])
    def do(self, case_id: str, verb: str) -> Any:
        """Do a verb to the case, with what the page asked for."""
        do_to_case(site().deployment, asked_for(verb, "case", case=case_id), site().now())
        return redirect(url_for("cases.show", case_id=case_id, done=verb), 303)

    @expose("/<case_id>/reveal", methods=["POST"])
    def reveal(self, case_id: str) -> str:
        """Show one sealed value of the person, after the reason for it has been recorded."""
        case = site().readings.case(member().actor, case_id, site().now())
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
        told = (version_given(), verdict, reason_given())
        return _back(answer_question(site().deployment, actor(), question_id, *told, site().now()), "compared")

    @expose("/questions/<question_id>/undo", methods=["POST"])
    def reconsider(self, question_id: str) -> Any:
        """Take back what was found of two records."""
        told = (version_given(), reason_given())
        return _back(undo_answer(site().deployment, actor(), question_id, *told, site().now()), "reconsidered")

    def _page(self, case_id: str, revealed: tuple[str, str] | None = None) -> str:
        case = site().readings.case(member().actor, case_id, site().now())
        offered = [verb for task in case.tasks for verb in task.can] + [verb for verb in case.can if not verb.elsewhere]
        asks_for_unit = any("unit" in verb.asks for verb in offered)
        units = unit_choices(Labels(site().release(case.release)), ACCEPT) if asks_for_unit else []
        sittings, to_meeting = site().readings.meetings.of_case(member().actor, case_id)
        published = site().readings.publications.of_case(member().actor, case_id, site().now())
        words = {
            "publications": published,
            "objected": site().readings.publications.objected(member().actor, case_id, site().now()),
            "revealed": revealed,
            "units": units,
            "sittings": sittings,
            "to_meeting": to_meeting,
        }
        return str(self.render("pages/case.html", title=case.number, case=case, **words))


def _back(case_id: str, done: str) -> Any:
    """Return to the person whose page something was done on, or to the case."""
    person = request.form.get("person", "")
    if person.isalnum():
        return redirect(url_for("people.show", person_id=person, done=done), 303)
    return redirect(url_for("cases.show", case_id=case_id, done=done), 303)


def _shown(given: str) -> str:
    """Return which cases an address asks for, all current ones when it asks for none that there are."""
    return given if given in dict(CASES_SHOWN) else ""
