"""Rules with one rule altered or taken away: for proving that a scenario notices when what it proves is not so."""

from collections.abc import Iterator
from dataclasses import replace

from xunfang.prove.mutant import Mutant, mutant, without
from xunfang.prove.mutants_of_duties import of_duty, of_strata
from xunfang.prove.mutants_of_offices import of_off_hours, of_office, of_served
from xunfang.rulebook.basis import Basis
from xunfang.rulebook.kinds import KINDS
from xunfang.rulebook.model import (
    Deadline,
    Flow,
    LimitCase,
    NoticeKind,
    Outcome,
    Programme,
    RoutingTable,
    Row,
    Rulebook,
    State,
)
from xunfang.rulebook.softness import fixed, settled
from xunfang.worktime import LENGTHS


def mutants(rulebook: Rulebook) -> Iterator[Mutant]:
    """Yield one rulebook for each way in which a single citing rule can be altered or deleted."""
    for table in rulebook.routing.values():
        yield from _of_table(rulebook, table)
    for deadline in rulebook.deadlines.values():
        yield from _of_deadline(rulebook, deadline)
    for flow in rulebook.flows.values():
        yield from _of_flow(rulebook, flow)
    for kind in rulebook.notices.values():
        yield from _of_notice(rulebook, kind)
    for each in KINDS.values():
        if each.cites and each.id != "notices":
            yield from _of_entries(rulebook, each.id)
    yield from _of_lists(rulebook)
    for duty in rulebook.duties.values():
        yield from of_strata(rulebook, duty)
    for programme in rulebook.programmes.values():
        yield from _of_caps(rulebook, programme)
    for duty in rulebook.duties.values():
        yield from of_duty(rulebook, duty)
    yield from _of_standards(rulebook)
    yield from of_office(rulebook)
    yield from of_off_hours(rulebook)
    yield from of_served(rulebook)


def _of_table(rulebook: Rulebook, table: RoutingTable) -> Iterator[Mutant]:
    for row in table.rows:
        fewer = replace(table, rows=tuple(other for other in table.rows if other is not row))
        routing = {**rulebook.routing, table.id: fewer}
        yield from mutant(rulebook, f"分派表 {table.id} 去掉行 {row.id}", row.basis, routing=routing)
        for change, what in _of_row(row):
            changed = tuple(change if other is row else other for other in table.rows)
            routing = {**rulebook.routing, table.id: replace(table, rows=changed)}
            yield from mutant(rulebook, f"分派表 {table.id} 行 {row.id} 去掉{what}", row.basis, routing=routing)
    if table.otherwise:
        routing = {**rulebook.routing, table.id: replace(table, otherwise=None)}
        yield from mutant(rulebook, f"分派表 {table.id} 去掉其他情形", table.otherwise.basis, routing=routing)


def _of_row(row: Row) -> Iterator[tuple[Row, str]]:
    if row.assist:
        yield replace(row, assist=()), "协办"
    if row.informs:
        yield replace(row, informs=()), "抄送"
    if row.deadline:
        yield replace(row, deadline=""), "时限"
    if row.form:
        yield replace(row, form=""), "表单"
    if row.prints is not None:
        yield replace(row, prints=None), "文书"


def _of_deadline(rulebook: Rulebook, deadline: Deadline) -> Iterator[Mutant]:
    for change, what, basis in (*_of_limits(deadline), *_of_escalations(deadline), *_of_bounds(deadline)):
        changed = {**rulebook.deadlines, deadline.id: change}
        yield from mutant(rulebook, f"时限 {deadline.id} {what}", basis, deadlines=changed)


Part = tuple[Deadline, str, Basis]


def _of_limits(deadline: Deadline) -> Iterator[Part]:
    for index, case in enumerate(deadline.limits):
        before, after = deadline.limits[:index], deadline.limits[index + 1 :]
        yield replace(deadline, limits=(*before, _slower(case), *after)), "放宽", case.basis
        if case.extend:
            never = replace(case, extend=None)
            yield replace(deadline, limits=(*before, never, *after)), "去掉延长的规定", case.extend.basis


