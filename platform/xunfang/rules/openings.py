"""Opening balance 期初导入: what a county that begins brings along from Excel, as lists whose columns its rules give.

Each kind is a list like those of departments: a form of rows, and the words by which its columns are known. They stand
in no file: people already helped follow from the programmes, categories and relations; accounts from units and roles; a
running paper ledger from each form that opens a case.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace
from functools import lru_cache
from typing import Any

from xunfang.rulebook.basis import NO_BASIS
from xunfang.rulebook.kinds.lists import Entry, EntryList
from xunfang.rulebook.model import CATEGORY, Feed, Field, Flow, IntakeForm, Rulebook
from xunfang.rules.flow import decides_case, flow_opened_by
from xunfang.rules.kinship import HEAD, relations
from xunfang.rules.units import division_of, instances, unit_label
from xunfang.sheets.heads import Head

SOURCE = "期初导入"
"""What stands as the source of all that came this way."""
PREFIX = "opening:"
HELPED, STAFF, CASES = f"{PREFIX}helped", f"{PREFIX}staff", f"{PREFIX}cases:"
RECEIVED, CLOSED, OUTCOME = "opening-received", "opening-closed", "opening-outcome"
UNIT, PAPER = "opening-unit", "opening-paper"
"""The columns of a paper ledger that its form does not have."""
_CATEGORIES, _PROGRAMMES, _RELATIONS = f"{PREFIX}category", f"{PREFIX}programme", f"{PREFIX}relation"
_UNITS, _ROLES, _OUTCOMES = f"{PREFIX}unit", f"{PREFIX}role", f"{PREFIX}outcome:"
_NO_CELL = frozenset({"photos", "rows"})
"""Answers that no cell holds."""
Spec = tuple[str, str, str, str, bool, tuple[str, ...], str]

_PLACES = ("村", "行政村", "村（社区）", "村（居）", "家庭住址", "住址", "居住地", "家庭地址", "现住址")
_SINCE = ("起始日期", "开始享受日期", "批准日期", "批准时间", "保障起始月份", "享受补贴起始月份")
_AMOUNT = ("月保障金额", "保障金额", "发放金额", "月发放金额", "低保金", "补贴金额")
_DECISION = ("批准文号", "文号", "低保证号", "低保证编号", "审批文号")
_RECEIVED = ("接收日期", "收到日期", "登记日期", "立案日期", "接件时间", "受理时间")
_USES = ("name", "id_number", "phone")
_NUMBER = ("身份证号", "身份证号码", "身份证", "居民身份证号", "公民身份号码", "证件号码", "证件号")
_BY_USE: Mapping[str, tuple[str, ...]] = {
    "name": ("姓名", "对象姓名", "困难群众", "求助人", "申请人", "救助对象"),
    "id_number": _NUMBER,
    "phone": ("联系电话", "电话", "手机号", "联系方式"),
    "residence": ("居住地", "现居住地", "住址", "家庭住址", "现住址", "村居", "所在村"),
}
"""What offices call what a form asks of a person."""

_PEOPLE: tuple[Spec, ...] = (
    ("name", "姓名", "text", "", True, ("成员姓名", "户主姓名", "申请人姓名", "对象姓名", "救助对象"), ""),
    ("id_number", "身份证号", "resident-id", "", True, ("户主身份证号", "户主身份证号码", "户主身份证"), ""),
    ("phone", "联系电话", "phone", "", False, (), ""),
    ("town", "镇街", "text", "", False, ("乡镇", "镇", "乡镇街道", "镇（街道）", "所属乡镇"), "如“××镇”"),
    ("address", "村居", "text", "", True, _PLACES, "写明镇（街道）和村（社区）"),
    ("household", "户编号", "text", "", False, ("家庭编号", "户号", "家庭户编号"), "同一户的写同一个编号"),
    ("relation", "与户主关系", "choice", _RELATIONS, False, ("与户主的关系", "家庭关系", "关系"), ""),
    ("category", "对象类别", "choices", _CATEGORIES, False, ("类别", "人员类别", "救助对象类别"), ""),
    ("category_since", "类别认定日期", "date", "", False, ("认定日期", "认定时间"), ""),
    ("programme", "救助事项", "choice", _PROGRAMMES, False, ("保障类别", "救助类别", "救助项目", "享受政策"), ""),
    ("since", "享受起始日期", "date", "", False, _SINCE, "从哪天起享受，如 2024-07-01"),
    ("amount", "金额", "number", "", False, _AMOUNT, "元"),
    ("members", "保障人口", "integer", "", False, ("保障人数", "保障人口数"), "这一户有几人在享受"),
    ("decision", "决定文号", "text", "", False, _DECISION, ""),
)
_ACCOUNTS: tuple[Spec, ...] = (
    ("name", "姓名", "text", "", True, ("工作人员", "人员姓名"), ""),
    ("unit", "单位", "choice", _UNITS, True, ("所在单位", "工作单位", "承办单位", "部门"), ""),
    ("roles", "角色", "choices", _ROLES, True, ("岗位", "系统角色"), "有几个角色的用顿号隔开"),
    ("phone", "手机号", "phone", "", False, (), ""),
    ("login", "用户名", "text", "", False, ("登录名", "账号"), "3至40位小写字母、数字；不填的由系统编"),
    ("sees_all", "看全辖区个案", "boolean", "", False, (), "统筹单位填“是”，其余不填"),
)
_BESIDE: tuple[Spec, ...] = (
    (RECEIVED, "受理日期", "date", "", True, _RECEIVED, "期限从这一天起算"),
    (CLOSED, "办结日期", "date", "", False, ("办结时间", "结案日期"), "还在办的不填"),
    (OUTCOME, "办理结果", "choice", "", False, ("结果", "处理结果"), "填了办结日期的必须填"),
    (UNIT, "承办单位", "choice", _UNITS, False, ("责任单位", "主办单位", "办理单位"), "还在办的，写现在由谁办"),
    (PAPER, "原编号", "text", "", False, ("台账编号", "纸质编号", "原台账编号"), ""),
)


def is_opening(feed: str) -> bool:
    """Return whether a list is one of an opening balance."""
    return feed.startswith(PREFIX)


def acts_for(feed: str) -> tuple[str, ...]:
    """Return the acts of which somebody needs one to bring such a list."""
    return {HELPED: ("accept", "confirm-dispatch"), STAFF: ("administer",)}.get(feed, ("confirm-dispatch",))


def openings_for(rulebook: Rulebook, acts: Set[str]) -> Mapping[str, Feed]:
    """Return the kinds of an opening balance that somebody may bring, by what they may do."""
    found = with_openings(rulebook).feeds
    return {key: feed for key, feed in found.items() if is_opening(key) and not acts.isdisjoint(acts_for(key))}


def for_list(rulebook: Rulebook, feed: str) -> Rulebook:
    """Return the rules by which a list is read: with those of an opening balance, where it is one."""
    return with_openings(rulebook) if is_opening(feed) else rulebook


@lru_cache(maxsize=64)
def with_openings(rulebook: Rulebook) -> Rulebook:
    """Return rules that know the lists of an opening balance too, and of each form what a cell can hold."""
    opening = {form.id: flow for form in rulebook.forms.values() if (flow := flow_opened_by(rulebook, form.id))}
    lists = {**rulebook.lists, **_lists(rulebook, opening.values())}
    bare = {form: _bare(rulebook.forms[form]) for form in opening if "name" in rulebook.forms[form].person}
    made = [_list(HELPED, "已在救助的人和户", _PEOPLE, lists), _list(STAFF, "工作人员账号", _ACCOUNTS, lists)]
    made += [_ledger(form, opening[form.id], lists) for form in bare.values()]
    forms = {**rulebook.forms, **bare, **{form.id: form for _, form in made}}
    feeds = {**rulebook.feeds, **{feed.id: feed for feed, _ in made}}
    return replace(rulebook, lists=lists, forms=forms, feeds=feeds)


def _list(key: str, label: str, specs: Iterable[Spec], lists: Mapping[str, EntryList]) -> tuple[Feed, IntakeForm]:
    fields = {spec[0]: _field(spec, lists) for spec in specs if not spec[3] or lists[spec[3]].entries}
    person: dict[str, str] = {use: use for use in _USES if use in fields}
    heads = {spec[0]: (spec[1], *spec[5]) for spec in specs if spec[0] in fields}
    return _feed(key, label, heads), _form(key, label, fields, person)


def _ledger(form: IntakeForm, flow: Flow, lists: Mapping[str, EntryList]) -> tuple[Feed, IntakeForm]:
    """Return the list of the cases that one form opens: its fields, and what a paper ledger tells besides."""
    key, label = f"{CASES}{form.id}", f"纸质台账：{form.title}"
    specs = [(*spec[:3], f"{_OUTCOMES}{flow.id}", *spec[4:]) if spec[0] == OUTCOME else spec for spec in _BESIDE]
    beside = {spec[0]: _field(spec, lists) for spec in specs if not spec[3] or lists[spec[3]].entries}
    uses = {name: use for use, name in form.person.items()}
    taken = {field.title for field in form.fields.values()}
    heads = {
        name: (field.title, *(word for word in _BY_USE.get(uses.get(name, ""), ()) if word not in taken))
        for name, field in form.fields.items()
    }
    for spec in specs:
        if spec[0] in beside:
            heads[spec[0]] = tuple(head for head in (spec[1], *spec[5]) if head not in taken) or (f"台账{spec[1]}",)
    return _feed(key, label, heads), _form(key, label, {**beside, **form.fields}, form.person)


def _bare(form: IntakeForm) -> IntakeForm:
    """Return a form as a paper ledger can answer it: what no cell holds left out, only name and place a must."""
    must = {form.person["name"], form.person.get("residence", "")}
    fields = {
        name: replace(field, required=name in must, required_when=None)
        for name, field in form.fields.items()
        if field.kind not in _NO_CELL
    }
    return replace(form, fields=fields, schema=_schema(fields), contradictions=())


def _feed(key: str, label: str, heads: Mapping[str, tuple[str, ...]]) -> Feed:
    return Feed(key, f"{SOURCE}：{label}", heads, key, None, "", "", None, NO_BASIS)


def _form(key: str, title: str, fields: Mapping[str, Field], person: Mapping[str, str]) -> IntakeForm:
    return IntakeForm(key, title, {}, fields, (), person, _schema(fields), NO_BASIS, "")


def _schema(fields: Mapping[str, Field]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {name: dict(field.schema) for name, field in fields.items()},
        "required": [name for name, field in fields.items() if field.required and not field.when],
        "additionalProperties": False,
    }


def _field(spec: Spec, lists: Mapping[str, EntryList]) -> Field:
    name, title, kind, of, must, _, hint = spec
    sensitive = {"resident-id": "identity", "phone": "phone"}.get(kind, "")
    schema = _SCHEMAS.get(kind, {"type": "string", "maxLength": 40})
    if of:
        choice = {"type": "string", "enum": sorted(lists[of].entries)}
        schema = {"type": "array", "items": choice, "uniqueItems": True} if kind == "choices" else choice
    return Field(name, title, kind, "", of, "", sensitive, must, None, None, hint, (), schema)


_SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    "text": {"type": "string", "maxLength": 80},
    "number": {"type": "number", "minimum": 0, "maximum": 10_000_000},
    "integer": {"type": "integer", "minimum": 0, "maximum": 100},
    "boolean": {"type": "boolean"},
}


# what may be chosen


def _lists(rulebook: Rulebook, flows: Iterable[Flow]) -> Mapping[str, EntryList]:
    known = rulebook.lists.get(CATEGORY)
    told = {
        _CATEGORIES: [(each.id, each.label) for each in known.entries.values() if not each.retired] if known else [],
        _PROGRAMMES: [(each.id, each.label) for each in rulebook.programmes.values()],
        _RELATIONS: [(HEAD, "户主"), *relations(rulebook)],
        _UNITS: list(_units(rulebook)),
        _ROLES: [(each.id, each.label) for each in rulebook.roles.values()],
        **{f"{_OUTCOMES}{flow.id}": list(_outcomes(flow)) for flow in flows},
    }
    return {key: EntryList(key, {entry: Entry(entry, label) for entry, label in each}) for key, each in told.items()}


def _units(rulebook: Rulebook) -> Iterator[tuple[str, str]]:
    """Yield every unit with its name; where several bear one, with the place in which it lies before it."""
    found = [(unit, unit_label(rulebook, unit)) for kind in rulebook.units for unit in instances(rulebook, kind)]
    borne = Counter(label for _, label in found)
    for unit, label in found:
        twice = borne[label] > 1 and division_of(unit)
        place = rulebook.divisions.label(division_of(unit), rulebook.code) if twice else ""
        yield unit, f"{place}{label}" if twice else label


def _outcomes(flow: Flow) -> Iterator[tuple[str, str]]:
    """Yield what a case of a flow can have come to, each once by its name: what decides it, and what ends it."""
    named = set[str]()
    for state in flow.states.values():
        for key, outcome in state.outcomes.items():
            ends = outcome.to in flow.states and flow.states[outcome.to].ends
            if (ends or decides_case(flow, state)) and outcome.label not in named:
                named.add(outcome.label)
                yield f"{state.id}/{key}", outcome.label


# one member of a household a row, with the head's name and number beside


def settled(feed: str, head: Head) -> Head:
    """Return the head of a list as it is meant: the head of household beside each member tells the household."""
    numbers = [place for place, name in head.columns.items() if name == "id_number"]
    of_head = {place for place in head.columns if head.words.get(place, "").startswith("户主")}
    if feed != HELPED or len(numbers) != 2 or len(of_head & set(numbers)) != 1 or "relation" not in head.names:
        return head
    columns = {place: name for place, name in head.columns.items() if place not in of_head}
    if "household" not in columns.values():
        columns |= dict.fromkeys(of_head & set(numbers), "household")
    return replace(head, columns=columns)
