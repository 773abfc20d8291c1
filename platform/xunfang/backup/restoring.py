"""A backup restored into an empty folder: everything is looked at before anything could be started from it."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xunfang.backup.box import Box, write_pieces
from xunfang.backup.manifest import DATABASE, FILES, JURISDICTION, SETTINGS_FILE, Manifest, read_manifest
from xunfang.backup.reviewing import refuse, review_database, review_files, review_inventory, review_references
from xunfang.backup.settings_here import settings_here
from xunfang.backup.shelf import BackupBroken, BackupRefused, named_in
from xunfang.settings import address_in
from xunfang.steps import reached
from xunfang.store import (
    SCHEMA_VERSION,
    Database,
    FileStore,
    Keys,
    SchemaTooNew,
    check_keys,
    is_empty,
    move_database,
    open_database,
    schema_version,
    upgrade,
    without_password,
)
from xunfang.store.copying import address_of_file, files_named
from xunfang.store.disk import private_folder, sync_folder

CONFIG, CONFIG_BEFORE = "config.toml", "config.from-backup.toml"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored: how many files open (None: nobody could look, without keys), and what the settings are."""

    manifest: Manifest
    database: str
    opened: int | None
    has_settings: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where to a backup is restored: into a folder, and into another database where `to` names one."""

    into: Path
    to: str = ""


def restore(backup: Path, wanted: Wanted, at: datetime, keys: Keys | None, secret: bytes | None = None) -> Restored:
    """Restore a backup, or nothing of it: config.toml comes last, and without it nothing starts there.

    Without keys, chains and references are not looked at. Raises BackupBroken, BackupRefused, PassphraseWrong,
    Mismatch, NotMoved, SchemaTooNew, NoRoom.
    """
    _refuse_unless_one(backup)
    if read_manifest(backup, secret, None)[1].kind == JURISDICTION:
        raise BackupRefused(f"{backup} 是迁出的一个辖区，不是整个安装的备份。请用 xunfang import-jurisdiction 迁入。")
    box, manifest = read_manifest(backup, secret, keys)
    _refuse_what_cannot_be(wanted, manifest, keys)
    review_files(box, manifest)
    with _filling(wanted.into):
        _unpack(box, manifest, wanted.into)
        opened = _look(manifest, wanted.into, at, keys)
        database = _move(wanted, at, keys)
        reached("restore.filled")
        has_settings = _write_settings(box, wanted.into, database)
    return Restored(manifest, database, opened, has_settings)


def _refuse_unless_one(backup: Path) -> None:
    """Raise BackupRefused with the names of those there are where a folder of backups was named instead of one."""
    if not backup.is_dir():
        raise BackupRefused(f"没有 {backup} 这个文件夹。")
    if named := named_in(backup):
        listed = "\n".join(f"  {each}" for each in named)
        raise BackupRefused(f"{backup} 中有 {len(named)} 份备份，请指明恢复哪一份：\n{listed}")


def _refuse_what_cannot_be(wanted: Wanted, manifest: Manifest, keys: Keys | None) -> None:
    if wanted.into.exists() and any(wanted.into.iterdir()):
        raise BackupRefused(f"{wanted.into} 不是空文件夹，没有恢复。请另指一个空的或还没有的文件夹。")
    schema = manifest.inventory.schema
    if schema > SCHEMA_VERSION:
        raise SchemaTooNew(
            f"备份中的数据库是第 {schema} 版，本程序只认识到第 {SCHEMA_VERSION} 版；请用做备份时的程序。"
        )
    if keys is None and schema < SCHEMA_VERSION:
        raise BackupRefused("备份是较早的程序做的，恢复时须升级数据库。请用 --keys 指明密钥。")
    if wanted.to and keys is None:
        raise BackupRefused("恢复到另一个数据库须逐行核对、核验留痕链。请用 --keys 指明密钥。")
    if wanted.to and not is_empty(_target(wanted)):
        raise BackupRefused(f"目的数据库 {without_password(wanted.to)} 不是空的，没有恢复。")


def _target(wanted: Wanted) -> str:
    return address_in(wanted.into.resolve(), wanted.to)


@contextmanager
def _filling(into: Path) -> Iterator[None]:
    """Let a folder be filled, or be as empty as it was when filling it fails."""
    private_folder(into)
    try:
        yield
    except BaseException:
        for each in into.iterdir():
            shutil.rmtree(each) if each.is_dir() else each.unlink()
        raise


def _file_of(into: Path) -> Path:
    return into / "var" / "xunfang.db"


def _unpack(box: Box, manifest: Manifest, into: Path) -> None:
    """Write everything but the settings to its place."""
    for name in manifest.files:
        top, _, rest = name.partition("/")
        if name == DATABASE:
            write_pieces(_file_of(into), box.pieces(name))
        elif top == FILES:
            write_pieces(into / "var" / FILES / rest, box.pieces(name))
        elif name != SETTINGS_FILE:
            write_pieces(into / rest, box.pieces(name))


def _look(manifest: Manifest, into: Path, at: datetime, keys: Keys | None) -> int | None:
    """Look at all that was unpacked; returns how many files open, None without keys."""
    with closing(open_database(address_of_file(_file_of(into)))) as database:
        if schema_version(database) != manifest.inventory.schema:
            raise BackupBroken("数据库的版本与备份的清单不符。请改用另一份备份。")
        if keys is None:
            review_database(database, None)
            review_inventory(database, manifest)
            _count_files(database, manifest)
            return None
        _bring_up_to_date(database, manifest, at, keys)
        review_database(database, keys)
        return review_references(database, FileStore(into / "var" / FILES, keys), manifest)


def _bring_up_to_date(database: Database, manifest: Manifest, at: datetime, keys: Keys) -> None:
    """Compare the database with what the manifest tells, once it is of today's schema."""
    if manifest.inventory.schema < SCHEMA_VERSION:
        upgrade(database, keys, at)
    database.keys = keys
    check_keys(database, keys)
    review_inventory(database, manifest)


def _count_files(database: Database, manifest: Manifest) -> None:
    """Without keys nobody knows under what name a file lies: as many must be there as are named."""
    there = sum(1 for name in manifest.files if name.startswith(f"{FILES}/") and name.count("/") > 1)
    named = len(set(files_named(database)))
    refuse(
        [f"数据库提到 {named} 个文件，备份里有 {there} 个"] if named != there + len(manifest.absent) else [],
        "文书、照片不全：",
    )


def _move(wanted: Wanted, at: datetime, keys: Keys | None) -> str:
    """Take the database into another where that is wanted; returns how the settings are to name the one there is."""
    file = _file_of(wanted.into)
    if not wanted.to or keys is None:
        return "sqlite:///var/xunfang.db"
    with closing(open_database(address_of_file(file))) as source, closing(open_database(_target(wanted))) as target:
        move_database(source, target, keys, at)
    for each in file.parent.glob(f"{file.name}*"):
        each.unlink()
    return wanted.to


def _write_settings(box: Box, into: Path, database: str) -> bool:
    """Write the settings as they were beside those for here; returns whether they could be written for here."""
    text = b"".join(box.pieces(SETTINGS_FILE)).decode("utf-8")
    write_pieces(into / CONFIG_BEFORE, [text.encode()])
    made = settings_here(text, database)
    if made is not None:
        write_pieces(into / CONFIG, [made.encode()])
    sync_folder(into)
    return made is not None
