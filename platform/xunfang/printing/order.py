"""What is asked of the press and what it gives back."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xunfang.errors import Refused

MAX_DEPTH = 12
MAX_TEXT = 20_000
"""Characters of one fact; a page of body text holds 616."""

_INVISIBLE = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff\u00ad\U000e0100-\U000e01ef]"
)
_ODD_SPACE = re.compile("[\u1680\u2000\u2001\u2004-\u200a\u202f\u205f]")
"""Spaces of other widths, as word processors leave them: no font of a paper has them, and nobody sees them."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class PrintError(Refused):
    """A paper could not be printed; the code is stable, the message says what to mend, in Chinese."""

    status = 422
    code = "PRINT_FAILED"

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message, code)


@dataclass(frozen=True)
class PrintOrder:
    """One paper to print.

    `template` names one of `templates` (every layer's texts, the nearest layer's already chosen), `layout` the frame it
    stands in; `fonts` overrides the file of a font role, `font_dir` is where the others are looked for. `mark` stands
    across every page of a paper that must not be taken for the real one.
    """

    template: str
    templates: Mapping[str, str]
    facts: Mapping[str, Any]
    layout: str
    fonts: Mapping[str, str]
    font_dir: Path
    mark: str = ""


@dataclass(frozen=True)
class Paper:
    """A finished PDF, the SHA-256 of its bytes in hex, and its number of pages."""

    pdf: bytes
    sha256: str
    pages: int


def plain_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of the facts holding only plain values, without invisible characters.

    Raises PrintError FACT_NOT_PLAIN for any object, so that no template ever meets something it could call.
    """
    copy = _plain(facts, "", 0)
    assert isinstance(copy, dict)
    return copy


def _plain(value: Any, path: str, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise PrintError("FACT_NOT_PLAIN", f"事实“{path}”嵌套过深，不能用于文书。")
    if type(value) is str:
        return _plain_text(value, path)
    if value is None or type(value) in (bool, int):
        return value
    if type(value) is float and math.isfinite(value):
        return value
    if isinstance(value, Mapping):
        return {_key(key, path): _plain(item, _join(path, key), depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item, f"{path}[{index}]", depth + 1) for index, item in enumerate(value)]
    raise PrintError("FACT_NOT_PLAIN", f"事实“{path}”不是文字、数字或清单，不能用于文书。")


def _plain_text(text: str, path: str) -> str:
    if len(text) > MAX_TEXT:
        raise PrintError("TOO_LARGE", f"事实“{path}”超过{MAX_TEXT}字，不能用于文书。")
    if found := _CONTROL.search(text):
        raise PrintError("GLYPH_MISSING", f"事实“{path}”含有控制字符（U+{ord(found[0]):04X}），请删去后重新打印。")
    return _ODD_SPACE.sub(" ", _INVISIBLE.sub("", text))


def _key(key: object, path: str) -> str:
    if type(key) is not str:
        raise PrintError("FACT_NOT_PLAIN", f"事实“{path}”中的名称不是文字。")
    return key


def _join(path: str, key: object) -> str:
    return f"{path}.{key}" if path else str(key)
