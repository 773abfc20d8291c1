"""The command print: a notice from facts in a file, without any database."""

import argparse
from pathlib import Path
from typing import Any

from xunfang.actions.papers import NoticeOrder
from xunfang.app import press_of
from xunfang.cli.rules import read_json, rulebook_of, which_is_there
from xunfang.errors import Refused
from xunfang.settings import read_settings


def add_commands(commands: Any) -> None:
    """Add this group's commands to the command line."""
    command = commands.add_parser("print", help="用一份事实文件印制一种文书")
    command.add_argument("jurisdiction")
    command.add_argument("notice", help="文书编号")
    command.add_argument("--facts", type=Path, required=True, help="事实的 JSON 文件，- 表示标准输入")
    command.add_argument("-o", "--output", type=Path, required=True, help="写到哪个 PDF 文件")
    command.set_defaults(run=_print)


def _print(given: argparse.Namespace) -> int:
    rulebook = rulebook_of(given)
    kind = rulebook.notices.get(given.notice)
    if kind is None:
        labels = {id: each.label for id, each in rulebook.notices.items()}
        raise Refused(f"没有文书“{given.notice}”。{which_is_there(given.notice, labels)}", "NOTICE_UNKNOWN")
    order = NoticeOrder(kind.template, rulebook.templates, kind.layout, read_json(given.facts))
    paper = press_of(read_settings(given.config), order)
    given.output.write_bytes(paper.pdf)
    print(f"{kind.label}：{paper.pages} 页，{given.output}")
    return 0
