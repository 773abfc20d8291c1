"""The recount: what a year came to, read from its events alone and from the forms that these name.

It is naive on purpose, and knows nothing of how the system counts: it reads `event` from the first to the last, keeps
in plain dictionaries what each tells, and adds up. Of the rules it reads the files as they lie.
"""

import csv
import io
import json
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from xunfang.store import Database, Keys, Place, connection

Figures = Counter[tuple[str, ...]]
HERE = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Told:
    """One event as it was told. `at` is Chinese time, as text that can be compared."""

    at: str
    name: str
    case: str
    task: str
    unit: str
    data: Mapping[str, Any]
    actor: str = ""
    row: str = ""

    @property
    def month(self) -> str:
        return self.at[:7]


def events(database: Database, keys: Keys, jurisdiction: str) -> Iterator[Told]:
    """Yield what happened in a jurisdiction, in order, opened."""
    mark = database.dialect.mark
    sql = 'SELECT "n", "at", "name", "case", "task", "unit", "data", "typed", "actor_name", "row" FROM "event" '
    with connection(database):
        found = database.run(f'{sql} WHERE "jurisdiction" = {mark} ORDER BY "place"', (jurisdiction,)).fetchall()
    for row in found:
        n, at, name, case, task, unit, data, typed, actor, route = row
        sealed = json.loads(keys.open(bytes(typed), Place("event", "typed", str(n)))) if typed else {}
        yield Told(moment(at), name, case, task, unit, {**json.loads(data), **sealed}, actor, route)


def moment(seconds: int) -> str:
    """Return a stored moment as Chinese time."""
    return datetime.fromtimestamp(seconds, UTC).astimezone(HERE).strftime("%Y-%m-%dT%H:%M:%S")


def forms(database: Database, keys: Keys, jurisdiction: str) -> dict[str, dict[str, Any]]:
    """Return what was filled in, by the key of the submission: what lies open to those with sight, and the rest."""
    mark = database.dialect.mark
    sql = f'SELECT "id", "answers", "sealed" FROM "submission" WHERE "jurisdiction" = {mark}'
    with connection(database):
        found = database.run(sql, (jurisdiction,)).fetchall()
    opened: dict[str, dict[str, Any]] = {}
    for id, told, sealed in found:
        opened[id] = json.loads(keys.open(bytes(told), Place("submission", "answers", id)))
        opened[id] |= json.loads(keys.open(bytes(sealed), Place("submission", "sealed", id))) if sealed else {}
    return opened


def moves(database: Database, keys: Keys, jurisdiction: str) -> dict[tuple[str, str], str]:
    """Return where people went to live of whom an event tells that they moved, by their key and the moment."""
    mark = database.dialect.mark
    sql = 'SELECT "id", "person", "made_at", "after" FROM "amendment" '
    where = f"""WHERE "jurisdiction" = {mark} AND "what" = 'move' AND "field" = 'residence'"""
    with connection(database):
        found = database.run(sql + where, (jurisdiction,)).fetchall()
    told = {id: keys.open(bytes(after), Place("amendment", "after", id)).decode() for id, _, _, after in found}
    return {(person, moment(at)): told[id] for id, person, at, _ in found}


def categorised(database: Database, keys: Keys, jurisdiction: str) -> dict[tuple[str, str], tuple[str, str]]:
    """Return what people were noted by hand to be, and from which day, by their key and the moment of the event."""
    mark = database.dialect.mark
    sql = 'SELECT "id", "person", "made_at", "after", "on" FROM "amendment" '
    with connection(database):
        found = database.run(f"""{sql} WHERE "jurisdiction" = {mark} AND "what" = 'categorise'""", (jurisdiction,))
        rows = found.fetchall()
    opened = ((row, keys.open(bytes(row[3]), Place("amendment", "after", row[0])).decode()) for row in rows)
    return {(row[1], moment(row[2])): (after, str(row[4])) for row, after in opened}


