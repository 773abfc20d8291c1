"""部门报送: what a unit hands in as a list, the lists it handed in or was handed, and one of them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from flask import Response, request, url_for

from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.feeds import discard, hand_in_list, hand_over, take_in, tell_columns, undo
from xunfang.actions.list_workbooks import blank, with_problems
from xunfang.desk.list_readings import ListReadings
from xunfang.errors import Conflict, Invalid, Refused, TooOften
from xunfang.rules.feeds import feeds_of, feeds_to
from xunfang.sheets.sniffing import SheetRefused
from xunfang.web.guard import actor, member, member_or_none, missing, site
from xunfang.web.views.intake import sent_to
from xunfang.web.views.secure import SecureView, expose
from xunfang.web.views.versions import version_given

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOING: dict[str, Callable[[Deployment, Actor, str, int, datetime], None]] = {
    "hand-over": hand_over,
    "discard": discard,
    "take-in": take_in,
    "undo": undo,
}
_LENGTH = 64


class FeedsView(SecureView):
    """Lists that departments hand in, to whoever hands them in and to whoever gets them."""

    def is_visible(self) -> bool:
        """Return whether the person's unit hands lists in or gets any."""
        person = member_or_none()
        if person is None or not self.is_accessible():
            return False
        rulebook = site().rulebook(person.jurisdiction)
        return bool(feeds_of(rulebook, person.unit)) or bool(feeds_to(rulebook, person.unit))

    @expose("/")
    def index(self) -> str:
        """List what the unit hands in, and the lists in sight, newest first."""
        return self._index()

    @expose("/template/<feed_id>")
    def template(self, feed_id: str) -> Response:
        """Give out the empty workbook of a feed that the unit hands in."""
        rulebook = self.rulebook
        if feed_id not in feeds_of(rulebook, member().unit):
            raise missing()
        feed = rulebook.feeds[feed_id]
        return workbook(f"{feed.label}-模板.xlsx", blank(rulebook, feed))

    @expose("/hand-in/<feed_id>", methods=["POST"])
    def hand_in(self, feed_id: str) -> Any:
        """Take in a file as a list; what is no workbook is refused in words."""
        owed, upload = request.form.get("owed", "")[:_LENGTH], request.files.get("file")
        if upload is None or not upload.filename:
            return self._index(feed_id, "请先选择要报送的文件。"), 422
        try:
            given = (feed_id, owed, upload.filename, upload.stream.read())
            key, again = hand_in_list(site().deployment, actor(), *given, site().now())
        except (Invalid, TooOften) as refused:
            return self._index(feed_id, refused.message), refused.status
        return sent_to(url_for("feeds.show", delivery_id=key, done="list-again" if again else "list-received"))

    @expose("/<delivery_id>")
    def show(self, delivery_id: str) -> str:
        """Show a list with what was found in it."""
        return self._shown(delivery_id)

    @expose("/<delivery_id>/columns", methods=["POST"])
    def columns(self, delivery_id: str) -> Any:
        """Take down what the columns of a list are."""
        face = _readings().one(member().actor, delivery_id, "", -1)
        told = {word: request.form.get(f"column-{place}", "")[:_LENGTH] for place, word in face.asked}
        try:
            tell_columns(site().deployment, actor(), delivery_id, version_given(), told, site().now())
        except (Invalid, Conflict) as refused:
            return self._shown(delivery_id, refused.message), refused.status
        return sent_to(url_for("feeds.show", delivery_id=delivery_id, done="list-columns"))

    @expose("/<delivery_id>/do/<verb>", methods=["POST"])
    def do(self, delivery_id: str, verb: str) -> Any:
        """Hand a list over, take it back, take it in, or undo what came of it."""
        if verb not in DOING:
            raise missing()
        try:
            DOING[verb](site().deployment, actor(), delivery_id, version_given(), site().now())
        except (Invalid, Conflict) as refused:
            return self._shown(delivery_id, refused.message), refused.status
        return sent_to(url_for("feeds.show", delivery_id=delivery_id, done=f"list-{verb}"))

    @expose("/<delivery_id>/workbook")
    def workbook(self, delivery_id: str) -> Response:
        """Give the sender's own workbook back, with a column of what is wrong."""
        try:
            return workbook(*with_problems(site().deployment, actor(), delivery_id))
        except SheetRefused as refused:
            raise Refused(str(refused), "SHEET_REFUSED") from None

    def _index(self, feed: str = "", problem: str = "") -> str:
        person, now, after = member().actor, site().now(), request.args.get("after", "")[:100]
        rows, after = _readings().page(person, after)
        words = {
            "feeds": _readings().feeds(person, now),
            "rows": rows,
            "after": after,
            "late": _readings().late(person, now) if feeds_to(self.rulebook, person.unit) else (),
            "wrong": feed,
            "problem": problem,
        }
        return str(self.render("pages/feeds.html", **words))

    def _shown(self, delivery_id: str, problem: str = "") -> str:
        after = request.args.get("after", "")
        show = request.args.get("show", "")[:_LENGTH]
        place = int(after) if after.isascii() and after.isdigit() and len(after) < 9 else -1
        face = _readings().one(member().actor, delivery_id, show, place)
        return str(self.render("pages/feed-list.html", title=face.row.feed, list=face, problem=problem))


def _readings() -> ListReadings:
    return ListReadings(site().deployment)


def workbook(name: str, data: bytes) -> Response:
    """Return a workbook to be kept, under its name."""
    told = f"attachment; filename=list.xlsx; filename*=UTF-8''{quote(name)}"
    return Response(data, mimetype=XLSX, headers={"Content-Disposition": told, "Cache-Control": "no-store"})
