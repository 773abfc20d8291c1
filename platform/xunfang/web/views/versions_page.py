"""规则版本: the releases of a county, what parts two of them, moving open cases, going back to an earlier one."""

from typing import Any

from flask import Response, redirect, request, url_for

from xunfang.actions.moving import Move
from xunfang.actions.moving_many import ask_move
from xunfang.actions.printing_changes import CHANGES, ask_changes, ask_sample
from xunfang.actions.printouts import PRINTED, open_printout, printouts_of
from xunfang.actions.publishing import roll_back
from xunfang.desk.change_papers import counts_of, paper_of_sheet
from xunfang.desk.versions import MOST_SHOWN, NEWEST, VersionsDesk
from xunfang.errors import NotFound, Refused
from xunfang.rules.changes.marking import marked
from xunfang.store.reading.paging import PAGE_LENGTH
from xunfang.web.guard import actor, member, site
from xunfang.web.headers import PAPER_POLICY
from xunfang.web.views.secure import SecureView, expose
from xunfang.web.views.versions import reason_given

MOST_LINES = 200
"""So many lines of one kind are shown at first: a whole table of divisions would bury all else."""


class VersionsView(SecureView):
    """Releases of the person's county."""

    @expose("/")
    def index(self) -> str:
        """List the releases, newest first."""
        desk, below = _desk(), _chosen("below") or NEWEST
        rows, moves = desk.versions(member().actor, below), desk.moves(member().actor)
        printed, failed = _printed(), desk.failed(member().actor)
        busy = any(each.running for each in moves) or _busy(printed)
        told: dict[str, Any] = {
            "rows": rows[:PAGE_LENGTH],
            "next": rows[PAGE_LENGTH:],
            "current": desk.current(member().actor),
        }
        told |= {"standing": desk.standing(member().actor), "first": below == NEWEST}
        told |= {"moves": moves, "printed": printed, "failed": failed, "busy": busy}
        return str(self.render("pages/versions.html", may_review=member().may("review-rules"), **told))

    @expose("/choose")
    def choose(self) -> Any:
        """Lead to two releases that were chosen from the list: side by side, or to move cases between them."""
        old, new = _chosen("old"), _chosen("new")
        if not old or not new:
            return redirect(url_for("versions.index"), 303)
        if request.args.get("move") == "1":
            return redirect(url_for("versions.move", was=old, to=new, back=request.args.get("back")), 303)
        return redirect(url_for("versions.compare", old=old, new=new), 303)

    @expose("/<int:old>/<int:new>")
    def compare(self, old: int, new: int) -> str:
        """Show the change sheet between two releases."""
        found, printed = _desk().compared(member().actor, old, new), _printed()
        most = None if request.args.get("all") == "1" else MOST_LINES
        told = {"found": found, "counts": counts_of(found.sheet), "marked": marked, "most_lines": most}
        told |= {"printed": printed, "busy": _busy(printed)}
        return str(self.render("pages/versions_compare.html", title="改动说明", **told))

    @expose("/<int:old>/<int:new>/print", methods=["POST"])
    def print(self, old: int, new: int) -> Any:
        """Let the worker print the change sheet between two releases."""
        found, at = _desk().compared(member().actor, old, new), site().now()
        paper = paper_of_sheet(found.sheet, found.effects, self.rulebook.info.name, "", "", at)
        told = {"title": paper["sheet"]["name"], "edition": found.new.label, "was_edition": found.old.label}
        ask_changes(site().deployment, actor(), paper, told, at)
        return redirect(url_for("versions.compare", old=old, new=new, done="changes-print", _anchor="printed"), 303)

    @expose("/<int:old>/<int:new>/sample", methods=["POST"])
    def sample(self, old: int, new: int) -> Any:
        """Let the worker print a paper from invented facts, as each of two releases prints it."""
        kind, desk = request.form.get("paper", ""), _desk()
        rows = [desk.version(member().actor, number) for number in dict.fromkeys((old, new))]
        books = {row: book for row in rows if kind in (book := site().release(row.id)).notices}
        if not books:
            raise NotFound("没有这种文书。")
        for row, book in books.items():
            ask_sample(site().deployment, actor(), book, kind, f"第{row.number}版", site().now())
        return redirect(url_for("versions.compare", old=old, new=new, done="changes-print", _anchor="printed"), 303)

    @expose("/printed/<printed_id>.pdf")
    def open(self, printed_id: str) -> Response:
        """Return a printed change sheet or sample of the person's own."""
        pdf = open_printout(site().deployment, actor(), CHANGES, printed_id)
        name = f'inline; filename="changes-{printed_id[:12]}.pdf"'
        headers = {"Content-Disposition": name, "Content-Security-Policy": PAPER_POLICY}
        return Response(pdf, mimetype=PRINTED, headers=headers)

    @expose("/<int:was>/<int:to>/move")
    def move(self, was: int, to: int) -> str:
        """Show what moving open cases to another release would bring, before anybody does it."""
        move, after = _move(was, to), request.args.get("after", "")[:200]
        found = _desk().prospect(member().actor, move, site().now(), after)
        told = {"found": found, "back": move.back, "may_review": member().may("review-rules"), "most": MOST_SHOWN}
        return str(self.render("pages/versions_move.html", title="改用规则版本", **told))

    @expose("/<int:was>/<int:to>/carry-over", methods=["POST"])
    def carry_over(self, was: int, to: int) -> Any:
        """Let the worker move open cases to another release."""
        ask_move(site().deployment, actor(), _move(was, to), reason_given(), site().now())
        return redirect(url_for("versions.index", done="cases-move", _anchor="moves"), 303)

    @expose("/<int:number>/back")
    def retreat(self, number: int) -> str:
        """Show what going back to a release means."""
        found = _desk().retreat(member().actor, number)
        told = {"found": found, "may_review": member().may("review-rules"), "most": MOST_SHOWN}
        return str(self.render("pages/versions_back.html", title=f"{found.verb}规则版本", **told))

    @expose("/<int:number>/put-back", methods=["POST"])
    def go_back(self, number: int) -> Any:
        """Put an earlier release in force again."""
        desk = _desk()
        if hindered := desk.retreat(member().actor, number).hindered:
            raise Refused(f"不能启用第{number}版：{hindered[0].message}。{hindered[0].hint}", "RELEASE_LACKS")
        to = desk.line(member().actor, number)
        roll_back(site().deployment, member().jurisdiction, to, site().now(), actor=actor(), reason=reason_given())
        return redirect(url_for("versions.index", done="rolled-back"), 303)


def _desk() -> VersionsDesk:
    return VersionsDesk(site().deployment)


def _printed() -> list[Any]:
    return printouts_of(site().deployment, member().actor, CHANGES)


def _busy(printed: list[Any]) -> bool:
    return any(each.media_type == "application/json" for each in printed)


def _chosen(name: str) -> int:
    """Return the number of a release that was chosen, 0 for none."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0


def _move(was: int, to: int) -> Move:
    """Return which cases are to go where: `back` means those that were moved the other way."""
    desk, who = _desk(), member()
    back = request.values.get("back") == "1"
    return Move(who.jurisdiction, desk.line(who.actor, was), desk.line(who.actor, to), back=back)
