"""How often a unit may give a case back 退回, where its state says so: after that whoever dispatches it has ruled."""

from xunfang.casework.actor import Actor
from xunfang.casework.rows import Task
from xunfang.rulebook.model import Rulebook
from xunfang.rules.describe.lines import basis_text


def why_no_more_returns(rulebook: Rulebook, actor: Actor, task: Task) -> str:
    """Return why a unit may not give a case back once more by the rule of its state, or ""."""
    flow = rulebook.flows.get(task.flow)
    state = flow.states.get(task.state) if flow else None
    if state is None or state.returns is None or task.returned < state.returns:
        return ""
    basis = basis_text(rulebook, state.basis)
    if not state.returns:
        return f"“{state.label}”的任务按规定不能退回{basis}；不归本单位办理的，请写明理由后转办。"
    return f"本单位已退回{task.returned}次，按规定以分派单位的裁定为准，不能再退回{basis}。"
