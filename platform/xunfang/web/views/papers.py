"""文书: the papers in sight, opened as they were printed."""

from typing import Any

from flask import Response, request

from xunfang.actions.papers import open_notice
from xunfang.actions.signing import do_to_paper
from xunfang.web.guard import actor, member, site
from xunfang.web.headers import PAPER_POLICY
from xunfang.web.views.doing import asked_for, back_to_papers
from xunfang.web.views.secure import SecureView, expose


class PapersView(SecureView):
    """Papers, newest first."""

    @expose("/")
    def index(self) -> str:
        """Show a page of the papers."""
        papers, after = site().readings.papers(member().actor, request.args.get("after", "")[:100])
        return str(self.render("pages/papers.html", papers=papers, after=after))

    @expose("/<notice_id>/<verb>", methods=["POST"])
    def do(self, notice_id: str, verb: str) -> Any:
        """Do a verb to the paper, with what the page asked for."""
        do_to_paper(site().deployment, asked_for(verb, "paper", paper=notice_id), site().now())
        return back_to_papers(verb)

    @expose("/<notice_id>.pdf")
    def open(self, notice_id: str) -> Response:
        """Return a paper byte for byte; that it was opened is recorded first."""
        pdf = open_notice(site().deployment, actor(), notice_id, site().now())
        name = f"{notice_id[:12]}.pdf" if notice_id.isalnum() else "paper.pdf"
        headers = {
            "Content-Disposition": f'inline; filename="{name}"',
            "Content-Security-Policy": PAPER_POLICY,
        }
        return Response(pdf, mimetype="application/pdf", headers=headers)
