"""Who may open which address: one table, checked at start and enforced before every view. What it lacks is refused."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xunfang.casework import VERBS, verbs_on

if TYPE_CHECKING:
    from flask import Flask

    from xunfang.web.site import Member

KB = 1024
MB = 1024 * KB


@dataclass(frozen=True, slots=True)
class Access:
    """What one address demands: an account, one of several acts, and how large a body it accepts (bytes)."""

    public: bool = False
    acts: frozenset[str] = frozenset()
    body: int = 64 * KB
    monitors: bool = False  # answered to whatever watches the service, and to nobody else
    keeps: bool = False  # a stale page is shown again with everything that was typed

    def allows(self, member: "Member | None") -> bool:
        """Return whether this person (or nobody) may open the address at all; the scope decides about its content."""
        if self.public:
            return True
        if member is None:
            return False
        return not self.acts or bool(self.acts & member.actor.acts)


def by(*acts: str, body: int = 64 * KB, keeps: bool = False) -> Access:
    """Return an access for those who may do at least one of these acts."""
    return Access(acts=frozenset(acts), body=body, keeps=keeps)


def acts_of(on: str, *, several: bool = False) -> tuple[str, ...]:
    """Return every act that lets somebody do at least one verb to such a thing at the address that all verbs share.

    `permits` decides about each.
    """
    return tuple(
        sorted({act for verb in verbs_on(on) if not verb.elsewhere and several <= verb.several for act in verb.acts})
    )


PUBLIC = Access(public=True)
MONITORS = Access(public=True, monitors=True)
SIGNED_IN = Access()
CASEWORK = by(
    "submit", "assist", "apply-on-behalf", "accept", "claim", "complete", "return", "transfer", "confirm-dispatch",
    "declare", "suspend", "ask-extension", "approve-extension", "consult", "sign-off", "urge", "supervise", "print",
    "reveal",
)  # fmt: skip
"""Pages about persons: whoever only administers or audits has no business there."""

OPENING = by("accept", "confirm-dispatch", "administer")
"""Bringing along what a county has before it begins: each kind of list asks for an act of its own."""

RULES = by("edit-rules", "review-rules")
"""Pages on which the rules of one's own layer are changed and reviewed."""

INBOX = by(*CASEWORK.acts, *RULES.acts)
"""Messages; whoever only keeps rules sees what is told to them in person."""

FORM_BODY = MB
PACKAGE_BODY = 9 * MB
PICTURE_BODY = 6 * MB
SHEET_BODY = 3 * MB

