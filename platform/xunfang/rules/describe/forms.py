"""Forms in sentences."""

from collections.abc import Iterator

from xunfang.rulebook.fields import TODAY, is_day
from xunfang.rulebook.model import Contradiction, Field, IntakeForm, Rulebook
from xunfang.rules.describe.conditions import condition_words
from xunfang.rules.describe.lines import Line, line
from xunfang.rules.equations import equation_words
from xunfang.rules.labels import title_of


def lines(rulebook: Rulebook) -> Iterator[Line]:
    """Yield every form: what it opens, what must be filled in, what only under conditions."""
    for form in rulebook.forms.values():
        yield line(rulebook, form.id, _form(rulebook, form), form.basis)


def _form(rulebook: Rulebook, form: IntakeForm) -> str:
    fields = form.fields.values()
    text = f"《{form.title}》共{len(form.fields)}项"
    required = [f"“{field.title}”" for field in fields if field.required]
    text += f"，必填{'、'.join(required)}" if required else ""
    opened = [flow.label for flow in rulebook.flows.values() if form.id in flow.opens_on]
    text += f"；填报后进入“{opened[0]}”流程" if opened else ""
    rows = [_rows(rulebook, form, field, field.row) for field in fields if field.row]
    asked = [_conditional(rulebook, form.id, field) for field in fields if field.when or field.required_when]
    bounds = [words for field in fields if (words := bounds_words(rulebook, form, field))]
    contradictions = [contradiction_words(rulebook, form, each) for each in form.contradictions]
    equations = [equation_words(form, each) for each in form.equations]
    return "；".join([text, *rows, *asked, *bounds, *contradictions, *equations])


def _rows(rulebook: Rulebook, form: IntakeForm, field: Field, row: IntakeForm) -> str:
    columns = "、".join(f"“{column.title}”{'（必填）' if column.required else ''}" for column in row.fields.values())
    shown = [each for each in row.fields.values() if each.when or each.required_when]
    asked = "".join(f"，{_conditional(rulebook, f'{form.id}.{field.name}', column)}" for column in shown)
    bounds = "".join(f"，{words}" for column in row.fields.values() if (words := bounds_words(rulebook, row, column)))
    return f"“{field.title}”逐{row.title}填写{columns}{asked}{bounds}"


def contradiction_words(rulebook: Rulebook, form: IntakeForm, each: Contradiction) -> str:
    """Return what happens to answers that do not go together."""
    followed = "提醒核对，本人确认后仍可提交" if each.asks else "不能提交"
    return f"{condition_words(rulebook, each.when, form.id)}时，{followed}（{each.says.rstrip('。')}）"


def bounds_words(rulebook: Rulebook, form: IntakeForm, field: Field) -> str:
    """Return between what a date must lie, "" where anywhere will do."""
    said = (("早于", field.not_before), ("晚于", field.not_after))
    parts = [f"不{word}{_bound(rulebook, form, bound)}" for word, bound in said if bound]
    return f"“{field.title}”{'、'.join(parts)}" if parts else ""


def _bound(rulebook: Rulebook, form: IntakeForm, bound: str) -> str:
    if bound == TODAY:
        return "今天"
    return f" {bound} " if is_day(bound) else f"“{title_of(rulebook, form, bound)}”"


def _conditional(rulebook: Rulebook, form: str, field: Field) -> str:
    if field.required_when is not None:
        return f"{condition_words(rulebook, field.required_when, form)}时，须填“{field.title}”"
    return f"{condition_words(rulebook, field.when, form)}时，可填“{field.title}”"
