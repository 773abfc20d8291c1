"""Forms 表单: JSON Schema 2020-12 plus `x-` keywords; forms/*.json."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xunfang.rulebook.basis import Basis
from xunfang.rulebook.conditions import Condition, facts_of
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.entry import Entry
from xunfang.rulebook.expressions import Expression, ExpressionError, facts_in, parse_expression
from xunfang.rulebook.facts import check_condition
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.kind import Kind
from xunfang.rulebook.kinds.lists import EntryList
from xunfang.rulebook.patterns import pattern_problem

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


_SERVES_FREELY = {"task", "person", "case", "clue"}


@dataclass(frozen=True, slots=True)
class Field:
    """One field 字段. `kind` is what the page shows: text, long-text, integer, number, boolean, date, moment,
    choice, choices, division, resident-id, phone, photos.
    """

    name: str
    title: str
    kind: str
    section: str
    list: str  # the list its choices come from, or ""
    level: str  # for a division: which level may be chosen
    sensitive: str  # "", "identity", "phone", "health"
    required: bool
    when: Condition | None  # shown only then
    required_when: Condition | None
    hint: str
    serves: tuple[str, ...]  # routes, tasks, papers, ledgers that need it
    schema: Mapping[str, Any]  # its plain JSON Schema (limits for the page)


@dataclass(frozen=True, slots=True, eq=False)
class Computed:
    """A computed field: a name and its arithmetic."""

    name: str
    expression: Expression


@dataclass(frozen=True, slots=True, eq=False)
class IntakeForm:
    """A form 表单. `schema` is plain JSON Schema, closed (no unknown answers), for the validator."""

    id: str
    title: str
    sections: Mapping[str, str]
    fields: Mapping[str, Field]  # in the order of the page
    computed: tuple[Computed, ...]
    person: Mapping[str, str]  # what of a person each field holds: {"name": "<field>", "id_number": …}
    schema: Mapping[str, Any]
    basis: Basis
    file: str
    source: str = ""  # where its clues come from, when the form itself does not ask
    filled_by: tuple[str, ...] = ()  # kinds of unit whose members may hand it in; empty for any that may submit


def build(draft: Draft) -> Mapping[str, Any]:
    """Return the forms, by id."""
    return {"forms": {whole.part.name: _form(whole, draft.rules.lists) for whole in draft.files("forms")}}


def _form(whole: Entry, lists: Mapping[str, EntryList]) -> IntakeForm:
    required = set(whole.names("required"))
    names = _in_order(whole)
    for name in sorted(required - set(names)):
        whole.error("required", "NAME_UNKNOWN", f"必填项“{name}”不是本表单的字段", did_you_mean(name, names))
    fields = {name: _field(name, whole.sub("properties", name), lists, required=name in required) for name in names}
    return IntakeForm(
        id=whole.part.name,
        title=whole.text("title"),
        sections=dict(whole.data.get("x-sections", {})),
        fields=fields,
        computed=_computed(whole),
        person=dict(whole.data.get("x-person", {})),
        schema=_closed_schema(fields, sorted(required & set(names))),
        basis=whole.basis(),
        file=whole.part.origin(()).file,
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


def link(draft: Draft) -> None:
    """Check the names of every form."""
    for form in draft.rules.forms.values():
        _link_form(draft, form)


def _link_form(draft: Draft, form: IntakeForm) -> None:
    part = f"form:{form.id}"
    draft.check_basis(part, (), form.basis) if draft.rules.info.serves else None
    for name, field in form.fields.items():
        _link_field(draft, form, name, field)
    for use, name in form.person.items():
        if name not in form.fields:
            message = f"x-person 的 {use} 指向不存在的字段“{name}”"
            draft.error(part, ("x-person", use), "NAME_UNKNOWN", message, did_you_mean(name, form.fields))
    for unit in form.filled_by:
        draft.check_name(part, ("x-filled-by",), unit, "units")
    _link_computed(draft, form)


def _link_field(draft: Draft, form: IntakeForm, name: str, field: Field) -> None:
    part, path = f"form:{form.id}", ("properties", name)
    check_condition(draft, part, (*path, "x-when"), field.when, form)
    check_condition(draft, part, (*path, "x-required-when"), field.required_when, form)
    if field.section and field.section not in form.sections:
        hint = did_you_mean(field.section, form.sections)
        draft.error(part, (*path, "x-section"), "NAME_UNKNOWN", f"没有名为“{field.section}”的部分", hint)
    order = list(form.fields)
    for condition in (found for found in (field.when, field.required_when) if found):
        for fact in facts_of(condition):
            if fact in form.fields and order.index(fact) > order.index(name):
                message = f"显示或必填的条件用到了排在后面的字段“{fact}”"
                draft.error(part, path, "CONDITION_ON_LATER_FIELD", message, "请把它移到前面，或用 x-after 调整顺序")
    for use in field.serves:
        _link_use(draft, part, name, use)


def _link_use(draft: Draft, part: str, name: str, use: str) -> None:
    kind, _, target = use.partition(":")
    path = ("properties", name, "x-serves")
    served = {each.serves: each.id for each in draft.kinds.values() if each.serves}
    if kind in served:
        draft.check_name(part, path, target, served[kind])
    elif kind not in _SERVES_FREELY:
        hint = did_you_mean(kind, served.keys() | _SERVES_FREELY)
        draft.error(part, path, "VALUE_UNKNOWN", f"x-serves 不认识“{kind}”", hint)


def _link_computed(draft: Draft, form: IntakeForm) -> None:
    written = list(draft.parts[f"form:{form.id}"].data.get("x-computed", {}))
    for computed in form.computed:
        before = set(written[: written.index(computed.name)])
        for fact in facts_in(computed.expression):
            root, _, name = fact.partition(".")
            standard = root == "standards" and name in draft.rules.info.standards
            if fact not in form.fields and fact.removeprefix("computed.") not in before and not standard:
                standards = {f"standards.{item}" for item in draft.rules.info.standards}
                hint = did_you_mean(fact, set(form.fields) | before | standards)
                message = f"算式中的“{fact}”既不是本表单的字段，也不是前面算出的项目"
                draft.error(f"form:{form.id}", ("x-computed", computed.name), "FACT_UNKNOWN", message, hint)


FORMS = Kind(
    "forms",
    build,
    link,
    label="表单",
    heading="表单",
    shape="form",
    folder="forms",
    one="<辖区>/*",
    ending="json",
    holds_names=True,
    cites=True,
    fact="form",
)
