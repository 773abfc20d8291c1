"""The year as people live it: what they report, how they handle it, what they hand in, and when."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, timedelta

from xunfang.actions.accounts import AccountChange, change_account
from xunfang.actions.staffing import hand_over
from xunfang.clock import local, local_date
from xunfang.errors import Refused
from xunfang.rules.rosters import made_by_roster
from xunfang.store import Account, Task, connection, transaction
from year.county import County, account_of
from year.directing import Directing
from year.handling import Handling
from year.keeping import Keeping
from year.opening import open_register
from year.paying import FORGOTTEN, Paying
from year.people import invented
from year.rules import Edition, villages

_NEW = """SELECT "n", "name", "case", "task" FROM "event" WHERE "n" > {mark} AND "name" IN (
    'task.opened', 'duty.opened', 'dispatch.proposed', 'notice.drafted', 'case.opened', 'case.closed',
    'task.extension_asked', 'task.suspended', 'case.waiting', 'clue.submitted', 'notice.issued',
    'publication.posted') ORDER BY "n\""""

_ANSWERS = {
    "dispatch.proposed": (1, 0.05, 1.6, "confirm"),
    "notice.drafted": (1, 0.05, 2, "sign"),
    "notice.issued": (0.5, 0.1, 4, "deliver"),
    "task.extension_asked": (1, 0.05, 1, "decide_extension"),
    "task.suspended": (1, 2, 15, "resume"),
    "case.closed": (1, 1, 20, "put_away"),
    "case.waiting": (0.08, 1, 5, "object_to"),
    "publication.posted": (0.4, 0.1, 4, "object_by_form"),
    "clue.submitted": (0.09, 0.01, 3, "correct"),
}
"""How often something follows an event, within how many days, and what."""
Answer = tuple[float, Callable[[str], object], str]


