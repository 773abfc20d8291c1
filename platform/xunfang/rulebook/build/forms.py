"""forms/*.json: fields with what the page shows, and a closed plain schema for the validator."""

from collections.abc import Mapping
from typing import Any

from xunfang.rulebook.build.entry import Entry
from xunfang.rulebook.build.patterns import pattern_problem
from xunfang.rulebook.expressions import ExpressionError, parse_expression
from xunfang.rulebook.findings import Findings, did_you_mean
from xunfang.rulebook.merge import Part
from xunfang.rulebook.model import Computed, EntryList, Field, IntakeForm

_LONG_TEXT = 100
_KINDS_BY_FORMAT = {
    "date": "date",
    "date-time": "moment",
    "resident-id": "resident-id",
    "phone": "phone",
    "division": "division",
    "photos": "photos",
}
_KINDS_BY_TYPE = {"integer": "integer", "number": "number", "boolean": "boolean", "array": "choices"}
_PLAIN_KEYS = {
    "type", "enum", "const", "minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum",
    "multipleOf", "minItems", "maxItems", "uniqueItems",
}  # fmt: skip


def form(part: Part, lists: Mapping[str, EntryList], findings: Findings) -> IntakeForm:
    """Return the form of one file."""
    whole = Entry(part, (), part.data, findings)
    required = set(whole.names("required"))
    names = _in_order(whole)
    for name in sorted(required - set(names)):
        whole.error("required", "NAME_UNKNOWN", f"必填项“{name}”不是本表单的字段", did_you_mean(name, names))
    fields = {name: _field(name, whole.sub("properties", name), lists, required=name in required) for name in names}
    return IntakeForm(
        id=part.name,
        title=whole.text("title"),
        sections=dict(whole.data.get("x-sections", {})),
        fields=fields,
        computed=_computed(whole),
        person=dict(whole.data.get("x-person", {})),
        schema=_closed_schema(fields, sorted(required & set(names))),
        basis=whole.basis(),
        file=part.origin(()).file,
        source=whole.text("x-source"),
        filled_by=whole.names("x-filled-by"),
    )


def _in_order(whole: Entry) -> list[str]:
    """Field names in page order: file order, except that `x-after` places a field behind another."""
    properties = whole.data["properties"]
    order = [name for name, data in properties.items() if data.get("x-after") not in properties]
    waiting = [name for name in properties if name not in order]
    while waiting:
        ready = [name for name in waiting if properties[name]["x-after"] in order]
        if not ready:
            whole.findings.error(
                whole.part,
                ("properties", waiting[0], "x-after"),
                "FIELD_ORDER_LOOP",
                "x-after 互相指向，排不出先后顺序",
                "请去掉其中一个字段的 x-after",
            )
            return order + waiting
        for name in ready:
            order.insert(order.index(properties[name]["x-after"]) + 1, name)
            waiting.remove(name)
    return order


def _field(name: str, entry: Entry, lists: Mapping[str, EntryList], *, required: bool) -> Field:
    data = entry.data
    list_id = data.get("x-list") or data.get("items", {}).get("x-list", "")
    if list_id and list_id not in lists:
        key = "x-list" if "x-list" in data else "items"
        entry.error(key, "NAME_UNKNOWN", f"没有名为“{list_id}”的字典", did_you_mean(list_id, lists))
    _check_bounded(entry)
    return Field(
        name=name,
        title=data["title"],
        kind=_kind(data),
        section=data.get("x-section", ""),
        list=list_id,
        level=data.get("x-level", ""),
        sensitive=data.get("x-sensitive", ""),
        required=required,
        when=entry.condition("x-when"),
        required_when=entry.condition("x-required-when"),
        hint=data.get("x-hint", ""),
        serves=entry.names("x-serves"),
        schema=_plain_schema(data, lists.get(list_id)),
    )


def _check_bounded(entry: Entry) -> None:
    data = entry.data
    kind = _kind(data)
    if kind in {"text", "long-text"} and not ({"maxLength", "enum"} & set(data)):
        entry.error("", "SIZE_MISSING", "文字字段缺少字数上限", '补上 "maxLength": 200')
    for holder, key in ((data, "pattern"), (data.get("items", {}), "items")):
        if "pattern" in holder and (problem := pattern_problem(holder["pattern"])):
            entry.error(key, *problem)
    for least, most in (("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems")):
        if data.get(least, 0) > data.get(most, data.get(least, 0)):
            entry.error(most, "BOUNDS_CROSSED", f"{most} 小于 {least}，没有能通过的填法", "请核对这两个数")


def _kind(data: Mapping[str, Any]) -> str:
    if data.get("format") in _KINDS_BY_FORMAT:
        return _KINDS_BY_FORMAT[data["format"]]
    if "x-list" in data or "enum" in data:
        return "choice"
    if data.get("type") in _KINDS_BY_TYPE:
        return _KINDS_BY_TYPE[data["type"]]
    long = data.get("x-widget") == "long-text" or data.get("maxLength", 0) > _LONG_TEXT
    return "long-text" if long else "text"


def _plain_schema(data: Mapping[str, Any], entries: EntryList | None) -> dict[str, Any]:
    schema = {key: value for key, value in data.items() if key in _PLAIN_KEYS}
    choices = {"type": "string", "enum": sorted(entries.entries)} if entries else None
    if data.get("type") == "array":
        items = {key: value for key, value in data.get("items", {}).items() if key in _PLAIN_KEYS}
        schema["items"] = choices or items or {"type": "string", "maxLength": 200}
        schema.setdefault("maxItems", 200)
        schema["uniqueItems"] = True
    elif choices:
        schema |= choices
    if data.get("format") in {"date", "date-time", "resident-id", "phone", "division"}:
        schema.setdefault("type", "string")
        schema.setdefault("maxLength", 40)
    return schema


def _closed_schema(fields: Mapping[str, Field], required: list[str]) -> dict[str, Any]:
    # Fields shown only under a condition are required by rules.submission, which knows if they are shown.
    always = [name for name in required if fields[name].when is None]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {name: dict(field.schema) for name, field in fields.items()},
        "required": always,
        "additionalProperties": False,
    }


def _computed(whole: Entry) -> tuple[Computed, ...]:
    found = []
    for name, text in whole.data.get("x-computed", {}).items():
        try:
            found.append(Computed(name, parse_expression(text)))
        except ExpressionError as error:
            whole.findings.error(whole.part, ("x-computed", name), "EXPRESSION_WRONG", f"算式“{text}”有误：{error}")
    return tuple(found)
