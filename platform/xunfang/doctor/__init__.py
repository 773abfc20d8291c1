"""The doctor 体检: what is not well with an installation. It looks at everything and changes nothing.

machine   files, disks and fonts: what can be looked at without the database
life      clock, signs of life, backups, keys, the database's own state
rules     rules held back, calendars, units without people
work      jobs parked or late, tasks long overdue

Each check is one function: what it looks at goes in, ailments come out. A new one is one more line below.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from xunfang.actions.deployment import Deployment
from xunfang.ailments import Ailment, parted
from xunfang.doctor import life, machine, rules, work
from xunfang.doctor.patient import Patient
from xunfang.errors import Refused
from xunfang.settings import Settings

P = TypeVar("P")

OF_THE_MACHINE: tuple[Callable[[Settings], Iterable[Ailment]], ...] = (
    machine.room,
    machine.open_to_others,
    machine.password_in_settings,
    machine.fonts,
)
"""Checks that need no database."""

OF_THE_DEPLOYMENT: tuple[Callable[[Patient], Iterable[Ailment]], ...] = (
    life.clock,
    life.signs,
    life.soundness,
    life.backups,
    life.keys,
    life.database,
    rules.held,
    rules.calendars,
    rules.empty_units,
    rules.nobody_administers,
    rules.lacking_people,
    work.parked,
    work.late_jobs,
    work.long_overdue,
)
"""Checks of a deployment whose database is open."""

COUNT = len(OF_THE_MACHINE) + len(OF_THE_DEPLOYMENT)


def examine_machine(settings: Settings) -> tuple[Ailment, ...]:
    """Return what is not well with files, disks and fonts; the database is not opened."""
    return _found(OF_THE_MACHINE, settings)


def examine(
    settings: Settings, deployment: Deployment, at: datetime, of: Sequence[str] | None = None
) -> tuple[Ailment, ...]:
    """Return everything that is not well at a moment; with `of` only what concerns these jurisdictions, or all."""
    patient = Patient(settings, deployment, at, settings.serves if of is None else tuple(of))
    return (*_found(OF_THE_MACHINE, settings), *_found(OF_THE_DEPLOYMENT, patient))


def ailment_of(error: Exception) -> Ailment:
    """Return a failure as what is not well; nobody is shown the words of one that nobody foresaw."""
    if isinstance(error, Refused):
        told = parted(error.code, error.message)
        return told if told.advice else replace(told, advice="按代码查 docs/starting.md。")
    if isinstance(error, OSError):
        what = f"操作系统没有允许这一步：{error.filename or ''} {error.strerror or type(error).__name__}。"
        return Ailment("SYSTEM_REFUSED", what, "请检查路径、权限和磁盘后再试。")
    what = f"检查时程序出了没有预料到的错误（{type(error).__name__}）。"
    return Ailment("UNEXPECTED", what, "请交维护人员；其余各项照常检查。")


def _found(checks: Iterable[Callable[[P], Iterable[Ailment]]], looked_at: P) -> tuple[Ailment, ...]:
    """Return what all checks find, each once; one that cannot be carried out says so and keeps no other from it."""
    found: list[Ailment] = []
    for check in checks:
        try:
            found += check(looked_at)
        except Exception as error:
            found.append(ailment_of(error))
    return tuple(sorted(dict.fromkeys(found), key=lambda each: each.notice))
