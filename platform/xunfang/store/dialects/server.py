"""How a PostgreSQL server is: asked of the server itself, of no table of ours."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from xunfang.ailments import Ailment

Run = Callable[[str], Any]

_FEW_FREE = 10
_SLOW_MS, _OFTEN, _SHOWN = 1000, 5, 100
_MADE_READY = "^PREPARE [a-z0-9]+ AS "
"""What stands before a statement that is kept ready, see `sending`."""


def server_ailments(run: Run, on: date) -> Iterator[Ailment]:
    """Yield what a server suffers from on a day."""
    yield from unsupported(int(run("SELECT current_setting('server_version_num')").fetchone()[0]) // 10_000, on)
    yield from _crowded(run)
    yield from _slow(run)


def unsupported(version: int, on: date) -> Iterator[Ailment]:
    """Yield that a version is no longer mended by its makers: five years after its September, in November."""
    if on >= date(version + 2012, 12, 1):
        what = f"PostgreSQL {version} 版已在{version + 2012}年11月停止维护，不再修补安全漏洞。"
        yield Ailment("DATABASE_OUTDATED", what, "请数据库管理员升级到仍在维护的版本。")


def _crowded(run: Run) -> Iterator[Ailment]:
    total, used = run(
        "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int, "
        "(SELECT COUNT(*) FROM pg_stat_activity WHERE backend_type = 'client backend')"
    ).fetchone()
    if total - used < _FEW_FREE:
        what = f"数据库服务器一共可用{total}个连接，只剩{max(0, total - used)}个。"
        advice = "请数据库管理员调大 max_connections，或停掉别的程序占用的连接；用完以后页面会答“系统繁忙”。"
        yield Ailment("DATABASE_CONNECTIONS_FEW", what, advice)


def _slow(run: Run) -> Iterator[Ailment]:
    """Yield the slowest statement of ours, where the server counts them and lets us see it; values are not shown."""
    counts = (
        "to_regclass('pg_stat_statements') IS NOT NULL AND current_setting('pg_stat_statements.max', true) IS NOT NULL"
    )
    if not run(f"SELECT {counts}").fetchone()[0]:
        return
    found = run(
        f"SELECT mean_exec_time, calls, regexp_replace(query, '{_MADE_READY}', '') FROM pg_stat_statements WHERE "
        "dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) "
        "AND userid = current_user::text::regrole::oid "
        f"AND calls >= {_OFTEN} AND mean_exec_time > {_SLOW_MS} "
        f"AND regexp_replace(query, '{_MADE_READY}', '') ~ '^(SELECT|INSERT|UPDATE|DELETE) ' "
        "ORDER BY mean_exec_time DESC LIMIT 1"
    ).fetchone()
    if found is not None:
        statement = " ".join(found[2].split())[:_SHOWN]
        what = f"有查询平均要{found[0] / 1000:.1f}秒（{found[1]}次）：{statement}"
        advice = "请数据库管理员对各表执行 ANALYZE，看服务器的内存和磁盘；仍然慢的，交维护人员。"
        yield Ailment("DATABASE_SLOW", what, advice)
