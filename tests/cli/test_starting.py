"""Key, database and files are checked against each other before the first request; nothing is made anew unasked."""

import base64
import gc
import gzip
import multiprocessing
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.fresh import COUNTY, everything_in, laid_out, settings_in
from xunfang import clock
from xunfang.app import open_console, open_deployment
from xunfang.cli import main
from xunfang.errors import Refused
from xunfang.starting import open_store, read_store
from xunfang.store import Attachment, Release, connection, transaction, verify_chain

ROOT = Path(__file__).parents[2]
FILLED = ROOT / "tests" / "store" / "schemas"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A deployment that was served before, with one file in its store that the database knows of."""
    folder = laid_out(tmp_path / "here")
    _serve(folder)
    return folder


def _serve(folder: Path) -> None:
    deployment = open_deployment(settings_in(folder))
    sha256 = deployment.files.put(b"a paper")
    with transaction(deployment.database, "") as tx:
        tx.insert(
            Attachment(
                id="a", jurisdiction=COUNTY, name="p.jpg", media_type="image/jpeg", size=7, sha256=sha256, by="",
                at=clock.now(), submission="",
            )
        )  # fmt: skip
    deployment.database.close()
    del deployment
    gc.collect()  # the bell's connection goes with the deployment


def _key(folder: Path) -> Path:
    return folder / "var" / "keys" / "data.key"


_BESIDE = ("-shm", "-wal", ".turn")
"""How the files end that lie beside a database while somebody has it open, and may stay."""


def _refusal(folder: Path) -> Refused:
    before = everything_in(folder)
    with pytest.raises(Refused) as caught:
        open_store(settings_in(folder), clock.now())
    after = {name: content for name, content in everything_in(folder).items() if not name.endswith(_BESIDE)}
    assert {name: before.get(name) for name in after} == after, "a refusal changes nothing"
    return caught.value


def test_a_deployment_that_belongs_together_starts_again(folder: Path) -> None:
    store = open_store(settings_in(folder), clock.now())
    assert verify_chain(store.database, store.keys.chain) is None
    store.database.close()


def _key_moved(folder: Path) -> None:
    _key(folder).rename(folder / "elsewhere.key")


def _key_and_mark_moved(folder: Path) -> None:
    shutil.move(folder / "var" / "keys", folder / "elsewhere")


def _another_key(folder: Path) -> None:
    _key(folder).write_text(base64.b64encode(os.urandom(32)).decode())


def _last_key_withdrawn(folder: Path) -> None:
    old = _key(folder).read_text()
    _key(folder).write_text(f"{base64.b64encode(os.urandom(32)).decode()}\n{old}")
    open_store(settings_in(folder), clock.now()).database.close()
    _key(folder).write_text(_key(folder).read_text().split()[0])


def _first_key_withdrawn(folder: Path) -> None:
    old = _key(folder).read_text()
    _key(folder).write_text(f"{base64.b64encode(os.urandom(32)).decode()}\n{old}")
    open_store(settings_in(folder), clock.now()).database.close()
    _key(folder).write_text(old)


def _keys_turned_about(folder: Path) -> None:
    _key(folder).write_text(_key(folder).read_text() + base64.b64encode(os.urandom(32)).decode())


def _database_gone(folder: Path) -> None:
    for path in (folder / "var").glob("xunfang.db*"):
        path.unlink()


def _database_emptied(folder: Path) -> None:
    _database_gone(folder)
    (folder / "var" / "xunfang.db").touch(0o600)


def _database_gone_and_no_mark(folder: Path) -> None:
    _database_gone(folder)
    for path in (folder / "var").rglob("*installation.txt"):
        path.unlink()


def _database_of_another(folder: Path) -> None:
    other = laid_out(folder.parent / "there")
    _serve(other)
    _database_gone(folder)
    shutil.copy(other / "var" / "xunfang.db", folder / "var" / "xunfang.db")


def _files_gone(folder: Path) -> None:
    shutil.rmtree(folder / "var" / "files")


def _files_of_another(folder: Path) -> None:
    other = laid_out(folder.parent / "there")
    _serve(other)
    shutil.rmtree(folder / "var" / "files")
    shutil.copytree(other / "var" / "files", folder / "var" / "files")


def _files_of_another_unmarked(folder: Path) -> None:
    _files_of_another(folder)
    (folder / "var" / "files" / "installation.txt").unlink()


def _database_cut(folder: Path) -> None:
    path = folder / "var" / "xunfang.db"
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def _database_no_database(folder: Path) -> None:
    (folder / "var" / "xunfang.db").write_bytes(b"this is no database" * 1000)


def _key_garbled(folder: Path) -> None:
    _key(folder).write_text("not a key 密钥")


def _key_open_to_all(folder: Path) -> None:
    _key(folder).chmod(0o644)


MISMATCHES: dict[Callable[[Path], None], str] = {
    _key_moved: "KEY_MISSING",
    _key_and_mark_moved: "KEY_MISSING",
    _another_key: "KEY_WRONG",
    _last_key_withdrawn: "KEY_WITHDRAWN",
    _first_key_withdrawn: "KEY_WITHDRAWN",
    _keys_turned_about: "KEY_ORDER",
    _database_gone: "DATABASE_MISSING",
    _database_emptied: "DATABASE_MISSING",
    _database_gone_and_no_mark: "DATABASE_MISSING",
    _database_of_another: "KEY_WRONG",
    _files_gone: "FILES_MISSING",
    _files_of_another: "FILES_OTHER",
    _files_of_another_unmarked: "FILES_MISSING",
    _database_cut: "DATABASE_DAMAGED",
    _database_no_database: "DATABASE_DAMAGED",
    _key_garbled: "KEYS_UNUSABLE",
    _key_open_to_all: "KEYS_UNUSABLE",
}


@pytest.mark.parametrize("spoil", MISMATCHES, ids=lambda spoil: spoil.__name__.strip("_"))
def test_what_does_not_belong_together_is_refused_with_what_to_do(folder: Path, spoil: Callable[[Path], None]) -> None:
    spoil(folder)
    refusal = _refusal(folder)
    assert refusal.code == MISMATCHES[spoil]
    assert "请" in refusal.message


def test_which_key_was_withdrawn_is_said(folder: Path) -> None:
    _last_key_withdrawn(folder)
    assert "最后一把" in _refusal(folder).message


@pytest.mark.parametrize("spoil", [_key_moved, _database_gone, _database_cut], ids=lambda spoil: spoil.__name__)
def test_the_console_says_it_without_a_traceback(
    folder: Path, spoil: Callable[[Path], None], capfd: pytest.CaptureFixture[str]
) -> None:
    spoil(folder)
    for command in (["serve", "--port", "1"], ["work"], ["verify"], ["admin", "clock"]):
        assert main(["--config", str(folder / "config.toml"), *command]) == 1
        told = capfd.readouterr().err
        assert f"[{MISMATCHES[spoil]}]" in told
        assert "Traceback" not in told


def test_a_new_key_in_front_is_fine_and_remembered(folder: Path) -> None:
    _key(folder).write_text(f"{base64.b64encode(os.urandom(32)).decode()}\n{_key(folder).read_text()}")
    for _ in range(2):
        store = open_store(settings_in(folder), clock.now())
        assert verify_chain(store.database, store.keys.chain) is None
        store.database.close()


def test_whoever_moves_key_and_files_away_begins_anew(folder: Path) -> None:
    before = read_store(settings_in(folder))
    old = before.keys.checks("x")
    before.database.close()
    _database_gone(folder)
    shutil.move(folder / "var" / "keys", folder / "old-keys")
    shutil.move(folder / "var" / "files", folder / "old-files")
    store = open_store(settings_in(folder), clock.now())
    assert store.keys.checks("x") != old
    store.database.close()


def test_a_start_that_died_before_its_marks_were_written_goes_on(folder: Path) -> None:
    for path in (folder / "var").rglob("*installation.txt"):
        path.unlink()
    open_store(settings_in(folder), clock.now()).database.close()
    assert len([*(folder / "var").rglob("*installation.txt")]) == 2


def test_a_start_that_died_before_its_tables_were_made_goes_on(tmp_path: Path) -> None:
    folder = laid_out(tmp_path / "here")
    (folder / "var").mkdir()
    raw = sqlite3.connect(folder / "var" / "xunfang.db")
    raw.execute("PRAGMA journal_mode = wal")
    raw.close()
    open_store(settings_in(folder), clock.now()).database.close()
    assert _key(folder).exists()


def _open_once(folder: Path) -> None:
    open_deployment(settings_in(folder)).database.close()


def test_eight_that_start_at_once_agree(tmp_path: Path) -> None:
    folder = laid_out(tmp_path / "here")
    with multiprocessing.get_context("spawn").Pool(8) as pool:
        pool.map(_open_once, [folder] * 8, chunksize=1)
    store = open_store(settings_in(folder), clock.now())
    with connection(store.database):
        (marks,) = store.database.run("SELECT COUNT(*) FROM installation").fetchone()
    store.database.close()
    assert marks == 1


# ----- an older database, filled and without a mark


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A filled version 2 as it lay on disk, without its files."""
    folder = laid_out(tmp_path / "older")
    (folder / "var" / "keys").mkdir(parents=True)
    shutil.copy(FILLED / "filled-2.key", _key(folder))
    _key(folder).chmod(0o600)
    raw = sqlite3.connect(folder / "var" / "xunfang.db")
    raw.execute("PRAGMA journal_mode = wal")
    raw.executescript(gzip.decompress((FILLED / "filled-2.sql.gz").read_bytes()).decode())
    raw.execute("UPDATE notice SET sha256 = ''")
    raw.execute("DELETE FROM attachment")
    raw.commit()
    raw.close()
    return folder


