"""Tables of a paper by their columns: put together by choosing, tried on the page beside, kept in the template."""

from typing import Any

from flask import Response, make_response, redirect, request, url_for

from xunfang.actions.drafting import Edited, edit_draft
from xunfang.casework.change_sets import text_digest
from xunfang.desk.studio.faces import Drafted
from xunfang.desk.studio.paper_faces import WAYS, PaperFace, kind_of, paper_face
from xunfang.desk.studio.table_edits import Spot, arranged, placed_at, put, spot_of, typed
from xunfang.desk.studio.table_faces import table_face
from xunfang.desk.studio.table_sources import sources
from xunfang.errors import Conflict, Invalid, Refused
from xunfang.rulebook.model import Rulebook
from xunfang.rulebook.paper_tables import PaperTable, faults, told_apart, written
from xunfang.web.guard import actor, site
from xunfang.web.headers import FRAMING_POLICY
from xunfang.web.views.secure import expose
from xunfang.web.views.studio_prints import KEY, NAME, StudioPrintView

_DONE = "edit-draft"


class StudioTablesView(StudioPrintView):
    """The tables of the templates of a draft."""

    @expose("/")
    def index(self, change_set: str, kind: str) -> Any:
        """Show a table of a template by its columns, or the form of a new one."""
        draft, rules, face = self._paper(change_set, kind)
        spot = spot_of(request.args)
        table = placed_at(face.text, spot).table or PaperTable(())
        return self._page(draft, rules, face, spot, table)

    @expose("/do", methods=["POST"])
    def do(self, change_set: str, kind: str) -> Any:
        """Take one step on a table, try it, keep it or take it away; only what is kept is stored."""
        draft, rules, face = self._paper(change_set, kind)
        spot, step = spot_of(request.form), request.form.get("do", "")[:20]
        here = placed_at(face.text, spot)
        posted = {name: request.form.getlist(name) for name in request.form}
        known = sources(rules, kind_of(rules, face.id))
        table = typed(posted, known)
        if step not in ("", "drop", "try"):
            return self._page(draft, rules, face, spot, arranged(table, step, known))
        if step != "drop" and (wrong := list(faults(table))):
            return self._wrong(draft, rules, face, spot, table, wrong, tries=step == "try")
        text = put(face.text, here, "" if step == "drop" else written(table))
        if step == "try":
            return self.tried(change_set, kind, text, request.form.get("with", "")[:NAME])
        told = told_apart(None if spot.new else here.table, None if step == "drop" else table)
        try:
            self._keep(change_set, face, text, told)
        except (Conflict, Invalid) as refused:
            return self._page(draft, rules, face, spot, table, refused=refused)
        return redirect(url_for("studio-papers.show", change_set=change_set, kind=face.id, done=_DONE), 303)

    def _paper(self, change_set: str, kind: str) -> tuple[Drafted, Rulebook, PaperFace]:
        """Return a draft, the rules that say which papers there are, and the paper."""
        draft, made = self.draft(change_set)
        rules = made.rules or self.rulebook
        return draft, rules, paper_face(draft, rules, kind_of(rules, kind[:NAME]), rules.chain)

    def _keep(self, change_set: str, face: PaperFace, text: str, told: str) -> None:
        saw = request.form.get("digest", "")[:64]
        edited = Edited(text, "paper.table", f"文书“{face.label}”的表格：{told}", saw=saw)
        edit_draft(site().deployment, actor(), change_set[:KEY], face.path, lambda _: edited, site().now())

    def _wrong(
        self,
        draft: Drafted,
        rules: Rulebook,
        face: PaperFace,
        spot: Spot,
        table: PaperTable,
        wrong: list[tuple[int, str]],
        *,
        tries: bool,
    ) -> Any:
        """Say what is wrong with a table, in the frame where it was to be tried, else at each column."""
        if tries:
            place, told = wrong[0]
            return self.unprinted(f"表格还要改：{f'第{place + 1}列，' if place >= 0 else ''}{told}")
        return self._page(draft, rules, face, spot, table, wrong=wrong)

    def _page(
        self,
        draft: Drafted,
        rules: Rulebook,
        face: PaperFace,
        spot: Spot,
        table: PaperTable,
        wrong: list[tuple[int, str]] | None = None,
        refused: Refused | None = None,
    ) -> Response:
        known = sources(rules, kind_of(rules, face.id))
        told = {
            "head": draft.head, "face": face, "ways": WAYS, "refused": refused,
            "table": table_face(table, spot, known, wrong or ()),
            "digest": text_digest(face.text if face.own else ""),
        }  # fmt: skip
        page = self.render("studio/table.html", title=f"{face.label}的表格", **told)
        status = refused.status if refused else 422 if wrong else 200
        return make_response(page, status, {"Content-Security-Policy": FRAMING_POLICY})
