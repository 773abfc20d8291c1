"""试一试: fill in a form as a draft has it, see what would come of that by the draft and by the rules in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import redirect, request, url_for

from xunfang.actions.case_stories import Deed, may_tell, told_anew
from xunfang.actions.drafting import Edited, edit_draft
from xunfang.clock import local, local_date, parse
from xunfang.desk.studio.compiling import compiled
from xunfang.desk.studio.faces import Drafted
from xunfang.desk.studio.outlooks import cited, decided, side_by_side
from xunfang.desk.studio.scenarios import free_name, scenario_text
from xunfang.errors import Conflict, Invalid, NotAllowed, NotFound
from xunfang.rulebook.model import IntakeForm, Rulebook
from xunfang.rules.intake import Decision
from xunfang.rules.sample import values_of
from xunfang.web.forms import Entries, answers_of, entries_of, form_page, typed
from xunfang.web.guard import actor, member, missing, site
from xunfang.web.views.intake import confirmed, new_submission
from xunfang.web.views.secure import SecureView, expose

KEY = 40
LABEL = 120
_EARLIER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Trial:
    """A form of a draft that is tried: the draft, what it compiles to, the form."""

    draft: Drafted
    rules: Rulebook
    form: IntakeForm


class TryView(SecureView):
    """What the rules of a draft would do. Nothing is stored, but what somebody keeps as a scenario of the draft."""

    in_menu = False
    under = "studio"

    @expose("/")
    def index(self, change_set: str) -> str:
        """List the forms that open a case, as the draft has them."""
        return self._forms(change_set, {"case": request.args.get("case", "")[:KEY]})

    def _forms(self, change_set: str, given: Mapping[str, str], wrong: str = "") -> str:
        draft = self._draft(change_set)
        found = compiled(draft, site().examining(), local_date(site().now()))
        forms = _opening(found.rules) if found.rules else []
        told = {"head": draft.head, "forms": forms, "problems": found.problems, "live": self.rulebook}
        told |= {"given": given, "wrong": wrong, "may_tell": may_tell(member().actor)}
        return str(self.render("studio/try.html", title="试一试", **told))

    @expose("/of/case", methods=["POST"])
    def retell(self, change_set: str) -> Any:
        """Fill in the form by which a real case began, with another person in it, and show what would come of that."""
        given = {name: request.form.get(name, "").strip()[:60] for name in ("number", "case")}
        try:
            told = told_anew(site().deployment, actor(), change_set[:KEY], site().now(), **given)
            trial = self._trial(change_set, told.form)
        except (NotFound, NotAllowed) as refused:
            return self._forms(change_set, given, refused.message), refused.status
        known = {name: value for name, value in told.answers.items() if name in trial.form.fields}
        decision = decided(trial.rules, trial.form.id, known, told.at)
        entries = entries_of(trial.form, known, whole=True)
        return self._page(trial, entries, told.at, decision, of_case=told.number, done=len(told.done))

    @expose("/<form_id>")
    def form(self, change_set: str, form_id: str) -> str:
        """Show a form of the draft, empty or filled in with a sample."""
        trial, at = self._trial(change_set, form_id), site().now()
        entries = _sampled(trial, at) if request.args.get("sample") == "yes" else {}
        return self._page(trial, entries, at)

    @expose("/<form_id>", methods=["POST"])
    def judge(self, change_set: str, form_id: str) -> Any:
        """Show what would come of what was filled in; or keep it as a scenario."""
        trial = self._trial(change_set, form_id)
        entries, wrong = typed(trial.form, request.form), ""
        try:
            at = parse(request.form.get("moment", "")[:20])
        except ValueError:
            return self._page(trial, entries, site().now(), wrong={"moment": "请选定日期和时间。"}), 422
        decision = decided(trial.rules, trial.form.id, answers_of(trial.form, entries), at, confirmed())
        if request.form.get("keep") == "yes" and decision:
            try:
                return self._kept(trial, decision, at)
            except (Conflict, Invalid) as refused:
                wrong = (
                    "；".join(p.message for p in refused.problems) if isinstance(refused, Invalid) else refused.message
                )
        page = self._page(trial, entries, at, decision, {"label": wrong} if wrong else {})
        return page, 422 if wrong or (decision and decision.problems) else 200

    def _kept(self, trial: Trial, decision: Decision, at: datetime) -> Any:
        """Write the scenario into the draft; raises Conflict, Invalid."""
        done = self._done_since(trial)
        label = request.form.get("label", "").strip()[:LABEL] or f"{trial.form.title}：{local(at):%Y年%-m月%-d日}试办"
        text = scenario_text(trial.rules, decision, at, label, cited(decision), confirmed(), done)
        path = free_name({*trial.draft.files, *trial.draft.base}, trial.draft.layer, trial.draft.head.id)
        edited = Edited(text, "scenario.add", f"增加情景“{label}”", saw=None)
        edit_draft(site().deployment, actor(), trial.draft.head.id, path, lambda _: edited, site().now())
        return redirect(url_for("studio.show", change_set=trial.draft.head.id, done="edit-draft"), 303)

    def _done_since(self, trial: Trial) -> Sequence[Deed]:
        """Return what was done about the case that was retold, if there is one; that it was read is recorded."""
        number = request.form.get("of_case", "")[:60]
        if not number:
            return ()
        return told_anew(site().deployment, actor(), trial.draft.head.id, site().now(), number=number).done

    def _draft(self, change_set: str) -> Drafted:
        return site().readings.studio.drafted(member().actor, change_set[:KEY])

    def _trial(self, change_set: str, form_id: str) -> Trial:
        """Return a form of a draft; there is none where the draft does not compile."""
        draft = self._draft(change_set)
        rules = compiled(draft, site().examining(), local_date(site().now())).rules
        form = next((each for each in _opening(rules) if each.id == form_id), None) if rules else None
        if rules is None or form is None:
            raise missing()
        return Trial(draft, rules, form)

    def _page(
        self,
        trial: Trial,
        entries: Entries,
        at: datetime,
        decision: Decision | None = None,
        wrong: Mapping[str, str] | None = None,
        of_case: str = "",
        done: int = 0,
    ) -> str:
        problems = decision.problems if decision else ()
        page = form_page(trial.form, trial.rules, entries, local_date(at), new_submission(), problems)
        rows = None
        if decision:
            answers = answers_of(trial.form, entries)
            rows = side_by_side(trial.rules, self.rulebook, trial.form.id, answers, at, confirmed())
        told = {"head": trial.draft.head, "page": page, "at": local(at), "rows": rows, "wrong": wrong or {}}
        given = request.form.get("label", "")[:LABEL]
        told |= {"of_case": of_case or request.form.get("of_case", "")[:60], "done": done}
        return str(self.render("studio/try-form.html", title=f"试一试：{trial.form.title}", given=given, **told))


def _opening(rules: Rulebook) -> list[IntakeForm]:
    """Return the forms that open a case."""
    opening = {form for flow in rules.flows.values() for form in flow.opens_on}
    return [form for id, form in rules.forms.items() if id in opening]


def _sampled(trial: Trial, at: datetime) -> dict[str, tuple[str, ...]]:
    """Return a sample of everything, found out an hour ago."""
    answers = values_of(trial.rules, trial.form)
    for name, field in trial.form.fields.items():
        if field.kind == "moment":
            answers[name] = (at - _EARLIER).isoformat()
        if field.kind == "date":
            answers[name] = local_date(at).isoformat()
    return entries_of(trial.form, answers)
