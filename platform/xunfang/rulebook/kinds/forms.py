"""Forms 表单: JSON Schema 2020-12 plus `x-` keywords; forms/*.json."""

import dataclasses
from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from xunfang.identity import CHECKS
from xunfang.rulebook.conditions import facts_of, tests_of
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.entry import Entry
from xunfang.rulebook.equations import check_equations, equations_in
from xunfang.rulebook.expressions import ExpressionError, alone, facts_in, parse_expression
from xunfang.rulebook.facts import check_condition, row_forms
from xunfang.rulebook.fields import DATED, TODAY, Computed, Contradiction, Field, IntakeForm, fields_of, is_day
from xunfang.rulebook.findings import Findings, did_you_mean
from xunfang.rulebook.kind import Kind
from xunfang.rulebook.kinds.lists import EntryList
from xunfang.rulebook.merge import Merged, Part
from xunfang.rulebook.objections import link_objection
from xunfang.rulebook.positions import Path

_SERVES_FREELY = {"task", "person", "case", "clue"}


def build(draft: Draft) -> Mapping[str, Any]:
    """Return the forms, by id."""
    return {"forms": {whole.part.name: _form_once(draft, whole) for whole in draft.files("forms")}}


@dataclass(frozen=True, slots=True)
class _Choices:
    """The lists that a form names, as far as the form depends on them; two are the same that say the same."""

    said: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    lists: Mapping[str, EntryList] = dataclasses.field(compare=False)


def _form_once(draft: Draft, whole: Entry) -> IntakeForm:
    """Return a form: the same one for all who inherit it, as long as nothing is wrong with it."""
    lists = draft.rules.lists
    named = sorted(name for name in _lists_named(whole.part.merged) if name in lists)
    said = tuple((name, draft.once(("list", name), partial(_said, lists[name]))) for name in named)
    try:
        return _sound_form(whole.part.name, whole.part.merged, _Choices(said, lists))
    except _UnsoundError:
        return _form(whole, lists)


def _said(entries: EntryList) -> tuple[tuple[str, str], ...]:
    return tuple((entry.id, entry.check) for entry in entries.entries.values())


@lru_cache(maxsize=4096)
def _lists_named(merged: Merged) -> frozenset[str]:
    """Return the words that stand for lists anywhere in a form."""
    found: set[str] = set()
    waiting: list[Any] = [merged.data]
    while waiting:
        value = waiting.pop()
        inner = value.values() if isinstance(value, dict) else value
        waiting += [item for item in inner if isinstance(item, (dict, list))]
        if isinstance(value, dict) and isinstance(name := value.get("x-list"), str):
            found.add(name)
    return frozenset(found)


class _UnsoundError(Exception):
    """Something is wrong with a form: each who has it is told."""


@lru_cache(maxsize=4096)
def _sound_form(name: str, merged: Merged, choices: _Choices) -> IntakeForm:
    part, findings = Part("form", name, merged), Findings()
    form = _form(Entry(part, (), part.data, findings), choices.lists)
    if findings.problems:
        raise _UnsoundError
    return form


def _form(whole: Entry, lists: Mapping[str, EntryList]) -> IntakeForm:
    fields, schema = fields_of(whole, lists, "本表单的字段")
    return IntakeForm(
        id=whole.part.name,
        title=whole.text("title"),
        sections=dict(whole.data.get("x-sections", {})),
        fields=fields,
        computed=_computed(whole),
        person=dict(whole.data.get("x-person", {})),
        schema=schema,
        basis=whole.basis(),
        file=whole.part.origin(()).file,
        source=whole.text("x-source"),
        filled_by=whole.names("x-filled-by"),
        contradictions=tuple(_contradictions(whole)),
        equations=tuple(equations_in(whole)),
        titles=dict(whole.data.get("x-computed-titles", {})),
        objection=dict(whole.data.get("x-objection", {})),
    )


