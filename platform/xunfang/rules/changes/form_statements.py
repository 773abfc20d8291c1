"""Forms as statements: each form, and each of its fields with everything that is asked of it."""

from collections.abc import Iterator

from xunfang.rulebook.model import Field, IntakeForm, Rulebook
from xunfang.rules.changes.statement import Statement
from xunfang.rules.describe.conditions import condition_words
from xunfang.rules.describe.forms import bounds_words, contradiction_words
from xunfang.rules.describe.lines import basis_text, quoted_once
from xunfang.rules.describe.words import LEVELS
from xunfang.rules.equations import equation_words, words

_KINDS = {
    "text": "填文字", "long-text": "填一段文字", "integer": "填整数", "number": "填数字", "boolean": "选是或否",
    "date": "填日期", "moment": "填日期和时间", "choice": "选一项", "choices": "可选多项", "division": "选行政区划",
    "resident-id": "填身份证号", "identity-paper": "填证件号码", "phone": "填电话号码", "photos": "传照片",
    "rows": "逐行填写",
}  # fmt: skip
_SEALED = {"identity": "按证件号码加密保存", "phone": "按电话号码加密保存", "health": "按健康信息加密保存"}
_BOUNDS = {
    "minLength": "至少{}字", "maxLength": "最多{}字", "minimum": "不小于{}", "maximum": "不大于{}",
    "exclusiveMinimum": "大于{}", "minItems": "至少{}{one}", "maxItems": "最多{}{one}",
}  # fmt: skip
_ONES = {"rows": "行", "photos": "张"}
"""What one of several is called; one choice is 一项."""
_TELLING = frozenset({"text", "long-text", "integer", "number", "choices", "rows", "photos"})
"""Kinds of field whose bounds are the form's own; those of the others follow from what they are."""


def form_statements(rulebook: Rulebook) -> Iterator[Statement]:
    """Yield every form, then its fields in order, then what must hold between them."""
    for form in rulebook.forms.values():
        about = f"《{form.title}》"
        yield Statement(
            form.id, quoted_once(f"{_form(rulebook, form)}。"), basis_text(rulebook, form.basis), form.basis.cites
        )
        for field in form.fields.values():
            yield Statement(f"{form.id}.{field.name}", field_words(rulebook, form, field), about=about)
        for id, text in _between(rulebook, form):
            yield Statement(f"{form.id}.{id}", quoted_once(f"{text}。"), about=about)


def _form(rulebook: Rulebook, form: IntakeForm) -> str:
    opened = [flow.label for flow in rulebook.flows.values() if form.id in flow.opens_on]
    text = f"《{form.title}》共{len(form.fields)}项"
    text += f"，填报后进入“{opened[0]}”流程" if opened else ""
    by = "、".join(rulebook.units[unit].label.replace("{division}", "") for unit in form.filled_by)
    text += f"，由{by}填报" if by else ""
    text += _objecting(form)
    return text + (f"，线索来源记为“{form.source}”" if form.source else "")


def _objecting(form: IntakeForm) -> str:
    if not form.objection:
        return ""
    by = form.fields.get(form.objection.get("by", ""))
    return "，用来对公示提出异议" + (f"，提出人为“{by.title}”" if by else "")


def _between(rulebook: Rulebook, form: IntakeForm) -> Iterator[tuple[str, str]]:
    for each in form.contradictions:
        yield f"x-contradictions.{each.id}", contradiction_words(rulebook, form, each)
    for nth, equation in enumerate(form.equations, 1):
        yield f"x-equations.{nth}", equation_words(form, equation)
    for computed in form.computed:
        title = form.titles.get(computed.name, computed.name)
        yield f"x-computed.{computed.name}", f"“{title}”按{words(form, computed.expression)}计算"


def field_words(rulebook: Rulebook, form: IntakeForm, field: Field, within: str = "") -> str:
    """Return a field in a whole sentence: “联系电话”：填电话号码，选填，在“困难群众”部分.

    `within`: what conditions know its form by, where that is not its id.
    """
    asked = _asked(rulebook, within or form.id, field)
    parts = [_KINDS.get(field.kind, "填写"), *_limits(rulebook, form, field), *asked]
    if field.section:
        parts.append(f"在“{form.sections.get(field.section, field.section)}”部分")
    parts += [_SEALED[field.sensitive]] if field.sensitive in _SEALED and not field.row else []  # its columns say it
    parts += [f"填写提示为“{field.hint.rstrip('。')}”"] if field.hint else []
    return quoted_once(f"“{field.title}”：{'，'.join(parts)}。{_row(rulebook, form, field)}")


def _limits(rulebook: Rulebook, form: IntakeForm, field: Field) -> Iterator[str]:
    if field.level in LEVELS:
        yield f"选到{LEVELS[field.level]}"
    if field.unit:
        yield f"单位是{field.unit}"
    if field.kind in _TELLING:
        one = _ONES.get(field.kind, "项")
        yield from (text.format(field.schema[key], one=one) for key, text in _BOUNDS.items() if key in field.schema)
    if words := bounds_words(rulebook, form, field):
        yield words.removeprefix(f"“{field.title}”")


def _asked(rulebook: Rulebook, form: str, field: Field) -> Iterator[str]:
    shown = condition_words(rulebook, field.when, form) if field.when is not None else ""
    needed = condition_words(rulebook, field.required_when, form) if field.required_when is not None else ""
    if shown and shown == needed:
        yield f"{shown}时必填，其他情形不用填"
        return
    yield "必填" if field.required else "选填"
    if shown:
        yield f"{shown}时才填"
    if needed:
        yield f"{needed}时必填"


def _row(rulebook: Rulebook, form: IntakeForm, field: Field) -> str:
    """Return the columns of a field that is answered row by row."""
    if field.row is None:
        return ""
    row, within = field.row, f"{form.id}.{field.name}"
    return f"每{row.title}：" + "".join(field_words(rulebook, row, each, within) for each in row.fields.values())
