"""The forms of a draft: their fields by buttons, and beside them the form as people will see it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import redirect, request, url_for

from xunfang.actions.drafting import edit_draft
from xunfang.clock import local_date
from xunfang.desk.studio.column_edits import COLUMN_KINDS
from xunfang.desk.studio.column_faces import MOST_COLUMNS, row_of
from xunfang.desk.studio.column_touches import TouchedRows, touched_by_need, touched_by_removal
from xunfang.desk.studio.compiling import Compiled, compiled
from xunfang.desk.studio.faces import Drafted
from xunfang.desk.studio.form_conditions import picks_before, ticked, ticks_offered
from xunfang.desk.studio.form_faces import KINDS, FieldFace, form_face, form_rows
from xunfang.desk.studio.form_touches import Touch, touches_of
from xunfang.errors import Conflict, Invalid
from xunfang.rulebook.model import IntakeForm
from xunfang.rulebook.splicing import BlockChanged, SpliceRefused
from xunfang.rules.submission import cleaned
from xunfang.rules.submission import problems as problems_of
from xunfang.web.forms import FormPage, Shown, answers_of, blank_rows, form_page, typed
from xunfang.web.guard import actor, member, missing, site
from xunfang.web.views.intake import new_submission
from xunfang.web.views.secure import SecureView, expose
from xunfang.web.views.studio_form_posts import COMMANDS, OF_COLUMNS, Opened, edit_asked, given

KEY, NAME = 40, 64


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
        page = form_page(form, rules, blank_rows(form, entries), local_date(now), new_submission(), wrong)
        return self._page(opened, page, passed=not wrong), 422 if wrong else 200

    @expose("/<form_id>/field/<asked>")
    def field(self, change_set: str, form_id: str, asked: str) -> str:
        """Show one field to be changed."""
        return self._field(self._opened(change_set, form_id), asked[:NAME])

    @expose("/<form_id>/field/<asked>/column/<column>")
    def column(self, change_set: str, form_id: str, asked: str, column: str) -> str:
        """Show one column of a field that is answered row by row, to be changed."""
        return self._column(self._opened(change_set, form_id), asked[:NAME], column[:NAME])

    @expose("/<form_id>/do/<command>", methods=["POST"])
    def do(self, change_set: str, form_id: str, command: str) -> Any:
        """Do one command to the form; whatever is wrong, the page comes back with everything typed."""
        if command not in COMMANDS:
            raise missing()
        opened = self._opened(change_set, form_id)
        path = opened.face.path
        try:
            edit_draft(
                site().deployment, actor(), change_set[:KEY], path, edit_asked(opened, path, command), site().now()
            )
        except (Invalid, Conflict, BlockChanged, SpliceRefused) as refused:
            changed_since = isinstance(refused, BlockChanged)
            again = replace(opened, wrong=_wrong(refused), command=command, overtaken=changed_since)
            return self._again(again), 422 if isinstance(refused, (Invalid, SpliceRefused)) else 409
        return redirect(_after(change_set, form_id, command), 303)

    def _again(self, opened: Opened) -> str:
        """Show the page on which a command was given, with everything typed."""
        name = given("name")
        if opened.command not in ("set", *OF_COLUMNS) or not opened.find(name):  # it may be gone by now
            return self._page(opened)
        is_column = opened.command == "column-set"
        return self._column(opened, name, given("column")) if is_column else self._field(opened, name)

    def _draft(self, change_set: str) -> tuple[Drafted, Compiled]:
        draft = site().readings.studio.drafted(member().actor, change_set[:KEY])
        return draft, compiled(draft, site().examining(), local_date(site().now()))

    def _opened(self, change_set: str, form_id: str) -> Opened:
        (draft, made), chain = self._draft(change_set), self.rulebook.chain
        return Opened(draft, made, form_face(draft, made.rules, chain, form_id[:NAME]), chain)

    def _page(self, opened: Opened, page: FormPage | None = None, *, passed: bool = False) -> str:
        rules, face = opened.made.rules, opened.face
        if page is None and rules and face.id in rules.forms:
            form = rules.forms[face.id]
            page = form_page(form, rules, blank_rows(form, {}), local_date(site().now()), new_submission())
        phone = (request.args.get("as") or request.form.get("as")) == "phone"
        told = {
            "head": opened.draft.head, "face": face, "page": page, "problems": opened.made.problems, "phone": phone,
            "passed": passed, "wrong": opened.wrong, "kinds": KINDS, "lists": rules.lists if rules else {},
            "given": request.form, "refused": opened.command, "opens": bool(rules) and _opens(opened),
            "new_touches": _touched(opened),
        }  # fmt: skip
        return str(self.render("studio/form.html", title=face.title, **told))

    def _field(self, opened: Opened, name: str) -> str:
        found, columns = opened.field(name), opened.columns(name)
        own = columns.own if columns else ()
        told = {
            **_inputs(opened, found, opened.form, "set"), "touches": _touched(opened, name), "columns": columns,
            "kinds": COLUMN_KINDS, "most_columns": MOST_COLUMNS, "new_touches": _rows_touched(opened, name),
            "gone_touches": {each.name: _rows_touched(opened, name, each.name) for each in own if not each.over},
            "adding": request.form if opened.command in ("column-add", "column-set") else {},
            "shown": _seen_in_form(opened, name) if columns else None,
        }  # fmt: skip
        return str(self.render("studio/field.html", title=found.title, **told))

    def _column(self, opened: Opened, name: str, column: str) -> str:
        """Show a column; where it is gone since it was changed, what was typed may be added as one anew."""
        columns = opened.columns(name)
        found = columns.find(column) if columns else None
        if found is None and opened.command:
            return self._field(opened, name)
        if found is None:
            raise missing()
        row = row_of(opened.made.rules, opened.face.id, name)
        of_rows = _touching(opened, name)
        told = {
            **_inputs(opened, found, row, "column-set"), "whole": opened.field(name), "columns": columns,
            "touches": touched_by_need(of_rows, column) if of_rows else [],
        }  # fmt: skip
        return str(self.render("studio/column.html", title=found.title, **told))


def _inputs(opened: Opened, found: FieldFace, among: IntakeForm | None, command: str) -> dict[str, Any]:
    """Return what the inputs of a field or a column need, `among` the others of which its condition may ask."""
    rules, mine, when = opened.made.rules, opened.command == command, found.data.get("x-when")
    typed = set(request.form.getlist("pick")) if mine else set()
    picks = picks_before(rules, among, found.name, typed | (ticked(when) or set())) if rules and among else []
    stands = None if when is None and found.when else ticks_offered(when, among, picks)
    return {
        "head": opened.draft.head, "face": opened.face, "field": found, "wrong": opened.wrong,
        "refused": opened.command, "overtaken": opened.overtaken,
        "picks": picks, "ticked": typed if mine else stands,
        "lists": rules.lists if rules else {}, "given": request.form if mine else {},
    }  # fmt: skip


def _after(change_set: str, form_id: str, command: str) -> str:
    """Return where somebody goes on after a command: to what they changed."""
    name, column = given("name"), given("column")
    to: dict[str, Any] = {"change_set": change_set, "form_id": form_id, "done": "edit-draft"}
    if command in OF_COLUMNS:
        anchor = f"c-{column}" if column and command != "column-remove" else "h-columns"
        return url_for("studio-forms.field", **to, asked=name, _anchor=anchor)
    return url_for("studio-forms.show", **to, _anchor=f"i-{name}" if name and command != "remove" else "h-fields")


def _touched(opened: Opened, field: str = "") -> Sequence[Touch]:
    """Return what a field touches once it is required, a new one where none is named."""
    rules, form = opened.made.rules, opened.form
    return touches_of(opened.draft, rules, form, field) if rules and form else []


def _touching(opened: Opened, name: str) -> TouchedRows | None:
    """Return a field whose rows may touch something, None where the draft does not compile."""
    rules, form = opened.made.rules, opened.form
    return TouchedRows(opened.draft, rules, form, form.fields[name]) if rules and form and name in form.fields else None


def _rows_touched(opened: Opened, name: str, gone: str = "") -> Sequence[Touch]:
    """Return what a column touches that is gone, or else a new one that is required."""
    rows = _touching(opened, name)
    return (touched_by_removal(rows, gone) if gone else touched_by_need(rows)) if rows else []


def _seen_in_form(opened: Opened, name: str) -> Shown | None:
    """Return a field as people will see it, with one row of it open; None where the draft does not compile."""
    rules, form = opened.made.rules, opened.form
    if rules is None or form is None:
        return None
    page = form_page(form, rules, blank_rows(form, {}), local_date(site().now()), "")
    return next((each for part in page.sections for each in part.fields if each.field.name == name), None)


def _opens(opened: Opened) -> bool:
    """Return whether the form opens a case, so that it can be tried."""
    rules = opened.made.rules
    return rules is not None and any(opened.face.id in flow.opens_on for flow in rules.flows.values())


def _wrong(refused: Exception) -> dict[str, str]:
    if isinstance(refused, Invalid):
        return {problem.field: problem.message for problem in refused.problems}
    return {"form": getattr(refused, "message", "") or str(refused)}
