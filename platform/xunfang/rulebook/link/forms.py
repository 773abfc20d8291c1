"""Names in forms: conditions, computed fields, sections, what a field serves."""

from xunfang.rulebook.conditions import facts_of
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.expressions import facts_in
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.link.facts import check_condition
from xunfang.rulebook.model import Field, IntakeForm

_SERVES = {
    "route": "routing",
    "notice": "notices",
    "ledger": "ledgers",
    "deadline": "deadlines",
    "duty": "duties",
    "indicator": "indicators",
    "feed": "feeds",
    "flow": "flows",
}
_SERVES_FREELY = {"task", "person", "case", "clue"}


def link(draft: Draft) -> None:
    """Check the names of every form."""
    for form in draft.forms.values():
        _link_form(draft, form)


def _link_form(draft: Draft, form: IntakeForm) -> None:
    part = f"form:{form.id}"
    draft.check_basis(part, (), form.basis) if draft.info.serves else None
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
    if kind in _SERVES:
        draft.check_name(part, path, target, _SERVES[kind])
    elif kind not in _SERVES_FREELY:
        hint = did_you_mean(kind, _SERVES.keys() | _SERVES_FREELY)
        draft.error(part, path, "VALUE_UNKNOWN", f"x-serves 不认识“{kind}”", hint)


def _link_computed(draft: Draft, form: IntakeForm) -> None:
    written = list(draft.parts[f"form:{form.id}"].data.get("x-computed", {}))
    for computed in form.computed:
        before = set(written[: written.index(computed.name)])
        for fact in facts_in(computed.expression):
            root, _, name = fact.partition(".")
            standard = root == "standards" and name in draft.info.standards
            if fact not in form.fields and fact.removeprefix("computed.") not in before and not standard:
                standards = {f"standards.{item}" for item in draft.info.standards}
                hint = did_you_mean(fact, set(form.fields) | before | standards)
                message = f"算式中的“{fact}”既不是本表单的字段，也不是前面算出的项目"
                draft.error(f"form:{form.id}", ("x-computed", computed.name), "FACT_UNKNOWN", message, hint)
