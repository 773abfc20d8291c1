"""Who is helped with what, from when until when and for how much: by the events, and the forms that these name."""

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from year.recount import Figures, Recount, Told

_WORDS = (("grants", "granted"), ("refuses", "refused"), ("suspends", "suspended"), ("stops", "exited"))
_MONTH = len("2026-07")


@dataclass(slots=True)
class Help:
    """One decision about one programme for one person. `until`: the last day on which it holds, None for ever."""

    person: str
    programme: str
    state: str
    since: date
    until: date | None
    cents: int | None
    members: int
    month: str
    case: str = ""
    task: str = ""
    follows: "Help | None" = None
    undone: bool = False
    ends_task: bool = False
    lasts: date | None = None
    later: "Help | None" = None
    n: int = 0

    def goes_on(self, day: date) -> bool:
        """Whether it was not over before a day; what begins later counts, what ended before it began does not."""
        return not self.undone and (self.until is None or self.until >= max(day, self.since))


@dataclass
class Aid:
    """Goes through the events beside the recount, which knows the cases and their tasks."""

    recount: Recount
    helped: list[Help] = field(default_factory=list)
    of_person: dict[str, list[Help]] = field(default_factory=lambda: defaultdict(list))
    person_of: dict[str, str] = field(default_factory=dict)
    lives_in: dict[str, str] = field(default_factory=dict)
    left: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    moves: dict[tuple[str, str], str] = field(default_factory=dict)
    begun_in: dict[str, str] = field(default_factory=dict)
    reports: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    told: dict[str, list[tuple[str, str, bool]]] = field(default_factory=lambda: defaultdict(list))
    left_from: dict[str, str] = field(default_factory=dict)
    began: dict[tuple[str, str], str] = field(default_factory=dict)

    def found(self, opening: Iterable[tuple[str, str, Help | None]]) -> None:
        """Take in whom the year found: everybody in the register, where they live, and what they have."""
        for person, place, helped in opening:
            self.lives_in[person] = place
            if helped:
                self._add(helped)

    def _add(self, helped: Help) -> None:
        helped.n, helped.lasts = len(self.helped), helped.until
        self.helped.append(helped)
        self.of_person[helped.person].append(helped)

    def hear(self, event: Told) -> None:
        """Take in what one event tells."""
        reading = _READINGS.get(event.name)
        if reading:
            reading(self, event)

    # whom a case is about, and what was told in it

    def case_opened(self, event: Told) -> None:
        self.person_of[event.case] = str(event.data["person"])

    def flow_started(self, event: Told) -> None:
        self.begun_in[next(reversed(self.recount.cases))] = event.case

    def clue_submitted(self, event: Told) -> None:
        self.reports[event.case][str(event.data["submission"])] = None
        self.lives_in.setdefault(self.person_of[event.case], self.recount.cases[event.case].place)

    def clue_corrected(self, event: Told) -> None:
        there, was, now = self.reports[event.case], str(event.data["corrects"]), str(event.data["submission"])
        self.reports[event.case] = {now if key == was else key: None for key in there}
        if "person" in event.data:
            self.person_of[event.case] = str(event.data["person"])
            self.lives_in.setdefault(self.person_of[event.case], self.recount.cases[event.case].place)

    def clue_gone(self, event: Told) -> None:
        self.reports[event.case].pop(str(event.data["submission"]), None)

    def clue_moved(self, event: Told) -> None:
        key = str(event.data["submission"])
        if "moved_to" in event.data:
            self.reports[event.case].pop(key, None)
        else:
            self.reports[event.case][key] = None

    def _facts(self, case: str, state: str, alone: bool) -> dict[str, Any]:
        """Return what was told so far: reports first, then the tasks of the cases it began in, then its own.

        Units that work side by side in a state do not go by one another's answers.
        """
        line = [case]
        while line[0] in self.begun_in:
            line.insert(0, self.begun_in[line[0]])
        filled = self.recount.filled
        facts = {name: value for key in self.reports[line[0]] for name, value in filled[key].items()}
        for one in line:
            for only_told in (True, False):
                for where, key, goes_on in self.told[one]:
                    if goes_on is only_told and not (alone and one == case and where == state):
                        facts.update(filled.get(key, {}))
        return facts

    # what was decided

    def led_on(self, event: Told) -> None:
        """An outcome leads a case into a state: a round begins there, and where it is dispatched to from there."""
        self.left_from[event.case] = str(event.data["from"])
        self._begin(event, str(event.data["to"]))

    def reopened(self, event: Told) -> None:
        if not event.data["was_ended_as"]:
            self._begin(event, self.left_from[event.case])

    def _begin(self, event: Told, state: str) -> None:
        one = self.recount.rules.state(self.recount.cases[event.case].flow, state)
        on = next(iter(one.get("outcomes", {}).values()))["to"] if one.get("routes_by") else state
        self.began[event.case, state] = self.began[event.case, on] = event.at

    def decided(self, event: Told) -> None:
        if "outcome" not in event.data:
            return
        rules, task, case = self.recount.rules, self.recount.tasks[event.task], event.case
        flow, answers = self.recount.cases[case].flow, str(event.data.get("submission", ""))
        chosen = rules.outcome(flow, task.state, str(event.data["outcome"]))
        facts = self._facts(case, task.state, "per_route" in rules.state(flow, task.state))
        facts.update(self.recount.filled.get(answers, {}))
        if event.name != "task.outcome_recorded":
            self._anew(event)
        for word, state in _WORDS:
            named = str(chosen.get(word, ""))
            programme = str(facts.get(named.removeprefix("$answers."), "")) if named.startswith("$") else named
            if programme in rules.programmes:
                self._decide(event, state, programme, facts)
        self.told[case].append((task.state, answers, event.name == "task.outcome_recorded"))

    def _decide(self, event: Told, state: str, programme: str, facts: Mapping[str, Any]) -> None:
        person, day = self.person_of[event.case], date.fromisoformat(event.at[:10])
        self._instead(event, programme)
        held = [one for one in self.of_person[person] if one.programme == programme]
        before = next((one for one in reversed(held) if _held(one) and one.goes_on(day)), None)
        new = _told(self.recount.rules.programmes[programme].get("held", {}), person, programme, state, facts, day)
        new.month, new.case, new.task = event.month, event.case, event.task
        new.ends_task = event.name != "task.outcome_recorded"
        new.members = new.members or (before.members if before else 0)
        if before and state != "refused" and (before.until is None or state in ("suspended", "exited")):
            before.until, new.follows = new.since - timedelta(days=1), before
        self._add(new)

    def _instead(self, event: Told, programme: str) -> None:
        """What the same unit decided in the same state of a case before is decided anew."""
        task = self.recount.tasks[event.task]
        for one in reversed(self.helped_in(event.case)):
            earlier = self.recount.tasks[one.task]
            if one.programme == programme and (earlier.state, earlier.unit) == (task.state, task.unit):
                self._undo(one)

    def _anew(self, event: Told) -> None:
        """What ended the same unit's task in the same state in an earlier round counts no more, of any programme."""
        task = self.recount.tasks[event.task]
        for one in reversed(self.helped_in(event.case)):
            earlier = self.recount.tasks[one.task]
            before = earlier.opened < self.began.get((event.case, task.state), "")
            if one.ends_task and before and (earlier.state, earlier.unit) == (task.state, task.unit):
                self._undo(one)

    def helped_in(self, case: str) -> list[Help]:
        """Return what a case decided."""
        return [one for one in self.of_person[self.person_of[case]] if one.case == case and not one.undone]

    def _undo(self, one: Help) -> None:
        """What a decision ended goes on as long as it was to last, or until what was decided since."""
        one.undone, before = True, one.follows
        lasts = before and before.state == "granted" and before.lasts
        ending = ("suspended", "exited") if lasts else ("granted", "suspended", "exited")
        theirs = [each for each in self.of_person[one.person] if each.programme == one.programme and not each.undone]
        since = [each for each in theirs if each.n > one.n and each.state in ending and each.follows in (None, one)]
        one.later = since[0] if since else None
        if one.later:
            one.later.follows = before if before and not before.undone else None
        if before and not before.undone:
            days = [day for day in (lasts, one.later and one.later.since - timedelta(days=1)) if day]
            before.until = min(days, default=None)

    def voided(self, event: Told) -> None:
        for one in reversed(self.helped_in(event.case)):
            self._undo(one)

    # what befell people

    def died(self, event: Told) -> None:
        """Whoever dies has what goes on to the end of that day; deaths are told on their day."""
        day = date.fromisoformat(event.at[:10])
        person = str(event.data["person"])
        for one in list(self.of_person[person]):
            if _held(one) and not one.undone and (one.until is None or one.until > day):
                ends = max(day + timedelta(days=1), one.since)
                one.until = max(one.since, ends - timedelta(days=1))
                self._add(
                    Help(person, one.programme, "exited", ends, None, None, one.members, event.month, follows=one)
                )

    def moved(self, event: Told) -> None:
        """Where somebody moved is told by what was written down of it; moves are told on their day."""
        person = str(event.data["person"])
        self.left[person].append((event.at[:10], self.lives_in[person]))
        self.lives_in[person] = self.moves[person, event.at]

    def lived_in(self, person: str, day: str) -> str:
        """Return where somebody lived at the end of a day."""
        return next((place for on, place in self.left[person] if on > day), self.lives_in[person])

    def merged(self, event: Told) -> None:
        if "residence" in event.data["changed"]:
            self.lives_in[str(event.data["person"])] = str(event.data["changed"]["residence"][1])

    # what it comes to

    def lasting(self) -> list[Help]:
        """Return every decision that stands."""
        return [one for one in self.helped if not one.undone]

    def figures(self) -> Figures:
        """Return what was decided, for how many and for how much, by programme and month."""
        found: Figures = Counter()
        for one in self.lasting():
            found["entitlements", one.state, one.programme, one.month] += 1
            found["entitlements begin", one.state, one.programme, f"{one.since:%Y-%m}"] += 1
            found["entitlements end", one.state, one.programme, f"{one.until:%Y-%m-%d}" if one.until else "never"] += 1
            found["cents decided", one.state, one.programme, one.month] += one.cents or 0
            found["members decided", one.state, one.programme, one.month] += one.members
        return found


