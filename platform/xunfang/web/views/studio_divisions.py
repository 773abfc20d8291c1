"""区划: the places of a draft's layer, and a wizard for each thing that may become of one of them."""

from typing import Any

from flask import redirect, request, url_for

from xunfang.actions.drafting import edit_draft
from xunfang.clock import local_date
from xunfang.desk.studio.division_faces import PlanFace
from xunfang.desk.studio.division_plans import Planned, plan_face, units_at
from xunfang.desk.studio.division_steps import asked_again, change_of, edited, placed, said, still_fitting, wizard_page
from xunfang.desk.studio.divisions import Places, divisions_page, places_of
from xunfang.errors import Conflict, Invalid
from xunfang.web.guard import actor, member, site
from xunfang.web.views.secure import SecureView, expose

KEY, CODE, WORDS, NAME, MOST = 40, 15, 60, 8_000, 1_000
_MOVED = "区划表刚被别人改过，下面已按现在的内容重新算过，请看过再存。"


class StudioDivisionsView(SecureView):
    """The divisions of a draft."""

    in_menu = False
    under = "studio"

    @expose("/")
    def index(self, change_set: str) -> str:
        """Show what lies in a division, or what was sought."""
        code, sought = request.args.get("within", "")[:CODE], request.args.get("q", "").strip()[:WORDS]
        page = divisions_page(_places(change_set), code, sought)
        return str(self.render("studio/divisions.html", title="区划", page=page))

    @expose("/<code>/<how>")
    def wizard(self, change_set: str, code: str, how: str) -> str:
        """Show a wizard for a division."""
        page = wizard_page(_places(change_set), code[:CODE], how, {})
        told: dict[str, Any] = {"wrong": {}, "refused": "", "plan": None, "placed": "", "asked": ()}
        return str(self.render("studio/division.html", title=page.title, page=page, **told))

    @expose("/<code>/<how>", methods=["POST"])
    def do(self, change_set: str, code: str, how: str) -> Any:
        """Show what a change would bring; when that was seen, let the draft say so. Nothing typed is lost."""
        places, given = _places(change_set), still_fitting(_given())
        page = wizard_page(places, code[:CODE], how, given)
        told: dict[str, Any] = {"page": page, "wrong": {}, "refused": "", "plan": None, "placed": placed(given)}
        status = 200
        try:
            planned = _planned(places, page.here.code, how, given)
            told["plan"] = plan = self._plan(places, planned)
            if request.form.get("apply") == "yes" and request.form.get("seen") == plan.digest:
                self._keep(places, planned)
                within = places.now.parent(page.here.code) if how != "add" else page.here.code
                url = url_for("studio-divisions.index", change_set=change_set, within=within, done="edit-draft")
                return redirect(url, 303)
            if request.form.get("apply") == "yes":
                told["refused"], status = _MOVED, 409
        except Invalid as invalid:
            told["wrong"], status = {each.field: each.message for each in invalid.problems}, 422
        except Conflict:
            told["refused"], status = _MOVED, 409
        told["asked"] = asked_again(places, given, told["wrong"]) if told["plan"] is None else ()
        return self.render("studio/division.html", title=page.title, **told), status

    def _plan(self, places: Places, planned: Planned) -> PlanFace:
        book = self.rulebook
        units = units_at(book, places.line(planned.code).level)
        standing = site().readings.studio.standing(member().actor, planned.code, units)
        return plan_face(places, planned, standing, book, site().examining())

    def _keep(self, places: Places, planned: Planned) -> None:
        edit = planned.edit
        edit_draft(site().deployment, actor(), places.draft.head.id, edit.path, lambda _: edit.made, site().now())


def _places(change_set: str) -> Places:
    draft = site().readings.studio.drafted(member().actor, change_set[:KEY])
    return places_of(draft, local_date(site().now()))


def _given() -> dict[str, str]:
    names = list(request.form)[:MOST]
    return {name: request.form.get(name, "").strip()[:NAME] for name in names}


def _planned(places: Places, code: str, how: str, given: dict[str, str]) -> Planned:
    change = change_of(places, code, how, given)
    told = said(places, code, how, change)
    return Planned(code, how, change, told, edited(places, change, how, told))
