"""收件箱: what the person and the unit have been told."""

from typing import Any

from flask import redirect, request, url_for

from xunfang.actions.reading import mark_all_read, mark_read
from xunfang.web.guard import actor, member, site
from xunfang.web.views.secure import SecureView, expose


class InboxView(SecureView):
    """Messages, newest first; the header of every page leads to them."""

    in_menu = False

    @expose("/")
    def index(self) -> str:
        """Show a page of the inbox, or of what the person has not read."""
        unread_only = request.args.get("show") == "unread"
        start = request.args.get("after", "")[:100]
        messages, after = site().readings.inbox(member().actor, start, unread_only=unread_only)
        return str(self.render("pages/inbox.html", messages=messages, after=after, unread_only=unread_only))

    @expose("/read", methods=["POST"])
    def read_all(self) -> Any:
        """Mark everything as read."""
        mark_all_read(site().deployment, actor(), site().now())
        return redirect(url_for("inbox.index", done="all-read"), 303)

    @expose("/<message_id>/read", methods=["POST"])
    def read(self, message_id: str) -> Any:
        """Mark a message as read and go where it points."""
        mark_read(site().deployment, actor(), message_id, site().now())
        case = request.form.get("case", "")
        if case.isalnum():
            return redirect(url_for("cases.show", case_id=case), 303)
        change_set = request.form.get("change_set", "")
        if change_set.isalnum():
            return redirect(url_for("studio.show", change_set=change_set), 303)
        return redirect(url_for("inbox.index"), 303)
