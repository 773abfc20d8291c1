"""Conditions in words: facts by the titles of their fields, values by the labels of their lists."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from xunfang.rulebook.history import UNITS, History
from xunfang.rulebook.model import (
    AllOf,
    Call,
    Condition,
    Expression,
    Fact,
    FactRef,
    Field,
    Negate,
    Number,
    Operation,
    Operator,
    Rulebook,
    Test,
)
from xunfang.rules.describe.facts import STANDINGS, engine_fact
from xunfang.rules.describe.words import SUBJECTS, choice_words, unit_words

_FUNCTIONS = {
    "min": "较小值", "max": "较大值", "round": "四舍五入值", "count": "项数", "years": "相隔年数", "days": "相隔天数",
    "sum": "合计",
}  # fmt: skip
_SIGNS = {"+": "＋", "-": "－", "*": "×", "/": "÷"}
_BINDS = {"+": 1, "-": 1, "*": 2, "/": 2}
UNKNOWN = "有关情况"


def condition_words(rulebook: Rulebook, condition: Condition | None, form: str = "") -> str:
    """Return a condition as a clause of a sentence; "" for one that always holds. `form` is the one it is asked on."""
    if condition is None:
        return ""
    if isinstance(condition, Test):
        return _test(rulebook, condition, form)
    parts = [words for part in condition.parts if (words := condition_words(rulebook, part, form))]
    if isinstance(condition, AllOf):
        return "，且".join(parts)
    return "或者".join(parts) if len(parts) < 2 else f"（{'，或者'.join(parts)}）"


def fact_words(rulebook: Rulebook, path: str, form: str = "") -> str:
    """Return the name of a fact: its field's title, a standard's label, or what a computed field is computed from."""
    name = path.removeprefix("answers.")
    if name == "person.sex":  # forms ask for one as well
        return "证件号码中的性别"
    if known := engine_fact(name):
        return known
    if name.startswith("standards."):
        standard = rulebook.info.standards.get(name.removeprefix("standards."))
        return standard.label if standard else UNKNOWN
    if history := _history(rulebook, name):
        return history.label
    if name.startswith("computed."):
        return _computed(rulebook, name.removeprefix("computed."))
    if column := _column(rulebook, name, form):
        return column
    leaf = name.rpartition(".")[2]  # clue.<field> and task.<field> are answers too
    field = field_of(rulebook, leaf, form)
    return field.title if field else _of_list(rulebook, leaf)


def _history(rulebook: Rulebook, name: str) -> History | None:
    if not name.startswith("history."):
        return None
    found = (flow.history.get(name.removeprefix("history.")) for flow in rulebook.flows.values())
    return next(filter(None, found), None)


def _column(rulebook: Rulebook, name: str, form: str) -> str:
    """Return the words for a column of rows, such as 家庭成员的月收入; "" for any other fact."""
    root, _, leaf = name.partition(".")
    field = field_of(rulebook, root, form) if leaf else None
    column = field.row.fields.get(leaf) if field and field.row else None
    return f"{field.title}的“{column.title}”" if field and column else ""


def field_of(rulebook: Rulebook, name: str, form: str = "") -> Field | None:
    """Return the field of this name: the given form's own, else of a form that opens a flow, else of any.

    `form` may be the rows of one, as `application.members`: then it is a column of them.
    """
    of, _, rows = form.partition(".")
    if rows and (row := rulebook.forms[of].fields[rows].row) and name in row.fields:
        return row.fields[name]
    opening = [each for flow in rulebook.flows.values() for each in flow.opens_on]
    for each in (form, *opening, *rulebook.forms):
        if each in rulebook.forms and name in rulebook.forms[each].fields:
            return rulebook.forms[each].fields[name]
    return None


def _of_list(rulebook: Rulebook, name: str) -> str:
    fields = (field for form in rulebook.forms.values() for field in form.fields.values() if field.list == name)
    found = next(fields, None)
    return found.title if found else UNKNOWN


def _computed(rulebook: Rulebook, name: str) -> str:
    for form in rulebook.forms.values():
        for computed in form.computed:
            if computed.name == name:
                return f"（{_expression(rulebook, computed.expression)}）"
    return UNKNOWN


def _expression(rulebook: Rulebook, expression: Expression) -> str:
    if isinstance(expression, Number):
        return f"{expression.value:g}"
    if isinstance(expression, Fact):
        return _plain_fact(rulebook, expression.path)
    if isinstance(expression, Negate):
        return f"－{_expression(rulebook, expression.operand)}"
    if isinstance(expression, Operation):
        binds = _BINDS[expression.operator]
        left = _operand(rulebook, expression.left, binds)
        return f"{left}{_SIGNS[expression.operator]}{_operand(rulebook, expression.right, binds + 1)}"
    return _call(rulebook, expression)


def _operand(rulebook: Rulebook, expression: Expression, binds: int) -> str:
    text = _expression(rulebook, expression)
    loose = isinstance(expression, Operation) and _BINDS[expression.operator] < binds
    return f"（{text}）" if loose else text


def _plain_fact(rulebook: Rulebook, path: str) -> str:
    is_computed = any(found.name == path for form in rulebook.forms.values() for found in form.computed)
    return _computed(rulebook, path) if is_computed else fact_words(rulebook, path)


def _call(rulebook: Rulebook, call: Call) -> str:
    if call.function == "age":
        return "周岁年龄"
    arguments = "、".join(_expression(rulebook, each) for each in call.arguments)
    return f"{arguments}的{_FUNCTIONS.get(call.function, '结果')}"


def value_words(rulebook: Rulebook, path: str, value: Any, form: str = "") -> str:
    """Return a value as people call it: an entry's label, a flow's, a unit's; a number or date plainly."""
    if isinstance(value, FactRef):
        return _ref_words(rulebook, value, form)
    if isinstance(value, bool):
        return "是" if value else "否"
    if history := _history(rulebook, path):
        return f"{value:g}{UNITS[history.unit]}"
    if isinstance(value, (int, float)):
        return f"{value:,g}" if abs(value) < 1e6 else f"{value:,.0f}"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    return next(_labels(rulebook, path.removeprefix("answers."), str(value), form), str(value))


