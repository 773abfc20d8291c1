"""Reading a county's files: bounded in size and depth, with the line of every key, and never a traceback."""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from operator import methodcaller
from pathlib import Path
from typing import Any

from xunfang.errors import Problem
from xunfang.rulebook.positions import Lines, json_lines, never_closed, toml_lines
from xunfang.rulebook.values import may_be_odd, odd_values

Files = Mapping[str, str]
"""The text of each file by its path below the deployment's folder, with forward slashes."""

FOLDERS = ("forms", "workflows", "templates")
_USUAL = (".toml", ".json", ".html", ".css", ".txt")
MAX_BYTES = {**dict.fromkeys(_USUAL, 256 * 1024), ".csv": 8 * 1024 * 1024, ".svg": 320 * 1024}
MAX_LINE = 2_000
MAX_DOTS = 8
MAX_DEPTH = 24

_SYNTAX = {
    "Illegal character '\\n'": "引号没有成对，文字到这一行末尾还没有结束",
    "Invalid date or datetime": "没有这个日期",
    "Expected '=' after a key in a key/value pair": "键名后面缺少等号“=”",
    "Cannot overwrite a value": "同一个键写了两次",
    "Cannot declare": "同一个表写了两次",
    "Unterminated string": "引号没有成对",
    "Invalid value": "等号后面的值写法不对，文字要加英文双引号",
    "Unclosed array": "方括号没有成对",
    "Expected ']'": "方括号没有成对",
    "Invalid statement": "这一行不是“键 = 值”的写法",
    "Illegal character": "有不能使用的字符，请检查是否误用了全角标点或换行",
    "Expected newline or end of document": "一行只能写一项，值的后面有多余的内容",
    "Expecting ',' delimiter": "缺少英文逗号",
    "Expecting property name": "缺少加英文双引号的键名，或末尾多了逗号",
    "Expecting ':' delimiter": "键名后面缺少英文冒号",
    "Expecting value": "缺少一个值，或值没有加英文双引号",
    "Extra data": "文件末尾有多余的内容",
}

