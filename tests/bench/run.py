"""`make bench`: how fast checks, decisions and intakes are, each beside a named alternative measured in the same run.

Prints ratios; asserts nothing. One core: one thread, no worker, no web.
"""

import argparse
import json
import sqlite3
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from checks import checks
from growth import growth
from jsonschema import Draft202012Validator
from lists import lists
from minute import minute
from planning import planning
from steps import steps
from studio import EDITS, studio
from tables import tables
from workbooks import sheets

from databases import KINDS
from xunfang.access_rules import AccessRules
from xunfang.actions.deployment import Actor, Deployment, Rulebooks
from xunfang.actions.publishing import publish
from xunfang.actions.submitting import submit
from xunfang.clock import parse
from xunfang.identity import make_id
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook
from xunfang.rules.explain import explanation
from xunfang.rules.intake import decide
from xunfang.rules.sample import sample_answers
from xunfang.rules.submission import cleaned
from xunfang.store import FileKeys, FileStore, Keys, connection, open_database, upgrade

ROOT = Path(__file__).resolve().parents[2]
AT = parse("2026-09-29T10:00")
FORM = "clue-report"


def rate(work: Callable[[int], object], seconds: float, clock: Callable[[], float] = time.process_time) -> float:
    """Return how often per second `work` runs, its best of many rounds of a twentieth of a second each.

    What only computes is measured in the seconds of its own core, whatever else the machine does meanwhile; what
    waits for the disk is given the clock on the wall.
    """
    best = 0.0
    for _ in range(int(seconds * 20)):
        done, begun = 0, clock()
        while (passed := clock() - begun) < 0.05:
            for _ in range(20):
                work(done)
                done += 1
        best = max(best, done / passed)
    return best


def decisions(rulebook: Rulebook, answers: dict[str, object], seconds: float) -> None:
    """Whole decisions: validate, compute, route, deadline with explanation, reminders."""
    form = rulebook.forms[FORM]  # as a page sends it: the fields it shows, no others
    several: tuple[list[str], ...] = (["medical"], ["basic-living"], ["education", "housing"])
    varied = [cleaned(form, {**answers, "needs": needs}) for needs in several]
    for needs in varied:
        assert not decide(rulebook, FORM, needs, AT).problems
    ours = rate(lambda n: decide(rulebook, FORM, varied[n % 3], AT), seconds)
    shown = rate(lambda n: explanation(rulebook, decide(rulebook, FORM, varied[n % 3], AT)), seconds)
    schema = Draft202012Validator(dict(rulebook.forms[FORM].schema))
    other = rate(lambda n: schema.is_valid(varied[n % 3]), seconds)
    print(f"whole decisions                           {ours:>10,.0f} /s")
    print(f"  with the explanation as JSON data       {shown:>10,.0f} /s")
    print(f"  jsonschema 4 validating alone           {other:>10,.0f} /s   ratio {ours / other:.1f}")


def raw_commits(folder: Path, seconds: float) -> float:
    """Commits of one small row with the same pragmas: what the disk and SQLite allow."""
    database = sqlite3.connect(folder / "raw.db", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT)")

    def one(_: int) -> None:
        database.execute("BEGIN IMMEDIATE")
        database.execute("INSERT INTO t (body) VALUES (?)", ("x" * 400,))
        database.execute("COMMIT")

    return rate(one, seconds, time.perf_counter)


def open_trial(folder: Path, rulebook: Rulebook) -> Deployment:
    """Return a deployment on an empty database in a folder."""
    provider = FileKeys(folder / "data.key")
    provider.create()
    keys = Keys(provider)
    database = open_database(f"sqlite:///{folder / 'bench.db'}")
    upgrade(database, keys, AT)
    files = FileStore(folder / "files", keys)
    nobody_limits = AccessRules(reports_hourly=0)
    books = Rulebooks(database, {rulebook.id: rulebook})
    deployment = Deployment(database, keys, files, books, access=nobody_limits)
    publish(deployment, read_files(ROOT), AT)
    return deployment


