"""What keys and their fixed values are called on a form: short labels, and the words that explain them."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from xunfang.rulebook.keywords import words_of

_FIRST = re.compile(r"[^，；：（,;]*")
_COLUMN, _FIELD = "properties.*.items.properties.*.", "properties.*."


@cache
def _labels() -> Mapping[str, Mapping[str, str]]:
    text = resources.files("xunfang.rulebook").joinpath("shapes", "labels.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def label_of(kind: str, path: str) -> str:
    """Return the short name of a key; the key itself where nobody has described it."""
    of_kind, of_any = _labels().get(kind, {}), _labels()["any"]
    of_field = _FIELD + path.removeprefix(_COLUMN) if path.startswith(_COLUMN) else path
    last = path.rpartition(".")[2]
    tail = path.removeprefix("*.")
    short = of_kind.get(path) or of_kind.get(of_field) or of_any.get(tail) or of_any.get(last)
    words = _FIRST.match(words_of(kind, of_field))
    return short or (words.group() if words else "") or last


@cache
def help_of(kind: str, path: str) -> str:
    """Return the words that explain a key, "" where they are no more than its label."""
    words = words_of(kind, path)
    return "" if words == label_of(kind, path) else words


@cache
def label_of_choice(kind: str, path: str, value: str) -> str:
    """Return what a fixed value is called, as the words of its key tell; the value itself where they do not."""
    found = re.search(rf"(?<![\w-]){re.escape(value)}[ ：]([^，；、。（）：]+)", words_of(kind, path))
    of_key = _labels().get(kind, {}).get(f"{path}.{value}")
    return of_key or (found.group(1).strip() if found else _labels()["choices"].get(value, value))
