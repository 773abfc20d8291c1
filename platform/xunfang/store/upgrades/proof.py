"""Before an older database is given its mark: proof that the keys at hand are those it was filled with."""

import hmac

from xunfang.errors import Refused
from xunfang.store.columns import to_json
from xunfang.store.database import Database
from xunfang.store.sealing import Keys

_EVENT = (
    "n", "id", "at", "jurisdiction", "name", "case", "task", "actor", "actor_name", "unit", "data", "rule", "row",
    "cites", "prev", "hash",
)  # fmt: skip
_SEALED = {"account": "phone", "person": "sealed", "submission": "sealed", "notice": "facts"}
"""Where a database of version 2 keeps envelopes."""


class NotItsKeys(Refused):
    """An older database was filled with other keys than those at hand; nothing of it was changed."""

    code = "KEY_WRONG"


def prove_keys(database: Database, keys: Keys) -> None:
    """Raise NotItsKeys unless the record was chained, and every envelope sealed, with keys that are at hand.

    Either end of the chain is proof enough: an event that somebody altered must not be taken for a wrong key.
    """
    columns = ", ".join(f'"{name}"' for name in _EVENT)
    ends = [
        database.run(f'SELECT {columns} FROM "event" ORDER BY "n" {order} LIMIT 1').fetchone()
        for order in ("ASC", "DESC")
    ]
    if any(ends) and not any(end and _chained(end, keys.chain) for end in ends):
        raise NotItsKeys(
            "密钥不是这个数据库的密钥：留痕链不是用它的最后一把做成的。数据没有作任何改动，也没有升级；"
            "请把原来的密钥放回 config.toml 的 [keys] 所指的位置，再启动。"
        )
    if any(not keys.knows(key_id) for key_id in _key_ids(database)):
        raise NotItsKeys(
            "缺少这个数据库用过的一把密钥：有的内容是用它加密的。数据没有作任何改动，也没有升级；"
            "请从密钥的备份中找回，放回原来的位置，再启动。",
            "KEY_WITHDRAWN",
        )


def _chained(stored: tuple[object, ...], key: bytes) -> bool:
    return hmac.digest(key, to_json(stored[:-1]).encode(), "sha256").hex() == stored[-1]


def _key_ids(database: Database) -> set[bytes]:
    found: set[bytes] = set()
    for table, column in _SEALED.items():
        sql = f'SELECT DISTINCT substr("{column}", 2, 4) FROM "{table}" WHERE "{column}" IS NOT NULL'
        found |= {bytes(key_id) for (key_id,) in database.run(sql).fetchall()}
    return found
