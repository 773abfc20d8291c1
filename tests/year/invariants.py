"""What must hold at the end of a year, whatever happened in it."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any

from xunfang.casework.rows import Delivery
from xunfang.casework.terms import deadline_of
from xunfang.rules.units import climb
from xunfang.store import Clue, Dispatch, Job, Wait, connection, verify_chain
from year.county import County
from year.kept import Tables

_HELD = ("granted", "suspended")


def broken(county: County) -> list[str]:
    """Return everything that does not hold."""
    tables = Tables(county.database, county.jurisdiction)
    found = [*_owned(county, tables), *_timed(county, tables), *_duties(tables), *_owed_once(tables)]
    found += [*_papers(tables), *_entitlements(tables), *_lists(tables), *_jobs(county)]
    if (place := verify_chain(county.database, county.keys.chain)) is not None:
        found.append(f"the chain breaks at {place}")
    if any(county.lost):
        found.append(f"jobs were missing on {sum(map(bool, county.lost))} Mondays: {sum(county.lost)}")
    return found


def _owned(county: County, tables: Tables) -> Iterator[str]:
    """No case is open that nobody has and that waits for nothing; no task lies where nobody is, nor above."""
    open_tasks = [task for task in tables.tasks if task.ended_at is None]
    busy = {task.case for task in open_tasks}
    with connection(county.database) as reader:
        busy |= {each.case for each in reader.every(Dispatch, status="proposed")}
        busy |= {wait.case for wait in reader.every(Wait, ended_at=None)}
        told = Counter(clue.case for clue in reader.every(Clue, jurisdiction=county.jurisdiction))
    for case in tables.cases:
        if case.closed_at is None and case.id not in busy:
            yield f"case {case.number} is open in {case.flow}.{case.state}, and nobody has it ({told[case.id]} clues)"
    book = county.now()
    for task in open_tasks:
        if not any(county.by_unit.get(unit) for unit in (task.unit, *climb(book, task.unit))):
            yield f"task {task.id} is owed by nobody: {task.unit}"


def _timed(county: County, tables: Tables) -> Iterator[str]:
    """What is open is due at a moment, or stands still, or its rules set no limit."""
    books, cases = county.deployment.rulebooks, {case.id: case for case in tables.cases}
    for task in tables.tasks:
        if task.ended_at or task.due_at or task.suspended_at or task.role != "lead":
            continue
        book = books.release(cases[task.case].release if task.case else task.release)
        if task.subject == "duty" or deadline_of(book, task):
            yield f"task {task.id} in {task.flow}.{task.state} has no due moment, and no reason why"


def _owed_once(tables: Tables) -> Iterator[str]:
    """Nobody is asked to be visited for two periods at once by one form, as often as it is asked."""
    asked: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for thing in tables.things:
        if thing.status in ("owed", "missed"):
            asked[thing.subject, thing.matter, thing.about, thing.every].append(thing)
    for (subject, matter, about, _), things in asked.items():
        things.sort(key=lambda thing: thing.begins_on)
        twice = [other for one, other in pairwise(things) if subject == "visit" and other.begins_on <= one.ends_on]
        yield from (f"{matter} of {about} is asked twice in {other.begins_on}" for other in twice)


def _lists(tables: Tables) -> Iterator[str]:
    """What was handed in has come to an end, or lies with somebody; a list's own counts are those of its rows."""
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    for person in tables.listed():
        rows[person.delivery][person.verdict] += 1
    for sent in tables.every(Delivery):
        if sent.status in ("received", "taking", "undoing"):
            yield f"list {sent.id} is still {sent.status}"
        if +Counter(sent.counts) != rows[sent.id]:
            yield f"list {sent.id} says {dict(sent.counts)}, its rows come to {dict(rows[sent.id])}"


def _duties(tables: Tables) -> Iterator[str]:
    """Each unit owes each duty once for a period, and what is owed has its one task."""
    owed = [one for one in tables.duties if one.status not in ("waived", "replaced", "withdrawn")]
    times = Counter((one.duty, one.unit, one.every, one.begins_on, one.alert, one.turn) for one in owed)
    yield from (f"owed {n} times: {' '.join(map(str, what))}" for what, n in times.items() if n > 1)
    open_tasks = Counter(task.about for task in tables.tasks if task.subject == "duty" and task.ended_at is None)
    about = Counter((thing.matter, thing.about) for thing in tables.things if thing.status == "owed")
    yield from (f"{matter} of {whom} is owed {n} times at once" for (matter, whom), n in about.items() if n > 1)
    wholes = {one.id for one in tables.duties}
    yield from (
        f"{thing.matter} of {thing.about} is owed by nobody" for thing in tables.things if thing.period not in wholes
    )
    for one in tables.duties:
        if open_tasks[one.id] != (one.status == "owed"):
            yield f"{one.duty} of {one.unit} is {one.status}, with {open_tasks[one.id]} open tasks"


def _papers(tables: Tables) -> Iterator[str]:
    series: dict[tuple[str, Any], list[int]] = defaultdict(list)
    for paper in tables.papers:
        if paper.n:
            series[paper.series, paper.year].append(paper.n)
    for name, taken in series.items():
        if sorted(taken) != list(range(1, len(taken) + 1)):
            yield f"the numbers of {name} have a gap or come twice"
    numbers = Counter(case.number for case in tables.cases)
    yield from (f"case number {number} comes {n} times" for number, n in numbers.items() if n > 1)


def _entitlements(tables: Tables) -> Iterator[str]:
    """What goes on of one programme goes on for a person once at a time."""
    held: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in tables.entitlements:
        if row.withdrawn_at is None and row.state in _HELD:
            held[row.person, row.programme].append(row)
    for (person, programme), rows in held.items():
        going = [row for row in rows if row.until is None]
        if len(going) > 1:
            yield f"{programme} of {person} goes on {len(going)} times"
        for row in going:
            if any(other is not row and _ends(other) >= row.since and other.follows == row.id for other in rows):
                yield f"{programme} of {person} overlaps with what came before it"


def _ends(row: Any) -> date:
    return date.max if row.until is None else row.until


def _jobs(county: County) -> Iterator[str]:
    with connection(county.database) as reader:
        for job in reader.every(Job):
            if job.last_error or job.status == "parked":
                yield f"job {job.kind} failed: {job.last_error}"
