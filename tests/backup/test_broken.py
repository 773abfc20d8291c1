"""A backup that was cut, altered, mixed or sealed otherwise is found out, whole, in words, and nothing of it stays."""

import errno
import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

import xunfang.backup.making as making
import xunfang.backup.restoring as restoring
import xunfang.store.schema as schema
from backup.conftest import AT, SECRET, Deployed
from xunfang.actions.leftovers import drop_unsent
from xunfang.backup import BackupBroken, BackupRefused, restore
from xunfang.backup.manifest import DATABASE, HEADER, MANIFEST
from xunfang.backup.restoring import Wanted
from xunfang.backup.shelf import alone, named_in
from xunfang.errors import Refused
from xunfang.store import SCHEMA_VERSION, Attachment, Database, FileKeys, Keys, SchemaTooNew, connection, open_database
from xunfang.store.copying import address_of_file
from xunfang.store.life import BACKUP, last_beat
from xunfang.store.passphrase import PassphraseWrong
from xunfang.store.upgrades import UPGRADES


def a_paper(backup: Path) -> Path:
    """One of the encrypted files in a backup."""
    return next(path for path in sorted((backup / "files").glob("??/*")))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def rewritten(backup: Path) -> None:
    """Change a row and let the manifest tell the hash of what is there now, as somebody without the key can."""
    with sqlite3.connect(backup / DATABASE) as raw:
        raw.execute("UPDATE account SET name = '别人'")
    raw.close()
    told = json.loads((backup / MANIFEST).read_text("utf-8"))
    content = (backup / DATABASE).read_bytes()
    told["files"][DATABASE] = [sha256(content).hexdigest(), len(content)]
    (backup / MANIFEST).write_text(json.dumps(told), "utf-8")


SPOILT: dict[str, tuple[Callable[[Path], object], str]] = {
    "database cut": (lambda backup: cut(backup / DATABASE), "database.db 的内容不符"),
    "database altered": (lambda backup: flip(backup / DATABASE), "database.db 的内容不符"),
    "database gone": (lambda backup: (backup / DATABASE).unlink(), "少了 database.db"),
    "paper gone": (lambda backup: a_paper(backup).unlink(), "少了 files/"),
    "paper altered": (lambda backup: flip(a_paper(backup)), "的内容不符"),
    "paper elsewhere": (
        lambda backup: (backup / "elsewhere").symlink_to(a_paper(backup).rename(backup.parent / "x")),
        "少了 files/",
    ),
    "something more": (lambda backup: (backup / "settings" / "more").write_text("x"), "多了 settings/more"),
    "rules altered": (lambda backup: flip(backup / "settings" / "config.toml"), "config.toml 的内容不符"),
    "manifest cut": (lambda backup: cut(backup / MANIFEST), "manifest.json 被改动或损坏"),
    "manifest gone": (lambda backup: (backup / MANIFEST).unlink(), "没有 manifest.json"),
    "header gone": (lambda backup: (backup / HEADER).unlink(), "没有 backup.json"),
    "header altered": (
        lambda backup: (backup / HEADER).write_text((backup / HEADER).read_text().replace("2026", "2025")),
        "与 manifest.json 不符",
    ),
    "all of it rewritten": (rewritten, "不是用这里的密钥写成的"),
}


