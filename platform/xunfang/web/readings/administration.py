"""Accounts and machinery, for the administrator."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from xunfang.rulebook.model import Rulebook
from xunfang.store.reading.administration import AccountView, MachineryView
from xunfang.web.faces import AccountFace, JobFace, SystemFace
from xunfang.web.labels import Labels
from xunfang.web.rendering import moment

QUIET = timedelta(minutes=3)
"""A worker that has been silent for so long is taken for stopped."""


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
            roles=each.roles,
            role_labels=tuple(labels.role(role) for role in each.roles),
            active=each.state == "active",
            locked=each.locked_until is not None and each.locked_until > now,
            version=each.version,
        )
        for each in accounts
    )


def system_face(stored: MachineryView, rulebook: Rulebook, now: datetime) -> SystemFace:
    """Return how the machinery is: signs of life first, then what nobody could do."""
    beats = tuple(
        (beat.name, beat.at, beat.note, now - beat.at < QUIET and not beat.note) for beat in stored.heartbeats
    )
    late = stored.oldest_due_at is not None and now - stored.oldest_due_at > QUIET
    waiting = f"{stored.waiting}项" + (f"，最早的应于{moment(stored.oldest_due_at)}执行" if late else "")
    return SystemFace(
        heartbeats=(*beats, ("待执行作业", None, waiting, not late)),
        parked=tuple(JobFace(job.id, job.kind, job.attempts, job.run_at, job.last_error) for job in stored.parked),
        warnings=tuple(f"{problem.file}　{problem.message}" for problem in rulebook.warnings),
    )
