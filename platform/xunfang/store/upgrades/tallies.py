"""Version 3: tries are counted by where from; locks on accounts end; sessions and files are found for their upkeep."""

from xunfang.store.database import Database


def add_tallies(database: Database) -> None:
    """Make the table of tallies, end the locks that shut whole accounts, and index what is looked through each day."""
    database.run(
        'CREATE TABLE "tally" ("kind" TEXT NOT NULL, "who" TEXT NOT NULL, "place" TEXT NOT NULL, '
        '"count" BIGINT NOT NULL, "began_at" BIGINT NOT NULL, "ends_at" BIGINT NOT NULL, "until" BIGINT, '
        '"told" INTEGER NOT NULL, PRIMARY KEY ("kind", "who", "place"))'
    )
    database.run('CREATE INDEX "tally_ends_at" ON "tally" ("ends_at")')
    database.run('CREATE INDEX "session_ended_at_last_seen_at" ON "session" ("ended_at", "last_seen_at")')
    database.run('CREATE INDEX "attachment_sha256" ON "attachment" ("sha256")')
    database.run('UPDATE "account" SET "failed_count" = 0, "locked_until" = NULL')
