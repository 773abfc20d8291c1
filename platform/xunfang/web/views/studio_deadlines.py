"""期限: the limits of a draft, and the year calendar of each from any start."""

from datetime import datetime

from flask import request

from xunfang.clock import parse
from xunfang.desk.studio.deadlines import deadlines_page
from xunfang.web.guard import site
from xunfang.web.views.secure import SecureView, expose
from xunfang.web.views.studio_rules import desk


class StudioDeadlinesView(SecureView):
    """The limits of a draft."""

    in_menu = False
    under = "studio"

    @expose("/")
    def index(self, change_set: str) -> str:
        """Show every limit, and when the one that was chosen ends."""
        start, wrong = _start()
        page = deadlines_page(desk(change_set), request.args.get("limit", "")[:120], start)
        at = request.args.get("at", "")[:400]
        return str(self.render("studio/deadlines.html", title="期限", page=page, wrong=wrong, at=at))


def _start() -> tuple[datetime, str]:
    """Return the start that was chosen, else now; and what is wrong with what was typed."""
    said = request.args.get("start", "")[:20]
    try:
        found = parse(said) if said else site().now()
    except ValueError:
        return site().now(), "请选定开始的日期和时间；下面先从现在算起。"
    if not 2000 <= found.year <= 2100:
        return site().now(), "年份只算2000年到2100年；下面先从现在算起。"
    return found, ""
