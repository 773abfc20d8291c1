"""`make torture`: a village of people works on web, worker and main process, killed again and again; nothing is lost.

Meanwhile the disk is filled to the last byte now and then, and the clock leaps.

Ends with a table, and with status 1 when anything at all was lost, doubled or damaged.
"""

import argparse
import os
import shutil
import socket
import sys
import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path
from random import Random

from aims import DISK_MB, FIRST_START, WEB, WORKER
from disk import drop_disk, go_apart, lay_disk
from house import COUNTY, ROOT, House, TurnedClock, adopt_orphans, end, say
from invariants import look
from killing import Torture
from people import Village

from postgres import server
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.steps import STEPS


def table(torture: Torture, seconds: float) -> None:
    """Print what was done and found."""
    say("\nkilled at")
    for step, count in sorted(torture.killed.items()):
        say(f"  {step:<28}{count:>6}   {STEPS.get(step, '')}")
    named = {*WEB, *WORKER, *FIRST_START}
    never = sorted(named - set(torture.killed))
    say(f"kills {torture.done}, at {len(named) - len(never)} of {len(named)} steps aimed at"
        f"{', never at ' + ', '.join(never) if never else ''}; zombies woken {torture.zombies}")  # fmt: skip
    say(f"the clock leapt {torture.leaps} times; the disk was filled {torture.filled} times, "
        f"and {torture.seen_full} acts were acknowledged meanwhile")  # fmt: skip
    say(f"the longest until the whole server was back by itself {torture.whole.recovered:.1f} s")
    say(f"whole looks {torture.checks}, the slowest {torture.slowest:.1f} s")
    for kind, count in sorted(torture.acknowledged.items()):
        say(f"  acknowledged: {kind:<14}{count:>7}")
    _amounts(torture, seconds)
    for text in torture.wrong[:40]:
        say(f"WRONG {text}")


def _amounts(torture: Torture, seconds: float) -> None:
    with closing(look(torture.house.address)) as reader:
        for series, year, last in reader.execute("SELECT series, year, n FROM number_series"):
            say(f"  numbers: {series} {year}: 1 to {last}")
        events, papers, jobs, done = (
            reader.execute(query).fetchone()[0]
            for query in (
                "SELECT count(*) FROM event",
                "SELECT count(*) FROM notice WHERE issued_at IS NOT NULL",
                "SELECT count(*) FROM job",
                "SELECT count(*) FROM job WHERE status = 'done'",
            )
        )
    lost = sum(text.startswith("lost") for text in torture.wrong)
    twice = sum(text.startswith(("twice", "unequal", "dispatch")) for text in torture.wrong)
    say(f"lost {lost}, doubled {twice}, other {len(torture.wrong) - lost - twice}; papers {papers}, "
        f"jobs {jobs} (done {done}), chain {events} events, {seconds:.0f} s")  # fmt: skip


def _free_port() -> int:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def main() -> int:
    """Run, and return how it ended."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=1500, help="when to stop killing, however few were killed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgresql", action="store_true", help="on a PostgreSQL server, which is killed as well")
    parser.add_argument("--keep", action="store_true", help="leave the folder behind")
    given = parser.parse_args()
    given.disk = go_apart()
    if not given.disk:
        say("not root: everything lies on this machine's disk, which is not filled")
    with ExitStack() as opened:
        return _tortured(given, opened)


def _tortured(given: argparse.Namespace, opened: ExitStack) -> int:
    folder = Path(tempfile.mkdtemp(prefix="xunfang-torture-"))
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    files, begun, kept = read_files(ROOT), time.monotonic(), list[Path]()
    opened.callback(lambda: kept or shutil.rmtree(folder, ignore_errors=True))
    if given.disk:
        folder.chmod(0o755)  # a server of the database is another user
        lay_disk(folder / "data", DISK_MB)
        opened.callback(drop_disk, folder / "data")
    house = House(
        folder, _free_port(), TurnedClock(folder / "clock"), Random(given.seed), compile_rulebook(files, COUNTY), files,
        opened.enter_context(server(folder / "data" if given.disk else None)) if given.postgresql else None,
        on_own_disk=given.disk,
    )  # fmt: skip
    house.furnish()
    torture = Torture(house, given.kills, begun + given.seconds, folder / "acks")
    torture.acks.touch()
    adopt_orphans()
    torture.first_start()
    village = house.fork(
        lambda: Village(house.address, house.port, house.clock, torture.acks, given.seed).live(), "people"
    )
    try:
        torture.run()
        torture.settle(village, 60)
        torture.last_look()
        table(torture, time.monotonic() - begun)
    finally:
        torture.end_all()
        end(village)
        if given.keep or torture.wrong:
            kept.append(folder)
            left = shutil.ignore_patterns(".s.PGSQL*")
            shutil.copytree(house.disk, folder / "left", ignore=left)  # the disk itself vanishes with us
            say(f"left behind: {folder}")
    return 1 if torture.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
