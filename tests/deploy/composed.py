"""`make compose-try`: deploy/compose.yaml as a whole, put up with podman by the instructions at its head.

The image is built from a bundle without a network. Accounts are made, somebody is reported and the paper is signed,
over HTTP as people do it. Then things happen: a backup, a restart under load, a database that dies, another image.
"""

import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.images import OURS, Podman, missing
from deploy.trial import newest
from deploy.visitor import COUNTY, FIRST, VILLAGE, Visitor

SECONDS = 300
GENTLE = 45
"""Seconds in which whoever is asked to end has ended, well within what compose.yaml grants."""
EXPECTED = {
    "BACKUP_NONE",
    "DISK_SHORT",
    "STAFF_LACKING",
    "UNIT_WITHOUT_PEOPLE",
    "UNIT_NOT_STAFFED_YET",
    "YEAR_WITHOUT_CALENDAR",
}
"""What may be the matter with an installation that has hardly any people yet."""


def say(text: str) -> None:
    print(text, flush=True)


def until(what: str, done: Callable[[], object]) -> float:
    """Wait until something is so, and return how many seconds that took."""
    begun = time.monotonic()
    while time.monotonic() < begun + SECONDS:
        if done():
            return time.monotonic() - begun
        time.sleep(0.2)
    raise SystemExit(f"等了 {SECONDS} 秒也没有：{what}")


def commands_in(told: str) -> str:
    """Return the commands at the head of compose.yaml."""
    return "\n".join(re.findall(r"(?m)^#   (?!\[)(.+)$", told))


def settings_in(told: str) -> list[tuple[str, str]]:
    """Return the settings at the head of compose.yaml, each with its section."""
    return re.findall(r"(?m)^#   \[(\w+)\] +(.+)$", told)


def said(settings: str, section: str, line: str) -> str:
    """Return settings in which a section says a line, and nothing else about the same key."""
    before, heading, rest = settings.partition(f"[{section}]")
    assert heading, section
    own, more, others = rest.partition("\n[")
    kept = [each for each in own.split("\n") if not each.lstrip("# ").startswith(line.split(" = ")[0])]
    return before + heading + "\n".join([kept[0], line, *kept[1:]]) + more + others


class Composed:
    """The services, in a folder as the head of compose.yaml wants it."""

    def __init__(self, folder: Path, podman: Podman) -> None:
        self.folder, self.podman = folder, podman
        self.name = f"xunfang-try-{os.getpid()}"
        with closing(socket.create_server(("127.0.0.1", 0))) as taken:
            self.port = int(taken.getsockname()[1])

    def lay_out(self, bundle: Path) -> None:
        """Do what the head of compose.yaml says: its commands word for word, its settings as they stand there."""
        told = (bundle / "deploy" / "compose.yaml").read_text("utf-8")
        for name in ("forms", "workflows", "templates"):
            shutil.copytree(bundle / name, self.folder / name)
        assert "127.0.0.1:8600:8600" in told
        (self.folder / "compose.yaml").write_text(told.replace("127.0.0.1:8600:8600", f"127.0.0.1:{self.port}:8600"))
        subprocess.run(["bash", "-euc", commands_in(told)], cwd=self.folder, check=True)
        settings = (bundle / "config.toml").read_text("utf-8")
        settings = re.sub(r"(?m)^serves = .*$", f'serves = ["{COUNTY}"]', settings)
        for section, line in (*settings_in(told), ("access", "reports_hourly = 0")):
            settings = said(settings, section, line)
        (self.folder / "config.toml").write_text(settings, "utf-8")

    def compose(self, *words: str, given: str = "", well: bool = True) -> str:
        """Return what podman-compose says to a command."""
        command = ["podman-compose", "-p", self.name, *words]
        done = subprocess.run(
            command, cwd=self.folder, env=self.podman.environment, input=given, text=True, timeout=SECONDS,
            check=False, capture_output=True,
        )  # fmt: skip
        if well and done.returncode:
            raise SystemExit(f"{' '.join(words)}：{done.stdout}{done.stderr}")
        return done.stdout

    def ours(self, *words: str, given: str = "", well: bool = True) -> str:
        """Return what a command of ours says inside the container of the site."""
        return self.compose("exec", "-T", "web", "xunfang", *words, given=given, well=well)

    def container(self, service: str) -> str:
        return f"{self.name}_{service}_1"

    def count(self, table: str) -> int:
        query = f"SELECT count(*) FROM {table}"
        return int(self.compose("exec", "-T", "database", "psql", "-AtqU", "xunfang", "-c", query))

    def ready(self) -> bool:
        return Visitor(self.port).status("/readyz") == 200

    def put_up(self) -> None:
        """Start everything, and wait until people can be served."""
        self.compose("up", "-d")
        say(f"启动到能办事：{until('能为人办事', self.ready):.0f} 秒")

    def settle(self) -> dict[str, Visitor]:
        """Make the first account at the console, by it two more at the site, and let each set a password."""
        made = self.ours(
            "admin", "create", COUNTY, "anquan", "--name", "测试丙", "--unit", "service-centre", given=f"{FIRST}\n"
        )
        assert "已建立账号 anquan" in made, made
        security = Visitor(self.port).begin("anquan")
        security.make_account("cunganbu", f"village:{VILLAGE}", "reporter")
        security.make_account("lingdao", "service-centre", "leader", sight="all")
        return {name: Visitor(self.port).begin(name) for name in ("cunganbu", "lingdao")}


