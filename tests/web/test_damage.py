"""A lost page of the database that somebody meets: words for the person, a note for whoever operates."""

import subprocess

from conftest import NOW, Town

from xunfang.actions.operating import note_soundness
from xunfang.store import connection


def _lose(town: Town, table: str) -> None:
    """Zero the first page of a table on the disk; by another process, for closing the file here would drop locks."""
    database = town.deployment.database
    with connection(database):
        database.run("PRAGMA wal_checkpoint(TRUNCATE)")
        (size,) = database.run("PRAGMA page_size").fetchone()
        (root,) = database.run("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    place = [f"of={database.url.removeprefix('sqlite:///')}", f"bs={size}", f"seek={root - 1}"]
    subprocess.run(["dd", "if=/dev/zero", *place, "count=1", "conv=notrunc", "status=none"], check=True)


def test_whoever_meets_a_lost_page_is_told_and_so_is_whoever_operates(town: Town) -> None:
    town.report()
    leader, operator = town.client("leader"), town.client("operator")
    _lose(town, "case")
    answer = leader.get("/cases/")
    assert answer.status_code == 503
    page = answer.get_data(as_text=True)
    assert "数据库文件已损坏" in page
    assert "malformed" not in page
    state = operator.get("/system/").get_data(as_text=True)
    assert "数据库完整性" in state
    assert "没有完成" in state


def test_the_worker_finds_a_lost_page_at_night(town: Town) -> None:
    operator = town.client("operator")
    note_soundness(town.deployment, NOW)
    assert "有损坏" not in operator.get("/system/").get_data(as_text=True)
    _lose(town, "clue")
    note_soundness(town.deployment, NOW)
    assert "数据库文件有损坏（clue）" in operator.get("/system/").get_data(as_text=True)


def test_an_error_page_comes_although_the_inbox_cannot_be_read(town: Town) -> None:
    leader = town.client("leader")
    _lose(town, "message_jurisdiction_unit_at_id_account")
    answer = leader.get("/inbox/")
    assert answer.status_code == 503
    assert "数据库文件已损坏" in answer.get_data(as_text=True)
