"""A jurisdiction arrives 辖区迁入: in an installation that may serve others, sealed with its keys, compared row by row.

And it goes from where it came only when somebody says so, once nothing was recorded there since; the record stays.
"""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from xunfang.backup.box import Box, write_pieces
from xunfang.backup.leaving import Origin, opened, refuse_differing, unchanged_since
from xunfang.backup.manifest import FILES, SETTINGS, Manifest
from xunfang.backup.rekeyed import made_anew
from xunfang.backup.reviewing import review_database, review_inventory
from xunfang.backup.shelf import BackupBroken, BackupRefused
from xunfang.settings import Settings
from xunfang.starting import Store
from xunfang.steps import reached
from xunfang.store import (
    Account,
    Database,
    FileStore,
    Keys,
    NewEvent,
    Reader,
    append_event,
    check_keys,
    check_version,
    connection,
    open_database,
    transaction,
    verify_piece,
)
from xunfang.store.copying import address_of_file, names_file
from xunfang.store.transplanting import Anew, differing, files_of, holds, remove_all, transplant


@dataclass(frozen=True, slots=True)
class Arrived:
    """What was taken in: rows by table, logins that are others now, rules that were written and rules that differ."""

    origin: Origin
    manifest: Manifest
    rows: Mapping[str, int]
    logins: Mapping[str, str]
    rules: tuple[str, ...]
    other_rules: tuple[str, ...]


def import_jurisdiction(settings: Settings, store: Store, folder: Path, at: datetime, secret: bytes) -> Arrived:
    """Take an exported jurisdiction in, or nothing of it; nobody writes of it here meanwhile.

    Raises BackupRefused where anything of it is here already, BackupBroken, PassphraseWrong, SchemaTooOld and
    SchemaTooNew, NoRoom, and what the database raises.
    """
    with opened(settings, folder, secret) as (origin, manifest, box, keys, work):
        with connection(store.database) as reader:
            if found := holds(reader, origin.jurisdiction):
                raise BackupRefused(f"这里已有 {origin.jurisdiction} 的数据（{'、'.join(found)}），没有迁入。")
        with closing(open_database(address_of_file(work / "database.db"))) as source:
            _look(source, keys, manifest)
            _put_files(box, manifest, FileStore(work / FILES, keys), store.files, files_named(source, origin))
            reached("arriving.filed")
            rows, logins = _take_in(source, store, origin, at)
        rules, other = _write_rules(settings, box, manifest)
        return Arrived(origin, manifest, rows, logins, rules, other)


def _look(source: Database, keys: Keys, manifest: Manifest) -> None:
    check_version(source)
    source.keys = keys
    check_keys(source, keys)
    review_database(source, keys)
    review_inventory(source, manifest)


def files_named(source: Database, origin: Origin) -> list[str]:
    """Return the files that the rows of what arrives name."""
    with connection(source) as reader:
        return files_of(reader, origin.jurisdiction)


def _put_files(box: Box, manifest: Manifest, under: FileStore, into: FileStore, named: list[str]) -> None:
    """Put every file into the store here; a file that the rows of nobody name in the end does no harm."""
    for sha256 in named:
        stored = under.stored_as(sha256)
        if stored in manifest.absent:
            continue
        write_pieces(under.folder / stored, box.pieces(f"{FILES}/{stored}"))
        if into.put(under.get(sha256)) != sha256:
            raise BackupBroken(f"迁出的文件 {stored} 与它的编号不符。请重新迁出。")
        under.drop(sha256)


def _take_in(source: Database, store: Store, origin: Origin, at: datetime) -> tuple[dict[str, int], dict[str, str]]:
    """Write and compare all rows in one transaction, and record that they came."""
    name, target = origin.jurisdiction, store.database
    assert source.keys is not None
    with connection(source) as reader, connection(target) as here:
        logins = _logins(reader, here, name)
        anew: dict[tuple[str, str], Anew] = {**made_anew(source.keys, store.keys)}
        anew["account", "login"] = lambda row: logins.get(row["login"], row["login"])
        with transaction(target, name) as tx:
            rows = transplant(reader, tx, name, store.keys, anew)
            refuse_differing(differing(reader, tx, name, anew))
            told = {"from": origin.installation[:8], "head": origin.head, "count": rows["event"], "logins": logins}
            event = NewEvent(at=at, jurisdiction=name, name="jurisdiction.arrived", actor_name="系统", data=told)
            append_event(tx, store.keys.chain, event)
            if (broken := verify_piece(target, store.keys.chain, name).broken) is not None:
                raise BackupBroken(f"迁入的留痕链在第 {broken} 条处不符，已全部撤回。")
            reached("arriving.written")
    return rows, logins


def _logins(source: Reader, target: Reader, jurisdiction: str) -> dict[str, str]:
    """Return what logins become that somebody else has here."""
    new: dict[str, str] = {}
    theirs = {account.login for account in source.every(Account, jurisdiction=jurisdiction)}
    for login in sorted(theirs):
        if target.first(Account, login=login) is not None:
            numbered = (f"{login[:36]}.{n}" for n in range(2, 10_000))
            taken = theirs | {*new.values()}
            new[login] = next(
                each for each in numbered if each not in taken and target.first(Account, login=each) is None
            )
    return new


def _write_rules(settings: Settings, box: Box, manifest: Manifest) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Write the layers of rules that are not here yet; returns them, and those that are here and are others."""
    names = sorted(name for name in manifest.files if name.startswith(f"{SETTINGS}/"))
    there = {layer for layer in (_layer(settings, name) for name in names) if layer.exists()}
    other = set()
    for name in names:
        path, layer = settings.root / name.partition("/")[2], _layer(settings, name)
        if layer not in there:
            write_pieces(path, box.pieces(name))
        elif not path.is_file() or path.read_bytes() != b"".join(box.pieces(name)):
            other.add(layer)
    written = {_layer(settings, name) for name in names} - there
    return tuple(sorted(map(str, written))), tuple(sorted(map(str, other)))


def _layer(settings: Settings, name: str) -> Path:
    """Return the folder of the layer that a file of the rules belongs to."""
    _, kind, layer, *_ = name.split("/")
    return settings.root / kind / layer


def remove_jurisdiction(settings: Settings, store: Store, folder: Path, at: datetime, secret: bytes) -> dict[str, Any]:
    """Remove a jurisdiction that was exported from here, all but its record; returns how much went.

    Raises BackupRefused while it is served, or where anything was recorded of it since; Mismatch, BackupBroken.
    """
    with opened(settings, folder, secret) as (origin, _, _, _, _):
        name = origin.jurisdiction
        if name in settings.serves:
            raise BackupRefused(f"本部署还在服务 {name}。请先从 config.toml 的 serves 中去掉它，重启，再删除。")
        unchanged_since(store, origin)
        with connection(store.database) as reader:
            named = files_of(reader, name)
        with transaction(store.database, name) as tx:
            removed = remove_all(tx, name)
            told = {"head": origin.head, "count": removed}
            event = NewEvent(at=at, jurisdiction=name, name="jurisdiction.removed", actor_name="控制台", data=told)
            append_event(tx, store.keys.chain, event)
            reached("removing.written")
        dropped = [sha256 for sha256 in named if not names_file(store.database, sha256)]
        for sha256 in dropped:
            store.files.drop(sha256)
    return {"jurisdiction": name, "rows": removed, "files": len(dropped)}
