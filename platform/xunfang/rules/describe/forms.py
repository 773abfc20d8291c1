"""Forms in sentences."""

from collections.abc import Iterator

from xunfang.rulebook.model import Field, IntakeForm, Rulebook
from xunfang.rules.describe.conditions import condition_words
from xunfang.rules.describe.lines import Line, line


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
    return "；".join(
        [text, *(_conditional(rulebook, form, field) for field in fields if field.when or field.required_when)]
    )


def _conditional(rulebook: Rulebook, form: IntakeForm, field: Field) -> str:
    if field.required_when is not None:
        return f"{condition_words(rulebook, field.required_when, form.id)}时，须填“{field.title}”"
    return f"{condition_words(rulebook, field.when, form.id)}时，可填“{field.title}”"
