"""公示: what hangs on the boards of one's own division, and the sheets that are hung there."""

from flask import request

from xunfang.web.guard import member, member_or_none, site
from xunfang.web.views.secure import SecureView, expose

_KEY = 40


class PublicationsView(SecureView):
    """What cases publish, for those who see the cases."""

    def is_visible(self) -> bool:
        """Return whether the person's jurisdiction publishes anything."""
        person = member_or_none()
        return person is not None and site().readings.publications.published(person.actor)

    @expose("/")
    def index(self) -> str:
        """List what was published in the person's sight, that posted last first."""
        after, show = request.args.get("after", "")[:100], request.args.get("show", "")
        current = show != "all"
        rows, after = site().readings.publications.page(member().actor, site().now(), after, current=current)
        return str(self.render("pages/publications.html", rows=rows, after=after, current=current))

    @expose("/<publication_id>")
    def show(self, publication_id: str) -> str:
        """Show what was published word for word, with its proof and the objections to it."""
        page = site().readings.publications.publication(member().actor, publication_id, site().now())
        return str(self.render("pages/publication.html", title="公示", page=page))

    @expose("/sheets/<board>/<place>")
    def sheet(self, board: str, place: str) -> str:
        """Show the sheet of a board, all that hangs there now on it, ready to be printed."""
        wide = request.args.get("paper", "") == "a3"
        sheet = site().readings.publications.sheet(member().actor, board[:_KEY], place[:_KEY], site().now())
        return str(self.render("pages/publication-sheet.html", title="公示单", sheet=sheet, wide=wide))
