"""Which facts a condition may read, and whether the words it compares them with exist."""

from collections.abc import Iterable, Mapping

from xunfang.rulebook.acts import FACT_ROOTS
from xunfang.rulebook.conditions import OPERATORS, facts_of, tests_of
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.model import Condition, Field, IntakeForm, Operator, Test
from xunfang.rulebook.positions import Path


def check_condition(
    draft: Draft, part: str, path: Path, condition: Condition | None, form: IntakeForm | None = None
) -> None:
    """Note facts that nothing supplies, and list entries that do not exist. With a form, only its fields count."""
    if condition is None:
        return
    forms = [form] if form else list(draft.forms.values())
    for fact in dict.fromkeys(facts_of(condition)):
        if not _is_known(draft, fact, forms):
            _note_unknown(draft, part, path, fact, forms)
    for test in tests_of(condition):
        _check_words(draft, part, path, test, forms)


def _note_unknown(draft: Draft, part: str, path: Path, fact: str, forms: list[IntakeForm]) -> None:
    root, _, name = fact.partition(".")
    if name and any(root in form.fields for form in forms):
        message, hint = f"“{root}”后面的“{name}”不是比较方式", did_you_mean(name, OPERATORS)
        draft.error(part, path, "OPERATOR_UNKNOWN", message, hint)
        return
    if not name:
        known = {field for form in forms for field in form.fields}
        where = f"表单“{forms[0].title}”" if len(forms) == 1 else "任何表单"
        named = {field.title: name for form in forms for name, field in form.fields.items()}
        hint = _by_label(fact, named) or did_you_mean(fact, known)
        draft.error(part, path, "FACT_UNKNOWN", f"条件中的“{fact}”不是{where}的字段", hint)
        return
    names = {field for form in forms for field in form.fields} if root == "answers" else known_facts(draft, root)
    hint = did_you_mean(fact, {f"{root}.{item}" for item in names}) if names else did_you_mean(root, FACT_ROOTS)
    draft.error(part, path, "FACT_UNKNOWN", f"条件中的“{fact}”没有任何来源", hint)


def _is_known(draft: Draft, fact: str, forms: Iterable[IntakeForm]) -> bool:
    root, _, name = fact.partition(".")
    if not name or root == "answers":
        return any((name or root) in form.fields for form in forms)
    return name in known_facts(draft, root)


def known_facts(draft: Draft, root: str) -> set[str]:
    """Return the names that may stand behind a root such as `task.`: the engine's own and those its forms answer."""
    if root == "computed":
        return {computed.name for form in draft.forms.values() for computed in form.computed}
    if root == "standards":
        return set(draft.info.standards)
    answered = {name for form in _forms_behind(draft, root) for name in form.fields}
    return answered | FACT_ROOTS.get(root, frozenset())


def _forms_behind(draft: Draft, root: str) -> list[IntakeForm]:
    names = sorted(form_names(draft).get(root, ()))
    return [draft.forms[name] for name in names if name in draft.forms]


def form_names(draft: Draft) -> dict[str, set[str]]:
    """Return the forms whose answers stand behind each root, as the rules name them, existing or not."""
    flows, duties = draft.flows.values(), draft.duties.values()
    return {
        "clue": {form for flow in flows for form in flow.opens_on},
        "task": {state.form for flow in flows for state in flow.states.values() if state.form},
        "visit": {duty.satisfied_by for duty in duties if duty.satisfied_by},
        "duty": {duty.form for duty in duties if duty.form},
    }


def _check_words(draft: Draft, part: str, path: Path, test: Test, forms: Iterable[IntakeForm]) -> None:
    name = test.path.removeprefix("answers.")
    fields = [form.fields[name] for form in forms if name in form.fields]
    _check_kind(draft, part, path, test, fields)
    lists = {field.list for field in fields if field.list in draft.lists}
    if not lists or len(lists) < len({field.list for field in fields}):
        _check_plain(draft, part, path, test, fields)
        return
    known = {entry for list_id in lists for entry in draft.lists[list_id].entries}
    words = test.value if isinstance(test.value, tuple) else (test.value,)
    for word in words:
        if isinstance(word, str) and word not in known:
            message = f"“{test.path}”的选项中没有“{word}”"
            entries = [entry for list_id in lists for entry in draft.lists[list_id].entries.values()]
            hint = _by_label(word, {entry.label: entry.id for entry in entries}) or did_you_mean(word, known)
            draft.error(part, path, "NAME_UNKNOWN", message, hint)


def _by_label(word: str, ids: Mapping[str, str]) -> str:
    """Return the hint for somebody who wrote what a thing is called where its id belongs, "" for any other word."""
    return f"“{word}”的编号是 {ids[word]}，请写编号" if word in ids else ""


_TAKES_NUMBERS = {Operator.AT_LEAST, Operator.AT_MOST, Operator.ABOVE, Operator.BELOW}


def _check_kind(draft: Draft, part: str, path: Path, test: Test, fields: list[Field]) -> None:
    kinds = {field.kind for field in fields}
    if kinds == {"choices"} and test.operator in {Operator.IS, Operator.IS_NOT, Operator.IN}:
        word = test.value[0] if isinstance(test.value, tuple) and test.value else test.value
        message = f"“{test.path}”可以选多项，不能用“{test.operator}”比较"
        draft.error(part, path, "CONDITION_VALUE", message, f'请写 {test.path}.any = ["{word}"]')
    if kinds and not kinds & {"integer", "number"} and test.operator in _TAKES_NUMBERS:
        message = f"“{test.path}”不是数字，不能用“{test.operator}”比较"
        draft.error(part, path, "CONDITION_VALUE", message)


def _check_plain(draft: Draft, part: str, path: Path, test: Test, fields: list[Field]) -> None:
    if any(field.kind == "boolean" for field in fields) and isinstance(test.value, str):
        message = f"“{test.path}”是“是/否”字段，不能与文字“{test.value}”比较"
        draft.error(part, path, "CONDITION_VALUE", message, "请写 true 或 false，不加引号")