ACCESS: dict[str, Access] = {
    "static": PUBLIC,
    "sign-in.page": PUBLIC,
    "sign-in.enter": Access(public=True, body=FORM_BODY),  # may carry a form that outlived its session
    "sign-in.leave": SIGNED_IN,
    "sign-in.stay": SIGNED_IN,
    "password.page": SIGNED_IN,
    "password.change": SIGNED_IN,
    "oidc.go": PUBLIC,
    "oidc.back": PUBLIC,
    "sign-in.prove": Access(public=True, body=FORM_BODY),
    "factor.page": SIGNED_IN,
    "factor.begin": SIGNED_IN,
    "factor.confirm": SIGNED_IN,
    "factor.renew": SIGNED_IN,
    "factor.unbind": SIGNED_IN,
    "health.lives": MONITORS,
    "health.ready": MONITORS,
    "health.figures": MONITORS,
    "queue.index": SIGNED_IN,
    "intake.index": by("submit"),
    "intake.form": by("submit"),
    "intake.send": by("submit", body=FORM_BODY, keeps=True),
    "intake.sent": by("submit"),
    "intake.correction": by("submit"),
    "intake.correct": by("submit", body=FORM_BODY, keeps=True),
    "intake.do": by(*acts_of("report"), keeps=True),
    "photos.add": by("submit", "claim", "complete", body=5 * MB + 64 * KB),
    "photos.show": CASEWORK,
    "dispatch.index": by("confirm-dispatch"),
    "dispatch.several": by("confirm-dispatch", keeps=True),
    "dispatch.confirm": by("confirm-dispatch", keeps=True),
    "cases.index": CASEWORK,
    "cases.find": CASEWORK,
    "cases.show": CASEWORK,
    "cases.reveal": by("reveal", keeps=True),
    "cases.print": by("print", keeps=True),
    "cases.do": by(*acts_of("case"), keeps=True),
    "cases.compare": by("confirm-dispatch", keeps=True),
    "cases.reconsider": by("confirm-dispatch", keeps=True),
    "people.index": CASEWORK,
    "people.find": CASEWORK,
    "people.show": CASEWORK,
    "people.reveal": by("reveal", keeps=True),
    "people.do": by(*acts_of("person"), keeps=True),
    "tasks.index": CASEWORK,
    "tasks.form": by("complete", "assist"),
    "tasks.complete": by("complete", "assist", body=FORM_BODY, keeps=True),
    "tasks.several": by(*acts_of("task", several=True), keeps=True),
    "tasks.do": by(*acts_of("task"), keeps=True),
    "duties.index": CASEWORK,
    "duties.show": CASEWORK,
    "duties.happened": by("complete", "submit", "confirm-dispatch"),
    "duties.note": by("complete", "submit", "confirm-dispatch", keeps=True),
    "duties.form": by("complete", "submit"),
    "duties.hand_in": by("complete", "submit", body=FORM_BODY, keeps=True),
    "duties.count": by("complete", "submit"),
    "duties.figure": CASEWORK,
    "duties.table": CASEWORK,
    "duties.export": CASEWORK,
    "duties.print": CASEWORK,
    "ledgers.index": CASEWORK,
    "ledgers.show": CASEWORK,
    "ledgers.find": CASEWORK,
    "ledgers.export": CASEWORK,
    "ledgers.take": CASEWORK,
    "feeds.index": CASEWORK,
    "feeds.template": by("complete", "submit"),
    "feeds.hand_in": by("complete", "submit", body=60 * MB + 64 * KB),
    "feeds.show": CASEWORK,
    "feeds.columns": by("complete", "submit"),
    "feeds.do": by("complete", "submit"),
    "feeds.workbook": by("complete", "submit"),
    "openings.index": OPENING,
    "openings.template": OPENING,
    "openings.bring": by(*OPENING.acts, body=20 * MB + 64 * KB),
    "openings.show": OPENING,
    "openings.columns": OPENING,
    "openings.do": OPENING,
    "openings.workbook": OPENING,
    "openings.passwords": by("administer"),
    "ledgers.print": CASEWORK,
    "ledgers.open": CASEWORK,
    "visits.index": CASEWORK,
    "visits.of": CASEWORK,
    "visits.printed": CASEWORK,
    "visits.sheet": CASEWORK,
    "visits.form": by("submit", "complete"),
    "visits.send": by("submit", "complete", body=FORM_BODY, keeps=True),
    "visits.anybody": by("submit", "complete"),
    "visits.send_anybody": by("submit", "complete", body=FORM_BODY, keeps=True),
    "alerts.index": CASEWORK,
    "alerts.form": by("declare"),
    "alerts.declare": by("declare", keeps=True),
    "alerts.show": CASEWORK,
    "alerts.level": by("declare", keeps=True),
    "alerts.closing": by("declare"),
    "alerts.close": by("declare", body=FORM_BODY, keeps=True),
    "meetings.index": CASEWORK,
    "meetings.form": by(*VERBS["call-sitting"].acts),
    "meetings.call": by(*VERBS["call-sitting"].acts, keeps=True),
    "meetings.show": CASEWORK,
    "meetings.invitation": CASEWORK,
    "meetings.minutes": CASEWORK,
    "meetings.minute": by(*VERBS["agree-minutes"].acts, keeps=True),
    "meetings.add": by("complete", keeps=True),
    "meetings.hold": by("complete", keeps=True),
    "meetings.item": by("complete", keeps=True),
    "meetings.decision": by("complete"),
    "meetings.decide": by("complete", body=FORM_BODY, keeps=True),
    "publications.index": CASEWORK,
    "publications.show": CASEWORK,
    "publications.sheet": CASEWORK,
    "publications.print": CASEWORK,
    "publications.printed": CASEWORK,
    "publications.helped": CASEWORK,
    "publications.helped_list": CASEWORK,
    "publications.print_helped": CASEWORK,
    "public-notices.board": PUBLIC,
    "public-notices.one": PUBLIC,
    "public-notices.helped": PUBLIC,
    "public-notices.helped_one": PUBLIC,
    "rolls.index": CASEWORK,
    "rolls.begin": by("complete", keeps=True),
    "rolls.show": CASEWORK,
    "rolls.do": by("complete", "sign-off", keeps=True),
    "rolls.line": by("complete", keeps=True),
    "rolls.paper": CASEWORK,
    "rolls.workbook": by("reveal", keeps=True),
    "inbox.index": INBOX,
    "inbox.read": INBOX,
    "inbox.read_all": INBOX,
    "papers.index": CASEWORK,
    "papers.open": by("print", "reveal"),
    "papers.do": by(*acts_of("paper"), keeps=True),
    "circulars.index": CASEWORK,
    "circulars.show": CASEWORK,
    "circulars.open": CASEWORK,
    "circulars.form": by(*VERBS["draft-circular"].acts),
    "circulars.draft": by(*VERBS["draft-circular"].acts, keeps=True),
    "circulars.do": by("supervise", "sign-off", keeps=True),
    "studio.index": RULES,
    "studio.begin": by("edit-rules", keeps=True),
    "studio.take": by("edit-rules", body=PACKAGE_BODY, keeps=True),
    "studio.package": RULES,
    "studio.show": RULES,
    "studio.attempt": RULES,
    "studio.undo": by("edit-rules", keeps=True),
    "studio.rebase": by("edit-rules", keeps=True),
    "studio.publish": by("edit-rules", "review-rules", keeps=True),
    "studio.do": by("edit-rules", "review-rules", keeps=True),
    "studio.files": RULES,
    "studio-sheet.index": RULES,
    "studio-sheet.remark": by("edit-rules", "review-rules", keeps=True),
    "studio-sheet.print": RULES,
    "studio-sheet.sample": RULES,
    "studio.text": RULES,
    "studio.write": by("edit-rules", body=FORM_BODY, keeps=True),
    "studio-clauses.index": RULES,
    "studio-clauses.clause": RULES,
    "studio-clauses.new": by("edit-rules"),
    "studio-clauses.text": RULES,
    "studio-clauses.do": by("edit-rules", body=FORM_BODY, keeps=True),
    "studio-forms.index": RULES,
    "studio-forms.show": RULES,
    "studio-forms.fill": by("edit-rules", "review-rules", body=FORM_BODY),
    "studio-forms.field": RULES,
    "studio-forms.column": RULES,
    "studio-forms.do": by("edit-rules", keeps=True),
    "studio-papers.index": RULES,
    "studio-papers.begin": by("edit-rules", keeps=True),
    "studio-papers.show": RULES,
    "studio-papers.sample": RULES,
    "studio-papers.preview": by("edit-rules", "review-rules", body=FORM_BODY),
    "studio-papers.write": by("edit-rules", body=FORM_BODY, keeps=True),
    "studio-tables.index": RULES,
    "studio-tables.do": by("edit-rules", body=FORM_BODY, keeps=True),
    "studio-logos.index": RULES,
    "studio-logos.picture": RULES,
    "studio-logos.add": by("edit-rules", body=PICTURE_BODY, keeps=True),
    "studio-logos.do": by("edit-rules", body=PICTURE_BODY, keeps=True),
    "studio-logos.put": by("edit-rules", keeps=True),
    "studio-numbers.index": RULES,
    "studio-numbers.do": by("edit-rules", keeps=True),
    "studio-try.index": RULES,
    "studio-try.form": RULES,
    "studio-try.retell": by("edit-rules", "review-rules"),
    "studio-try.judge": by("edit-rules", "review-rules", body=FORM_BODY, keeps=True),
    "studio-rules.index": RULES,
    "studio-rules.begin": by("edit-rules", keeps=True),
    "studio-rules.file": RULES,
    "studio-rules.edit": RULES,
    "studio-rules.save": by("edit-rules", body=FORM_BODY, keeps=True),
    "studio-rules.rewrite": by("edit-rules", body=FORM_BODY, keeps=True),
    "studio-rules.arrange": by("edit-rules", keeps=True),
    "studio-deadlines.index": RULES,
    "studio-lists.index": RULES,
    "studio-lists.begin": by("edit-rules", keeps=True),
    "studio-lists.show": RULES,
    "studio-lists.do": by("edit-rules", keeps=True),
    "studio-flows.index": RULES,
    "studio-flows.show": RULES,
    "studio-duties.index": RULES,
    "studio-county.index": by("edit-rules"),
    "studio-county.step": by("edit-rules", body=SHEET_BODY),
    "studio-county.package": by("edit-rules", body=FORM_BODY),
    "studio-divisions.index": RULES,
    "studio-divisions.wizard": by("edit-rules"),
    "studio-divisions.do": by("edit-rules", body=FORM_BODY, keeps=True),
    "studio-routing.index": RULES,
    "studio-routing.sheet": RULES,
    "studio-routing.paste": by("edit-rules", body=FORM_BODY, keeps=True),
    "signing.index": by("sign-off"),
    "signing.do": by("sign-off", keeps=True),
    "supervision.index": by("supervise"),
    "indicators.index": CASEWORK,
    "indicators.show": CASEWORK,
    "indicators.things": CASEWORK,
    "indicators.scores": CASEWORK,
    "indicators.count": by("supervise"),
    "indicators.bulletin": CASEWORK,
    "indicators.print": CASEWORK,
    "rules.index": SIGNED_IN,
    "versions.index": RULES,
    "versions.choose": RULES,
    "versions.compare": RULES,
    "versions.print": RULES,
    "versions.sample": RULES,
    "versions.open": RULES,
    "versions.move": RULES,
    "versions.carry_over": by("review-rules", keeps=True),
    "versions.retreat": RULES,
    "versions.go_back": by("review-rules", keeps=True),
    "help.index": SIGNED_IN,
    "staff.index": CASEWORK,
    "staff.hand_over": by("administer", "confirm-dispatch", "supervise"),
    "staff.deputise": Access(acts=CASEWORK.acts | {"administer"}),
    "staff.end": Access(acts=CASEWORK.acts | {"administer"}),
    "accounts.index": by("administer"),
    "accounts.create": by("administer"),
    "accounts.show": by("administer"),
    "accounts.change": by("administer"),
    "accounts.unlock": by("administer"),
    "accounts.end_sessions": by("administer"),
    "accounts.reset_factor": by("administer"),
    "accounts.bind_identity": by("administer"),
    "accounts.unbind_identity": by("administer"),
    "audit.index": by("audit"),
    "audit.verify": by("audit"),
    "system.index": by("operate"),
    "system.retry": by("operate"),
    "system.vouch": by("operate"),
}
"""Every endpoint there is. An address that is not here stops the application from starting."""


class UndeclaredAddressError(RuntimeError):
    """An address exists for which nobody said who may open it, or the table names one that does not exist."""


_NEVER = Access(acts=frozenset({"never"}))


def access_of(endpoint: str) -> Access:
    """Return what an endpoint demands; an unknown one demands an act that nobody has."""
    return ACCESS.get(endpoint, _NEVER)


def check_declared(app: "Flask") -> None:
    """Raise UndeclaredAddressError unless the table and the URL map name exactly the same endpoints."""
    served = {rule.endpoint for rule in app.url_map.iter_rules()}
    missing, extra = sorted(served - set(ACCESS)), sorted(set(ACCESS) - served)
    if missing or extra:
        raise UndeclaredAddressError(f"addresses without declared access: {missing}; declared but not served: {extra}")
