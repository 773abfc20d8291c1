"""Caps of programmes that can never be asked, or that count what no form tells."""

from collections.abc import Iterator

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.lint.points import filled_by
from xunfang.rulebook.model import Cap, FactRef, Field, Flow, IntakeForm, Outcome, Programme, State
from xunfang.rulebook.positions import Path

_NUMBERS = frozenset({"number", "integer"})
_TEXTS = frozenset({"text", "long-text"})
_DAYS = frozenset({"date", "moment"})

Granting = tuple[Flow, State]


def lint(draft: Draft) -> None:
    """Note caps of what nothing grants, fields that are not there to count or compare, and who could let nobody."""
    for programme in draft.rules.programmes.values():
        granting = list(_granting(draft, programme)) if programme.caps else []
        for cap in programme.caps:
            path: Path = (programme.id, "caps", cap.id)
            if not granting:
                message, hint = f"没有一个办理结果给予“{programme.label}”，这条上限用不上", "请在办理结果里写 grants"
                draft.findings.warning(draft.parts["programmes"], path, "CAP_NEVER_ASKED", message, hint)
            else:
                _flows(draft, programme, cap, granting)
            _fields(draft, cap, path, [each for each in granting if not cap.flows or each[0].id in cap.flows])
            _role(draft, cap, path)


def _flows(draft: Draft, programme: Programme, cap: Cap, granting: list[Granting]) -> None:
    """Note each flow that a cap looks at and that never grants its programme."""
    known = {flow.id for flow, _ in granting}
    for flow in (draft.rules.flows[name] for name in cap.flows if name in draft.rules.flows):
        if flow.id not in known:
            message = f"“{flow.label}”流程没有一个办理结果给予“{programme.label}”，这条上限在那里用不上"
            path = (programme.id, "caps", cap.id, "flows")
            draft.findings.warning(
                draft.parts["programmes"], path, "CAP_NEVER_ASKED", message, "请删去，或者换一个流程"
            )


def _granting(draft: Draft, programme: Programme) -> Iterator[Granting]:
    """Yield the states in which a programme may be granted."""
    for flow in draft.rules.flows.values():
        for state in flow.states.values():
            if any(_grants(draft, state, outcome, programme.id) for outcome in state.outcomes.values()):
                yield flow, state


def _grants(draft: Draft, state: State, outcome: Outcome, programme: str) -> bool:
    if not outcome.grants.startswith("$"):
        return outcome.grants == programme
    form = draft.rules.forms.get(state.form)
    field = form.fields.get(outcome.grants.removeprefix("$answers.")) if form else None
    return field is not None and field.list in draft.rules.lists and programme in draft.rules.lists[field.list].entries


def _fields(draft: Draft, cap: Cap, path: Path, granting: list[Granting]) -> None:
    """Every form on which it is granted must tell what is summed and why; any form before, what is compared."""
    wanted = {"sum": (cap.sum, _NUMBERS, "数字字段")}
    if cap.override:
        wanted["override.reason"] = (cap.override.reason, _TEXTS, "文字字段")
    for key, (name, kinds, called) in wanted.items():
        for title in _lacking(draft, name, kinds, granting) if name else ():
            message = f"《{title}》上给予这一项，却没有{called}“{name}”"
            draft.error("programmes", (*path, *key.split(".")), "CAP_FIELD_MISSING", message, "请在表单中补上这个字段")
    for key, name, kinds, called in _compared(cap):
        for flow in {flow.id: flow for flow, _ in granting}.values():
            if not any(_has(form, name, kinds) for form in filled_by(draft, flow)):
                message = f"“{flow.label}”的表单都没有{called}“{name}”"
                draft.error("programmes", (*path, key), "CAP_FIELD_MISSING", message, "请换一个各表单都填的字段")


def _compared(cap: Cap) -> Iterator[tuple[str, str, frozenset[str], str]]:
    yield from (("same", name, frozenset[str](), "字段") for name in cap.same)
    if isinstance(cap.at_most, FactRef) and cap.at_most.on and not cap.at_most.on.startswith("case."):
        yield "at_most", cap.at_most.on, _DAYS, "日期字段"


def _lacking(draft: Draft, name: str, kinds: frozenset[str], granting: list[Granting]) -> list[str]:
    forms = {state.form: draft.rules.forms[state.form] for _, state in granting if state.form in draft.rules.forms}
    bare = [state.label for _, state in granting if not state.form]
    return [*(form.title for form in forms.values() if not _has(form, name, kinds)), *bare]


def _has(form: IntakeForm, name: str, kinds: frozenset[str]) -> bool:
    field: Field | None = form.fields.get(name)
    return field is not None and (not kinds or field.kind in kinds)


def _role(draft: Draft, cap: Cap, path: Path) -> None:
    role = draft.rules.roles.get(cap.override.by) if cap.override else None
    if role and "complete" not in role.may:
        message = f"角色“{role.label}”没有权限 complete，不能办结，也就不能破例"
        draft.error("programmes", (*path, "override", "by"), "HOLDER_WITHOUT_VERB", message, "请换一个能办结的角色")