def _held(one: Help) -> bool:
    return one.state in ("granted", "suspended")


def _told(
    held: Mapping[str, Any], person: str, programme: str, state: str, facts: Mapping[str, Any], day: date
) -> Help:
    """Return a decision as the answers tell it: from when, until when, how much, for how many."""
    since = _day(_answer(held, "since", facts), last=False) or day
    until = None
    if state == "granted":
        until = _day(_answer(held, "until", facts), last=True) or _lasts(str(held.get("lasts", "")), since)
    if state == "refused":
        since = until = day
    amount, members = _answer(held, "amount", facts), _answer(held, "members", facts)
    cents = round(amount * 100) if state == "granted" and isinstance(amount, (int, float)) else None
    return Help(person, programme, state, since, until, cents, members if isinstance(members, int) else 0, "")


def _answer(held: Mapping[str, Any], what: str, facts: Mapping[str, Any]) -> Any:
    """Return what the first answered of the fields tells that a programme names."""
    names = held.get(what, [])
    for name in [names] if isinstance(names, str) else names:
        if facts.get(name) not in (None, "", [], ()):
            return facts[name]
    return None


def _day(told: Any, *, last: bool) -> date | None:
    text = str(told or "")[:10]
    if len(text) == _MONTH:
        year, month = int(text[:4]), int(text[5:])
        return date(year, month, monthrange(year, month)[1] if last else 1)
    return date.fromisoformat(text) if text else None


def _lasts(words: str, since: date) -> date | None:
    """Return on which day something ends that is given "once", or for "12 months"; None for what goes on."""
    if not words:
        return None
    months = 0 if words == "once" else int(words.split()[0])
    place = since.year * 12 + since.month - 1 + months
    year, month = place // 12, place % 12 + 1
    return date(year, month, min(since.day, monthrange(year, month)[1]))


_READINGS = {
    "case.opened": Aid.case_opened,
    "flow.started": Aid.flow_started,
    "clue.submitted": Aid.clue_submitted,
    "clue.corrected": Aid.clue_corrected,
    "clue.withdrawn": Aid.clue_gone,
    "clue.linked": Aid.clue_moved,
    "clue.split": Aid.clue_moved,
    "task.completed": Aid.decided,
    "task.deemed": Aid.decided,
    "task.outcome_recorded": Aid.decided,
    "case.voided": Aid.voided,
    "case.moved": Aid.led_on,
    "case.reopened": Aid.reopened,
    "person.died": Aid.died,
    "person.moved": Aid.moved,
    "residence.moved": Aid.merged,
}
