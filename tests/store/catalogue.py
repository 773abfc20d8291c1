"""The catalogue of a database, told alike whichever kind it is of."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xunfang.store import Database, connection

_FLAGS = {"boolean": "integer", "smallint": "integer", "bigint": "integer", "bytea": "blob", "int": "integer"}


@dataclass(frozen=True)
class Catalogue:
    """By table: its columns (type, whether one must be filled, place in the key), indexes, references and checks."""

    columns: Mapping[str, Mapping[str, tuple[str, bool, int]]]
    indexes: Mapping[str, tuple[str, tuple[str, ...], bool]]
    references: frozenset[tuple[str, str, str]]
    checks: frozenset[tuple[str, str]]
    guards: frozenset[tuple[str, str]]


def catalogue(database: Database) -> Catalogue:
    with connection(database):
        return _of_file(database) if database.dialect.mark == "?" else _of_server(database)


def _rows(database: Database, sql: str) -> list[tuple[Any, ...]]:
    return database.run(sql).fetchall()


def _type(told: str) -> str:
    return _FLAGS.get(told.lower(), told.lower())


def _of_file(database: Database) -> Catalogue:
    made = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1"
    columns, references, checks = {}, set(), set()
    for table, sql in _rows(database, made):
        told = _rows(database, f'PRAGMA table_info("{table}")')
        columns[table] = {name: (_type(kind), bool(filled or key), key) for _, name, kind, filled, _, key in told}
        references |= {(table, row[3], row[2]) for row in _rows(database, f'PRAGMA foreign_key_list("{table}")')}
        checks |= {(table, found) for found in re.findall(r"CHECK \((.*?)\)", sql)}
    indexes = {}
    for name, table, sql in _rows(database, "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index'"):
        if sql:
            named = tuple(row[2] for row in _rows(database, f'PRAGMA index_info("{name}")'))
            indexes[name] = (table, named, "UNIQUE" in sql.upper())
    guards = frozenset(_rows(database, "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"))
    return Catalogue(columns, indexes, frozenset(references), frozenset(checks), guards)


_COLUMNS = """SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
    COALESCE((SELECT array_position(i.indkey::int2[], a.attnum) + 1 FROM pg_index i
              WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY (i.indkey)), 0)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1, a.attnum"""
_INDEXES = """SELECT x.relname, c.relname, i.indisunique, ARRAY(SELECT a.attname::text FROM unnest(i.indkey::int2[])
    WITH ORDINALITY k(n, at) JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.n ORDER BY k.at)
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid
    WHERE NOT i.indisprimary AND c.relnamespace = 'public'::regnamespace"""
_REFERENCES = """SELECT c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text FROM pg_constraint c
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] WHERE c.contype = 'f'"""
_CHECKS = """SELECT conrelid::regclass::text, pg_get_expr(conbin, conrelid) FROM pg_constraint WHERE contype = 'c'
    AND connamespace = 'public'::regnamespace"""
_GUARDS = "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal"


def _of_server(database: Database) -> Catalogue:
    columns: dict[str, dict[str, tuple[str, bool, int]]] = {}
    for table, name, kind, filled, key in _rows(database, _COLUMNS):
        columns.setdefault(table, {})[name] = (_type(kind), filled, key)
    indexes = {name: (table, tuple(named), unique) for name, table, unique, named in _rows(database, _INDEXES)}
    references = {tuple(text.strip('"') for text in row) for row in _rows(database, _REFERENCES)}
    checks = {(table.strip('"'), _plain(told)) for table, told in _rows(database, _CHECKS)}
    guards = {(table.strip('"'), name) for table, name in _rows(database, _GUARDS)}
    return Catalogue(columns, indexes, frozenset(references), frozenset(checks), frozenset(guards))


def _plain(check: str) -> str:
    return check.strip("()").replace("::text", "")
