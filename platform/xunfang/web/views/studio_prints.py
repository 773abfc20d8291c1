"""What the pages about papers of a draft share: the draft, and a paper of it in a frame beside what is edited."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from flask import Response, make_response

from xunfang.actions.paper_trials import paper_on_case
from xunfang.actions.papers import NoticeOrder
from xunfang.casework.change_sets import MOST_TEXT
from xunfang.clock import local_date
from xunfang.desk.studio.compiling import Compiled, compiled
from xunfang.desk.studio.faces import Drafted
from xunfang.desk.studio.paper_faces import WAYS, kind_of, own_path, sample_order
from xunfang.errors import Problem, Refused
from xunfang.rulebook.model import Rulebook
from xunfang.web.guard import actor, member, missing, site
from xunfang.web.headers import PAPER_POLICY
from xunfang.web.views.secure import SecureView

KEY, NAME = 40, 64
_PLAIN = "default-src 'none'; style-src 'self'; frame-ancestors 'self'"


class StudioPrintView(SecureView):
    """A page about the papers of a draft."""

    in_menu = False
    under = "studio"

    def draft(self, change_set: str) -> tuple[Drafted, Compiled]:
        """Return a draft in sight, and what it compiles to."""
        draft = site().readings.studio.drafted(member().actor, change_set[:KEY])
        return draft, compiled(draft, site().examining(), local_date(site().now()))

    def tried(self, change_set: str, kind: str, text: str | None, given: str) -> Response:
        """Return a paper as its template was typed (None: as it stands), or what is wrong with it; nothing is kept.

        It is printed from a sample, or from what a paper of a real case says: that it was looked at is recorded.
        """
        if site().press is None:
            raise missing()
        draft = site().readings.studio.drafted(member().actor, change_set[:KEY])
        if text is not None:
            known = kind_of(self.draft(change_set)[1].rules or self.rulebook, kind[:NAME])
            typed = text[: MOST_TEXT + 1].replace("\r\n", "\n")
            draft = replace(draft, files={**draft.files, own_path(draft, known): typed})
        made = compiled(draft, site().examining(), local_date(site().now()))
        if made.rules is None:
            return self.unprinted("现在还不能印，先改第一处：", made.problems[:3])
        rules = made.rules
        if given in WAYS:
            return self.printed(lambda: sample(rules, kind, given))
        about = (given, rules, kind[:NAME], change_set[:KEY])
        return self.printed(lambda: paper_on_case(site().deployment, actor(), *about, site().now()))

    def printed(self, order: Callable[[], NoticeOrder]) -> Response:
        """Return a paper for a frame of this site."""
        try:
            pdf = site().pressing()(order()).pdf
        except Refused as refused:
            return self.unprinted(refused.message)
        headers = {"Content-Disposition": 'inline; filename="sample.pdf"', **_framed(PAPER_POLICY)}
        return Response(pdf, mimetype="application/pdf", headers=headers)

    def unprinted(self, said: str, problems: Sequence[Problem] = ()) -> Response:
        """Return why a paper cannot be printed, for the same frame."""
        page = self.render("studio/unprinted.html", said=said, problems=problems)
        return make_response(page, 200, _framed(_PLAIN))


def sample(rules: Rulebook, kind: str, way: str) -> NoticeOrder:
    """Return the order of a sample."""
    return sample_order(rules, kind_of(rules, kind[:NAME]), way if way in WAYS else "usual")


def _framed(policy: str) -> dict[str, str]:
    """Return the headers of what may stand in a frame of this site, and nowhere else."""
    own = policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    return {"Content-Security-Policy": own, "X-Frame-Options": "SAMEORIGIN"}
