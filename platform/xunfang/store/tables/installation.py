"""The installation 安装: by what database, keys and files know that they belong together."""

from dataclasses import dataclass
from datetime import datetime

from xunfang.store.rows import table


@table("installation")
@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """The one installation this database is of. `checks` tell its keys, newest first, and give none of them away.

    `common_until` is the number of the last event that was recorded before every jurisdiction had a chain of its own,
    and `common_hash` the hash of it, from which every chain goes on: whoever writes in one sees no event of another.
    """

    id: str
    checks: tuple[str, ...]
    made_at: datetime
    common_until: int = 0
    common_hash: str = ""
