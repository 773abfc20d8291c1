"""How near a deadline is: the words a clerk reads, and the same parting of the queue as its counts."""

from datetime import timedelta

import pytest

from actions.town import MEDICAL, Town
from xunfang.clock import parse
from xunfang.desk import Readings
from xunfang.desk.due import standing
from xunfang.desk.faces import QueueFilter
from xunfang.desk.releases import Today
from xunfang.desk.wording import today_words, until_words
from xunfang.rulebook.model import Rulebook
from xunfang.store import Task, transaction

NOW = parse("2026-09-29T10:00:00+08:00")
BY_DAY = {"counted": ["2026-09-30"]}
BY_HOUR = {"counted": []}


@pytest.mark.parametrize(
    ("due_at", "told", "bucket", "words"),
    [
        ("2026-09-29T09:59", BY_DAY, "late", "已超期"),
        ("2026-09-25T17:30", BY_DAY, "late", "超期2个工作日"),
        ("2026-09-29T17:30", BY_DAY, "today", "今日17:30到期"),
        ("2026-09-30T17:30", BY_DAY, "soon", "剩余1个工作日"),
        ("2026-10-08T17:30", BY_DAY, "soon", "剩余2个工作日"),
        ("2026-10-09T17:30", BY_DAY, "later", "剩余3个工作日"),
        ("2026-10-01T23:59", BY_DAY, "soon", "剩余1个工作日"),
        ("2026-09-29T10:20", BY_HOUR, "today", "剩余20分钟"),
        ("2026-09-30T09:00", BY_HOUR, "soon", "剩余23小时"),
        ("2026-09-30T05:12", BY_HOUR, "today", "剩余19小时"),
        ("2026-09-29T05:00", BY_HOUR, "late", "超期5小时"),
        ("2026-09-25T10:00", BY_HOUR, "late", "超期4天"),
    ],
)
def test_the_words_follow_the_way_a_limit_is_counted(
    rulebook: Rulebook, due_at: str, told: dict[str, list[str]], bucket: str, words: str
) -> None:
    found = standing(Today(NOW, rulebook), parse(due_at), told)
    assert (found.bucket, found.words) == (bucket, words)


def test_without_a_deadline_nothing_presses(rulebook: Rulebook) -> None:
    assert standing(Today(NOW, rulebook), None, None).bucket == "none"


def test_a_wait_names_its_last_day_and_a_rest_day_says_so(rulebook: Rulebook) -> None:
    assert until_words(parse("2026-11-25T23:59:59")) == "2026-11-25期满，自动进入下一环节"
    assert today_words(NOW, rulebook.calendar) == "9月29日 星期二"
    assert today_words(parse("2026-10-01T09:00"), rulebook.calendar) == "10月1日 星期四，休息日"


def test_every_task_stands_under_the_heading_that_counts_it(town: Town) -> None:
    """Whatever hour of whatever day it is due: the heading's number is the number of lines below it."""
    first = town.task(town.dispatched(), MEDICAL)
    for hours in range(-30, 24 * 14, 7):
        with transaction(town.deployment.database, "") as tx:
            tx.update(Task, {"id": first.id}, {"due_at": NOW + timedelta(hours=hours)})
        page = Readings(town.deployment).queue(town.actor("doctor"), QueueFilter(), NOW)
        for bucket, count in page.counts.items():
            assert len(page.bucket(bucket)) == count, (hours, bucket)
