"""A jurisdiction arrives 辖区迁入: in an installation that may serve others, sealed with its keys, compared row by row.

And it goes from where it came only when somebody says so, once nothing was recorded there since; the record stays.
Both are done piece by piece, so that people of other jurisdictions work on; until the end nobody serves this one, and
what was broken off is gone on with by giving the command again.
"""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from xunfang.backup.arriving_rules import ArrivedRules, refuse_strange_layers, write_rules
from xunfang.backup.box import Box, write_pieces
from xunfang.backup.leaving import Origin, opened, refuse_another, refuse_differing, refuse_stale
from xunfang.backup.manifest import FILES, Manifest
from xunfang.backup.rekeyed import made_anew
from xunfang.backup.reviewing import review_database, review_inventory
from xunfang.backup.shelf import BackupBroken, BackupRefused
from xunfang.settings import Settings
from xunfang.starting import Store
from xunfang.steps import reached
from xunfang.store import (
    SCHEMA_VERSION,
    Account,
    Database,
    FileStore,
    Keys,
    NewEvent,
    Reader,
    Release,
    append_event,
    check_keys,
    check_version,
    connection,
    open_database,
    put_in_force,
    transaction,
    verify_piece,
)
from xunfang.store.copying import address_of_file, names_file
from xunfang.store.passage import ARRIVING, REMOVING, Passage, end_passage, on_the_way, set_out
from xunfang.store.transplanting import Anew, differing, files_of, holds, removing, transplant


@dataclass(frozen=True, slots=True)
class Arrived:
    """What was taken in: rows by table, logins that are others now, and what became of the rules."""

    origin: Origin
    manifest: Manifest
    rows: Mapping[str, int]
    logins: Mapping[str, str]
    rules: ArrivedRules


def import_jurisdiction(settings: Settings, store: Store, folder: Path, at: datetime, secret: bytes) -> Arrived:
    """Take an exported jurisdiction in, or go on with that; nobody serves it before all of it is there.

    Raises BackupRefused where anything of it is here already, or of another schema; BackupBroken,
    PassphraseWrong, NoRoom, and what the database raises.
    """
    with opened(settings, folder, secret) as (origin, manifest, box, keys, work):
        _refuse_other_schema(manifest)
        refuse_strange_layers(manifest, origin.jurisdiction)
        passage = Passage(ARRIVING, origin.jurisdiction, origin.installation, origin.head)
        _refuse_to_arrive(store, passage)
        with closing(open_database(address_of_file(work / "database.db"))) as source:
            _look(source, keys, manifest)
            _put_files(box, manifest, FileStore(work / FILES, keys), store.files, files_named(source, origin))
            reached("arriving.filed")
            rows, logins = _take_in(source, store, passage, at)
            rules = write_rules(settings, box, manifest, origin.jurisdiction)
            _arrive(source, store, passage, rows, logins, at)
        return Arrived(origin, manifest, rows, logins, rules)


def _refuse_other_schema(manifest: Manifest) -> None:
    """Raise BackupRefused for an export of a program that keeps its database otherwise, in words for whoever moves."""
    theirs = manifest.inventory.schema
    if theirs != SCHEMA_VERSION:
        older = "原来的安装" if theirs < SCHEMA_VERSION else "这个安装"
        raise BackupRefused(
            f"迁出的数据是第 {theirs} 版结构，这里的程序用第 {SCHEMA_VERSION} 版：两边须相同，没有迁入。"
            f"请先升级{older}，再重新迁出、迁入。"
        )


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
        if f"{FILES}/{stored}" not in manifest.files:
            raise BackupBroken(f"迁出的数据里少了文件 {stored}，没有迁入。请重新迁出。")
        write_pieces(under.folder / stored, box.pieces(f"{FILES}/{stored}"))
        if into.put(under.get(sha256)) != sha256:
            raise BackupBroken(f"迁出的文件 {stored} 与它的编号不符。请重新迁出。")
        under.drop(sha256)


def _take_in(source: Database, store: Store, passage: Passage, at: datetime) -> tuple[dict[str, int], dict[str, str]]:
    """Write all rows that are not there yet, and compare them all; no release of them is in force."""
    name, target = passage.jurisdiction, store.database
    assert source.keys is not None
    with transaction(target, name) as tx:
        set_out(tx, passage, at)
    with connection(source) as reader, connection(target) as here:
        logins = _logins(reader, here, name)
        anew: dict[tuple[str, str], Anew] = {**made_anew(source.keys, store.keys)}
        anew["account", "login"] = lambda row: logins.get(row["login"], row["login"])
        anew["release", "current"] = lambda row: False
        rows = transplant(reader, target, name, store.keys, anew)
        refuse_differing(differing(reader, here, name, anew))
        if (broken := verify_piece(target, store.keys.chain, name).broken) is not None:
            raise BackupBroken(f"迁入的留痕链在第 {broken} 条处不符，没有完成。请把这句话告诉维护人员。")
    return rows, logins


