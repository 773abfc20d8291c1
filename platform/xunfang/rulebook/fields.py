"""The fields 字段 of forms, and of the rows that some are answered by: what a page shows, what may be answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from xunfang.identity import NO_PAPER
from xunfang.rulebook.basis import Basis
from xunfang.rulebook.conditions import AllOf, Condition, Operator, Test
from xunfang.rulebook.entry import Entry
from xunfang.rulebook.expressions import Expression
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.patterns import pattern_problem

if TYPE_CHECKING:  # kinds of rule stand on these
    from xunfang.rulebook.kinds.lists import EntryList

_LONG_TEXT = 100
MOST_ROWS = 30
"""How many rows a field takes that says nothing of it."""
_KINDS_BY_FORMAT = {
    "date": "date",
    "date-time": "moment",
    "resident-id": "resident-id",
    "identity-paper": "identity-paper",
    "phone": "phone",
    "division": "division",
    "photos": "photos",
}
_KINDS_BY_TYPE = {"integer": "integer", "number": "number", "boolean": "boolean", "array": "choices"}
DATED = frozenset({"date", "moment"})
TODAY = "today"
_PLAIN_KEYS = {
    "type", "enum", "const", "minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum",
    "multipleOf", "minItems", "maxItems", "uniqueItems",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """One field 字段. `kind` is what the page shows: text, long-text, integer, number, boolean, date, moment,
    choice, choices, division, resident-id, identity-paper, phone, photos, rows. Rows 逐行填写 are answered by a small
    form of their own, again and again: `row` is that form, its title the word that counts its rows (人 in 第2人);
    `sensitive` is that of its columns.
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
    row: "IntakeForm | None" = None
    not_before: str = ""  # of a date or moment: "today", a day, or the field that it is not before
    not_after: str = ""
    paper: str = ""  # of the number of an identity paper: the field that tells its kind
    head: str = ""  # printed in a table: what stands over this column and its neighbours alike
    unit: str = ""  # what its number counts: 户, 人, 元
    sign: bool = False  # printed where people sign, not as a column


@dataclass(frozen=True, slots=True, eq=False)
class Computed:
    """A computed field: a name and its arithmetic."""

    name: str
    expression: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Equation:
    """What must hold between the figures of a form 校核关系: two sums, and how they compare ("=", "<=" or ">=")."""

    text: str
    left: Expression
    sign: str
    right: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Contradiction:
    """Answers that do not go together 互相矛盾: `when` must not hold; told at a field, refused or only asked about."""

    id: str
    when: Condition
    says: str
    at: str
    asks: bool = False


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
    contradictions: tuple[Contradiction, ...] = ()
    equations: tuple[Equation, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)  # of what is computed and printed in tables
    objection: Mapping[str, str] = field(default_factory=dict)  # "to" what it objects, and the field of "by" whom
    row_fields: tuple[Field, ...] = field(init=False, repr=False)  # those that are answered row by row
    columns: Mapping[str, Field] = field(init=False, repr=False)  # of these, by the facts they become: members.income

    def __post_init__(self) -> None:
        """Find what is asked of every form again and again."""
        rows = tuple(each for each in self.fields.values() if each.row)
        columns = {
            f"{each.name}.{name}": column for each in rows if each.row for name, column in each.row.fields.items()
        }
        object.__setattr__(self, "row_fields", rows)
        object.__setattr__(self, "columns", columns)


def fields_of(
    whole: Entry, lists: "Mapping[str, EntryList]", called: str
) -> tuple[Mapping[str, Field], Mapping[str, Any]]:
    """Return the fields of a form or a row, in page order, with its closed schema; `called`: what they are of it."""
    required = set(whole.names("required"))
    names = _in_order(whole)
    for name in sorted(required - set(names)):
        whole.error("required", "NAME_UNKNOWN", f"必填项“{name}”不是{called}", did_you_mean(name, names))
    fields = {name: _field(name, whole.sub("properties", name), lists, required=name in required) for name in names}
    fields |= {
        each.name: replace(each, when=numbered(each, fields, lists)) for each in fields.values() if each.paper in fields
    }
    return fields, _closed_schema(fields, sorted(required & set(names)))


def numbered(field: Field, fields: Mapping[str, Field], lists: "Mapping[str, EntryList]") -> Condition | None:
    """Return when the number of a paper is asked for: not of one that has none, besides when its form says."""
    kinds = lists[fields[field.paper].list].entries if fields[field.paper].list in lists else {}
    without = tuple(key for key, entry in kinds.items() if entry.check == NO_PAPER)
    if not without:
        return field.when
    has_one = Test(field.paper, Operator.NONE, without)
    return AllOf((has_one, field.when)) if field.when else has_one


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


