"""Is each file well formed? JSON Schema finds what is not; this module says it in a county administrator's words."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend
from referencing import Registry

from xunfang.rulebook.answers import ACCEPTED, can_answer
from xunfang.rulebook.findings import Findings, did_you_mean
from xunfang.rulebook.kinds import KINDS
from xunfang.rulebook.merge import Merged, Part
from xunfang.rulebook.positions import Path
from xunfang.rulebook.removals import REMOVE
from xunfang.rulebook.soundness import Sound, Types, sound_by

_LABELLED = frozenset(kind.part for kind in KINDS.values() if kind.labelled)
_TYPES = {
    "object": "一张表",
    "array": "方括号列表",
    "string": "加引号的文字",
    "integer": "整数",
    "number": "数字",
    "boolean": " true 或 false（不加引号）",
    "date": "日期，如 2026-10-01（不加引号）",
    "moment": "日期和时间，如 2026-09-29T10:00:00（不加引号）",
}
_REMOVE_WHERE = "这里没有从上级继承来的东西可以去掉；要去掉上级的整项，把 remove 写在文件最前面，第一个方括号之前"
_PATTERNS = {
    "^[a-z0-9][a-z0-9-]{0,63}$": "编号只能用小写英文字母、数字和连字符，如 medical-aid",
    "^[a-z][a-z0-9_]{0,63}$": "字段名只能用小写英文字母、数字和下划线，如 found_at",
    "^([a-z][a-z0-9_]{0,63}|[A-Z][A-Z_]{1,63})$": "写字段名，如 found_at，或者不能办理的代码，如 NOT_ALLOWED",
    "^([0-9]{4}-[0-9]{2}-[0-9]{2}|[a-z][a-z0-9_]{0,63})$": "应为 today、2020-01-01 这样的日期，或者字段名，如 found_at",
    "^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$": "办公时间写作 08:30-12:00",
    "^[0-1][0-9]-[0-3][0-9]$": "一年中的一天写作 06-01（月-日）",
    "^[0-9]{2,15}$": "应为行政区划代码，如 999999101",
}


def _whole(validator: Any, pattern: str, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """Hold a text against a pattern; unlike in Python's own reading, `$` is the end, not a line break before it."""
    if isinstance(instance, str) and not _to_the_end(pattern).search(instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


@cache
def _to_the_end(pattern: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\$\Z", r"\\Z", pattern))


def _is_date(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _is_moment(value: Any) -> bool:
    return isinstance(value, datetime)


_Validator: Any = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine_many(
        {"date": lambda _, value: _is_date(value), "moment": lambda _, value: _is_moment(value)}
    ),
    validators={"pattern": _whole},
)


@cache
def shape(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of one kind of file, whole and self-contained."""
    folder = resources.files("xunfang.rulebook") / "shapes"
    schema: dict[str, Any] = json.loads((folder / f"{kind}.json").read_text(encoding="utf-8"))
    schema["$defs"] = json.loads((folder / "defs.json").read_text(encoding="utf-8"))
    _let_answer(schema)
    return schema


def _let_answer(schema: Any) -> None:
    """Let every entry that binds somebody or sorts cases carry the answer to a warning."""
    for item in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        _let_answer(item)
    properties = schema.get("properties") if isinstance(schema, dict) else None
    if isinstance(properties, dict) and can_answer(properties) and ACCEPTED not in properties:
        properties[ACCEPTED] = {"type": "string", "minLength": 1, "maxLength": 300}


_KINDS: Types = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "date": _is_date,
    "moment": _is_moment,
}


@cache
def _whole_shape(kind: str) -> Any:
    whole = shape(kind)
    return _inlined(whole, whole["$defs"])


@cache
def _sound(kind: str) -> Sound:
    return sound_by(_whole_shape(kind), _KINDS, lambda pattern: _to_the_end(pattern).search)


@cache
def _validator(kind: str) -> Any:
    return _Validator(_whole_shape(kind), registry=Registry())


def _inlined(schema: Any, defs: dict[str, Any]) -> Any:
    """Put each definition where it is referred to: following references costs the validator most of its time."""
    if isinstance(schema, list):
        return [_inlined(item, defs) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(defs[schema["$ref"].removeprefix("#/$defs/")], defs)
    return {key: _inlined(item, defs) for key, item in schema.items() if key != "$defs"}


def ids_by_label(parts: Iterable[Part]) -> dict[str, str]:
    """Return the ids of units, forms, states and the like by their labels: people write the name of a thing for its id.

    Of two of one name the first counts.
    """
    found: dict[str, str] = {}
    for label, id in (pair for part in parts for pair in _named_in(part)):
        found.setdefault(label, id)
    return found


def _named_in(part: Part) -> Iterator[tuple[str, str]]:
    """Yield the label and id of everything that a part names."""
    whole = part.data.get("title" if part.kind == "form" else "label")
    if part.kind in {"form", "flow"} and isinstance(whole, str):
        yield whole, part.name
    tables = part.data if part.kind in _LABELLED else part.data.get("states", {}) if part.kind == "flow" else {}
    for id, entry in tables.items() if isinstance(tables, dict) else ():
        if isinstance(entry, dict) and "label" in entry:
            yield str(entry["label"]), id


@lru_cache(maxsize=8192)
def _is_sound(kind: str, merged: Merged) -> bool:
    """Return whether data is certainly of its kind's shape: asked once for all who inherit the same."""
    return _sound(kind)(merged.data)


def check_shape(part: Part, findings: Findings, ids: Mapping[str, str] | None = None) -> None:
    """Note every place where a part is not of its kind's shape, and which of its entries are broken by it.

    `ids`, by label, tells the id of what somebody named by its label.
    """
    if _is_sound(part.kind, part.merged):
        return
    for error in _leaves(_validator(part.kind).iter_errors(part.data)):
        path: Path = tuple(error.absolute_path)
        path, code, message, hint = _say(error, path)
        named = {**(ids or {}), **ids_by_label([part])}  # what the file itself names comes first
        meant = named.get(str(error.instance), "") if code == "ID_MALFORMED" else ""
        findings.error(part, path, code, message, f"“{error.instance}”的编号是 {meant}，请写编号" if meant else hint)
        part.broken.add(str(path[0]) if path else "")


def problems_in(kind: str, schema: Mapping[str, Any], data: Any) -> Iterator[tuple[Path, str, str]]:
    """Yield every place where data are not as part of a kind's schema wants them, with what to say and a hint."""
    validator = _Validator(_inlined(schema, shape(kind)["$defs"]), registry=Registry())
    for error in _leaves(validator.iter_errors(data)):
        path, _, message, hint = _say(error, tuple(error.absolute_path))
        yield path, message, hint


def _leaves(errors: Iterable[ValidationError]) -> Iterable[ValidationError]:
    for error in errors:
        if error.validator == "oneOf" and error.context:
            yield from _leaves([max(error.context, key=lambda inner: len(inner.absolute_path))])
        else:
            yield error


def _say(error: Any, path: Path) -> tuple[Path, str, str, str]:
    if error.validator == "additionalProperties":
        return _unknown_key(error, path)
    if error.validator == "required":
        return path, *_missing(error)
    if error.validator == "type":
        wanted = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
        expected = "或".join(_TYPES.get(str(name), str(name)) for name in wanted)
        hint = f"加上方括号：[{_show(error.instance)}]" if "array" in wanted and isinstance(error.instance, str) else ""
        return path, "TYPE_WRONG", f"应为{expected}，实际是 {_show(error.instance)}", hint
    if error.validator in {"enum", "const"}:
        known = [str(value) for value in error.schema.get("enum", [error.schema.get("const")])]
        return path, "VALUE_UNKNOWN", f"不认识的取值 {_show(error.instance)}", did_you_mean(str(error.instance), known)
    if error.validator == "pattern":
        if "propertyNames" in error.relative_schema_path:
            path = (*path, str(error.instance))
        rule = _PATTERNS.get(str(error.validator_value), f"应符合 {error.validator_value}")
        plain = str(error.instance).strip().lower().replace("_", "-").replace(" ", "-")
        hint = (
            f"是否想写“{plain}”？"
            if plain != error.instance and _to_the_end(error.validator_value).search(plain)
            else ""
        )
        return path, "ID_MALFORMED", f"{_show(error.instance)} 写法不对：{rule}", hint
    hint = "请填上内容；用不着的，删去这一项" if error.validator in {"minItems", "minLength", "minProperties"} else ""
    return path, "VALUE_OUT_OF_BOUNDS", _bounds(error), hint


def _unknown_key(error: Any, path: Path) -> tuple[Path, str, str, str]:
    known = error.schema.get("properties", {})
    name = next(key for key in error.instance if key not in known)
    hint = _REMOVE_WHERE if name == REMOVE else did_you_mean(name, known)
    return (*path, name), "KEY_UNKNOWN", f"不认识的键“{name}”", hint


def _missing(error: Any) -> tuple[str, str, str]:
    name = next(key for key in error.validator_value if key not in error.instance)
    return "KEY_MISSING", f"缺少必填的键“{name}”", f"请在此处补上 {name} = …"


def _bounds(error: Any) -> str:
    said = {
        "minItems": "列表不能为空，至少 {} 项",
        "maxItems": "列表过长，至多 {} 项",
        "minLength": "不能为空",
        "maxLength": "文字过长，至多 {} 个字",
        "minimum": "数值不能小于 {}",
        "maximum": "数值不能大于 {}",
        "minProperties": "这张表不能为空",
        "maxProperties": "项目过多，至多 {} 项",
    }
    return said.get(str(error.validator), f"不符合 {error.validator} 的要求").format(error.validator_value)


def _show(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}…"
