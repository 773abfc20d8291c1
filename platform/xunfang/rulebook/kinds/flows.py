"""Flows 流程, their states, tasks, outcomes, joins, waits and papers: flows/*.toml."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from xunfang.rulebook.acts import BOARDS, INTERRUPTIONS
from xunfang.rulebook.basis import Basis
from xunfang.rulebook.conditions import Condition
from xunfang.rulebook.decisions import link_decisions
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.entry import UNREADABLE_LIMIT, Entry
from xunfang.rulebook.facts import check_condition
from xunfang.rulebook.fields import IntakeForm
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.history import History, history_of, link_history
from xunfang.rulebook.joins import link_join
from xunfang.rulebook.kind import Kind
from xunfang.rulebook.kinds.units import UnitRef, unit_of, units_of
from xunfang.rulebook.objections import link_upholds
from xunfang.rulebook.placeholders import check_number
from xunfang.rulebook.positions import Path
from xunfang.rulebook.posting import link_posts
from xunfang.worktime import Limit, LimitKind, parse_limit

DECIDES = ("grants", "refuses", "suspends", "stops")
"""What an outcome may decide about a programme, as its files say it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way a state can end 办理结果."""

    id: str
    label: str
    when: Condition | None
    requires: tuple[str, ...]
    grants: str
    prints: tuple[str, ...]
    starts: tuple[str, ...]
    to: str
    basis: Basis
    informs: tuple[UnitRef, ...] = ()  # told, and given no task 抄送
    refuses: str = ""  # the programme that is refused by it, as `grants` names the one that is given
    suspends: str = ""
    stops: str = ""
    on_decision: tuple[str, ...] = ()  # what a meeting decides where it is this outcome
    upholds: bool = False  # the objection that the case is about is right

    @property
    def programmes(self) -> Mapping[str, str]:
        """Return, by the key that says so, the programmes that it decides about."""
        return {key: named for key in DECIDES if (named := getattr(self, key))}


@dataclass(frozen=True, slots=True)
class State:
    """One state 环节 of a flow; a task is its instance."""

    id: str
    label: str
    unit: str
    unit_of: str  # whose unit, for one that exists per division: residence or registration
    routes_by: str
    per_route: bool
    form: str
    deadline: str
    prints: tuple[str, ...]
    join: str  # "all", "any", "first-decided" or a number of leads
    resets_on: Mapping[str, str]  # which clock return and transfer reset: "task" or "none"
    waits: Limit | None  # in days: the case goes on by itself then
    publishes: str
    interrupted_by: str
    meeting: str
    ends: bool
    checklist: tuple[str, ...]
    outcomes: Mapping[str, Outcome]
    basis: Basis
    undecided: tuple[str, ...] = ()  # outcomes that do not count towards the join
    role: str = ""  # only its holders in the unit have the task in hand
    on_breach: str = ""  # the outcome that is deemed 视为 to be so where nobody told one by the due moment
    returns: int | None = None  # how often one lead may give it back; then whoever dispatches has ruled
    posts: tuple[str, ...] = ()  # which fields of the forms filled so far are told where it publishes
    counts: bool = True  # whether its time counts for the clock of the whole case

    @property
    def objected(self) -> Outcome | None:
        """Return how it is left where an objection cuts its wait short 中止: by the second of its outcomes."""
        ways = list(self.outcomes.values()) if self.waits and self.interrupted_by else []
        return ways[1] if len(ways) > 1 else None


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow 流程."""

    id: str
    label: str
    opens_on: tuple[str, ...]
    start: str
    merge_within: Limit | None  # in days; None where every open case is joined
    case_deadline: str
    number: str  # pattern of the case number
    states: Mapping[str, State]
    history: Mapping[str, History] = field(default_factory=dict)  # what conditions may ask of what a case went through


def build(draft: Draft) -> Mapping[str, Any]:
    """Return the flows, by id."""
    return {"flows": {whole.part.name: _flow(whole) for whole in draft.files("flows")}}


def _flow(whole: Entry) -> Flow:
    return Flow(
        id=whole.part.name,
        label=whole.text("label"),
        opens_on=whole.names("opens_on"),
        start=whole.text("start"),
        merge_within=_days(whole, "merge_within"),
        case_deadline=whole.text("case_deadline"),
        number=whole.text("number"),
        states={key: _state(key, entry) for key, entry in whole.tables("states")},
        history=history_of(whole),
    )


