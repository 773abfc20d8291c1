"""Releases 发布版本: the immutable rules that cases were begun on."""

from dataclasses import dataclass
from datetime import datetime

from xunfang.store.rows import table


@table("release", indexes=[("jurisdiction", "current")])
@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One published set of files. `id` is the rulebook's digest; `files` is packed, see `xunfang.store.releases`."""

    id: str
    jurisdiction: str
    files: bytes
    published_at: datetime
    published_by: str = ""
    current: bool = False
