"""Papers as casework wants them: asked for by the act that causes them, made by the worker after it."""

from dataclasses import replace

from xunfang.casework.draft import Draft
from xunfang.casework.facts import places_of
from xunfang.casework.jobs import notice_job
from xunfang.casework.rows import Case, Notice, Task
from xunfang.rulebook.model import UnitRef
from xunfang.rules.units import unit_id


def ask_for_notice(draft: Draft, case: Case, kind: str, task: Task | None = None) -> Notice:
    """Want a paper; asked for twice for the same task, it is made once. A paper that failed is wanted again."""
    key = key_of(case, kind, task)
    known = draft.first(Notice, key=key)
    if known is None:
        known = draft.put(_new_notice(draft, case, kind, task, key))
        cites = draft.rulebook.notices[kind].basis.cites
        draft.event("notice.wanted", case=case.id, task=known.task, data={"kind": kind}, rule=kind, cites=cites)
    elif known.status == "failed":
        known = draft.change(known, status="wanted", error="")
        draft.event("notice.wanted_again", case=case.id, task=known.task, data={"kind": kind})
    else:
        return known
    draft.jobs([replace(notice_job(known), run_at=draft.at)])
    return known


def key_of(case: Case, kind: str, task: Task | None) -> str:
    """Return what a paper is known by, so that one asked for twice is made once."""
    return f"{kind}:{task.id if task else case.id}"


def _new_notice(draft: Draft, case: Case, kind: str, task: Task | None, key: str) -> Notice:
    rulebook = draft.rulebook
    definition = rulebook.notices[kind]
    seal = unit_id(rulebook, UnitRef(definition.seal), places_of(case)) if definition.seal else ""
    return Notice(
        id=draft.new_id(),
        key=key,
        jurisdiction=case.jurisdiction,
        case=case.id,
        task=task.id if task else "",
        kind=kind,
        unit=seal or (task.unit if task and not definition.seal else ""),
        wanted_at=draft.at,
        release=case.release,
        addressee=task.unit if task and definition.to == "unit" else "",
    )
