"""What a control shows of a value, and which value it is that was posted."""

import copy
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from xunfang.errors import Problem
from xunfang.rulebook import condition_rows
from xunfang.rulebook.block_inputs import COLUMNS, NONE_AT_ALL, Control, Posted
from xunfang.rulebook.block_shapes import Shape
from xunfang.rulebook.files import UnreadableError, parse_document
from xunfang.rulebook.toml_edits import same
from xunfang.rulebook.toml_print import UnprintableError, printed_lines, printed_value

ABSENT = object()
"""Nothing was written: the key is not there."""

_LONG = frozenset(
    {"text", "description", "says", "x-hint", "hint", "practice", "x-practice", "not_software", "accepted"}
)
_UNIT, _UNITS = "unit-ref", "unit-refs"
_OF = " of "
_JOINED = "、"


class ValueReadError(ValueError):
    """What was typed is no value of its kind; says why in Chinese, without a full stop."""


def shown(shape: Shape | None, value: Any) -> tuple[Control, Posted]:
    """Return the control that shows a value, and what it shows; one that shows any value where no other fits."""
    control = control_for(shape, value) if shape else Control.TOML
    try:
        posted = _show(control, shape, value)
        if value is ABSENT or same(read(control, shape, posted), value):
            return control, posted
    except (ValueError, TypeError, KeyError, AttributeError):
        pass
    return Control.TOML, {"": (as_text(value),)}


def control_for(shape: Shape, value: Any = ABSENT) -> Control:
    """Return the control for what a key may say."""
    schema = shape.plain
    if shape.named == "when":
        return Control.CONDITION
    if "const" in schema:
        return Control.FIXED
    if "enum" in schema or shape.named == _UNIT:
        return Control.CHOICE
    if "oneOf" in schema:
        return Control.MANY
    return _BY_TYPE.get(str(schema.get("type")), _by_types)(shape, value)


def _by_types(shape: Shape, value: Any) -> Control:
    """Return the control for what may be of several types: a word or a list of them, a number or a word."""
    types = shape.plain.get("type", ())
    if isinstance(types, str) or not types or isinstance(value, dict):
        return Control.TOML
    return Control.TEXTS if "array" in types else Control.TEXT


def _text(shape: Shape, value: Any) -> Control:
    long = shape.path.rpartition(".")[2] in _LONG or (isinstance(value, str) and (len(value) > 60 or "\n" in value))
    return Control.LONG_TEXT if long else Control.TEXT


def _array(shape: Shape, _: Any) -> Control:
    item = shape.item
    if item is None:
        return Control.TOML
    if item.named == _UNIT or "enum" in item.plain:
        return Control.MANY
    return Control.TEXTS if item.plain.get("type") in {"string", "integer", "number", "date"} else Control.TOML


def _object(shape: Shape, _: Any) -> Control:
    each = shape.each
    item = each.item if each is not None and each.plain.get("type") == "array" else each
    is_words = item is not None and not shape.properties and _may_be_words(item)
    return Control.PAIRS if is_words else Control.TOML


def _may_be_words(shape: Shape) -> bool:
    types = shape.plain.get("type", ())
    return types == "string" or (not isinstance(types, str) and "string" in types)


_BY_TYPE: Mapping[str, Callable[[Shape, Any], Control]] = {
    "string": _text,
    "boolean": lambda *_: Control.YES_NO,
    "date": lambda *_: Control.DATE,
    "moment": lambda *_: Control.MOMENT,
    "integer": lambda *_: Control.NUMBER,
    "number": lambda *_: Control.NUMBER,
    "array": _array,
    "object": _object,
}


def _show(control: Control, shape: Shape | None, value: Any) -> Posted:
    if value is ABSENT:
        return dict.fromkeys(COLUMNS.get(control, ("",)), ())
    if control is Control.CONDITION:
        rows = condition_rows.rows_of(value)
        if rows is None:
            raise ValueReadError
        return dict(zip(COLUMNS[control], zip(*rows, strict=True), strict=True))
    if control is Control.PAIRS:
        texts = tuple(_JOINED.join(each) if isinstance(each, list) else each for each in value.values())
        return dict(zip(COLUMNS[control], (tuple(value), texts), strict=True))
    if control is Control.TOML:
        return {"": (as_text(value),)}
    if isinstance(value, list):
        return {"": tuple(_written(item) for item in value) or (NONE_AT_ALL,)}
    return {"": (_written(value),)}


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):  # a unit, and by which of two places it is found
        return f"{value['unit']}{_OF}{value['of']}"
    return value.isoformat() if isinstance(value, date) else str(value)


def as_text(value: Any) -> str:
    """Return any value as TOML, a table as its keys."""
    if isinstance(value, dict) and value:
        return "\n".join(line for key, item in value.items() for line in printed_lines((key,), item))
    try:
        return printed_value(value)
    except UnprintableError:
        return ""


def read(control: Control, shape: Shape | None, posted: Posted) -> Any:
    """Return the value that a control posted, ABSENT for nothing; raises ValueReadError."""
    if control is Control.TOML:
        return from_text(_one(posted))
    if control in COLUMNS:
        return _read_rows(control, shape, posted)
    if control in {Control.MANY, Control.TEXTS}:
        return _read_list(shape, posted)
    said = _one(posted) if control is Control.LONG_TEXT else _one(posted).strip()
    return _READ[control](shape, said) if said.strip() else ABSENT


