"""Who reads which lists: everybody from the leader of a county to a village nobody reports from."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from scale.seeds import COUNTY, NOW
from xunfang.store import Scope
from xunfang.store.reading.duties import Shown
from xunfang.store.reading.ledger_wanted import LedgerFilter, Told
from xunfang.store.reading.lists import CaseFilter
from xunfang.store.reading.paging import WINDOW
from xunfang.store.reading.record import RecordFilter
from xunfang.store.reading.wanted import Horizon, Nearness, QueueFilter
from xunfang.store.scoped import ScopedReader

_ACTS = frozenset({"audit", "administer", "operate", "claim"})
HORIZON = Horizon(NOW, NOW, NOW)
MONTH = timedelta(days=31)
_PLACE = LedgerFilter(places=("370304001", "370304102"), former=("370304103207",))
_OLDEST = LedgerFilter(oldest=True)
_CLUES, _RARE = (LedgerFilter(among=((Told.FLOW, (flow,)),)) for flow in ("clue", "none"))


def _late_below(urgency: str = "") -> QueueFilter:
    return QueueFilter(nearness=Nearness.OVERDUE, below=True, pressing=True, urgency=urgency)


def _reader(unit: str, division: str = "") -> Scope:
    return Scope(f"account-{unit}", COUNTY, unit, division, _ACTS)


READERS = {
    "centre": _reader("service-centre", "370304"),
    "department": _reader("medical-insurance-bureau"),
    "idle department": _reader("forestry-bureau"),
    "township": _reader("township:370304001", "370304001"),
    "empty township": _reader("township:370304109", "370304109"),
    "village": _reader("village:370304001200", "370304001200"),
    "empty village": _reader("village:370304109299", "370304109299"),
    "merged": Scope(
        "m",
        COUNTY,
        "township:370304001",
        "370304001",
        _ACTS,
        "",
        ("township:370304102",),
        ("370304103207",),
        ("370304102",),
    ),
    "of two villages": Scope("v", COUNTY, "village:x", "370304001200", _ACTS, served=("370304102200",)),
    "province": _reader("province", "37"),
    "keeper of rules": Scope("account-rules", COUNTY, "service-centre", "370304", frozenset({"edit-rules", "audit"})),
    "machinery": Scope.system("measuring", COUNTY),
}
Asked = Callable[[ScopedReader, str], Any]
LISTS: dict[str, Asked] = {
    "queue": lambda desk, after: desk.queue(QueueFilter(), HORIZON, after),
    "queue, mine": lambda desk, after: desk.queue(QueueFilter(mine=True), HORIZON, after),
    "queue, later": lambda desk, after: desk.queue(QueueFilter(nearness=Nearness.LATER), HORIZON, after),
    "queue, urgent ones": lambda desk, after: desk.queue(QueueFilter(urgency="emergency"), HORIZON, after),
    "queue, finished": lambda desk, after: desk.queue(QueueFilter(finished=True), HORIZON, after),
    "queue below": lambda desk, after: desk.queue(QueueFilter(below=True), HORIZON, after),
    "queue, of a step": lambda desk, after: desk.queue(QueueFilter(flow="clue", state="handling"), HORIZON, after),
    "queue, suspended": lambda desk, after: desk.queue(QueueFilter(status="suspended"), HORIZON, after),
    "supervision": lambda desk, after: desk.queue(QueueFilter(below=True, pressing=True), HORIZON, after),
    "supervision, late": lambda desk, after: desk.queue(_late_below(), HORIZON, after),
    "supervision, urgent ones": lambda desk, after: desk.queue(_late_below("emergency"), HORIZON, after),
    "cases": lambda desk, after: desk.cases(CaseFilter(show="current"), after),
    "cases, open": lambda desk, after: desk.cases(CaseFilter(show="open"), after),
    "cases, archived": lambda desk, after: desk.cases(CaseFilter(show="archived"), after),
    "cases, urgent ones": lambda desk, after: desk.cases(CaseFilter(urgency="emergency"), after),
    "cases, all": lambda desk, after: desk.cases(CaseFilter(), after),
    "papers": lambda desk, after: desk.notices(after),
    "papers, none of a kind": lambda desk, after: desk.notices(after, "draft", ["none"]),
    "papers to sign": lambda desk, after: desk.notices(after, "draft", ["transfer-slip"]),
    "dispatch": lambda desk, after: desk.dispatches(after),
    "reports": lambda desk, after: desk.reports(after),
    "inbox": lambda desk, after: desk.inbox(after),
    "inbox, unread": lambda desk, after: desk.inbox(after, unread_only=True),
    "duties": lambda desk, after: desk.duties(Shown.ALL, NOW, after),
    "duties, open": lambda desk, after: desk.duties(Shown.OPEN, NOW, after),
    "duties, late": lambda desk, after: desk.duties(Shown.LATE, NOW, after),
    "record": lambda desk, after: desk.record(RecordFilter(), after),
    "record, of a name": lambda desk, after: desk.record(RecordFilter(names=("person.revealed",)), after),
    "record, of somebody": lambda desk, after: desk.record(RecordFilter(account="paidan"), after),
    "record, of both": lambda desk, after: desk.record(RecordFilter(("task.claimed",), "yibao", NOW - MONTH), after),
    "events": lambda desk, after: desk.alerts(after),
    "ledger of cases": lambda desk, after: desk.ledger("case", _CLUES, after, WINDOW),
    "ledger of cases, rare": lambda desk, after: desk.ledger("case", _RARE, after, WINDOW),
    "ledger of cases, of a place": lambda desk, after: desk.ledger("case", _PLACE, after, WINDOW),
    "ledger of people, of a place": lambda desk, after: desk.ledger("person", _PLACE, after, WINDOW),
    "ledger of cases, oldest": lambda desk, after: desk.ledger("case", _OLDEST, after, WINDOW),
    "ledger of tasks, oldest": lambda desk, after: desk.ledger("task", _OLDEST, after, WINDOW),
    "ledger of duties, oldest": lambda desk, after: desk.ledger("duty", _OLDEST, after, WINDOW),
    "ledger of entitlements": lambda desk, after: desk.ledger("entitlement", LedgerFilter(), after, WINDOW),
    "ledger of visits": lambda desk, after: desk.ledger("visit", LedgerFilter(), after, WINDOW),
    "ledger of people": lambda desk, after: desk.ledger("person", LedgerFilter(), after, WINDOW),
    "ledger of clues": lambda desk, after: desk.ledger("clue", LedgerFilter(), after, WINDOW),
    "ledger of tasks": lambda desk, after: desk.ledger("task", LedgerFilter(), after, WINDOW),
    "ledger of papers": lambda desk, after: desk.ledger("notice", LedgerFilter(), after, WINDOW),
    "ledger of duties": lambda desk, after: desk.ledger("duty", LedgerFilter(), after, WINDOW),
}
BESIDE: dict[str, Callable[[ScopedReader], Any]] = {
    "queue": lambda desk: desk.queue_counts(QueueFilter(), HORIZON),
    "queue, urgent ones": lambda desk: desk.queue_counts(QueueFilter(urgency="emergency"), HORIZON),
    "supervision": lambda desk: desk.queue_counts(QueueFilter(below=True, pressing=True), HORIZON),
    "supervision, urgent ones": lambda desk: desk.queue_counts(_late_below("emergency"), HORIZON),
    "unread": lambda desk: desk.unread_count(),
    "dispatch": lambda desk: desk.desk_files(desk.dispatches()),
}
"""What pages ask beside their list."""


def searches(name: str, number: str, receipt: str) -> dict[str, Asked]:
    """Return the searches for a person's name, the number of a case, and a receipt."""
    numbered = LedgerFilter(number=number, indexes=("none",))
    return {
        "people by number": lambda desk, after: desk.ledger("person", numbered, after, WINDOW),
        "visits by number": lambda desk, after: desk.ledger("visit", numbered, after, WINDOW),
        "by name": lambda desk, after: desk.cases(CaseFilter(name=name), after),
        "by number": lambda desk, after: desk.cases(CaseFilter(number=number), after),
        "by receipt": lambda desk, after: desk.cases(CaseFilter(receipt=receipt), after),
    }


def pages(desk: ScopedReader, asked: Asked, most: int = 1000) -> Iterator[Any]:
    """Yield one page after another, to the last."""
    after = ""
    for _ in range(most):
        page = asked(desk, after)
        yield page
        after = page.next
        if not after:
            return
