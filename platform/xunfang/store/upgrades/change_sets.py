"""Part of version 18: change sets 改动单, and where the rules of a jurisdiction are kept."""

from xunfang.store.database import Database
from xunfang.store.upgrades.making import make

_TABLES = (
    'CREATE TABLE "rule_source" ("jurisdiction" TEXT NOT NULL PRIMARY KEY, "source" TEXT NOT NULL, "at" '
    'BIGINT NOT NULL, "by" TEXT NOT NULL, "release" TEXT NOT NULL, "folder" TEXT NOT NULL)',
    'CREATE TABLE "change_set" ("id" TEXT NOT NULL PRIMARY KEY, "jurisdiction" TEXT NOT NULL, "title" TEXT '
    'NOT NULL, "why" BLOB NOT NULL, "base" TEXT NOT NULL REFERENCES "release" ("id"), "made_at" BIGINT NOT '
    'NULL, "made_by" TEXT NOT NULL, "cites" TEXT NOT NULL, "source" TEXT NOT NULL, "status" TEXT NOT NULL, '
    '"digest" TEXT NOT NULL, "submitted_at" BIGINT, "submitted_by" TEXT NOT NULL, "reviewed_at" BIGINT, '
    '"reviewed_by" TEXT NOT NULL, "reviewed_digest" TEXT NOT NULL, "reason" BLOB NOT NULL, "effective_at" '
    'BIGINT, "published" TEXT NOT NULL, "published_at" BIGINT, "published_by" TEXT NOT NULL, "version" BIGINT'
    " NOT NULL)",
    'CREATE INDEX "change_set_jurisdiction_made_at_id" ON "change_set" ("jurisdiction", "made_at", "id")',
    'CREATE TABLE "draft_file" ("id" TEXT NOT NULL PRIMARY KEY, "jurisdiction" TEXT NOT NULL, "change_set" '
    'TEXT NOT NULL REFERENCES "change_set" ("id"), "path" TEXT NOT NULL, "text" TEXT NOT NULL, "gone" BOOLEAN'
    ' NOT NULL, "base_digest" TEXT NOT NULL, "edited_at" BIGINT NOT NULL, "edited_by" TEXT NOT NULL, '
    '"version" BIGINT NOT NULL)',
    'CREATE UNIQUE INDEX "draft_file_change_set_path" ON "draft_file" ("change_set", "path")',
    'CREATE TABLE "draft_edit" ("id" TEXT NOT NULL PRIMARY KEY, "jurisdiction" TEXT NOT NULL, "change_set" '
    'TEXT NOT NULL REFERENCES "change_set" ("id"), "at" BIGINT NOT NULL, "by" TEXT NOT NULL, "path" TEXT NOT '
    'NULL, "command" TEXT NOT NULL, "said" TEXT NOT NULL, "before" TEXT NOT NULL, "was_gone" BOOLEAN NOT '
    'NULL, "undone" BOOLEAN NOT NULL, "version" BIGINT NOT NULL)',
    'CREATE INDEX "draft_edit_change_set_id" ON "draft_edit" ("change_set", "id")',
    'CREATE TABLE "draft_comment" ("id" TEXT NOT NULL PRIMARY KEY, "jurisdiction" TEXT NOT NULL, "change_set"'
    ' TEXT NOT NULL REFERENCES "change_set" ("id"), "at" BIGINT NOT NULL, "by" TEXT NOT NULL, "line" TEXT NOT'
    ' NULL, "text" BLOB NOT NULL, "digest" TEXT NOT NULL)',
    'CREATE INDEX "draft_comment_change_set_id" ON "draft_comment" ("change_set", "id")',
    'CREATE TABLE "draft_trial" ("id" TEXT NOT NULL PRIMARY KEY, "jurisdiction" TEXT NOT NULL, "change_set" '
    'TEXT NOT NULL REFERENCES "change_set" ("id"), "gate" TEXT NOT NULL, "digest" TEXT NOT NULL, "at" BIGINT '
    'NOT NULL, "passed" BOOLEAN NOT NULL, "said" TEXT NOT NULL, "told" TEXT NOT NULL)',
    'CREATE UNIQUE INDEX "draft_trial_change_set_gate_digest" ON "draft_trial" ("change_set", "gate", "digest")',
)


def keep_change_sets(database: Database) -> None:
    """Make the tables of change sets."""
    make(database, _TABLES)
