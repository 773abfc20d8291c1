"""`make province`: a province on one PostgreSQL server, two web and two worker processes, and people at their pages.

The rules of every county are written from those of an existing one, its cases grown from a month played there. At the
end it is counted whether anything that was acknowledged is lost or there twice. Everything stays on this machine.
"""

import argparse
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import psycopg2

from postgres import Server
from scale.browsers import Browser, Timed
from scale.counties import CODE, write_counties
from scale.growing import ground, grow
from scale.moulds import moulds
from scale.seeds import COUNTY, NOW, ROOT, played
from siege.besieged import free_port
from xunfang import clock
from xunfang.actions.accounts import NewAccount, add_account
from xunfang.actions.acting import acting
from xunfang.actions.deployment import machinery
from xunfang.actions.passwords import hashed
from xunfang.app import open_deployment
from xunfang.identity import make_id
from xunfang.settings import read_settings
from xunfang.store import Account, Release, connection, verify_chain

PASSWORD = "Xunfang#2021"
_CASE = re.compile(r'href="/cases/([0-9a-f]{32})')
_PAUSE = 0.05


@dataclass
class Province:
    """A folder with rules, settings and keys, and a server with its database."""

    folder: Path
    url: str
    counties: list[str]
    logins: list[str] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)

    @property
    def settings(self) -> Path:
        return self.folder / "config.toml"


def say(text: str) -> None:
    print(text, flush=True)


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
    with tempfile.TemporaryDirectory() as name:
        seed = played(Path(name))
        with connection(seed.database, COUNTY) as reader:
            people = list(reader.every(Account, jurisdiction=COUNTY))
        made_of = moulds(seed.database, seed.deployment.keys, COUNTY)
        kept, grown, begun = hashed(PASSWORD), 0, time.perf_counter()
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
    with connection(deployment.database):
        deployment.database.run("ANALYZE")
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


class Load:
    """People of all counties at work until the time is over."""

    def __init__(self, province: Province, ports: list[int], people: int, seed: int) -> None:
        self.province, self.ports, self.people, self.chance = province, ports, people, random.Random(seed)
        self.timed, self.over = Timed(), threading.Event()
        self._lock, self._born, self._refused = threading.Lock(), 0, 0

    def run(self, seconds: float) -> float:
        """Let them work and return for how many seconds they did."""
        counties = list(range(len(self.province.counties)))
        places = [(self.chance.choice(counties), kind) for kind, _ in zip(_kinds(), range(self.people), strict=False)]
        browsers = [
            (Browser(self.ports[n % 2], f"{login}-{county}", PASSWORD), county, login)
            for n, (county, login) in enumerate(places)
        ]
        for browser, _, _ in browsers:
            browser.sign_in()
        threads = [threading.Thread(target=self._work, args=each) for each in browsers]
        begun = time.perf_counter()
        for thread in threads:
            thread.start()
        self.over.wait(seconds)
        self.over.set()
        for thread in threads:
            thread.join()
        for browser, _, _ in browsers:
            self.timed.add(browser.timed)
        return time.perf_counter() - begun

    def _work(self, browser: Browser, county: int, login: str) -> None:
        chance, seen = random.Random(f"{county}{login}"), [""]
        while not self.over.is_set():
            if login in ("anshang", "beiyucheng") and chance.random() < 0.5:
                self._report(browser, county, chance)
            else:
                self._look(browser, chance, seen)
            self.over.wait(chance.uniform(0, 2 * _PAUSE))

    def _look(self, browser: Browser, chance: random.Random, seen: list[str]) -> None:
        what, path = chance.choice(
            (
                ("queue", "/"),
                ("queue", "/"),
                ("cases", "/cases/"),
                ("papers", "/papers/"),
                ("inbox", "/inbox/"),
                ("case", ""),
            )
        )
        if what == "case" and seen[0]:
            browser.get("case", f"/cases/{seen[0]}")
        elif what != "case":
            found = _CASE.findall(browser.get(what, path))
            seen[0] = chance.choice(found) if found else seen[0]

    def _report(self, browser: Browser, county: int, chance: random.Random) -> None:
        with self._lock:
            self._born += 1
            serial = self._born
        code = self.province.counties[county][:6]
        village = "001200" if browser.login.startswith("anshang") else "102200"
        key = uuid.UUID(int=chance.getrandbits(128)).hex
        number = make_id(code, date(1941, 1, 1) + timedelta(days=serial // 450), 2 * (serial % 450) + 1)
        form = {
            "found_at": f"{clock.local(clock.now()) - timedelta(minutes=5):%Y-%m-%dT%H:%M}", "name": "测试甲",
            "finder_role": "village-cadre", "id_number": number, "phone": "13805331234", "illness": "脑梗死",
            "residence": f"{code}{village}", "difficulty": "因脑梗住院，自付较多。", "needs": ["medical"],
            "willing": "true", "consent": "true", "urgency": "ordinary", "submission_id": key,
        }  # fmt: skip
        if browser.post("report", "/forms/clue-report", form) == 303:
            with self._lock:
                self.province.acknowledged.append(f"{key} {number}")


def _kinds() -> Iterator[str]:
    while True:
        yield from ("anshang", "beiyucheng", "zhuren", "paidan", "yibao", "chengdong", "duban", "jiaoti")


def counted(province: Province) -> int:
    """Say what was acknowledged and is lost or there twice, and whether chains hold; returns how much is wrong."""
    lost = 0
    with closing(psycopg2.connect(province.url)) as raw:
        cursor = raw.cursor()
        for each in province.acknowledged:
            cursor.execute("SELECT COUNT(*) FROM clue WHERE submission = %s OR receipt = %s", (each.split()[0],) * 2)
            lost += cursor.fetchone() != (1,)  # type: ignore[comparison-overlap]
        doubled = sum(_count(cursor, sql) for sql in _TWICE)
        late = _count(cursor, "SELECT COUNT(*) FROM job WHERE status = 'parked'")
    deployment = open_deployment(read_settings(province.settings))
    broken = verify_chain(deployment.database, deployment.keys.chain)
    deployment.database.close()
    said = "hold" if broken is None else f"broken at {broken}"
    many = len(province.acknowledged)
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
    given = parser.parse_args()
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="xunfang-province-")))
        folder.chmod(0o755)
        (folder / "pg").mkdir()
        server = Server(folder / "pg")
        held.callback(server.stop)
        province = founded(folder / "site", server.database(), given.counties)
        filled(province, given.cases)
        with running(province) as (ports, started):
            load = Load(province, ports, given.people, 1)
            seconds = load.run(given.minutes * 60)
            memory = [_held_by(process) for process in started]
        answers = sum(map(len, load.timed.lasted.values())) / seconds
        say(f"{answers:.1f} answers a second for {seconds:.0f} s, {given.people} people")
        for line in load.timed.table(seconds):
            say(line)
        say(f"memory: web {memory[:2]} MB, workers {memory[2:]} MB, for {given.counties} counties")
        wrong = counted(province)
        say(f"disk: {shutil.disk_usage(folder).used // 2**30} GB used in all; database {_size(province)}")
    return 1 if wrong or load.timed.failed else 0


def _size(province: Province) -> str:
    with closing(psycopg2.connect(province.url)) as raw:
        cursor = raw.cursor()
        cursor.execute("SELECT pg_size_pretty(pg_database_size(current_database()))")
        return str(cursor.fetchone()[0])  # type: ignore[index]


if __name__ == "__main__":
    sys.exit(main())
