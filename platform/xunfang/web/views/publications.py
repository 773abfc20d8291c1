"""公示: what hangs on the boards of one's own division, who is helped now, and the sheets that are hung there."""

from typing import Any

from flask import Response, redirect, request, url_for

from xunfang.actions.printing_sheets import SHEET, ask_sheet
from xunfang.actions.printouts import PRINTED, open_printout, printouts_of
from xunfang.desk.publications import helped_facts, sheet_facts
from xunfang.web.guard import actor, member, member_or_none, site
from xunfang.web.headers import PAPER_POLICY
from xunfang.web.views.secure import SecureView, expose

_KEY = 40


class PublicationsView(SecureView):
    """What cases publish, for those who see the cases, and who is helped now."""

    def is_visible(self) -> bool:
        """Return whether the person's jurisdiction publishes anything."""
        person, readings = member_or_none(), site().readings.publications
        return person is not None and (readings.published(person.actor) or readings.lists(person.actor))

    @expose("/")
    def index(self) -> str:
        """List what was published in the person's sight, that posted last first."""
        after, show = request.args.get("after", "")[:100], request.args.get("show", "")
        current = show != "all"
        rows, after = site().readings.publications.page(member().actor, site().now(), after, current=current)
        return str(self.render("pages/publications.html", rows=rows, after=after, current=current, **self._beside()))

    def _beside(self) -> dict[str, Any]:
        lists = site().readings.publications.lists(member().actor)
        return {"lists": lists, "printed": printouts_of(site().deployment, member().actor, SHEET)}

    @expose("/helped")
    def helped(self) -> str:
        """List who is helped now, a list for each village in the person's sight."""
        rows, after = site().readings.publications.helped(member().actor, request.args.get("after", "")[:100])
        words = {"rows": rows, "after": after, **self._beside()}
        return str(self.render("pages/helped-lists.html", title="长期公示", **words))

    @expose("/helped/<helped_id>")
    def helped_list(self, helped_id: str) -> str:
        """Show a list of who is helped now, and what hung there before."""
        page = site().readings.publications.helped_list(member().actor, helped_id[:_KEY])
        return str(self.render("pages/helped-list.html", title="长期公示", page=page))

    @expose("/helped/<helped_id>/print", methods=["POST"])
    def print_helped(self, helped_id: str) -> Any:
        """Let the worker print a list of who is helped now, as it hangs in its village."""
        page = site().readings.publications.helped_list(member().actor, helped_id[:_KEY])
        facts = helped_facts(page, wide=request.form.get("paper", "") == "a3")
        told = {"count": page.row.households, "digest": page.sha256}
        ask_sheet(site().deployment, actor(), facts, told, site().now())
        return redirect(url_for("publications.helped", done="sheet", _anchor="printed"), 303)

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
        words = {"sheet": sheet, "wide": wide, "board": board[:_KEY], "where": place[:_KEY]}
        return str(self.render("pages/publication-sheet.html", title="公示单", **words))

    @expose("/sheets/<board>/<place>", methods=["POST"])
    def print(self, board: str, place: str) -> Any:
        """Let the worker print the sheet of a board; the paper lies with whoever asked for it."""
        sheet = site().readings.publications.sheet(member().actor, board[:_KEY], place[:_KEY], site().now())
        facts = sheet_facts(sheet, wide=request.form.get("paper", "") == "a3")
        told = {"board": board[:_KEY], "place": place[:_KEY], "count": len(sheet.rows)}
        ask_sheet(site().deployment, actor(), facts, told, site().now())
        return redirect(url_for("publications.index", done="sheet", _anchor="printed"), 303)

    @expose("/printed/<printed_id>.pdf")
    def printed(self, printed_id: str) -> Response:
        """Return a printed sheet of the person's own, byte for byte."""
        pdf = open_printout(site().deployment, actor(), SHEET, printed_id)
        headers = {
            "Content-Disposition": f'inline; filename="sheet-{printed_id[:12]}.pdf"',
            "Content-Security-Policy": PAPER_POLICY,
        }
        return Response(pdf, mimetype=PRINTED, headers=headers)
