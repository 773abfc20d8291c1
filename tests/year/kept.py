"""What the system has of the year in its tables, as the same figures that the recount comes to."""

from collections import Counter
from typing import Any

from xunfang.casework.rows import (
    AgendaItem,
    Amendment,
    Delivery,
    Entitlement,
    Household,
    ListedPerson,
    OwedThing,
    Person,
    Publication,
    Sitting,
    Visit,
)
from xunfang.clock import local
from xunfang.store import Case, Database, DutyPeriod, Event, Notice, Task, connection
from xunfang.store.reading.feeds import everybody_on
from year.recount import Figures


class Tables:
    """The rows of one jurisdiction, read once."""

    def __init__(self, database: Database, jurisdiction: str) -> None:
        self.database, self.jurisdiction = database, jurisdiction
        self.cases, self.tasks = self.every(Case), self.every(Task)
        self.duties, self.entitlements = self.every(DutyPeriod), self.every(Entitlement)
        self.things = self.every(OwedThing)
        self.visits, self.papers = self.every(Visit), self.every(Notice)

    def every(self, row: type[Any], **where: Any) -> list[Any]:
        with connection(self.database, self.jurisdiction) as reader:
            return list(reader.every(row, jurisdiction=self.jurisdiction, **where))

    def listed(self) -> list[ListedPerson]:
        """Return everybody on any list."""
        with connection(self.database, self.jurisdiction) as reader:
            return [person for sent in self.every(Delivery) for person in everybody_on(reader, sent.id)]

    def sizes(self) -> dict[str, int]:
        """Return how much there is of everything."""
        named = ("cases", "tasks", "duties", "entitlements", "visits", "papers", "things")
        others = {"events": Event, "people": Person, "households": Household, "lists": Delivery}
        others |= {"publications": Publication}
        return {name: len(getattr(self, name)) for name in named} | {
            name: len(self.every(row)) for name, row in others.items()
        }

    def figures(self) -> Figures:
        """Return every figure, each under what it counts."""
        found: Figures = Counter()
        for case in self.cases:
            found.update(_of_case(case))
        owed = {duty.id: duty for duty in self.duties}
        for task in self.tasks:
            found.update(_of_task(task, owed.get(task.about)))
        for paper in self.papers:
            found.update(("papers delivered", paper.kind, each["on"][:7]) for each in paper.deliveries)
        for made in (self._written(), self._lists(), self._boards()):
            found.update(made)
        for visit in self.visits:
            found["visits", visit.residence, f"{visit.visited_on:%Y-%m}"] += 1
        for told in self.every(Event, name="notice.numbered"):
            found["papers numbered", str(told.told["kind"]), _month(told.at)] += 1
        return found

    def _lists(self) -> Figures:
        """Return how departments' lists ended, and what became of those in them."""
        found: Figures = Counter()
        lists = {sent.id: sent for sent in self.every(Delivery)}
        for sent in lists.values():
            found["lists", sent.feed, sent.status, _month(sent.received_at)] += 1
        for person in self.listed():
            sent = lists[person.delivery]
            found["people on lists", sent.feed, person.verdict, _month(sent.received_at)] += 1
        return found

    def _boards(self) -> Figures:
        """Return what was published, until when, and how it came down."""
        found: Figures = Counter()
        for posted in self.every(Publication):
            found["published", posted.board, posted.state, _month(posted.posted_at)] += 1
            found["published until", posted.board, _month(posted.until) if posted.until else ""] += 1
            down, until = posted.taken_down_at, posted.until
            ended = down and (until is None or down >= until)
            how = "cut short" if posted.interrupted else "to the end" if ended else "otherwise"
            found["taken down", posted.board, how if down else "hangs", _month(down) if down else ""] += 1
        return found

    def _written(self) -> Figures:
        """Return what was written into the registry by hand, and what meetings did."""
        found: Figures = Counter()
        for made in self.every(Amendment):
            if made.what in ("die", "move"):
                found["deaths" if made.what == "die" else "moves", _month(made.made_at)] += 1
        for sitting in self.every(Sitting, status="closed"):
            found["sitting.closed", _month(sitting.closed_at)] += 1
        for item in self.every(AgendaItem):
            if item.status in ("decided", "postponed"):
                found[f"sitting.item_{item.status}", _month(item.decided_at)] += 1
        return found


def _month(moment: Any) -> str:
    return f"{local(moment):%Y-%m}"


def _of_case(case: Any) -> list[tuple[str, ...]]:
    found = [("cases opened", case.flow, _month(case.opened_at)), ("cases", case.flow, case.residence)]
    if case.closed_at:
        found.append(("cases closed", case.flow, case.ended_as or case.outcome, _month(case.closed_at)))
    else:
        found.append(("cases open", case.flow, case.residence))
    return found


def _of_task(task: Any, owed: Any) -> list[tuple[str, ...]]:
    kind = "duties" if owed else "tasks"
    found: list[tuple[str, ...]] = []
    if owed:
        found.append(("duties", owed.duty, owed.unit, owed.status))
    elif not task.case:
        return found
    else:
        found.append(("tasks", task.state, task.status if task.ended_at else "open"))
    if task.status == "done":
        found.append(
            (f"{kind} done", task.unit, _month(task.ended_at), "in time" if task.completed_in_time else "late")
        )
    if task.overdue_at:
        month = _month(task.overdue_at)
        found += [("breaches", task.unit, month), ("breaches told", task.unit, month)]
    return found
