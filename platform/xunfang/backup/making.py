"""A backup made while the service runs: the database of one moment, then each file that it names, then the rules."""

import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xunfang.backup.box import Box, Content
from xunfang.backup.manifest import (
    DATABASE,
    FILES,
    RULES,
    SETTINGS,
    SETTINGS_FILE,
    Header,
    Manifest,
    read_header,
    read_manifest,
    write_header,
    write_manifest,
)
from xunfang.backup.reviewing import review_database, review_files
from xunfang.backup.shelf import BackupBroken, BackupRefused, alone, begun, finished, named_in, remove
from xunfang.clock import local
from xunfang.errors import Refused
from xunfang.mishaps import told
from xunfang.settings import Settings
from xunfang.starting import Store
from xunfang.steps import reached
from xunfang.store import MARK, Database, FileMissing, NoRoom, SealBroken, open_database, transaction
from xunfang.store.copying import Inventory, address_of_file, copy_into_file, files_named, inventory, names_file
from xunfang.store.life import BACKUP, beat, last_beat
from xunfang.store.passphrase import Passphrase, pieces_of

_LOST_ADVICE = "请从旧备份中找回这些文件，放回文件库。"


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made and found whole, and the older ones that went for it."""

    folder: Path
    manifest: Manifest
    removed: tuple[Path, ...]


def make_backup(
    settings: Settings, store: Store, shelf: Path, at: datetime, secret: bytes | None = None, keep: int | None = None
) -> Made:
    """Make a backup of a deployment in use in a folder of backups, look at it, and let it have its name.

    With `secret` it is sealed. With `keep` as many stay, of this installation. Where a file was lost, none goes and
    this one is not noted as good. Raises BackupRefused, BackupBroken, NoRoom, and what the database raises.
    """
    shelf = shelf.resolve()
    work = settings.root / "var" / "backing-up"
    with ExitStack() as held:
        with _noting_failure(settings, at):
            held.enter_context(alone(work))
            held.enter_context(alone(shelf))
            copy = held.enter_context(_passing(work / "copy"))
            folder, manifest = _made(settings, store, copy, begun(shelf, at), at, secret)
        if manifest.lost:
            _note(settings, at, f"最近一次备份缺 {len(manifest.lost)} 个文件，文件库里已经缺了或坏了。{_LOST_ADVICE}")
            return Made(folder, manifest, ())
        _note(settings, at)
        return Made(folder, manifest, _make_room(folder, manifest.header.installation, keep))


def _made(
    settings: Settings, store: Store, copy: Path, part: Path, at: datetime, secret: bytes | None
) -> tuple[Path, Manifest]:
    """Return a backup that was written, read again and named, and what it holds."""
    try:
        manifest = _write(settings, store, copy, part, at, secret)
        review_files(*read_manifest(part, secret, store.keys))
        return finished(part), manifest
    finally:
        shutil.rmtree(part, ignore_errors=True)


@contextmanager
def _passing(folder: Path) -> Iterator[Path]:
    """Let a folder be there for the length of the block, and nothing in it that somebody left who died."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write(settings: Settings, store: Store, work: Path, part: Path, at: datetime, secret: bytes | None) -> Manifest:
    passphrase = Passphrase.new(secret) if secret is not None else None
    box = Box(part, passphrase)
    copy = work / DATABASE
    copy_into_file(store.database, copy, at)
    reached("backup.copied")
    held, named = _looked_through(copy, store)
    files, absent = _put_files(box, store, named)
    files[DATABASE] = box.put(DATABASE, pieces_of(copy))
    files |= _put_settings(box, settings)
    header = Header(held.installation, local(at).isoformat(), passphrase.told if passphrase else None)
    manifest = Manifest(header, _kind(store.database), held, files, absent)
    write_manifest(box, manifest, store.keys)
    write_header(part, header)
    box.settle()
    reached("backup.written")
    return manifest


def _kind(database: Database) -> str:
    return database.url.partition(":")[0]


