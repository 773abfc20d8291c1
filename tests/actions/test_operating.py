"""Upkeep: what was put in case it would be needed, and was not, does not stay for ever."""

from datetime import datetime, timedelta

import pytest

from actions.town import JURISDICTION, START, Town
from xunfang.actions import operating
from xunfang.actions.acting import acting
from xunfang.actions.deployment import machinery
from xunfang.actions.operating import CANCELLED_KEPT, forgetting_cancelled
from xunfang.actions.storing import put_jobs
from xunfang.casework import JobWanted
from xunfang.store import Job, cancel_jobs

DUE = datetime.fromisoformat("2026-09-30T17:30:00+08:00")


def _wanted(n: int) -> JobWanted:
    return JobWanted(kind="remind", key=f"remind:{n}", payload={}, run_at=DUE + timedelta(days=n), case=str(n))


def test_cancelled_jobs_are_forgotten_in_pieces_a_month_after_their_time_and_can_be_put_anew(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operating, "_IN_ONE_PIECE", 2)
    with acting(town.deployment, machinery(JURISDICTION, "试验"), START) as act:
        put_jobs(act, [_wanted(n) for n in range(6)])
        for n in range(5):
            cancel_jobs(act.tx, act.at, case=str(n))
    at = DUE + CANCELLED_KEPT + timedelta(days=2, hours=12)
    assert list(forgetting_cancelled(town.deployment, at)) == [2, 1]
    left = {job.key: job.status for job in town.rows(Job) if job.key.startswith("remind:")}
    assert left == {"remind:3": "cancelled", "remind:4": "cancelled", "remind:5": "ready"}
    assert list(forgetting_cancelled(town.deployment, at)) == [0]
    with acting(town.deployment, machinery(JURISDICTION, "试验"), START) as act:
        assert put_jobs(act, [_wanted(0), _wanted(4)]) == 2
    assert {job.status for job in town.rows(Job) if job.key in ("remind:0", "remind:4")} == {"ready"}
