"""A database is copied into a file as it is at one moment, while others write, and holds what it held."""

from pathlib import Path
from threading import Event as Signal
from threading import Thread

import pytest

from store.world import EAST_VILLAGE, HERE, NOW, account, case, task
from xunfang.store import (
    Attachment,
    Database,
    Keys,
    NewEvent,
    SchemaTooOld,
    append_event,
    connection,
    new_id,
    open_database,
    take_number,
    transaction,
    upgrade,
    verify_chain,
)
from xunfang.store.copying import address_of_file, copy_into_file, files_named, inventory, names_file
from xunfang.store.database import snapshot


@pytest.fixture
def filled(database: Database, keys: Keys) -> Database:
    with transaction(database, HERE) as tx:
        for n in range(1203):
            account(tx, f"name-{n}", must_change=n % 2 == 0)
        task(tx, case(tx, EAST_VILLAGE), "centre", urgent=True)
        take_number(tx, HERE, "series", 2026)
        append_event(tx, keys.chain, NewEvent(at=NOW, jurisdiction=HERE, name="x.y", data={"reason": "甲"}))
    return database


def test_the_copy_holds_the_same_and_work_could_go_on_in_it(filled: Database, keys: Keys, tmp_path: Path) -> None:
    file = tmp_path / "a % copy?" / "x.db"
    copy_into_file(filled, file, NOW)
    copy = open_database(address_of_file(file))
    assert inventory(copy) == inventory(filled)
    assert upgrade(copy, keys, NOW)
    assert verify_chain(copy, keys.chain) is None
    with transaction(copy, HERE) as tx:
        assert take_number(tx, HERE, "series", 2026) == 2
    copy.close()
    assert file.stat().st_mode & 0o077 == 0
    assert {path.name for path in file.parent.iterdir()} == {"x.db", "x.db.turn"}  # where whoever writes queues


def test_who_holds_the_right_to_write_holds_up_no_copy_nor_is_held_up(
    filled: Database, keys: Keys, tmp_path: Path
) -> None:
    holds, over = Signal(), Signal()

    def write() -> None:
        with transaction(filled, HERE) as tx:
            account(tx, "late")
            holds.set()
            over.wait(30)

    other = Thread(target=write)
    other.start()
    holds.wait(30)
    copy_into_file(filled, tmp_path / "copy.db", NOW)
    over.set()
    other.join()
    copy = open_database(address_of_file(tmp_path / "copy.db"))
    assert inventory(copy).rows["account"] == 1203
    copy.close()
    assert inventory(filled).rows["account"] == 1204


def test_one_moment_stays_one_moment(filled: Database) -> None:
    def write() -> None:
        with transaction(filled, HERE) as tx:
            account(tx, "late")
        filled.peewee.close()

    with snapshot(filled):
        before = inventory(filled).rows["account"]
        other = Thread(target=write)
        other.start()
        other.join()
        assert inventory(filled).rows["account"] == before == 1203
    assert inventory(filled).rows["account"] == 1204


def test_an_older_database_is_not_copied_as_if_it_were_today_s(address: str, tmp_path: Path) -> None:
    database = open_database(address)
    with pytest.raises(SchemaTooOld, match="备份"):
        copy_into_file(database, tmp_path / "copy.db", NOW)
    database.close()


def test_every_file_that_is_named_is_told(filled: Database) -> None:
    with transaction(filled, HERE) as tx:
        for n in range(1003):
            tx.insert(
                Attachment(
                    id=new_id(), jurisdiction=HERE, by="a", name="x.jpg", media_type="image/jpeg",
                    sha256=f"{n:064x}", size=1, at=NOW,
                )
            )  # fmt: skip
    with connection(filled):
        assert len(set(files_named(filled))) == 1003
    assert names_file(filled, f"{7:064x}")
    assert not names_file(filled, f"{7777:064x}")