class Life(Directing, Handling, Keeping, Paying):
    """A year lived in a county: a clue for every six people, ten visits for every three."""

    def __init__(self, county: County, editions: tuple[Edition, ...], people: int, seed: int) -> None:
        super().__init__(county, seed)
        self.editions = editions
        self.clues, self.visits = max(1, people // 6), people * 10 // 3
        self.people = invented(county.rulebook, list(villages(county.rulebook)), people, self.chance)
        self.moved, self._seen = 0, 0
        self.opening, self.register = open_register(county, self.people, self.chance)

    # days

    def live(self, days: list[date]) -> None:
        """Live through some days, one after another."""
        coming = [edition for edition in self.editions if edition.at > self.county.at]
        for day in days:
            self.county.begin_day(day)
            self._plan(day)
            for edition in coming:
                if local_date(edition.at) == day:
                    self.agenda.put(edition.at, self._publish, edition)
            self._until(day + timedelta(days=1))

    def _until(self, day: date) -> None:
        end = self.agenda.within(day, 0, 0)
        self._look()
        while found := self.agenda.next_until(end):
            moment, deed, about = found
            self.county.pass_until(moment)
            self._look()
            try:
                deed(*about)
            except Refused as refusal:
                self.refused[f"{deed.__name__}: {refusal.code or type(refusal).__name__}: {str(refusal)[:60]}"] += 1
            self._look()

    def _publish(self, edition: Edition) -> None:
        self.moved += self.county.go_by(edition)

    def _plan(self, day: date) -> None:
        works = self.county.rulebook.calendar.day(day).is_workday
        for _ in range(self._about(self.clues * (1.25 if works else 0.4) / 365)):
            self.agenda.put(self.agenda.within(day), self.report)
        if self.chance.random() < self.clues * 0.03 / 365:
            self.agenda.put(self.agenda.within(day, 0.2, 23.9), self.report, True)
        for _ in range(self._about(self.visits * (1.25 if works else 0.4) / 365)):
            self.agenda.put(self.agenda.within(day), self.visit)
        for often, deed in ((0.012, self.die), (0.02, self.move_away), (0.03, self.categorise)):
            for _ in range(self._about(len(self.people) * often / 365)):
                self.agenda.put(self.agenda.within(day), deed)
        if works and self.chance.random() < 0.1:
            self.agenda.put(self.agenda.within(day), self.leave)
        if works and self.chance.random() < 0.15 and self.sends_a_list():
            self.agenda.put(self.agenda.within(day), self.send_of_an_event)

    def _about(self, mean: float) -> int:
        """Return a whole number that is so much on average."""
        return int(mean) + (self.chance.random() < mean % 1)

    # what is new

    def _look(self) -> None:
        """Look what came about, and plan what people will do about it."""
        with connection(self.county.database) as reader:
            mark = reader.database.dialect.mark
            found = reader.database.run(_NEW.format(mark=mark), (self._seen,)).fetchall()
        for n, name, case, task in found:
            self._seen = n
            for days, deed, about in self._answers(name, case, task):
                self.agenda.put(self.agenda.at_work(self.county.rulebook.calendar, self.county.at, days), deed, about)

    def _answers(self, name: str, case: str, task: str) -> Iterator[Answer]:
        """Yield what people do about an event: after how many days, what, and to what."""
        if name == "task.opened":
            yield self.patience(), self.work_on, task
        elif name == "duty.opened":
            yield from self._when_owed(task)
        elif name == "case.opened":
            yield from self._about_a_new_case(case)
        else:
            often, soon, late, deed = _ANSWERS[name]
            if self.chance.random() < often:
                yield self.chance.uniform(soon, late), getattr(self, deed), task if name.startswith("task") else case

    def _about_a_new_case(self, case: str) -> Iterator[Answer]:
        chance = self.chance.random()
        for limit, deed in ((0.015, self.withdraw), (0.03, self.void), (0.05, self.link), (0.08, self.note)):
            if chance < limit:
                yield self.chance.uniform(0.02, 6), deed, case
                return

    def _visits_do(self, owed: Task) -> bool:
        """Whether nothing is handed in for what is owed: visits do it, or the roster of the month."""
        rulebook = self.county.now()
        return bool(rulebook.duties[owed.state].satisfied_by or made_by_roster(rulebook, owed.state))

    def _when_owed(self, task: str) -> Iterator[Answer]:
        owed = self.county.find(Task, task)
        if owed and owed.state in {roster.duty for roster in self.county.now().rosters.values()}:
            if self.chance.random() >= FORGOTTEN:
                yield self.chance.uniform(3, 9), self.draft_roster, task
            return
        if owed is None or self._visits_do(owed) or self.chance.random() < 0.04:  # somebody forgets
            return
        left = ((owed.due_at - self.county.at).total_seconds() / 86400) if owed.due_at else 20
        share = self.chance.uniform(0.02, 0.98) if self.chance.random() < 0.88 else self.chance.uniform(1.01, 1.3)
        yield max(0.01, left * share), self.hand_in, task

    # staff
    def leave(self) -> None:
        """Let somebody leave whose work goes to a colleague, and somebody new come."""
        leaving = self.chance.choice([one for one in self.county.by_id.values() if not one.login.startswith("office")])
        admin = self.county.one_who("administer")
        heirs = [one for one in self.county.by_unit[leaving.unit] if one.id != leaving.id]
        with suppress(Refused):  # nothing in hand
            told = (self.county.deployment, admin, leaving.id, heirs[0].id if heirs else "")
            self.done["tasks handed over"] += hand_over(*told, self.county.at)
        change_account(self.county.deployment, admin, leaving.id, AccountChange(state="disabled"), self.county.at)
        self._come(leaving)
        self.county.meet_people()
        self.done["people who left"] += 1

    def _come(self, leaving: Account) -> None:
        login = f"{leaving.unit}#{local(self.county.at):%m%d%H%M%S}"
        new = account_of(self.county.rulebook, leaving.unit, leaving.roles, leaving.division, login, self.county.at)
        with transaction(self.county.database, "") as tx:
            tx.insert(new)
