"""收件箱: what the person and the unit have been told."""

from typing import Any

from flask import redirect, request, url_for

from xunfang.actions.reading import mark_read
from xunfang.web.guard import actor, member, site
from xunfang.web.views.secure import SecureView, expose


class InboxView(SecureView):
    """Messages, newest first."""

    @expose("/")
    def index(self) -> str:
        """Show a page of the inbox."""
        messages, after = site().readings.inbox(member(), request.args.get("after", "")[:100])
        return str(self.render("pages/inbox.html", messages=messages, after=after))

    @expose("/<message_id>/read", methods=["POST"])
    def read(self, message_id: str) -> Any:
        """Mark a message as read and go where it points."""
        mark_read(site().deployment, actor(), message_id, site().now())
        case = request.form.get("case", "")
        if case.isalnum():
            return redirect(url_for("cases.show", case_id=case), 303)
        return redirect(url_for("inbox.index"), 303)
