"""Kill the process at every named step of web and worker, start again, and look: nothing lost, nothing twice.

Each run forks a child that does the same day's work (reports through the web, confirmations, results, papers) and dies
by SIGKILL at one pass of one step; a second child carries on where the first stopped, as people and a restarted
server would.
"""

import ast
import re
import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from databases import WALLED, address, copy_databases, kept_in, past_walls, unbuilt
from day import AT, COUNTY, Day, wrong
from dying import folder_in_memory, in_child, passes, several
from xunfang.actions import passwords
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook
from xunfang.steps import STEPS
from xunfang.store import connection, open_database
from xunfang.store.schema import build

ROOT = Path(__file__).parents[1]
FIRST_START = {"key.written", "schema.made"}
"""Steps of the first start only: there the day begins in an empty folder."""
OWNER_S = {"schema.made"}
"""Where there are walls, the owner of the database passes these, before anybody serves."""
UPGRADING = {"upgrade.sealed", "upgrade.committed", "upgrade.cleared"}
"""Steps of no day of work: tests/store/test_upgrade.py ends a process at them."""
BACKING_UP = {step for step in STEPS if step.startswith(("backup.", "restore."))}
"""And of none either: tests/backup/test_drill.py does."""
EXCHANGING_KEYS = {step for step in STEPS if step.startswith(("keys.", "key.rewritten"))}
"""Nor of these: tests/actions/test_rekeying.py does."""
LEAVING = {step for step in STEPS if step.startswith(("leaving.", "arriving.", "removing.", "rows."))}
"""Nor of these: tests/backup/test_leaving.py does."""
TAKING_ALONG = {"list.kept", "export.recorded", "export.committed", "export.dropped"}
"""Nor of these, of which nothing is promised before their end: a file that no row names is swept, a record of an export
is true whoever got the sheet (tests/actions/test_feeds.py, tests/web/test_ledgers.py)."""
PRINTED = {"printout.printed", "minutes.printed", "circular.printed", "roll.made"}
"""Nor of these: what a job makes before it writes anything it makes again, as the day does with a paper of a case."""
ELSEWHERE = UPGRADING | BACKING_UP | EXCHANGING_KEYS | LEAVING | TAKING_ALONG | PRINTED


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return compile_rulebook(read_files(ROOT), COUNTY)


@pytest.fixture
def folder() -> Iterator[Path]:
    with folder_in_memory() as folder:
        yield folder


@pytest.fixture(scope="module", params=WALLED, autouse=True)
def both(request: pytest.FixtureRequest) -> Iterator[str]:
    """Let everything here be done on both kinds of database."""
    with kept_in(request.param) as kind:
        yield kind


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook, both: str) -> Path:
    """A folder in which the rules are published and the people have their accounts."""
    folder = tmp_path_factory.mktemp("prepared")

    def prepare() -> None:
        day = Day(folder, rulebook)
        day.prepare()
        day.deployment.database.close()

    assert in_child(prepare) == 0
    _practise(copied(folder, tmp_path_factory.mktemp("practised") / "day"), rulebook)
    return folder


