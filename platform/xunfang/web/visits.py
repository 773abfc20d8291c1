"""Whose session a token is: the person as the pages know them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from xunfang.actions.deployment import Deployment
from xunfang.actions.factors import FactorStanding, standing_of
from xunfang.actions.operating import clock_doubt, lasting, note_presence
from xunfang.actions.signing_in import token_hash
from xunfang.clock import local_date
from xunfang.rules.units import unit_label
from xunfang.store import SignedIn, absent_for, connection, live_session
from xunfang.store.tables import Account, Session
from xunfang.web.site import Member, Visit

PRESENCE = timedelta(minutes=1)
"""How often, at most, it is noted that a session is in use."""


def running_visit(deployment: Deployment, token: str, at: datetime) -> Visit | None:
    """Return the running session of a token, or None."""
    with connection(deployment.database) as reader:
        found = live_session(reader, token_hash(token), at, lasting(deployment))
        absent = absent_for(reader, found.account, local_date(at)) if found else ()
        factor = standing_of(reader, deployment, found.account, at) if found else FactorStanding()
        used = found is not None and at - found.session.last_seen_at >= PRESENCE
        if used and not clock_doubt(deployment, at):
            note_presence(deployment, token_hash(token), at)
    if found is None or found.account.jurisdiction not in deployment.rulebooks.current:
        return None
    person = _member(deployment, found, absent, factor, at)
    return Visit(person, token, found.session.csrf, found.session.by)


def holder(deployment: Deployment, token: str) -> str:
    """Return whose session a token was, even when it has ended; "" when nobody knows."""
    with connection(deployment.database) as reader:
        found = reader.find(Session, token_hash(token)) if token else None
    return found.account if found else ""


def _member(
    deployment: Deployment, found: SignedIn, absent: Sequence[Account], factor: FactorStanding, at: datetime
) -> Member:
    """Return the person of a session; the age of a password matters to whoever came by it."""
    account = found.account
    label = unit_label(deployment.rulebooks.of(account.jurisdiction), account.unit)
    expired = deployment.access.expired(account.password_set_at or account.created_at, at)
    must_change = not found.session.by and (account.must_change or expired)
    return Member(deployment.actor(account, absent), account.login, label, must_change, factor, factor.must_bind(at))
