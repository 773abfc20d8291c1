"""A minute of reports over HTTP: a server as it is deployed, its worker beside it, people signed in, sent on time.

Every report is due at a moment of its own, whatever became of those before it; how long it took is counted from that
moment. At the end it is counted whether anything that was acknowledged is lost or there twice.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from postgres import Server
from scale.browsers import Browser, quantile
from scale.counties import CODE
from scale.seeds import COUNTY, ROOT
from siege.besieged import free_port, running
from xunfang import clock
from xunfang.actions.accounts import NewAccount, add_account
from xunfang.actions.acting import acting
from xunfang.actions.deployment import machinery
from xunfang.actions.passwords import hashed
from xunfang.app import open_deployment
from xunfang.identity import make_id
from xunfang.rules.units import instances
from xunfang.settings import read_settings
from xunfang.store import Clue, Job, Person, connection, verify_chain

PASSWORD = "Xunfang#2021"
PEOPLE = 48
"""Who report: each on a connection of their own, from a village of their own."""
FORM = "/forms/clue-report"
_TICKS = os.sysconf("SC_CLK_TCK")


def minute(rates: list[int], seconds: float, kinds: list[str]) -> None:
    """Print, for each kind of database and rate, how long answers took and what each process used."""
    for kind in kinds:
        for rate in rates:
            with ExitStack() as held:
                folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="xunfang-minute-")))
                folder.chmod(0o755)
                address, server = f"sqlite:///{folder / 'minute.db'}", None
                if kind == "postgresql":
                    (folder / "pg").mkdir()
                    server = Server(folder / "pg")
                    held.callback(server.stop)
                    address = server.database()
                _measured(folder, address, server, kind, rate, seconds)


def _measured(folder: Path, address: str, server: Server | None, kind: str, rate: int, seconds: float) -> None:
    more = f'[database]\nurl = "{address}"\n[queue]\nurl = "{address}"\n' if server else ""
    settings, villages = _settled(folder / "site", more)
    port = free_port()
    command = [sys.executable, "-m", "xunfang", "--config", str(settings), "serve", "--port", str(port)]
    with running(command, port) as process:
        senders = [_signed_in(port, n, village) for n, village in enumerate(villages)]
        processes = _Processes(process.pid, server.process.pid if server else 0)
        before = processes.seconds()
        told = _sent(port, senders, rate, seconds)
        used = processes.used(before)
        late = _left(settings)
        lost, doubled = _counted(settings, told["acknowledged"])
    lasted = [each * 1000 for each in told["lasted"]]
    print(
        f"{kind}, {rate} reports a second for {told['seconds']:.0f} s: sent {len(lasted):,}, acknowledged "
        f"{len(told['acknowledged']):,}, answered otherwise {told['refused'] or 0}, lost {lost}, doubled {doubled}"
    )
    print(
        "  ms from when it was due  " + "  ".join(f"p{n} {quantile(lasted, n / 100):,.0f}" for n in (50, 95, 99)),
        end="",
    )
    print(f"  max {max(lasted):,.0f};  jobs still due at the end {late}")
    print("  cores used  " + "  ".join(f"{name} {each / told['seconds']:.2f}" for name, each in used.items()), end="")
    print(f"  sender {told['cpu'] / told['seconds']:.2f}", flush=True)


def _settled(folder: Path, more: str) -> tuple[Path, list[str]]:
    """Make a folder with rules, settings and as many people as report; returns where it is set, and their villages."""
    folder.mkdir()
    for part in ("forms", "workflows", "templates"):
        (folder / part).symlink_to(ROOT / part)
    (folder / "var").mkdir()
    (folder / "var" / "fonts").symlink_to(ROOT / "var" / "fonts")
    settings = folder / "config.toml"
    settings.write_text(f'serves = ["{COUNTY}"]\n{more}[access]\nreports_hourly = 0\n', "utf-8")
    deployment = open_deployment(read_settings(settings))
    kept, units = hashed(PASSWORD), instances(deployment.rulebooks.of(COUNTY), "village")[:PEOPLE]
    villages = [unit.partition(":")[2] for unit in units]
    with acting(deployment, machinery(COUNTY, "准备测速"), clock.now()) as act:
        for n, (unit, village) in enumerate(zip(units, villages, strict=True)):
            new = NewAccount(_login(n), "测速", PASSWORD, COUNTY, unit, ("reporter",), village, must_change=False)
            add_account(act, new, kept)
    deployment.database.close()
    return settings, villages


def _login(n: int) -> str:
    return f"bench{n:02}"


def _signed_in(port: int, n: int, village: str) -> dict[str, str]:
    """Let one of them sign in, as on the page, and return by what they are known."""
    browser = Browser(port, _login(n), PASSWORD)
    browser.sign_in()
    return {"cookie": browser.cookie, "csrf": browser.csrf, "village": village}


def _sent(port: int, senders: list[dict[str, str]], rate: int, seconds: float) -> dict[str, Any]:
    """Let another process send what is due, and return what it noted."""
    entries = [_entry(n, senders[n % len(senders)]) for n in range(int(rate * seconds))]
    plan = json.dumps({"port": port, "path": FORM, "senders": senders, "rate": rate, "entries": entries})
    command = [sys.executable, str(Path(__file__).with_name("sender.py"))]
    said = subprocess.run(command, input=plan, stdout=subprocess.PIPE, text=True, check=True).stdout
    told: dict[str, Any] = json.loads(said)
    return told


def _entry(n: int, sender: dict[str, str]) -> dict[str, Any]:
    """Return a report as the page sends it, about somebody of whom nobody has reported."""
    born = clock.parse("1941-01-01").date() + timedelta(days=n // 450)
    return {
        "csrf": sender["csrf"], "submission_id": uuid4().hex, "name": f"测试{n}",
        "found_at": f"{clock.local(clock.now()) - timedelta(minutes=5):%Y-%m-%dT%H:%M}",
        "finder_role": "village-cadre", "id_number": make_id(CODE, born, 2 * (n % 450) + 1), "phone": "13805331234",
        "illness": "脑梗死", "residence": sender["village"], "difficulty": "因脑梗住院，自付较多。",
        "needs": "medical", "willing": "true", "consent": "true", "urgency": "ordinary",
    }  # fmt: skip


def _left(settings: Path) -> int:
    """Return how many jobs are due that the worker has not come to."""
    deployment = open_deployment(read_settings(settings))
    with connection(deployment.database) as reader:
        late = sum(job.run_at <= clock.now() for job in reader.every(Job, status="ready"))
    deployment.database.close()
    return late


def _counted(settings: Path, acknowledged: list[str]) -> tuple[int, int]:
    """Return how many acknowledged reports are not there once, and how many people or chains are not as they should."""
    deployment = open_deployment(read_settings(settings))
    with connection(deployment.database) as reader:
        kept = [clue.submission for clue in reader.every(Clue)]
        people = [person.id_index for person in reader.every(Person)]
    broken = verify_chain(deployment.database, deployment.keys.chain)
    deployment.database.close()
    there = set(kept)
    twice = len(kept) - len(there) + len(people) - len(set(people))
    return sum(each not in there for each in acknowledged), twice + (broken is not None)


@dataclass(frozen=True)
class _Processes:
    """The server's processes, and those of the database where it is a server of its own."""

    main: int
    database: int

    def seconds(self) -> dict[int, tuple[str, float]]:
        """Return what each process has used of the processor, in seconds, and what it is."""
        found = {pid: self._one(pid, "main") for pid in (self.main, *_children(self.main))}
        server = (self.database, *_children(self.database)) if self.database else ()
        return found | {pid: self._one(pid, "database") for pid in server}

    def used(self, before: dict[int, tuple[str, float]]) -> dict[str, float]:
        """Return what was used since, by what the processes are; of a process that began since, all."""
        spent: dict[str, float] = {}
        for pid, (name, seconds) in self.seconds().items():
            spent[name] = spent.get(name, 0.0) + seconds - before.get(pid, (name, 0.0))[1]
        return spent

    def _one(self, pid: int, other: str) -> tuple[str, float]:
        words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
        name = next((word for word in words if word in ("web", "work")), other)
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return name, sum(map(int, fields[11:15])) / _TICKS


def _children(pid: int) -> Iterator[int]:
    for text in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        yield int(text)
        yield from _children(int(text))