def _arrive(
    source: Database, store: Store, passage: Passage, rows: Mapping[str, int], logins: Mapping[str, str], at: datetime
) -> None:
    """Put in force what was in force, and record that all came."""
    name = passage.jurisdiction
    with connection(source) as reader:
        release = reader.first(Release, jurisdiction=name, current=True)
    with transaction(store.database, name) as tx:
        if release is not None:
            put_in_force(tx, name, release.id)
        told = {"from": passage.installation[:8], "head": passage.head, "count": rows["event"], "logins": logins}
        event = NewEvent(at=at, jurisdiction=name, name="jurisdiction.arrived", actor_name="系统", data=told)
        append_event(tx, store.keys.chain, event)
        end_passage(tx, passage)
        reached("arriving.written")


def _refuse_to_arrive(store: Store, passage: Passage) -> None:
    """Raise BackupRefused where anything of a jurisdiction is here that did not come by this very passage."""
    name = passage.jurisdiction
    with connection(store.database) as reader:
        _refuse_other_passage(reader, passage)
        if passage not in on_the_way(reader).values() and (found := holds(reader, name)):
            raise BackupRefused(f"这里已有 {name} 的数据（{'、'.join(found)}），没有迁入。")


def _refuse_other_passage(reader: Reader, passage: Passage) -> None:
    begun = on_the_way(reader).get(passage.jurisdiction, passage)
    if begun != passage:
        what = "迁入" if begun.way == ARRIVING else "删除"
        raise BackupRefused(
            f"{begun.jurisdiction} 正在{what}到一半，用的是另一份迁出的数据（那时最新一条留痕 {begun.head}）。"
            f"请用那一份再运行 xunfang {begun.command}，做完为止。"
        )


def _logins(source: Reader, target: Reader, jurisdiction: str) -> dict[str, str]:
    """Return what logins become that somebody else has here; who came in before has the one it was given."""
    new: dict[str, str] = {}
    accounts = sorted(source.every(Account, jurisdiction=jurisdiction), key=lambda account: account.login)
    theirs = {account.login for account in accounts}
    for account in accounts:
        login = account.login
        if (come := target.find(Account, account.id)) is not None:
            new |= {login: come.login} if come.login != login else {}
        elif target.first(Account, login=login) is not None:
            numbered = (f"{login[:36]}.{n}" for n in range(2, 10_000))
            taken = theirs | {*new.values()}
            new[login] = next(
                each for each in numbered if each not in taken and target.first(Account, login=each) is None
            )
    return new


def remove_jurisdiction(settings: Settings, store: Store, folder: Path, at: datetime, secret: bytes) -> dict[str, Any]:
    """Remove a jurisdiction that was exported from here, all but its record, or go on with that; returns what went.

    Raises BackupRefused while it is served, or where anything was recorded of it since; Mismatch, BackupBroken.
    """
    with opened(settings, folder, secret) as (origin, _, _, _, work):
        name = origin.jurisdiction
        if name in settings.serves:
            raise BackupRefused(f"本部署还在服务 {name}。请先从 config.toml 的 serves 中去掉它，重启，再删除。")
        refuse_another(store, origin)
        passage = Passage(REMOVING, name, origin.installation, origin.head)
        with transaction(store.database, name) as tx:
            _refuse_other_passage(tx, passage)
            refuse_stale(store.database, origin)
            set_out(tx, passage, at)
        with closing(open_database(address_of_file(work / "database.db"))) as source:
            named = files_named(source, origin)
        with connection(store.database):
            rows = sum(removing(store.database, name, lambda tx: refuse_stale(tx.database, origin)))
        files = _drop_files(store, named)
        _note_removed(store, passage, rows, at)
    return {"jurisdiction": name, "rows": rows, "files": files}


def _drop_files(store: Store, named: list[str]) -> int:
    """Drop those of these files that nothing names any more, and return how many there were."""
    unnamed = [sha256 for sha256 in named if not names_file(store.database, sha256)]
    dropped = [sha256 for sha256 in unnamed if store.files.has(sha256)]
    for sha256 in dropped:
        store.files.drop(sha256)
    return len(dropped)


def _note_removed(store: Store, passage: Passage, rows: int, at: datetime) -> None:
    """Record that all is gone; `rows` are those that went since the command was given last."""
    name = passage.jurisdiction
    with transaction(store.database, name) as tx:
        told = {"head": passage.head, "count": rows}
        event = NewEvent(at=at, jurisdiction=name, name="jurisdiction.removed", actor_name="控制台", data=told)
        append_event(tx, store.keys.chain, event)
        end_passage(tx, passage)
        reached("removing.written")
