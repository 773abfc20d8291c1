"""The number of a paper 文号: its pieces, the next number, how far its series has come, and what a change brings."""

from typing import Any

from flask import redirect, request, url_for

from xunfang.clock import local
from xunfang.desk.studio.faces import Drafted
from xunfang.desk.studio.number_faces import Books, NumberFace, number_face, number_splice, typed_number
from xunfang.desk.studio.number_series import Numbering
from xunfang.desk.studio.paper_begun import rules_path
from xunfang.desk.studio.paper_faces import kind_of
from xunfang.errors import Conflict, Invalid
from xunfang.rulebook.model import NoticeKind
from xunfang.rulebook.number_patterns import LEADS, YEARS
from xunfang.web.guard import member, site
from xunfang.web.views.secure import expose
from xunfang.web.views.studio_prints import NAME, StudioPrintView
from xunfang.web.views.studio_rules import keep

_MOST = 300


class StudioNumbersView(StudioPrintView):
    """How the papers of a draft are numbered."""

    @expose("/")
    def index(self, change_set: str, kind: str) -> str:
        """Show how a paper is numbered."""
        draft, books, found = self._paper(change_set, kind)
        return self._page(draft, found, number_face(draft, books, found, self._numbering(books)))

    @expose("/do", methods=["POST"])
    def do(self, change_set: str, kind: str) -> Any:
        """Show what the numbers would be, or keep that; where something is to be known first, it is asked for again."""
        draft, books, found = self._paper(change_set, kind)
        posted = {name: request.form.get(name, "")[:_MOST] for name in request.form}
        now = number_face(draft, books, found, self._numbering(books))
        how = posted.get("how", "")
        try:
            number = typed_number(posted, now)
        except Invalid as invalid:
            wrong = [problem.message for problem in invalid.problems]
            return self._page(draft, found, now, wrong=wrong, given=posted), invalid.status
        face = number_face(draft, books, found, self._numbering(books, number), number, how)
        told = [each for each in face.warnings if each not in now.warnings]
        if posted.get("look") or (told and posted.get("known") != number):
            return self._page(draft, found, face, asks=bool(told) and not posted.get("look"), given=posted)
        try:
            splice = number_splice(draft, found.id, number, posted.get("digest", "")[:64])
            if number != found.number:
                said = f"文书“{found.label}”的文号：{f'改为{face.rows[0].following}的样子' if number else '不编号'}"
                keep(change_set, rules_path(draft), [splice], said)
        except (Conflict, Invalid) as refused:
            return self._page(draft, found, face, wrong=[refused.message], given=posted), refused.status
        return redirect(url_for("studio-papers.show", change_set=change_set, kind=found.id, done="edit-draft"), 303)

    def _paper(self, change_set: str, kind: str) -> tuple[Drafted, Books, NoticeKind]:
        draft, made = self.draft(change_set)
        books = Books(made.rules or self.rulebook, self.rulebook)
        return draft, books, kind_of(books.rules, kind[:NAME])

    def _numbering(self, books: Books, *numbers: str) -> Numbering:
        """Return how far every series has come this year that papers have, or would have with these numbers."""
        return site().readings.studio.numbered(member().actor, books.series(*numbers), local(site().now()).year)

    def _page(
        self,
        draft: Drafted,
        kind: NoticeKind,
        face: NumberFace,
        wrong: list[str] | None = None,
        given: dict[str, str] | None = None,
        *,
        asks: bool = False,
    ) -> str:
        told = {"head": draft.head, "kind": kind, "face": face, "wrong": wrong or (), "asks": asks}
        told |= {"given": given or {}, "years": YEARS, "leads": LEADS, "path": rules_path(draft)}
        return str(self.render("studio/number.html", title=f"{kind.label}的文号", **told))
