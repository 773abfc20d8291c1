"""Rules with one rule altered or taken away: for proving that a scenario notices when what it proves is not so."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from xunfang.rulebook.basis import Basis
from xunfang.rulebook.kinds import KINDS
from xunfang.rulebook.model import (
    Deadline,
    Duty,
    Flow,
    LimitCase,
    NoticeKind,
    Outcome,
    Programme,
    RoutingTable,
    Row,
    Rulebook,
    State,
    Unit,
)
from xunfang.rulebook.softness import fixed, settled
from xunfang.worktime import LENGTHS, Office, parse_office

T = TypeVar("T")
_ANOTHER_OFFICE = parse_office(["10:00-12:00", "13:00-15:00"])


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rulebook in which one citing rule is altered: what was done, and the clauses that rule cited."""

    what: str
    cites: tuple[str, ...]
    rulebook: Rulebook


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
        yield from _of_strata(rulebook, duty)
    for programme in rulebook.programmes.values():
        yield from _of_caps(rulebook, programme)
    for duty in rulebook.duties.values():
        yield from _of_duty(rulebook, duty)
    yield from _of_standards(rulebook)
    yield from _of_office(rulebook)
    yield from _of_off_hours(rulebook)
    yield from _of_served(rulebook)


def _without(mapping: Mapping[str, T], key: str) -> dict[str, T]:
    return {name: value for name, value in mapping.items() if name != key}


def _mutant(rulebook: Rulebook, what: str, basis: Basis, **change: Any) -> Iterator[Mutant]:
    if basis.cites:
        yield Mutant(what, basis.cites, replace(rulebook, **change))


def _of_table(rulebook: Rulebook, table: RoutingTable) -> Iterator[Mutant]:
    for row in table.rows:
        fewer = replace(table, rows=tuple(other for other in table.rows if other is not row))
        routing = {**rulebook.routing, table.id: fewer}
        yield from _mutant(rulebook, f"分派表 {table.id} 去掉行 {row.id}", row.basis, routing=routing)
        for change, what in _of_row(row):
            changed = tuple(change if other is row else other for other in table.rows)
            routing = {**rulebook.routing, table.id: replace(table, rows=changed)}
            yield from _mutant(rulebook, f"分派表 {table.id} 行 {row.id} 去掉{what}", row.basis, routing=routing)
    if table.otherwise:
        routing = {**rulebook.routing, table.id: replace(table, otherwise=None)}
        yield from _mutant(rulebook, f"分派表 {table.id} 去掉其他情形", table.otherwise.basis, routing=routing)


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
        yield from _mutant(rulebook, f"时限 {deadline.id} {what}", basis, deadlines=changed)


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
            yield from _mutant(rulebook, f"流程 {flow.id} 环节 {state.id} {what}", state.basis, flows=flows)
        for outcome in state.outcomes.values():
            for outcomes, what in _of_outcome(state, outcome):
                states = {**flow.states, state.id: replace(state, outcomes=outcomes)}
                flows = {**rulebook.flows, flow.id: replace(flow, states=states)}
                yield from _mutant(rulebook, f"流程 {flow.id} 结果 {outcome.id} {what}", outcome.basis, flows=flows)


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
    if not state.counts:
        yield replace(state, counts=True), "计入期限"
    if state.returns is not None:
        yield replace(state, returns=None), "退回不限次数"
    if state.on_breach:
        yield replace(state, on_breach=""), "到期不视为有结果"


def _of_outcome(state: State, outcome: Outcome) -> Iterator[tuple[dict[str, Outcome], str]]:
    yield _without(state.outcomes, outcome.id), "去掉"
    without: dict[str, Outcome] = {
        "文书": replace(outcome, prints=()),
        "启动的流程": replace(outcome, starts=()),
        "抄送": replace(outcome, informs=()),
        "必填项": replace(outcome, requires=()),
        "条件": replace(outcome, when=None),
        "保障": replace(outcome, grants=""),
    }
    for what, changed in without.items():
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
    notices = _without(rulebook.notices, kind.id)
    yield from _mutant(rulebook, f"文书 {kind.id} 不再印发", kind.basis, notices=notices, **changes)


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
        yield from _mutant(rulebook, f"去掉 {name} {key}", entry.basis, **{name: _without(entries, key)})


def _of_strata(rulebook: Rulebook, duty: Duty) -> Iterator[Mutant]:
    """Without a stratum its things are drawn like the rest."""
    sample = duty.sample
    for number, stratum in enumerate(sample.strata if sample else (), 1):
        assert sample is not None
        fewer = replace(sample, strata=tuple(other for other in sample.strata if other is not stratum))
        changed = {**rulebook.duties, duty.id: replace(duty, sample=fewer)}
        yield from _mutant(rulebook, f"定期任务 {duty.id} 去掉第{number}层", stratum.basis, duties=changed)


