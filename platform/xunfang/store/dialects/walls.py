"""Walls on PostgreSQL: row-level security, by which the database itself shows and takes one jurisdiction only.

Who signs in as the application sees nothing of any jurisdiction, but of the one that a transaction names. What crosses
jurisdictions takes on another role for that, `<user>_everywhere`, which nobody signs in as and nobody inherits.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

SETTING = "xunfang.jurisdiction"
"""The setting of a transaction that names the one jurisdiction it is of."""

KEPT_TO = f"SET LOCAL ROLE NONE; SELECT set_config('{SETTING}', %s, true)"
"""From here to its end a transaction is of one jurisdiction."""

PARENTS: Mapping[str, tuple[str, str]] = {
    "told": ("case", "case"),
    "wait": ("case", "case"),
    "correction": ("case", "case"),
    "read_mark": ("message", "message"),
}
"""Tables that name no jurisdiction: the column by which a row belongs to one of another table, whose wall is theirs."""

OPEN = frozenset({"schema_version", "schema_step", "installation", "heartbeat", "seen", "tally", "session"})
"""Tables of the installation itself, with nothing of any person or case in them: keyed hashes, counts, moments."""

_RIGHTS: Mapping[str, str] = {
    "event": 'SELECT, INSERT, UPDATE ("typed")',
    "schema_version": "SELECT",
    "schema_step": "SELECT",
}
"""What whoever serves may do with a table, where that is not everything with its rows."""

_OWN = f"\"jurisdiction\" = current_setting('{SETTING}', true)"


@dataclass(frozen=True, slots=True)
class Standing:
    """How the user of a connection stands to the walls: whether there are any, and whether they hold this user."""

    stand: bool
    above: bool
    member: bool
    inherits: bool

    @property
    def complaint(self) -> str:
        """Return why the walls do not hold this user, "" when they do or there are none."""
        if not self.stand:
            return ""
        if self.above:
            return "连接数据库的用户是各表的所有者、超级用户或有 BYPASSRLS，行级安全对它不起作用"
        if self.inherits or not self.member:
            return "连接数据库的用户没有专用的“…_everywhere”角色，或者会自动继承它（须为 NOINHERIT）"
        return ""


STANDING = (
    """SELECT COALESCE((SELECT relrowsecurity FROM pg_class WHERE oid = to_regclass('"case"')), false), """
    "(SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = session_user) OR "
    "COALESCE((SELECT pg_has_role(session_user, relowner, 'MEMBER') FROM pg_class "
    """WHERE oid = to_regclass('"case"')), false), """
    "COALESCE((SELECT pg_has_role(session_user, oid, 'MEMBER') FROM pg_roles "
    "WHERE rolname = session_user || '_everywhere'), false), "
    "COALESCE((SELECT pg_has_role(session_user, oid, 'USAGE') FROM pg_roles "
    "WHERE rolname = session_user || '_everywhere'), false), session_user"
)
"""The query of how the user of a connection stands to the walls, and of its name."""


def everywhere(user: str) -> str:
    """Return the role that a user takes on for what crosses jurisdictions."""
    return f"{user}_everywhere"


def quoted(name: str) -> str:
    """Return a name as it stands in a statement."""
    return '"{}"'.format(name.replace('"', '""'))


def walls(user: str, tables: Mapping[str, bool]) -> Iterator[str]:
    """Yield the statements that put up the walls for a user, or put them right.

    `tables` tells of every table whether it has a column `jurisdiction`.
    """
    own, all_ = quoted(user), quoted(everywhere(user))
    yield f"GRANT USAGE ON SCHEMA public TO {own}, {all_}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {own}, {all_}"
    for table, named in tables.items():
        yield f"REVOKE ALL ON {quoted(table)} FROM PUBLIC, {own}, {all_}"
        yield f"GRANT {_RIGHTS.get(table, 'SELECT, INSERT, UPDATE, DELETE')} ON {quoted(table)} TO {own}, {all_}"
        if table not in OPEN:
            yield from _wall(table, _OWN if named else _by_parent(table), own, all_)


def _by_parent(table: str) -> str:
    column, parent = PARENTS[table]
    there = f'{quoted(parent)}."id" = {quoted(table)}.{quoted(column)}'
    return f"EXISTS (SELECT 1 FROM {quoted(parent)} WHERE {there})"


def _wall(table: str, condition: str, own: str, all_: str) -> Iterator[str]:
    name = quoted(table)
    yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
    for policy, who, of in (("of_one", own, condition), ("of_all", all_, "true")):
        yield f"DROP POLICY IF EXISTS {policy} ON {name}"
        yield f"CREATE POLICY {policy} ON {name} TO {who} USING ({of}) WITH CHECK ({of})"