def _field(name: str, entry: Entry, lists: "Mapping[str, EntryList]", *, required: bool) -> Field:
    data = entry.data
    row = _row(name, entry, lists) if "properties" in data.get("items", {}) else None
    list_id = data.get("x-list") or data.get("items", {}).get("x-list", "")
    if list_id and list_id not in lists:
        key = "x-list" if "x-list" in data else "items"
        entry.error(key, "NAME_UNKNOWN", f"没有名为“{list_id}”的字典", did_you_mean(list_id, lists))
    _check_bounded(entry)
    if "x-row" in data and row is None:
        entry.error("x-row", "KEY_MISPLACED", "x-row 只用于逐行填写的字段", '要逐行填写，请在 items 里写 "properties"')
    return Field(
        name=name,
        title=data["title"],
        kind=_kind(data),
        section=data.get("x-section", ""),
        list=list_id,
        level=data.get("x-level", ""),
        sensitive=data.get("x-sensitive", "") or _most_sensitive(row),
        required=required,
        when=entry.condition("x-when"),
        required_when=entry.condition("x-required-when"),
        hint=data.get("x-hint", ""),
        serves=entry.names("x-serves"),
        schema=_plain_schema(data, lists.get(list_id)),
        row=row,
        paper=data.get("x-paper", ""),
        not_before=data.get("x-not-before", ""),
        not_after=data.get("x-not-after", ""),
        head=data.get("x-head", ""),
        unit=data.get("x-unit", ""),
        sign=bool(data.get("x-sign")),
    )


def _row(name: str, entry: Entry, lists: "Mapping[str, EntryList]") -> IntakeForm:
    """Return the small form that each row of a field is answered by."""
    fields, schema = fields_of(entry.sub("items"), lists, f"“{entry.text('title')}”的栏目")
    return IntakeForm(
        id=name,
        title=entry.text("x-row", "行"),
        sections={},
        fields=fields,
        computed=(),
        person={},
        schema=schema,
        basis=entry.basis(),
        file=entry.part.origin(()).file,
    )


def _most_sensitive(row: IntakeForm | None) -> str:
    return next((field.sensitive for field in row.fields.values() if field.sensitive), "") if row else ""


def _check_bounded(entry: Entry) -> None:
    data = entry.data
    kind = _kind(data)
    if kind in {"text", "long-text"} and not ("maxLength" in data or "enum" in data):
        entry.error("", "SIZE_MISSING", "文字字段缺少字数上限", '补上 "maxLength": 200')
    for holder, key in ((data, "pattern"), (data.get("items", {}), "items")):
        if "pattern" in holder and (problem := pattern_problem(holder["pattern"])):
            entry.error(key, *problem)
    for key in {"x-not-before", "x-not-after"} & data.keys() if kind not in DATED else ():
        entry.error(key, "KEY_MISPLACED", f"{key} 只用于日期和时间", '日期写 "format": "date"，时间写 "date-time"')
    for least, most in (("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems")):
        if data.get(least, 0) > data.get(most, data.get(least, 0)):
            entry.error(most, "BOUNDS_CROSSED", f"{most} 小于 {least}，没有能通过的填法", "请核对这两个数")


def _kind(data: Mapping[str, Any]) -> str:
    if data.get("format") in _KINDS_BY_FORMAT:
        return _KINDS_BY_FORMAT[data["format"]]
    if "properties" in data.get("items", {}):
        return "rows"
    if "x-list" in data or "enum" in data:
        return "choice"
    if data.get("type") in _KINDS_BY_TYPE:
        return _KINDS_BY_TYPE[data["type"]]
    long = data.get("x-widget") == "long-text" or data.get("maxLength", 0) > _LONG_TEXT
    return "long-text" if long else "text"


def is_day(text: str) -> bool:
    """Return whether a text such as 2020-01-01 is a day that there is."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _plain_schema(data: Mapping[str, Any], entries: "EntryList | None") -> dict[str, Any]:
    schema = {key: value for key, value in data.items() if key in _PLAIN_KEYS}
    if "properties" in data.get("items", {}):
        return {"maxItems": MOST_ROWS, **schema, "items": {"type": "object"}}
    choices = {"type": "string", "enum": sorted(entries.entries)} if entries else None
    if data.get("type") == "array":
        items = {key: value for key, value in data.get("items", {}).items() if key in _PLAIN_KEYS}
        schema["items"] = choices or items or {"type": "string", "maxLength": 200}
        schema.setdefault("maxItems", 200)
        schema["uniqueItems"] = True
    elif choices:
        schema |= choices
    if data.get("format") in {"date", "date-time", "resident-id", "identity-paper", "phone", "division"}:
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
