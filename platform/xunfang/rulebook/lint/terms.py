"""Deadlines, forms and papers of states and routing rows, held against the tasks that go by them."""

from collections.abc import Iterator, Mapping

from xunfang.rulebook.conditions import facts_of
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.lint.points import filled_by
from xunfang.rulebook.model import Deadline, Flow, Outcome, Row, State
from xunfang.rulebook.positions import Path

_RUNS_FROM = frozenset({"task.opened", "state.entered"})
_CASE_RUNS_FROM = frozenset({"case.opened", "clue.submitted", "clue.entered"})


def lint(draft: Draft) -> None:
    """Note deadlines that are none of a task or a case, forms that some outcome cannot be told in, what is unused."""
    for flow in draft.rules.flows.values():
        _runs_otherwise(draft, flow)
    for deadline in draft.rules.deadlines.values():
        _judged_by_nothing(draft, deadline)
    for table in draft.rules.routing.values():
        states = list(_states_behind(draft, table.id))
        for index, row in enumerate(table.every_row):
            path: Path = (table.id, "rows", index) if index < len(table.rows) else (table.id, "otherwise")
            _terms_unused(draft, row, path, states)
            _deadline_unfit(draft, row, path)
            for state in states:
                _form_lacks(draft, row, path, state)


def _runs_otherwise(draft: Draft, flow: Flow) -> None:
    """Note deadlines that name another beginning than the clock has that goes by them."""
    part = f"flow:{flow.id}"
    whole = draft.rules.deadlines.get(flow.case_deadline)
    if whole and whole.from_ not in _CASE_RUNS_FROM and not whole.answer:
        message = f"时限“{whole.label}”自 {whole.from_} 起算，不是全案的时限：全案从立案起计"
        draft.error(
            part, ("case_deadline",), "DEADLINE_UNFIT", message, 'case_deadline 请写 from = "case.opened" 的时限'
        )
    for state in flow.states.values():
        deadline, path = draft.rules.deadlines.get(state.deadline), ("states", state.id, "deadline")
        if deadline and deadline.from_ not in _RUNS_FROM and not deadline.answer:
            message = f"时限“{deadline.label}”自 {deadline.from_} 起算，不是任务的时限：任务从下达起计"
            draft.error(part, path, "DEADLINE_UNFIT", message, 'deadline 请写 from = "task.opened" 的时限')
        elif deadline and deadline.answer and not _told_before(draft, flow, state, deadline.answer):
            message = f"时限“{deadline.label}”自填报的“{deadline.answer}”起算，而这一环节下达时还没有填过这一项"
            hint = "没有填过的，从下达起计；请改写 from，或者让前面的表单先填这一项"
            draft.findings.warning(draft.parts[part], path, "ANCHOR_NOT_THERE", message, hint)


def _judged_by_nothing(draft: Draft, deadline: Deadline) -> None:
    """Note a deadline until a report arrives that runs from an answer which no report gives."""
    openings = {name for flow in draft.rules.flows.values() for name in flow.opens_on}
    forms = [draft.rules.forms[name] for name in openings if name in draft.rules.forms]
    if deadline.until and deadline.answer and forms and not any(deadline.answer in form.fields for form in forms):
        message = (
            f"时限“{deadline.label}”自填报的“{deadline.answer}”起算，而没有一张受理的表单有这一项，永远判定不了是否及时"
        )
        path = (deadline.id, "from")
        draft.findings.warning(
            draft.parts["deadlines"], path, "ANCHOR_NOT_THERE", message, "请改 from，用受理表单上的一项"
        )


def _told_before(draft: Draft, flow: Flow, state: State, answer: str) -> bool:
    own = {state.form} - {other.form for other in flow.states.values() if other.id != state.id}
    return any(answer in form.fields for form in filled_by(draft, flow) if form.id not in own)


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
    """Yield the fields that an outcome reads: required ones, those of its condition, the programmes that it names."""
    yield from outcome.requires
    if outcome.when:
        yield from (fact.removeprefix("answers.") for fact in facts_of(outcome.when) if _is_answer(fact))
    for named in outcome.programmes.values():
        if named.startswith("$answers."):
            yield named.removeprefix("$answers.")


def _is_answer(fact: str) -> bool:
    return "." not in fact or fact.startswith("answers.")