class Rules:
    """What the recount needs of the rules, read from their files, layer upon layer."""

    def __init__(self, files: Mapping[str, str], layers: tuple[str, ...], code: str, today: str = "9999") -> None:
        self.code = code
        self.flows: dict[str, Any] = {}
        for layer in layers:
            head = f"workflows/{layer}/flows/"
            for path in sorted(files):
                if path.startswith(head) and path.endswith(".toml"):
                    name = path.removeprefix(head).removesuffix(".toml")
                    self.flows[name] = _laid(self.flows.get(name, {}), tomllib.loads(files[path]))

        table = csv.DictReader(io.StringIO(files.get(f"workflows/{layers[-1]}/divisions.csv", ""))) if layers else ()
        rows = list(table)
        self.heirs = {row["code"]: (row["until"], row["successor"]) for row in rows if row.get("successor")}
        self.names = {row["code"]: row["name"] for row in rows}
        self.today = today
        self.ledgers = self._of("ledgers", files, layers)
        self.indicators = self._of("indicators", files, layers)
        self.duties = self._of("duties", files, layers)
        self.programmes = self._of("programmes", files, layers)
        self.rosters = self._of("rosters", files, layers)
        self.units = self._of("units", files, layers)
        self.lists = self._of("lists", files, layers)
        self.files, self.layers = files, layers
        self.forms: dict[str, dict[str, Any]] = {}

    def _of(self, kind: str, files: Mapping[str, str], layers: tuple[str, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for layer in layers:
            found = _laid(found, tomllib.loads(files.get(f"workflows/{layer}/{kind}.toml", "")))
        return found

    def upholds(self, flow: str, outcome: str) -> bool:
        """Whether a case that ended so found an objection to be right."""
        found = (one.get("outcomes", {}).get(outcome, {}) for one in self.flows[flow]["states"].values())
        return any(one.get("upholds") for one in found)

    def unit_name(self, unit: str) -> str:
        """Return what a unit is called."""
        kind, _, place = unit.partition(":")
        own = self.units[kind].get("instances", {}).get(place, {})
        return str(own.get("label") or self.units[kind]["label"]).replace("{division}", self.names.get(place, ""))

    def numbers(self, form: str) -> list[str]:
        """Return the fields of a form that are numbers, as the nearest layer has it."""
        paths = [f"forms/{layer}/{form}.json" for layer in self.layers]
        found = [path for path in paths if path in self.files]
        fields = json.loads(self.files[found[-1]])["properties"] if found else {}
        return [name for name, field in fields.items() if field.get("type") in ("integer", "number")]

    def form(self, form: str) -> Mapping[str, Any]:
        """Return a form, layer upon layer."""
        if form not in self.forms:
            paths = (f"forms/{layer}/{form}.json" for layer in self.layers)
            for path in paths:
                if path in self.files:
                    self.forms[form] = _laid(self.forms.get(form, {}), json.loads(self.files[path]))
        return self.forms[form]

    def paper(self, kind: str, plain: tuple[str, ...]) -> str:
        """Return the name of a kind of paper, "" where its numbers stand without one."""
        entries = (each[kind] for each in self.lists.values() if kind in each)
        told = next((each for each in entries if each.get("check")), None)
        return "" if told is None or told["check"] in plain else str(told["label"])

    def now(self, place: str, on: str = "") -> str:
        """Return the division that a place is on a day, or in the end."""
        until, heir = self.heirs.get(place, ("9999", ""))
        return self.now(heir, on) if until < (on or self.today) else place

    def state(self, flow: str, state: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.flows[flow]["states"][state]
        return found

    def outcome(self, flow: str, state: str, outcome: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.state(flow, state)["outcomes"][outcome]
        return found


def _laid(below: Any, above: Any) -> Any:
    """Return one layer laid upon another: tables word by word, everything else as the upper one has it."""
    if isinstance(below, dict) and isinstance(above, dict):
        return {key: _laid(below.get(key), above.get(key)) for key in {**below, **above}}
    return below if above is None else above


@dataclass(slots=True)
class OneReport:
    """What the events told of a report so far; whether it opened the case that it is in now, or came to it.

    `n`: as the how-manyth of all it came; many come in one second, with a list.
    """

    n: int
    in_time: Mapping[str, bool]
    opened: bool


@dataclass(slots=True)
class OneCase:
    """What the events told of a case so far. `reports`: those in it, by the form that tells each now."""

    flow: str
    opened: str
    place: str
    reports: dict[str, OneReport] = field(default_factory=dict)
    closed: str = ""
    how: str = ""

    def as_they_came(self) -> list[str]:
        """Return the reports, that of before first, however often one was put right since."""
        return sorted(self.reports, key=lambda key: self.reports[key].n)

    @property
    def reported_in_time(self) -> bool:
        """Whether the first report that stands kept what was set for it; one taken back, or moved, tells nothing."""
        first = min(self.reports.values(), key=lambda report: report.n, default=None)
        return bool(first and first.in_time) and all(first.in_time.values())


@dataclass(slots=True)
class OneTask:
    """What the events told of a task so far.

    `due`: by when, "" where no limit runs; `still`: whether its clock stands still; `lead`: whom it assists.
    """

    case: str
    unit: str
    state: str
    role: str
    due: str
    duty: str = ""
    ended: str = ""
    how: str = ""
    in_time: bool | None = None
    breach: str = ""
    opened: str = ""
    still: bool = False
    lead: str = ""
    told: list[str] = field(default_factory=list)


@dataclass
class Recount:
    """Goes through the events, and knows in the end what they come to."""

    rules: Rules
    filled: Mapping[str, Mapping[str, Any]]
    cases: dict[str, OneCase] = field(default_factory=dict)
    tasks: dict[str, OneTask] = field(default_factory=dict)
    moving: dict[str, OneReport] = field(default_factory=dict)
    of_case: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    numbers: Figures = field(default_factory=Counter)
    visits: Figures = field(default_factory=Counter)
    of_person: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    visited: list[tuple[str, str, str]] = field(default_factory=list)
    seen: Figures = field(default_factory=Counter)
    others: Figures = field(default_factory=Counter)
    reported: int = 0
    last: str = ""

    def read(self, told: Iterator[Told]) -> None:
        for event in told:
            self.hear(event)

    def hear(self, event: Told) -> None:
        """Take in what one event tells."""
        self.last = event.at
        reading = _READINGS.get(event.name)
        if reading:
            reading(self, event)

    # cases

    def case_opened(self, event: Told) -> None:
        self.cases[event.case] = OneCase(str(event.data["flow"]), event.at, "")

    def flow_started(self, event: Told) -> None:
        """The case that was opened last lies where the one does that started it."""
        new = next(reversed(self.cases.values()))
        new.place = self.cases[event.case].place

    def clue_submitted(self, event: Told) -> None:
        case, key = self.cases[event.case], str(event.data["submission"])
        self.reported += 1
        case.reports[key] = OneReport(self.reported, event.data.get("in_time") or {}, not case.place)
        case.place = case.place or self._place(event)

    def clue_corrected(self, event: Told) -> None:
        """The report that opened a case says where that is; one that came to it does not."""
        case = self.cases[event.case]
        report = case.reports[str(event.data["submission"])] = case.reports.pop(str(event.data["corrects"]))
        if report.opened:
            case.place = self._place(event)

    def _place(self, event: Told) -> str:
        return str(self.filled[str(event.data["submission"])].get("residence") or self.rules.code)

    def clue_moved(self, event: Told) -> None:
        """Two events tell a move: first the case that a report leaves, then the one that it comes to."""
        case, key = self.cases[event.case], str(event.data["submission"])
        if "moved_to" in event.data:
            self.moving[key] = case.reports.pop(key)
            if not case.reports:
                self._close(event, "linked")
            return
        case.reports[key] = report = self.moving.pop(key)
        report.opened = bool(case.closed) or not case.place
        case.place = case.place or self._place(event)
        case.closed = case.how = ""

    def clue_withdrawn(self, event: Told) -> None:
        case = self.cases[event.case]
        del case.reports[str(event.data["submission"])]
        if not case.reports:
            self._close(event, "withdrawn")

    def case_closed(self, event: Told) -> None:
        self._close(event, str(event.data["outcome"]))

    def case_voided(self, event: Told) -> None:
        self._close(event, "voided")

    def case_reopened(self, event: Told) -> None:
        self.cases[event.case].closed = self.cases[event.case].how = ""

    def case_moved_place(self, event: Told) -> None:
        changed = event.data["changed"].get("residence")
        if changed:
            self.cases[event.case].place = changed[1]

    def _close(self, event: Told, how: str) -> None:
        self.cases[event.case].closed, self.cases[event.case].how = event.at, how

    # tasks

    def task_opened(self, event: Told) -> None:
        data = event.data
        due = _moment_of(data.get("due_at"))
        task = OneTask(event.case, str(data["unit"]), str(data["state"]), str(data["role"]), due, opened=event.at)
        task.still = not due and self._stood_still(task)
        self.tasks[event.task] = task
        task.lead = self._lead_beside(task) if task.role == "assist" else ""
        self.of_case[event.case].append(event.task)
        if task.role == "lead":
            self._go_over_to(event.task)

    def _stood_still(self, task: OneTask) -> bool:
        """Whether the clock of the task stood still that this one goes on with."""
        before = [self.tasks[key] for key in self.of_case[task.case]]
        before = [one for one in before if one.role == task.role == "lead" and one.state == task.state and one.ended]
        return bool(before) and before[-1].still

    def _go_over_to(self, lead: str) -> None:
        """Who assisted somebody that handed the task on assists whoever has it now, and goes by their clock."""
        whole = self.tasks[lead]
        for key in self.of_case[whole.case] if whole.case else ():
            task = self.tasks[key]
            before = self.tasks.get(task.lead)
            handed_on = before is not None and before.how == "transferred" and before.state == whole.state
            if task.role == "assist" and not task.ended and handed_on:
                task.lead = lead
                task.due = whole.due if not whole.due or whole.due >= task.opened else task.due

    def _lead_beside(self, task: OneTask) -> str:
        """Return whom somebody assists: the first who leads the same and is not done."""
        leads = ((key, self.tasks[key]) for key in self.of_case[task.case])
        found = (key for key, one in leads if one.role == "lead" and one.state == task.state and not one.ended)
        return next(found, "")

    def _take_along(self, lead: str) -> None:
        """Who assists goes by the clock of whom they assist, unless that was over before they were asked."""
        whole = self.tasks[lead]
        for key in self.of_case[whole.case] if whole.role == "lead" and whole.case else ():
            task = self.tasks[key]
            if task.role == "assist" and task.state == whole.state and not task.ended and task.lead in ("", lead):
                task.lead = (self._lead_beside(task) or lead) if whole.ended else lead
                due = self.tasks[task.lead].due
                task.due = due if not due or due >= task.opened else task.due

    def duty_opened(self, event: Told) -> None:
        data = event.data
        duty = str(data["duty"])
        self.tasks[event.task] = OneTask("", str(data["unit"]), duty, "lead", _moment_of(data.get("due_at")), duty)

    def unit_changed(self, event: Told) -> None:
        changed = event.data["changed"].get("unit")
        if changed:
            self.tasks[event.task].unit = changed[1]

    def due_changed(self, event: Told) -> None:
        """Take in by when something is to be done now; of what stands still that is told again once it goes on."""
        task = self.tasks[event.task]
        self._pass(task, event.at)
        task.still = task.still and event.name != "task.resumed"
        task.due = "" if task.still else _moment_of(event.data.get("now_due"))
        self._take_along(event.task)

    def suspended(self, event: Told) -> None:
        task = self.tasks[event.task]
        self._pass(task, event.at)
        task.due, task.still = "", True
        self._take_along(event.task)

    def done(self, event: Told) -> None:
        self._end(self.tasks[event.task], event.at, "done")
        self._take_along(event.task)

    def gone(self, event: Told) -> None:
        self._end(self.tasks[event.task], event.at, event.name.partition(".")[2])
        self._take_along(event.task)

    def dispatched(self, event: Told) -> None:
        """Whoever dispatches has done the task of dispatching by that."""
        flow = self.cases[event.case].flow
        for key in self.of_case[event.case]:
            task = self.tasks[key]
            if not task.ended and "routes_by" in self.rules.state(flow, task.state):
                self._end(task, event.at, "done")

    def duty_ended(self, event: Told) -> None:
        """End what was owed; what is folded into what another unit owes already is let off by that."""
        how = event.name.partition(".")[2]
        self._end(self.tasks[event.task], event.at, {"folded": "waived", "nobody_left": "withdrawn"}.get(how, how))

    def owed_again(self, event: Told) -> None:
        task = self.tasks[event.task]
        task.ended = task.how = ""
        task.in_time = None

    def fell_overdue(self, event: Told) -> None:
        self.tasks[event.task].told.append(str(event.data["due"])[:7])

    def _pass(self, task: OneTask, at: str) -> None:
        """See whether a limit passed while a task was open."""
        if task.due and task.due < at and task.role == "lead" and not task.breach:
            task.breach = task.due

    def _end(self, task: OneTask, at: str, how: str) -> None:
        self._pass(task, at)
        task.in_time = not task.due or at <= task.due
        task.ended, task.how = at, how

    # papers, visits, and what befell people

    def died(self, event: Told) -> None:
        self.others["deaths", event.month] += 1

    def moved_away(self, event: Told) -> None:
        self.others["moves", event.month] += 1

    def sat(self, event: Told) -> None:
        self.others[event.name, event.month] += 1

    def numbered(self, event: Told) -> None:
        self.numbers["papers numbered", str(event.data["kind"]), event.month] += 1

    def delivered(self, event: Told) -> None:
        self.numbers["papers delivered", str(event.data["kind"]), str(event.data["delivered"])[:7]] += 1

    def visit_made(self, event: Told) -> None:
        place = self.filled[str(event.data["submission"])].get("residence") or self.rules.code
        month = str(event.data["visited_on"])[:7]
        self.visits["visits", str(place), month] += 1
        self.visited.append((str(place), month, str(event.data["person"])))
        self.of_person[event.data["person"], str(event.data["form"])].append((str(event.data["visited_on"]), event.at))
        if event.at[:7] == month:  # what is told after its month comes too late for it
            self.seen[str(event.data["form"]), self.rules.now(str(place)), month] += 1

    # what it comes to

    def figures(self) -> Figures:
        """Return every figure, each under what it counts."""
        found: Figures = Counter()
        for case in self.cases.values():
            found["cases opened", case.flow, case.opened[:7]] += 1
            found["cases", case.flow, case.place] += 1
            if case.closed:
                found["cases closed", case.flow, case.how, case.closed[:7]] += 1
            else:
                found["cases open", case.flow, case.place] += 1
        for task in self.tasks.values():
            self._pass(task, self.last if not task.ended else task.ended)
            found.update(_of_task(task))
        for counted in (self.numbers, self.visits, self.others):
            found.update(counted)
        return found


def _of_task(task: OneTask) -> Iterator[tuple[str, ...]]:
    kind = "duties" if task.duty else "tasks"
    if task.duty:
        yield "duties", task.duty, task.unit, task.how or "owed"
    else:
        yield "tasks", task.state, task.how or "open"
    if task.how in ("done", "reported", "nil", "visited"):
        yield f"{kind} done", task.unit, task.ended[:7], "in time" if task.in_time else "late"
    if task.breach:
        yield "breaches", task.unit, task.breach[:7]
    yield from (("breaches told", task.unit, month) for month in task.told)


def _moment_of(told: Any) -> str:
    """Return a moment that an event tells, as Chinese time without its offset; "" for none."""
    return str(told)[:19] if told else ""


_READINGS = {
    "case.opened": Recount.case_opened,
    "flow.started": Recount.flow_started,
    "clue.submitted": Recount.clue_submitted,
    "clue.corrected": Recount.clue_corrected,
    "clue.linked": Recount.clue_moved,
    "clue.split": Recount.clue_moved,
    "clue.withdrawn": Recount.clue_withdrawn,
    "case.closed": Recount.case_closed,
    "case.voided": Recount.case_voided,
    "case.reopened": Recount.case_reopened,
    "case.division_changed": Recount.case_moved_place,
    "task.opened": Recount.task_opened,
    "duty.opened": Recount.duty_opened,
    "task.division_changed": Recount.unit_changed,
    "duty.division_changed": Recount.unit_changed,
    "task.extended": Recount.due_changed,
    "task.due_changed": Recount.due_changed,
    "task.due_followed": Recount.due_changed,
    "task.limit_changed": Recount.due_changed,
    "task.replanned": Recount.due_changed,
    "task.resumed": Recount.due_changed,
    "task.suspended": Recount.suspended,
    "task.completed": Recount.done,
    "task.deemed": Recount.done,
    "task.assisted": Recount.done,
    "task.answered": Recount.done,
    "task.returned": Recount.gone,
    "task.transferred": Recount.gone,
    "task.withdrawn": Recount.gone,
    "dispatch.confirmed": Recount.dispatched,
    "dispatch.changed": Recount.dispatched,
    "dispatch.sent_at_once": Recount.dispatched,
    "duty.reported": Recount.duty_ended,
    "duty.nil": Recount.duty_ended,
    "duty.waived": Recount.duty_ended,
    "duty.withdrawn": Recount.duty_ended,
    "duty.replaced": Recount.duty_ended,
    "duty.folded": Recount.duty_ended,
    "duty.visited": Recount.duty_ended,
    "duty.missed": Recount.duty_ended,
    "duty.nobody_left": Recount.duty_ended,
    "duty.owed_again": Recount.owed_again,
    "task.fell_overdue": Recount.fell_overdue,
    "person.died": Recount.died,
    "person.moved": Recount.moved_away,
    "sitting.closed": Recount.sat,
    "sitting.item_decided": Recount.sat,
    "sitting.item_postponed": Recount.sat,
    "notice.numbered": Recount.numbered,
    "notice.delivered": Recount.delivered,
    "visit.made": Recount.visit_made,
}
