"""routing.toml, deadlines.toml and flows/*.toml."""

from collections.abc import Mapping

from xunfang.rulebook.build.entry import Entry, entries
from xunfang.rulebook.findings import Findings
from xunfang.rulebook.merge import Part
from xunfang.rulebook.model import Basis, Deadline, Escalation, Flow, LimitCase, Outcome, RoutingTable, Row, State
from xunfang.rulebook.model.conditions import ALWAYS


def routing(part: Part, findings: Findings) -> Mapping[str, RoutingTable]:
    """Return the routing tables, by id."""
    return {key: _table(key, entry) for key, entry in entries(part, findings)}


def _table(key: str, entry: Entry) -> RoutingTable:
    return RoutingTable(
        id=key,
        label=entry.text("label"),
        hit=entry.text("hit", "collect"),
        confirm=entry.text("confirm", "nobody"),
        confirm_unless=entry.condition("confirm_unless"),
        rows=tuple(_row(row.text("id"), row) for row in entry.items("rows")),
        otherwise=_row("otherwise", entry.sub("otherwise")) if "otherwise" in entry.data else None,
    )


def _row(row_id: str, entry: Entry) -> Row:
    if "lead" not in entry.data and "meeting" not in entry.data:
        entry.error(
            "", "ROW_LEADS_NOWHERE", "这一行既没有主办单位（lead），也没有会商（meeting）", '补上 lead = "<单位编号>"'
        )
    return Row(
        id=row_id,
        when=entry.condition_or_always("when"),
        lead=entry.unit("lead"),
        assist=entry.units("assist"),
        meeting=entry.text("meeting"),
        basis=entry.basis(),
    )


def deadlines(part: Part, findings: Findings) -> Mapping[str, Deadline]:
    """Return the deadlines, by id."""
    return {key: _deadline(key, entry) for key, entry in entries(part, findings)}


def _deadline(key: str, entry: Entry) -> Deadline:
    basis = entry.basis()
    return Deadline(
        id=key,
        label=entry.text("label"),
        limits=_limits(entry, basis),
        from_=entry.text("from"),
        until=entry.text("until"),
        remind=tuple(entry.remind("remind", text) for text in entry.data.get("remind", ())),
        escalate=tuple(_escalation(f"{key}.{n}", item, basis) for n, item in enumerate(entry.items("escalate"), 1)),
        basis=basis,
        repeat=entry.rhythm("repeat"),
    )


def _limits(entry: Entry, basis: Basis) -> tuple[LimitCase, ...]:
    cases = [
        LimitCase(item.condition_or_always("when"), item.limit("limit"), item.text("limit"), _own_or(item, basis))
        for item in entry.items("limits")
    ]
    if "limit" in entry.data:
        cases.append(LimitCase(ALWAYS, entry.limit("limit"), entry.text("limit"), basis))
    if not cases:
        entry.error("", "KEY_MISSING", "缺少期限：没有 limit，也没有 limits", '补上 limit = "5 workdays"')
    return tuple(cases)


def _own_or(entry: Entry, inherited: Basis) -> Basis:
    own = entry.basis()
    return own if own.cites or own.practice else inherited


def _escalation(key: str, entry: Entry, inherited: Basis) -> Escalation:
    return Escalation(
        id=key,
        after=entry.remind("after", entry.text("after")),
        to=entry.text("to"),
        act=entry.text("act"),
        notice=entry.text("notice"),
        basis=_own_or(entry, inherited),
    )


def flow(part: Part, findings: Findings) -> Flow:
    """Return the flow of one file."""
    whole = Entry(part, (), part.data, findings)
    return Flow(
        id=part.name,
        label=whole.text("label"),
        opens_on=whole.names("opens_on"),
        start=whole.text("start"),
        merge_within=whole.text("merge_within"),
        case_deadline=whole.text("case_deadline"),
        number=whole.text("number"),
        states={key: _state(key, entry) for key, entry in whole.tables("states")},
    )


def _state(key: str, entry: Entry) -> State:
    unit = entry.unit("unit")
    return State(
        id=key,
        label=entry.text("label", key),
        unit=unit.unit if unit else "",
        unit_of=unit.of if unit else "residence",
        routes_by=entry.text("routes_by"),
        per_route=bool(entry.data.get("per_route")),
        form=entry.text("form"),
        deadline=entry.text("deadline"),
        prints=entry.names("prints"),
        join=entry.text("join", "all"),
        resets_on=dict(entry.data.get("resets_on", {})),
        waits=entry.text("waits"),
        publishes=entry.text("publishes"),
        interrupted_by=entry.text("interrupted_by"),
        meeting=entry.text("meeting"),
        ends=bool(entry.data.get("ends")),
        checklist=entry.names("checklist"),
        outcomes={name: _outcome(name, item) for name, item in entry.tables("outcomes")},
        basis=entry.basis(),
    )


def _outcome(key: str, entry: Entry) -> Outcome:
    return Outcome(
        id=key,
        label=entry.text("label", key),
        when=entry.condition("when"),
        requires=entry.names("requires"),
        grants=entry.text("grants"),
        prints=entry.names("prints"),
        starts=entry.names("starts"),
        to=entry.text("to"),
        basis=entry.basis(),
    )
