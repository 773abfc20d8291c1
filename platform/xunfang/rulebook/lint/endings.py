"""Flows that go on for ever, start themselves, or give their cases no proper number."""

from collections.abc import Iterable, Mapping

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.model import Flow


def lint(draft: Draft) -> None:
    """Note states from which no end can be reached, flows started in a circle, and numbers that repeat or lack."""
    for flow in draft.rules.flows.values():
        _no_way_to_an_end(draft, flow)
        _starts_itself(draft, flow)
        _number(draft, f"flow:{flow.id}", ("number",), flow.number, whose="个案")
        if not flow.number and draft.rules.info.serves:
            message = f"流程没有编号（number），个案会显示成“{flow.id}-…”这样的代号"
            part, hint = draft.parts[f"flow:{flow.id}"], '如 number = "×救〔{year}〕{n}号"'
            draft.findings.warning(part, (), "NUMBER_MISSING", message, hint)
    for kind in draft.rules.notices.values():
        _number(draft, "notices", (kind.id, "number"), kind.number, whose="文书")


def _no_way_to_an_end(draft: Draft, flow: Flow) -> None:
    leads = {state.id: [outcome.to for outcome in state.outcomes.values()] for state in flow.states.values()}
    if not any(state.ends for state in flow.states.values()) or any(
        not state.ends and not state.outcomes for state in flow.states.values()
    ):
        return  # noted already
    reached = _reaching(leads, [flow.start], forward=True)
    ending = _reaching(leads, [state.id for state in flow.states.values() if state.ends], forward=False)
    lost = [
        state for state in flow.states.values() if state.id in reached and state.id not in ending and state.outcomes
    ]
    if lost:
        names = "、".join(f"“{state.label}”" for state in lost)
        hint = "请让其中一个环节的某种办理结果走到写有 ends = true 的环节"
        message = f"个案走到{names}以后，永远到不了终点"
        draft.error(f"flow:{flow.id}", ("states", lost[0].id), "STATE_NO_END", message, hint)


def _reaching(leads: Mapping[str, Iterable[str]], start: Iterable[str], *, forward: bool) -> set[str]:
    """Return the states that can be reached from some, or from which these can be reached."""
    edges: dict[str, set[str]] = {}
    for source, targets in leads.items():
        for target in targets:
            first, second = (source, target) if forward else (target, source)
            edges.setdefault(first, set()).add(second)
    seen, waiting = set(start), [*start]
    while waiting:
        new = edges.get(waiting.pop(), set()) - seen
        seen |= new
        waiting += new
    return seen


def _number(draft: Draft, part: str, path: tuple[str, ...], pattern: str, whose: str) -> None:
    if pattern and "{year}" not in pattern:
        message = f"{whose}编号“{pattern}”里没有年份，明年还是接着编，与文号规定不符"
        draft.findings.warning(draft.parts[part], path, "NUMBER_WITHOUT_YEAR", message, "写作 〔{year}〕{n}号")


def _starts_itself(draft: Draft, flow: Flow) -> None:
    """Note a flow that starts itself: each case would bring another. A circle through others is somebody's decision."""
    for state in flow.states.values():
        for outcome in state.outcomes.values():
            if flow.id in outcome.starts:
                message = f"流程“{flow.label}”会另起它自己，没有尽头"
                path = ("states", state.id, "outcomes", outcome.id, "starts")
                draft.error(f"flow:{flow.id}", path, "FLOW_STARTS_ITSELF", message, "请从 starts 中去掉它")
