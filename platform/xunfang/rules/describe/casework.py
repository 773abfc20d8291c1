"""Forms, routing tables and deadlines in sentences."""

from collections.abc import Iterator
from dataclasses import replace

from xunfang.rulebook.model import (
    Basis,
    Deadline,
    Escalation,
    Field,
    IntakeForm,
    LimitCase,
    RoutingTable,
    Row,
    Rulebook,
)
from xunfang.rules.describe.conditions import condition_words, field_of
from xunfang.rules.describe.lines import Line, basis_text, line
from xunfang.rules.describe.words import ANCHORS, ESCALATIONS, limit_words, remind_words, rhythm_words, unit_words

_NOTHING = Basis()


def forms(rulebook: Rulebook) -> Iterator[Line]:
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


def routing(rulebook: Rulebook) -> Iterator[Line]:
    """Yield every routing table and each of its rows."""
    for table in rulebook.routing.values():
        yield line(rulebook, table.id, _table(rulebook, table), _NOTHING)
        for row in table.rows:
            text = f"{condition_words(rulebook, row.when)}的，{_route(rulebook, row)}"
            yield line(rulebook, row.id, text, row.basis)
        if table.otherwise:
            text = f"以上情形都不符合的，{_route(rulebook, table.otherwise)}"
            yield line(rulebook, f"{table.id}.otherwise", text, table.otherwise.basis)


def _table(rulebook: Rulebook, table: RoutingTable) -> str:
    how = "逐行对照，符合几行就提出几个主办单位，同一单位的合并办理"
    text = f"{table.label}：{how if table.hit == 'collect' else '逐行对照，以最先符合的一行为准'}"
    if table.confirm == "nobody":
        return f"{text}；直接转办，不经批示"
    role = rulebook.roles.get(table.confirm)
    text += f"；拟办意见经{role.label if role else '负责人'}批示后转办"
    unless = condition_words(rulebook, table.confirm_unless)
    return f"{text}，但{unless}的不等批示、立即转办并报其知悉" if unless else text


def _route(rulebook: Rulebook, row: Row) -> str:
    if row.lead is None:
        meeting = rulebook.meetings[row.meeting]
        return f"由{unit_words(rulebook, meeting.convenes)}提交{meeting.label}研究"
    text = f"由{unit_words(rulebook, row.lead)}主办"
    assist = "、".join(unit_words(rulebook, unit) for unit in row.assist)
    return f"{text}，{assist}协办" if assist else text


def deadlines(rulebook: Rulebook) -> Iterator[Line]:
    """Yield every deadline with its reminders and escalations; it cites the clauses of all of them."""
    for deadline in rulebook.deadlines.values():
        told = line(rulebook, deadline.id, _deadline(rulebook, deadline), deadline.basis)
        bases = (*(each.basis for each in deadline.limits), *(each.basis for each in deadline.escalate))
        others = (clause for basis in bases for clause in basis.cites)
        yield replace(told, cites=tuple(dict.fromkeys((*told.cites, *others))))


def _deadline(rulebook: Rulebook, deadline: Deadline) -> str:
    limits = [_limit(rulebook, deadline, each) for each in deadline.limits]
    text = f"“{deadline.label}”：自{_anchor(rulebook, deadline.from_)}起，限{'；'.join(limits)}"
    text += f"，到{_anchor(rulebook, deadline.until)}为止" if deadline.until else ""
    if deadline.remind:
        each = "各" if len(deadline.remind) > 1 else ""
        text += f"；{'、'.join(remind_words(remind) for remind in deadline.remind)}{each}催办一次"
    escalated = [_escalation(rulebook, each) for each in deadline.escalate]
    return "；".join([text, *escalated, *_repeated(deadline)])


def _repeated(deadline: Deadline) -> Iterator[str]:
    """Yield how reminders go on; what is only judged when a report arrives reminds nobody."""
    if not deadline.until or deadline.remind:
        yield f"此后仍未办结的，{rhythm_words(deadline.repeat)}再催办一次，直至办结"


def _limit(rulebook: Rulebook, deadline: Deadline, case: LimitCase) -> str:
    when, words = condition_words(rulebook, case.when), limit_words(rulebook, case.text)
    own = basis_text(rulebook, case.basis) if case.basis != deadline.basis else ""
    return f"{when}的，{words}{own}" if when else f"{words}{own}"


def _anchor(rulebook: Rulebook, anchor: str) -> str:
    if anchor in ANCHORS:
        return ANCHORS[anchor]
    field = field_of(rulebook, anchor.removeprefix("answers."))
    return f"“{field.title}”" if field else "填报的日期"


def _escalation(rulebook: Rulebook, escalation: Escalation) -> str:
    when = "到期仍未办结的，" if not escalation.after.offset else f"{remind_words(escalation.after)}仍未办结的，"
    text = f"{when}由{unit_words(rulebook, escalation.to)}{ESCALATIONS[escalation.act]}"
    notice = rulebook.notices.get(escalation.notice)
    text += f"，并发{notice.label}" if notice else ""
    return text + basis_text(rulebook, escalation.basis)
