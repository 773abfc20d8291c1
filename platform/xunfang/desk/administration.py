"""Accounts and machinery, for the administrator."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from xunfang.actions.jobs import JOBS
from xunfang.desk.faces import AccountFace, FailedPaper, JobFace, SystemFace
from xunfang.desk.labels import Labels
from xunfang.desk.moments import moment
from xunfang.desk.releases import Releases
from xunfang.rulebook.acts import OFFICES
from xunfang.rulebook.model import Rulebook
from xunfang.rules.units import division_of, served_by
from xunfang.store.life import BACKUP, DATABASE
from xunfang.store.reading.administration import AccountView, JobView, MachineryView
from xunfang.store.reading.case_file import NoticeView

PARTS: Mapping[str, tuple[str, timedelta]] = {
    "worker": ("后台作业", timedelta(minutes=3)),
    "reconciler": ("每日核对", timedelta(hours=26)),
}
"""What gives signs of life, and after how long a silence it is taken for stopped."""

BACKED_UP_WITHIN = timedelta(hours=36)
"""A daily backup may be late by half a day."""

ALSO: Mapping[str, tuple[str, timedelta]] = {
    DATABASE: ("数据库完整性", timedelta(hours=26)),
    BACKUP: ("备份", BACKED_UP_WITHIN),
}
"""What gives signs of life once it was looked at, and is not missed before."""

_QUIET = {BACKUP: "已超过36小时没有做成完好的备份，请检查定时备份（xunfang backup）。"}

LATE = timedelta(minutes=3)

AHEAD = timedelta(minutes=5)
"""A sign from further ahead was given while the clock ran fast: of what came since it tells nothing."""


def is_quiet(last: datetime, within: timedelta, now: datetime) -> bool:
    """Return whether something has given no sign of life for too long, as far as anybody can tell."""
    return not -AHEAD <= now - last <= within


def _sight(labels: Labels, each: AccountView) -> str:
    served = served_by(labels.rulebook, each.unit) if each.division == division_of(each.unit) else ()
    return labels.sight(each.division, served)


def account_faces(accounts: Sequence[AccountView], rulebook: Rulebook, now: datetime) -> tuple[AccountFace, ...]:
    """Return the accounts of a jurisdiction for their page."""
    labels = Labels(rulebook)
    return tuple(
        AccountFace(
            id=each.id,
            login=each.login,
            name=each.name,
            unit=each.unit,
            unit_label=labels.unit(each.unit),
            sight=_sight(labels, each) if _does_casework(each, rulebook) else "不看个案",
            sees_all=each.division == rulebook.code,
            roles=each.roles,
            role_labels=tuple(labels.role(role) for role in each.roles),
            active=each.state == "active",
            locked=each.locked_until is not None and each.locked_until > now,
            version=each.version,
            signed_in_at=each.signed_in_at,
            running=each.running,
            locked_until=each.locked_until,
            bound_at=each.bound_at,
        )
        for each in accounts
    )


def _does_casework(account: AccountView, rulebook: Rulebook) -> bool:
    return any({*rulebook.roles[role].may} - OFFICES for role in account.roles if role in rulebook.roles)


def system_face(stored: MachineryView, rules: Releases, now: datetime) -> SystemFace:
    """Return how the machinery is: signs of life first, then what nobody could do."""
    return SystemFace(
        heartbeats=(*_signs(stored, now), _waiting(stored, now)),
        parked=tuple(_parked(job) for job in stored.parked),
        failed=tuple(_failed(notice, rules.labels(notice.release)) for notice in stored.failed),
        warnings=tuple(f"{problem.file}　{problem.message}" for problem in rules.in_force.warnings),
        more_parked=stored.more_parked,
    )


def _parked(job: JobView) -> JobFace:
    label = JOBS[job.kind].label if job.kind in JOBS else job.kind
    return JobFace(job.id, label, job.attempts, job.run_at, job.last_error)


def _failed(notice: NoticeView, labels: Labels) -> FailedPaper:
    return FailedPaper(notice.id, labels.notice(notice.kind), notice.error, notice.wanted_at)


def _signs(stored: MachineryView, now: datetime) -> Iterator[tuple[str, datetime | None, str, bool]]:
    """Yield a sign of life, or its absence, for every part; one that nobody named here shows under its own name."""
    beats = {beat.name: beat for beat in stored.heartbeats}
    for name in {**PARTS, **beats}:
        label, quiet = {**PARTS, **ALSO}.get(name, (name, LATE))
        beat = beats.get(name)
        if beat is None:
            yield label, None, "没有启动过，提醒和文书不会发出。请联系运维人员启动。", False
        else:
            silence = _QUIET.get(name, "已停止响应，请联系运维人员。")
            note = beat.note or (silence if is_quiet(beat.at, quiet, now) else "")
            yield label, beat.at, note, not note


def _waiting(stored: MachineryView, now: datetime) -> tuple[str, datetime | None, str, bool]:
    oldest = stored.oldest_due_at
    late = oldest is not None and now - oldest > LATE
    told = f"{stored.waiting}项" + (f"，最早的应于{moment(oldest)}执行" if late else "")
    return "到期作业", None, told, not late
