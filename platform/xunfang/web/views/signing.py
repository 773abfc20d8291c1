"""待签发: the drafts that wait for a person's signature; several are signed at once."""

from typing import Any

from flask import redirect, request, url_for

from xunfang.actions.signing import sign_several
from xunfang.casework import VERBS
from xunfang.errors import FieldProblem, Invalid
from xunfang.web.guard import actor, member, missing, site
from xunfang.web.views.secure import SecureView, expose
from xunfang.web.views.versions import reason_given

MOST = 50
_LONGEST = 9


class SigningView(SecureView):
    """The desk on which papers wait to be signed off."""

    @expose("/")
    def index(self) -> str:
        """Show a page of the drafts that this person may sign."""
        papers, after = site().readings.papers_to_sign(member().actor, request.args.get("after", "")[:100])
        verbs = (VERBS["sign-off"], VERBS["refuse-sign-off"])
        circulars = site().readings.circulars.to_sign(member().actor)
        words = {"papers": papers, "after": after, "verbs": verbs, "circulars": circulars}
        return str(self.render("pages/signing.html", **words))

    @expose("/<verb>", methods=["POST"])
    def do(self, verb: str) -> Any:
        """Sign off the papers that were ticked, or refuse to; those that changed meanwhile are left and counted."""
        if verb not in ("sign-off", "refuse-sign-off"):
            raise missing()
        reason, chosen = reason_given(), _ticked()
        if not chosen:
            raise Invalid([FieldProblem("paper", "请先勾选文书。", "FIELD_MISSING")], "请先勾选要办理的文书。")
        _, left = sign_several(site().deployment, actor(), verb, chosen, reason, site().now())
        return redirect(url_for("signing.index", done="papers-left" if left else verb), 303)


def _ticked() -> list[tuple[str, int]]:
    """Return the key of each paper that was ticked and the version that was seen."""
    pairs = (text[:100].partition(":") for text in request.form.getlist("paper")[:MOST])
    return [(key, int(seen)) for key, _, seen in pairs if seen.isascii() and seen.isdigit() and len(seen) <= _LONGEST]
