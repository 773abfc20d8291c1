"""Commands that look before rules change, and after: move-cases, replay."""

import argparse
import unicodedata
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from xunfang import clock
from xunfang.actions.moving import Move, Moved, Told, move_cases
from xunfang.actions.publishing import release_named
from xunfang.actions.replaying import replay
from xunfang.app import open_console
from xunfang.checking import compile_all, rule_files
from xunfang.cli.releasing import served, settings_of
from xunfang.errors import Refused
from xunfang.prove.replayed import ASPECTS, Replayed, in_order
from xunfang.starting import read_store
from xunfang.store import connection

HEADS = ("案号", "承办单位", "期限", "文书")


def add_commands(commands: Any) -> None:
    """Add this group's commands to the command line."""
    move = commands.add_parser("move-cases", help="让在办个案改用另一版规则，先用 --dry-run 看会变什么")
    move.add_argument("jurisdiction")
    move.add_argument("--from", dest="was", required=True, metavar="版本", help="现在的版本号，如 3")
    move.add_argument("--to", required=True, metavar="版本", help="改用的版本号，如 4")
    move.add_argument("--dry-run", action="store_true", help="只列出会变什么，不改动")
    move.add_argument("--undo", action="store_true", help="撤销：把从 --from 改到 --to 的个案改回去")
    move.add_argument("--demo", action="store_true", help="用于演示数据")
    move.set_defaults(run=_move)
    replay = commands.add_parser(
        "replay", help="用以往的真实填报试算一份规则草案，看哪些会变；不写入个案，不显示姓名和证件号"
    )
    replay.add_argument("jurisdiction")
    replay.add_argument(
        "--draft", required=True, type=Path, metavar="文件夹", help="规则草案：forms、workflows、templates 的一份副本"
    )
    replay.add_argument("--since", required=True, type=_day, metavar="日期", help="从哪一天的填报算起，如 2026-01-01")
    replay.add_argument("--demo", action="store_true", help="用演示数据")
    replay.set_defaults(run=_replay)


def _day(text: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text), time(), clock.SHANGHAI)
    except ValueError:
        raise argparse.ArgumentTypeError(f"看不懂的日期“{text}”，应如 2026-01-01") from None


def _move(given: argparse.Namespace) -> int:
    settings = settings_of(given)
    jurisdiction = served(settings, given.jurisdiction)
    read_store(settings).database.close()
    deployment = open_console(settings)
    with connection(deployment.database) as reader:
        was, to = (release_named(reader, jurisdiction, name) for name in (given.was, given.to))
    if was.id == to.id:
        raise Refused("两个版本相同，没有可改的。", "RELEASE_SAME")
    move = Move(jurisdiction, to, was, back=True) if given.undo else Move(jurisdiction, was, to)
    print(
        f"{jurisdiction}：在办个案由{move.was.label}改用{move.to.label}" + ("（只看，不改动）" if given.dry_run else "")
    )
    counted = _print_moves(move_cases(deployment, move, clock.now(), dry=given.dry_run))
    _sum_up(counted, dry=given.dry_run, back=given.undo)
    return 0


def _print_moves(moves: Any) -> Counter[str]:
    """Print a line for each case as it is moved, those that stay at the end; returns how many of each there were."""
    counted: Counter[str] = Counter()
    stay: list[Moved] = []
    for moved in moves:
        kind = "stays" if moved.stays else "changes" if moved.changes else "same"
        if kind == "changes" and not counted["changes"]:
            print(_row(HEADS))
        counted[kind] += 1
        if moved.stays:
            stay.append(moved)
        elif moved.changes:
            print(_row((moved.number, *map(told, (moved.unit, moved.due, moved.papers)))))
    for moved in stay:
        print(f"{moved.number}  不能改用，仍按原版本办理：{moved.stays}")
    return counted


def _sum_up(counted: Counter[str], *, dry: bool, back: bool) -> None:
    verb = ("可以" if dry else "已") + ("改回" if back else "改用")
    able, different = counted["changes"] + counted["same"], counted["changes"]
    print(f"{verb} {able} 件，其中单位、期限或文书有变化 {different} 件；不能改用 {counted['stays']} 件。")
    if dry:
        print("确认无误后去掉 --dry-run 执行；执行以后可以用 --undo 改回。")


def _replay(given: argparse.Namespace) -> int:
    settings = settings_of(given)
    jurisdiction = served(settings, given.jurisdiction)
    if not (given.draft / "workflows").is_dir():
        raise Refused(f"{given.draft} 里没有 workflows 文件夹：草案应是整套规则文件的一份副本。", "DRAFT_MISSING")
    draft = compile_all(rule_files(given.draft.resolve()), (jurisdiction,))[jurisdiction]
    read_store(settings).database.close()
    found = list(replay(open_console(settings), draft, given.since, clock.now()))
    different = [each for each in found if each.before != each.after]
    print(f"{jurisdiction}：{given.since:%Y-%m-%d}以来的填报 {len(found)} 件，按草案有变化的 {len(different)} 件。")
    for name, label in ASPECTS.items():
        print(
            f"  {label}有变化：{sum(getattr(each.before, name) != getattr(each.after, name) for each in different)} 件"
        )
    _print_replayed(different)
    return 0


def _print_replayed(different: Iterable[Replayed]) -> None:
    for each in sorted(different, key=in_order):
        print(each.number)
        for name, label in ASPECTS.items():
            before, after = getattr(each.before, name), getattr(each.after, name)
            if before != after:
                print(f"    {label}：{told((before, after))}")


def told(change: Told) -> str:
    """Return what was and what is, or only what stays."""
    before, after = (each or "无" for each in change)
    return before if before == after else f"{before} → {after}"


def _row(cells: tuple[str, ...]) -> str:
    widths = (22, 34, 36)
    padded = [cell + " " * max(0, width - _width(cell)) for cell, width in zip(cells, widths, strict=False)]
    return "  ".join((*padded, *cells[len(widths) :])).rstrip()


def _width(text: str) -> int:
    """Return how many columns of a console a text takes: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
