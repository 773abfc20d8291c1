"""PostgreSQL back to a moment: its log is kept as it is written, the server is lost, what was before comes back."""

import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import psycopg2
import pytest

from cli.fresh import COUNTY, laid_out, settings_in
from postgres import Server, server
from xunfang import clock
from xunfang.actions.submitting import submit
from xunfang.app import open_deployment, open_reading
from xunfang.cli import main
from xunfang.store import Account, Clue, connection, new_id, transaction

WATCHMAN = "account-watchman"


@pytest.fixture
def archiving() -> Iterator[Server]:
    """A server that puts every piece of its log on a shelf, as docs/deploy.md says."""
    with server() as running:
        shelf = running.folder / "shelf"
        shelf.mkdir()
        running.give(shelf)
        with (running.data / "postgresql.conf").open("a") as settings:
            settings.write(
                "wal_level = replica\narchive_mode = on\n"
                f"archive_command = 'test ! -f {shelf}/%f && cp %p {shelf}/%f.part && mv {shelf}/%f.part {shelf}/%f'\n"
            )
        running.stop()
        running.start()
        yield running


@pytest.fixture
def folder(tmp_path: Path, archiving: Server) -> Path:
    """A deployment on that server, with somebody who reports."""
    found = laid_out(tmp_path / "here")
    with (found / "config.toml").open("a") as settings:
        settings.write(f'[database]\nurl = "{archiving.database()}"\n')
    deployment = open_deployment(settings_in(found))
    with transaction(deployment.database, "") as tx:
        tx.insert(
            Account(
                id=WATCHMAN, login="watchman", name="测试甲", password_hash="", jurisdiction=COUNTY,
                unit="crew:999901", roles=("watchman",), created_at=clock.now(), division="999901",
            )
        )  # fmt: skip
    deployment.database.close()
    return found


def _report(folder: Path, times: int) -> list[str]:
    """Report so many potholes and return the submissions that were acknowledged."""
    deployment = open_deployment(settings_in(folder))
    with connection(deployment.database) as reader:
        actor = deployment.actor(reader.select(Account, id=WATCHMAN)[0])
    told = []
    for n in range(times):
        answers = {
            "seen_at": clock.local(clock.now()).isoformat(), "caller": "过路司机", "place": "999901001",
            "spot": f"桥头{new_id()}", "damage": "pothole", "depth_cm": n + 1, "danger": "none",
        }  # fmt: skip
        told.append(submit(deployment, actor, "pothole-report", answers, new_id(), clock.now()).submission)
    deployment.database.close()
    return told


def _kept(folder: Path) -> list[str]:
    deployment = open_reading(settings_in(folder))
    with connection(deployment.database) as reader:
        found = sorted(clue.submission for clue in reader.select(Clue))
    deployment.database.close()
    return found


def _moment(running: Server) -> datetime:
    """Return a moment by the server's clock that lies between what was written before and what is written after."""
    time.sleep(0.05)
    ((moment,),) = running.run("SELECT clock_timestamp()")
    time.sleep(0.05)
    assert isinstance(moment, datetime)
    return moment


def _shelved(running: Server) -> None:
    """Wait until all that was written lies on the shelf; in use, archive_timeout bounds what does not."""
    ((last,),) = running.run("SELECT pg_walfile_name(pg_switch_wal())")
    until = time.monotonic() + 60
    while not (running.folder / "shelf" / last).exists():
        assert time.monotonic() < until, "the log does not come to the shelf"
        time.sleep(0.05)


def _until_recovered(running: Server) -> None:
    until = time.monotonic() + 60
    while running.run("SELECT pg_is_in_recovery()") != [(False,)]:
        assert time.monotonic() < until, "the server does not come to the moment"
        time.sleep(0.05)


def test_what_was_written_until_a_moment_comes_back_and_nothing_after_it(
    archiving: Server, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    running, base = archiving, archiving.folder / "base"
    before = _report(folder, 2)
    running.call(
        "pg_basebackup",
        "--checkpoint=fast",
        "--pgdata",
        str(base),
        "--host",
        str(running.folder),
        "--username",
        "xunfang",
    )
    running.call("pg_verifybackup", str(base))
    after = _report(folder, 3)
    moment = _moment(running)
    lost = _report(folder, 2)
    address = settings_in(folder).database
    with closing(psycopg2.connect(address)) as raw, raw.cursor() as cursor:  # somebody's mistake
        cursor.execute("DROP TABLE clue CASCADE")
        raw.commit()
    _shelved(running)
    running.stop()  # and then the disk
    shutil.rmtree(running.data)

    base.rename(running.data)
    shelf = running.folder / "shelf"
    with (running.data / "postgresql.conf").open("a") as settings:
        settings.write(
            f"restore_command = 'cp {shelf}/%f %p'\nrecovery_target_time = '{moment.isoformat()}'\n"
            "recovery_target_action = promote\n"
        )
    (running.data / "recovery.signal").touch()
    running.give(running.data / "recovery.signal")
    running.start()
    _until_recovered(running)
    assert _kept(folder) == sorted(before + after)
    assert not set(lost) & set(_kept(folder))
    assert main(["--config", str(folder / "config.toml"), "verify"]) == 0
    assert "完整" in capsys.readouterr().out
    more = _report(folder, 1)  # and it goes on
    assert set(more) < set(_kept(folder))
    assert main(["--config", str(folder / "config.toml"), "verify"]) == 0
