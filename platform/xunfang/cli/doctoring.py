"""The command doctor: what is not well with this installation, and what to do about it."""

import argparse
import json
from dataclasses import asdict
from typing import Any

from xunfang import clock
from xunfang.ailments import Ailment
from xunfang.app import open_reading
from xunfang.doctor import COUNT, ailment_of, examine, examine_machine
from xunfang.settings import Settings, read_settings


def add_commands(commands: Any) -> None:
    """Add this group's commands to the command line."""
    told = (
        "体检：这个安装有什么毛病、怎么办；只看不改，服务运行时也可以用。没有毛病（提示不算）时退出状态为 0，否则为 1"
    )
    doctor = commands.add_parser("doctor", help=told)
    doctor.add_argument("--demo", action="store_true", help="检查演示数据")
    doctor.add_argument("--json", action="store_true", help="输出 JSON，供监控程序读取")
    doctor.set_defaults(run=_doctor)


def _doctor(given: argparse.Namespace) -> int:
    found = _ailments(given)
    print(_as_json(found) if given.json else _as_text(found))
    return 0 if _is_well(found) else 1


def _is_well(found: tuple[Ailment, ...]) -> bool:
    return all(each.notice for each in found)


def _ailments(given: argparse.Namespace) -> tuple[Ailment, ...]:
    try:
        settings = read_settings(given.config)
    except Exception as error:
        return (ailment_of(error),)
    return _of(settings.for_demo() if given.demo else settings)


def _of(settings: Settings) -> tuple[Ailment, ...]:
    """Return everything that is not well; where the database cannot be read, that, and what is wrong beside it."""
    try:
        deployment = open_reading(settings)
    except Exception as error:
        return (ailment_of(error), *examine_machine(settings))
    try:
        return examine(settings, deployment, clock.now())
    finally:
        deployment.database.close()


def _as_json(found: tuple[Ailment, ...]) -> str:
    said = {"well": _is_well(found), "findings": [asdict(each) for each in found]}
    return json.dumps(said, ensure_ascii=False, indent=2)


def _as_text(found: tuple[Ailment, ...]) -> str:
    ill = sum(not each.notice for each in found)
    ended = f"检查了{COUNT}个方面，{f'发现{ill}处毛病' if ill else '没有发现毛病'}。"
    return "\n".join((*(str(each) for each in found), ended))
