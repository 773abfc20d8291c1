"""What the validator found wrong with an answer, in words for whoever gave it."""

import re
from collections.abc import Iterator
from typing import Any

from xunfang.errors import FieldProblem
from xunfang.numbers import is_grouped_wrong
from xunfang.rulebook.model import Field, IntakeForm


def missing(field: Field) -> FieldProblem:
    """Return what is told of a field that must be answered."""
    verb = "请选择" if field.kind in _CHOSEN else "请填写"
    return FieldProblem(field.name, f"{verb}“{field.title}”。", "FIELD_MISSING")


_CHOSEN = {"choice", "choices", "boolean", "division"}


def say(form: IntakeForm, error: Any) -> Iterator[FieldProblem]:
    """Yield what is wrong, in words; one error may name several fields that the form does not have."""
    path = list(error.instance_path)
    for name in [str(path[0])] if path else _named_in(error):
        if (field := form.fields.get(name)) is None:
            yield FieldProblem(name, f"本表没有“{name}”这一项。", "FIELD_UNKNOWN")
        else:
            yield _say_of(field, name, path, error)


def _say_of(field: Field, name: str, path: list[Any], error: Any) -> FieldProblem:
    if not path:
        return missing(field)
    keyword = str(error.schema_path[-1]) if error.schema_path else ""
    words = _COUNTED.get(keyword) if field.row else _WORDS.get(keyword)
    if field.kind in _NUMBERS and is_grouped_wrong(str(error.instance)):
        return FieldProblem(name, _GROUPED_WRONG.format(title=field.title, typed=error.instance), "NUMBER_DOUBTFUL")
    words = words or _KIND_WORDS.get(field.kind, "“{title}”填写有误。")
    limits = {**field.schema, **(field.schema.get("items") or {} if len(path) > 1 else {})}
    return FieldProblem(name, words.format(title=field.title, limit=_plain(limits.get(keyword))))


def _named_in(error: Any) -> list[str]:
    """Return the fields that an error of the whole form names."""
    if missing := re.search(r"\"([^\"]+)\" is a required property", error.message):
        return [missing[1]]
    unexpected = re.search(r"\((.+) (?:was|were) unexpected\)", error.message)
    return re.findall(r"'([^']+)'", unexpected[1]) if unexpected else [""]


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


_WORDS = {
    "maxLength": "“{title}”过长，至多 {limit} 个字。",
    "minLength": "“{title}”过短，至少 {limit} 个字。",
    "minimum": "“{title}”不能小于 {limit}。",
    "exclusiveMinimum": "“{title}”须大于 {limit}。",
    "maximum": "“{title}”不能大于 {limit}。",
    "multipleOf": "“{title}”的小数位数过多。",
    "minItems": "“{title}”至少选 {limit} 项。",
    "maxItems": "“{title}”至多 {limit} 项。",
    "uniqueItems": "“{title}”中有重复的选项。",
    "enum": "“{title}”的选项无效，请重新选择。",
    "const": "“{title}”须勾选后才能提交。",
    "pattern": "“{title}”的格式不对，请核对后重填。",
}
_COUNTED = {"minItems": "“{title}”至少填 {limit} 行。", "maxItems": "“{title}”至多填 {limit} 行。"}
_NUMBERS = {"integer", "number"}
_GROUPED_WRONG = "“{title}”填的“{typed}”看不出是多少：逗号只能三位一节，如 1,200；小数写小数点，如 1200.50。"
_KIND_WORDS = {
    "integer": "“{title}”请填整数，如 3。",
    "number": "“{title}”请填数字，如 1200 或 1200.50。",
    "boolean": "“{title}”请选“是”或“否”。",
}
