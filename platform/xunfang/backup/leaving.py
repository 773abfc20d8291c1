"""A jurisdiction leaves 辖区迁出: all that is of it as an installation of its own, in one sealed folder.

The rows lie in a database of their own under a key of their own, which is in the folder; a passphrase seals all of it.
So neither side ever sees the keys of the other.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from xunfang.backup.box import Box, Content, write_pieces
from xunfang.backup.making import put_rules
from xunfang.backup.manifest import (
    DATABASE,
    FILES,
    JURISDICTION,
    KEY,
    ORIGIN,
    RULES,
    Header,
    Manifest,
    read_manifest,
    write_header,
    write_manifest,
)
from xunfang.backup.rekeyed import made_anew
from xunfang.backup.reviewing import review_database, review_files
from xunfang.backup.shelf import PART, BackupBroken, BackupRefused
from xunfang.clock import local
from xunfang.rulebook.layers import layers_in
from xunfang.settings import Settings
from xunfang.starting import Store
from xunfang.steps import reached
from xunfang.store import (
    Database,
    FileKeys,
    FileMissing,
    FileStore,
    Keys,
    Mismatch,
    SealBroken,
    chain_head,
    chained,
    check_keys,
    connection,
    open_database,
    upgrade,
    verify_piece,
)
from xunfang.store.copying import address_of_file, inventory, unhurried
from xunfang.store.database import snapshot
from xunfang.store.disk import private_folder, sync_folder
from xunfang.store.passage import on_the_way
from xunfang.store.passphrase import Passphrase, pieces_of
from xunfang.store.transplanting import differing, files_of, holds, transplant


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a jurisdiction came from: the installation, and the newest event there, by which it is known to be all."""

    jurisdiction: str
    installation: str
    head: str
    at: str
    rows: dict[str, int]


def export_jurisdiction(
    settings: Settings, store: Store, jurisdiction: str, folder: Path, at: datetime, secret: bytes
) -> tuple[Origin, Manifest]:
    """Write all that is of a jurisdiction into a new folder, compare it row by row, and return what it holds.

    People may work on meanwhile; what they do after this moment is not in it, which removing it here will notice.
    Raises BackupRefused, BackupBroken, NoRoom, SealBroken, and what the database raises.
    """
    folder = folder.resolve()
    if folder.exists() and any(folder.iterdir()):
        raise BackupRefused(f"{folder} 不是空文件夹，没有迁出。请另指一个空的或还没有的文件夹。")
    part = folder.with_name(folder.name + PART)
    with _working(settings, "leaving") as work:
        shutil.rmtree(part, ignore_errors=True)
        private_folder(part)
        try:
            origin, manifest = _write(settings, store, jurisdiction, work, part, at, secret)
            review_files(*read_manifest(part, secret, _keys(work)))
            if folder.exists():
                folder.rmdir()
            part.rename(folder)
            sync_folder(folder.parent)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    return origin, manifest


@contextmanager
def _working(settings: Settings, name: str) -> Iterator[Path]:
    """Let a folder be there for the length of the block, and nothing in it that somebody left who died."""
    folder = settings.root / "var" / name
    private_folder(folder.parent)
    with _nobody_else(folder.parent):
        shutil.rmtree(folder, ignore_errors=True)
        private_folder(folder)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _nobody_else(folder: Path) -> Iterator[None]:
    """Be the only one who lets a jurisdiction leave or arrive: two would clear away each other's halves."""
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise BackupRefused("另一次辖区的迁出、迁入或删除正在进行，没有再做。请等它做完。") from None
    finally:
        os.close(handle)


def _keys(work: Path) -> Keys:
    return Keys(FileKeys(work / KEY))


def _write(
    settings: Settings, store: Store, jurisdiction: str, work: Path, part: Path, at: datetime, secret: bytes
) -> tuple[Origin, Manifest]:
    FileKeys(work / KEY).create()
    keys, passphrase = _keys(work), Passphrase.new(secret)
    box = Box(part, passphrase)
    origin, named, held = _take_out(store, jurisdiction, keys, work / DATABASE, at)
    reached("leaving.copied")
    files, absent = _put_files(box, store, FileStore(work / FILES, keys), named)
    files |= {name: box.put(name, pieces_of(work / name)) for name in (DATABASE, KEY)}
    files[ORIGIN] = box.put(ORIGIN, [json.dumps(_told(origin), ensure_ascii=False).encode()])
    files |= put_rules(box, settings, [layer for layer in _layers(settings) if above(layer, jurisdiction)])
    header = Header(held.installation, local(at).isoformat(), passphrase.told)
    manifest = Manifest(header, JURISDICTION, held, files, absent)
    write_manifest(box, manifest, keys)
    write_header(part, header)
    box.settle()
    return origin, manifest


