"""Whether a backup is whole, file by file; whether a database is the one that a manifest tells of."""

from collections.abc import Iterator

from xunfang.backup.box import Box
from xunfang.backup.manifest import HEADER, MANIFEST, Manifest
from xunfang.backup.shelf import BackupBroken
from xunfang.store import (
    Database,
    FileMissing,
    FileStore,
    Keys,
    SealBroken,
    look_through,
    verify_chain,
)
from xunfang.store.copying import files_named, inventory

_MOST_TOLD = 10


def refuse(wrong: list[str], what: str) -> None:
    """Raise BackupBroken with all that is wrong, or as much of it as anybody reads."""
    if wrong:
        more = [f"……共 {len(wrong)} 处"] if len(wrong) > _MOST_TOLD else []
        raise BackupBroken("\n    ".join((what, *wrong[:_MOST_TOLD], *more)))


def review_files(box: Box, manifest: Manifest) -> None:
    """Raise BackupBroken unless the files of a backup are those of its manifest, each whole, and no others."""
    there, told = box.names(HEADER) - {MANIFEST}, set(manifest.files)
    wrong = [f"少了 {name}" for name in sorted(told - there)] + [f"多了 {name}" for name in sorted(there - told)]
    wrong += [f"{name} 的内容不符" for name in sorted(told & there) if not _is_whole(box, manifest, name)]
    refuse(wrong, f"备份 {box.folder} 不完整或被改动过。请改用另一份备份。")


def _is_whole(box: Box, manifest: Manifest, name: str) -> bool:
    try:
        return box.content(name) == manifest.files[name]
    except BackupBroken:
        return False


def review_database(database: Database, keys: Keys | None) -> None:
    """Raise BackupBroken when a page, a reference or, where the keys are at hand, a chain of a copy is not whole."""
    wrong = list(look_through(database))
    if not wrong and keys is not None and (broken := verify_chain(database, keys.chain)) is not None:
        wrong = [f"留痕链在第 {broken} 条处不符"]
    refuse(wrong, "数据库的内容不完整：")


def review_inventory(database: Database, manifest: Manifest) -> None:
    """Raise BackupBroken unless a database holds what the manifest tells."""
    held, told = inventory(database), manifest.inventory
    rows = sorted(name for name in told.rows if held.rows.get(name) != told.rows[name])
    wrong = [f"{name} 表应有 {told.rows[name]} 行，实有 {held.rows.get(name, 0)} 行" for name in rows]
    wrong = wrong if held.schema == told.schema else []  # an upgrade may write rows; it ends no chain and no release
    wrong += ["安装标记不符"] if held.installation != told.installation else []
    wrong += [f"{head.jurisdiction} 留痕链的末尾不符" for head in told.heads if head not in held.heads]
    wrong += ["规则的发布版本不符"] if held.releases != told.releases else []
    refuse(wrong, "数据库与备份的清单不符：")


def review_references(database: Database, files: FileStore, manifest: Manifest) -> int:
    """Return how many files the database names that are there and open; raises BackupBroken when one does not."""
    named = {sha256 for sha256 in files_named(database) if files.stored_as(sha256) not in manifest.absent}
    refuse([f"打不开 {files.stored_as(each)}" for each in sorted(named) if not _opens(files, each)], "文书、照片不全：")
    return len(named)


def _opens(files: FileStore, sha256: str) -> bool:
    try:
        return bool(files.envelope(sha256))
    except (FileMissing, SealBroken):
        return False


def lost_told(manifest: Manifest) -> Iterator[str]:
    """Yield what is to be said of files that were gone already when the backup was made."""
    if manifest.lost:
        yield f"注意：做备份时文件库里已经缺了或坏了 {len(manifest.lost)} 个文件，备份里没有："
        yield from (f"  files/{name}" for name in manifest.lost[:_MOST_TOLD])
