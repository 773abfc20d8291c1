"""What people do to papers: one at a time, or several signed at once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.handling import carry_out
from xunfang.actions.papers import release_to_print
from xunfang.casework import VERBS, Asked
from xunfang.errors import Conflict, NotFound
from xunfang.steps import reached
from xunfang.store import Notice


def do_to_paper(deployment: Deployment, asked: Asked, at: datetime) -> None:
    """Do a verb to a paper: load its case, let it be decided what follows, store that.

    Raises NotFound out of sight, NotAllowed, Conflict when it no longer stands as it was seen, Invalid, ClockDoubtful.
    """
    assert isinstance(asked.actor, Actor)
    with acting(deployment, asked.actor, at, dated=True) as act:
        asked.actor.need(*VERBS[asked.verb].acts)
        notice = _paper(act, asked)
        payload = {"release": release_to_print(act, notice.kind)}
        case = act.case(notice.case)
        carry_out(act, replace(asked, case=case.id, payload=payload), case)


def sign_several(
    deployment: Deployment, actor: Actor, verb: str, papers: Sequence[tuple[str, int]], reason: str, at: datetime
) -> tuple[int, int]:
    """Do a verb to several papers, each in a transaction of its own: one that has changed holds up no other.

    `papers`: the key of each and the version that was seen. Returns how many it was done to, and how many it was not.
    Raises NotAllowed, NotFound out of sight, Invalid: then those before it are done.
    """
    done = 0
    for key, version in papers:
        asked = Asked(verb=verb, actor=actor, paper=key, version=version, reason=reason)
        try:
            do_to_paper(deployment, asked, at)
        except Conflict:
            continue
        done += 1
        reached("papers.signing")
    return done, len(papers) - done


def _paper(act: Act, asked: Asked) -> Notice:
    """Return a paper in sight; whoever operates sees no case, and yet has a paper made again that failed."""
    actor = act.actor
    if asked.verb == "remake-paper" and "operate" in actor.acts:
        found = act.tx.find(Notice, asked.paper)
        if found is None or found.jurisdiction != actor.jurisdiction or found.status != "failed":
            raise NotFound()
        return found
    return act.scoped.notice(asked.paper)
