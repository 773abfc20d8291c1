"""Part of version 14: a paper names every unit that it goes to, and says of each when and how it got there."""

from xunfang.store.database import Database

_SEVERAL = (
    """ALTER TABLE "notice" ADD COLUMN "addressees" TEXT NOT NULL DEFAULT '[]'""",
    """ALTER TABLE "notice" ADD COLUMN "copies" TEXT NOT NULL DEFAULT '[]'""",
    """ALTER TABLE "notice" ADD COLUMN "deliveries" TEXT NOT NULL DEFAULT '[]'""",
    """UPDATE "notice" SET "addressees" = '["' || "addressee" || '"]' WHERE "addressee" <> ''""",
    """UPDATE "notice" SET "deliveries" = '[{"by":"' || "delivered_by" || '","on":"' || "delivered_on" || """
    """'","to":"' || "addressee" || '","way":"' || "delivered_way" || '"}]' WHERE "delivered_on" IS NOT NULL""",
    'ALTER TABLE "notice" DROP COLUMN "addressee"',
    'ALTER TABLE "notice" DROP COLUMN "delivered_on"',
    'ALTER TABLE "notice" DROP COLUMN "delivered_way"',
    'ALTER TABLE "notice" DROP COLUMN "delivered_by"',
)


def address_several(database: Database) -> None:
    """Make the one unit that each paper went to the only one of a list, and its delivery the only one."""
    for statement in _SEVERAL:
        database.run(statement)
