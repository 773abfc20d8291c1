"""Commands for the database as a whole: building it for its owner, moving it to another."""

import argparse
from contextlib import ExitStack, closing
from typing import Any
from urllib.parse import urlsplit

from xunfang import clock
from xunfang.cli.alone import OnlyServer, without_workers
from xunfang.errors import Refused
from xunfang.settings import address_in, read_settings
from xunfang.store import (
    Keys,
    NotMoved,
    is_empty,
    key_provider,
    move_database,
    open_database,
    without_password,
)
from xunfang.store.schema import build


def add_commands(commands: Any) -> None:
    """Add this group's commands to the command line."""
    database = commands.add_parser("database", help="数据库：搬到另一个数据库")
    kinds = database.add_subparsers(title="命令", metavar="命令", required=True)
    made = kinds.add_parser("build", help="在 PostgreSQL 上由表的所有者建表、升级，并设好各辖区之间的行级安全")
    made.add_argument(
        "--owner", required=True, metavar="地址", help="所有者的地址，如 postgresql://xunfang_owner@主机/xunfang"
    )
    made.set_defaults(run=_build)
    move = kinds.add_parser("move", help="把全部数据搬到一个空的数据库（SQLite 与 PostgreSQL 之间，或同类之间）")
    move.add_argument("--from", dest="source", metavar="地址", help="原数据库；不写就是 config.toml 里的那一个")
    move.add_argument("--to", required=True, metavar="地址", help="空的数据库，如 postgresql://xunfang@主机/xunfang")
    move.set_defaults(run=_move)


def _build(given: argparse.Namespace) -> int:
    settings = read_settings(given.config)
    user = urlsplit(settings.database).username
    if not settings.database.startswith("postgresql:") or not user:
        raise Refused(
            "config.toml 中 [database] 的 url 应为 postgresql://用户@主机/库名：行级安全对这个用户起作用。", "NO_SERVER"
        )
    keys = None if is_empty(given.owner) else Keys(key_provider(settings.keys))
    database = open_database(given.owner, owning=True)
    try:
        version = build(database, user, keys, clock.now())
    finally:
        database.close()
    print(f"数据库结构为第 {version} 版，各辖区之间的行级安全已经设好，对用户 {user} 起作用。")
    return 0


def _move(given: argparse.Namespace) -> int:
    settings = read_settings(given.config)
    source = address_in(settings.root, given.source) if given.source else settings.database
    target = address_in(settings.root, given.to)
    if is_empty(source):
        raise NotMoved(f"原数据库 {without_password(source)} 不存在或是空的，没有搬迁。")
    with ExitStack() as held:
        for url in (source, target):
            held.callback(OnlyServer(url, "xunfang database move").give_back)
            held.enter_context(without_workers(url))
        was, to = (held.enter_context(closing(open_database(url))) for url in (source, target))
        counted = move_database(was, to, Keys(key_provider(settings.keys)), clock.now())
    for name, rows in counted.items():
        if rows:
            print(f"  {name:<16}{rows:>10} 行")
    print(f"已全部搬到 {without_password(target)}，逐行核对一致，留痕链完整。原数据库没有改动。")
    print("请把 config.toml 中 [database] 的 url 改为新地址，再启动服务；密钥和文件库不用动。")
    return 0
