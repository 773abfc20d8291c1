"""Flows in sentences: how a case begins, each state with its unit, form, deadline and papers, each outcome."""

from collections.abc import Iterator

from xunfang.rulebook.basis import NO_BASIS
from xunfang.rulebook.history import UNITS, History
from xunfang.rulebook.model import Flow, Outcome, Rulebook, State
from xunfang.rules.describe.conditions import condition_words, fact_words
from xunfang.rules.describe.lines import Line, line
from xunfang.rules.describe.words import join_words, unit_words, units_words

_RESET_ACTS = {"return": "退回", "transfer": "转办"}


def lines(rulebook: Rulebook) -> Iterator[Line]:
    """Yield every flow, then its states in order, each followed by its outcomes."""
    for flow in rulebook.flows.values():
        yield line(rulebook, flow.id, _flow(rulebook, flow), NO_BASIS)
        for history in flow.history.values():
            yield line(rulebook, f"{flow.id}.{history.id}", _history(rulebook, flow, history), NO_BASIS)
        for state in flow.states.values():
            yield line(rulebook, f"{flow.id}.{state.id}", _state(rulebook, flow, state), state.basis)
            for outcome in state.outcomes.values():
                text = _outcome(rulebook, flow, state, outcome)
                yield line(rulebook, f"{flow.id}.{state.id}.{outcome.id}", text, outcome.basis)


def _flow(rulebook: Rulebook, flow: Flow) -> str:
    titles = [f"《{rulebook.forms[form].title}》" for form in flow.opens_on if form in rulebook.forms]
    start = flow.states[flow.start].label
    begins = f"填报{'、'.join(titles)}即立案，" if titles else "由其他流程启动，"
    text = f"“{flow.label}”：{begins}从“{start}”开始"
    if flow.merge_within:
        text += f"；立案{flow.merge_within.text}内又收到同一人线索的，并入在办个案"
    deadline = rulebook.deadlines.get(flow.case_deadline)
    text += f"；全程按“{deadline.label}”时限办理" if deadline else ""
    return text


def _history(rulebook: Rulebook, flow: Flow, history: History) -> str:
    if history.held is not None:
        so, unit = condition_words(rulebook, history.held), UNITS[history.unit]
        return f"{flow.label}中“{history.label}”按{so}一直持续的时间计算，满几{unit}算几{unit}"
    named = "、".join(
        f"“{flow.states[state].label}”环节的“{flow.states[state].outcomes[outcome].label}”"
        for state, outcome in history.outcomes
    )
    within = f"最近{history.days}天内" if history.days else ""
    row = "连续" if history.in_a_row else ""
    return f"{flow.label}中“{history.label}”按{within}{row}出现{named}的次数计算"


def _state(rulebook: Rulebook, flow: Flow, state: State) -> str:
    parts = [f"{flow.label}的“{state.label}”环节"]
    if state.ends:
        parts[0] += "为流程终点"
        return "，".join([*parts, *_checklist(rulebook, state)])
    parts += _who(rulebook, state)
    parts += _with(rulebook, state)
    parts += _waiting(rulebook, state)
    return "，".join(parts)


def _who(rulebook: Rulebook, state: State) -> Iterator[str]:
    if state.unit:
        yield f"由{unit_words(rulebook, state.unit)}{_post(rulebook, state)}办理"
    if state.routes_by:
        yield f"按“{rulebook.routing[state.routes_by].label}”提出拟办意见"
    if state.per_route:
        yield f"每个主办单位{_post(rulebook, state)}一项任务，协办单位随同办理，{join_words(state.join)}"
    if state.undecided:
        labels = "、".join(f"“{state.outcomes[id].label}”" for id in state.undecided)
        yield f"结果为{labels}的不算作出决定，全部主办单位都没有作出决定时才以此转入下一环节"
    if state.meeting in rulebook.meetings:
        yield f"提交{rulebook.meetings[state.meeting].label}研究"


def _post(rulebook: Rulebook, state: State) -> str:
    return f"的{rulebook.roles[state.role].label}" if state.role in rulebook.roles else ""


def _with(rulebook: Rulebook, state: State) -> Iterator[str]:
    if state.deadline in rulebook.deadlines:
        yield f"执行“{rulebook.deadlines[state.deadline].label}”时限"
    if state.form in rulebook.forms:
        yield f"填写《{rulebook.forms[state.form].title}》"
    if state.prints:
        yield f"印发{_notices(rulebook, state.prints)}"
    if state.returns is not None:
        yield f"主办单位最多退回{state.returns}次，此后以分派单位的裁定为准" if state.returns else "主办单位不能退回"
    resets = [_RESET_ACTS[act] for act, clock in state.resets_on.items() if clock == "task"]
    if resets:
        yield f"{'、'.join(resets)}后重新计时"


def _waiting(rulebook: Rulebook, state: State) -> Iterator[str]:
    if state.waits:
        yield f"{'公示' if state.publishes else '等待'}{state.waits.text}"
    if state.on_breach in state.outcomes:
        yield f"到期仍未办的，视为“{state.outcomes[state.on_breach].label}”"
    if not state.counts:
        yield "所需时间不计入全案时限"
    if state.interrupted_by:
        yield "其间有异议的中止"


def _checklist(rulebook: Rulebook, state: State) -> Iterator[str]:
    names = [_document(rulebook, id) for id in state.checklist]
    if names:
        yield f"归档材料为{'、'.join(names)}"


def _document(rulebook: Rulebook, id: str) -> str:
    if id in rulebook.notices:
        return rulebook.notices[id].label
    return f"《{rulebook.forms[id].title}》" if id in rulebook.forms else "有关材料"


def _notices(rulebook: Rulebook, kinds: tuple[str, ...]) -> str:
    return "、".join(rulebook.notices[kind].label for kind in kinds)


_DECIDED = {
    "grants": "按所填救助事项登记保障",
    "refuses": "登记为未予批准",
    "suspends": "登记为中止",
    "stops": "登记为退出",
}


def _outcome(rulebook: Rulebook, flow: Flow, state: State, outcome: Outcome) -> str:
    when = condition_words(rulebook, outcome.when, state.form)
    text = f"“{state.label}”的结果“{outcome.label}”：{f'须{when}，' if when else ''}"
    required = "、".join(f"“{fact_words(rulebook, name, state.form)}”" for name in outcome.requires)
    text += f"须填{required}，" if required else ""
    text += "".join(f"{_DECIDED[key]}，" for key in outcome.programmes)
    text += f"印发{_notices(rulebook, outcome.prints)}，" if outcome.prints else ""
    started = "、".join(f"“{rulebook.flows[id].label}”" for id in outcome.starts)
    text += f"同时启动{started}流程，" if started else ""
    text += f"抄送{units_words(rulebook, outcome.informs)}，" if outcome.informs else ""
    text += "异议成立，有关公示不能记为无异议，" if outcome.upholds else ""
    if outcome.to == state.id:
        return f"{text}本环节继续办理"
    return f"{text}转入“{flow.states[outcome.to].label}”"
