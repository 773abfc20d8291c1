"""The papers of real cases on which a draft's paper can be tried: only for those who may open them anyway."""

from collections.abc import Sequence
from dataclasses import dataclass

from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.paper_trials import may_try_on_cases
from xunfang.casework import may_open
from xunfang.casework.permits import READY
from xunfang.clock import local
from xunfang.identity import mask_name
from xunfang.store.scoped import scoped

MOST = 8


@dataclass(frozen=True, slots=True)
class PaperCase:
    """A paper of a real case that can be chosen: of which case, about whom (masked), and when it was made."""

    id: str
    label: str


def paper_cases(deployment: Deployment, actor: Actor, kind: str) -> Sequence[PaperCase] | None:
    """Return the latest papers of a kind that somebody may open; None for whoever sees no papers of cases at all."""
    if not may_try_on_cases(actor):
        return None
    with scoped(deployment.database, actor.scope) as reader:
        found = reader.notices(kinds={kind}).items
    open_to = (
        item
        for item in found
        if item.notice.status in READY and may_open(actor, item.notice.unit, item.notice.addressees)
    )
    return [
        PaperCase(
            item.notice.id,
            f"{item.case_number}　{mask_name(item.person_name)}　{local(item.notice.wanted_at):%-m月%-d日}",
        )
        for item in list(open_to)[:MOST]
    ]
