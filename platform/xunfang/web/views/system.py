"""系统状态: signs of life, jobs that nobody could carry out, warnings in the rules."""

from datetime import UTC, datetime
from typing import Any

from flask import redirect, request, url_for

from xunfang.actions.operating import CLOCK_OF_ALL, try_again, vouch_for_clock
from xunfang.errors import Refused
from xunfang.web.guard import actor, member, site
from xunfang.web.views.secure import SecureView, expose


class SystemView(SecureView):
    """How the machinery is, for whoever operates it."""

    @expose("/")
    def index(self) -> str:
        """Show the state of the machinery."""
        now, own = site().now(), member().jurisdiction
        problems = site().deployment.rulebooks.problems.get(own, ())
        state = site().readings.system(member().actor, now)
        ailments = site().ailments(now, (own,))
        shared = CLOCK_OF_ALL if site().deployment.rulebooks.several else ""
        told = {"ailments": ailments, "problems": problems, "shared_clock": shared}
        return str(self.render("pages/system.html", state=state, **told))

    @expose("/clock", methods=["POST"])
    def vouch(self) -> Any:
        """Trust the server's clock on the word of this person."""
        shown = request.form.get("shown", "")
        if not shown.isascii() or not shown.isdigit() or len(shown) > 11:
            raise Refused("页面不完整，请刷新后再试一次。")
        vouch_for_clock(site().deployment, actor(), datetime.fromtimestamp(int(shown), UTC), site().now())
        return redirect(url_for("system.index", done="clock"), 303)

    @expose("/jobs/<job_id>/retry", methods=["POST"])
    def retry(self, job_id: str) -> Any:
        """Make a parked job ready again."""
        try_again(site().deployment, actor(), job_id, site().now())
        return redirect(url_for("system.index", done="retried"), 303)
