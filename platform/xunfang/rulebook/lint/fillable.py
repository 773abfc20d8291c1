"""Fields that nobody could fill in: too short for a number of their kind or their options, dates without a day."""

import re
from collections.abc import Mapping
from typing import Any

from xunfang.division import digits_of
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.fields import TODAY, is_day
from xunfang.rulebook.lint.personal import every_field
from xunfang.rulebook.model import Field
from xunfang.rulebook.patterns import lengths_of
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
        for path, field in every_field(form):
            _too_short(draft, f"form:{form.id}", path, field)
            _pattern_unfit(draft, f"form:{form.id}", path, field)
            _option_unfit(draft, f"form:{form.id}", path, field)
            _no_day_between(draft, f"form:{form.id}", path, field)


def _too_short(draft: Draft, part: str, path: Path, field: Field) -> None:
    needed, why = _needed(field)
    if field.schema.get("maxLength", needed) < needed:
        hint = f'请写 "maxLength": {needed}'
        draft.error(part, (*path, "maxLength"), "SIZE_TOO_SMALL", f"{why}，填不下", hint)


def _no_day_between(draft: Draft, part: str, path: Path, field: Field) -> None:
    """Note a date that may not be before one day and not after an earlier one."""
    first, last = field.not_before, field.not_after
    if is_day(first) and is_day(last) and last < first:
        message, hint = f"“{field.title}”不能早于 {first}，又不能晚于 {last}，没有能填的日子", "请核对这两个日子"
        draft.error(part, (*path, "x-not-after"), "BOUNDS_CROSSED", message, hint)
    elif first == TODAY and is_day(last):
        message = f"“{field.title}”不能早于填表当日，又不能晚于 {last}：过了这一天就没有能填的日子"
        draft.findings.warning(draft.parts[part], (*path, "x-not-after"), "BOUNDS_CROSSED", message, "请核对这两个日子")
    elif is_day(first) and last == TODAY and first > f"{draft.rules.calendar.last_published}-12-31":
        message, hint = f"“{field.title}”不能早于 {first}，又不能晚于填表当日，到那以前没有能填的日子", "请核对年份"
        draft.error(part, (*path, "x-not-before"), "BOUNDS_CROSSED", message, hint)


def _needed(field: Field) -> tuple[int, str]:
    """Return how many characters a field must have room for, and why."""
    if field.kind == "division":
        digits = digits_of(field.level or "village")
        return digits, f"区划代码有{digits}位"
    return _LENGTHS.get(field.kind, (0, ""))


def _pattern_unfit(draft: Draft, part: str, path: Path, field: Field) -> None:
    """Note a text whose format and whose length leave nothing that meets both."""
    pattern = field.schema.get("pattern")
    if not pattern or field.kind in {"choice", "choices"}:
        return
    least, most = field.schema.get("minLength"), field.schema.get("maxLength")
    shortest, longest = lengths_of(pattern)
    if most is not None and shortest > most:
        message = f"格式 {pattern} 至少有{shortest}个字，而最多只能填{most}个字，填不了"
        draft.error(part, (*path, "maxLength"), "PATTERN_UNFIT", message, f'请写 "maxLength": {shortest}，或者改格式')
    if least is not None and longest < least:
        message = f"格式 {pattern} 至多有{longest:g}个字，而至少要填{least}个字，填不了"
        draft.error(part, (*path, "minLength"), "PATTERN_UNFIT", message, "请删去 minLength，或者改格式")


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
