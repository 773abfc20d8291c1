"""Floor 8: key, database and files are checked against each other before anything rests on them.

Whoever serves opens with `open_store`: what is missing is made where nothing was ever kept, an older database is
brought up to date, and nothing is ever made anew beside what is known to be filled. Whoever only reads opens with
`read_store`, which writes nothing at all.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xunfang.settings import Settings
from xunfang.store import (
    MARK,
    Database,
    FileKeys,
    FileStore,
    KeyProvider,
    Keys,
    Mismatch,
    check_keys,
    check_version,
    is_empty,
    key_provider,
    open_database,
    read_mark,
    refers_to_files,
    schema_version,
    upgrade,
    write_mark,
)


@dataclass(frozen=True, slots=True)
class Store:
    """What belongs together: the database, its keys, its files."""

    database: Database
    keys: Keys
    files: FileStore


@dataclass(frozen=True, slots=True)
class _Marks:
    """What stood beside key and files before the database was looked at."""

    key: str
    files: str
    holds_files: bool

    @property
    def known(self) -> bool:
        return bool(self.key or self.files or self.holds_files)


def open_store(settings: Settings, at: datetime) -> Store:
    """Return the store of a deployment that is to be served, with whatever was missing made.

    Raises Mismatch, KeysUnusable, SchemaTooNew, AddressUnusable and whatever the database itself may raise.
    """
    marks = _marks(settings)  # first: whoever starts beside us writes them after the database
    provider = key_provider(settings.keys)
    database = _database(settings, marks, provider)
    keys = Keys(provider)
    upgrade(database, keys, at)
    files = FileStore(settings.files, keys)
    _check_files(settings, database, files, marks)
    return Store(database, keys, files)


def read_store(settings: Settings) -> Store:
    """Return the store of a deployment for reading: nothing is made, upgraded or remembered.

    Raises what `open_store` raises, and SchemaTooOld.
    """
    _check_nothing_lost(settings, _marks(settings))
    if is_empty(settings.database):
        raise Mismatch(f"还没有数据库：{_place(settings)}。请先启动服务（xunfang serve）。", "DATABASE_MISSING")
    database = open_database(settings.database, reading=True)
    check_version(database)
    keys = Keys(key_provider(settings.keys))
    database.keys = keys
    check_keys(database, keys)
    return Store(database, keys, FileStore(settings.files, keys))


def _database(settings: Settings, marks: _Marks, provider: KeyProvider) -> Database:
    _check_nothing_lost(settings, marks)
    if is_empty(settings.database) and isinstance(provider, FileKeys):
        provider.create()
    database = open_database(settings.database)
    if schema_version(database) == 0:
        if marks.known:
            raise _lost(settings, marks)
        if isinstance(provider, FileKeys):
            provider.create()
    return database


def _check_nothing_lost(settings: Settings, marks: _Marks) -> None:
    if marks.known and is_empty(settings.database):
        raise _lost(settings, marks)


def _lost(settings: Settings, marks: _Marks) -> Mismatch:
    owner = marks.key or marks.files
    whose = f"属于安装 {owner[:8]}" if owner else "已存有文书或照片"
    return Mismatch(
        f"数据库 {_place(settings)} 不存在或是空的，而这里的密钥、文件库{whose}：数据库丢了，或者路径写错了。"
        "没有另建空的数据库。请核对 config.toml 的 [database]；确已丢失的，用备份恢复数据库（xunfang restore）再启动。"
        f"确要放弃原有数据、从头开始的，把 {_key_place(settings)}和 {settings.files} 移到别处，再启动。",
        "DATABASE_MISSING",
    )


def check_belonging(settings: Settings, store: Store) -> None:
    """Raise Mismatch unless key and files are marked as the database's own, or not marked yet; writes nothing."""
    own = check_keys(store.database, store.keys).id
    _check_marks(settings, store.database, store.files, _marks(settings), own)


def _check_files(settings: Settings, database: Database, files: FileStore, marks: _Marks) -> None:
    """Compare the marks with the database's own, and write those that are not there yet."""
    own = check_keys(database, files.keys).id
    _check_marks(settings, database, files, marks, own)
    for path in (_key_mark(settings), settings.files / MARK):
        if path is not None:
            write_mark(path, own)


def _check_marks(settings: Settings, database: Database, files: FileStore, marks: _Marks, own: str) -> None:
    if marks.key and marks.key != own:
        raise Mismatch(
            f"密钥旁的标记写明它属于安装 {marks.key[:8]}，数据库却属于安装 {own[:8]}。"
            f"请核对 config.toml 的 [database] 与 [keys]，把同一安装的放在一起。",
            "KEY_OTHER",
        )
    if marks.files and marks.files != own:
        raise Mismatch(
            f"文件库 {settings.files} 属于安装 {marks.files[:8]}，数据库却属于安装 {own[:8]}。"
            "请核对 config.toml 的 [database] 与 [files]，把同一安装的放在一起。",
            "FILES_OTHER",
        )
    if not marks.files:
        _check_unmarked(settings, database, files)


def _check_unmarked(settings: Settings, database: Database, files: FileStore) -> None:
    """Raise Mismatch when the database knows of files and a folder without a mark holds none of them."""
    wanted = refers_to_files(database)
    if wanted and not any(files.has(sha256) for sha256 in wanted):
        raise Mismatch(
            f"文件库 {settings.files} 不存在，或者里面没有这个数据库的文书和照片。请核对 config.toml 的 [files]；"
            "文件库确已丢失的，用备份恢复整个文件夹，再启动。",
            "FILES_MISSING",
        )


def _marks(settings: Settings) -> _Marks:
    beside = _key_mark(settings)
    return _Marks(
        key=read_mark(beside) if beside else "",
        files=read_mark(settings.files / MARK),
        holds_files=any(len(path.name) > len(MARK) for path in settings.files.glob("??/*")),
    )


def _key_mark(settings: Settings) -> Path | None:
    """Return where the mark beside the key lies; a key that is no file has none."""
    kind, _, path = settings.keys.partition(":")
    return Path(f"{path}.{MARK}") if kind == "file" and path else None


def _key_place(settings: Settings) -> str:
    kind, _, path = settings.keys.partition(":")
    return f"密钥 {path}（连同它旁边的 {MARK} 标记）" if kind == "file" else f"密钥（{settings.keys}）"


def _place(settings: Settings) -> str:
    return settings.database.removeprefix("sqlite:///")