def _looked_through(copy: Path, store: Store) -> tuple[Inventory, list[str]]:
    """Return what the copy of the database holds and which files it names, once it was found whole."""
    with closing(open_database(address_of_file(copy))) as database:
        database.keys = store.keys
        try:
            review_database(database, store.keys)
        except BackupBroken as error:
            raise BackupRefused(
                f"{error.message}\n没有做成备份，以前的备份都还在。请运行 xunfang verify 查明；不要删除以前的备份。"
            ) from None
        return inventory(database), sorted(set(files_named(database)))


def _put_files(box: Box, store: Store, named: list[str]) -> tuple[dict[str, Content], dict[str, str]]:
    """Copy every file that is named, as it lies sealed; returns what was written, and which are not there and why."""
    files, absent = {}, {}
    for sha256 in named:
        stored = store.files.stored_as(sha256)
        envelope = _envelope(store, sha256)
        if isinstance(envelope, str):
            absent[stored] = envelope
        else:
            files[f"{FILES}/{stored}"] = box.put(f"{FILES}/{stored}", [envelope])
            reached("backup.filed")
    mark = store.files.folder / MARK
    if mark.exists():
        files[f"{FILES}/{MARK}"] = box.put(f"{FILES}/{MARK}", pieces_of(mark))
    return files, absent


def _envelope(store: Store, sha256: str) -> bytes | str:
    """Return a file as it lies, or why it is not there: whether anything still names it is asked of the database."""
    for _ in range(2):  # one that was dropped may have come back for another's row
        try:
            return store.files.envelope(sha256)
        except FileMissing:
            if not names_file(store.database, sha256):
                return "dropped"
        except SealBroken:
            break
    return "lost"


def _put_settings(box: Box, settings: Settings) -> dict[str, Content]:
    """Copy the settings and the files of the rules as they are now."""
    return {SETTINGS_FILE: box.put(SETTINGS_FILE, pieces_of(settings.file))} | put_rules(box, settings)


def put_rules(box: Box, settings: Settings, layers: Collection[str] | None = None) -> dict[str, Content]:
    """Copy the files of the rules as they are now; of these layers only, where they are given."""
    found: dict[str, Path] = {}
    for kind in RULES:
        for folder, _, files in os.walk(settings.root / kind):
            paths = (Path(folder, file) for file in files)
            found |= {path.relative_to(settings.root).as_posix(): path for path in paths if path.is_file()}
    wanted = sorted(name for name in found if layers is None or name.split("/")[1] in layers)
    return {f"{SETTINGS}/{name}": box.put(f"{SETTINGS}/{name}", pieces_of(found[name])) for name in wanted}


def _note(settings: Settings, at: datetime, wrong: str = "") -> None:
    """Note in the database that there is a whole backup of this moment, or why not: then of when the last one is."""
    with closing(open_database(settings.database)) as database, transaction(database, "") as tx:
        before = last_beat(tx, BACKUP)
        beat(tx, BACKUP, before.at if before and wrong else at, wrong)


@contextmanager
def _noting_failure(settings: Settings, at: datetime) -> Iterator[None]:
    """Note why no backup was made, where that can still be noted; whoever asked for it is told anyway."""
    try:
        yield
    except Exception as error:
        with suppress(Refused, OSError):
            _note(settings, at, f"最近一次备份没有做成：{_why(error)}")
        raise


def _why(error: Exception) -> str:
    if isinstance(error, (NoRoom, OSError)):
        return told(error)
    if isinstance(error, Refused):
        return " ".join(error.message.split())
    return f"程序出了没有预料到的错误（{type(error).__name__}）。请运行一次 xunfang backup，照它说的做。"


def _make_room(made: Path, installation: str, keep: int | None) -> tuple[Path, ...]:
    """Remove the oldest backups of an installation beyond as many as are kept; those of others are left alone.

    One whose moment lies ahead was made while the clock ran fast: it is neither counted nor removed, as it would
    outlast every one that is made from now on.
    """
    own = [each for each in named_in(made.parent) if each.name <= made.name and _is_of(each, installation)]
    beyond = own[: len(own) - keep] if keep is not None and len(own) > keep else []
    for each in beyond:
        remove(each)
    return tuple(beyond)


def _is_of(backup: Path, installation: str) -> bool:
    try:
        return read_header(backup).installation == installation
    except BackupBroken:
        return False
