"""徽标: the marks that a layer puts on its papers, taken in only as what can be looked at, put in and taken away."""

from typing import Any

from flask import Response, redirect, request, url_for

from xunfang.actions.drafting import Edited, edit_draft
from xunfang.casework.change_sets import text_digest
from xunfang.desk.studio import logo_faces as logos
from xunfang.desk.studio.faces import Drafted
from xunfang.desk.studio.paper_faces import kind_of, paper_face
from xunfang.errors import Conflict, FieldProblem, Invalid
from xunfang.photos import UnreadableError, mark
from xunfang.rulebook.logos import MOST_PICTURE, MOST_PIXELS, Logo, LogoRefused, drawn, logo_path, pictured
from xunfang.rulebook.model import Rulebook
from xunfang.web.guard import actor, missing, site
from xunfang.web.views.secure import expose
from xunfang.web.views.studio_prints import KEY, NAME, StudioPrintView

_PICTURE_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox"
_MOST_DRAWING = 400_000
_HOW = ("set", "words", "remove")


class StudioLogosView(StudioPrintView):
    """The logos of a draft."""

    @expose("/")
    def index(self, change_set: str) -> str:
        """List the logos that papers may carry."""
        return self._page(change_set)

    @expose("/<logo>.svg")
    def picture(self, change_set: str, logo: str) -> Response:
        """Return a logo to be looked at: nothing in it can do anything, and nothing may."""
        draft, rules = self._draft_and_rules(change_set)
        text = logos.logo_text(draft, rules.chain, logo[:NAME])
        headers = {"Content-Security-Policy": _PICTURE_POLICY, "Content-Disposition": "inline"}
        return Response(text, mimetype="image/svg+xml", headers=headers)

    @expose("/add", methods=["POST"])
    def add(self, change_set: str) -> Any:
        """Take in a new logo."""
        draft, rules = self._draft_and_rules(change_set)
        try:
            name = logos.new_name(draft, rules.chain, request.form.get("name", "").strip()[:NAME])
            made = logos.kept(_uploaded(logos.words_for(request.form.get("alt", ""))), new=True, saw=text_digest(""))
            self._keep(change_set, logo_path(draft.layer, name), made)
        except (Conflict, Invalid) as refused:
            return self._page(change_set, {"new": refused.message}), refused.status
        return redirect(url_for("studio-logos.index", change_set=change_set, done="edit-draft"), 303)

    @expose("/<logo>/<how>", methods=["POST"])
    def do(self, change_set: str, logo: str, how: str) -> Any:
        """Put another picture in the place of a logo, tell otherwise what it shows, or take it away."""
        draft, rules = self._draft_and_rules(change_set)
        found = next((each for each in logos.logo_faces(draft, rules) if each.name == logo[:NAME]), None)
        if found is None or how not in _HOW:
            raise missing()
        path, saw = logo_path(draft.layer, found.name), request.form.get("digest", "")[:64]
        try:
            self._keep(change_set, path, self._edited(draft, found, how, saw))
        except (Conflict, Invalid) as refused:
            return self._page(change_set, {found.name: refused.message}), refused.status
        return redirect(url_for("studio-logos.index", change_set=change_set, done="edit-draft"), 303)

    def _edited(self, draft: Drafted, found: logos.LogoFace, how: str, saw: str) -> Edited:
        """Return an edit of a logo; one of a layer above is only covered by a picture of the layer's own."""
        if how == "set":
            alt = logos.words_for(request.form.get("alt", "") or found.alt)
            return logos.kept(_uploaded(alt), new=not found.own, saw=saw if found.own else text_digest(""))
        if not found.own:
            raise missing()
        if how == "words":
            text = draft.files[logo_path(draft.layer, found.name)]
            return logos.reworded_edit(text, logos.words_for(request.form.get("alt", "")), saw)
        return logos.removed(found, saw)

    @expose("/on/<kind>", methods=["POST"])
    def put(self, change_set: str, kind: str) -> Any:
        """Put a logo into a template, have one in it another way, or take it out; a faulty request says so."""
        draft, rules = self._draft_and_rules(change_set)
        found = kind_of(rules, kind[:NAME])
        face = paper_face(draft, rules, found, rules.chain)
        back = "studio-papers.show"
        try:
            text, said = self._put(draft, rules, face.text)
            told = f"文书“{face.label}”的徽标：{said}"
            made = Edited(text, "paper.logo", told, saw=request.form.get("digest", "")[:64])
            self._keep(change_set, face.path, made)
        except (Conflict, Invalid) as refused:
            return self._page(change_set, {"on": f"没有放进文书“{face.label}”：{refused.message}"}), refused.status
        return redirect(url_for(back, change_set=change_set, kind=found.id, done="edit-draft"), 303)

    def _put(self, draft: Drafted, rules: Rulebook, text: str) -> tuple[str, str]:
        """Return a template with its logo as asked, and what was done."""
        nth, how = request.form.get("nth", ""), request.form.get("do", "")
        if nth.isdecimal() and len(nth) < 4 and how == "drop":
            return logos.with_other_logo(text, int(nth), ""), "去掉一个"
        known = {each.name: each.alt for each in logos.logo_faces(draft, rules) if not each.problem}
        if (name := request.form.get("logo", "")) not in known:
            raise Invalid([FieldProblem("logo", "请选一个徽标。")], "请选一个徽标。")
        width, align = request.form.get("width", "").strip()[:6], request.form.get("align", "")
        tag, side = logos.logo_tag(name, width, align), logos.ALIGNED.get(align, "靠左")
        if nth.isdecimal() and len(nth) < 4:
            return logos.with_other_logo(text, int(nth), tag), f"“{known[name]}”改为宽{width}毫米，{side}"
        where = request.form.get("where", "")[:NAME]
        return logos.with_logo(draft.files, text, where, tag), f"放进“{known[name]}”，宽{width}毫米，{side}"

    def _draft_and_rules(self, change_set: str) -> tuple[Drafted, Rulebook]:
        draft, made = self.draft(change_set)
        return draft, made.rules or self.rulebook

    def _keep(self, change_set: str, path: str, made: Edited) -> None:
        edit_draft(site().deployment, actor(), change_set[:KEY], path, lambda _: made, site().now())

    def _page(self, change_set: str, wrong: dict[str, str] | None = None) -> str:
        draft, rules = self._draft_and_rules(change_set)
        told = {"head": draft.head, "logos": logos.logo_faces(draft, rules), "wrong": wrong or {}}
        return str(self.render("studio/logos.html", title="徽标", given=request.form, **told))


def _uploaded(alt: str) -> Logo:
    """Return the logo that was sent: a drawing with nothing but shapes, or a picture made anew. Raises Invalid."""
    upload = request.files.get("file")
    data = upload.stream.read() if upload else b""
    if not data:
        raise Invalid([FieldProblem("file", "请选一个图形文件。")], "请选一个图形文件（SVG、PNG、JPG）。")
    try:
        if _is_drawing(data):
            return drawn(_decoded(data), alt)
        found = mark(data, MOST_PIXELS, MOST_PICTURE * 9 // 10)
        return pictured(found.data, found.kind, found.width, found.height, alt)
    except (LogoRefused, UnreadableError) as refused:
        raise Invalid([FieldProblem("file", str(refused))], str(refused)) from None


def _is_drawing(data: bytes) -> bool:
    return data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"


def _decoded(data: bytes) -> str:
    if len(data) > _MOST_DRAWING:
        raise LogoRefused(f"文件超过{_MOST_DRAWING // 1000} kB。请简化，或者改用PNG图片。")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise LogoRefused("这个SVG文件不是UTF-8编码。请重新导出。") from None
