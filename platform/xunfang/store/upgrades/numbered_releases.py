"""Part of version 5: releases are counted, and what is wrong in files that are not in force is kept."""

from xunfang.store.database import Database


def number_releases(database: Database) -> None:
    """Count the releases of each jurisdiction in the order they came, and make the table of what is held back."""
    database.run('ALTER TABLE "release" ADD COLUMN "number" BIGINT NOT NULL DEFAULT 0')
    database.run('ALTER TABLE "release" ADD COLUMN "set_aside_at" BIGINT')
    earlier = (
        'SELECT COUNT(*) FROM "release" AS "earlier" WHERE "earlier"."jurisdiction" = "release"."jurisdiction" AND '
        '("earlier"."published_at" < "release"."published_at" OR ("earlier"."published_at" = "release"."published_at" '
        'AND "earlier"."id" <= "release"."id"))'
    )
    database.run(f'UPDATE "release" SET "number" = ({earlier})')
    database.run(
        'CREATE TABLE "held" ("jurisdiction" TEXT NOT NULL PRIMARY KEY, "at" BIGINT NOT NULL, "digest" TEXT NOT NULL, '
        '"problems" TEXT NOT NULL)'
    )