def _of_escalations(deadline: Deadline) -> Iterator[Part]:
    for escalation in deadline.escalate:
        fewer = tuple(other for other in deadline.escalate if other is not escalation)
        yield replace(deadline, escalate=fewer), f"去掉 {escalation.act}", escalation.basis


def _of_bounds(deadline: Deadline) -> Iterator[Part]:
    if deadline.set_by:
        yield replace(deadline, set_by=None), "不能逐件限定", deadline.set_by.basis
    if deadline.within:
        yield replace(deadline, within=""), "不以全案为限", deadline.basis


def _slower(case: LimitCase) -> LimitCase:
    written = case.limit.written
    if written.kind in LENGTHS:
        return replace(case, limit=settled(replace(written, amount=written.amount + 1), {}))
    return replace(case, limit=fixed("9 workdays"))


def _of_flow(rulebook: Rulebook, flow: Flow) -> Iterator[Mutant]:
    for state in flow.states.values():
        for change, what in _of_state(state):
            states = {**flow.states, state.id: change}
            flows = {**rulebook.flows, flow.id: replace(flow, states=states)}
            yield from mutant(rulebook, f"流程 {flow.id} 环节 {state.id} {what}", state.basis, flows=flows)
        for outcome in state.outcomes.values():
            for outcomes, what in _of_outcome(state, outcome):
                states = {**flow.states, state.id: replace(state, outcomes=outcomes)}
                flows = {**rulebook.flows, flow.id: replace(flow, states=states)}
                yield from mutant(rulebook, f"流程 {flow.id} 结果 {outcome.id} {what}", outcome.basis, flows=flows)


def _of_state(state: State) -> Iterator[tuple[State, str]]:
    yield replace(state, outcomes={}), "去掉出口"
    if state.deadline:
        yield replace(state, deadline=""), "去掉时限"
    if state.waits:
        yield replace(state, waits=None), "去掉等待"
    if state.join != "all":
        yield replace(state, join="all"), "改为各主办单位都办结"
    if state.role:
        yield replace(state, role=""), "不限岗位"
    if state.prints:
        yield replace(state, prints=()), "不再印发文书"
    if state.objected and not state.unit:
        yield replace(state, interrupted_by=""), "不因异议中止"
    if not state.counts:
        yield replace(state, counts=True), "计入期限"
    if state.returns is not None:
        yield replace(state, returns=None), "退回不限次数"
    if state.on_breach:
        yield replace(state, on_breach=""), "到期不视为有结果"


def _of_outcome(state: State, outcome: Outcome) -> Iterator[tuple[dict[str, Outcome], str]]:
    yield without(state.outcomes, outcome.id), "去掉"
    altered: dict[str, Outcome] = {
        "文书": replace(outcome, prints=()),
        "启动的流程": replace(outcome, starts=()),
        "抄送": replace(outcome, informs=()),
        "必填项": replace(outcome, requires=()),
        "条件": replace(outcome, when=None),
        "保障": replace(outcome, grants=""),
    }
    for what, changed in altered.items():
        if changed != outcome:
            yield {**state.outcomes, outcome.id: changed}, f"去掉{what}"


def _of_notice(rulebook: Rulebook, kind: NoticeKind) -> Iterator[Mutant]:
    flows = {name: _never_printing(flow, kind.id) for name, flow in rulebook.flows.items()}
    deadlines = {
        name: replace(
            deadline,
            escalate=tuple(replace(e, notice="" if e.notice == kind.id else e.notice) for e in deadline.escalate),
        )
        for name, deadline in rulebook.deadlines.items()
    }
    changes = {"flows": flows, "deadlines": deadlines, "routing": _rows_never_printing(rulebook, kind.id)}
    notices = without(rulebook.notices, kind.id)
    yield from mutant(rulebook, f"文书 {kind.id} 不再印发", kind.basis, notices=notices, **changes)
    for change, what in _of_addressees(kind):
        notices = {**rulebook.notices, kind.id: change}
        yield from mutant(rulebook, f"文书 {kind.id} {what}", kind.basis, notices=notices)


