"""What papers and minutes say of objections 异议: whether anybody objected to what a case published."""

from typing import Any

from xunfang.actions.acting import Look
from xunfang.actions.loading import draft_of
from xunfang.casework import Case, Publication
from xunfang.casework.objections import count_of
from xunfang.rules.objections import NO_OBJECTIONS
from xunfang.store.reading.publications import hangs


def objection_facts(act: Look, case: Case) -> dict[str, Any]:
    """Return whether anybody objected to what a case published, in words and numbers; "" where nobody could."""
    rulebook = act.rules(case.release)
    flow = rulebook.flows[case.flow]
    asked = {state.id for state in flow.states.values() if state.publishes and state.interrupted_by}
    draft = draft_of(act, case) if asked else None
    posted = [row for row in draft.select(Publication, case=case.id) if row.state in asked] if draft else []
    if draft is None or not posted:
        return dict(NO_OBJECTIONS)
    keys = {row.id for row in posted}
    against = [each for each in draft.objections[case.person] if each.publication in keys]
    count = count_of(against, sum(row.interrupted for row in posted))
    over = not any(hangs(row, act.at) for row in posted)
    return {"words": count.words(over=over), "count": count.all, "waiting": count.waiting, "upheld": count.upheld}
