"""registry fill: what was decided before the registry was kept is written into it."""

import argparse
from typing import Any

from xunfang import clock
from xunfang.actions.filling_in import Filled, fill_registry
from xunfang.app import open_console
from xunfang.cli.releasing import served, settings_of
from xunfang.starting import read_store


def add_commands(commands: Any) -> None:
    """Add this group's commands to the command line."""
    registry = commands.add_parser("registry", help="救助对象档案：补记升级以前办结的个案")
    what = registry.add_subparsers(dest="what", required=True, metavar="做什么")
    fill = what.add_parser("fill", help="按以前的办理结果和填报补记保障和对象类别，可重复运行；先用 --dry-run 看有多少")
    fill.add_argument("jurisdiction")
    fill.add_argument("--dry-run", action="store_true", help="只看要补多少，不写入")
    fill.add_argument("--demo", action="store_true", help="用于演示数据")
    fill.set_defaults(run=_fill)


def _fill(given: argparse.Namespace) -> int:
    settings = settings_of(given)
    jurisdiction = served(settings, given.jurisdiction)
    read_store(settings).database.close()
    total = Filled()
    for done in fill_registry(open_console(settings), jurisdiction, clock.now(), dry=given.dry_run):
        total += done
        if done.people:
            print(f"  已看到的：{_words(total)}")
    print(f"{jurisdiction}：{'要补' if given.dry_run else '已补'}{_words(total)}。")
    if total.unreadable:
        print(f"有 {total.unreadable} 件个案所用的规则版本已经读不出来，没有补记。")
    return 0


def _words(done: Filled) -> str:
    return f" {done.people} 人，保障 {done.entitlements} 笔，对象类别 {done.categories} 项"
