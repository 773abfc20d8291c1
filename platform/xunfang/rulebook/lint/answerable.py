"""Answers that nobody can give: wanted while their field is hidden, forbidden in any case, or without a way on."""

from collections.abc import Iterator

from xunfang.rulebook.conditions import ALWAYS, Condition
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.implication import implies, parts_of, values_of
from xunfang.rulebook.lint.conditions import impossible
from xunfang.rulebook.lint.personal import every_field
from xunfang.rulebook.lint.points import Point
from xunfang.rulebook.model import AllOf, Contradiction, Field, IntakeForm, Operator, Outcome, State, Test
from xunfang.rulebook.positions import Path


def lint(draft: Draft) -> None:
    """Note what forms and outcomes want and nobody can answer."""
    for form in draft.rules.forms.values():
        for path, field in every_field(form):
            _never_required(draft, form, path, field)
        for index, against in enumerate(form.contradictions):
            _told_at_hidden(draft, form, against, ("x-contradictions", index, "at"))
    for flow in draft.rules.flows.values():
        for state in flow.states.values():
            if form_of := draft.rules.forms.get(state.form):
                _of_state(draft, f"flow:{flow.id}", state, form_of)


def _of_state(draft: Draft, part: str, state: State, form: IntakeForm) -> None:
    for outcome in state.outcomes.values():
        path: Path = ("states", state.id, "outcomes", outcome.id)
        for name in (name for name in outcome.requires if name in form.fields):
            _wanted_while_hidden(draft, part, path, outcome, form.fields[name], form)
        _grants_nothing_known(draft, part, path, outcome, form)
        _always_forbidden(draft, part, path, outcome, form)
    if left := _left_without(draft, state, form):
        message = f"“{left[0].title}”填{left[1]}的，没有一种办理结果可选，任务永远办不结"
        hint = "请补上一种办理结果，或者让其中一种不写 when"
        draft.findings.warning(draft.parts[part], ("states", state.id, "outcomes"), "OUTCOME_LACKING", message, hint)


def _together(*conditions: Condition | None) -> Condition:
    return AllOf(tuple(part for each in conditions if each is not None for part in parts_of(each)))


def _clash(draft: Draft, form: IntakeForm, *conditions: Condition | None) -> str:
    """Return a fact of which no value meets all of several conditions on the answers of one form, "" where one may."""
    return impossible(draft, Point(f"form:{form.id}", (), _together(*conditions), "", (form,), bare=True))


def _wanted_while_hidden(draft: Draft, part: str, path: Path, outcome: Outcome, field: Field, form: IntakeForm) -> None:
    """Note an answer that an outcome requires though its field is, or may be, not shown when that is chosen."""
    if field.when is None or implies(outcome.when or ALWAYS, field.when) or _clash(draft, form, outcome.when):
        return
    hint = f"请让“{field.title}”显示的条件（x-when）与办理结果的 when 一致，或者从 requires 中删去"
    if _clash(draft, form, outcome.when, field.when):
        message = f"要填“{field.title}”才能选“{outcome.label}”，而到那时它不显示，永远选不了"
        draft.error(part, (*path, "requires"), "REQUIRED_HIDDEN", message, hint)
    else:
        message = f"要填“{field.title}”才能选“{outcome.label}”，而它不一定显示，有的个案选不了"
        draft.findings.warning(draft.parts[part], (*path, "requires"), "REQUIRED_HIDDEN", message, hint)


def _grants_nothing_known(draft: Draft, part: str, path: Path, outcome: Outcome, form: IntakeForm) -> None:
    for key, named in outcome.programmes.items():
        field = form.fields.get(named.removeprefix("$answers.")) if named.startswith("$") else None
        if field is not None:
            _names_programmes_only(draft, part, (*path, key), outcome, field)


_DECIDES = {"grants": "给予", "refuses": "不予批准", "suspends": "中止", "stops": "终止"}


