"""Version 2: passwords know when they were set; the record of a jurisdiction is read by moment."""

from xunfang.store.database import Database
from xunfang.store.sealing import Keys


def to_2(database: Database, keys: Keys) -> None:
    """Bring a database of version 1 to version 2."""
    database.run('ALTER TABLE "account" ADD COLUMN "password_set_at" BIGINT')
    database.run(
        'UPDATE "account" SET "password_set_at" = "changed"."at" FROM (SELECT "actor", MAX("at") AS "at" FROM "event" '
        """WHERE "name" = 'account.password_changed' GROUP BY "actor") AS "changed" """
        'WHERE "changed"."actor" = "account"."id"'
    )
    database.run('DROP INDEX "event_jurisdiction_n"')
    database.run('CREATE INDEX "event_jurisdiction_at_n" ON "event" ("jurisdiction", "at", "n")')
