"""The page of the machinery tells of the last whole backup, and when there was none for too long."""

from datetime import timedelta

from conftest import NOW, Town

from xunfang.store import transaction
from xunfang.store.life import BACKUP, beat


def _told(town: Town, ago: timedelta) -> str:
    with transaction(town.deployment.database, "") as tx:
        beat(tx, BACKUP, NOW - ago)
    return town.client("operator").get("/system/").get_data(as_text=True)


def test_the_last_backup_is_told_and_missed_after_a_day_and_a_half(town: Town) -> None:
    silent = "超过36小时没有做成完好的备份"
    fresh = _told(town, timedelta(hours=30))
    assert "备份" in fresh
    assert silent not in fresh
    assert silent in _told(town, timedelta(hours=37))
