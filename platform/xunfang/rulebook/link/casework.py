"""Names in routing tables, deadlines and flows."""

from xunfang.rulebook.acts import ANCHORS
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.link.facts import check_condition
from xunfang.rulebook.model import Deadline, Flow, Outcome, RoutingTable, Row, State
from xunfang.rulebook.positions import Path


def link(draft: Draft) -> None:
    """Check the names of everything that moves a case."""
    for table in draft.routing.values():
        _link_table(draft, table)
    for deadline in draft.deadlines.values():
        _link_deadline(draft, deadline)
    for flow in draft.flows.values():
        _link_flow(draft, flow)


def _link_table(draft: Draft, table: RoutingTable) -> None:
    if table.confirm != "nobody":
        draft.check_name("routing", (table.id, "confirm"), table.confirm, "roles")
    check_condition(draft, "routing", (table.id, "confirm_unless"), table.confirm_unless)
    seen: set[str] = set()
    for index, row in enumerate(table.rows):
        path = (table.id, "rows", index)
        if row.id in seen:
            draft.error("routing", (*path, "id"), "ID_TWICE", f"行编号“{row.id}”用了两次", "每行的 id 须各不相同")
        seen.add(row.id)
        check_condition(draft, "routing", (*path, "when"), row.when)
        _link_row(draft, row, path)
    if table.otherwise:
        _link_row(draft, table.otherwise, (table.id, "otherwise"))
    else:
        hint = '补上 otherwise.lead = "<单位编号>" 和 otherwise.cites'
        draft.error("routing", (table.id,), "OTHERWISE_MISSING", "没有任何一行符合时无人承办", hint)


def _link_row(draft: Draft, row: Row, path: Path) -> None:
    if row.lead:
        draft.check_name("routing", (*path, "lead"), row.lead.unit, "units")
    for ref in row.assist:
        draft.check_name("routing", (*path, "assist"), ref.unit, "units")
    draft.check_name("routing", (*path, "meeting"), row.meeting, "meetings")
    draft.check_basis("routing", path, row.basis)


def _link_deadline(draft: Draft, deadline: Deadline) -> None:
    path = (deadline.id,)
    _check_anchor(draft, (*path, "from"), deadline.from_)
    if deadline.until:
        _check_anchor(draft, (*path, "until"), deadline.until)
    for index, case in enumerate(deadline.limits):
        check_condition(draft, "deadlines", (*path, "limits", index, "when"), case.when)
        _check_soft(draft, path, case.text)
    for index, escalation in enumerate(deadline.escalate):
        where = (*path, "escalate", index)
        draft.check_name("deadlines", (*where, "to"), escalation.to, "units")
        draft.check_name("deadlines", (*where, "notice"), escalation.notice, "notices")
        draft.check_basis("deadlines", where, escalation.basis)
    draft.check_basis("deadlines", path, deadline.basis)


def _check_soft(draft: Draft, path: Path, text: str) -> None:
    if text.startswith("soft:") and text[5:] not in draft.info.soft:
        hint = did_you_mean(text[5:], draft.info.soft) or "请在 jurisdiction.toml 的 [soft] 中写明"
        draft.error("deadlines", path, "SOFT_WORD_UNKNOWN", f"没有给软性期限“{text[5:]}”定下数字", hint)
    if text == "local" and draft.info.serves:
        hint = '请在本级 deadlines.toml 中写明，如 limit = "3 workdays"'
        draft.error("deadlines", path, "LOCAL_NUMBER_MISSING", "上级文件要求本地确定期限，本级尚未确定", hint)


def _check_anchor(draft: Draft, path: Path, anchor: str) -> None:
    field = anchor.removeprefix("answers.")
    moments = {name for form in draft.forms.values() for name, f in form.fields.items() if f.kind in {"moment", "date"}}
    known = field in moments if anchor.startswith("answers.") else anchor in ANCHORS
    if not known:
        hint = did_you_mean(anchor, set(ANCHORS) | {f"answers.{name}" for name in moments})
        draft.error("deadlines", path, "ANCHOR_UNKNOWN", f"看不懂的起止点“{anchor}”", hint)


def _link_flow(draft: Draft, flow: Flow) -> None:
    part = f"flow:{flow.id}"
    for form in flow.opens_on:
        draft.check_name(part, ("opens_on",), form, "forms")
    draft.check_name(part, ("case_deadline",), flow.case_deadline, "deadlines")
    if flow.start not in flow.states:
        hint = did_you_mean(flow.start, flow.states)
        draft.error(part, ("start",), "NAME_UNKNOWN", f"没有名为“{flow.start}”的环节", hint)
    for state in flow.states.values():
        _link_state(draft, flow, state)


def _link_state(draft: Draft, flow: Flow, state: State) -> None:
    part, path = f"flow:{flow.id}", ("states", state.id)
    draft.check_name(part, (*path, "unit"), state.unit, "units")
    draft.check_name(part, (*path, "routes_by"), state.routes_by, "routing")
    draft.check_name(part, (*path, "form"), state.form, "forms")
    draft.check_name(part, (*path, "deadline"), state.deadline, "deadlines")
    draft.check_name(part, (*path, "meeting"), state.meeting, "meetings")
    for notice in state.prints:
        draft.check_name(part, (*path, "prints"), notice, "notices")
    for paper in state.checklist:
        if paper not in draft.known("notices") | draft.known("forms"):
            hint = did_you_mean(paper, draft.known("notices") | draft.known("forms"))
            draft.error(part, (*path, "checklist"), "NAME_UNKNOWN", f"没有名为“{paper}”的文书或表单", hint)
    for outcome in state.outcomes.values():
        _link_outcome(draft, flow, state, outcome)


def _link_outcome(draft: Draft, flow: Flow, state: State, outcome: Outcome) -> None:
    part, path = f"flow:{flow.id}", ("states", state.id, "outcomes", outcome.id)
    form = draft.forms.get(state.form)
    if outcome.to not in flow.states:
        hint = did_you_mean(outcome.to, flow.states)
        draft.error(part, (*path, "to"), "NAME_UNKNOWN", f"没有名为“{outcome.to}”的环节", hint)
    check_condition(draft, part, (*path, "when"), outcome.when, form)
    fields = form.fields if form else {}
    for name in outcome.requires:
        if name not in fields:
            message = f"办理结果要求填写“{name}”，但该环节的表单没有这个字段"
            draft.error(part, (*path, "requires"), "NAME_UNKNOWN", message, did_you_mean(name, fields))
    if outcome.grants.startswith("$"):
        name = outcome.grants.removeprefix("$answers.")
        if name not in fields:
            message = f"“{outcome.grants}”不是该环节表单的字段"
            draft.error(part, (*path, "grants"), "NAME_UNKNOWN", message, did_you_mean(name, fields))
    else:
        draft.check_name(part, (*path, "grants"), outcome.grants, "programmes")
    for notice in outcome.prints:
        draft.check_name(part, (*path, "prints"), notice, "notices")
    for started in outcome.starts:
        draft.check_name(part, (*path, "starts"), started, "flows")
    for clause in outcome.basis.cites:
        draft.check_clause(part, (*path, "cites"), clause)
