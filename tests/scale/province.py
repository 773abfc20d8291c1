"""`make province`: a province on one PostgreSQL server, two web and two worker processes, and people at their pages.

The rules of every county are written from those of an existing one, its cases grown from a month played there. At the
end it is counted whether anything that was acknowledged is lost or there twice. Everything stays on this machine.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2

from postgres import Server
from scale.casting import ready
from scale.counties import CODE, write_counties
from scale.growing import ground, grow
from scale.load import PASSWORD, Load
from scale.loading import loading
from scale.moulds import moulds
from scale.seeds import COUNTY, NOW, ROOT, played
from siege.besieged import free_port
from xunfang.actions.accounts import NewAccount, add_account
from xunfang.actions.acting import acting
from xunfang.actions.deployment import machinery
from xunfang.actions.passwords import hashed
from xunfang.app import open_deployment
from xunfang.settings import read_settings
from xunfang.store import Account, Release, connection, verify_chain


@dataclass
class Province:
    """A folder with rules, settings and keys, and a server with its database."""

    folder: Path
    url: str
    counties: list[str]
    logins: list[str] = field(default_factory=list)

    @property
    def settings(self) -> Path:
        return self.folder / "config.toml"


def say(text: str) -> None:
    print(text, flush=True)


_BIG = ("shared_buffers=2GB", "effective_cache_size=8GB", "max_wal_size=4GB", "max_connections=120")
"""What a server for a province is given; the tests' own is a small one."""


def founded(folder: Path, url: str, counties: int) -> Province:
    """Write rules and settings for so many counties."""
    ids = write_counties(folder, counties)
    (folder / "var").mkdir()
    (folder / "var" / "fonts").symlink_to(ROOT / "var" / "fonts")
    served = ", ".join(f'"{county}"' for county in ids)
    (folder / "config.toml").write_text(
        f'serves = [{served}]\n[database]\nurl = "{url}"\n[queue]\nurl = "{url}"\n[worker]\nwith_server = false\n'
        "[access]\nreports_hourly = 0\n",
        "utf-8",
    )
    return Province(folder, url, ids)