def _take_out(store: Store, jurisdiction: str, keys: Keys, file: Path, at: datetime) -> tuple[Origin, list[str], Any]:
    """Write the rows of one moment into a database of their own; returns where they came from and the files named."""
    with closing(open_database(address_of_file(file))) as target, connection(target):
        upgrade(target, keys, at)
        for statement in unhurried():
            target.run(statement)
        with snapshot(store.database) as source:
            if not holds(source, jurisdiction):
                raise BackupRefused(f"这个安装里没有 {jurisdiction} 的任何数据，没有迁出。")
            if begun := on_the_way(source).get(jurisdiction):
                told = f"{jurisdiction} 在这里只有一部分数据，没有迁出。请先做完 xunfang {begun.command}。"
                raise BackupRefused(told)
            _refuse_broken_chain(store, jurisdiction)
            anew = made_anew(store.keys, keys)
            rows = transplant(source, target, jurisdiction, keys, anew)
            with connection(target) as copied:
                refuse_differing(differing(source, copied, jurisdiction, anew))
            own = check_keys(store.database, store.keys).id
            head = str(chain_head(store.database, jurisdiction))
            origin = Origin(jurisdiction, own, head, local(at).isoformat(), rows)
            named = files_of(source, jurisdiction)
        review_database(target, keys)
        return origin, named, inventory(target)


def refuse_differing(tables: list[str]) -> None:
    """Raise BackupBroken where rows that were taken over are not as they were."""
    if tables:
        raise BackupBroken(f"写出来的与原来的不一致（{'、'.join(tables)}），没有完成。请把这句话告诉维护人员。")


def _refuse_broken_chain(store: Store, jurisdiction: str) -> None:
    with connection(store.database):
        known = jurisdiction in chained(store.database)
    broken = verify_piece(store.database, store.keys.chain, jurisdiction).broken if known else None
    if broken is not None:
        raise BackupRefused(f"{jurisdiction} 的留痕链在第 {broken} 条处不符，没有迁出。请先运行 xunfang verify 查明。")


def _put_files(box: Box, store: Store, under: FileStore, named: list[str]) -> tuple[dict[str, Content], dict[str, str]]:
    """Put every file that is named into the box, sealed with the key of the journey; returns which are lost too."""
    files, absent = {}, {}
    for sha256 in named:
        stored = under.stored_as(sha256)
        try:
            under.put(store.files.get(sha256))
        except (FileMissing, SealBroken):
            absent[stored] = "lost"
            continue
        files[f"{FILES}/{stored}"] = box.put(f"{FILES}/{stored}", pieces_of(under.folder / stored))
        under.drop(sha256)
        reached("leaving.filed")
    return files, absent


def _layers(settings: Settings) -> list[str]:
    return sorted(
        {path.name for kind in ("forms", "workflows", "templates") for path in (settings.root / kind).glob("*")}
    )


def above(layer: str, jurisdiction: str) -> bool:
    """Return whether a layer is the jurisdiction's own or one above it."""
    own, code = jurisdiction.partition("-")[0], layer.partition("-")[0]
    return code == "00" or own.startswith(code)


def _told(origin: Origin) -> dict[str, Any]:
    return {name: getattr(origin, name) for name in Origin.__dataclass_fields__}


@contextmanager
def opened(settings: Settings, folder: Path, secret: bytes) -> Iterator[tuple[Origin, Manifest, Box, Keys, Path]]:
    """Unpack an exported jurisdiction once everything of it was found whole; what is unpacked goes with the block.

    Raises BackupBroken, PassphraseWrong, Mismatch.
    """
    box, manifest = read_manifest(folder, secret, None)
    if manifest.kind != JURISDICTION:
        raise BackupBroken(f"{folder} 是整个安装的备份，不是迁出的一个辖区。整个安装请用 xunfang restore 恢复。")
    review_files(box, manifest)
    with _working(settings, "arriving") as work:
        for name in (KEY, DATABASE):
            write_pieces(work / name, box.pieces(name))
        keys = _keys(work)
        read_manifest(folder, secret, keys)
        origin = _origin(box)
        yield origin, manifest, box, keys, work


def _origin(box: Box) -> Origin:
    """Return where a jurisdiction came from; raises BackupBroken for what no export says of itself."""
    try:
        origin = Origin(**json.loads(b"".join(box.pieces(ORIGIN))))
        named = {*layers_in([f"{RULES[0]}/{origin.jurisdiction}/"])} == {origin.jurisdiction}
        plain = all(isinstance(each, str) and "|" not in each for each in (origin.installation, origin.head))
    except (ValueError, TypeError):
        named = plain = False
    if not named or not plain:
        raise BackupBroken(f"{box.folder} 中的 {ORIGIN} 不是寻访写成的，或者被改动过。请重新迁出。")
    return origin


def refuse_another(store: Store, origin: Origin) -> None:
    """Raise Mismatch unless a jurisdiction was exported from here."""
    if check_keys(store.database, store.keys).id != origin.installation:
        raise Mismatch("这份数据不是从这个安装迁出的，没有删除任何数据。", "EXPORT_OTHER")


def refuse_stale(database: Database, origin: Origin) -> None:
    """Raise BackupRefused unless nothing was recorded of a jurisdiction since it was exported from here."""
    now = str(chain_head(database, origin.jurisdiction))
    if now != origin.head:
        raise BackupRefused(
            f"迁出以后，{origin.jurisdiction} 又有新的留痕（迁出时 {origin.head}，现在 {now}）：迁出的不是全部。"
            "没有再删除数据。请停用该辖区后重新迁出。",
            "EXPORT_STALE",
        )
