"""Edits of the columns of a field that is answered row by row: each sets the field's whole block. Pure text to text."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from xunfang.actions.drafting import Edit, Edited
from xunfang.desk.studio.block_keys import FIELD
from xunfang.desk.studio.column_faces import MOST_COLUMNS
from xunfang.desk.studio.form_edits import Asked, Data, begun, check, check_name, merged, with_need
from xunfang.desk.studio.form_faces import FIELDS, KINDS
from xunfang.desk.studio.form_layers import Taken
from xunfang.errors import FieldProblem, Invalid
from xunfang.rulebook.blocks import Block, block_at
from xunfang.rulebook.column_words import has_columns
from xunfang.rulebook.edit_words import UNNAMED, Names, said
from xunfang.rulebook.splicing import BlockChanged, SetBlock, spliced

COLUMN_KINDS: Mapping[str, str] = {
    kind: label for kind, label in KINDS.items() if kind not in {"identity-paper", "photos", "rows"}
}
"""What a new column may be: rows hold no photos and no rows, and a number of a paper needs the column of its kind."""
Make = Callable[[Data, str], tuple[Mapping[str, Any], str]]
"""Takes what a field says of its rows, and its title; gives what it says then, and what was done, "" if not told."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The field whose columns are edited, as somebody saw it.

    `taken`: the columns that layers above write, and those of the base; `required`: those that layers above require.
    """

    path: str
    name: str
    digest: str
    taken: Taken = field(default_factory=Taken)
    required: Sequence[str] = ()

    @property
    def above(self) -> Mapping[str, str]:
        """The columns that layers above write, each with its title."""
        return self.taken.titles


def column_added(rows: Rows, kind: str, name: str, asked: Asked) -> Edit:
    """Return the edit that adds a column at the end; raises Invalid for what makes none."""
    if kind and kind not in COLUMN_KINDS:
        raise _invalid("kind", "一行里不能有这样的列，请另选一种。")
    data = begun(kind, asked)

    def make(items: Data, title: str) -> tuple[Mapping[str, Any], str]:
        columns: Data = items.get(FIELDS, {})
        key = name or rows.taken.next(FIELD, columns)
        check_name(key)
        rows.taken.check(key, columns, "一列")
        _check_title(rows, columns, key, asked.title)
        if len({*columns, *rows.above}) >= MOST_COLUMNS:
            raise _invalid("title", f"一行最多{MOST_COLUMNS}列，不能再加。")
        made = with_need({**items, FIELDS: {**columns, key: data}}, key, asked.required, rows.required)
        return made, f"“{title}”增加一列“{asked.title}”（{KINDS[kind]}{'，必填' if asked.required else ''}）"

    return _edit(rows, "form.column.add", make)


def column_changed(rows: Rows, name: str, asked: Asked, names: Names = UNNAMED) -> Edit:
    """Return the edit that lets a column say something else, told with the `names` that people know."""
    check(asked)

    def make(items: Data, title: str) -> tuple[Mapping[str, Any], str]:
        columns = _columns(items, name)
        _check_title(rows, columns, name, asked.title)
        made = {**items, FIELDS: {**columns, name: merged(columns[name], asked)}}
        return with_need(made, name, asked.required, rows.required), ""

    return _edit(rows, "form.column.set", make, names)


def column_moved(rows: Rows, name: str, by: int) -> Edit:
    """Return the edit that moves a column by so many places among those of its file."""

    def make(items: Data, title: str) -> tuple[Mapping[str, Any], str]:
        columns = _columns(items, name)
        order = [each for each in columns if each != name]
        order.insert(max(0, list(columns).index(name) + by), name)
        told = f"“{title}”的“{_title(columns, name)}”一列{'上移' if by < 0 else '下移'}"
        return {**items, FIELDS: {each: columns[each] for each in order}}, told

    return _edit(rows, "form.column.move", make)


def column_removed(rows: Rows, name: str) -> Edit:
    """Return the edit that takes a column away; the last one stays.

    One that is said over what a layer above says is asked as that says then, and required as it is.
    """

    def make(items: Data, title: str) -> tuple[Mapping[str, Any], str]:
        columns = _columns(items, name)
        kept = {each: data for each, data in columns.items() if each != name}
        if name in rows.above:
            called = columns[name].get("title") or rows.above[name]
            return {**items, FIELDS: kept}, f"“{title}”的“{called}”一列恢复上级的写法"
        if not kept and not rows.above:
            raise _invalid("columns", f"至少要留一列。整项不要了，请回到表单，删去“{title}”这一项。")
        made = with_need({**items, FIELDS: kept}, name, False, rows.required)
        return made, f"“{title}”删去一列“{_title(columns, name)}”"

    return _edit(rows, "form.column.remove", make)


def _edit(rows: Rows, command: str, make: Make, names: Names = UNNAMED) -> Edit:
    """Return the edit that sets the columns of a field anew; what it did is told by what changed, if not otherwise."""

    def edit(text: str) -> Edited:
        block = _seen(rows, text)
        items, told = make(block.data.get("items", {}), str(block.data.get("title", rows.name)))
        splice = SetBlock((FIELDS, rows.name), rows.digest, {**block.data, "items": items})
        told = told or said(rows.path, text, splice, names).rstrip("。")
        return Edited(spliced(rows.path, text, splice), command, told)

    return edit


def _seen(rows: Rows, text: str) -> Block:
    """Return the block of the field; raises BlockChanged where it is not what somebody saw, Invalid without rows."""
    block = block_at(rows.path, text, (FIELDS, rows.name)) if text else None
    if block is None:
        raise BlockChanged("这一项由上级维护，或者刚被别人删去，本级不能改它的列。")
    if block.digest != rows.digest:
        raise BlockChanged("这一项刚被别人改过，请看过现在的内容再改。")
    if not rows.above and not has_columns(block.data.get("items")):
        raise _invalid("columns", "这一项不是逐行填写的，没有列。")
    return block


def _columns(items: Data, name: str) -> Data:
    """Return the columns of a layer's own; raises BlockChanged where the one that is meant is not among them."""
    columns: Data = items.get(FIELDS, {})
    if name not in columns:
        raise BlockChanged("这一列由上级维护，或者已经不在了，不能在这里改。")
    return columns


def _check_title(rows: Rows, columns: Data, name: str, title: str) -> None:
    others = {**rows.above, **{each: _title(columns, each) for each in columns}}
    if any(said == title for each, said in others.items() if each != name):
        raise _invalid("title", f"已经有一列叫“{title}”了，请换一个叫法，免得填的人分不清。")


def _title(columns: Data, name: str) -> str:
    return str(columns[name].get("title", name))


def _invalid(at: str, says: str) -> Invalid:
    return Invalid([FieldProblem(at, says)], "没有保存。")
