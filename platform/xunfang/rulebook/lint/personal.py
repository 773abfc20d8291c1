"""What forms ask about a person: numbers that would lie open for all, and answers taken for what they are not."""

from collections.abc import Iterator

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.model import Field, IntakeForm
from xunfang.rulebook.positions import Path

_SECRET = {"resident-id": "identity", "identity-paper": "identity", "phone": "phone"}
_TOLD_BY = {
    "id_number": ({"resident-id", "identity-paper"}, '证件号码写 "format": "resident-id" 或 "identity-paper"'),
    "phone": ({"phone"}, '电话写 "format": "phone"'),
    "residence": ({"division"}, '居住地写 "format": "division"'),
    "registration": ({"division"}, '户籍地写 "format": "division"'),
    "name": ({"text"}, '姓名写 "type": "string"，不用选项和长文字'),
    "sex": ({"choice"}, '性别写 "x-list": "sex"'),
    "birth_on": ({"date"}, '出生日期写 "format": "date"'),
}
"""Of what kind a field must be that tells something of a person, and how that is written."""


def lint(draft: Draft) -> None:
    """Note numbers of people that are not kept sealed, and fields that cannot tell what they are said to."""
    for form in draft.rules.forms.values():
        for path, field in every_field(form):
            _open_to_all(draft, form, path, field)
        _of_another_kind(draft, form)


def every_field(form: IntakeForm) -> Iterator[tuple[Path, Field]]:
    """Yield every field of a form and every column of its rows, with its place."""
    for name, field in form.fields.items():
        path: Path = ("properties", name)
        yield path, field
        if field.row:
            yield from (((*path, "items", "properties", each), of) for each, of in field.row.fields.items())


def _open_to_all(draft: Draft, form: IntakeForm, path: Path, field: Field) -> None:
    wanted = _SECRET.get(field.kind)
    if wanted and not field.sensitive:
        message = f"“{field.title}”没有写 x-sensitive，会不加密存放，看得到个案的人都看得到全文"
        draft.error(f"form:{form.id}", path, "SENSITIVE_MISSING", message, f'请补上 "x-sensitive": "{wanted}"')


def _of_another_kind(draft: Draft, form: IntakeForm) -> None:
    for use, name in form.person.items():
        kinds, hint = _TOLD_BY.get(use, (set[str](), ""))
        field = form.fields.get(name)
        if field and kinds and field.kind not in kinds:
            message = f"x-person 的 {use} 指向“{field.title}”，而它填的不是这样的内容，不核对、也认不出人"
            draft.error(f"form:{form.id}", ("x-person", use), "PERSON_FIELD_UNFIT", message, hint)
