"""Clock, signs of life, backups, and the database's own state."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from xunfang.actions.operating import clock_doubt
from xunfang.actions.rekeying import jobs_left
from xunfang.ailments import Ailment, parted
from xunfang.clock import local, local_date
from xunfang.desk.administration import BACKED_UP_WITHIN, PARTS, is_quiet
from xunfang.doctor.patient import Patient
from xunfang.store import connection, database_ailments
from xunfang.store.life import BACKUP, DATABASE, last_beat

_START = "请启动服务（xunfang serve），或单独启动后台作业（xunfang work）。它停着，提醒、超期和文书都不会发出。"


def clock(patient: Patient) -> Iterator[Ailment]:
    """A clock that cannot be trusted."""
    if told := clock_doubt(patient.deployment, patient.at):
        yield parted("CLOCK_DOUBTFUL", told)


def signs(patient: Patient) -> Iterator[Ailment]:
    """Parts of the machinery that never gave a sign of life, fell silent, or say that they are not well."""
    for name, (label, quiet) in PARTS.items():
        with connection(patient.deployment.database) as reader:
            beat = last_beat(reader, name)
        if beat is None:
            yield Ailment(f"{name.upper()}_SILENT", f"{label}没有启动过。", _START)
        elif is_quiet(beat.at, quiet, patient.at):
            what = f"{label}已停止响应，最近一次信号在{_said(beat.at, patient.at)}。"
            yield Ailment(f"{name.upper()}_SILENT", what, _START)
        elif beat.note:
            yield parted(f"{name.upper()}_UNWELL", beat.note)


def _said(last: datetime, now: datetime) -> str:
    """Return when something was last seen, and that the clock ran fast then where that lies ahead."""
    ahead = "（晚于现在：那时服务器的时钟走快了，是哪一刻无法知道）" if last > now else ""
    return f"{local(last):%Y-%m-%d %H:%M}{ahead}"


def soundness(patient: Patient) -> Iterator[Ailment]:
    """A database in which something is not whole, as it was noted when that was seen."""
    with connection(patient.deployment.database) as reader:
        beat = last_beat(reader, DATABASE)
    if beat is not None and beat.note:
        yield parted("DATABASE_DAMAGED", beat.note)


def backups(patient: Patient) -> Iterator[Ailment]:
    """A last backup that is not there, is old, or failed."""
    with connection(patient.deployment.database) as reader:
        beat = last_beat(reader, BACKUP)
    if beat is None:
        yield Ailment(
            "BACKUP_NONE",
            "还没有备份过。",
            "请安排每天运行 xunfang backup，备份放到另一台机器上；密钥不在备份里，另处保管。",
        )
    elif beat.note:
        yield parted("BACKUP_FAILED", beat.note)
    elif is_quiet(beat.at, BACKED_UP_WITHIN, patient.at):
        hours = "" if beat.at > patient.at else f"，已超过{BACKED_UP_WITHIN // timedelta(hours=1)}小时"
        what = f"最近一次备份在{_said(beat.at, patient.at)}{hours}。"
        yield Ailment("BACKUP_OLD", what, "请查明备份为什么没有按时进行，并补做一次。")


def keys(patient: Patient) -> Iterator[Ailment]:
    """An older key that is still beside the one that seals: an exchange that goes on, or that nobody ended."""
    deployment = patient.deployment
    if len(deployment.keys.opening) > 1:
        left = jobs_left(deployment)
        what = f"正在换密钥，还有{left}项作业没有做完。" if left else "密钥有新旧两把，旧密钥还没有撤下。"
        advice = "请让后台作业继续，以后再看。" if left else "请运行 xunfang keys，照它说的做。"
        yield Ailment("KEYS_BEING_EXCHANGED", what, advice, notice=True)


def database(patient: Patient) -> Iterator[Ailment]:
    """What the database itself lacks: connections, speed, support, a log that was taken in."""
    yield from database_ailments(patient.deployment.database, local_date(patient.at))
