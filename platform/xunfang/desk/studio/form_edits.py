"""Edits of a form, each one command: a field added, changed, moved, removed, a section added. Pure text to text."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xunfang.actions.drafting import Edit, Edited
from xunfang.desk.studio.block_keys import FIELD
from xunfang.desk.studio.form_faces import FIELDS, KINDS
from xunfang.desk.studio.form_layers import Taken
from xunfang.errors import FieldProblem, Invalid
from xunfang.rulebook.blocks import HEAD, block_at, blocks_of
from xunfang.rulebook.edit_words import UNNAMED, Names, said
from xunfang.rulebook.fields import MOST_ROWS
from xunfang.rulebook.splicing import AddBlock, BlockChanged, MoveBlock, RemoveBlock, SetBlock, spliced

Data = dict[str, Any]
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
SHAPES: Mapping[str, Data] = {
    "text": {"type": "string", "maxLength": 50},
    "long-text": {"type": "string", "maxLength": 500, "x-widget": "long-text"},
    "integer": {"type": "integer", "minimum": 0, "maximum": 1_000_000},
    "number": {"type": "number", "minimum": 0, "maximum": 100_000_000},
    "date": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "boolean": {"type": "boolean"},
    "choice": {},
    "choices": {"type": "array", "maxItems": 20, "uniqueItems": True},
    "division": {"type": "string", "format": "division", "maxLength": 12, "x-level": "village"},
    "resident-id": {"type": "string", "format": "resident-id", "maxLength": 18, "x-sensitive": "identity"},
    "phone": {"type": "string", "format": "phone", "maxLength": 20, "x-sensitive": "phone"},
    "photos": {"type": "array", "format": "photos", "items": {"type": "string", "maxLength": 64}, "maxItems": 6},
    "rows": {"type": "array", "maxItems": 20},
}
"""What a new field of each kind says at first."""
ROW = "行"
EMPTY = json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema", FIELDS: {}}, indent=2) + "\n"
"""The file in which a layer begins to add to a form of the layers above."""
NOTHING_TAKEN = Taken()


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed of a field. `when`: None leaves the condition as it is, {} takes it away.

    `row`, `least` and `most_rows` are of one that is answered row by row: what a row is called, how many there are.
    """

    title: str
    hint: str = ""
    section: str = ""
    required: bool = False
    list: str = ""
    most: int | None = None
    row: str = ""
    least: int | None = None
    most_rows: int | None = None
    when: Data | None = None


def added(
    path: str, kind: str, name: str, asked: Asked, above: Sequence[str] = (), taken: Taken = NOTHING_TAKEN
) -> Edit:
    """Return the edit that adds a field at the end; raises Invalid for what makes none.

    `above` are the fields that layers above require: a list of the layer's own stands in the place of theirs.
    """
    data = begun(kind, asked)

    def edit(text: str) -> Edited:
        before = text or EMPTY
        own = [str(block.key[1]) for block in blocks_of(path, before) if block.key != HEAD]
        key = name or taken.next(FIELD, own)
        check_name(key)
        taken.check(key, own, "一项")
        made = spliced(path, before, AddBlock((FIELDS, key), data))
        said = f"表单增加“{asked.title}”（{KINDS[kind]}{'，必填' if asked.required else ''}）"
        return Edited(_required(path, made, key, asked.required, above), "form.field.add", said)

    return edit


def changed(path: str, name: str, digest: str, asked: Asked, names: Names = UNNAMED, above: Sequence[str] = ()) -> Edit:
    """Return the edit that lets a field say something else; raises Invalid, BlockChanged, SpliceRefused.

    What it did is told with the `names` that people know; `above` as for one that is added.
    """
    check(asked)

    def edit(text: str) -> Edited:
        block = block_at(path, text, (FIELDS, name))
        was: Data = dict(block.data) if block else {}
        splice = SetBlock((FIELDS, name), digest, merged(was, asked))
        made = spliced(path, text, splice)
        whole = _required(path, made, name, asked.required, above)
        told = said(path, text, splice, names).rstrip("。") if made != text else f"改字段“{asked.title}”"
        if whole != made:
            told += f"{'；' if made != text else '：'}改为{'必填' if asked.required else '可不填'}"
        return Edited(whole, "form.field.set", told)

    return edit


def moved(path: str, name: str, title: str, digest: str, by: int) -> Edit:
    """Return the edit that moves a field by so many places."""

    def edit(text: str) -> Edited:
        said = f"“{title}”{'上移' if by < 0 else '下移'}"
        return Edited(spliced(path, text, MoveBlock((FIELDS, name), digest, by)), "form.field.move", said)

    return edit