@pytest.mark.parametrize("what", SPOILT)
def test_what_was_done_to_it_is_found(deployed: Deployed, tmp_path: Path, what: str) -> None:
    spoil, told = SPOILT[what]
    made = deployed.backup()
    spoil(made.folder)
    with pytest.raises(BackupBroken, match=told):
        deployed.restore(made.folder, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_a_sealed_one_cut_or_altered_anywhere_is_found(deployed: Deployed, tmp_path: Path) -> None:
    made = deployed.backup(secret=SECRET)
    for name in (DATABASE, MANIFEST, "settings/config.toml"):
        for spoil in (cut, flip):
            spoilt = shutil.copytree(made.folder, tmp_path / f"{spoil.__name__}-{name.replace('/', '-')}")
            spoil(spoilt / f"{name}.sealed")
            with pytest.raises(BackupBroken):
                deployed.restore(spoilt, tmp_path / "again", SECRET)
    first, second = sorted(made.folder.glob("files/??/*"))[:2]
    content = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(content)
    with pytest.raises(BackupBroken, match="的内容不符"):
        deployed.restore(made.folder, tmp_path / "again", SECRET)


def test_another_passphrase_or_none_is_a_sentence(deployed: Deployed, tmp_path: Path) -> None:
    made = deployed.backup(secret=SECRET)
    with pytest.raises(PassphraseWrong, match="口令不对"):
        deployed.restore(made.folder, tmp_path / "again", b"another passphrase")
    with pytest.raises(PassphraseWrong, match="--passphrase-file"):
        deployed.restore(made.folder, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_without_keys_what_can_be_seen_is_looked_at(deployed: Deployed, tmp_path: Path) -> None:
    made = deployed.backup()
    restored = restore(made.folder, Wanted(tmp_path / "again"), AT, None)
    assert restored.opened is None
    assert (tmp_path / "again" / "config.toml").exists()
    rewritten(made.folder)
    told = json.loads((made.folder / MANIFEST).read_text("utf-8"))
    told["rows"]["account"] += 1
    (made.folder / MANIFEST).write_text(json.dumps(told), "utf-8")
    with pytest.raises(BackupBroken, match="account 表应有"):
        restore(made.folder, Wanted(tmp_path / "other"), AT, None)
    assert list((tmp_path / "other").iterdir()) == []


def test_another_installation_s_keys_are_told(deployed: Deployed, tmp_path: Path) -> None:
    provider = FileKeys(tmp_path / "others.key")
    provider.create()
    with pytest.raises(BackupBroken, match="密钥不是做备份的那个安装的"):
        restore(deployed.backup().folder, Wanted(tmp_path / "again"), AT, Keys(provider))


def test_a_folder_that_holds_something_is_left_alone(deployed: Deployed, tmp_path: Path) -> None:
    into = tmp_path / "again"
    into.mkdir()
    (into / "mine").write_text("mine")
    with pytest.raises(BackupRefused, match="不是空文件夹"):
        deployed.restore(deployed.backup().folder, into)
    assert [path.name for path in into.iterdir()] == ["mine"]


def test_which_one_is_asked_where_there_are_several(deployed: Deployed, tmp_path: Path) -> None:
    made = deployed.backup()
    with pytest.raises(BackupRefused, match=f"请指明恢复哪一份：\n  {made.folder}"):
        deployed.restore(deployed.shelf, tmp_path / "again")
    with pytest.raises(BackupRefused, match="没有"):
        deployed.restore(tmp_path / "nowhere", tmp_path / "again")


def test_a_lost_file_is_told_and_older_backups_stay(deployed: Deployed, tmp_path: Path) -> None:
    first = deployed.backup().folder
    gone, broken = deployed.stored()[:2]
    gone.unlink()
    flip(broken)
    made = deployed.backup(AT + timedelta(minutes=1), keep=1)
    store = deployed.settings.files
    assert sorted(made.manifest.lost) == sorted(each.relative_to(store).as_posix() for each in (gone, broken))
    assert named_in(deployed.shelf) == [first, made.folder]
    with connection(deployed.town.database) as reader:
        noted = last_beat(reader, BACKUP)
    assert noted is not None
    assert (noted.at, noted.note[:14]) == (AT, "最近一次备份缺 2 个文件，")
    assert deployed.restore(made.folder, tmp_path / "again").opened == len(deployed.stored()) - 1


def test_a_photo_cleared_away_meanwhile_is_not_missed(
    deployed: Deployed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the database and the files, whatever nobody sent goes: the copy still names it."""
    whole = making.copy_into_file

    def copied(source: Database, file: Path, at: object) -> None:
        whole(source, file, AT)
        assert drop_unsent(deployed.town.deployment, AT + timedelta(days=9)) == 1

    monkeypatch.setattr(making, "copy_into_file", copied)
    made = deployed.backup()
    assert list(made.manifest.absent.values()) == ["dropped"]
    assert made.manifest.lost == ()
    assert deployed.restore(made.folder, tmp_path / "again").opened == len(deployed.stored())
    assert deployed.town.rows(Attachment) == []


def test_a_broken_record_is_no_backup(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    first = deployed.backup().folder
    whole = making.copy_into_file

    def altered(source: Database, file: Path, at: object) -> None:
        whole(source, file, AT)
        copy = open_database(address_of_file(file))
        with connection(copy):
            copy.run('DROP TRIGGER "event_no_update"')
            copy.run("UPDATE event SET actor_name = '别人' WHERE place = 3")
        copy.close()

    monkeypatch.setattr(making, "copy_into_file", altered)
    with pytest.raises(BackupRefused, match=r"留痕链在第 3 条处不符\n没有做成备份，以前的备份都还在"):
        deployed.backup(AT + timedelta(minutes=1), keep=1)
    assert named_in(deployed.shelf) == [first]
    assert list(deployed.shelf.glob("*.part")) == []
    with connection(deployed.town.database) as reader:
        noted = last_beat(reader, BACKUP)
    assert noted is not None
    assert (noted.at, noted.note[:11]) == (AT, "最近一次备份没有做成：")


def test_the_oldest_go_once_the_new_one_is_there(deployed: Deployed) -> None:
    made = [deployed.backup(AT + timedelta(minutes=n)).folder for n in range(3)]
    others = shutil.copytree(made[0], deployed.shelf / "2020-01-01-000000")
    told = json.loads((others / HEADER).read_text())
    (others / HEADER).write_text(json.dumps({**told, "installation": "another"}))
    (deployed.shelf / "2020-01-02-000000").mkdir()
    (deployed.shelf / "notes").mkdir()
    last = deployed.backup(AT + timedelta(minutes=5), keep=2)
    assert last.removed == tuple(made[:2])
    left = {each.name for each in deployed.shelf.iterdir() if each.is_dir()}
    assert left == {others.name, "2020-01-02-000000", "notes", made[2].name, last.folder.name}


def test_those_made_while_the_clock_ran_fast_cost_none_that_is_made_since(deployed: Deployed) -> None:
    """They sort behind every later one: with as many of them as are kept, each new backup went at once."""
    ahead = [deployed.backup(AT + timedelta(days=3000 + n), keep=2).folder for n in range(2)]
    made = [deployed.backup(AT + timedelta(minutes=n), keep=2) for n in range(3)]
    assert [each.removed for each in made] == [(), (), (made[0].folder,)]
    assert named_in(deployed.shelf) == [made[1].folder, made[2].folder, *ahead]


@pytest.mark.parametrize("what", ["a file", "another", "another here", "full", "odd"])
def test_why_none_was_made_is_noted_whatever_it_was(
    deployed: Deployed, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    def fails(*_: object) -> None:
        raise ValueError("370304195803142241")

    def full(_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with ExitStack() as held:
        if what == "a file":  # as where the disk for backups is not there
            deployed.shelf.write_text("")
        elif what == "another":
            held.enter_context(alone(deployed.shelf.resolve()))
        elif what == "another here":
            held.enter_context(alone(deployed.settings.root / "var" / "backing-up"))
        elif what == "full":
            monkeypatch.setattr("xunfang.backup.box._settle", full)
        else:
            monkeypatch.setattr(making, "copy_into_file", fails)
        with pytest.raises((OSError, Refused, ValueError)):
            deployed.backup()
    with connection(deployed.town.database) as reader:
        noted = last_beat(reader, BACKUP)
    assert noted is not None
    assert noted.note.startswith("最近一次备份没有做成：")
    said = {"a file": "不是文件夹", "full": f"（写到 {deployed.shelf}", "odd": "没有预料到"}
    assert said.get(what, "另一次备份正在") in noted.note
    assert not {"370304195803142241", "Not a directory"} & {*noted.note.split("：")}


def test_two_at_a_time_are_one_too_many(deployed: Deployed) -> None:
    with alone(deployed.shelf.resolve()), pytest.raises(BackupRefused, match="另一次备份正在"):
        deployed.backup()
    deployed.backup()
    with pytest.raises(BackupRefused, match="已经有了"):
        deployed.backup()
    assert len(named_in(deployed.shelf)) == 1


def test_one_of_an_earlier_program_is_brought_up_to_date(
    deployed: Deployed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, now = deployed.backup(), SCHEMA_VERSION

    def later(database: Database, keys: Keys) -> None:
        database.run('CREATE TABLE "later" ("id" BIGINT PRIMARY KEY)')
        database.run("UPDATE account SET name = 'later' WHERE login = 'admin'")

    monkeypatch.setitem(UPGRADES, now + 1, later)
    for module in (schema, restoring):
        monkeypatch.setattr(module, "SCHEMA_VERSION", now + 1)
    with pytest.raises(BackupRefused, match="恢复时须升级数据库"):
        restore(made.folder, Wanted(tmp_path / "again"), AT, None)
    assert deployed.restore(made.folder, tmp_path / "again").opened
    copy = open_database(address_of_file(tmp_path / "again" / "var" / "xunfang.db"), reading=True)
    with connection(copy):
        assert copy.peewee.table_exists("later")
    copy.close()
    monkeypatch.setattr(restoring, "SCHEMA_VERSION", now - 1)
    with pytest.raises(SchemaTooNew, match="请用做备份时的程序"):
        deployed.restore(made.folder, tmp_path / "other")
