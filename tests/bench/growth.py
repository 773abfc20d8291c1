"""What more cases cost: each list, a case, a search, a report and a step at every size, on both kinds of database.

Beside them, in the same run and on the same rows, what a page costs at any depth otherwise, see `depth`. Every other
figure is the 95th of 100: of pages from the first on, of three kinds of reader, each page asked a second time.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from depth import OURS, depths
from whole import whole_pages

from databases import KINDS
from scale.browsers import quantile
from scale.desks import LISTS, READERS, searches
from scale.loading import is_server
from scale.seeds import COUNTY, NOW, Seed
from scale.sites import Site, site_on
from xunfang.actions.deployment import Actor
from xunfang.actions.handling import claim
from xunfang.actions.submitting import submit
from xunfang.desk.faces.ledgers import LedgerAsked
from xunfang.desk.ledgers import LedgerDesk
from xunfang.garbage import keep_for_good
from xunfang.identity import make_id
from xunfang.rulebook.acts import ACTS
from xunfang.rules.sample import sample_answers
from xunfang.store import Case, Clue, Person, Task, connection
from xunfang.store.reading.lists import CaseFilter
from xunfang.store.scoped import ScopedReader

PAGES = 20
SHOWN = ("queue", "supervision", "cases", "papers", "duties", "dispatch", "inbox", "record", "ledger of cases")
WHO = ("centre", "department", "village")
clock: Callable[[], float] = time.perf_counter
"""By which pages are timed."""


def growth(sizes: list[int], kinds: Sequence[str] = KINDS, *, busy: bool = False, kept: Path | None = None) -> None:
    """Print a table for each kind of database, a column for each size (in cases); a million take 50 GB of disk.

    With `busy` the time is the processor's, of the program and of the server's process together: for a machine on
    which others compute. The counties can be `kept` in a folder, and are taken from there the next time.
    """
    print(f"milliseconds of {'the processor' if busy else 'the clock on the wall'}")
    for kind in kinds:
        with site_on(kind, kept and kept / kind) as site:
            found = [_measured(site, size, busy=busy) for size in sizes]
            _print(kind, sizes, found)


def _processor(seed: Seed) -> Callable[[], float]:
    """Return a clock of what this process and, on a server, its own process there have used of the processor."""
    if not is_server(seed.database):
        return time.process_time
    with connection(seed.database):
        server_process = int(seed.database.run("SELECT pg_backend_pid()").fetchone()[0])
    file = Path(f"/proc/{server_process}/schedstat")
    return lambda: time.process_time() + int(file.read_text().split()[0]) / 1e9


def _measured(site: Site, size: int, *, busy: bool) -> dict[str, float]:
    global clock
    if (more := size - site.cases) > 0:
        site.grow([*site.light, site.moulds[0]], more)  # and one that is archived
    seed = site.seed
    clock = _processor(seed) if busy else time.perf_counter
    keep_for_good()  # as every process does that serves
    with connection(seed.database, COUNTY) as reader:
        found = {name: _milliseconds(_pages(reader, name)) for name in SHOWN}
        found |= _ones(reader)
    found["a page of a ledger, in words"] = _milliseconds(_ledgers(seed))
    found["report (act)"] = _milliseconds(_reports(seed))
    found["claim (act)"] = _milliseconds(_claims(seed))
    whole = whole_pages(seed, _timed, PAGES)
    found |= {f"整页：{name}": _milliseconds(iter(lasted)) for name, lasted in whole.items()}
    return found | depths(seed)


def _milliseconds(lasted: Iterator[float]) -> float:
    return quantile(list(lasted), 0.95) * 1000


def _timed(work: Callable[[], Any]) -> float:
    begun = clock()
    work()
    return clock() - begun


def _pages(reader: Any, name: str) -> Iterator[float]:
    """Yield how long pages take, one after another from the first, each asked twice; the second time counts."""
    for who in WHO:
        desk, after = ScopedReader(reader, READERS[who]), ""
        for _ in range(PAGES):
            page = LISTS[name](desk, after)
            yield _timed(lambda desk=desk, after=after: LISTS[name](desk, after))  # type: ignore[misc]
            if not (after := page.next):
                break


def _ledgers(seed: Seed) -> Iterator[float]:
    """Yield how long whole pages of a wide ledger take: found, read and told in words, each asked a second time."""
    desk, ledger, nothing = LedgerDesk(seed.deployment), "clue-ledger", LedgerAsked()
    for who in ("centre", "village"):
        scope, after = READERS[who], ""
        reader = Actor(scope.account, "测试", COUNTY, scope.unit, scope.division, ("clerk",), ACTS)
        for _ in range(PAGES):
            page = desk.page(reader, ledger, nothing, NOW, after)
            yield _timed(lambda reader=reader, after=after: desk.page(reader, ledger, nothing, NOW, after))  # type: ignore[misc]
            if not (after := page.next):
                break


def _ones(reader: Any) -> dict[str, float]:
    desk, chance = ScopedReader(reader, READERS["centre"]), random.Random(1)
    cases = [item.case for item in desk.cases(CaseFilter(show="current")).items]
    file = {"a case": _milliseconds(_timed(lambda: desk.case_file(chance.choice(cases))) for _ in range(PAGES))}
    clue = next(found for case in cases if (found := reader.first(Clue, case=case)))
    one = reader.find(Case, clue.case)
    person = reader.find(Person, one.person)
    for name, asked in searches(person.name, one.number, clue.receipt[:8]).items():
        file[f"search {name}"] = _milliseconds(_timed(lambda asked=asked: asked(desk, "")) for _ in range(PAGES))  # type: ignore[misc]
    return file


def _actor(unit: str, *roles: str) -> Actor:
    return Actor(f"bench-{unit}", "测速", COUNTY, unit, "370304", roles, ACTS)


def _reports(seed: Seed) -> Iterator[float]:
    rulebook = seed.rulebook
    answers = {**sample_answers(rulebook, rulebook.forms["clue-report"]), "needs": ["medical"]}
    answers |= {"found_at": f"{NOW:%Y-%m-%dT}08:30"}
    chance, actor = random.Random(uuid4().int), _actor(f"village:{answers['residence']}", "reporter")
    for _ in range(PAGES):
        number = make_id("370304", NOW.date().replace(year=chance.randrange(1931, 1990)), chance.randrange(1, 999, 2))
        entry = {**answers, "id_number": number}
        yield _timed(lambda entry=entry: submit(seed.deployment, actor, "clue-report", entry, uuid4().hex, NOW))  # type: ignore[misc]


def _claims(seed: Seed) -> Iterator[float]:
    with connection(seed.database, COUNTY) as reader:
        found = reader.select(Task, limit=200, jurisdiction=COUNTY, status="open", role="lead", state="handling")
    for task in found[:PAGES]:
        yield _timed(lambda task=task: claim(seed.deployment, _actor(task.unit), task.id, task.version, NOW))  # type: ignore[misc]


def _print(kind: str, sizes: list[int], found: list[dict[str, float]]) -> None:
    print(f"{kind}, ms (95 of 100)".ljust(32) + "".join(f"{size:>12,} cases" for size in sizes))
    for name in found[0]:
        print(f"  {name:<30}" + "".join(f"{_told(each, name):>18}" for each in found), flush=True)


def _told(found: dict[str, float], name: str) -> str:
    """Return a figure and, of what is not ours, how many times ours it is."""
    place, _, way = name.partition(": ")
    times = f"{found[name] / found[f'{place}: {OURS}']:,.0f}x  " if way and way != OURS else ""
    return f"{times}{found[name]:,.1f}"
