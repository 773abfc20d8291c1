"""Commands for a jurisdiction that goes to another installation: export, import, and removing it where it was."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from xunfang import clock
from xunfang.app import open_console
from xunfang.backup.arriving import Arrived, import_jurisdiction, remove_jurisdiction
from xunfang.backup.arriving_rules import ArrivedRules
from xunfang.backup.leaving import export_jurisdiction
from xunfang.settings import read_settings
from xunfang.starting import Store, read_store
from xunfang.store.passphrase import read_passphrase


def add_commands(commands: Any) -> None:
    """Add this group's commands to the command line."""
    leave = commands.add_parser(
        "export-jurisdiction",
        help="辖区迁出：一个辖区的全部数据、文书、规则版本、文号、留痕和账号，用口令加密写成一个文件夹",
    )
    leave.add_argument("jurisdiction")
    leave.set_defaults(run=_export)
    come = commands.add_parser("import-jurisdiction", help="辖区迁入：把别处迁出的一个辖区并入这个安装，逐行核对")
    come.set_defaults(run=_import)
    gone = commands.add_parser(
        "remove-jurisdiction", help="删除已经迁出、不再服务的辖区；迁出以后没有新的留痕才删，留痕本身保留"
    )
    gone.set_defaults(run=_remove)
    for each in (leave, come, gone):
        each.add_argument("folder", metavar="文件夹", type=Path, help="迁出的文件夹")
        each.add_argument(
            "--passphrase-file", metavar="口令文件", type=Path, required=True, help="口令（文件权限须为 0600）"
        )


def _store(given: argparse.Namespace) -> Store:
    deployment = open_console(read_settings(given.config))
    return Store(deployment.database, deployment.keys, deployment.files)


def _export(given: argparse.Namespace) -> int:
    settings, secret = read_settings(given.config), read_passphrase(given.passphrase_file)
    store = read_store(settings)
    try:
        origin, manifest = export_jurisdiction(settings, store, given.jurisdiction, given.folder, clock.now(), secret)
    finally:
        store.database.close()
    print(
        f"已把 {origin.jurisdiction} 迁出到 {given.folder}："
        f"{sum(origin.rows.values())} 行，{_files(manifest.files)} 个文件。"
    )
    print(f"已逐行核对一致，留痕链完整。迁出时最新一条留痕 {origin.head}，请抄录。")
    for name in manifest.lost:
        print(f"注意：文件库里已经缺了或坏了 {name}，没有迁出。")
    print("整个文件夹用口令加密，不含本安装的密钥；口令请与文件夹分开送达。")
    if origin.jurisdiction in settings.serves:
        print(
            "本部署还在服务这个辖区：此后的办理不在迁出的数据里。"
            "正式迁出请先停用它（config.toml 的 serves），再迁一次。"
        )
    return 1 if manifest.lost else 0


def _files(files: Any) -> int:
    return sum(1 for name in files if name.startswith("files/"))


def _import(given: argparse.Namespace) -> int:
    settings, secret = read_settings(given.config), read_passphrase(given.passphrase_file)
    arrived = import_jurisdiction(settings, _store(given), given.folder, clock.now(), secret)
    _tell(arrived)
    return 0


def _tell(arrived: Arrived) -> None:
    name = arrived.origin.jurisdiction
    print(
        f"已迁入 {name}：{sum(arrived.rows.values())} 行，{_files(arrived.manifest.files)} 个文件，"
        "改用本安装的密钥加密。"
    )
    print(f"已逐行核对一致，留痕链完整；原来的最新一条 {arrived.origin.head} 记在迁入的留痕里。")
    for was, now in arrived.logins.items():
        print(f"用户名 {was} 这里已有人用，改为 {now}，请告知本人。")
    print("".join(f"{line}\n" for line in _rules_told(arrived.rules)), end="")
    print(
        f'接下来：在 config.toml 的 serves 中加上 "{name}"，重启。'
        "所有人须重新登录；用第二验证的，恢复码须本人重新生成。"
    )


def _rules_told(rules: ArrivedRules) -> Iterator[str]:
    yield from (f"已写入规则 {layer}" for layer in rules.written)
    for layer in rules.differing:
        yield f"规则 {layer} 这里已有，与迁出时的不同，没有改动：请核对后再发布。已发布的版本都在数据库里，不受影响。"
    for layer in rules.shut:
        yield (
            f"规则 {layer} 写不进部署文件夹（没有权限），另放在 {rules.aside / layer}。"
            "请用有权限的账户（如 root）复制过去，再重启。"
        )
    for layer, others in rules.bearing.items():
        yield (
            f"规则 {layer} 这里没有，放进去会改变 {'、'.join(others)} 的规则，所以没有放进去，"
            f"另存在 {rules.aside / layer}。请先核对；用得上的再放进去，然后重启。"
        )


def _remove(given: argparse.Namespace) -> int:
    settings, secret = read_settings(given.config), read_passphrase(given.passphrase_file)
    gone = remove_jurisdiction(settings, _store(given), given.folder, clock.now(), secret)
    print(
        f"已删除 {gone['jurisdiction']}：{gone['rows']} 行，{gone['files']} 个文件。"
        "留痕保留，仍可用 xunfang verify 核验。"
    )
    return 0