def _contradictions(whole: Entry) -> Iterator[Contradiction]:
    seen = set()
    for each in whole.items("x-contradictions"):
        if each.text("id") in seen:
            each.error("id", "NAME_TWICE", f"矛盾“{each.text('id')}”写了两次", "每一条各用一个编号")
        seen.add(each.text("id"))
        when = each.condition_or_always("when")
        yield Contradiction(each.text("id"), when, each.text("says"), each.text("at"), bool(each.data.get("asks")))


def _computed(whole: Entry) -> tuple[Computed, ...]:
    found = []
    for name, text in whole.data.get("x-computed", {}).items():
        try:
            found.append(Computed(name, parse_expression(text)))
        except ExpressionError as error:
            hint = "加减乘除写 +、-、*、/，括号用英文半角，如 household_income / 12 / household_size"
            path = ("x-computed", name)
            whole.findings.error(whole.part, path, "EXPRESSION_WRONG", f"算式“{text}”有误：{error}", hint)
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
    link_objection(draft, form)
    _link_computed(draft, form)
    check_equations(draft, form)
    for place, each in enumerate(form.contradictions):
        _link_contradiction(draft, form, each, ("x-contradictions", place))


def _link_field(draft: Draft, form: IntakeForm, name: str, field: Field) -> None:
    part, path = f"form:{form.id}", ("properties", name)
    _link_conditions(draft, part, path, form, field)
    if row := field.row:
        for each in row.fields.values():
            column = (*path, "items", "properties", each.name)
            _link_conditions(draft, part, column, row, each)
            _link_bounds(draft, part, column, each, form, row)
            _link_paper(draft, part, column, each, row)
    _link_bounds(draft, part, path, field, form)
    _link_paper(draft, part, path, field, form)
    if field.section and field.section not in form.sections:
        hint = did_you_mean(field.section, form.sections)
        draft.error(part, (*path, "x-section"), "NAME_UNKNOWN", f"没有名为“{field.section}”的部分", hint)
    for use in field.serves:
        _link_use(draft, part, name, use)


def _link_conditions(draft: Draft, part: str, path: Path, form: IntakeForm, field: Field) -> None:
    """A condition of a field reads what stands before it in its form; one in a row, what stands before it there."""
    check_condition(draft, part, (*path, "x-when"), field.when, form)
    check_condition(draft, part, (*path, "x-required-when"), field.required_when, form)
    if not (asked := [found for found in (field.when, field.required_when) if found]):
        return
    order = list(form.fields)
    for condition in asked:
        for fact in facts_of(condition):
            if fact in form.fields and order.index(fact) > order.index(field.name):
                message = f"显示或必填的条件用到了排在后面的字段“{fact}”"
                draft.error(part, path, "CONDITION_ON_LATER_FIELD", message, "请把它移到前面，或用 x-after 调整顺序")


def _link_bounds(draft: Draft, part: str, path: Path, field: Field, *own: IntakeForm) -> None:
    """A bound is today, a day, or a date: of the row, of the form, or of any form that may have been filled before."""
    if not (field.not_before or field.not_after):
        return
    everywhere = draft.once("fields", lambda: _last_of_each_name(draft))
    known = ChainMap(*(dict(form.fields) for form in reversed(own)), everywhere)
    for key, bound in (("x-not-before", field.not_before), ("x-not-after", field.not_after)):
        if "-" in bound and not is_day(bound):
            draft.error(part, (*path, key), "DATE_UNKNOWN", f"没有“{bound}”这一天", "应写作 2020-01-01 这样的日期")
        elif bound and "-" not in bound and bound != TODAY and not _is_date(known.get(bound), field):
            dates = {name for name, each in known.items() if _is_date(each, field)}
            message = f"“{bound}”不是日期或时间字段，不能作“{field.title}”的界限"
            draft.error(part, (*path, key), "NAME_UNKNOWN", message, did_you_mean(bound, dates | {TODAY}))


def _last_of_each_name(draft: Draft) -> dict[str, Field]:
    return {name: field for form in draft.rules.forms.values() for name, field in form.fields.items()}


def _is_date(bound: Field | None, field: Field) -> bool:
    """Return whether something can be the bound of a field: a date, and another one."""
    return bound is not None and bound.kind in DATED and bound.name != field.name


