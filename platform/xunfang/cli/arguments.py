"""A command line that answers in Chinese: what is missing, what it does not know, how it is written."""

import argparse
import re
from typing import Any, NoReturn

_SAID = (
    (r"unrecognized arguments: (.+)", "多写了“{0}”，这个命令不认识"),
    (r"the following arguments are required: (.+)", "还缺 {0}"),
    (r"argument (.+): invalid choice: '?(.+?)'? \(choose from (.+)\)", "{0}没有“{1}”，可写：{2}"),
    (r"argument (.+): expected (?:at least )?(?:one|\d+) arguments?", "{0} 后面还要写明是什么"),
    (r"argument (.+): invalid .+ value: '(.*)'", "{0} 写的“{1}”不对"),
    (r"argument (.+): not allowed with argument (.+)", "{0} 和 {1} 只能写一个"),
    (r"argument (.+): ignored explicit argument '(.+)'", "{0} 后面不用写“{1}”"),
    (r"one of the arguments (.+) is required", "须写其中一个：{0}"),
    (r"ambiguous option: (.+?) could match (.+)", "“{0}”可能是 {1}，请写全"),
    (r"argument (.+?): (.+)", "{0}：{1}"),
)
"""What argparse complains of, and how we say it."""


class Arguments(argparse.ArgumentParser):
    """The parser of the commands, and of each of them."""

    def __init__(self, **named: Any) -> None:
        super().__init__(**{**named, "add_help": False})
        self._positionals.title, self._optionals.title = "要写的", "可以写的"
        self.add_argument("-h", "--help", action="help", help="显示这些说明")

    def format_usage(self) -> str:
        """Return how the command is written, in a line."""
        return super().format_usage().replace("usage: ", "用法：", 1)

    def format_help(self) -> str:
        """Return how the command is written and what each word of it means."""
        return super().format_help().replace("usage: ", "用法：", 1)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with a command line, and end."""
        self.print_usage()
        self.exit(2, f"{said(message)}。写 {self.prog} --help 看说明。\n")


def said(message: str) -> str:
    """Return a complaint of argparse in Chinese."""
    for pattern, words in _SAID:
        if found := re.fullmatch(pattern, message):
            return words.format(*(part.replace("', '", "、").strip("'") for part in found.groups()))
    return message
