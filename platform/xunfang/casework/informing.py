"""Informing 抄送 by the rules: units that get no task are told what becomes of a case, and see nothing else of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from xunfang.casework.draft import Draft
from xunfang.casework.facts import places_of
from xunfang.casework.holding import somebody
from xunfang.casework.proposals import cites_of
from xunfang.casework.rows import Case, Task
from xunfang.rulebook.model import Outcome, State
from xunfang.rules.routing import Proposal
from xunfang.rules.units import unit_id, unit_label


def inform(draft: Draft, case: Case, unit: str, what: str, **basis: Any) -> None:
    """Tell a unit, or the nearest above it that has a member, and record it; `basis`: its task, rule, row and cites."""
    to, skipped = somebody(draft, unit)
    draft.event("case.informed", case=case.id, data={"to": to, "nobody_at": skipped}, **basis)
    body = f"{what}按规定抄送贵单位知悉，不需办理。"
    draft.tell(to, "copy", "抄送知悉", body, key=f"informed:{draft.new_id()}")


def inform_of_dispatch(draft: Draft, case: Case, table: str, proposals: Sequence[Proposal]) -> None:
    """Tell whom the rows of a dispatch inform, each once; who has got a task of it knows already."""
    holders = {task.unit for task in draft.select(Task, case=case.id, state=case.state, ended_at=None)}
    informed = dict.fromkeys(unit for item in proposals for unit in item.informs)
    for unit in (unit for unit in informed if unit not in holders):
        mine = [item for item in proposals if unit in item.informs]
        leads = "、".join(unit_label(draft.rulebook, item.lead) for item in mine)
        rows = ",".join(row for item in mine for row in item.routes)
        what = f"个案 {case.number} 已交{leads}主办。"
        inform(draft, case, unit, what, rule=table, row=rows, cites=cites_of(mine))


def inform_of_outcome(draft: Draft, case: Case, state: State, outcome: Outcome, facts: Mapping[str, Any]) -> None:
    """Tell whom an outcome of a state informs."""
    known, what = {**facts, **places_of(case)}, f"个案 {case.number} 的“{state.label}”结果为“{outcome.label}”。"
    for unit in dict.fromkeys(unit_id(draft.rulebook, ref, known) for ref in outcome.informs):
        inform(draft, case, unit, what, rule=f"{case.flow}.{state.id}.{outcome.id}", cites=outcome.basis.cites)
