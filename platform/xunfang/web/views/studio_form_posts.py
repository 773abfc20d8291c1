"""What was posted of a form of a draft: the command, what was typed of a field or a column, the edit asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request

from xunfang.actions.drafting import Edit, Edited
from xunfang.desk.studio.block_edits import not_read
from xunfang.desk.studio.column_edits import Rows, column_added, column_changed, column_moved, column_removed
from xunfang.desk.studio.column_faces import ColumnsFace, columns_face, row_of
from xunfang.desk.studio.compiling import Compiled
from xunfang.desk.studio.faces import Drafted
from xunfang.desk.studio.form_conditions import condition_of
from xunfang.desk.studio.form_edits import EMPTY, Asked, added, changed, moved, removed, section_added
from xunfang.desk.studio.form_faces import FIELDS, FieldFace, FormFace
from xunfang.desk.studio.form_layers import Taken, form_blocks, names_above, taken_in, written_above
from xunfang.desk.studio.said_names import SaidNames
from xunfang.errors import FieldProblem, Invalid
from xunfang.rulebook.edit_words import UNNAMED, Names
from xunfang.rulebook.files import UnreadableError
from xunfang.rulebook.model import IntakeForm
from xunfang.web.guard import missing

OF_COLUMNS = ("column-add", "column-set", "column-move", "column-remove")
COMMANDS = ("add", "set", "move", "remove", "section", *OF_COLUMNS)
MOST_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Opened:
    """A form of a draft that a page is about; `command` is one just refused, and `wrong` what is told of it."""

    draft: Drafted
    made: Compiled
    face: FormFace
    chain: Sequence[str]
    wrong: Mapping[str, str] = field(default_factory=dict)
    command: str = ""
    overtaken: bool = False

    def find(self, name: str) -> FieldFace | None:
        """Return a field, None for one that there is not."""
        return next((each for each in self.face.fields if each.name == name), None)

    def field(self, name: str) -> FieldFace:
        """Return a field; raises NotFound."""
        found = self.find(name)
        if found is None:
            raise missing()
        return found

    @property
    def form(self) -> IntakeForm | None:
        """The form by the rules of the draft, None where these do not compile."""
        return self.made.rules.forms.get(self.face.id) if self.made.rules else None

    def taken(self, *keys: str) -> Taken:
        """Return what ids are taken at such keys of the form."""
        return taken_in(self.draft, self.face.id, self.chain, *keys)

    def columns(self, name: str) -> ColumnsFace | None:
        """Return the columns of a field, None for one of one answer and for one that there is not."""
        found = self.find(name)
        if found is None:
            return None
        above = names_above(self.draft, self.face.id, self.chain, FIELDS, name, "items", FIELDS)
        return columns_face(self.made.rules, self.face.id, found, above)


def edit_asked(opened: Opened, path: str, command: str) -> Edit:
    """Return the edit that was asked for; it, and this, raise Invalid, it also for a file that cannot be read."""
    asked = _edit(opened, path, command)

    def edit(text: str) -> Edited:
        whole = text or EMPTY
        try:
            form_blocks(path, whole)
            return asked(whole)
        except UnreadableError as error:
            raise not_read(error, "form") from None

    return edit


def _edit(opened: Opened, path: str, command: str) -> Edit:
    name, digest, title = given("name"), given("digest"), given("title")
    if command == "section":
        return section_added(path, given("section"), opened.taken("x-sections"))
    if command == "add":
        taken = opened.taken(FIELDS)
        return added(path, given("kind"), name, _asked(None), opened.face.required_above, taken)
    if command in OF_COLUMNS:
        return _column_edit(opened, path, command)
    if command == "set":
        asked, names = _asked(_condition(opened.form)), _names(opened, opened.face.id)
        return changed(path, name, digest, asked, names, opened.face.required_above)
    if command == "move":
        return moved(path, name, title, digest, -_steps() if given("way") == "up" else _steps())
    return removed(path, name, title, digest, over=name in opened.taken(FIELDS).above)


def _column_edit(opened: Opened, path: str, command: str) -> Edit:
    """Return the edit of a column that was asked for; raises Invalid."""
    name, column = given("name"), given("column")
    required = written_above(opened.draft, opened.face.id, opened.chain, FIELDS, name, "items", "required") or ()
    rows = Rows(path, name, given("digest"), opened.taken(FIELDS, name, "items", FIELDS), required)
    if command == "column-add":
        return column_added(rows, given("kind"), column, _asked(None))
    if command == "column-set":
        row = row_of(opened.made.rules, opened.face.id, name)
        return column_changed(rows, column, _asked(_condition(row)), _names(opened, f"{opened.face.id}.{name}"))
    if command == "column-move":
        return column_moved(rows, column, -_steps() if given("way") == "up" else _steps())
    return column_removed(rows, column)


def _condition(among: IntakeForm | None) -> dict[str, Any] | None:
    return condition_of(among, given("shown"), request.form.getlist("pick"))


def _names(opened: Opened, within: str) -> Names:
    """Return what people call what edits of a form, or of its rows, name."""
    rules = opened.made.rules
    if rules is None:
        return UNNAMED
    row = row_of(rules, *within.split(".")) if "." in within else None
    columns = {each.name: each.title for each in row.fields.values()} if row else {}
    return SaidNames(rules, {"sections/": opened.face.sections, "columns/": columns}, within)


def _steps() -> int:
    text = given("by").lstrip("-")
    return int(text) if text.isdecimal() and len(text) < 4 else 1


def _asked(when: dict[str, Any] | None) -> Asked:
    """Return what was typed of a field or a column; raises Invalid for a number that is none."""
    asked = Asked(
        title=given("title"),
        hint=given("hint"),
        section=given("section"),
        required=given("required") == "yes",
        list=given("list"),
        most=_number("most", 1, 20_000, "字数上限写1至20000的整数。"),
        row=given("row"),
        least=_number("least", 0, MOST_ROWS, f"最少几行写0至{MOST_ROWS}的整数。"),
        most_rows=_number("most_rows", 1, MOST_ROWS, f"最多几行写1至{MOST_ROWS}的整数。"),
        when=when,
    )
    if asked.least and asked.most_rows and asked.least > asked.most_rows:
        raise Invalid([FieldProblem("least", "最少的行数比最多的还多，请核对这两个数。")], "没有保存。")
    return asked


def _number(name: str, least: int, most: int, says: str) -> int | None:
    text = given(name)
    if text and not (text.isdecimal() and least <= int(text) <= most):
        raise Invalid([FieldProblem(name, says)], "没有保存。")
    return int(text) if text else None


def given(name: str) -> str:
    """Return what was typed, "" for nothing."""
    return request.form.get(name, "").strip()[:300]
