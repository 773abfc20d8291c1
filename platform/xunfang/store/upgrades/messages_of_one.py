"""Messages to one member of a unit are found by an index of their own."""

from xunfang.store.database import Database


def find_messages_of_one(database: Database) -> None:
    """Make the index of the messages that are to one account, not to all of a unit."""
    database.run(
        'CREATE INDEX "message_of_one" ON "message" ("jurisdiction", "account", "at", "id") WHERE "account" <> \'\''
    )
