"""The papers of a draft: the template's text, and beside it the very page that would be printed."""

from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, redirect, request, url_for

from xunfang.actions.drafting import Edited, edit_draft
from xunfang.casework.change_sets import MOST_TEXT, text_digest
from xunfang.clock import local
from xunfang.desk.studio.logo_faces import ALIGNED, logos_face
from xunfang.desk.studio.number_faces import NumberLine, number_line
from xunfang.desk.studio.number_series import series_seen
from xunfang.desk.studio.paper_begun import paper_begun, rules_path
from xunfang.desk.studio.paper_cases import paper_cases
from xunfang.desk.studio.paper_faces import WAYS, kind_of, paper_face, paper_rows
from xunfang.desk.studio.table_faces import tables_face
from xunfang.errors import Conflict, Invalid, Refused
from xunfang.rulebook.model import NoticeKind, Rulebook
from xunfang.web.guard import actor, member, missing, site
from xunfang.web.headers import FRAMING_POLICY
from xunfang.web.views.secure import expose
from xunfang.web.views.studio_prints import KEY, NAME, StudioPrintView, sample
from xunfang.web.views.studio_rules import keep


class StudioPapersView(StudioPrintView):
    """What papers say, edited as text."""

    @expose("/")
    def index(self, change_set: str) -> str:
        """List the kinds of paper of the draft."""
        return self._index(change_set, {})

    @expose("/begin/paper", methods=["POST"])
    def begin(self, change_set: str) -> Any:
        """Add a kind of paper as a copy of another: first its template, then the rule that asks for one."""
        draft, made = self.draft(change_set)
        model, label, number = (request.form.get(name, "").strip()[:100] for name in ("model", "label", "number"))
        if made.rules is None:
            return self._index(change_set, {}), 422
        try:
            kind, text, rule = paper_begun(draft, made.rules, model, label, number)
            made_by = Edited(text, "paper.add", f"新增文书“{label}”的模板", saw=None)
            path, rules = f"templates/{draft.layer}/{kind}.html", rules_path(draft)
            edit_draft(site().deployment, actor(), change_set[:KEY], path, lambda _: made_by, site().now())
            keep(change_set, rules, [rule], f"新增文书“{label}”")
        except (Conflict, Invalid) as refused:
            return self._index(change_set, _by_field(refused)), refused.status
        return redirect(url_for("studio-papers.show", change_set=change_set, kind=kind, done="edit-draft"), 303)

    def _index(self, change_set: str, wrong: Mapping[str, str]) -> str:
        draft, made = self.draft(change_set)
        rows = paper_rows(draft, made.rules) if made.rules else []
        told = {"head": draft.head, "rows": rows, "problems": made.problems, "wrong": wrong, "given": request.form}
        return str(self.render("studio/papers.html", title="文书", **told))

    @expose("/<kind>")
    def show(self, change_set: str, kind: str) -> Any:
        """Show a template beside its page."""
        return self._page(change_set, kind)

    @expose("/<kind>/sample.pdf")
    def sample(self, change_set: str, kind: str) -> Response:
        """Return a sample of the paper as the draft has it, in a frame of this site's own pages."""
        _, made = self.draft(change_set)
        if made.rules is None or site().press is None:
            raise missing()
        rules, way = made.rules, request.args.get("way", "")
        return self.printed(lambda: sample(rules, kind, way))

    @expose("/<kind>/preview", methods=["POST"])
    def preview(self, change_set: str, kind: str) -> Response:
        """Return the paper as it was typed, or what is wrong with it, for the frame beside; nothing is stored."""
        return self.tried(change_set, kind, request.form.get("text"), request.form.get("with", "")[:NAME])

    @expose("/<kind>/write", methods=["POST"])
    def write(self, change_set: str, kind: str) -> Any:
        """Keep a template as it was typed; where a colleague was first, both texts are shown."""
        path, text = request.form.get("path", "")[:200], request.form.get("text", "")[: MOST_TEXT + 1]
        text, saw = text.replace("\r\n", "\n"), request.form.get("digest", "")[:64]
        edited = Edited(text, "paper.write", f"改写文书“{request.form.get('label', '')[:80]}”的模板", saw=saw)
        try:
            edit_draft(site().deployment, actor(), change_set[:KEY], path, lambda _: edited, site().now())
        except (Conflict, Invalid) as refused:
            return self._page(change_set, kind, typed=text, refused=refused)
        return redirect(url_for("studio-papers.show", change_set=change_set, kind=kind, done="edit-draft"), 303)

    def _page(self, change_set: str, kind: str, typed: str | None = None, refused: Refused | None = None) -> Any:
        """Show a paper; of a draft that does not compile, the rules in force say which papers there are."""
        draft, made = self.draft(change_set)
        rules = made.rules or self.rulebook
        found = kind_of(rules, kind[:NAME])
        face = paper_face(draft, rules, found, rules.chain)
        way = request.args.get("way", "usual")
        told = {
            "head": draft.head, "face": face, "way": way if way in WAYS else "usual", "ways": WAYS, "typed": typed,
            "refused": refused, "problems": made.problems, "digest": text_digest(face.text if face.own else ""),
            "begins": face.own or request.args.get("own") == "yes" or typed is not None,
            "cases": paper_cases(site().deployment, member().actor, found.id),
            "tables": tables_face(rules, found, face.text), "number": self._number(rules, found),
            "logos": logos_face(draft, rules, found, face.text), "sides": ALIGNED,
        }  # fmt: skip
        page = self.render("studio/paper.html", title=face.label, **told)
        return make_response(page, refused.status if refused else 200, {"Content-Security-Policy": FRAMING_POLICY})

    def _number(self, rules: Rulebook, kind: NoticeKind) -> NumberLine:
        series, year = series_seen(kind.number, rules, kind), local(site().now()).year
        return number_line(rules, kind, site().readings.studio.numbered(member().actor, series, year))


def _by_field(refused: Conflict | Invalid) -> dict[str, str]:
    if isinstance(refused, Invalid):
        return {problem.field: problem.message for problem in refused.problems}
    return {"": refused.message}
