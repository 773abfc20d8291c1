"""系统状态: signs of life, jobs that nobody could carry out, warnings in the rules."""

from xunfang.web.guard import member, site
from xunfang.web.views.secure import SecureView, expose


class SystemView(SecureView):
    """How the machinery is, for the administrator."""

    @expose("/")
    def index(self) -> str:
        """Show the state of the machinery."""
        return str(self.render("pages/system.html", state=site().readings.system(member(), site().now())))
