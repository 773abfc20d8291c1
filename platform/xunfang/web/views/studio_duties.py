"""年度任务: the duties of a draft over the coming year."""

from flask import request

from xunfang.clock import local_date
from xunfang.desk.studio.duties_year import duties_page
from xunfang.web.guard import site
from xunfang.web.views.secure import SecureView, expose
from xunfang.web.views.studio_rules import BLOCK, desk

ID = 64


class StudioDutiesView(SecureView):
    """The duties of a draft."""

    in_menu = False
    under = "studio"

    @expose("/")
    def index(self, change_set: str) -> str:
        """Show every duty month by month."""
        page = duties_page(desk(change_set), local_date(site().now()), request.args.get("unit", "")[:ID])
        at = request.args.get("at", "")[:BLOCK]
        return str(self.render("studio/duties.html", title="年度任务", page=page, at=at))