def _days(entry: Entry, key: str) -> Limit | None:
    """Return the days under a key, or None when there are none; what is no number of days is noted."""
    text = entry.text(key)
    try:
        limit = parse_limit(text) if text else None
    except ValueError:
        limit = UNREADABLE_LIMIT
    if limit and limit.kind is not LimitKind.DAYS:
        entry.error(key, "LIMIT_UNREADABLE", f"“{text}”无法识别，这里只能写天数", '如 "30 days"')
    return limit


def _state(key: str, entry: Entry) -> State:
    unit = unit_of(entry, "unit")
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
        waits=_days(entry, "waits"),
        publishes=entry.text("publishes"),
        interrupted_by=entry.text("interrupted_by"),
        meeting=entry.text("meeting"),
        ends=bool(entry.data.get("ends")),
        checklist=entry.names("checklist"),
        outcomes={name: _outcome(name, item) for name, item in entry.tables("outcomes")},
        basis=entry.basis(),
        undecided=entry.names("undecided"),
        role=entry.text("role"),
        posts=entry.names("posts"),
        counts=bool(entry.data.get("counts", True)),
        on_breach=entry.text("on_breach"),
        returns=entry.data.get("returns"),
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
        informs=units_of(entry, "informs"),
        refuses=entry.text("refuses"),
        suspends=entry.text("suspends"),
        stops=entry.text("stops"),
        on_decision=entry.names("on_decision"),
        upholds=bool(entry.data.get("upholds")),
    )


def link(draft: Draft) -> None:
    """Check the names in every flow."""
    opened: dict[str, str] = {}
    for flow in draft.rules.flows.values():
        _link_flow(draft, flow)
        _check_opens_once(draft, flow, opened)


def _link_flow(draft: Draft, flow: Flow) -> None:
    part = f"flow:{flow.id}"
    for form in flow.opens_on:
        draft.check_name(part, ("opens_on",), form, "forms")
    draft.check_name(part, ("case_deadline",), flow.case_deadline, "deadlines")
    check_number(draft, part, ("number",), flow.number)
    if flow.start not in flow.states:
        hint = did_you_mean(flow.start, flow.states)
        draft.error(part, ("start",), "NAME_UNKNOWN", f"没有名为“{flow.start}”的环节", hint)
    link_history(draft, part, {state.id: state.outcomes for state in flow.states.values()}, flow.history)
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


def _check_word(draft: Draft, part: str, path: Path, word: str, known: frozenset[str]) -> None:
    if word and word not in known:
        draft.error(part, path, "VALUE_UNKNOWN", f"不认识的取值“{word}”", did_you_mean(word, known))


def _link_state(draft: Draft, flow: Flow, state: State) -> None:
    part, path = f"flow:{flow.id}", ("states", state.id)
    draft.check_name(part, (*path, "unit"), state.unit, "units")
    draft.check_name(part, (*path, "role"), state.role, "roles")
    draft.check_name(part, (*path, "routes_by"), state.routes_by, "routing")
    draft.check_name(part, (*path, "form"), state.form, "forms")
    draft.check_name(part, (*path, "deadline"), state.deadline, "deadlines")
    draft.check_name(part, (*path, "meeting"), state.meeting, "meetings")
    for notice in state.prints:
        draft.check_name(part, (*path, "prints"), notice, "notices")
    _check_word(draft, part, (*path, "publishes"), state.publishes, BOARDS)
    _check_word(draft, part, (*path, "interrupted_by"), state.interrupted_by, INTERRUPTIONS)
    for clause in state.basis.cites:
        draft.check_clause(part, (*path, "cites"), clause)
    if not state.counts and not state.basis.cites and not state.basis.practice:
        message = "这个环节的时间不计入期限，却没有依据"
        hint = '补上 cites = ["<条款编号>"]；确属本地做法的，写 practice = "<理由>"'
        draft.error(part, (*path, "counts"), "BASIS_MISSING", message, hint)
    for paper in state.checklist:
        if paper not in draft.known("notices") | draft.known("forms"):
            hint = did_you_mean(paper, draft.known("notices") | draft.known("forms"))
            draft.error(part, (*path, "checklist"), "NAME_UNKNOWN", f"没有名为“{paper}”的文书或表单", hint)
    _link_omission(draft, part, path, state)
    _link_returns(draft, part, path, state)
    _link_role(draft, part, path, state)
    link_join(draft, part, path, state)
    link_decisions(draft, part, path, state)
    link_posts(draft, part, path, state)
    for outcome in state.outcomes.values():
        _link_outcome(draft, flow, state, outcome)


