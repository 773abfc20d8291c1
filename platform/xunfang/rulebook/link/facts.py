"""Which facts a condition may read, and whether the words it compares them with exist."""

from collections.abc import Iterable

from xunfang.rulebook.acts import FACT_ROOTS
from xunfang.rulebook.conditions import facts_of, tests_of
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.model import Condition, Field, IntakeForm, Test
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
            known = {name for item in forms for name in item.fields}
            draft.error(part, path, "FACT_UNKNOWN", f"条件中的“{fact}”不是任何表单的字段", did_you_mean(fact, known))
    for test in tests_of(condition):
        _check_words(draft, part, path, test, forms)


def _is_known(draft: Draft, fact: str, forms: Iterable[IntakeForm]) -> bool:
    root, _, name = fact.partition(".")
    if not name or root == "answers":
        return any((name or root) in form.fields for form in forms)
    if root == "computed":
        return any(name == computed.name for form in draft.forms.values() for computed in form.computed)
    if root == "standards":
        return name in draft.info.standards
    return name in FACT_ROOTS.get(root, ())


def _check_words(draft: Draft, part: str, path: Path, test: Test, forms: Iterable[IntakeForm]) -> None:
    name = test.path.removeprefix("answers.")
    fields = [form.fields[name] for form in forms if name in form.fields]
    lists = {field.list for field in fields if field.list in draft.lists}
    if not lists or len(lists) < len({field.list for field in fields}):
        _check_plain(draft, part, path, test, fields)
        return
    known = {entry for list_id in lists for entry in draft.lists[list_id].entries}
    words = test.value if isinstance(test.value, tuple) else (test.value,)
    for word in words:
        if isinstance(word, str) and word not in known:
            message = f"“{test.path}”的选项中没有“{word}”"
            draft.error(part, path, "NAME_UNKNOWN", message, did_you_mean(word, known))


def _check_plain(draft: Draft, part: str, path: Path, test: Test, fields: list[Field]) -> None:
    if any(field.kind == "boolean" for field in fields) and isinstance(test.value, str):
        message = f"“{test.path}”是“是/否”字段，不能与文字 {test.value!r} 比较"
        draft.error(part, path, "CONDITION_VALUE", message, "请写 true 或 false，不加引号")