_dots = methodcaller("count", ".")
_STEP = {"[": 1, "]": -1}
_BRACKET = re.compile(r"[\[{\]}]")
_HALF = {
    "＝": "=", "，": ",", "“": '"', "”": '"', "：": ":", "；": ";", "（": "(", "）": ")", "【": "[", "】": "]",
    "｛": "{", "｝": "}", "＂": '"', "‘": "'", "’": "'", "。": ".", "　": "空格",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Document:
    """One file's data and text."""

    path: str
    data: dict[str, Any]
    text: str

    @cached_property
    def lines(self) -> Lines:
        """The line of each key, found when somebody first asks: of most files nobody does."""
        return toml_lines(self.text) if self.path.endswith(".toml") else json_lines(self.text)


class UnreadableError(Exception):
    """Files cannot be read at all; carries what is wrong with each, `problem` being the first."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
        self.problem = problems[0]


def read_files(root: Path) -> dict[str, str]:
    """Return the text of every rule file below a deployment's folder; raises UnreadableError for any out of bounds."""
    files, problems = read_what_can_be(root)
    if problems:
        raise UnreadableError(*problems)
    return files


def read_what_can_be(root: Path) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """Return the text of every rule file that can be read, and what is wrong with each of the others."""
    files: dict[str, str] = {}
    problems: list[Problem] = []
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            try:
                if path.suffix in MAX_BYTES and path.is_file():
                    name = _name(root, folder, path)
                    files[name] = _text(path, name, MAX_BYTES[path.suffix])
            except UnreadableError as error:
                problems += error.problems
            except OSError:  # a folder that may not be looked into, a disk that fails
                problems.append(_unreadable(path.relative_to(root).as_posix()))
    return files, tuple(problems)


def _unreadable(name: str) -> Problem:
    return _problem(name, 0, "FILE_UNREADABLE", "文件无法读取", "请检查文件的权限")


def _name(root: Path, folder: str, path: Path) -> str:
    name = path.relative_to(root).as_posix()
    if not name.isprintable():  # a line break, a character that turns others about, bytes that are no UTF-8
        shown = name.encode("ascii", "backslashreplace").decode("ascii")
        raise UnreadableError(_problem(shown, 0, "NAME_MALFORMED", "文件名中有看不见或无法识别的字符", "请重新命名"))
    if path.is_symlink() and not path.resolve().is_relative_to((root / folder).resolve()):
        hint = "请把文件本身放进来，不要放链接"
        raise UnreadableError(_problem(name, 0, "FILE_OUTSIDE", "这个链接指向规则文件夹之外，不予读取", hint))
    return name


def _text(path: Path, name: str, limit: int) -> str:
    if path.stat().st_size > limit:
        raise UnreadableError(
            _problem(name, 0, "FILE_TOO_LARGE", f"文件超过 {limit // 1024} KB，不予读取", "请拆分或精简该文件")
        )
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError:
        raise UnreadableError(_unreadable(name)) from None
    except UnicodeDecodeError:
        hint = "请用记事本“另存为”，编码选 UTF-8"
        raise UnreadableError(_problem(name, 0, "FILE_NOT_UTF8", "文件不是 UTF-8 编码", hint)) from None


def _problem(file: str, line: int, code: str, message: str, hint: str = "") -> Problem:
    return Problem(file, line, "", code, message, hint)


@lru_cache(maxsize=4096)
def parse_document(path: str, text: str) -> Document:
    """Return the parsed TOML or JSON file; raises UnreadableError with a Chinese sentence and the line."""
    _check_bounds(path, text)
    try:
        if path.endswith(".toml"):
            document = Document(path, tomllib.loads(text), text)
        else:
            document = Document(path, _load_json(path, text), text)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableError(_syntax(path, text, str(error))) from None
    except json.JSONDecodeError as error:
        raise UnreadableError(_syntax(path, text, f"{error.msg} (at line {error.lineno})")) from None
    except (ValueError, RecursionError, OverflowError):
        raise UnreadableError(_problem(path, 0, "FILE_HOSTILE", "文件嵌套过深或数值过大，不予读取")) from None
    if may_be_odd(text) and (odd := odd_values(path, document.data, lambda: document.lines)):
        raise UnreadableError(*odd)
    return document


def _check_bounds(path: str, text: str) -> None:
    if len(text) > MAX_BYTES[".toml"]:
        raise UnreadableError(_problem(path, 0, "FILE_TOO_LARGE", "文件过大，不予读取", "请拆分或精简该文件"))
    most = MAX_DOTS if path.endswith(".toml") else MAX_LINE
    lines = text.split("\n")
    short = max(map(len, lines)) <= MAX_LINE and max(map(_dots, lines)) <= most
    for number, line in () if short else enumerate(lines, 1):
        if len(line) > MAX_LINE or (line.count(".") > most and _dots_of_key(line) > most):
            raise UnreadableError(
                _problem(
                    path, number, "LINE_TOO_LONG", f"一行超过 {MAX_LINE} 个字符，或键的层级过多", "请分成几行或几项"
                )
            )
    brackets = "".join(_BRACKET.findall(text)).replace("{", "[").replace("}", "]")
    if not _is_shallow(brackets) and max(accumulate(_STEP[sign] for sign in brackets)) > MAX_DEPTH:
        raise UnreadableError(_problem(path, 0, "FILE_HOSTILE", f"括号嵌套超过 {MAX_DEPTH} 层，不予读取", "请减少嵌套"))


def _is_shallow(brackets: str) -> bool:
    """Return whether brackets certainly all match without nesting too deep: from inside out none is left over."""
    for _ in range(MAX_DEPTH):
        brackets = brackets.replace("[]", "")
    return not brackets


def _dots_of_key(line: str) -> int:
    """Count the dots of a key or table header; a long dotted key costs the parser quadratic time."""
    text = re.sub(r'"[^"]*"|\'[^\']*\'', "q", line).strip()
    if text.startswith("["):
        return text.split("]", 1)[0].count(".")
    return text.split("=", 1)[0].count(".") if "=" in text and not text.startswith("#") else 0


def _load_json(path: str, text: str) -> dict[str, Any]:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [key for key, _ in pairs]
            key = next(key for place, key in enumerate(names) if key in names[:place])
            line = next((n for n, row in enumerate(text.split("\n"), 1) if row.count(f'"{key}"')), 0)
            raise UnreadableError(_problem(path, line, "KEY_TWICE", f"键“{key}”写了两次", "请保留一处"))
        return found

    def refuse(name: str) -> float:
        raise ValueError(name)

    data = json.loads(text, object_pairs_hook=unique, parse_constant=refuse)
    if not isinstance(data, dict):
        raise UnreadableError(_problem(path, 1, "FILE_SHAPE", "文件最外层应为一对花括号", "整个文件写作 { … }"))
    return data


def _syntax(path: str, text: str, message: str) -> Problem:
    if path.endswith(".toml") and (opened := never_closed(text)):
        hint = "三个引号开头的文字也要用三个引号结束；只有一行的，用一对引号"
        return _problem(path, opened, "FILE_SYNTAX", "三个引号没有成对，从这一行起的文字没有结束", hint)
    place = re.search(r"\(at line (\d+)", message)
    rows = text.rstrip().split("\n")
    line = int(place.group(1)) if place else len(rows)
    said = slip(message)
    row = rows[min(line, len(rows)) - 1]
    return _problem(path, line, "FILE_SYNTAX", said, _how_to_mend(row, path.endswith(".json")))


def slip(message: str) -> str:
    """Return in Chinese what a parser says is wrong with a text."""
    return next((chinese for english, chinese in _SYNTAX.items() if english in message), "写法有误，无法读取")


def _how_to_mend(row: str, is_json: bool) -> str:
    """Return what to do about a line that cannot be read: the slips of the pen that Chinese keyboards bring first."""
    bare = re.sub(r'"[^"]*"', "", row) if is_json else re.sub(r'"[^"]*"|#.*', "", row)
    wide = next((sign for sign in bare if sign in _HALF), "")
    if wide:
        return f"这一行有全角符号 {wide} ，请改成英文半角的 {_HALF[wide]}"
    if is_json and "//" in bare:
        return "JSON 文件里不能写注释，请删去"
    if re.search(r"=\s*\d{4}[./年]\d", bare):
        return "日期写作 2026-10-01 的样子，不加引号"
    return "请对照 docs/rules-by-example.md 中的写法检查这一行及其上一行"
