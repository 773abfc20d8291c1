"""期初导入: what a county that begins brings along from Excel, checked first, taken in, undone as a whole."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Response, request, url_for

from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.list_workbooks import blank, with_problems
from xunfang.actions.openings import bring, discard, hand_out_passwords, take_in, tell_columns, undo
from xunfang.desk.labels import Labels
from xunfang.desk.openings import OpeningDesk
from xunfang.errors import Conflict, Invalid, Refused, TooOften
from xunfang.rules.openings import openings_for, with_openings
from xunfang.sheets.blank import slips
from xunfang.sheets.sniffing import SheetRefused
from xunfang.web.guard import actor, member, missing, site
from xunfang.web.views.feeds import workbook
from xunfang.web.views.intake import sent_to
from xunfang.web.views.secure import SecureView, expose
from xunfang.web.views.versions import version_given

DOING: dict[str, Callable[[Deployment, Actor, str, int, datetime], None]] = {
    "discard": discard,
    "take-in": take_in,
    "undo": undo,
}
_LENGTH = 64


class OpeningsView(SecureView):
    """What a county brings along, to whoever may bring it."""

    @expose("/")
    def index(self) -> str:
        """List what may be brought, and the lists that were, newest first."""
        return self._index()

    @expose("/template/<kind>")
    def template(self, kind: str) -> Response:
        """Give out the empty workbook of one kind."""
        if kind not in openings_for(self.rulebook, member().actor.acts):
            raise missing()
        wide = with_openings(self.rulebook)
        return workbook(f"{wide.feeds[kind].label.replace('：', '-')}-模板.xlsx", blank(wide, wide.feeds[kind]))

    @expose("/bring/<kind>", methods=["POST"])
    def bring(self, kind: str) -> Any:
        """Take in a file as a list; what is no workbook is refused in words."""
        upload = request.files.get("file")
        if upload is None or not upload.filename:
            return self._index(kind, "请先选择要导入的文件。"), 422
        try:
            given = (kind, upload.filename, upload.stream.read())
            key, again = bring(site().deployment, actor(), *given, site().now())
        except (Invalid, TooOften) as refused:
            return self._index(kind, refused.message), refused.status
        done = "opening-again" if again else "opening-received"
        return sent_to(url_for("openings.show", delivery_id=key, done=done))

    @expose("/<delivery_id>")
    def show(self, delivery_id: str) -> str:
        """Show a list with what was found in it."""
        return self._shown(delivery_id)

    @expose("/<delivery_id>/columns", methods=["POST"])
    def columns(self, delivery_id: str) -> Any:
        """Take down what the columns of a list are."""
        face = _desk().one(member().actor, delivery_id, "", -1)
        told = {word: request.form.get(f"column-{place}", "")[:_LENGTH] for place, word in face.asked}
        try:
            tell_columns(site().deployment, actor(), delivery_id, version_given(), told, site().now())
        except (Invalid, Conflict) as refused:
            return self._shown(delivery_id, refused.message), refused.status
        return sent_to(url_for("openings.show", delivery_id=delivery_id, done="opening-columns"))

    @expose("/<delivery_id>/do/<verb>", methods=["POST"])
    def do(self, delivery_id: str, verb: str) -> Any:
        """Take a list back, take it in, or undo what came of it."""
        if verb not in DOING:
            raise missing()
        try:
            DOING[verb](site().deployment, actor(), delivery_id, version_given(), site().now())
        except (Invalid, Conflict) as refused:
            return self._shown(delivery_id, refused.message), refused.status
        return sent_to(url_for("openings.show", delivery_id=delivery_id, done=f"opening-{verb}"))

    @expose("/<delivery_id>/workbook")
    def workbook(self, delivery_id: str) -> Response:
        """Give the own workbook back, with a column of what is wrong or stays."""
        try:
            return workbook(*with_problems(site().deployment, actor(), delivery_id, opening=True))
        except SheetRefused as refused:
            raise Refused(str(refused), "SHEET_REFUSED") from None

    @expose("/<delivery_id>/passwords", methods=["POST"])
    def passwords(self, delivery_id: str) -> Response:
        """Hand out the first passwords of the accounts, once, to be printed and cut."""
        found = hand_out_passwords(site().deployment, actor(), delivery_id, site().now())
        labels, place = Labels(self.rulebook), self.rulebook.info.name
        rows = [(name, labels.unit(unit), login, password) for name, unit, login, password in found]
        return workbook("初始密码.xlsx", slips(f"{place}账号初始密码", ("姓名", "单位", "用户名", "初始密码"), rows))

    def _index(self, wrong: str = "", problem: str = "") -> str:
        rows, after = _desk().page(member().actor, request.args.get("after", "")[:100])
        words = {"kinds": _desk().kinds(member().actor), "rows": rows, "after": after}
        return str(self.render("pages/openings.html", **words, wrong=wrong, problem=problem))

    def _shown(self, delivery_id: str, problem: str = "") -> str:
        after, show = request.args.get("after", ""), request.args.get("show", "")[:_LENGTH]
        place = int(after) if after.isascii() and after.isdigit() and len(after) < 9 else -1
        face = _desk().one(member().actor, delivery_id, show, place)
        return str(self.render("pages/opening.html", title=face.row.label, list=face, problem=problem))


def _desk() -> OpeningDesk:
    return OpeningDesk(site().deployment)
