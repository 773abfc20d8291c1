"""The mark 安装标记 that database, keys and files carry of one another, so that none is ever taken for another's."""

from datetime import datetime
from pathlib import Path

from xunfang.errors import Refused
from xunfang.store import statements
from xunfang.store.database import Database, Reader, Transaction, connection, transaction
from xunfang.store.disk import private_folder, sync_folder, write_private, writing
from xunfang.store.ids import new_id
from xunfang.store.sealing import WITHDRAWN, Keys
from xunfang.store.tables import Installation

MARK = "installation.txt"
_EXPLAINED = "本文件写明这里属于哪一个寻访安装，启动时与数据库核对。它不是秘密；请随同备份，不要改动或删除。\n"
NAMING = ("notice", "attachment", "delivery", "minutes", "circular")
"""The tables whose rows name files, in a column `sha256`."""
_LOOKED_AT = 5
"""How many of the newest files are looked for in a folder without a mark."""


class Mismatch(Refused):
    """Database, keys and files do not belong together; the message says what to do, the code what is wrong."""

    code = "MISMATCH"


def installation_of(reader: Reader) -> Installation | None:
    """Return the mark of a database, None before it has one."""
    return reader.first(Installation)


def mark_database(tx: Transaction, keys: Keys, at: datetime) -> None:
    """Give a new database its mark, or one of an earlier version that has none yet, unless somebody was faster."""
    if installation_of(tx) is None:
        own = new_id()
        recorded, known = tx.database.run(statements.last_recorded()).fetchone() or (0, "")
        checks = keys.checks(own)
        tx.insert(Installation(id=own, checks=checks, made_at=at, common_until=recorded, common_hash=known))


def check_keys(database: Database, keys: Keys) -> Installation:
    """Return the mark of a database whose keys these are; raises Mismatch when one of its keys is not at hand."""
    with connection(database) as reader:
        found = installation_of(reader)
    if found is None:
        raise Mismatch("数据库中没有安装标记，不能确认密钥是否相符。请用备份恢复数据库。", "DATABASE_UNMARKED")
    present = keys.checks(found.id)
    places = [place for place, check in enumerate(reversed(found.checks), 1) if not _is_at_hand(check, present)]
    if any(WITHDRAWN + check in present for check in found.checks):
        raise Mismatch(
            "这个数据库是撤下旧密钥以前的样子，里面有用旧密钥加密的内容，现在的密钥打不开。"
            "请用当时的密钥（撤下时另存的那个文件）来打开它。数据没有作任何改动。",
            "KEY_WITHDRAWN",
        )
    if len(places) == len(found.checks):
        raise Mismatch(
            "密钥不是这个数据库的密钥。请把建立这个数据库时用的密钥放回 config.toml 的 [keys] 所指的位置；"
            "数据没有作任何改动。",
            "KEY_WRONG",
        )
    if places:
        raise Mismatch(_withdrawn(places), "KEY_WITHDRAWN")
    if _bare(present[-1]) != _bare(found.checks[-1]):
        raise Mismatch(
            "密钥的次序不对：新密钥应加在最前面，原来的最后一把（查人摘要和留痕链用它）必须仍在最后。请改正次序。",
            "KEY_ORDER",
        )
    return found


def _withdrawn(places: list[int]) -> str:
    named = "、".join("最后一把" if place == 1 else f"从最后往前数的第 {place} 把" for place in places)
    return (
        f"缺少这个数据库用过的密钥：{named}。旧数据是用它加密的，撤下就读不出来；"
        "请从密钥的备份中找回，放回原来的位置。数据没有作任何改动。"
    )


def _bare(check: str) -> str:
    return check.removeprefix(WITHDRAWN)


def _is_at_hand(check: str, present: tuple[str, ...]) -> bool:
    """Return whether a key is there that does all that a check stands for: one that seals no more need not open."""
    return check in present or (check.startswith(WITHDRAWN) and _bare(check) in present)


def note_keys(database: Database, keys: Keys, known: Installation) -> None:
    """Remember keys that were added at the front since the last start; one that seals no more stays known as such."""
    gone = {check for check in known.checks if check.startswith(WITHDRAWN)}
    present = tuple(WITHDRAWN + check if WITHDRAWN + check in gone else check for check in keys.checks(known.id))
    if present != known.checks:
        _note_checks(database, known, present)


def note_withdrawn(database: Database, keys: Keys) -> None:
    """Remember that nothing is sealed any more with any key but the newest: the others may be taken away.

    Of the last one its remains must stay.
    """
    with connection(database) as reader:
        known = installation_of(reader)
    assert known is not None
    first, *_, last = keys.checks(known.id)
    _note_checks(database, known, (first, WITHDRAWN + _bare(last)))


def _note_checks(database: Database, known: Installation, checks: tuple[str, ...]) -> None:
    with transaction(database, "") as tx:
        tx.update(Installation, {"id": known.id}, {"checks": checks})


def refers_to_files(database: Database) -> list[str]:
    """Return the SHA-256 of some of the newest files that the database knows of; none when it knows of no file."""
    with connection(database):
        queries = [statements.newest_files(table, database.dialect.mark) for table in NAMING]
        return [str(found) for sql in queries for (found,) in database.run(sql, (_LOOKED_AT,)).fetchall()]


def read_mark(path: Path) -> str:
    """Return of which installation a mark on the disk tells, "" when there is none; raises OSError."""
    try:
        return path.read_text("utf-8", "replace").split("\n", 1)[0].strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""


def write_mark(path: Path, installation: str) -> None:
    """Write a mark, whole or not at all; raises OSError, NoRoom."""
    if read_mark(path) == installation:
        return
    private_folder(path.parent)
    part = path.with_name(f"{path.name}.{new_id()}.part")
    with writing(part):
        write_private(part, f"{installation}\n{_EXPLAINED}".encode())
        part.replace(path)
    sync_folder(path.parent)
