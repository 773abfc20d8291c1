"""Omissions: states where nothing done is deemed an outcome, held against what that outcome asks for."""

from collections.abc import Iterator

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.model import Flow, Outcome, State


def lint(draft: Draft) -> None:
    """Note each outcome that cannot come about by itself, and each that never would."""
    for flow in draft.rules.flows.values():
        for state in flow.states.values():
            deemed = state.outcomes.get(state.on_breach)
            why = next(_wrong(draft, flow, state, deemed), None) if deemed else None
            if why:
                code, message, hint = why
                draft.error(f"flow:{flow.id}", ("states", state.id, "on_breach"), code, message, hint)


def _wrong(draft: Draft, flow: Flow, state: State, deemed: Outcome) -> Iterator[tuple[str, str, str]]:
    if state.waits:
        message = "这个环节等待期满就自动转入下一环节，on_breach 不起作用"
        yield "ON_BREACH_NEVER", message, "请删去 on_breach 或 waits：期满照第一个结果办的写 waits"
    if state.routes_by:
        yield "ON_BREACH_NEVER", "拟办意见须由人批示，到期不会自行分派", "请删去 on_breach"
    elif not _has_deadline(draft, flow, state):
        yield "ON_BREACH_NEVER", "这个环节没有任务的时限，永远不会到期", '补上 deadline = "<时限编号>"'
    if deemed.to == state.id:
        yield "ON_BREACH_STAYS", f"“{deemed.label}”只作记录，到期以后任务仍不办结", "请换一个转入其他环节的结果"
    if deemed.requires or deemed.programmes:
        message = f"“{deemed.label}”要填写内容或者登记保障，到期时没有人填"
        yield "ON_BREACH_ASKS", message, "请另写一个不用填写的结果，如 deemed-agreed，不写 requires 和 grants"
    if deemed.prints and state.form:
        message = f"“{deemed.label}”印发的文书要用表里填的内容，到期时没有人填"
        yield "ON_BREACH_ASKS", message, "请把 prints 写在所转入的环节里"


def _has_deadline(draft: Draft, flow: Flow, state: State) -> bool:
    tables = [draft.rules.routing[one.routes_by] for one in flow.states.values() if one.routes_by]
    return bool(state.deadline) or (
        state.per_route and any(row.deadline for table in tables for row in table.every_row)
    )