def people(count: int) -> list[str]:
    """Return invented id numbers, all different, of men as the sample answers tell of."""
    born = parse("1950-01-01").date()
    return [make_id("370304", born + timedelta(days=n // 450), n % 450 * 2 + 1) for n in range(count)]


def intakes(rulebook: Rulebook, answers: dict[str, object], seconds: float) -> None:
    """Whole committed intakes: person, submission, clue, case, dispatch, task, reminders, events; one commit each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        deployment = open_trial(folder, rulebook)
        village = str(answers["residence"])
        acts = frozenset({"submit"})
        actor = Actor("bench", "测速", rulebook.id, f"village:{village}", village, ("reporter",), acts)
        numbers = people(200_000)

        def one(n: int) -> None:
            entry = {**answers, "id_number": numbers[next_person()]}
            submit(deployment, actor, FORM, entry, uuid4().hex, AT)

        taken = iter(range(len(numbers)))

        def next_person() -> int:
            return next(taken)

        with connection(deployment.database):
            ours = rate(one, seconds, time.perf_counter)
        raw = raw_commits(folder, seconds)
        print(f"committed intakes                         {ours:>10,.0f} /s")
        print(f"  raw SQLite commits of one row           {raw:>10,.0f} /s   ratio {ours / raw:.2f}")


def main() -> None:
    """Run every measurement."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=3.0, help="for each measurement")
    parser.add_argument(
        "--sizes",
        type=int,
        nargs="*",
        default=[10_000],
        help="in cases, for what growth costs; a million takes an hour",
    )
    parser.add_argument("--only-growth", action="store_true")
    parser.add_argument(
        "--busy", action="store_true", help="for growth, studio: count processor time, as others compute too"
    )
    parser.add_argument("--only-minute", action="store_true", help="reports over HTTP, each when it is due")
    parser.add_argument("--only-planning", action="store_true", help="duties and visits of a month")
    parser.add_argument("--only-studio", action="store_true", help="edits of drafts, their checks, samples of papers")
    parser.add_argument("--edits", type=int, default=EDITS, help="of each county in the studio")
    parser.add_argument("--people", type=int, default=20_000, help="whom a month is planned for; 300,000 take minutes")
    parser.add_argument("--rows", type=int, default=20_000, help="in a list of a department")
    parser.add_argument("--rates", type=int, nargs="*", default=[100], help="reports a second over HTTP")
    parser.add_argument("--minute", type=float, default=60.0, help="for how many seconds they come")
    parser.add_argument("--kinds", nargs="*", default=list(KINDS), choices=KINDS, help="of databases")
    parser.add_argument("--kept", type=Path, help="where growth keeps its counties, to take them from the next time")
    given = parser.parse_args()
    if given.only_minute:
        minute(given.rates, given.minute, given.kinds)
        return
    if given.only_planning:
        planning(given.people, given.kinds)
        return
    if given.only_studio:
        studio(given.edits, busy=given.busy)
        return
    if given.only_growth:
        growth(given.sizes, given.kinds, busy=given.busy, kept=given.kept)
        return
    seconds = given.seconds
    rulebook = compile_rulebook(read_files(ROOT), "370304-boshan")
    answers = sample_answers(rulebook, rulebook.forms[FORM])
    answers |= {"needs": ["medical"], "found_at": "2026-09-29T08:30"}
    print(json.dumps({"at": datetime.isoformat(AT), "form": FORM}))
    checks()
    studio(given.edits)
    decisions(rulebook, answers, seconds)
    tables(rate, seconds)
    sheets()
    intakes(rulebook, answers, seconds)
    steps(rulebook, answers, seconds, open_trial, people(20_000), raw_commits)
    lists(given.rows)
    minute(given.rates, given.minute, given.kinds)
    planning(given.people, given.kinds)
    growth(given.sizes, given.kinds, busy=given.busy, kept=given.kept)


if __name__ == "__main__":
    main()
