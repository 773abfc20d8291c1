"""The papers of a draft: the template's text, and beside it the very page that would be printed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Response, make_response, redirect, request, url_for

from xunfang.actions.drafting import Edited, edit_draft
from xunfang.actions.paper_trials import paper_on_case
from xunfang.actions.papers import NoticeOrder
from xunfang.casework.change_sets import MOST_TEXT, text_digest
from xunfang.clock import local_date
from xunfang.desk.studio.compiling import Compiled, compiled
from xunfang.desk.studio.faces import Drafted
from xunfang.desk.studio.paper_begun import paper_begun, rules_path
from xunfang.desk.studio.paper_cases import paper_cases
from xunfang.desk.studio.paper_faces import WAYS, kind_of, own_path, paper_face, paper_rows, sample_order
from xunfang.errors import Conflict, Invalid, Problem, Refused
from xunfang.rulebook.model import Rulebook
from xunfang.web.guard import actor, member, missing, site
from xunfang.web.headers import FRAMING_POLICY, PAPER_POLICY
from xunfang.web.views.secure import SecureView, expose
from xunfang.web.views.studio_rules import keep

KEY, NAME = 40, 64


class StudioPapersView(SecureView):
    """What papers say, edited as text."""

    in_menu = False
    under = "studio"

    @expose("/")
    def index(self, change_set: str) -> str:
        """List the kinds of paper of the draft."""
        return self._index(change_set, {})

    @expose("/begin/paper", methods=["POST"])
    def begin(self, change_set: str) -> Any:
        """Add a kind of paper as a copy of another: first its template, then the rule that asks for one."""
        draft, made = self._draft(change_set)
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
        draft, made = self._draft(change_set)
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
        _, made = self._draft(change_set)
        if made.rules is None or site().press is None:
            raise missing()
        rules, way = made.rules, request.args.get("way", "")
        return self._printed(lambda: _sample(rules, kind, way))

    @expose("/<kind>/preview", methods=["POST"])
    def preview(self, change_set: str, kind: str) -> Response:
        """Return the paper as it was typed, or what is wrong with it, for the frame beside; nothing is stored.

        It is printed from a sample, or from what a paper of a real case says: that it was looked at is recorded.
        """
        if site().press is None:
            raise missing()
        draft = site().readings.studio.drafted(member().actor, change_set[:KEY])
        if (text := request.form.get("text")) is not None:
            known = kind_of(self._draft(change_set)[1].rules or self.rulebook, kind[:NAME])
            typed = text[: MOST_TEXT + 1].replace("\r\n", "\n")
            draft = replace(draft, files={**draft.files, own_path(draft, known): typed})
        made = compiled(draft, site().examining(), local_date(site().now()))
        if made.rules is None:
            return self._unprinted("现在还不能印，先改第一处：", made.problems[:3])
        given, rules = request.form.get("with", "")[:NAME], made.rules
        if given in WAYS:
            return self._printed(lambda: _sample(rules, kind, given))
        about = (given, rules, kind[:NAME], change_set[:KEY])
        return self._printed(lambda: paper_on_case(site().deployment, actor(), *about, site().now()))

    def _printed(self, order: Callable[[], NoticeOrder]) -> Response:
        try:
            pdf = site().pressing()(order()).pdf
        except Refused as refused:
            return self._unprinted(refused.message)
        headers = {"Content-Disposition": 'inline; filename="sample.pdf"', **_framed(PAPER_POLICY)}
        return Response(pdf, mimetype="application/pdf", headers=headers)

    def _unprinted(self, said: str, problems: Sequence[Problem] = ()) -> Response:
        page = self.render("studio/unprinted.html", said=said, problems=problems)
        return make_response(page, 200, _framed(POLICY_PLAIN))

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

    def _draft(self, change_set: str) -> tuple[Drafted, Compiled]:
        draft = site().readings.studio.drafted(member().actor, change_set[:KEY])
        return draft, compiled(draft, site().examining(), local_date(site().now()))

    def _page(self, change_set: str, kind: str, typed: str | None = None, refused: Refused | None = None) -> Any:
        """Show a paper; of a draft that does not compile, the rules in force say which papers there are."""
        draft, made = self._draft(change_set)
        rules = made.rules or self.rulebook
        found = kind_of(rules, kind[:NAME])
        face = paper_face(draft, rules, found, rules.chain)
        way = request.args.get("way", "usual")
        told = {
            "head": draft.head, "face": face, "way": way if way in WAYS else "usual", "ways": WAYS, "typed": typed,
            "refused": refused, "problems": made.problems, "digest": text_digest(face.text if face.own else ""),
            "begins": face.own or request.args.get("own") == "yes" or typed is not None,
            "cases": paper_cases(site().deployment, member().actor, found.id),
        }  # fmt: skip
        page = self.render("studio/paper.html", title=face.label, **told)
        return make_response(page, refused.status if refused else 200, {"Content-Security-Policy": FRAMING_POLICY})


def _by_field(refused: Conflict | Invalid) -> dict[str, str]:
    if isinstance(refused, Invalid):
        return {problem.field: problem.message for problem in refused.problems}
    return {"": refused.message}


def _sample(rules: Rulebook, kind: str, way: str) -> NoticeOrder:
    return sample_order(rules, kind_of(rules, kind[:NAME]), way if way in WAYS else "usual")


POLICY_PLAIN = "default-src 'none'; style-src 'self'; frame-ancestors 'self'"


def _framed(policy: str) -> dict[str, str]:
    """Return the headers of what may stand in a frame of this site, and nowhere else."""
    own = policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    return {"Content-Security-Policy": own, "X-Frame-Options": "SAMEORIGIN"}
