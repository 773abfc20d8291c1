"""Rule files with one to three random mistakes in them, the same for the same seed."""

import json
import re
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from xunfang.rulebook.compile import jurisdictions

ODD = [
    "nan", "-inf", "1e400", "9999999999999999999999", "0", "-1", "1.5", "true", "[]", "{}", '""', '"\\u0000"', "[[[]]]",
    '"$"', '"$answers."', '"soft:"', '"local"', '"self"', '"{n}"', '"{"', '"0 workdays"', '"999999 days"', '"by 02-30"',
    '["", ""]', '[1, "a", true]', "[{}]", "{ a = 1 }", "{ unit = 1 }", '"township:"', '"township:x:y"', "0001-01-01",
    "9999-12-31", "2026-02-30", "2026-10-01T10:00:00", "10:00:00", '"\U0001f600"', '"\u202e"', '"１２"', '"٣"',
    "'''", '"""', "null", "[1, [2, [3]]]", "''", '"a\\nb"', "0x7fffffffffffffff", "-0.0", '"remove"', '["remove"]',
]  # fmt: skip
"""Values that a key may suddenly have."""

VALUES: list[Any] = [
    None, True, 0, -1, 1.5, 1e308, 10**30, "", "$", "a", "\x00", "\u202e", "0", "^(a+)+$", "[", [], [[]], [1, "a"],
    [None], [{}], {}, {"a": {}}, {"any_of": []}, {"is": 1}, {"known": 1}, "x" * 300, ["x"] * 300, "1 days", "年",
]  # fmt: skip
"""Values that a place in a JSON file may suddenly have."""


def mutant(files: Mapping[str, str], seed: int) -> tuple[dict[str, str], str]:
    """The files with random mistakes of a seed in one of them, and a jurisdiction that reads this file."""
    random = Random(seed)
    path = random.choice(sorted(name for name in files if name.endswith((".toml", ".json", ".csv"))))
    text = files[path]
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        text = random.choice(_changes(path))(text, random)
    layer = path.split("/")[1]
    readers = [reader for reader, chain in jurisdictions(files).items() if layer in chain]
    changed = dict(files)
    del changed[path]
    if random.random() < 0.03:
        path = _elsewhere(path, random)
    if random.random() > 0.01:
        changed[path] = text
    return changed, random.choice(readers)


def _elsewhere(path: str, random: Random) -> str:
    folder, layer, *rest = path.split("/")
    odd = ("甲", "a b", "..", "-", "A", "x" * 90, "units", "flows", "calendars", "scenarios")
    name = random.choice([*odd, *rest])
    return "/".join((folder, layer, *random.choice([[name], [*rest[:-1], f"{name}.toml"], [f"{name}.json"]])))


def _changes(path: str) -> list[Callable[[str, Random], str]]:
    common = [_line_gone, _line_twice, _lines_swapped, _byte, _byte, _word_moved, _cut_off]
    if path.endswith(".json"):
        return [*common, _json_value, _json_value, _json_value, _json_key, _quoted_moved, _quoted_moved]
    if path.endswith(".toml"):
        return [*common, _value, _value_moved, _value_moved, _quoted_moved, _quoted_moved, _key]
    return common


def _line_gone(text: str, random: Random) -> str:
    lines = text.split("\n")
    del lines[random.randrange(len(lines))]
    return "\n".join(lines)


def _line_twice(text: str, random: Random) -> str:
    lines = text.split("\n")
    lines.insert(random.randrange(len(lines)), random.choice(lines))
    return "\n".join(lines)


def _lines_swapped(text: str, random: Random) -> str:
    lines = text.split("\n")
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return "\n".join(lines)


def _byte(text: str, random: Random) -> str:
    data = bytearray(text.encode())
    if data:
        data[random.randrange(len(data))] = random.choice((random.randrange(256), random.choice(b'\n\r"[]{}=.,#\\')))
    return data.decode(errors="replace")


def _word_moved(text: str, random: Random) -> str:
    return _moved(r"[\w-]+", text, random)


def _cut_off(text: str, random: Random) -> str:
    return text[: random.randrange(len(text) + 1)] if random.random() < 0.3 else text[random.randrange(1, 40) :]


def _value(text: str, random: Random) -> str:
    return _moved(r"(?<== ).+$", text, random, random.choice(ODD))


def _value_moved(text: str, random: Random) -> str:
    return _moved(r"(?<== ).+$", text, random)


def _quoted_moved(text: str, random: Random) -> str:
    return _moved(r'"[^"\n]*"', text, random)


def _moved(pattern: str, text: str, random: Random, new: str | None = None) -> str:
    """Put a new text, or what stands at another place of the pattern, into one place of the pattern."""
    places = list(re.finditer(pattern, text, re.MULTILINE))
    if not places:
        return text
    into, taken = random.choice(places), random.choice(places).group()
    return text[: into.start()] + (taken if new is None else new) + text[into.end() :]


def _key(text: str, random: Random) -> str:
    keys = list(re.finditer(r"^[\w.\"-]+(?= =)", text, re.MULTILINE))
    if not keys:
        return text
    into, taken = random.choice(keys), random.choice(keys).group()
    new = random.choice((taken, f"{into.group()}.{taken}", f'"{taken}"', '""', "remove", "when.any_of", "x.y.z"))
    return text[: into.start()] + new + text[into.end() :]


def _json_value(text: str, random: Random) -> str:
    return _edited(text, random, lambda holder, key: holder.__setitem__(key, random.choice(VALUES)))


def _json_key(text: str, random: Random) -> str:
    def rename(holder: Any, key: Any) -> None:
        if isinstance(holder, dict):
            holder[random.choice(("$ref", "allOf", "x-when", "x-after", "items", "", "甲", "pattern"))] = holder.pop(
                key
            )

    return _edited(text, random, rename)


def _edited(text: str, random: Random, change: Callable[[Any, Any], None]) -> str:
    try:
        data = json.loads(text)
    except ValueError:
        return text
    places = list(_places(data))
    if places:
        change(*random.choice(places))
    return json.dumps(data, ensure_ascii=False, indent=1)


def _places(data: Any) -> Any:
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield data, key
        yield from _places(value)