def _practise(folder: Path, rulebook: Rulebook) -> None:
    """Do a day in this process: what is read, compiled and composed once need not be so in every child."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", passwords._hasher)  # the day exchanges it
        Day(folder, rulebook).run()


def copied(prepared: Path, to: Path) -> Path:
    """Copy a folder with its database."""
    shutil.copytree(prepared, to)
    copy_databases(to)
    return to


@pytest.fixture(scope="module")
def times(tmp_path_factory: pytest.TempPathFactory, prepared: Path, rulebook: Rulebook) -> Counter[str]:
    """How often an undisturbed day passes each step."""
    folder = copied(prepared, tmp_path_factory.mktemp("counted") / "day")
    found = passes(lambda: Day(folder, rulebook).run(), tmp_path_factory.mktemp("count") / "passes")
    return found + Counter(dict.fromkeys(FIRST_START, 1))


def _named_in_code() -> set[str]:
    found = set()
    texts = {path: path.read_text("utf-8") for path in (ROOT / "platform").rglob("*.py")}
    for path, text in texts.items():
        for node in ast.walk(ast.parse(text)) if "from xunfang.steps import reached" in text else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "reached":
                assert isinstance(node.args[0], ast.Constant), f"{path}: a step is named in place"
                found.add(str(node.args[0].value))
    return found


def test_the_list_of_steps_is_the_code_s() -> None:
    assert set(STEPS) == _named_in_code()
    assert all(re.fullmatch(r"[a-z-]+(\.[a-z]+)?", step) and told for step, told in STEPS.items())


def test_an_undisturbed_day_is_as_it_should_be(folder: Path, prepared: Path, rulebook: Rulebook) -> None:
    folder = copied(prepared, folder / "day")
    assert in_child(lambda: Day(folder, rulebook).run()) == 0
    assert wrong(Day(folder, rulebook)) == []


PLANTED = {
    "lost: report": "DELETE FROM clue WHERE id = (SELECT min(id) FROM clue)",
    "twice: case.opened": (
        "INSERT INTO event SELECT n + 9000, id || 'x', at, jurisdiction, name, \"case\", task, actor, actor_name, "
        "unit, data, rule, \"row\", cites, prev, hash, place + 9000, typed FROM event WHERE name = 'case.opened' "
        "LIMIT 1"
    ),
    "gap: ": "UPDATE number_series SET n = n + 1",
    "reminders of task": "DELETE FROM job WHERE kind = 'remind' AND status = 'ready' AND task <> ''",
    "foreign key": "UPDATE clue SET \"case\" = 'nobody'",
}


@pytest.mark.parametrize("found", PLANTED)
def test_whoever_looks_sees_what_is_wrong(
    both: str, folder: Path, prepared: Path, rulebook: Rulebook, found: str
) -> None:
    folder = copied(prepared, folder / "day")

    def begin() -> None:
        day = Day(folder, rulebook)
        day.report()
        day.confirm()
        day.deployment.database.close()

    assert in_child(begin) == 0
    unguarded = "PRAGMA foreign_keys = OFF" if both == "sqlite" else "SET session_replication_role = replica"
    tampered = open_database(past_walls(address(folder, "data.db")), owning=True)
    with connection(tampered):
        tampered.run(unguarded)
        tampered.run(PLANTED[found])
    tampered.close()
    again = Day(folder, rulebook)
    assert [text for text in wrong(again) if text.startswith(found)]
    again.deployment.database.close()


def test_there_are_a_hundred_deaths(times: Counter[str]) -> None:
    assert set(STEPS) - ELSEWHERE - set(times) == set(), "this day never passes these steps"
    assert sum(len(several(times[step])) for step in set(STEPS) - ELSEWHERE) >= 100


@pytest.mark.parametrize("step", sorted(set(STEPS) - ELSEWHERE))
def test_death_at_a_step_loses_and_doubles_nothing(
    both: str, folder: Path, prepared: Path, rulebook: Rulebook, times: Counter[str], step: str
) -> None:
    for nth in several(times[step]) if both == "sqlite" else [(times[step] + 1) // 2]:  # on a server each takes longer
        place = folder / str(nth)
        if step not in FIRST_START:
            copied(prepared, place)
        owner = unbuilt(place, "data.db") if both == "walled" and step in OWNER_S else ""

        def day(place: Path = place, owner: str = owner) -> None:
            if owner:
                build(open_database(owner, owning=True), "app", None, AT)
            Day(place, rulebook).run()

        assert in_child(day, f"{step}:{nth}") == signal.SIGKILL, f"pass {nth} was never reached"
        assert in_child(day) == 0
        again = Day(place, rulebook)
        assert wrong(again) == [], f"after death at pass {nth}"
        again.deployment.database.close()
