"""Version 11: second factors of accounts."""

from xunfang.store.database import Database
from xunfang.store.sealing import Keys


def to_11(database: Database, keys: Keys) -> None:
    """Bring a database of version 10 to version 11."""
    sealed = "BLOB" if database.dialect.mark == "?" else "BYTEA"
    database.run(
        'CREATE TABLE "factor" ("account" TEXT NOT NULL PRIMARY KEY REFERENCES "account" ("id"), '
        f'"jurisdiction" TEXT NOT NULL, "wanted_at" BIGINT, "secret" {sealed} NOT NULL, "pending" {sealed} NOT NULL, '
        f'"last_step" BIGINT NOT NULL, "recovery" {sealed} NOT NULL, "bound_at" BIGINT, "reset_at" BIGINT, '
        '"reset_by" TEXT NOT NULL)'
    )
    database.run('CREATE INDEX "factor_jurisdiction_account" ON "factor" ("jurisdiction", "account")')
