"""A template that never ends, on the real press: the unit is told, nothing is parked, the next paper is printed."""

from dataclasses import replace

from actions.town import Town
from printing.orders import small
from xunfang.actions.papers import NoticeIssuing, NoticeOrder, print_notice
from xunfang.casework.jobs import ISSUE
from xunfang.printing import Paper, Press
from xunfang.printing.press import USUAL
from xunfang.store import Job, Notice
from xunfang.worker import Worker

ENDLESS = "{% for a in n %}" * 6 + "{% endfor %}" * 6


def test_a_paper_that_never_ends_is_told_and_the_next_is_printed(town: Town) -> None:
    press = Press(replace(USUAL, cpu=2, wall=600.0))  # by processor time: a busy machine changes nothing
    bodies = iter((ENDLESS, "<p>甲</p>"))

    def on_paper(order: NoticeOrder) -> Paper:
        return press.print_paper(small(next(bodies), {"n": list(range(400))}))

    town.worker = Worker(town.database, {ISSUE: NoticeIssuing(town.deployment, on_paper, town.now)}, town.now)
    case = town.dispatched()
    try:
        town.work_until()
        failed = town.first(Notice)
        assert (failed.status, failed.number) == ("failed", "博社救转〔2026〕1号")
        assert "超出允许的时间" in failed.error
        assert town.inbox("service-centre", "notice")[0].body == failed.error
        print_notice(town.deployment, town.actor("leader"), case, failed.task, "transfer-slip", town.at)
        town.work_until()
        assert town.first(Notice).status == "draft"  # printed now, and laid before whoever signs it
        assert not town.rows(Job, status="parked")
    finally:
        press.close()