def _of_addressees(kind: NoticeKind) -> Iterator[tuple[NoticeKind, str]]:
    """Yield a kind of paper without one of the units that it goes to, and without those that are told of it."""
    for left_out in kind.units:
        others = tuple(unit for unit in kind.units if unit is not left_out)
        yield replace(kind, units=others), f"不主送 {left_out.unit}"
    if kind.copies:
        yield replace(kind, copies=()), "去掉抄送"


def _rows_never_printing(rulebook: Rulebook, kind: str) -> dict[str, RoutingTable]:
    def without(row: Row) -> Row:
        kinds = row.prints and tuple(other for other in row.prints if other != kind)
        return replace(row, prints=kinds)

    return {
        name: replace(
            table,
            rows=tuple(map(without, table.rows)),
            otherwise=without(table.otherwise) if table.otherwise else None,
        )
        for name, table in rulebook.routing.items()
    }


def _never_printing(flow: Flow, kind: str) -> Flow:
    def without(kinds: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(other for other in kinds if other != kind)

    states = {
        name: replace(
            state,
            prints=without(state.prints),
            outcomes={key: replace(out, prints=without(out.prints)) for key, out in state.outcomes.items()},
        )
        for name, state in flow.states.items()
    }
    return replace(flow, states=states)


def _of_entries(rulebook: Rulebook, name: str) -> Iterator[Mutant]:
    entries = getattr(rulebook, name)
    for key, entry in entries.items():
        yield from mutant(rulebook, f"去掉 {name} {key}", entry.basis, **{name: without(entries, key)})


def _of_caps(rulebook: Rulebook, programme: Programme) -> Iterator[Mutant]:
    for cap in programme.caps:
        others = tuple(other for other in programme.caps if other is not cap)
        fewer = {**rulebook.programmes, programme.id: replace(programme, caps=others)}
        yield from mutant(rulebook, f"救助事项 {programme.id} 去掉上限 {cap.id}", cap.basis, programmes=fewer)
        if cap.flows:
            everywhere = tuple(replace(other, flows=()) if other is cap else other for other in programme.caps)
            changed = {**rulebook.programmes, programme.id: replace(programme, caps=everywhere)}
            what = f"救助事项 {programme.id} 上限 {cap.id} 管所有流程"
            yield from mutant(rulebook, what, cap.basis, programmes=changed)
        if cap.override:
            strict = tuple(replace(other, override=None) if other is cap else other for other in programme.caps)
            changed = {**rulebook.programmes, programme.id: replace(programme, caps=strict)}
            what = f"救助事项 {programme.id} 上限 {cap.id} 不许破例"
            yield from mutant(rulebook, what, cap.override.basis, programmes=changed)


def _of_standards(rulebook: Rulebook) -> Iterator[Mutant]:
    for name, standard in rulebook.info.standards.items():
        for amount in standard.since:
            fewer = replace(standard, since=tuple(other for other in standard.since if other is not amount))
            info = replace(rulebook.info, standards={**rulebook.info.standards, name: fewer})
            yield from mutant(rulebook, f"标准 {name} 去掉 {amount.since} 起的数额", amount.basis, info=info)


def _of_lists(rulebook: Rulebook) -> Iterator[Mutant]:
    for list_id, entries in rulebook.lists.items():
        for entry in entries.entries.values():
            fewer = replace(entries, entries=without(entries.entries, entry.id))
            lists = {**rulebook.lists, list_id: fewer}
            yield from mutant(rulebook, f"字典 {list_id} 去掉 {entry.id}", entry.basis, lists=lists)