def _link_omission(draft: Draft, part: str, path: Path, state: State) -> None:
    if not state.on_breach:
        return
    deemed = state.outcomes.get(state.on_breach)
    if deemed is None:
        hint = did_you_mean(state.on_breach, state.outcomes)
        message = f"这个环节没有名为“{state.on_breach}”的办理结果"
        draft.error(part, (*path, "on_breach"), "NAME_UNKNOWN", message, hint)
    elif not any((state.basis.cites, state.basis.practice, deemed.basis.cites, deemed.basis.practice)):
        message = f"到期未办视为“{deemed.label}”，却没有依据"
        hint = '补上 cites = ["<条款编号>"]；确属本地做法的，写 practice = "<理由>"'
        draft.error(part, (*path, "on_breach"), "BASIS_MISSING", message, hint)


def _link_returns(draft: Draft, part: str, path: Path, state: State) -> None:
    if state.returns is None:
        return
    if not state.per_route:
        message, hint = "这个环节的任务不是分派来的，本来就不能退回", "请删去 returns，或写 per_route = true"
        draft.error(part, (*path, "returns"), "RETURNS_UNUSED", message, hint)
    if not state.basis.cites and not state.basis.practice:
        hint = '补上 cites = ["<条款编号>"]；确属本地做法的，写 practice = "<理由>"'
        draft.error(part, (*path, "returns"), "BASIS_MISSING", "限制了退回，却没有依据", hint)


def _link_role(draft: Draft, part: str, path: Path, state: State) -> None:
    if state.role and state.routes_by:
        message, hint = "拟办意见由谁批示写在分派表的 confirm 里，这里的 role 不起作用", "请删去 role"
        draft.error(part, (*path, "role"), "ROLE_BESIDE_CONFIRM", message, hint)
    elif state.role and not (state.unit or state.per_route or state.meeting):
        hint = '补上 unit = "<单位编号>"，写明是哪个单位的这一岗位'
        draft.error(part, (*path, "role"), "ROLE_OF_NO_UNIT", "写了岗位，没有写是哪个单位的", hint)


def _link_outcome(draft: Draft, flow: Flow, state: State, outcome: Outcome) -> None:
    part, path = f"flow:{flow.id}", ("states", state.id, "outcomes", outcome.id)
    form = draft.rules.forms.get(state.form)
    if outcome.to not in flow.states:
        hint = did_you_mean(outcome.to, flow.states)
        draft.error(part, (*path, "to"), "NAME_UNKNOWN", f"没有名为“{outcome.to}”的环节", hint)
    if form or not state.form:  # a form that does not exist has been noted already
        _link_answers(draft, part, path, outcome, form)
    for key, named in outcome.programmes.items():
        if not named.startswith("$"):
            draft.check_name(part, (*path, key), named, "programmes")
    for notice in outcome.prints:
        draft.check_name(part, (*path, "prints"), notice, "notices")
    for started in outcome.starts:
        draft.check_name(part, (*path, "starts"), started, "flows")
    for ref in outcome.informs:
        draft.check_name(part, (*path, "informs"), ref.unit, "units")
    link_upholds(draft, part, path, flow, outcome)
    for clause in outcome.basis.cites:
        draft.check_clause(part, (*path, "cites"), clause)


def _link_answers(draft: Draft, part: str, path: Path, outcome: Outcome, form: IntakeForm | None) -> None:
    check_condition(draft, part, (*path, "when"), outcome.when, form)
    fields = form.fields if form else {}
    for name in outcome.requires:
        if name not in fields:
            message = f"办理结果要求填写“{name}”，但该环节的表单没有这个字段"
            draft.error(part, (*path, "requires"), "NAME_UNKNOWN", message, did_you_mean(name, fields))
    for key, named in outcome.programmes.items():
        field_name = named.removeprefix("$answers.")
        if named.startswith("$") and field_name not in fields:
            message = f"“{named}”不是该环节表单的字段"
            draft.error(part, (*path, key), "NAME_UNKNOWN", message, did_you_mean(field_name, fields))


FLOWS = Kind(
    "flows",
    build,
    link,
    label="流程",
    heading="流程",
    shape="flow",
    folder="flows",
    holds_names=True,
    serves="flow",
    fact="flow",
    lived="个案和任务按它往下走",
)