def _of_caps(rulebook: Rulebook, programme: Programme) -> Iterator[Mutant]:
    for cap in programme.caps:
        others = tuple(other for other in programme.caps if other is not cap)
        fewer = {**rulebook.programmes, programme.id: replace(programme, caps=others)}
        yield from _mutant(rulebook, f"救助事项 {programme.id} 去掉上限 {cap.id}", cap.basis, programmes=fewer)
        if cap.flows:
            everywhere = tuple(replace(other, flows=()) if other is cap else other for other in programme.caps)
            changed = {**rulebook.programmes, programme.id: replace(programme, caps=everywhere)}
            what = f"救助事项 {programme.id} 上限 {cap.id} 管所有流程"
            yield from _mutant(rulebook, what, cap.basis, programmes=changed)
        if cap.override:
            strict = tuple(replace(other, override=None) if other is cap else other for other in programme.caps)
            changed = {**rulebook.programmes, programme.id: replace(programme, caps=strict)}
            what = f"救助事项 {programme.id} 上限 {cap.id} 不许破例"
            yield from _mutant(rulebook, what, cap.override.basis, programmes=changed)


def _of_duty(rulebook: Rulebook, duty: Duty) -> Iterator[Mutant]:
    if duty.by:
        until_night = {**rulebook.duties, duty.id: replace(duty, by=None)}
        yield from _mutant(rulebook, f"定期任务 {duty.id} 改为到当日24时", duty.basis, duties=until_night)
    if duty.quota:
        without = {**rulebook.duties, duty.id: replace(duty, quota=None)}
        yield from _mutant(rulebook, f"定期任务 {duty.id} 不计任务量", duty.basis, duties=without)
    if duty.or_else:
        nobody = {**rulebook.duties, duty.id: replace(duty, or_else="")}
        yield from _mutant(rulebook, f"定期任务 {duty.id} 没有该单位的地方无人承担", duty.basis, duties=nobody)
    if duty.instead_of:
        both = {**rulebook.duties, duty.id: replace(duty, instead_of="")}
        yield from _mutant(rulebook, f"定期任务 {duty.id} 不再代替平时的任务", duty.basis, duties=both)
    for rhythm in duty.rhythms:
        fewer = replace(duty, rhythms=tuple(other for other in duty.rhythms if other is not rhythm))
        changed = {**rulebook.duties, duty.id: fewer}
        yield from _mutant(rulebook, f"定期任务 {duty.id} 去掉一项分类频次", rhythm.basis, duties=changed)
    for equivalent in duty.equivalents:
        others = tuple(other for other in duty.equivalents if other is not equivalent)
        changed = {**rulebook.duties, duty.id: replace(duty, equivalents=others)}
        yield from _mutant(rulebook, f"定期任务 {duty.id} 去掉一项折抵", equivalent.basis, duties=changed)


def _of_standards(rulebook: Rulebook) -> Iterator[Mutant]:
    for name, standard in rulebook.info.standards.items():
        for amount in standard.since:
            fewer = replace(standard, since=tuple(other for other in standard.since if other is not amount))
            info = replace(rulebook.info, standards={**rulebook.info.standards, name: fewer})
            yield from _mutant(rulebook, f"标准 {name} 去掉 {amount.since} 起的数额", amount.basis, info=info)


def _of_office(rulebook: Rulebook) -> Iterator[Mutant]:
    info = rulebook.info
    usual = Office(info.office.hours) if info.office.seasons else _ANOTHER_OFFICE
    what = "办公时间不分季节" if info.office.seasons else "改办公时间"
    yield from _mutant(rulebook, what, info.office_basis, info=replace(info, office=usual))
    for unit in rulebook.units.values():
        for change, basis in _without_its_own_office(unit):
            units = {**rulebook.units, unit.id: change}
            yield from _mutant(rulebook, f"单位 {unit.id} 没有自己的办公时间", basis, units=units)


def _without_its_own_office(unit: Unit) -> Iterator[tuple[Unit, Basis]]:
    yield replace(unit, office=None), unit.office_basis
    for code, instance in unit.instances.items():
        instances = {**unit.instances, code: replace(instance, office=None)}
        yield replace(unit, instances=instances), instance.office_basis


def _of_served(rulebook: Rulebook) -> Iterator[Mutant]:
    for unit in rulebook.units.values():
        for code, each in unit.instances.items():
            alone = replace(unit, instances={**unit.instances, code: replace(each, serves=())})
            if each.serves:
                changed = {**rulebook.units, unit.id: alone}
                yield from _mutant(rulebook, f"单位 {unit.id} 的 {code} 只管本区划", unit.basis, units=changed)


def _of_off_hours(rulebook: Rulebook) -> Iterator[Mutant]:
    info = rulebook.info
    for row in info.off_hours:
        fewer = replace(info, off_hours=tuple(other for other in info.off_hours if other is not row))
        yield from _mutant(rulebook, "去掉一项值班安排", row.basis, info=fewer)
    for unit in rulebook.units.values():
        for row in unit.off_hours:
            own = replace(unit, off_hours=tuple(other for other in unit.off_hours if other is not row))
            changed = {**rulebook.units, unit.id: own}
            yield from _mutant(rulebook, f"单位 {unit.id} 去掉一项值班安排", row.basis, units=changed)


def _of_lists(rulebook: Rulebook) -> Iterator[Mutant]:
    for list_id, entries in rulebook.lists.items():
        for entry in entries.entries.values():
            fewer = replace(entries, entries=_without(entries.entries, entry.id))
            lists = {**rulebook.lists, list_id: fewer}
            yield from _mutant(rulebook, f"字典 {list_id} 去掉 {entry.id}", entry.basis, lists=lists)
