"""Releases 发布版本: the immutable rules that cases were begun on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xunfang.store.rows import table


@table("release", indexes=[("jurisdiction", "current")], in_clear=("files",))
@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One published set of files. `id` is the rulebook's digest; `files` is packed, see `xunfang.store.releases`.

    `number` counts the releases of its jurisdiction. `set_aside_at`: an earlier one was put in force in its place, so
    that no start puts it in force again by itself.
    """

    id: str
    jurisdiction: str
    files: bytes
    published_at: datetime
    published_by: str = ""
    current: bool = False
    number: int = 0
    set_aside_at: datetime | None = None


@table("held", key=("jurisdiction",))
@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The files of a jurisdiction that were not put in force, and why: `problems`, which `digest` tells from others."""

    jurisdiction: str
    at: datetime
    digest: str
    problems: Sequence[Mapping[str, Any]]
