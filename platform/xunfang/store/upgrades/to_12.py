"""Version 12: accounts bound to identities of an issuer, and by what a session was opened."""

from xunfang.store.database import Database
from xunfang.store.sealing import Keys


def to_12(database: Database, keys: Keys) -> None:
    """Bring a database of version 11 to version 12."""
    sealed = "BLOB" if database.dialect.mark == "?" else "BYTEA"
    database.run(
        'CREATE TABLE "identity" ("mark" TEXT NOT NULL PRIMARY KEY, "issuer" TEXT NOT NULL, '
        f'"name" {sealed} NOT NULL, "account" TEXT NOT NULL REFERENCES "account" ("id"), '
        '"jurisdiction" TEXT NOT NULL, "bound_at" BIGINT NOT NULL)'
    )
    database.run('CREATE UNIQUE INDEX "identity_account" ON "identity" ("account")')
    database.run('CREATE INDEX "identity_jurisdiction_account" ON "identity" ("jurisdiction", "account")')
    database.run("""ALTER TABLE "session" ADD COLUMN "by" TEXT NOT NULL DEFAULT ''""")
