"""Which facts a condition may read, and whether the words it compares them with exist."""

from collections.abc import Iterable, Mapping, Set
from typing import TYPE_CHECKING

from xunfang.rulebook.acts import FACT_ROOTS, SEEN_FROM
from xunfang.rulebook.conditions import OPERATORS, Condition, FactRef, Operator, Test, facts_of, tests_of
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.fields import Field, IntakeForm
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.positions import Path

if TYPE_CHECKING:  # flows ask here which facts there are
    from xunfang.rulebook.kinds.flows import Flow


def check_condition(
    draft: Draft, part: str, path: Path, condition: Condition | None, form: "IntakeForm | None" = None
) -> None:
    """Note facts that nothing supplies, and list entries that do not exist.

    With a form, as for what it shows, only its fields count, and no column of its rows.
    """
    if condition is None:
        return
    forms = [form] if form else list(draft.rules.forms.values())
    columns = {} if form else {fact: column for each in forms for fact, column in each.columns.items()}
    days = {test.value.on for test in tests_of(condition) if isinstance(test.value, FactRef)}
    for fact in dict.fromkeys(facts_of(condition)):
        asked = list(draft.rules.forms.values()) if fact in days else forms  # a day may be that of an earlier form
        if fact not in columns and not _is_known(draft, fact, asked):
            _note_unknown(draft, part, path, fact, asked)
    for test in tests_of(condition):
        _check_words(draft, part, path, test, forms)
        if test.path in _ENTITLED:
            _check_ids(draft, part, path, test, "programmes")
        if test.path in columns and test.operator not in _READS_COLUMNS:
            message = f"“{test.path}”有若干行，不能用“{test.operator}”比较"
            draft.error(part, path, "CONDITION_VALUE", message, f"请写 {test.path}.any = [...]，任一行符合即可")


_ENTITLED = frozenset({"person.entitled", "household.entitled"})
"""Facts that hold ids of programmes."""

_READS_COLUMNS = {Operator.ANY, Operator.ALL, Operator.NONE, Operator.KNOWN}


def _note_unknown(draft: Draft, part: str, path: Path, fact: str, forms: "list[IntakeForm]") -> None:
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
    if root == "history" and not names:
        hint = f"请先在流程文件里写 [history.{name}]"
    draft.error(part, path, "FACT_UNKNOWN", f"条件中的“{fact}”没有任何来源", hint)


def _is_known(draft: Draft, fact: str, forms: "Iterable[IntakeForm]") -> bool:
    root, _, name = fact.partition(".")
    if not name or root == "answers":
        return any((name or root) in form.fields for form in forms)
    return name in known_facts(draft, root)


def known_facts(draft: Draft, root: str) -> Set[str]:
    """Return the names that may stand behind a root such as `task.`: the engine's own and those its forms answer."""
    return draft.once(("facts", root), lambda: _facts_behind(draft, root))


def _facts_behind(draft: Draft, root: str) -> Set[str]:
    if root == "computed":
        return {computed.name for form in draft.rules.forms.values() for computed in form.computed}
    if root == "standards":
        return set(draft.rules.info.standards)
    if root == "history":
        return {name for flow in draft.rules.flows.values() for name in flow.history}
    answered = {name for form in forms_behind(draft, root) for name in form.fields}
    return answered | FACT_ROOTS.get(root, frozenset())


def forms_behind(draft: Draft, root: str) -> "list[IntakeForm]":
    """Return the forms whose answers stand behind a root such as `task.`."""
    names = sorted(form_names(draft).get(root, ()))
    return [draft.rules.forms[name] for name in names if name in draft.rules.forms]


def form_names(draft: Draft) -> dict[str, set[str]]:
    """Return the forms whose answers stand behind each root, as the rules name them, existing or not."""
    flows, duties = draft.rules.flows.values(), draft.rules.duties.values()
    rows = {row.form for table in draft.rules.routing.values() for row in table.every_row}
    return {
        "clue": {form for flow in flows for form in flow.opens_on},
        "task": (rows | {state.form for flow in flows for state in flow.states.values()}) - {""},
        "visit": {duty.satisfied_by for duty in duties if duty.satisfied_by},
        "duty": {duty.form for duty in duties if duty.form},
    }


def row_forms(draft: Draft, flow: "Flow") -> set[str]:
    """Return the forms that the rows of a flow's tables ask of their leads instead of the state's own."""
    tables = {state.routes_by for state in flow.states.values()} & draft.rules.routing.keys()
    return {row.form for name in tables for row in draft.rules.routing[name].every_row} - {""}


def _check_words(draft: Draft, part: str, path: Path, test: Test, forms: "Iterable[IntakeForm]") -> None:
    name = test.path.removeprefix("answers.")
    fields = [field for form in forms if (field := form.fields.get(name) or form.columns.get(name))]
    _check_kind(draft, part, path, test, fields)
    lists = {field.list for field in fields if field.list in draft.rules.lists}
    if not lists or len(lists) < len({field.list for field in fields}):
        _check_plain(draft, part, path, test, fields)
        return
    known = {entry for list_id in lists for entry in draft.rules.lists[list_id].entries}
    words = test.value if isinstance(test.value, tuple) else (test.value,)
    for word in words:
        if isinstance(word, str) and word not in known:
            message = f"“{test.path}”的选项中没有“{word}”"
            entries = [entry for list_id in lists for entry in draft.rules.lists[list_id].entries.values()]
            hint = _by_label(word, {entry.label: entry.id for entry in entries}) or did_you_mean(word, known)
            draft.error(part, path, "NAME_UNKNOWN", message, hint)


