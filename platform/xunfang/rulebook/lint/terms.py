"""What a routing row says of its lead's task, held against the states in which such tasks stand."""

from collections.abc import Iterator, Mapping

from xunfang.rulebook.conditions import facts_of
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.model import Outcome, Row, State
from xunfang.rulebook.positions import Path

_RUNS_FROM = frozenset({"task.opened", "state.entered"})


def lint(draft: Draft) -> None:
    """Note deadlines that are none of a task, forms that some outcome cannot be told in, and what no task uses."""
    for table in draft.rules.routing.values():
        states = list(_states_behind(draft, table.id))
        for index, row in enumerate(table.every_row):
            path: Path = (table.id, "rows", index) if index < len(table.rows) else (table.id, "otherwise")
            _terms_unused(draft, row, path, states)
            _deadline_unfit(draft, row, path)
            for state in states:
                _form_lacks(draft, row, path, state)


def _states_behind(draft: Draft, table: str) -> Iterator[State]:
    """Yield the states in which units work on what a table has sent out."""
    for flow in draft.rules.flows.values():
        for state in flow.states.values():
            to = next(iter(state.outcomes.values()), None) if state.routes_by == table else None
            if to and to.to in flow.states and flow.states[to.to].per_route:
                yield flow.states[to.to]


def _terms_unused(draft: Draft, row: Row, path: Path, states: list[State]) -> None:
    named: Mapping[str, object] = {"deadline": row.deadline, "prints": row.prints is not None, "form": row.form}
    key = next((key for key, value in named.items() if value), "")
    if key and not states:
        message = f"“{row.id}”写了 {key}，但按这张表分派以后没有 per_route = true 的环节，用不上"
        draft.error(
            "routing", (*path, key), "ROW_TERMS_UNUSED", message, "请写在分派后的环节里，或给该环节写 per_route = true"
        )


def _deadline_unfit(draft: Draft, row: Row, path: Path) -> None:
    deadline = draft.rules.deadlines.get(row.deadline)
    if deadline is None or deadline.from_ in _RUNS_FROM or deadline.from_.startswith("answers."):
        return
    message = f"时限“{deadline.label}”自 {deadline.from_} 起算，不是任务的时限"
    hint = 'deadline 请写 from = "task.opened" 的时限'
    draft.error("routing", (*path, "deadline"), "DEADLINE_UNFIT", message, hint)


def _form_lacks(draft: Draft, row: Row, path: Path, state: State) -> None:
    form = draft.rules.forms.get(row.form)
    for outcome in state.outcomes.values() if form else ():
        lacking = [name for name in _fields_of(outcome) if form and name not in form.fields]
        if form and lacking:
            names = "、".join(dict.fromkeys(lacking))
            message = f"《{form.title}》没有“{state.label}”的结果“{outcome.label}”要用的字段 {names}"
            hint = "请在表单中补上，或换一张表单"
            draft.error("routing", (*path, "form"), "ROW_FORM_LACKS", message, hint)
            return


def _fields_of(outcome: Outcome) -> Iterator[str]:
    """Yield the fields that an outcome reads: required ones, those of its condition, what it grants."""
    yield from outcome.requires
    if outcome.when:
        yield from (fact.removeprefix("answers.") for fact in facts_of(outcome.when) if _is_answer(fact))
    if outcome.grants.startswith("$answers."):
        yield outcome.grants.removeprefix("$answers.")


def _is_answer(fact: str) -> bool:
    return "." not in fact or fact.startswith("answers.")
