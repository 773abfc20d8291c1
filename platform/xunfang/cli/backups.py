"""Commands for backups: making one while the service runs, and restoring one into an empty folder."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from xunfang import clock
from xunfang.backup import BackupRefused, Made, Restored, make_backup, restore
from xunfang.backup.manifest import Manifest
from xunfang.backup.restoring import CONFIG_BEFORE, Wanted
from xunfang.backup.reviewing import lost_told
from xunfang.doctor.machine import database_file
from xunfang.settings import Settings, read_settings
from xunfang.starting import read_store
from xunfang.store import Keys, key_provider, without_password
from xunfang.store.passphrase import read_passphrase


def add_commands(commands: Any) -> None:
    """Add this group's commands to the command line."""
    backup = commands.add_parser("backup", help="备份：数据库、文书照片、规则和设置（不含密钥），不用停止服务")
    backup.add_argument(
        "folder", metavar="文件夹", type=Path, help="放各次备份的文件夹，每次备份是其中一个以时间命名的文件夹"
    )
    backup.add_argument(
        "--keep", metavar="份数", type=int, help="只留最近这么多份，新的一份核对无误后才删旧的；不写就都留着"
    )
    backup.add_argument(
        "--passphrase-file", metavar="口令文件", type=Path, help="用其中的口令加密整份备份（权限须为 0600）"
    )
    backup.add_argument("--demo", action="store_true", help="备份演示数据")
    backup.set_defaults(run=_backup)
    back = commands.add_parser("restore", help="恢复：把一份备份核对无误后放进一个空文件夹")
    back.add_argument("folder", metavar="备份", type=Path, help="一份备份，即以时间命名的那个文件夹")
    back.add_argument("--into", metavar="文件夹", type=Path, required=True, help="空的或还没有的文件夹")
    back.add_argument(
        "--to", metavar="地址", default="", help="空的数据库，如 postgresql://…；不写就是文件夹里的 SQLite"
    )
    back.add_argument(
        "--keys", metavar="密钥", default="", help="密钥文件，或 env:环境变量名；有密钥才能核验留痕链和文书"
    )
    back.add_argument("--passphrase-file", metavar="口令文件", type=Path, help="备份加了密的，做备份时的口令文件")
    back.set_defaults(run=_restore)


def _secret(file: Path | None) -> bytes | None:
    return None if file is None else read_passphrase(file)


def _backup(given: argparse.Namespace) -> int:
    if given.keep is not None and given.keep < 1:
        raise BackupRefused("--keep 至少为 1：刚做好的这一份总要留着。")
    settings = read_settings(given.config)
    settings = settings.for_demo() if given.demo else settings
    secret = _secret(given.passphrase_file)
    store = read_store(settings)
    try:
        made = make_backup(settings, store, given.folder, clock.now(), secret, given.keep)
    finally:
        store.database.close()
    print("\n".join(_made_told(made)))
    if lies_with(made.folder, settings):
        print("注意：备份与数据在同一块盘上，这块盘坏了两样一起没有。备份盘没有挂上、路径写错了，也是这样。")
    return 1 if made.manifest.lost else 0


def lies_with(backup: Path, settings: Settings) -> bool:
    """Return whether a backup lies on a disk on which the database or the file store lies."""
    file = database_file(settings)
    kept = [path for path in (file, settings.files) if path is not None and path.exists()]
    return backup.stat().st_dev in {path.stat().st_dev for path in kept}


def _made_told(made: Made) -> Iterator[str]:
    yield f"已备份到 {made.folder}"
    yield from _held_told(made.manifest)
    yield "已逐个读回核对：文件的校验值相符，数据库完整，留痕链完整，文书和照片都能用密钥打开。"
    for each in made.removed:
        yield f"已删除旧备份 {each}"
    yield from lost_told(made.manifest)
    if made.manifest.lost:
        yield "这一份不算完好的备份，旧备份一份也没有删。请从旧备份中找回这些文件，放回文件库。"
    yield "密钥不在备份里。请把密钥（连同它旁边以 installation.txt 结尾的小文件）另处保管；没有密钥，备份无法读取。"
    if made.manifest.header.passphrase:
        yield "备份已用口令加密。口令请与备份、密钥分开保管；忘记口令，备份无法恢复。"


def _held_told(manifest: Manifest) -> Iterator[str]:
    held = manifest.inventory
    kept = sum(1 for name in manifest.files if name.startswith("files/"))
    yield f"  备份时刻 {manifest.header.made_at}，安装 {held.installation[:8]}，数据库第 {held.schema} 版"
    yield f"  数据库 {sum(held.rows.values())} 行，文件库 {kept} 个文件，合计 {manifest.size / 1_000_000:.1f} MB"
    for head in held.heads:
        yield f"  留痕链 {head}"


def _restore(given: argparse.Namespace) -> int:
    keys = Keys(key_provider(_source(given.keys))) if given.keys else None
    wanted = Wanted(given.into, given.to)
    done = restore(given.folder, wanted, clock.now(), keys, _secret(given.passphrase_file))
    print("\n".join((*_restored_told(done, given.into), *_next_told(done, given.into))))
    return 0


def _source(told: str) -> str:
    return told if told.startswith(("file:", "env:")) else f"file:{told}"


def _restored_told(done: Restored, into: Path) -> Iterator[str]:
    yield f"已恢复到 {into}"
    yield from _held_told(done.manifest)
    yield "已核对：每个文件的校验值，数据库的每一页，各表行数，安装标记，留痕链的末尾，规则的发布版本。"
    if done.opened is None:
        yield "没有给出密钥，以下没有核验：留痕链是否完整，备份是否被人改动过，文书和照片能否打开。"
    else:
        yield f"已用密钥核验：留痕链完整；数据库提到的 {done.opened} 个文件都在，都能打开；备份没有被人改动过。"
    yield from lost_told(done.manifest)


def _next_told(done: Restored, into: Path) -> Iterator[str]:
    yield "接下来："
    database = without_password(done.database)
    if done.has_settings:
        yield f"  1. 看一遍 {into / 'config.toml'}：数据库（{database}）、文件库、密钥已改为这里的位置，"
        yield f"     其余照旧；原来的写法在 {CONFIG_BEFORE}。"
    else:
        yield f'  1. 照 {into / CONFIG_BEFORE} 另写 config.toml，其中 [database] url = "{database}"，'
        yield '     [files] path = "var/files"，[keys] data = "file:var/keys/data.key"。'
    yield f"  2. 把密钥放到 {into / 'var' / 'keys' / 'data.key'}，chmod 600；用环境变量的，照旧设置。字体另放。"
    yield "  3. 在那里运行 xunfang verify，再 xunfang serve。只是演练的，不要连接对外发送的网络。"
    yield "  备份时刻以后的上报、办理和编出的文号都不在其中：先停用原来的网站，再核对这以后已经发出的文书。"