def _one(posted: Posted) -> str:
    return next(iter(posted.get("", ())), "").replace("\r\n", "\n")


def from_text(said: str) -> Any:
    """Return what TOML says: a value, or keys with values."""
    said = said.replace("\r\n", "\n").strip()
    if not said:
        return ABSENT
    as_value, as_keys = _loaded(f"x = {said}"), _loaded(said)
    if isinstance(as_value, dict) and set(as_value) == {"x"}:
        return as_value["x"]
    if isinstance(as_keys, dict):
        return as_keys
    wrong = as_value if said[0] in "[{" and isinstance(as_value, Problem) else as_keys
    raise ValueReadError(f"第{wrong.line}行：{wrong.message}" if wrong.line > 1 else wrong.message)


def _loaded(said: str) -> dict[str, Any] | Problem:
    """Return what TOML says, or what is wrong with it: it is bounded as a file is."""
    try:
        return copy.deepcopy(parse_document("x.toml", said).data)
    except UnreadableError as error:
        return error.problem


def _read_rows(control: Control, shape: Shape | None, posted: Posted) -> Any:
    columns = [posted.get(column, ()) for column in COLUMNS[control]]
    rows = [row for row in zip(*columns, strict=False) if row[0].strip() or row[-1].strip()]
    if not rows:
        return ABSENT
    if control is Control.CONDITION:
        try:
            return condition_rows.condition_of(rows, dotted=shape is not None and shape.kind == "form")
        except condition_rows.RowError as error:
            raise ValueReadError(str(error)) from None
    pairs = _read_pairs([(key.strip(), said.strip()) for key, said in rows])
    if shape and shape.each and shape.each.plain.get("type") == "array":
        return {key: [part.strip() for part in said.split(_JOINED) if part.strip()] for key, said in pairs.items()}
    return pairs


def _read_pairs(rows: list[tuple[str, str]]) -> dict[str, str]:
    for key, said in rows:
        if not key or not said:
            raise ValueReadError(f"“{key or said}”这一行只写了一半")
    keys = [key for key, _ in rows]
    if twice := next((key for key in keys if keys.count(key) > 1), ""):
        raise ValueReadError(f"“{twice}”写了两次")
    return dict(rows)


def _read_list(shape: Shape | None, posted: Posted) -> Any:
    said = [text.strip() for text in posted.get("", ()) if text.strip()]
    if set(said) <= {NONE_AT_ALL}:
        return [] if said else ABSENT
    said = [text for text in said if text != NONE_AT_ALL]
    schema = shape.plain if shape else {}
    item = shape.item if shape else None
    if "oneOf" in schema:  # a fixed word, or units
        words = next((each["enum"] for each in schema["oneOf"] if "enum" in each), ())
        return said[0] if len(said) == 1 and said[0] in words else [_unit(item, text) for text in said]
    if len(said) == 1 and "string" in schema.get("type", ()):  # one name, or a list of them
        return said[0]
    if item is None:
        return said
    each = _unit if item.named == _UNIT else _LISTED.get(str(item.plain.get("type")), _plain)
    return [each(item, text) for text in said]


def _plain(_: Shape | None, said: str) -> Any:
    return said


def _unit(_: Shape | None, said: str) -> Any:
    unit, of, place = said.partition(_OF)
    return {"unit": unit, "of": place} if of else said


def _number(shape: Shape | None, said: str) -> Any:
    plain = unicodedata.normalize("NFKC", said).replace(",", "")
    try:
        return int(plain)
    except ValueError:
        pass
    try:
        return float(plain)
    except ValueError:
        whole = shape is not None and shape.plain.get("type") == "integer"
        raise ValueReadError(f"应为{'整数' if whole else '数字'}，不带单位，如 3") from None


def _date(_: Shape | None, said: str) -> Any:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise ValueReadError("应为日期，如 2026-10-01") from None


def _moment(_: Shape | None, said: str) -> Any:
    try:
        return datetime.fromisoformat(said)
    except ValueError:
        raise ValueReadError("应为日期和时间，如 2026-10-01T08:30") from None


def _yes_no(_: Shape | None, said: str) -> Any:
    if said not in {"true", "false"}:
        raise ValueReadError("应选“是”或“否”")
    return said == "true"


def _word(shape: Shape | None, said: str) -> Any:
    """Return a word; a number or yes and no where its key may say them too."""
    types = shape.plain.get("type") if shape else "string"
    if isinstance(types, list):
        if "boolean" in types and said in {"true", "false"}:
            return said == "true"
        if {"integer", "number"} & set(types):
            try:
                return _number(shape, said)
            except ValueReadError:
                return said
    return said


def _fixed(shape: Shape | None, _: str) -> Any:
    return shape.plain["const"] if shape else ABSENT


_READ: Mapping[Control, Callable[[Shape | None, str], Any]] = {
    Control.TEXT: _word,
    Control.LONG_TEXT: _plain,
    Control.NUMBER: _number,
    Control.YES_NO: _yes_no,
    Control.DATE: _date,
    Control.MOMENT: _moment,
    Control.CHOICE: lambda shape, said: _unit(shape, said) if shape and shape.named == _UNIT else said,
    Control.FIXED: _fixed,
}
_LISTED: Mapping[str, Callable[[Shape | None, str], Any]] = {
    "integer": _number,
    "number": _number,
    "date": _date,
}