def _names_programmes_only(draft: Draft, part: str, path: Path, outcome: Outcome, field: Field) -> None:
    strange = [word for word in _options(draft, field) if word not in draft.rules.programmes]
    if field.kind != "choice" or strange:
        what = f"其中的选项“{strange[0]}”" if strange else "它填的"
        message = f"“{outcome.label}”{_DECIDES[str(path[-1])]}的救助事项由“{field.title}”填写，而{what}不是救助事项"
        hint = '请用选救助事项的字段（"x-list": "programme"），并在 programmes.toml 中写明每一项'
        draft.error(part, path, "GRANT_UNKNOWN", message, hint)


def _options(draft: Draft, field: Field) -> list[str]:
    if field.list in draft.rules.lists:
        return [entry.id for entry in draft.rules.lists[field.list].entries.values() if not entry.retired]
    return [str(word) for word in field.schema.get("enum", ())]


def _always_forbidden(draft: Draft, part: str, path: Path, outcome: Outcome, form: IntakeForm) -> None:
    """Note an outcome under which a contradiction of its form holds, whatever else is answered."""
    chosen = _together(Test("task.outcome", Operator.IS, outcome.id), outcome.when)
    for against in form.contradictions:
        if not against.asks and implies(chosen, against.when):
            message = f"选“{outcome.label}”总是与《{form.title}》的“{against.id}”相矛盾，永远办不了"
            hint = "请改写这条矛盾，或者这个办理结果的 when"
            draft.error(part, (*path, "when"), "OUTCOME_FORBIDDEN", message, hint)


def _left_without(draft: Draft, state: State, form: IntakeForm) -> tuple[Field, str] | None:
    """Return a field that all outcomes ask for, with the answers to it, in words, under which there is none of them."""
    tests = [part for outcome in state.outcomes.values() for part in (parts_of(outcome.when) if outcome.when else ())]
    asked = {part.path.removeprefix("answers.") if isinstance(part, Test) else "" for part in tests}
    whole = all(outcome.when and len(parts_of(outcome.when)) == 1 for outcome in state.outcomes.values())
    field = form.fields.get(next(iter(asked))) if whole and len(asked) == 1 else None
    if field is None or field.kind not in {"boolean", "choice"}:
        return None
    covered = [values_of(test) for test in tests if isinstance(test, Test)]
    if any(values is None for values in covered):
        return None
    left = list(_uncovered(draft, field, {str(word) for values in covered for word in values or ()}))
    return (field, "、".join(left)) if left else None


def _uncovered(draft: Draft, field: Field, covered: set[str]) -> Iterator[str]:
    labels = {"True": "“是”", "False": "“否”"} if field.kind == "boolean" else {}
    if field.kind == "choice":
        named = draft.rules.lists[field.list].entries if field.list in draft.rules.lists else {}
        labels = {word: f"“{named[word].label if word in named else word}”" for word in _options(draft, field)}
    yield from (label for word, label in labels.items() if word not in covered)


def _never_required(draft: Draft, form: IntakeForm, path: Path, field: Field) -> None:
    """Note a field that is to be answered only when it is not shown."""
    if field.when is None or field.required_when is None:
        return
    asked = form if len(path) == 2 else form.fields[str(path[1])].row
    if asked and (fact := _clash(draft, asked, field.when, field.required_when)):
        message = (
            f"“{field.title}”要填的时候不显示：“{fact}”没有一个值能同时符合 x-when 和 x-required-when，永远不会必填"
        )
        hint = "请让必填的条件落在显示的条件以内"
        draft.error(f"form:{form.id}", (*path, "x-required-when"), "CONDITION_NEVER", message, hint)


def _told_at_hidden(draft: Draft, form: IntakeForm, against: Contradiction, path: Path) -> None:
    """Note a contradiction that is told at a field which is not shown when it holds."""
    field = form.fields.get(against.at)
    if field and field.when and _clash(draft, form, against.when, field.when):
        message = f"这条矛盾在“{field.title}”旁边提示，而到那时它不显示，填表的人看不到"
        draft.error(f"form:{form.id}", path, "CONTRADICTION_HIDDEN", message, "请改写 at，用那时显示的一项")
