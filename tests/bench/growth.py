"""What more cases cost: each list, a case, a search, a report and a step at every size, on both kinds of database.

Beside them, in the same run and on the same rows: a page of cases as a view of models reads it that counts all rows and
skips those before (LIMIT, OFFSET, as Flask-Admin's ModelView does). Every figure is the 95th of 100: of pages from the
first on, of three kinds of reader, each page asked a second time.
"""

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

from peewee import fn

import databases
from databases import KINDS, kept_in
from scale.browsers import quantile
from scale.desks import LISTS, READERS, searches
from scale.growing import ground, grow
from scale.loading import loading
from scale.moulds import CaseMould, moulds
from scale.seeds import COUNTY, NOW, Seed, moved, played
from xunfang.actions.deployment import Actor
from xunfang.actions.handling import claim
from xunfang.actions.submitting import submit
from xunfang.identity import make_id
from xunfang.rulebook.acts import ACTS
from xunfang.rules.sample import sample_answers
from xunfang.store import Case, Clue, Person, Task, connection
from xunfang.store.reading.lists import CaseFilter
from xunfang.store.rows import model_of
from xunfang.store.scoped import ScopedReader

PAGES = 20
SHOWN = ("queue", "supervision", "cases", "papers", "duties", "dispatch", "inbox", "record")
WHO = ("centre", "department", "village")


def growth(sizes: list[int]) -> None:
    """Print a table for each kind of database, a column for each size (in cases)."""
    for kind in KINDS:
        with ExitStack() as held:
            held.enter_context(kept_in(kind))
            folder = Path(held.enter_context(tempfile.TemporaryDirectory()))
            first = played(folder)
            seed = moved(first, folder, databases.address(folder, "grown.db"))
            first.database.close()
            made_of, found = light(seed), []
            for size in sizes:
                found.append(_measured(seed, made_of, size))
            _print(kind, sizes, found)
            seed.database.close()


def light(seed: Seed) -> list[CaseMould]:
    """Return moulds of cases with at most three tasks, most of them open, and of one that is archived."""
    all_ = moulds(seed.database, seed.deployment.keys, COUNTY)
    return [mould for mould in all_ if mould.tasks <= 3 and mould.open_tasks] + all_[:1]


def _measured(seed: Seed, made_of: list[CaseMould], size: int) -> dict[str, float]:
    with connection(seed.database, COUNTY):
        there = int(seed.database.run('SELECT COUNT(*) FROM "case"').fetchone()[0])
    soil = ground(seed.database, COUNTY, seed.release)
    with loading(seed.database):
        grown = grow(seed.database, seed.deployment.keys, soil, made_of, size - there)
    print(f"  {grown.cases:,} cases more in {grown.seconds:.0f} s", flush=True)
    with connection(seed.database, COUNTY) as reader:
        found = {name: _milliseconds(_pages(reader, name)) for name in SHOWN}
        found |= _ones(reader)
    found["report (act)"] = _milliseconds(_reports(seed))
    found["claim (act)"] = _milliseconds(_claims(seed))
    return {**found, **_others(seed, size)}


def _milliseconds(lasted: Iterator[float]) -> float:
    return quantile(list(lasted), 0.95) * 1000


def _timed(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _pages(reader: Any, name: str) -> Iterator[float]:
    """Yield how long pages take, one after another from the first, each asked twice; the second time counts."""
    for who in WHO:
        desk, after = ScopedReader(reader, READERS[who]), ""
        for _ in range(PAGES):
            page = LISTS[name](desk, after)
            yield _timed(lambda desk=desk, after=after: LISTS[name](desk, after))  # type: ignore[misc]
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


def _others(seed: Seed, size: int) -> dict[str, float]:
    """Return how long the first and the last page of all cases take that are counted and skipped."""
    model = model_of(Case)
    ordered = model.select().order_by(model.opened_at.desc(), model.id.desc()).limit(50)
    all_ = model.select(fn.COUNT(model.id).alias("n"))
    found = {}
    with connection(seed.database, COUNTY) as reader:
        for name, skipped in (("first", 0), ("last", size // 50 * 50 - 50)):
            page = ordered.offset(skipped)
            found[f"COUNT and OFFSET, {name}"] = _milliseconds(
                _timed(lambda page=page: (reader.fetch(all_), reader.fetch(page)))  # type: ignore[misc]
                for _ in range(5)
            )
    return found


def _print(kind: str, sizes: list[int], found: list[dict[str, float]]) -> None:
    print(f"{kind}, ms (95 of 100)".ljust(28) + "".join(f"{size:>12,} cases" for size in sizes))
    for name in found[0]:
        print(f"  {name:<26}" + "".join(f"{each[name]:>18.1f}" for each in found), flush=True)
