"""待办: what is late, what is today's, for whom, and why it is mine."""

from typing import Any

from flask import redirect, request, url_for

from xunfang.desk.faces import QueueFilter, QueuePage
from xunfang.desk.labels import Labels
from xunfang.desk.wording import today_words
from xunfang.rulebook.model import Rulebook
from xunfang.web.access import CASEWORK, access_of
from xunfang.web.guard import member, member_or_none, site
from xunfang.web.views.secure import SecureView, expose

BUCKETS = (("late", "超期"), ("today", "今日到期"), ("soon", "即将到期"), ("later", "其他在办"), ("none", "无时限"))
FIRST_PAGES = ("accounts.index", "system.index", "audit.index", "studio.index")
"""Where `/` leads those who work on no case: the three administrators, and who keeps rules, to their own page."""
STATUSES = (("open", "待签收"), ("claimed", "办理中"))


class QueueView(SecureView):
    """The first page: the queue of the person's unit."""

    def is_visible(self) -> bool:
        """Return whether the person works on cases at all."""
        return CASEWORK.allows(member_or_none())

    @expose("/")
    def index(self) -> Any:
        """Show the queue; the three administrators go to their own page instead."""
        if not CASEWORK.allows(member()):
            return self._without_cases()
        wanted = wanted_from(request.args)
        page = site().readings.queue(member().actor, wanted, site().now())
        to_meet = sum(len(each.waiting) for each in site().readings.meetings.convened(member().actor))
        words = queue_words(self.rulebook, page, wanted, "queue.index")
        return str(self.render("pages/queue.html", to_meet=to_meet, **words))

    def _without_cases(self) -> Any:
        for endpoint in FIRST_PAGES:
            if access_of(endpoint).allows(member()):
                return redirect(url_for(endpoint))
        return self.render("pages/no-cases.html", title="首页")


class SupervisionView(SecureView):
    """督办: what units below have let pass."""

    @expose("/")
    def index(self) -> str:
        """Show overdue and supervised tasks of the units below."""
        wanted = wanted_from(request.args)
        page = site().readings.supervision(member().actor, wanted, site().now())
        words = queue_words(self.rulebook, page, wanted, "supervision.index")
        return str(self.render("pages/queue.html", superior=True, **words))


def wanted_from(args: Any) -> QueueFilter:
    """Return the filter that an address names; what it names wrongly is no filter."""
    return QueueFilter(
        bucket=_one_of(args.get("bucket", ""), dict(BUCKETS)),
        status=_one_of(args.get("status", ""), dict(STATUSES)),
        urgency=args.get("urgency", "")[:64],
        unit=args.get("unit", "")[:80],
        mine=args.get("mine") == "1",
        after=args.get("after", "")[:200],
    )


def queue_words(rulebook: Rulebook, page: QueuePage, wanted: QueueFilter, endpoint: str) -> dict[str, Any]:
    """Return what the queue's template needs."""
    kept: dict[str, Any] = {
        name: value
        for name, value in (("status", wanted.status), ("urgency", wanted.urgency), ("mine", "1" * wanted.mine))
        if value
    }
    return {
        "page": page,
        "today": today_words(site().now(), rulebook.calendar),
        "wanted": wanted,
        "buckets": BUCKETS,
        "statuses": STATUSES,
        "urgencies": Labels(rulebook).choices("urgency"),
        "here": url_for(endpoint),
        "kept": kept,
        "filtered": bool(kept or wanted.bucket),
        "next_page": url_for(endpoint, bucket=wanted.bucket, after=page.next, **kept) if page.next else "",
        "bucket_links": {id: url_for(endpoint, bucket=id, **kept) for id, _ in BUCKETS},
    }


def _one_of(value: str, known: dict[str, str]) -> str:
    return value if value in known else ""
