"""`make upgrade-try`: an installation of an older program is brought to today's, and back by its backup.

As docs/upgrade.md says. The older program is taken out of the history of the repository and really runs: it makes the
database, is reported to over HTTP, and makes the backup. Today's goes on with it. Then the older one refuses what it
cannot know, and restores.
"""

import argparse
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from cli.fresh import COUNTY
from cli.senders import Sender
from cli.test_serving import free_port

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 300
BEFORE, AFTER = 20, 5
SCHEMA = "platform/xunfang/store/schema.py"


def say(text: str) -> None:
    print(text, flush=True)


def git(*words: str) -> str:
    command = ("git", "-C", str(ROOT), *words)
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def older() -> str:
    """Return the last commit whose program made a database of another version than today's."""
    return git("log", "-1", "-G", "^SCHEMA_VERSION", "--format=%H^", "HEAD", "--", SCHEMA)


@dataclass(frozen=True)
class Program:
    """One version of the program: the folder of its source."""

    source: Path

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": f"{self.source / 'platform'}:{self.source / 'tests'}"}

    def command(self, folder: Path, *words: str) -> list[str]:
        return [sys.executable, "-m", "xunfang", "--config", str(folder / "config.toml"), *words]

    def told(self, folder: Path, *words: str, status: int = 0) -> str:
        """Return what a command says; it must end with the status."""
        done = subprocess.run(
            self.command(folder, *words), env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == status, f"{' '.join(words)}: {done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def do(self, text: str, *words: str) -> None:
        """Run a few lines of Python with this version's modules."""
        subprocess.run([sys.executable, "-c", text, *words], env=self.environment, check=True)

    @contextmanager
    def serving(self, folder: Path) -> Iterator[int]:
        """Serve for the length of the block, at the port that is given."""
        port = free_port()
        with (folder / "log").open("ab") as log:
            server = subprocess.Popen(
                self.command(folder, "serve", "--port", str(port)), env=self.environment, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        try:
            _await(port, server)
            yield port
            server.terminate()
            assert server.wait(SECONDS) == 0
        finally:
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _await(port: int, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and server.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=30):
            return
        time.sleep(0.2)
    raise SystemExit("没有启动起来")


def _reported(port: int, times: int) -> list[str]:
    sender = Sender(port)
    sender.sign_in()
    for _ in range(times):
        sender.report()
    sender.leave()
    assert not sender.wrong, sender.wrong
    assert len(sender.acknowledged) == times
    return sender.acknowledged


def _kept(folder: Path) -> tuple[int, list[str]]:
    """Return the version of a database, and the submissions in it."""
    with closing(sqlite3.connect(f"file:{folder}/var/xunfang.db?mode=ro", uri=True)) as raw:
        ((version,),) = raw.execute("SELECT max(version) FROM schema_version")
        return version, sorted(key for (key,) in raw.execute("SELECT id FROM submission"))


FURNISH = "import sys; from pathlib import Path; from senders import furnished; furnished(Path(sys.argv[1]))"


def tried(old: Program, new: Program, here: Path) -> None:
    """Go there and back; everything that is not as docs/upgrade.md says is an AssertionError."""
    place, shelf = here / "place", here / "shelf"
    old.do(f"import sys; sys.path.append({str(Path(__file__).parents[1] / 'cli')!r}); {FURNISH}", str(place))
    with old.serving(place) as port:
        before = sorted(_reported(port, BEFORE))
    version, kept = _kept(place)
    assert kept == before
    say(f"旧程序：结构第 {version} 版，填报 {len(before)} 份")
    new.told(place, "check", COUNTY)
    assert "[SCHEMA_TOO_OLD]" in new.told(place, "verify", status=1)
    assert _kept(place)[0] == version, "looking changed something"
    old.told(place, "verify")
    old.told(place, "backup", str(shelf))
    say("旧程序：核验留痕链，备份")

    with new.serving(place) as port:
        assert _kept(place)[1] == before
        after = sorted(_reported(port, AFTER))
    later, kept = _kept(place)
    assert later > version
    assert kept == sorted(before + after)
    new.told(place, "verify")
    say(f"新程序：结构第 {later} 版，原有的都在，又填报 {len(after)} 份，留痕链完整")

    told = old.told(place, "serve", "--port", str(free_port()), status=1)
    assert "[SCHEMA_TOO_NEW]" in told, told
    assert _kept(place) == (later, kept), "the refusal changed something"
    say("旧程序拒绝新的数据库，没有改动")

    (backup,) = shelf.glob("2*")
    back = here / "back"
    old.told(place, "restore", str(backup), "--into", str(back), "--keys", str(place / "var" / "keys" / "data.key"))
    (back / "var" / "keys").mkdir(mode=0o700, exist_ok=True)
    for path in (place / "var" / "keys").iterdir():
        shutil.copy(path, back / "var" / "keys")
    with old.serving(back) as port:
        assert _kept(back) == (version, before)
        more = _reported(port, 1)
    assert _kept(back)[1] == sorted(before + more)
    old.told(back, "verify")
    say(f"旧程序恢复升级前的备份：结构第 {version} 版，{len(before)} 份都在，继续填报，留痕链完整")

    with new.serving(back):  # and once more, from what was restored
        assert _kept(back) == (later, sorted(before + more))
    new.told(back, "verify")
    say("再次升级：都在，留痕链完整")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "--from", dest="commit", default="", help="哪一次提交的程序，默认是数据库结构变动以前的最后一次"
    )
    given = parser.parse_args()
    commit = given.commit or older()
    with TemporaryDirectory(prefix="xunfang-upgrade-") as name:
        here = Path(name)
        (here / "old").mkdir()
        git("archive", "--output", str(here / "old.tar"), commit)
        with tarfile.open(here / "old.tar") as tar:
            tar.extractall(here / "old", filter="data")
        say(f"从 {git('log', '-1', '--format=%h（%cs）', commit)} 升级到现在，再退回")
        tried(Program(here / "old"), Program(ROOT), here)
    return 0


if __name__ == "__main__":
    sys.exit(main())
