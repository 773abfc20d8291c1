"""Version 10: a job knows its jurisdiction; every chain can begin without a look at the events of others."""

from xunfang.store.database import Database
from xunfang.store.sealing import Keys
from xunfang.store.upgrades.jobs_of_one import part_jobs


def to_10(database: Database, keys: Keys) -> None:
    """Bring a database of version 9 to version 10."""
    part_jobs(database)
    database.run('ALTER TABLE "installation" ADD COLUMN "common_hash" TEXT NOT NULL DEFAULT \'\'')
    database.run(
        'UPDATE "installation" SET "common_hash" = COALESCE((SELECT "hash" FROM "event" WHERE "n" = "common_until"), '
        "'')"
    )
