"""The forms of a draft: their fields by buttons, and beside them the form as people will see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import redirect, request, url_for

from xunfang.actions.drafting import Edit, edit_draft
from xunfang.clock import local_date
from xunfang.desk.studio.compiling import Compiled, compiled
from xunfang.desk.studio.faces import Drafted
from xunfang.desk.studio.form_conditions import condition_of, picks_before, ticked
from xunfang.desk.studio.form_edits import Asked, added, changed, moved, removed, section_added
from xunfang.desk.studio.form_faces import KINDS, FormFace, form_face, form_rows
from xunfang.desk.studio.form_touches import Touch, touches_of
from xunfang.desk.studio.said_names import SaidNames
from xunfang.errors import Conflict, FieldProblem, Invalid
from xunfang.rulebook.edit_words import UNNAMED
from xunfang.rulebook.splicing import BlockChanged, SpliceRefused
from xunfang.rules.submission import cleaned
from xunfang.rules.submission import problems as problems_of
from xunfang.web.forms import FormPage, answers_of, form_page, typed
from xunfang.web.guard import actor, member, missing, site
from xunfang.web.views.intake import new_submission
from xunfang.web.views.secure import SecureView, expose

KEY, NAME, DIGEST = 40, 64, 64
_COMMANDS = ("add", "set", "move", "remove", "section")


@dataclass(frozen=True, slots=True)
class Opened:
    """A form of a draft that a page is about."""

    draft: Drafted
    made: Compiled
    face: FormFace
    wrong: Mapping[str, str] = field(default_factory=dict)


class FormsView(SecureView):
    """What forms ask, edited field by field."""

    in_menu = False
    under = "studio"

    @expose("/")
    def index(self, change_set: str) -> str:
        """List the forms of the draft."""
        draft, made = self._draft(change_set)
        rows = form_rows(draft, made.rules) if made.rules else []
        told = {"head": draft.head, "rows": rows, "problems": made.problems, "draft": draft}
        return str(self.render("studio/forms.html", title="表单", **told))

    @expose("/<form_id>")
    def show(self, change_set: str, form_id: str) -> str:
        """Show one form: its fields, and the form as people will see it."""
        return self._page(self._opened(change_set, form_id))

    @expose("/<form_id>/fill", methods=["POST"])
    def fill(self, change_set: str, form_id: str) -> Any:
        """Judge what was filled in on the preview, as the form will when it is in force."""
        opened = self._opened(change_set, form_id)
        rules = opened.made.rules
        if rules is None or form_id not in rules.forms:
            raise missing()
        form, now = rules.forms[form_id], site().now()
        entries = typed(form, request.form)
        answers = cleaned(form, answers_of(form, entries))
        wrong = problems_of(rules.on(local_date(now)), form, answers, now)
        page = form_page(form, rules, entries, local_date(now), new_submission(), wrong)
        return self._page(opened, page, passed=not wrong), 422 if wrong else 200

    @expose("/<form_id>/field/<asked>")
    def field(self, change_set: str, form_id: str, asked: str) -> str:
        """Show one field to be changed."""
        return self._field(self._opened(change_set, form_id), asked[:NAME])

    @expose("/<form_id>/do/<command>", methods=["POST"])
    def do(self, change_set: str, form_id: str, command: str) -> Any:
        """Do one command to the form; whatever is wrong, the page comes back with everything typed."""
        if command not in _COMMANDS:
            raise missing()
        opened = self._opened(change_set, form_id)
        path = opened.face.path
        try:
            edit_draft(site().deployment, actor(), change_set[:KEY], path, _edit(opened, path, command), site().now())
        except (Invalid, Conflict, BlockChanged, SpliceRefused) as refused:
            wrong = _wrong(refused)
            again = Opened(opened.draft, opened.made, opened.face, wrong)
            page = self._field(again, _given("name")) if command == "set" else self._page(again)
            return page, 422 if isinstance(refused, (Invalid, SpliceRefused)) else 409
        anchor = f"i-{name}" if (name := _given("name")) and command != "remove" else "h-fields"
        url = url_for("studio-forms.show", change_set=change_set, form_id=form_id, done="edit-draft", _anchor=anchor)
        return redirect(url, 303)

    def _draft(self, change_set: str) -> tuple[Drafted, Compiled]:
        draft = site().readings.studio.drafted(member().actor, change_set[:KEY])
        return draft, compiled(draft, site().examining(), local_date(site().now()))

    def _opened(self, change_set: str, form_id: str) -> Opened:
        draft, made = self._draft(change_set)
        return Opened(draft, made, form_face(draft, made.rules, self.rulebook.chain, form_id[:NAME]))

    def _page(self, opened: Opened, page: FormPage | None = None, *, passed: bool = False) -> str:
        rules, face = opened.made.rules, opened.face
        if page is None and rules and face.id in rules.forms:
            page = form_page(rules.forms[face.id], rules, {}, local_date(site().now()), new_submission())
        phone = (request.args.get("as") or request.form.get("as")) == "phone"
        told = {
            "head": opened.draft.head, "face": face, "page": page, "problems": opened.made.problems, "phone": phone,
            "passed": passed, "wrong": opened.wrong, "kinds": KINDS, "lists": rules.lists if rules else {},
            "given": request.form, "opens": bool(rules) and _opens(opened), "new_touches": _touched(opened),
        }  # fmt: skip
        return str(self.render("studio/form.html", title=face.title, **told))

    def _field(self, opened: Opened, name: str) -> str:
        found = next((each for each in opened.face.fields if each.name == name), None)
        if found is None:
            raise missing()
        rules = opened.made.rules
        picks = picks_before(rules, opened.face.id, name) if rules else []
        told = {
            "head": opened.draft.head, "face": opened.face, "field": found, "picks": picks, "wrong": opened.wrong,
            "ticked": set(request.form.getlist("pick")) if opened.wrong else ticked(found.data.get("x-when")),
            "lists": rules.lists if rules else {}, "given": request.form if opened.wrong else {},
            "touches": _touched(opened, name),
        }  # fmt: skip
        return str(self.render("studio/field.html", title=found.title, **told))


def _touched(opened: Opened, field: str = "") -> Sequence[Touch]:
    """Return what a field touches once it is required, a new one where none is named."""
    rules = opened.made.rules
    form = rules.forms.get(opened.face.id) if rules else None
    return touches_of(opened.draft, rules, form, field) if rules and form else []


def _opens(opened: Opened) -> bool:
    """Return whether the form opens a case, so that it can be tried."""
    rules = opened.made.rules
    return rules is not None and any(opened.face.id in flow.opens_on for flow in rules.flows.values())


def _edit(opened: Opened, path: str, command: str) -> Edit:
    """Return the edit that was asked for; raises Invalid."""
    name, digest, title = _given("name"), _given("digest"), _given("title")
    if command == "section":
        return section_added(path, _given("section"))
    if command == "add":
        return added(path, _given("kind"), name, _asked(None), opened.face.required_above)
    if command == "set":
        shown, picks = _given("shown"), request.form.getlist("pick")
        rules = opened.made.rules
        asked = _asked(condition_of(rules, opened.face.id, shown, picks))
        names = SaidNames(rules, {"sections/": opened.face.sections}) if rules else UNNAMED
        return changed(path, name, digest, asked, names, opened.face.required_above)
    if command == "move":
        return moved(path, name, title, digest, -_steps() if _given("way") == "up" else _steps())
    return removed(path, name, title, digest)


def _steps() -> int:
    text = _given("by").lstrip("-")
    return int(text) if text.isdecimal() and len(text) < 4 else 1


def _asked(when: dict[str, Any] | None) -> Asked:
    """Return what was typed of a field; raises Invalid for a number that is none."""
    most = _given("most")
    if most and not (most.isdecimal() and 1 <= int(most) <= 20_000):
        raise Invalid([FieldProblem("most", "字数上限写1至20000的整数。")], "没有保存。")
    return Asked(
        title=_given("title"),
        hint=_given("hint"),
        section=_given("section"),
        required=_given("required") == "yes",
        list=_given("list"),
        most=int(most) if most else None,
        row=_given("row"),
        when=when,
    )


def _given(name: str) -> str:
    return request.form.get(name, "").strip()[:300]


def _wrong(refused: Exception) -> dict[str, str]:
    if isinstance(refused, Invalid):
        return {problem.field: problem.message for problem in refused.problems}
    return {"form": getattr(refused, "message", "") or str(refused)}
