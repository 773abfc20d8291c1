"""Commands for the keys 密钥: what lies under which, a new one while the service runs, taking the old one away."""

import argparse
from collections.abc import Iterator
from typing import Any

from xunfang import clock
from xunfang.actions.deployment import Deployment
from xunfang.actions.rekeying import jobs_left, key_count, retire, rotate
from xunfang.app import open_console, open_reading
from xunfang.cli.releasing import settings_of
from xunfang.settings import Settings
from xunfang.store import FileKeys, key_provider
from xunfang.store.resealing import KeyCount


def add_commands(commands: Any) -> None:
    """Add this group's commands to the command line."""
    keys = commands.add_parser("keys", help="密钥：各有多少内容在哪把密钥下；更换密钥不用停止服务")
    keys.set_defaults(run=_show)
    kinds = keys.add_subparsers(title="命令", metavar="命令")
    new = kinds.add_parser("rotate", help="换密钥：加入一把新密钥，后台作业把全部内容改用它加密；中断了再运行一次")
    new.set_defaults(run=_rotate)
    old = kinds.add_parser("retire", help="撤下旧密钥：先逐处清点，旧密钥下什么也没有了才撤下，另存为一个文件")
    old.set_defaults(run=_retire)
    for each in (keys, new, old):
        each.add_argument("--demo", action="store_true", help="用于演示数据")


def _show(given: argparse.Namespace) -> int:
    deployment = open_reading(settings_of(given))
    counted, left = key_count(deployment), jobs_left(deployment)
    print("\n".join(_told(deployment, counted, left)))
    return 1 if counted.keys - {*deployment.keys.opening} else 0


def _told(deployment: Deployment, counted: KeyCount, left: int) -> Iterator[str]:
    current, *older = deployment.keys.opening
    yield f"在用的密钥 {current.hex()}：{counted.under(current)} 处"
    for key in older:
        yield f"旧密钥 {key.hex()}：还有 {counted.under(key)} 处"
        yield from (f"    {name} {by_key[key]} 处" for name, by_key in _every(counted) if by_key[key])
    for key in sorted(counted.keys - {*deployment.keys.opening}):
        under = counted.under(key)
        yield f"[KEY_MISSING] 密钥 {key.hex()} 不在这里，其下有 {under} 处内容打不开。请从密钥的备份中找回。"
    if older and left:
        yield f"换密钥的作业还有 {left} 项没有做完，由后台作业继续；全部做完后运行 xunfang keys retire 撤下旧密钥。"
    elif older and counted.under(*older):
        yield "没有作业在换密钥。请运行 xunfang keys rotate，让后台作业把旧密钥下的内容改用新密钥。"
    elif older:
        yield "旧密钥下已没有内容，可以运行 xunfang keys retire 撤下。"


def _every(counted: KeyCount) -> Iterator[tuple[str, Any]]:
    yield from counted.columns.items()
    yield "文书和照片", counted.files


def _rotate(given: argparse.Namespace) -> int:
    settings = settings_of(given)
    deployment = open_console(settings)
    new = rotate(deployment, key_provider(settings.keys), clock.now())
    current = deployment.keys.current.hex()
    if new:
        print(f"已加入新密钥 {current}，写在{_place(settings)}的最前面。以后写入的都用它；旧密钥仍可读。")
        print("请现在就把密钥另行备份：从此没有新旧两把，备份和数据都读不全。")
    else:
        print(f"接着上次的更换做：全部内容改用密钥 {current}。")
    print("正在运行的网站和后台作业随即改用，不用重启；后台作业把原有内容逐批改用新密钥，xunfang keys 可以看进度。")
    return 0


def _retire(given: argparse.Namespace) -> int:
    settings = settings_of(given)
    provider = key_provider(settings.keys)
    put = retire(open_console(settings), provider, clock.now())
    print("已逐处清点：旧密钥下没有任何内容。")
    if isinstance(provider, FileKeys):
        print(f"旧密钥已从{_place(settings)}撤下，另存在 {put}（权限 0600）。")
        print("换密钥以前的备份只有它能读：请移到别处保管，那些备份都销毁以后再销毁它。不要放回原处。")
    else:
        print(f"请把环境变量改为 {put} 中的两行（以空格分开），重启网站和后台作业，再删除这个文件。")
        print("原来的各把密钥请另处保管：换密钥以前的备份只有它们能读，那些备份都销毁以后再销毁。")
    print("查人摘要和留痕链仍用原来算出的钥匙，保留在最后一行；它打不开任何密文。")
    return 0


def _place(settings: Settings) -> str:
    kind, _, path = settings.keys.partition(":")
    return f"密钥文件 {path} " if kind == "file" else "密钥"