def _ref_words(rulebook: Rulebook, ref: FactRef, form: str) -> str:
    day = f"“{fact_words(rulebook, ref.on, form)}”当日的" if ref.on else ""
    times = "" if ref.times == 1 else f"的{ref.times:g}倍"
    return f"{day}{fact_words(rulebook, ref.path, form)}{times}"


def _labels(rulebook: Rulebook, path: str, value: str, form: str) -> Iterator[str]:
    last = path.rpartition(".")[2]
    field = field_of(rulebook, last, form)
    for list_id in (field.list if field else "", last):
        if list_id in rulebook.lists and value in rulebook.lists[list_id].entries:
            yield choice_words(rulebook.lists[list_id], value)
    if last == "state":
        yield from (flow.states[value].label for flow in rulebook.flows.values() if value in flow.states)
    if last == "outcome":
        yield from _outcomes(rulebook, value)
    yield from _labels_anywhere(rulebook, value)


def _labels_anywhere(rulebook: Rulebook, value: str) -> Iterator[str]:
    holders: dict[str, Any] = {**rulebook.programmes, **rulebook.notices, **rulebook.flows, **rulebook.duties}
    if value in holders:
        yield holders[value].label
    if value in rulebook.forms:
        yield rulebook.forms[value].title
    if value in rulebook.units:
        yield unit_words(rulebook, value)
    yield from (choice_words(entries, value) for entries in rulebook.lists.values() if value in entries.entries)
    yield from (words[value] for words in (SUBJECTS, STANDINGS) if value in words)


def _outcomes(rulebook: Rulebook, value: str) -> Iterator[str]:
    states = (state for flow in rulebook.flows.values() for state in flow.states.values())
    yield from (state.outcomes[value].label for state in states if value in state.outcomes)


def _test(rulebook: Rulebook, test: Test, form: str) -> str:
    name = fact_words(rulebook, test.path, form)
    if test.operator is Operator.KNOWN:
        return _is_known(test, name)
    if isinstance(test.value, bool):
        return _is_so(test, name)
    values = test.value if isinstance(test.value, tuple) else (test.value,)
    said = _is_none if test.operator is Operator.NONE and _is_single(rulebook, test, form) else _SAID[test.operator]
    return said(name, [_said(rulebook, test, value, form) for value in values])


def _is_single(rulebook: Rulebook, test: Test, form: str) -> bool:
    field = field_of(rulebook, test.path.removeprefix("answers."), form)
    return field is not None and field.kind == "choice"


def _is_none(name: str, values: list[str]) -> str:
    return f"{name}不是{'、'.join(values)}"


def _is_known(test: Test, name: str) -> str:
    if engine_fact(test.path):
        return f"{'已有' if test.value else '尚无'}{name}"
    return f"{name}{'已经查明' if test.value else '尚未查明'}"


def _is_so(test: Test, name: str) -> str:
    so = test.value if test.operator is Operator.IS else not test.value
    if engine_fact(test.path):
        return name if so else f"未{name}"
    return f"“{name}”{'为是' if so else '为否'}"


def _said(rulebook: Rulebook, test: Test, value: Any, form: str) -> str:
    words = value_words(rulebook, test.path, value, form)
    return f"“{words}”" if isinstance(value, str) else words


_SAID: dict[Operator, Callable[[str, list[str]], str]] = {
    Operator.IS: lambda name, values: f"{name}为{''.join(values)}",
    Operator.IS_NOT: lambda name, values: f"{name}不是{''.join(values)}",
    Operator.ANY: lambda name, values: f"{name}含{'或'.join(values)}",
    Operator.ALL: lambda name, values: f"{name}同时含{'和'.join(values)}",
    Operator.NONE: lambda name, values: f"{name}不含{'、'.join(values)}",
    Operator.IN: lambda name, values: f"{name}为{'或'.join(values)}",
    Operator.AT_LEAST: lambda name, values: f"{name}不低于{values[0]}",
    Operator.AT_MOST: lambda name, values: f"{name}不高于{values[0]}",
    Operator.ABOVE: lambda name, values: f"{name}高于{values[0]}",
    Operator.BELOW: lambda name, values: f"{name}低于{values[0]}",
    Operator.BEFORE: lambda name, values: f"{name}早于{values[0]}",
    Operator.AFTER: lambda name, values: f"{name}晚于{values[0]}",
}
