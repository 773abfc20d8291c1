"""流程: the flows of a draft, each as a picture made here and as a table that is edited."""

from typing import Any

from flask import redirect, request, url_for

from xunfang.desk.studio.flows import flow_page, flows_page, own_path
from xunfang.web.views.secure import SecureView, expose
from xunfang.web.views.studio_rules import BLOCK, desk

ID = 64


class StudioFlowsView(SecureView):
    """The flows of a draft."""

    in_menu = False
    under = "studio"

    @expose("/")
    def index(self, change_set: str) -> str:
        """List every flow."""
        return str(self.render("studio/flows.html", title="流程", page=flows_page(desk(change_set))))

    @expose("/<flow_id>")
    def show(self, change_set: str, flow_id: str) -> Any:
        """Show a flow; of one that is only begun, its file."""
        found, flow_id = desk(change_set), flow_id[:ID]
        path = own_path(found.draft.layer, flow_id)
        if flow_id not in found.named_by.flows and path in found.draft.files:
            return redirect(url_for("studio-rules.file", change_set=change_set, path=path), 303)
        page = flow_page(found, flow_id)
        at = request.args.get("at", "")[:BLOCK]
        return str(self.render("studio/flow.html", title=page.label, page=page, at=at))
