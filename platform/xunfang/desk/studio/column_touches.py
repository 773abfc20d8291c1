"""What a column of a field that is answered row by row touches: once it has to be filled in, and once it is gone."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xunfang.desk.studio.faces import Drafted
from xunfang.desk.studio.form_touches import Touch, people_of, templates_of
from xunfang.desk.studio.list_uses import conditions
from xunfang.rulebook.conditions import facts_of
from xunfang.rulebook.expressions import facts_in
from xunfang.rulebook.model import Field, IntakeForm, Rulebook
from xunfang.rules.equations import equation_words, words

_ROOTS = ("clue", "task", "visit", "duty")


@dataclass(frozen=True, slots=True)
class TouchedRows:
    """A field of a form that is answered row by row, by the rules of a draft."""

    draft: Drafted
    rules: Rulebook
    form: IntakeForm
    field: Field


def touched_by_need(rows: TouchedRows, column: str = "") -> Sequence[Touch]:
    """Return what would have to change with a column that becomes required, "" for one that is about to be added."""
    leaves = [each.label for each in rows.rules.scenarios if any(_leaves(rows, step, column) for step in each.steps)]
    people = [
        name
        for name, answers in people_of(rows.draft, rows.form.id)
        if any(column not in row for row in _rows(rows, answers))
    ]
    found = (
        Touch("情景", "填了这张表、有一行没有填它的，要跟着改，不然不再相符：", leaves),
        Touch("演示", "演示数据里有一行没有填它的人（演示数据由服务器上的文件夹维护）：", people),
    )
    return [each for each in found if each.names]


def touched_by_removal(rows: TouchedRows, column: str) -> Sequence[Touch]:
    """Return what uses a column, and so has to change when it is gone."""
    told = [each.label for each in rows.rules.scenarios if any(_tells(rows, step, column) for step in each.steps)]
    people = [name for name, answers in people_of(rows.draft, rows.form.id) if _is_told(rows, answers, column)]
    found = (
        Touch("同一行", "这几列看它决定问不问、必填不必填、怎样核对，要跟着改：", list(_beside(rows, column))),
        Touch("算式", "用它来算、来核对的，要跟着改：", list(_sums(rows, column))),
        Touch("规则", "按它分派、定期限、办理的，要跟着改：", list(_rules(rows, column))),
        Touch("文书", "印着它的，要跟着改：", list(_papers(rows, column))),
        Touch("情景", "填了它的，要跟着改，不然不再相符：", told),
        Touch("台账", f"登记“{rows.field.title}”的，不再写它：", list(_ledgers(rows))),
        Touch("演示", "演示数据里填了它的人（演示数据由服务器上的文件夹维护）：", people),
    )
    return [each for each in found if each.names]


def _rows(rows: TouchedRows, answers: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the rows that are told of the field among answers."""
    told = answers.get(rows.field.name, ())
    return [row for row in told if isinstance(row, Mapping)] if isinstance(told, Sequence) else []


def _is_told(rows: TouchedRows, answers: Mapping[str, Any], column: str) -> bool:
    return any(column in row for row in _rows(rows, answers))


def _leaves(rows: TouchedRows, step: Mapping[str, Any], column: str) -> bool:
    """Return whether a step of a scenario hands in a row without the column, and does not expect a refusal of it."""
    refused = [str(each).rpartition(".")[2] for each in step.get("expect", {}).get("problems", ())]
    without = any(column not in row for row in _rows(rows, step.get("answers", {})))
    return without and step.get("submit", rows.form.id) == rows.form.id and column not in refused


def _tells(rows: TouchedRows, step: Mapping[str, Any], column: str) -> bool:
    return step.get("submit", rows.form.id) == rows.form.id and _is_told(rows, step.get("answers", {}), column)


def _beside(rows: TouchedRows, column: str) -> Iterator[str]:
    for each in rows.field.row.fields.values() if rows.field.row else ():
        asked = {fact for found in (each.when, each.required_when) if found for fact in facts_of(found)}
        if each.name != column and column in {*asked, each.paper, each.not_before, each.not_after}:
            yield each.title


def _sums(rows: TouchedRows, column: str) -> Iterator[str]:
    form, fact = rows.form, f"{rows.field.name}.{column}"
    for computed in form.computed:
        if fact in facts_in(computed.expression):
            yield form.titles.get(computed.name) or words(form, computed.expression)
    for equation in form.equations:
        if fact in (*facts_in(equation.left), *facts_in(equation.right)):
            yield equation_words(form, equation)


def _rules(rows: TouchedRows, column: str) -> Iterator[str]:
    fact = f"{rows.field.name}.{column}"
    named = (
        f"{kind}：{name}"
        for kind, name, condition in conditions(rows.rules)
        if any(each == fact or each.endswith(f".{fact}") for each in facts_of(condition))
    )
    yield from dict.fromkeys(named)


def _papers(rows: TouchedRows, column: str) -> Iterator[str]:
    """Yield the papers that go through the rows and print the column of each."""
    going = re.compile(rf"for\s+(\w+)\s+in\s+(?:[\w.]*\.)?{re.escape(rows.field.name)}\b")
    for notice in rows.rules.notices.values():
        texts = templates_of(rows.rules, notice)
        if any(re.search(rf"\b{row}\.{re.escape(column)}\b", text) for text in texts for row in going.findall(text)):
            yield notice.label


def _ledgers(rows: TouchedRows) -> Iterator[str]:
    shown = {f"{root}.{rows.field.name}" for root in _ROOTS}
    yield from (each.label for each in rows.rules.ledgers.values() if shown & {one.path for one in each.columns})
