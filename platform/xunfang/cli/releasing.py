"""Commands for releases 发布版本 while the service runs: publish, reload, releases, rollback."""

import argparse
import sys
from typing import Any

from xunfang import clock
from xunfang.actions.abandoning import abandoned_by_release
from xunfang.actions.publishing import release_named, roll_back
from xunfang.app import at_the_console, kept_where, open_console, published_anew, reloaded, source_chosen
from xunfang.clock import local
from xunfang.errors import Refused, RulebookError
from xunfang.in_force import described
from xunfang.settings import Settings, read_settings
from xunfang.starting import read_store
from xunfang.store import Database, ReleaseLine, connection, open_by_release, release_line, release_lines

AT_ONCE = "正在运行的网站和后台作业随即改用，不用重启；已立的个案仍按原来的版本办理。"


def add_commands(commands: Any) -> None:
    """Add this group's commands to the command line."""
    publish = commands.add_parser("publish", help="检查并发布规则文件，网站不用重启；有问题的一概不发布")
    publish.add_argument("jurisdiction", nargs="?", help="辖区，如 62；不写则为本部署服务的全部辖区")
    publish.add_argument("--despite-scenarios", default="", metavar="理由", help="有情景不符仍要发布的理由，会留痕")
    publish.set_defaults(run=_publish)
    reload = commands.add_parser("reload", help="像启动时那样重新读取规则文件，网站不用重启；有问题的辖区沿用原版本")
    reload.set_defaults(run=_reload)
    releases = commands.add_parser("releases", help="列出发布过的规则版本，及各有多少在办个案")
    releases.add_argument("jurisdiction", nargs="?", help="辖区；不写则为全部")
    releases.set_defaults(run=_releases)
    rollback = commands.add_parser("rollback", help="重新启用以前的一版规则，网站不用重启")
    rollback.add_argument("jurisdiction")
    rollback.add_argument("--to", required=True, metavar="版本", help="版本号（如 3）或规则集编号的开头")
    rollback.set_defaults(run=_rollback)
    source = commands.add_parser("source", help="看或改规则由谁维护：文件夹（files）还是网站（studio）")
    source.add_argument("jurisdiction", nargs="?", help="辖区；不写则列出全部")
    source.add_argument("kept", nargs="?", choices=("files", "studio"), help="改由谁维护")
    source.set_defaults(run=_source)
    for each in (publish, reload, releases, rollback, source):
        each.add_argument("--demo", action="store_true", help="用于演示数据")


def settings_of(given: argparse.Namespace) -> Settings:
    """Return the settings that a command works by."""
    settings = read_settings(given.config)
    return settings.for_demo() if given.demo else settings


def served(settings: Settings, wanted: str) -> str:
    """Return the jurisdiction that a command names, by its folder's name or its code alone; raises Refused."""
    found = next((name for name in settings.serves if wanted in (name, name.split("-", 1)[0])), "")
    if not found:
        raise Refused(f"本部署不服务“{wanted}”，只服务：{'、'.join(settings.serves)}。", "LAYER_UNKNOWN")
    return found


def _named(settings: Settings, given: argparse.Namespace) -> tuple[str, ...]:
    return (served(settings, given.jurisdiction),) if given.jurisdiction else settings.serves


def _publish(given: argparse.Namespace) -> int:
    settings = settings_of(given)
    names = _named(settings, given)
    read_store(settings).database.close()  # what was never started has nobody who would go by it
    books, changed = published_anew(settings, names, given.despite_scenarios.strip())
    _tell(settings, {name: book.digest for name, book in books.items()}, changed)
    return 0


def _reload(given: argparse.Namespace) -> int:
    settings = settings_of(given)
    read_store(settings).database.close()
    books, changed = reloaded(settings)
    for text in described(books).values():
        print(text, file=sys.stderr)
    sound = {name: book.digest for name, book in books.current.items() if name not in books.problems}
    _tell(settings, sound, changed)
    return 1 if books.problems else 0


def _tell(settings: Settings, digests: dict[str, str], changed: list[str]) -> None:
    store = read_store(settings)
    with connection(store.database) as reader:
        for name, digest in digests.items():
            line = release_line(reader, digest)
            assert line is not None
            print(f"{name}：{'已发布' if name in changed else '没有改动，仍为'}{line.label}（{digest[:12]}）。")
    if changed:
        print(AT_ONCE)


_KEPT = {"files": "文件夹", "studio": "网站"}


def _source(given: argparse.Namespace) -> int:
    settings = settings_of(given)
    names = _named(settings, given)
    if given.kept:
        changed = source_chosen(settings, names[0], given.kept)
        print(f"{names[0]}：规则{'改' if changed else '本来就'}由{_KEPT[given.kept]}维护。")
        return 0
    for name, kept in kept_where(settings, names).items():
        print(f"{name}：规则由{_KEPT[kept]}维护。")
    return 0


def _releases(given: argparse.Namespace) -> int:
    settings = settings_of(given)
    database = read_store(settings).database
    for name in _named(settings, given):
        _list(database, name)
    return 0


def _list(database: Database, jurisdiction: str) -> None:
    with connection(database) as reader:
        lines, standing_on = release_lines(reader, jurisdiction), open_by_release(reader, jurisdiction)
    print(f"{jurisdiction}" + ("" if lines else "：还没有发布过规则。"))
    for line in lines:
        print("  ".join(("", *_columns(line, standing_on.get(line.id, 0)))))


def _columns(line: ReleaseLine, cases: int) -> tuple[str, ...]:
    stands = "现行" if line.current else "已退下" if line.set_aside_at else ""
    at = f"{local(line.published_at):%Y-%m-%d %H:%M}"
    by = line.published_by or "启动服务时"
    return (f"第{line.number}版", at, line.id[:12], f"在办{cases}件", by, stands)


def _rollback(given: argparse.Namespace) -> int:
    settings = settings_of(given)
    jurisdiction = served(settings, given.jurisdiction)
    read_store(settings).database.close()
    deployment = open_console(settings)
    with connection(deployment.database) as reader:
        to = release_named(reader, jurisdiction, given.to)
    if lost := abandoned_by_release(deployment.database, jurisdiction, to.id):
        raise RulebookError(lost)
    was = roll_back(deployment, jurisdiction, to, clock.now(), at_the_console())
    print(f"{jurisdiction}：{was.label}退下，重新启用{to.label}（{to.id[:12]}）。")
    print(AT_ONCE)
    print("规则文件没有改动：改正以前，重新启动也不会再启用退下的这一版。")
    return 0
