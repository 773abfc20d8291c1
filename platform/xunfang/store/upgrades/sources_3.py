"""Version 3, what is known of a person by source: records of one number stand side by side, with a question between."""

import json
from typing import Any

from xunfang.store.columns import to_json
from xunfang.store.database import Database
from xunfang.store.sealing import Keys, Place

_PIECE = 500
_USES = ("name", "sex", "residence", "registration")


def part_by_source(database: Database, keys: Keys) -> None:
    """Let several records have one number, and note with each clue what it told; before anything else is sealed.

    Forms of that day name these fields by their use.
    """
    database.run('DROP INDEX "person_jurisdiction_id_index"')
    database.run('CREATE INDEX "person_jurisdiction_id_index" ON "person" ("jurisdiction", "id_index")')
    database.run(
        'CREATE TABLE "question" ("id" TEXT NOT NULL PRIMARY KEY, "jurisdiction" TEXT NOT NULL, '
        '"case" TEXT NOT NULL REFERENCES "case" ("id"), "person" TEXT NOT NULL REFERENCES "person" ("id"), '
        '"other" TEXT NOT NULL REFERENCES "person" ("id"), "asked_at" INTEGER NOT NULL, "verdict" TEXT NOT NULL, '
        '"answered_at" INTEGER, "answered_by" TEXT NOT NULL, "version" INTEGER NOT NULL)'
    )
    database.run('CREATE UNIQUE INDEX "question_person_other" ON "question" ("person", "other")')
    database.run('CREATE INDEX "question_other" ON "question" ("other")')
    database.run("""ALTER TABLE "clue" ADD COLUMN "told" BLOB NOT NULL DEFAULT x''""")
    last = ""
    while piece := _clues_after(database, last):
        told = [(_told(keys, *row), row[0]) for row in piece]
        database.run_many('UPDATE "clue" SET "told" = ? WHERE "id" = ?', told)
        last = piece[-1][0]


def _clues_after(database: Database, last: str) -> list[tuple[Any, ...]]:
    return list(
        database.run(
            'SELECT "clue"."id", "submission"."id", "answers", "sealed" FROM "clue" JOIN "submission" '
            f'ON "submission"."id" = "clue"."submission" WHERE "clue"."id" > ? ORDER BY "clue"."id" LIMIT {_PIECE}',
            (last,),
        ).fetchall()
    )


def _told(keys: Keys, clue: str, submission: str, answers: str, sealed: bytes | None) -> bytes:
    whole = json.loads(answers) | keys.open_values(sealed, Place("submission", "sealed", submission))
    told = {use: str(whole[use]) for use in (*_USES, "phone") if whole.get(use)}
    return keys.seal(to_json(told).encode(), Place("clue", "told", clue)) if told else b""
