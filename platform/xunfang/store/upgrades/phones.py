"""Part of version 17: records of people, and what was reported of them, are found by a phone number too."""

import json
from typing import Any

from xunfang.phones import normalise_phone, phone_problem
from xunfang.store.database import Database
from xunfang.store.sealing import Keys, Place

_PIECE = 500
_SEALED = {"person": "sealed", "clue": "told"}


def find_by_phone(database: Database, keys: Keys) -> None:
    """Write the keyed index of each phone number that lies sealed."""
    for table, column in _SEALED.items():
        database.run(f'ALTER TABLE "{table}" ADD COLUMN "phone_index" TEXT')
        _fill(database, keys, table, column)
        database.run(f'CREATE INDEX "{table}_jurisdiction_phone_index" ON "{table}" ("jurisdiction", "phone_index")')


def _fill(database: Database, keys: Keys, table: str, column: str) -> None:
    mark, last = database.dialect.mark, ""
    select = f'SELECT "id", "{column}" FROM "{table}" WHERE "id" > {mark} ORDER BY "id" LIMIT {_PIECE}'
    update = f'UPDATE "{table}" SET "phone_index" = {mark} WHERE "id" = {mark}'
    while rows := database.run(select, (last,)).fetchall():
        found = [(_index(keys, bytes(told or b""), Place(table, column, key)), key) for key, told in rows]
        database.run_many(update, [each for each in found if each[0]])
        last = rows[-1][0]


def _index(keys: Keys, envelope: bytes, place: Place) -> str | None:
    told: dict[str, Any] = json.loads(keys.open(envelope, place)) if envelope else {}
    phone = str(told.get("phone", ""))
    return None if phone_problem(phone) else keys.blind_index(normalise_phone(phone), "phone")
