"""config.toml as it is to be where a backup was restored: its own database, files, keys and bell, nobody else's."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

_HEADING = re.compile(r"\s*\[+\s*([A-Za-z0-9_-]+)[^\]]*\]")
_OWN = ("database", "queue", "files", "keys")
_SAID = "# 恢复备份时写成：数据库、文件库、密钥都在这个文件夹里。原来的写法见 config.from-backup.toml。"


def settings_here(text: str, database: str) -> str | None:
    """Return the settings with sections for what was restored, None where that cannot be done without a person.

    Whatever else they say stays as it is. Keys in the environment stay there.
    """
    try:
        before = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
    keys = before.get("keys", {}).get("data", "") if isinstance(before.get("keys"), Mapping) else ""
    own = {
        "database": {"url": database},
        "files": {"path": "var/files"},
        "keys": {"data": keys if str(keys).startswith("env:") else "file:var/keys/data.key"},
    }
    sections = [f'[{name}]\n{key} = "{_quoted(value)}"\n' for name, each in own.items() for key, value in each.items()]
    made = "\n".join((_without(text).rstrip(), "", _SAID, "", *sections))
    return made if _reads_as(made, {**_others(before), **own}) else None


def _without(text: str) -> str:
    """Return the lines of a TOML text that are not in one of our own sections."""
    kept, ours = [], False
    for line in text.splitlines():
        if heading := _HEADING.match(line):
            ours = heading[1] in _OWN
        if not ours:
            kept.append(line)
    return "\n".join(kept)


def _others(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name not in _OWN}


def _reads_as(text: str, wanted: Mapping[str, Any]) -> bool:
    try:
        return tomllib.loads(text) == wanted
    except tomllib.TOMLDecodeError:
        return False


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