def test_an_older_database_gets_its_mark_when_its_key_is_proved(older: Path) -> None:
    for _ in range(2):
        store = open_store(settings_in(older), clock.now())
        assert verify_chain(store.database, store.keys.chain) is None
        store.database.close()
    assert len([*(older / "var").rglob("*installation.txt")]) == 2


def test_an_older_database_is_not_touched_under_another_key(older: Path) -> None:
    _another_key(older)
    assert _refusal(older).code == "KEY_WRONG"
    with sqlite3.connect(older / "var" / "xunfang.db") as raw:
        assert raw.execute("SELECT MAX(version) FROM schema_version").fetchone() == (2,)


def test_an_older_database_is_not_touched_when_a_key_of_its_envelopes_is_gone(older: Path) -> None:
    raw = sqlite3.connect(older / "var" / "xunfang.db")
    raw.execute("UPDATE person SET sealed = X'01AABBCCDD' || substr(sealed, 6) WHERE id = (SELECT MIN(id) FROM person)")
    raw.execute("UPDATE person SET sealed = CAST(sealed AS BLOB)")
    raw.commit()
    raw.close()
    assert _refusal(older).code == "KEY_WITHDRAWN"


def test_an_older_database_whose_last_event_was_altered_is_not_taken_for_another_keys(older: Path) -> None:
    raw = sqlite3.connect(older / "var" / "xunfang.db")
    raw.execute("DROP TRIGGER event_no_update")
    raw.execute("UPDATE event SET actor_name = '别人' WHERE n = (SELECT MAX(n) FROM event)")
    raw.commit()
    raw.close()
    open_store(settings_in(older), clock.now()).database.close()


