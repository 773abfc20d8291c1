"""What a served layer defines and nothing ever uses: deadlines, lists, forms, units outside the system, roles.

Only what the layer itself adds: what one above offers may be for others. A word that stands anywhere counts as a use,
so that nothing is told that is not certain.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from xunfang.rulebook.conditions import facts_of
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.facts import form_names
from xunfang.rulebook.lint.personal import every_field
from xunfang.rulebook.lint.points import points
from xunfang.rulebook.merge import Merged

_WORD = re.compile(r"[a-z0-9][a-z0-9-]*")


def lint(draft: Draft) -> None:
    """Note everything that the lowest layer adds and that no rule names."""
    for kind, id, message, hint in _unnamed(draft) if draft.rules.info.serves else ():
        part, path = (f"form:{id}", ()) if kind == "forms" else (kind, (id,))
        draft.findings.warning(draft.parts[part], path, "NOTHING_USES", message, hint)


Told = tuple[str, str, str, str]


def _unnamed(draft: Draft) -> Iterator[Told]:
    for id in _own(draft, "deadlines", _gone_by(draft)):
        deadline = draft.rules.deadlines[id]
        if not deadline.until:  # what runs until a report comes is judged by itself
            hint = "请写进流程、环节或分派行的 deadline，或者删去"
            yield "deadlines", id, f"没有一个流程、环节或分派行用时限“{deadline.label}”，它从不计时", hint
    for id in _own(draft, "lists", _lists_asked(draft)):
        if not any(entry.when for entry in draft.rules.lists[id].entries.values()) and _nowhere(draft, id):
            hint = f'请在表单字段里写 "x-list": "{id}"，或者删去'
            yield "lists", id, f"没有一个字段从选项清单 {id} 里选，也没有条件用到它", hint
    for id in filter(lambda id: _nowhere(draft, id), _own_forms(draft)):
        hint = "请写进流程的 opens_on、环节的 form，或者定期任务的 form，或者删去"
        yield "forms", id, f"没有一个流程、任务或名单用《{draft.rules.forms[id].title}》，谁也看不到这张表", hint
    yield from _idle(draft)


def _idle(draft: Draft) -> Iterator[Told]:
    """Yield units that have nobody in the system and roles that may do nothing, where no rule names them either."""
    rows = (row for table in draft.rules.routing.values() for row in table.every_row)
    sent = {ref.unit for row in rows for ref in (row.lead, *row.assist, *row.informs) if ref}
    for id in _own(draft, "units", frozenset(sent)):
        unit = draft.rules.units[id]
        if unit.external and _nowhere(draft, id):
            hint = "请写进分派行、流程或抄送，或者删去"
            yield "units", id, f"“{unit.anywhere}”不使用本系统，也没有一条规则提到它", hint
    for id in _own(draft, "roles", frozenset()):
        role = draft.rules.roles[id]
        if not role.may and not role.staffed and _nowhere(draft, id):
            yield "roles", id, f"角色“{role.label}”没有一项权限，也没有一条规则提到它", "请写明 may，或者删去"


def _own(draft: Draft, kind: str, used: frozenset[str]) -> list[str]:
    """Return what the lowest layer adds to a kind, without what is known to be used."""
    part, layer = draft.parts.get(kind), draft.parts["jurisdiction"].merged.layer
    if part is None or part.merged.layer != layer:
        return []
    above = part.above(layer)
    return [id for id in getattr(draft.rules, kind) if id not in above and id not in used]


def _own_forms(draft: Draft) -> list[str]:
    """Return the forms that the lowest layer adds, without those of flows, tasks, visits and duties."""
    layer, used = draft.parts["jurisdiction"].merged.layer, set().union(*form_names(draft).values())
    used |= {form for feed in draft.rules.feeds.values() for form in (feed.row_form, feed.opens)}
    parts = {id: draft.parts[f"form:{id}"].merged for id in draft.rules.forms if id not in used}
    return [id for id, merged in parts.items() if merged.layer == layer and merged.above is None]


def _gone_by(draft: Draft) -> frozenset[str]:
    """Return the deadlines that cases and tasks go by, or that others lie within."""
    flows = draft.rules.flows.values()
    found = {flow.case_deadline for flow in flows}
    found |= {state.deadline for flow in flows for state in flow.states.values()}
    found |= {row.deadline for table in draft.rules.routing.values() for row in table.every_row}
    return frozenset(found | {deadline.within for deadline in draft.rules.deadlines.values()})


def _lists_asked(draft: Draft) -> frozenset[str]:
    fields = {field.list for form in draft.rules.forms.values() for _, field in every_field(form)}
    facts = {fact.rpartition(".")[2] for point in points(draft) for fact in facts_of(point.condition)}
    return frozenset(fields | facts)


def _nowhere(draft: Draft, id: str) -> bool:
    """Return whether a word stands in no rule at all: looked for only where no use is known."""
    return id not in draft.once("named", lambda: _named(draft))


def _named(draft: Draft) -> frozenset[str]:
    """Return every word that stands in a rule, besides what the rules in a file are called by."""
    parts = (part for part in draft.parts.values() if part.kind not in {"form", "policies", "calendar", "scenario"})
    return frozenset().union(*(_words_in(part.merged) for part in parts))


@lru_cache(maxsize=1024)
def _words_in(merged: Merged) -> frozenset[str]:
    """Return every word in a file: looked for once for all who inherit the same."""
    return frozenset(_words(merged.data.values()))


def _words(values: Iterable[Any]) -> Iterator[str]:
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield from value
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str):
            yield from _WORD.findall(value)