def _by_label(word: str, ids: Mapping[str, str]) -> str:
    """Return the hint for somebody who wrote what a thing is called where its id belongs, "" for any other word."""
    return f"“{word}”的编号是 {ids[word]}，请写编号" if word in ids else ""


_TAKES_NUMBERS = {Operator.AT_LEAST, Operator.AT_MOST, Operator.ABOVE, Operator.BELOW}


def _check_kind(draft: Draft, part: str, path: Path, test: Test, fields: "list[Field]") -> None:
    kinds = {field.kind for field in fields}
    if kinds == {"choices"} and test.operator in {Operator.IS, Operator.IS_NOT, Operator.IN}:
        word = test.value[0] if isinstance(test.value, tuple) and test.value else test.value
        message = f"“{test.path}”可以选多项，不能用“{test.operator}”比较"
        draft.error(part, path, "CONDITION_VALUE", message, f'请写 {test.path}.any = ["{word}"]')
    if kinds and not kinds & {"integer", "number"} and test.operator in _TAKES_NUMBERS:
        message = f"“{test.path}”不是数字，不能用“{test.operator}”比较"
        draft.error(part, path, "CONDITION_VALUE", message)


def _check_plain(draft: Draft, part: str, path: Path, test: Test, fields: "list[Field]") -> None:
    if any(field.kind == "boolean" for field in fields) and isinstance(test.value, str):
        message = f"“{test.path}”是“是/否”字段，不能与文字“{test.value}”比较"
        draft.error(part, path, "CONDITION_VALUE", message, "请写 true 或 false，不加引号")


def roots_unknown(draft: Draft) -> Set[str]:
    """Return the roots whose answers cannot be known, because a form is named that does not exist."""
    return draft.once("roots unknown", lambda: _roots_unknown(draft))


def _roots_unknown(draft: Draft) -> Set[str]:
    return {root for root, forms in form_names(draft).items() if not forms <= draft.rules.forms.keys()}


def columns_of(draft: Draft, of: str) -> Set[str]:
    """Return every column that a ledger of a kind of thing can show, besides the number of the line."""
    return draft.once(("columns", of), lambda: _columns_of(draft, of))


def _columns_of(draft: Draft, of: str) -> Set[str]:
    return {f"{root}.{name}" for root in SEEN_FROM.get(of, ()) for name in known_facts(draft, root)}


def check_selection(draft: Draft, part: str, path: Path, of: str, condition: Condition) -> None:
    """Check a condition whose bare facts are those of the thing itself: `where.flow` of a case is `case.flow`."""
    own, known = known_facts(draft, of), columns_of(draft, of)
    blind = roots_unknown(draft)
    for test in tests_of(condition):
        root = test.path.partition(".")[0] if "." in test.path else of
        if test.path in own or test.path in known:
            _check_value(draft, part, path, test, root)
        elif root not in blind:
            hint = did_you_mean(test.path, known if "." in test.path else own)
            draft.error(part, path, "FACT_UNKNOWN", f"条件中的“{test.path}”没有任何来源", hint)


def _check_value(draft: Draft, part: str, path: Path, test: Test, root: str) -> None:
    fact = test.path.rpartition(".")[2]
    if root in {"case", "task"} and fact in {"state", "outcome"}:
        _check_steps(draft, part, path, test, fact)
    elif f"{root}.{fact}" in _ENTITLED:
        _check_ids(draft, part, path, test, "programmes")
    else:
        for kind in (kind for kind in draft.kinds.values() if kind.fact == fact):
            _check_ids(draft, part, path, test, kind.id)


def _check_steps(draft: Draft, part: str, path: Path, test: Test, fact: str) -> None:
    """Note the name of a state, or of an outcome, that no flow has."""
    what = {"state": "环节", "outcome": "办理结果"}[fact]
    known = draft.once(("steps", fact), lambda: _steps(draft, fact))
    for word in (word for word in _words(test) if word not in known):
        hint = _by_label(word, {label: id for id, label in known.items()}) or did_you_mean(word, known)
        draft.error(part, path, "NAME_UNKNOWN", f"没有名为“{word}”的{what}", hint)


def _steps(draft: Draft, fact: str) -> dict[str, str]:
    """Return what every state, or every outcome, of the flows is called, by id."""
    states = [state for flow in draft.rules.flows.values() for state in flow.states.values()]
    if fact == "state":
        return {state.id: state.label for state in states}
    return {outcome.id: outcome.label for state in states for outcome in state.outcomes.values()}


def _check_ids(draft: Draft, part: str, path: Path, test: Test, kind: str) -> None:
    for word in _words(test):
        draft.check_name(part, path, word, kind)


def _words(test: Test) -> tuple[str, ...]:
    """Return the words that a fact is compared with; whether it is known asks for none."""
    if test.operator is Operator.KNOWN:
        return ()
    return tuple(map(str, test.value if isinstance(test.value, tuple) else (test.value,)))
