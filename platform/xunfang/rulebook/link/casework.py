"""Names in routing tables, deadlines and flows."""

from xunfang.rulebook.acts import ANCHORS, BOARDS, INTERRUPTIONS, SUPERIOR
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.link.facts import check_condition
from xunfang.rulebook.link.patterns import check_number, check_soft
from xunfang.rulebook.model import Deadline, Flow, IntakeForm, Outcome, RoutingTable, Row, State
from xunfang.rulebook.positions import Path
from xunfang.worktime import LimitKind, parse_limit


def link(draft: Draft) -> None:
    """Check the names of everything that moves a case."""
    for table in draft.routing.values():
        _link_table(draft, table)
    for deadline in draft.deadlines.values():
        _link_deadline(draft, deadline)
    opened: dict[str, str] = {}
    for flow in draft.flows.values():
        _link_flow(draft, flow)
        _check_opens_once(draft, flow, opened)


def _link_table(draft: Draft, table: RoutingTable) -> None:
    _check_confirm(draft, table)
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


def _check_confirm(draft: Draft, table: RoutingTable) -> None:
    path = (table.id, "confirm")
    if table.confirm != "nobody":
        draft.check_name("routing", path, table.confirm, "roles")
    role = draft.roles.get(table.confirm)
    if role and "confirm-dispatch" not in role.may:
        message = f"角色“{role.label}”没有批转权限（confirm-dispatch），拟办意见将无人批示"
        hint = "请换一个角色，或在 roles.toml 中给它 confirm-dispatch"
        draft.error("routing", path, "ROLE_MAY_NOT", message, hint)


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
        within = ("limits", index) if index < len(draft.entry("deadlines", deadline.id).get("limits", ())) else ()
        check_soft(draft, "deadlines", (*path, *within, "limit"), case.text)
        for clause in case.basis.cites if case.basis != deadline.basis else ():
            draft.check_clause("deadlines", (*path, *within, "cites"), clause)
    for index, escalation in enumerate(deadline.escalate):
        where = (*path, "escalate", index)
        if escalation.to != SUPERIOR:
            draft.check_name("deadlines", (*where, "to"), escalation.to, "units")
        draft.check_name("deadlines", (*where, "notice"), escalation.notice, "notices")
        draft.check_basis("deadlines", where, escalation.basis)
    draft.check_basis("deadlines", path, deadline.basis)


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
    check_number(draft, part, ("number",), flow.number)
    _check_days(draft, part, ("merge_within",), flow.merge_within)
    if flow.start not in flow.states:
        hint = did_you_mean(flow.start, flow.states)
        draft.error(part, ("start",), "NAME_UNKNOWN", f"没有名为“{flow.start}”的环节", hint)
    for state in flow.states.values():
        _link_state(draft, flow, state)


def _check_opens_once(draft: Draft, flow: Flow, opened: dict[str, str]) -> None:
    for form in flow.opens_on:
        if form in opened:
            message = f"表单“{form}”已由流程“{opened[form]}”受理，一张表单只能开启一个流程"
            draft.error(
                f"flow:{flow.id}", ("opens_on",), "FORM_OPENS_TWICE", message, "请从其中一个流程的 opens_on 中删去"
            )
        opened.setdefault(form, flow.label)


def _check_days(draft: Draft, part: str, path: Path, text: str) -> None:
    try:
        fine = not text or parse_limit(text).kind is LimitKind.DAYS
    except ValueError:
        fine = False
    if not fine:
        draft.error(part, path, "LIMIT_UNREADABLE", f"“{text}”无法识别，这里只能写天数", '如 "30 days"')


def _check_word(draft: Draft, part: str, path: Path, word: str, known: frozenset[str]) -> None:
    if word and word not in known:
        draft.error(part, path, "VALUE_UNKNOWN", f"不认识的取值“{word}”", did_you_mean(word, known))


def _link_state(draft: Draft, flow: Flow, state: State) -> None:
    part, path = f"flow:{flow.id}", ("states", state.id)
    draft.check_name(part, (*path, "unit"), state.unit, "units")
    draft.check_name(part, (*path, "routes_by"), state.routes_by, "routing")
    draft.check_name(part, (*path, "form"), state.form, "forms")
    draft.check_name(part, (*path, "deadline"), state.deadline, "deadlines")
    draft.check_name(part, (*path, "meeting"), state.meeting, "meetings")
    for notice in state.prints:
        draft.check_name(part, (*path, "prints"), notice, "notices")
    _check_days(draft, part, (*path, "waits"), state.waits)
    _check_word(draft, part, (*path, "publishes"), state.publishes, BOARDS)
    _check_word(draft, part, (*path, "interrupted_by"), state.interrupted_by, INTERRUPTIONS)
    for clause in state.basis.cites:
        draft.check_clause(part, (*path, "cites"), clause)
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
    if form or not state.form:  # a form that does not exist has been noted already
        _link_answers(draft, part, path, outcome, form)
    if not outcome.grants.startswith("$"):
        draft.check_name(part, (*path, "grants"), outcome.grants, "programmes")
    for notice in outcome.prints:
        draft.check_name(part, (*path, "prints"), notice, "notices")
    for started in outcome.starts:
        draft.check_name(part, (*path, "starts"), started, "flows")
    for clause in outcome.basis.cites:
        draft.check_clause(part, (*path, "cites"), clause)


def _link_answers(draft: Draft, part: str, path: Path, outcome: Outcome, form: IntakeForm | None) -> None:
    check_condition(draft, part, (*path, "when"), outcome.when, form)
    fields = form.fields if form else {}
    for name in outcome.requires:
        if name not in fields:
            message = f"办理结果要求填写“{name}”，但该环节的表单没有这个字段"
            draft.error(part, (*path, "requires"), "NAME_UNKNOWN", message, did_you_mean(name, fields))
    granted = outcome.grants.removeprefix("$answers.")
    if outcome.grants.startswith("$") and granted not in fields:
        message = f"“{outcome.grants}”不是该环节表单的字段"
        draft.error(part, (*path, "grants"), "NAME_UNKNOWN", message, did_you_mean(granted, fields))