def papers(people: dict[str, Visitor]) -> str:
    """Report somebody, sign the paper that comes of it, and open it; the worker prints in a container of its own."""
    assert people["cunganbu"].report(1)
    key = ""

    def signed() -> bool:
        nonlocal key
        key = people["lingdao"].sign_paper()
        return bool(key)

    waited = until("等签发的文书", signed)
    until("印好的文书", lambda: people["lingdao"].paper(key))
    say(f"填报，{waited:.0f} 秒后文书待签，签发，打开：{len(people['lingdao'].paper(key))} 字节")
    return key


def looked_after(site: Composed) -> None:
    """Look for what is not well, back up, verify, and look again."""
    for allowed in (EXPECTED, EXPECTED - {"BACKUP_NONE"}):
        found = {each["code"] for each in json.loads(site.ours("doctor", "--json", well=False))["findings"]}
        assert found <= allowed, found
        say(f"体检：{'、'.join(sorted(found)) or '没有毛病'}")
        if "BACKUP_NONE" in allowed:
            assert "已逐个读回核对" in site.ours("backup", "/backup", "--keep", "2")
    (made,) = (path for path in (site.folder / "backup").iterdir() if path.is_dir())
    assert "留痕链完整" in site.ours("verify")
    say(f"备份 {made.name} 完好，留痕链完整")


def under_reports(site: Composed, reporter: Visitor, what: str, act: Callable[[], object]) -> None:
    """Do something while somebody reports without a pause: what was acknowledged is kept, and nobody waits for long."""
    before, ending, answered, last = site.count("submission"), threading.Event(), [0], [time.monotonic(), 0.0]

    def report() -> None:
        n = before + 1
        while not ending.is_set():
            n += 1
            if reporter.report(n):
                now = time.monotonic()
                answered[0], last[1], last[0] = answered[0] + 1, max(last[1], now - last[0]), now
            else:
                time.sleep(0.2)

    thread = threading.Thread(target=report)
    thread.start()
    time.sleep(3)
    act()
    until("恢复办事", site.ready)
    received = answered[0]
    until("又受理了填报", lambda: answered[0] > received + 2)
    ending.set()
    thread.join()
    kept = site.count("submission") - before
    assert kept >= answered[0] > 0, (kept, answered)
    say(f"{what}：其间答复 {answered[0]} 份填报，库里 {kept} 份，最长 {last[1]:.1f} 秒没有受理")


def killed(site: Composed, service: str) -> None:
    """Kill the first process of a container, as a lack of memory does: what keeps containers starts it again."""
    os.kill(site.podman.pid(site.container(service)), signal.SIGKILL)


def away(site: Composed) -> None:
    """Let the database be away for a while, and come back."""
    site.compose("stop", "database")
    until("数据库停了的回答", lambda: Visitor(site.port).status("/readyz") == 503)
    site.compose("start", "database")


def replaced(site: Composed) -> None:
    """Put another image in the place of the one that runs."""
    site.podman.label(OURS, f"trial={time.time()}")
    site.compose("up", "-d", "--force-recreate")


def ended(site: Composed) -> None:
    """Ask everything to end: nobody has to be killed."""
    begun = time.monotonic()
    site.compose("stop")
    lasted = time.monotonic() - begun
    states = {each: site.podman.status(site.container(each)) for each in ("web", "worker", "database")}
    assert set(states.values()) == {0}, states
    assert lasted < GENTLE, lasted
    say(f"停止：{lasted:.0f} 秒，退出状态都是 0")


def tried(site: Composed, bundle: Path) -> None:
    """Go through it all; what is not as it should be is an AssertionError or ends the program."""
    site.lay_out(bundle)
    site.put_up()
    people = site.settle()
    paper = papers(people)
    looked_after(site)
    reporter = people["cunganbu"]
    under_reports(site, reporter, "重启网站", lambda: site.compose("restart", "web"))
    under_reports(site, reporter, "网站的主进程被杀", lambda: killed(site, "web"))
    under_reports(site, reporter, "数据库被杀", lambda: killed(site, "database"))
    under_reports(site, reporter, "数据库停止，再启动", lambda: away(site))
    under_reports(site, reporter, "换一个镜像", lambda: replaced(site))
    assert people["lingdao"].paper(paper)
    assert "留痕链完整" in site.ours("verify")
    say("原来的文书打得开，留痕链完整")
    ended(site)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--bundle", type=Path, help="哪一个安装包（做时加 --with-system），默认是最新的")
    parser.add_argument("--store", type=Path, help="镜像留在这个文件夹，下次不用再做；不写就用完即删")
    given = parser.parse_args()
    if why := missing():
        say(f"没有试：{why}。")
        return 0
    archive = given.bundle or newest()
    with TemporaryDirectory(prefix="xunfang-compose-") as name:
        here = Path(name)
        with tarfile.open(archive) as tar:
            tar.extractall(here / "unpacked", filter="data")
        (bundle,) = (here / "unpacked").iterdir()
        podman = Podman(given.store or here / "podman")
        (here / "site").mkdir()
        site = Composed(here / "site", podman)
        try:
            say(f"用 {archive.name} 做镜像")
            podman.make_stand_ins()
            podman.build(bundle)
            tried(site, bundle)
        finally:
            site.compose("down", "--volumes", well=False)
            podman.forget_volumes()
            if not given.store:
                podman.remove()
    say("整套容器：启动、开账号、填报、文书、体检、备份、重启、数据库中断、换镜像、停止都试过了。")
    return 0


if __name__ == "__main__":
    sys.exit(main())
