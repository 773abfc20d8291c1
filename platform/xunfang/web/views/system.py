"""系统状态: signs of life, jobs that nobody could carry out, warnings in the rules."""

from typing import Any

from flask import redirect, url_for

from xunfang.actions.operating import try_again
from xunfang.web.guard import actor, member, site
from xunfang.web.views.secure import SecureView, expose


class SystemView(SecureView):
    """How the machinery is, for whoever operates it."""

    @expose("/")
    def index(self) -> str:
        """Show the state of the machinery."""
        problems = site().deployment.rulebooks.problems.get(member().jurisdiction, ())
        state = site().readings.system(member(), site().now())
        return str(self.render("pages/system.html", state=state, concerns=site().concerns(), problems=problems))

    @expose("/jobs/<job_id>/retry", methods=["POST"])
    def retry(self, job_id: str) -> Any:
        """Make a parked job ready again."""
        try_again(site().deployment, actor(), job_id, site().now())
        return redirect(url_for("system.index", done="retried"), 303)
