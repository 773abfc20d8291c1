"""Changing one's own password."""

from typing import Any

from flask import redirect, request, url_for

from xunfang.actions.signing_in import change_password
from xunfang.errors import Refused
from xunfang.web.faults import told
from xunfang.web.guard import actor, member, site, visit
from xunfang.web.views.secure import SecureView, expose


class PasswordView(SecureView):
    """The page on which a person sets a new password."""

    in_menu = False

    @expose("/")
    def page(self) -> str:
        """Show the page."""
        return self._page("")

    @expose("/", methods=["POST"])
    def change(self) -> Any:
        """Set the new password, or say why not."""
        new = request.form.get("new", "")
        if new != request.form.get("again", ""):
            return self._page("两次输入的新密码不一致。"), 422
        try:
            old, now = request.form.get("old", ""), site().now()
            change_password(site().deployment, actor(), old, new, now, visit().token)
        except Refused as refusal:
            return self._page(told(refusal)), refusal.status
        return redirect(url_for("queue.index", done="password"))

    def _page(self, problem: str) -> str:
        return str(
            self.render(
                "pages/password.html", problem=problem, must_change=member().must_change, rules=site().deployment.access
            )
        )