def test_files_of_an_older_database_must_be_there(older: Path) -> None:
    raw = sqlite3.connect(older / "var" / "xunfang.db")
    raw.execute("UPDATE notice SET sha256 = 'ab'")
    raw.commit()
    raw.close()
    with pytest.raises(Refused) as caught:
        open_store(settings_in(older), clock.now())
    assert caught.value.code == "FILES_MISSING"


# ----- whoever only reads writes nothing


READING = (
    ["verify"], ["check"], ["test", COUNTY], ["show", COUNTY], ["forms", COUNTY], ["coverage", COUNTY],
    ["diff", COUNTY],
)  # fmt: skip


@pytest.mark.parametrize("command", READING, ids=lambda command: command[0])
def test_a_reading_command_writes_nothing(folder: Path, command: list[str]) -> None:
    name = folder / "workflows" / COUNTY / "jurisdiction.toml"
    name.write_text(name.read_text("utf-8") + "\n# changed since\n", "utf-8")
    before = everything_in(folder)
    main(["--config", str(folder / "config.toml"), *command])
    after = everything_in(folder)
    assert {name for name in {*before, *after} if before.get(name) != after.get(name)} <= {"var/xunfang.db-shm"}


@pytest.mark.parametrize("command", [["verify"], ["admin", "clock"]], ids=lambda command: command[-1])
def test_a_reading_command_makes_no_database_and_no_key(tmp_path: Path, command: list[str]) -> None:
    folder = laid_out(tmp_path / "here")
    before = everything_in(folder)
    assert main(["--config", str(folder / "config.toml"), *command]) == 1
    assert everything_in(folder) == before


@pytest.mark.parametrize("command", [["verify"], ["admin", "clock"]], ids=lambda command: command[-1])
def test_a_reading_command_upgrades_nothing(
    older: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--config", str(older / "config.toml"), *command]) == 1
    assert "[SCHEMA_TOO_OLD]" in capsys.readouterr().err
    with sqlite3.connect(older / "var" / "xunfang.db") as raw:
        assert raw.execute("SELECT MAX(version) FROM schema_version").fetchone() == (2,)


def test_the_console_stands_on_what_was_published_and_publishes_nothing(folder: Path) -> None:
    name = folder / "workflows" / COUNTY / "jurisdiction.toml"
    name.write_text("broken", "utf-8")
    deployment = open_console(settings_in(folder))
    with connection(deployment.database) as reader:
        releases = reader.select(Release)
    deployment.database.close()
    assert [release.id for release in releases] == [deployment.rulebooks.of(COUNTY).digest]
