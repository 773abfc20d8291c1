"""改动说明: what a draft says otherwise than the rules in force, line by line, to be remarked on and signed."""

from typing import Any

from flask import redirect, request, url_for

from xunfang.actions.drafting import do_to_change_set
from xunfang.actions.printing_changes import CHANGES, ask_changes, ask_sample
from xunfang.actions.printouts import WAITING, printouts_of
from xunfang.clock import local_date
from xunfang.desk.change_papers import counts_of, paper_of_sheet
from xunfang.desk.studio.sheet import REMARK, SheetPage, sheet_of
from xunfang.errors import Invalid
from xunfang.rules.changes.marking import marked
from xunfang.web.guard import actor, member, missing, site
from xunfang.web.views.secure import SecureView, expose

KEY, LINE, WORDS = 40, 200, 1_001


class StudioSheetView(SecureView):
    """The change sheet of each change set."""

    in_menu = False
    under = "studio"

    @expose("/")
    def index(self, change_set: str) -> str:
        """Show the sheet with what was said of its lines."""
        return self._page(change_set, "", "")

    def _page(self, change_set: str, line: str, wrong: str) -> str:
        found = _found(change_set)
        printed = printouts_of(site().deployment, member().actor, CHANGES)
        busy = any(each.media_type == WAITING for each in printed)
        told = {"found": found, "marked": marked, "printed": printed, "busy": busy, "line": line, "wrong": wrong}
        counts = counts_of(found.sheet) if found.sheet else ""
        return str(self.render("studio/sheet.html", title="改动说明", head=found.page.head, counts=counts, **told))

    @expose("/remark", methods=["POST"])
    def remark(self, change_set: str) -> Any:
        """Say something of a line."""
        line, text = request.form.get("line", "")[:LINE], request.form.get("text", "")[:WORDS]
        told = {"digest": request.form.get("digest", "")[:64], "text": text, "line": line}
        try:
            do_to_change_set(site().deployment, actor(), REMARK, change_set[:KEY], site().now(), told=told)
        except Invalid as invalid:
            return self._page(change_set, line, invalid.problems[0].message), 422
        return redirect(url_for("studio-sheet.index", change_set=change_set, done=REMARK), 303)

    @expose("/print", methods=["POST"])
    def print(self, change_set: str) -> Any:
        """Let the worker print the sheet for signature."""
        found, at = _found(change_set), site().now()
        if found.sheet is None:
            raise missing()
        head, county = found.page.head, self.rulebook.info.name
        paper = paper_of_sheet(found.sheet, found.effects, county, head.title, found.page.why, at)
        told = {"title": paper["sheet"]["name"], "edition": found.sheet.after, "was_edition": found.sheet.before}
        ask_changes(site().deployment, actor(), paper, told, at)
        return _back(change_set)

    @expose("/sample", methods=["POST"])
    def sample(self, change_set: str) -> Any:
        """Let the worker print a paper from invented facts, as it is printed now and as the draft prints it."""
        found, kind = _found(change_set), request.form.get("paper", "")
        names = ("现行", "草稿")
        books = [(name, book) for name, book in zip(names, found.books or (), strict=False) if kind in book.notices]
        if not books:
            raise missing()
        for name, book in books:
            ask_sample(site().deployment, actor(), book, kind, name, site().now())
        return _back(change_set)


def _found(change_set: str) -> SheetPage:
    day = local_date(site().now())
    return sheet_of(site().deployment, member().actor, change_set[:KEY], site().examining(), day)


def _back(change_set: str) -> Any:
    return redirect(url_for("studio-sheet.index", change_set=change_set, done="changes-print", _anchor="printed"), 303)
