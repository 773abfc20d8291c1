"""规则修改: change sets of the rules of one's own layer, drafted, tried, reviewed by a colleague, put in force."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from flask import Response, redirect, request, url_for

from xunfang.actions.drafting import Edited, do_to_change_set, edit_draft, open_change_set
from xunfang.actions.rebasing import rebase_change_set
from xunfang.actions.rule_packages import MOST_BYTES, package_of, take_package
from xunfang.actions.rule_publishing import publish_change_set
from xunfang.actions.trying import try_draft
from xunfang.casework.change_sets import MOST_TEXT
from xunfang.clock import local_date, parse
from xunfang.desk.studio.files import file_label
from xunfang.errors import Conflict, FieldProblem, Invalid, Refused, RulebookError
from xunfang.rulebook.policy_texts import clause_words
from xunfang.web.guard import actor, member, missing, site
from xunfang.web.views.secure import SecureView, expose
from xunfang.web.views.versions import reason_given, version_given

KEY, PATH = 40, 200
_UNDONE_ON = {"routing": "studio-routing.index", "clauses": "studio-clauses.index"}
"""Pages of one kind of rule on which the latest edit can be taken back."""
MONTHS = ("6", "3", "9", "12")
"""Over how many months reports are replayed, at first the usual."""
_PLAIN = (
    "describe-change-set", "submit-change-set", "approve-change-set", "return-change-set", "comment-change-set",
    "withdraw-change-set", "unschedule-change-set",
)  # fmt: skip


class StudioView(SecureView):
    """The change sets of the person's jurisdiction, and each of them."""

    @expose("/")
    def index(self) -> str:
        """Show where the rules are kept, and a page of the change sets."""
        page = site().readings.studio.first(member().actor, request.args.get("after", "")[:100])
        case = request.args.get("case", "")[:KEY]
        return str(self.render("studio/index.html", page=page, wrong={}, given={}, case=case))

    @expose("/begin/change-set", methods=["POST"])
    def begin(self) -> Any:
        """Open a change set; whatever is wrong, the page comes back with everything typed."""
        given, case = self._words(), request.form.get("case", "")[:KEY]
        try:
            told = _told(given, self.rulebook.clauses)
            key = open_change_set(site().deployment, actor(), told, site().now())
        except Invalid as invalid:
            page = site().readings.studio.first(member().actor, "")
            return self.render("studio/index.html", page=page, wrong=_by_field(invalid), given=given, case=case), 422
        if case:
            return redirect(url_for("studio-try.index", change_set=key, case=case, done="open-change-set"), 303)
        return redirect(url_for("studio.show", change_set=key, done="open-change-set"), 303)

    @expose("/begin/package", methods=["POST"])
    def take(self) -> Any:
        """Make a change set of a package from another installation."""
        file = request.files.get("package")
        data = file.read(MOST_BYTES + 1) if file else b""
        try:
            key = take_package(site().deployment, actor(), data, site().now())
        except Invalid as invalid:
            page = site().readings.studio.first(member().actor, "")
            return self.render("studio/index.html", page=page, wrong=_by_field(invalid), given={}, case=""), 422
        return redirect(url_for("studio.show", change_set=key, done="open-change-set"), 303)

    @expose("/<change_set>/package.zip")
    def package(self, change_set: str) -> Response:
        """Return a change set as a package; that it was taken along is recorded."""
        data = package_of(site().deployment, actor(), change_set[:KEY], site().now())
        name = f'attachment; filename="changes-{change_set[:12]}.zip"'
        return Response(data, mimetype="application/zip", headers={"Content-Disposition": name})

    @expose("/<change_set>")
    def show(self, change_set: str) -> Any:
        """Show one change set: what it changes, its gates, and the one thing to do next."""
        if change_set == "versions":  # the list of releases, asked for without its last slash
            return redirect(url_for("versions.index"), 308)
        return self._page(change_set, {})

    @expose("/<change_set>/try", methods=["POST"])
    def attempt(self, change_set: str) -> Any:
        """Try the draft at every gate."""
        months = given if (given := request.form.get("months", "")) in MONTHS else MONTHS[0]
        try_draft(site().deployment, site().examining(), actor(), change_set[:KEY], site().now(), int(months))
        return redirect(url_for("studio.show", change_set=change_set, _anchor="gates"), 303)

    @expose("/<change_set>/undo", methods=["POST"])
    def undo(self, change_set: str) -> Any:
        """Take the latest edit back."""
        told = {"edit": request.form.get("edit", "")[:KEY]}
        do_to_change_set(site().deployment, actor(), "undo-edit", change_set[:KEY], site().now(), told=told)
        back = _UNDONE_ON.get(request.form.get("back", ""), "studio.show")
        return redirect(url_for(back, change_set=change_set, done="undo-edit"), 303)

    @expose("/<change_set>/rebase", methods=["POST"])
    def rebase(self, change_set: str) -> Any:
        """Put the draft on the release in force."""
        rebase_change_set(site().deployment, actor(), change_set[:KEY], site().now())
        return redirect(url_for("studio.show", change_set=change_set, done="rebase-change-set"), 303)

    @expose("/<change_set>/publish", methods=["POST"])
    def publish(self, change_set: str) -> Any:
        """Put the approved draft in force now, or plan it for a moment to come."""
        now, version = site().now(), version_given()
        takes_over = request.form.get("takes_over") == "yes"
        try:
            if moment := self._moment():
                told = {"moment": moment}
                verb = "schedule-change-set"
                do_to_change_set(site().deployment, actor(), verb, change_set[:KEY], now, version=version, told=told)
                return redirect(url_for("studio.show", change_set=change_set, done=verb), 303)
            release = publish_change_set(
                site().deployment, actor(), change_set[:KEY], now, version=version, takes_over=takes_over
            )
        except (Invalid, RulebookError) as error:
            return self._page(change_set, {"publish": _sentence(error)}), 422
        verb = "publish-change-set" if release else "hand-on-change-set"
        return redirect(url_for("studio.show", change_set=change_set, done=verb), 303)

    def _moment(self) -> datetime | None:
        """Return the moment that was chosen, None for now; raises Invalid for what is none."""
        if request.form.get("when") != "later":
            return None
        try:
            return parse(request.form.get("moment", "")[:20])
        except ValueError:
            raise Invalid([FieldProblem("moment", "请选定生效的日期和时间。", "FIELD_MISSING")], "没有安排。") from None

    @expose("/<change_set>/do/<verb>", methods=["POST"])
    def do(self, change_set: str, verb: str) -> Any:
        """Hand a change set in, approve or return it, describe it anew, comment on it, or give it up."""
        if verb not in _PLAIN:
            raise missing()
        told = self._described(change_set) if verb == "describe-change-set" else self._said()
        version = 0 if verb == "comment-change-set" else version_given()
        try:
            do_to_change_set(
                site().deployment, actor(), verb, change_set[:KEY], site().now(), version=version,
                reason=reason_given(), told=told,
            )  # fmt: skip
        except Invalid as invalid:
            return self._page(change_set, {verb: _sentence(invalid)}), 422
        return redirect(url_for("studio.show", change_set=change_set, done=verb), 303)

    def _said(self) -> Mapping[str, Any]:
        given = request.form
        return {
            "digest": given.get("digest", "")[:64],
            "text": given.get("text", "")[:1_001],
            "line": given.get("line", "")[:200],
        }

    def _words(self) -> dict[str, str]:
        return {name: request.form.get(name, "").strip()[:2_001] for name in ("title", "why", "cites")}

    def _described(self, change_set: str) -> dict[str, Any]:
        """Return what was typed; the clauses may be those that the draft itself adds."""
        draft = site().readings.studio.drafted(member().actor, change_set[:KEY])
        return _told(self._words(), clause_words(draft.files))

    def _page(self, change_set: str, wrong: Mapping[str, str]) -> str:
        page = site().readings.studio.one(member().actor, change_set[:KEY])
        return str(self.render("studio/change-set.html", title=page.head.title, page=page, wrong=wrong))

    @expose("/<change_set>/files")
    def files(self, change_set: str) -> str:
        """List the files of the draft, by layer."""
        head, found = site().readings.studio.files(member().actor, change_set[:KEY])
        return str(self.render("studio/files.html", head=head, layers=found))

    @expose("/<change_set>/text")
    def text(self, change_set: str) -> str:
        """Show one file as text, with what a check finds in it."""
        return self._text(change_set, request.args.get("path", "")[:PATH])

    @expose("/<change_set>/write", methods=["POST"])
    def write(self, change_set: str) -> Any:
        """Keep a file as it was typed; where a colleague was first, both texts are shown and nothing is lost."""
        path, given = request.form.get("path", "")[:PATH], request.form.get("text", "")[: MOST_TEXT + 1]
        text = given.replace("\r\n", "\n")
        saw, gone = request.form.get("digest", "")[:64], request.form.get("gone") == "yes"
        said = f"{'删去' if gone else '改写'}“{file_label(path, text)}”" if path.count("/") >= 2 else path
        edited = Edited("" if gone else text, "text.remove" if gone else "text.write", said, gone, saw)
        try:
            edit_draft(site().deployment, actor(), change_set[:KEY], path, lambda _: edited, site().now())
        except (Conflict, Invalid) as refused:
            return self._text(change_set, path, typed=text, refused=refused), refused.status
        if gone:
            return redirect(url_for("studio.files", change_set=change_set, done="edit-draft"), 303)
        return redirect(url_for("studio.text", change_set=change_set, path=path, done="edit-draft"), 303)

    def _text(self, change_set: str, path: str, typed: str | None = None, refused: Refused | None = None) -> str:
        day = local_date(site().now())
        page = site().readings.studio.text(member().actor, change_set[:KEY], path, site().examining(), day)
        told = {"page": page, "typed": typed, "refused": refused, "title": page.file.label}
        return str(self.render("studio/text.html", **told))


def _told(given: Mapping[str, str], clauses: Collection[str]) -> dict[str, Any]:
    """Return what was typed with the clauses looked up; raises Invalid for one that there is not."""
    cites = given["cites"].replace("，", " ").replace("、", " ").replace(",", " ").split()
    if unknown := [clause for clause in cites if clause not in clauses]:
        told = f"没有编号为“{unknown[0]}”的条款；要先在“条款”页里写上。"
        raise Invalid([FieldProblem("cites", told)], "没有保存。")
    return {**given, "cites": cites}


def _by_field(invalid: Invalid) -> dict[str, str]:
    return {problem.field: problem.message for problem in invalid.problems}


def _sentence(error: Invalid | RulebookError) -> str:
    """Return what is wrong in one sentence."""
    if isinstance(error, RulebookError):
        return f"没有发布：改动会使下列规则不能用。{error.problems[0]}"
    return " ".join(problem.message for problem in error.problems)
