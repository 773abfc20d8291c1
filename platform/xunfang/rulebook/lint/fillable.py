"""Fields that nobody could fill in: too short for a number of their kind, or for their own options."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from xunfang.division import digits_of
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.model import Field, IntakeForm
from xunfang.rulebook.positions import Path

_LENGTHS = {
    "resident-id": (18, "身份证号有18位"),
    "identity-paper": (18, "身份证号有18位"),
    "phone": (11, "手机号码有11位"),
    "date": (10, "日期有10位，如 2026-01-01"),
    "moment": (19, "时间有19位，如 2026-01-01T10:00:00"),
}


def lint(draft: Draft) -> None:
    """Note every field, in rows too, that leaves no room for what belongs in it."""
    for form in draft.rules.forms.values():
        for path, field in _fields(form):
            _too_short(draft, f"form:{form.id}", path, field)
            _option_unfit(draft, f"form:{form.id}", path, field)


def _fields(form: IntakeForm) -> Iterator[tuple[Path, Field]]:
    for name, field in form.fields.items():
        path: Path = ("properties", name)
        yield path, field
        if field.row:
            yield from (((*path, "items", "properties", each), of) for each, of in field.row.fields.items())


def _too_short(draft: Draft, part: str, path: Path, field: Field) -> None:
    needed, why = _needed(field)
    if field.schema.get("maxLength", needed) < needed:
        hint = f'请写 "maxLength": {needed}'
        draft.error(part, (*path, "maxLength"), "SIZE_TOO_SMALL", f"{why}，填不下", hint)


def _needed(field: Field) -> tuple[int, str]:
    """Return how many characters a field must have room for, and why."""
    if field.kind == "division":
        digits = digits_of(field.level or "village")
        return digits, f"区划代码有{digits}位"
    return _LENGTHS.get(field.kind, (0, ""))


def _option_unfit(draft: Draft, part: str, path: Path, field: Field) -> None:
    if field.kind not in {"choice", "choices"}:
        return
    several = field.kind == "choices"
    bounds: Mapping[str, Any] = field.schema.get("items", {}) if several else field.schema
    options = _options(draft, field, bounds)
    if options and field.schema.get("minItems", 0) > len(options):
        message = f"至少要选 {field.schema['minItems']} 项，而选项一共只有 {len(options)} 项"
        draft.error(part, (*path, "minItems"), "BOUNDS_CROSSED", message, f"请写不大于 {len(options)} 的数")
    if unfit := next((label for word, label in options.items() if not _fits(word, bounds)), ""):
        message = f"选项“{unfit}”不合这个字段自己的长度或格式，选了也提交不了"
        draft.error(part, path, "OPTION_UNFIT", message, "有选项的字段不用写 minLength、maxLength 和 pattern，请删去")


def _options(draft: Draft, field: Field, bounds: Mapping[str, Any]) -> dict[str, str]:
    """Return the options of a field with their labels."""
    if field.list in draft.rules.lists:
        return {entry.id: entry.label for entry in draft.rules.lists[field.list].entries.values()}
    listed = bounds.get("enum")
    return {str(word): str(word) for word in listed} if isinstance(listed, (list, tuple)) else {}


def _fits(word: str, bounds: Mapping[str, Any]) -> bool:
    long_enough = bounds.get("minLength", 0) <= len(word) <= bounds.get("maxLength", len(word))
    return long_enough and bool(re.search(bounds.get("pattern", ""), word))