def _link_paper(draft: Draft, part: str, path: Path, field: Field, form: IntakeForm) -> None:
    """The number of a paper needs the field that tells its kind, and each kind of that a check."""
    path = (*path, "x-paper")
    if field.kind != "identity-paper":
        if field.paper:
            draft.error(part, path, "KEY_MISPLACED", "x-paper 只用于证件号码", '证件号码写 "format": "identity-paper"')
        return
    kind = form.fields.get(field.paper)
    if kind is None or kind.kind != "choice" or kind.list not in draft.rules.lists:
        papers = {each.name for each in form.fields.values() if each.kind == "choice" and each.list}
        message = f"“{field.title}”按什么证件核对没有说清：“{field.paper}”不是选证件种类的字段"
        draft.error(part, path, "NAME_UNKNOWN", message, did_you_mean(field.paper, papers))
        return
    for entry in draft.rules.lists[kind.list].entries.values():
        if not entry.check:
            message = f"证件种类“{entry.label}”没有写明怎样核对号码"
            hint = f"请写 check = …，可用的有：{'、'.join(sorted(CHECKS))}"
            draft.error("lists", (kind.list, entry.id), "CHECK_MISSING", message, hint)


def _link_contradiction(draft: Draft, form: IntakeForm, each: Contradiction, path: Path) -> None:
    part = f"form:{form.id}"
    check_condition(draft, part, (*path, "when"), each.when)
    if each.at not in form.fields:
        hint = did_you_mean(each.at, form.fields)
        draft.error(part, (*path, "at"), "NAME_UNKNOWN", f"本表没有“{each.at}”这一项，矛盾无处提示", hint)
    outcomes = {
        outcome
        for flow in draft.rules.flows.values()
        for state in flow.states.values()
        if state.form == form.id or (state.per_route and form.id in row_forms(draft, flow))
        for outcome in state.outcomes
    }
    for test in tests_of(each.when):
        words = test.value if isinstance(test.value, tuple) else (test.value,)
        for word in words if test.path == "task.outcome" else ():
            if isinstance(word, str) and word not in outcomes:
                hint = did_you_mean(word, outcomes) if outcomes else "这张表不是用来办结任务的，没有办理结果"
                draft.error(part, (*path, "when"), "NAME_UNKNOWN", f"填这张表的环节没有办理结果“{word}”", hint)


def _link_use(draft: Draft, part: str, name: str, use: str) -> None:
    kind, _, target = use.partition(":")
    path = ("properties", name, "x-serves")
    served = draft.once("served", lambda: {each.serves: each.id for each in draft.kinds.values() if each.serves})
    if kind in served:
        draft.check_name(part, path, target, served[kind])
    elif kind not in _SERVES_FREELY:
        hint = did_you_mean(kind, served.keys() | _SERVES_FREELY)
        draft.error(part, path, "VALUE_UNKNOWN", f"x-serves 不认识“{kind}”", hint)


def _link_computed(draft: Draft, form: IntakeForm) -> None:
    written = list(draft.parts[f"form:{form.id}"].data.get("x-computed", {}))
    columns = set(form.columns)
    for computed in form.computed:
        before = set(written[: written.index(computed.name)])
        for fact in facts_in(computed.expression):
            root, _, name = fact.partition(".")
            standard = root == "standards" and name in draft.rules.info.standards
            if fact not in set(form.fields) | columns and fact.removeprefix("computed.") not in before and not standard:
                standards = {f"standards.{item}" for item in draft.rules.info.standards}
                hint = did_you_mean(fact, set(form.fields) | columns | before | standards)
                message = f"算式中的“{fact}”既不是本表单的字段，也不是前面算出的项目"
                draft.error(f"form:{form.id}", ("x-computed", computed.name), "FACT_UNKNOWN", message, hint)
        for fact in columns.intersection(alone(computed.expression)):
            message = f"算式中的“{fact}”有若干行，不是一个数"
            hint = f"请写 sum({fact})、count({fact})、min({fact}) 或 max({fact})"
            draft.error(f"form:{form.id}", ("x-computed", computed.name), "COLUMN_ALONE", message, hint)


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
    lived="在页面上填写，随个案存下",
)