def filled(province: Province, cases: int) -> None:
    """Publish the rules of every county, give it its people, and let its share of the cases grow."""
    begun = time.perf_counter()
    deployment = open_deployment(read_settings(province.settings))
    spent = time.perf_counter() - begun
    say(f"{len(province.counties)} counties published in {spent:.0f} s; this process has {_megabytes()} MB")
    with ExitStack() as held:
        seed = played(Path(held.enter_context(tempfile.TemporaryDirectory())))
        with connection(seed.database, COUNTY) as reader:
            people = list(reader.every(Account, jurisdiction=COUNTY))
        made_of = ready(deployment.database, moulds(seed.database, seed.deployment.keys, COUNTY))
        kept, grown, begun = hashed(PASSWORD), 0, time.perf_counter()
        held.enter_context(loading(deployment.database))
        for n, county in enumerate(province.counties):
            with acting(deployment, machinery(county, "准备压力试验"), NOW) as act:
                for one in people:
                    unit, division = (text.replace(CODE, county[:6]) for text in (one.unit, one.division))
                    new = NewAccount(
                        f"{one.login}-{n}", one.name, PASSWORD, county, unit, one.roles, division, must_change=False
                    )
                    add_account(act, new, kept)
                    province.logins.append(new.login)
                release = act.tx.first(Release, jurisdiction=county, current=True)
            assert release is not None
            soil = ground(deployment.database, county, release.id, f"-{n}")
            share = cases // len(province.counties) + (n < cases % len(province.counties))
            grown += grow(deployment.database, deployment.keys, soil, made_of, share).tasks
        seed.database.close()
    deployment.database.close()
    say(f"{cases:,} cases with {grown:,} tasks grown in {time.perf_counter() - begun:.0f} s")


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _held_by(process: "subprocess.Popen[bytes]") -> int:
    """Return the MB that a process and those it started hold by themselves."""
    found = [
        process.pid,
        *(int(text) for text in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()),
    ]
    held = 0
    for pid in found:
        text = Path(f"/proc/{pid}/status").read_text()
        held = max(held, int(text.partition("VmRSS:")[2].split()[0]) // 1024)
    return held


@contextmanager
def running(province: Province) -> Iterator[tuple[list[int], list["subprocess.Popen[bytes]"]]]:
    """Run two web processes and two workers, and give the ports of the webs."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "platform")}
    ports = [free_port(), free_port()]
    commands = [["serve", "--port", str(port)] for port in ports] + [["work"], ["work"]]
    started: list[subprocess.Popen[bytes]] = []
    try:
        for words in commands:
            command = [sys.executable, "-m", "xunfang", "--config", str(province.settings), *words]
            started.append(subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, cwd=province.folder))
        for port in ports:
            _await(port)
        yield ports, started
    finally:
        for process in started:
            process.terminate()
        for process in started:
            with suppress(subprocess.TimeoutExpired):
                process.wait(30)
            process.kill()


def _await(port: int) -> None:
    until = time.monotonic() + 1200
    while time.monotonic() < until:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
            return
        time.sleep(0.5)
    raise SystemExit("a web process did not start")


def counted(province: Province, acknowledged: Sequence[str]) -> int:
    """Say what was acknowledged and is lost or there twice, and whether chains hold; returns how much is wrong."""
    lost = 0
    with closing(psycopg2.connect(province.url)) as raw:
        cursor = raw.cursor()
        for each in acknowledged:
            cursor.execute("SELECT COUNT(*) FROM clue WHERE submission = %s OR receipt = %s", (each.split()[0],) * 2)
            lost += cursor.fetchone() != (1,)  # type: ignore[comparison-overlap]
        doubled = sum(_count(cursor, sql) for sql in _TWICE)
        late = _count(cursor, "SELECT COUNT(*) FROM job WHERE status = 'parked'")
    deployment = open_deployment(read_settings(province.settings))
    broken = verify_chain(deployment.database, deployment.keys.chain)
    deployment.database.close()
    said = "hold" if broken is None else f"broken at {broken}"
    many = len(acknowledged)
    say(f"acknowledged {many:,}, lost {lost}, doubled {doubled}, jobs parked {late}, chains {said}")
    return lost + doubled + late + (broken is not None)


_TWICE = tuple(
    f'SELECT COUNT(*) FROM (SELECT 1 FROM "{table}" WHERE {where} GROUP BY {by} HAVING COUNT(*) > 1) AS twice'
    for table, where, by in (
        ("clue", "TRUE", "jurisdiction, submission"),
        ("case", "closed_at IS NULL AND parent = ''", "person, flow"),
        ("person", "id_index IS NOT NULL", "jurisdiction, residence, id_index"),
        ("notice", "n IS NOT NULL", "jurisdiction, series, year, n"),
    )
)


def _count(cursor: "psycopg2.extensions.cursor", sql: str) -> int:
    cursor.execute(sql)
    found = cursor.fetchone()
    return int(found[0]) if found else 0


def main() -> int:
    """Run, and return 1 when anything was lost, doubled or damaged."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--counties", type=int, default=100)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--people", type=int, default=40, help="who are at their pages at once")
    parser.add_argument("--pause", type=float, default=0.05, help="seconds that they look at a page before the next")
    parser.add_argument(
        "--kept", type=Path, help="a folder in which the province is kept, and taken from the next time"
    )
    given = parser.parse_args()
    with ExitStack() as held:
        folder = given.kept or Path(held.enter_context(tempfile.TemporaryDirectory(prefix="xunfang-province-")))
        with standing(folder, given.counties, given.cases) as province:
            wrong = lived(province, given.people, given.pause, given.minutes * 60)
            say(f"disk: database {_size(province)}")
    return wrong


@contextmanager
def standing(folder: Path, counties: int, cases: int) -> Iterator[Province]:
    """Give a province on a running server: one that was kept in the folder, or a new one."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    (folder / "pg").mkdir(exist_ok=True)
    server = Server(folder / "pg", *_BIG)
    told = folder / "province.json"
    try:
        if told.exists():
            yield Province(folder / "site", **json.loads(told.read_text("utf-8")))
        else:
            province = founded(folder / "site", server.database(), counties)
            filled(province, cases)
            kept = {"url": province.url, "counties": province.counties, "logins": province.logins}
            told.write_text(json.dumps(kept), "utf-8")
            yield province
    finally:
        server.stop()


def lived(province: Province, people: int, pause: float, seconds: float) -> int:
    """Let people work, say how that went, and return 1 when an answer failed or anything is lost or doubled."""
    with running(province) as (ports, started):
        load = Load(province.counties, ports, people, pause)
        spent = load.run(seconds)
        memory = [_held_by(process) for process in started]
    answers = sum(map(len, load.timed.lasted.values())) / spent
    say(f"{answers:.1f} answers a second for {spent:.0f} s, {people} people, {pause} s between two pages")
    for line in load.timed.table(spent):
        say(line)
    say(f"memory: web {memory[:2]} MB, workers {memory[2:]} MB, for {len(province.counties)} counties")
    wrong = counted(province, load.acknowledged)
    return 1 if wrong or load.timed.failed else 0


def _size(province: Province) -> str:
    with closing(psycopg2.connect(province.url)) as raw:
        cursor = raw.cursor()
        cursor.execute("SELECT pg_size_pretty(pg_database_size(current_database()))")
        return str(cursor.fetchone()[0])  # type: ignore[index]


if __name__ == "__main__":
    sys.exit(main())