def removed(path: str, name: str, title: str, whole: str, *, over: bool = False) -> Edit:
    """Return the edit that takes a field away, and what the form says of it as a whole.

    One that is said `over` what a layer above says is asked as that says then, and required as it is.
    """

    def edit(text: str) -> Edited:
        made = spliced(path, text, RemoveBlock((FIELDS, name), whole))
        if over:
            return Edited(made, "form.field.remove", f"“{title}”恢复上级的写法")
        return Edited(_required(path, made, name, False), "form.field.remove", f"表单删去“{title}”")

    return edit


def section_added(path: str, title: str, taken: Taken = NOTHING_TAKEN) -> Edit:
    """Return the edit that adds a section."""
    if not title.strip():
        raise Invalid([FieldProblem("section", "请写明这一部分叫什么。", "FIELD_MISSING")], "没有保存。")

    def edit(text: str) -> Edited:
        before = text or EMPTY
        head = block_at(path, before, HEAD)
        if head is None:
            raise BlockChanged("这张表单已经不在了，请重新打开再改。")
        sections = dict(head.data.get("x-sections", {}))
        data = {**head.data, "x-sections": {**sections, taken.next("part-", sections): title.strip()}}
        return Edited(
            spliced(path, before, SetBlock(HEAD, head.digest, data)), "form.section.add", f"增加部分“{title}”"
        )

    return edit


def check(asked: Asked) -> None:
    """Raise Invalid for what makes no field."""
    if not asked.title:
        raise Invalid([FieldProblem("title", "请写明这一项叫什么。", "FIELD_MISSING")], "没有保存。")


def check_name(name: str) -> None:
    """Raise Invalid for what cannot be the id of a field or a column."""
    if not _NAME.fullmatch(name):
        raise Invalid([FieldProblem("name", "编号只用小写英文字母、数字和下划线，字母开头。")], "没有保存。")


def begun(kind: str, asked: Asked) -> Data:
    """Return what a new field, or a new column of rows, says at first; raises Invalid."""
    check(asked)
    if kind not in SHAPES:
        raise Invalid([FieldProblem("kind", "请选这一项怎样填。", "FIELD_MISSING")], "没有保存。")
    if kind in ("choice", "choices") and not asked.list:
        raise Invalid([FieldProblem("list", "请选从哪一个字典里选。", "FIELD_MISSING")], "没有保存。")
    data: Data = {"title": asked.title, **SHAPES[kind]}
    if kind == "choice":
        data["x-list"] = asked.list
    if kind == "choices":
        data["items"] = {"x-list": asked.list}
    if kind == "rows":
        column = {"title": "名称", "type": "string", "maxLength": 100}
        data |= {
            "x-row": ROW,
            "items": {"type": "object", "required": ["name"], FIELDS: {"name": column}},
        }
    return merged(data, asked)


def merged(was: Data, asked: Asked) -> Data:
    """Return what a field says with what was typed in place of what it said; all else as it was."""
    data = {**was, "title": asked.title}
    _put(data, "x-hint", asked.hint)
    _put(data, "x-section", asked.section)
    if asked.when is not None:
        _put(data, "x-when", asked.when)
        _put(data, "x-required-when", None)
    if asked.list and "x-list" in data:
        data["x-list"] = asked.list
    if asked.list and "x-list" in data.get("items", {}):
        data["items"] = {**data["items"], "x-list": asked.list}
    if asked.most and "maxLength" in data and "format" not in data:
        data["maxLength"] = asked.most
    _set_rows(data, asked)
    return data


def _set_rows(data: Data, asked: Asked) -> None:
    """Say what one row is called, and between which numbers of them one may fill in, where that was asked."""
    for key, value, usual in (("x-row", asked.row, ROW), ("maxItems", asked.most_rows, MOST_ROWS)):
        if value and value != data.get(key, usual):
            data[key] = value
    if asked.least is not None:
        _put(data, "minItems", asked.least)


def _put(data: Data, key: str, value: Any) -> None:
    """Let a field say something where it said something else, or nothing any more."""
    if value:
        data[key] = value
    else:
        data.pop(key, None)


def _required(path: str, text: str, name: str, required: bool, above: Sequence[str] = ()) -> str:
    """Return a form that says of a field whether it must be filled in."""
    head = block_at(path, text, HEAD)
    assert head is not None
    data = with_need(head.data, name, required, above)
    return text if data is head.data else spliced(path, text, SetBlock(HEAD, head.digest, data))


def with_need(data: Mapping[str, Any], name: str, required: bool, above: Sequence[str]) -> Mapping[str, Any]:
    """Return what a form, or the rows of a field, says once one of its fields must be filled in, or need not.

    Where that is so already it is the same object. `above` are those that layers above require.
    """
    names: Sequence[str] = data.get("required", above)
    if (name in names) == required:
        return data
    return {**data, "required": [*names, name] if required else [each for each in names if each != name]}
