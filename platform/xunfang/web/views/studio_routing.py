"""分派: the routing tables of a draft as a grid, taken out to Excel and pasted back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Response, redirect, request, url_for

from xunfang.desk.studio.block_pages import Desk
from xunfang.desk.studio.route_sheet import Pasted, pasted, workbook_of
from xunfang.desk.studio.routing import own_path, routed_of, routing_page
from xunfang.desk.studio.routing_faces import RoutingPage
from xunfang.errors import Conflict, Invalid
from xunfang.store.reading.routed import Routed
from xunfang.web.guard import member, missing, site
from xunfang.web.views.feeds import workbook
from xunfang.web.views.secure import SecureView, expose
from xunfang.web.views.studio_rules import desk, keep

_MONTHS = timedelta(days=183)
_MOST = 200_000


class StudioRoutingView(SecureView):
    """The routing tables of a draft."""

    in_menu = False
    under = "studio"

    @expose("/")
    def index(self, change_set: str) -> str:
        """Show every table with its rows, and what a check says of each."""
        return self._page(desk(change_set))

    @expose("/<table>.xlsx")
    def sheet(self, change_set: str, table: str) -> Response:
        """Give a table out as a workbook."""
        found = desk(change_set)
        page = routing_page(found, self._routed())
        known = next((each for each in page.tables if each.id == table), None)
        if known is None:
            raise missing()
        data = workbook_of(found, known, member().name, site().now())
        return workbook(f"{known.label}.xlsx", data)

    @expose("/paste", methods=["POST"])
    def paste(self, change_set: str) -> Any:
        """Show what pasted rows would change; when that was seen, let the draft say so."""
        found, table = desk(change_set), request.form.get("table", "")[:80]
        told = pasted(found, table, request.form.get("rows", "")[:_MOST])
        if request.form.get("apply") != "yes" or not told.steps:
            return self._page(found, told)
        if request.form.get("digest") != told.digest:
            return self._page(found, replace(told, refused="这张表刚被别人改过，下面已按现在的内容重新对照。")), 409
        try:
            keep(change_set, own_path(found.draft.layer), told.steps, f"粘贴分派表，改{len(told.steps)}行")
        except (Conflict, Invalid) as refused:
            return self._page(found, replace(told, refused=refused.message)), refused.status
        return redirect(url_for("studio-routing.index", change_set=change_set, done="edit-draft"), 303)

    def _page(self, found: Desk, told: Pasted | None = None) -> str:
        page: RoutingPage = routing_page(found, self._routed())
        last = site().readings.studio.latest(member().actor, page.head.id)
        words = {"page": page, "pasted": told, "at": request.args.get("at", "")[:400], "last": last}
        return str(self.render("studio/routing.html", title="分派", **words))

    def _routed(self) -> Routed:
        return routed_of(site().deployment, member().actor, site().now() - _MONTHS)
