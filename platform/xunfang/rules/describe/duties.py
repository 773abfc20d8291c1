"""Duties in sentences."""

from collections.abc import Iterator

from xunfang.rulebook.model import Duty, Rulebook
from xunfang.rules.describe.conditions import condition_words, field_of
from xunfang.rules.describe.lines import Line, line
from xunfang.rules.describe.rhythms import level_words, rhythm_lines
from xunfang.rules.describe.words import (
    COVERS,
    EVENTS,
    EVERY,
    ON_HOLIDAY,
    due_words,
    each_unit_words,
    limit_words,
    sample_words,
)


def lines(rulebook: Rulebook) -> Iterator[Line]:
    """Yield every duty: who owes what to whom, how often and by when."""
    for duty in rulebook.duties.values():
        yield line(rulebook, duty.id, _duty(rulebook, duty), duty.basis)
        yield from rhythm_lines(rulebook, duty)


def _duty(rulebook: Rulebook, duty: Duty) -> str:
    parts = [f"{each_unit_words(rulebook, duty.of)}{when_words(rulebook, duty)}"]
    parts.append(_what(rulebook, duty))
    parts += _terms(rulebook, duty)
    return "，".join(parts)


def _what(rulebook: Rulebook, duty: Duty) -> str:
    to = each_unit_words(rulebook, duty.to) if duty.to else ""
    if duty.satisfied_by or not to:
        return f"开展“{duty.label}”" + (f"并报{to}" if to else "")
    covers = COVERS.get(duty.covers, "") if duty.covers else ""
    return f"向{to}报送{'' if duty.label.startswith(covers) else covers}“{duty.label}”"


def when_words(rulebook: Rulebook, duty: Duty) -> str:
    """Return how often or after what a duty is owed, and by when."""
    kind = rulebook.alerts.get(duty.while_)
    if kind:
        return f"在{level_words(kind, duty.from_level)}应急响应期间{_how_often(duty)}"
    if duty.on:
        start = EVENTS.get(duty.on, "有关情形发生")
        field = (
            field_of(rulebook, duty.from_.removeprefix("answers."), _form_of(rulebook, duty)) if duty.from_ else None
        )
        start += f"（以“{field.title}”为准）" if field else ""
        return f"自{start}起{limit_words(duty.limit)}" if duty.limit else f"在{start}后"
    return _how_often(duty)


def _how_often(duty: Duty) -> str:
    if duty.while_ and duty.limit:
        return f"启动后{limit_words(duty.limit)}"
    when = f"{EVERY[duty.every] if duty.every else '定期'}{due_words(duty.due) if duty.due else ''}"
    return when.replace("每周周", "每周").replace("每月月", "每月")


def _form_of(rulebook: Rulebook, duty: Duty) -> str:
    return rulebook.feeds[duty.feed].row_form if duty.feed in rulebook.feeds else duty.form


def _terms(rulebook: Rulebook, duty: Duty) -> Iterator[str]:
    if duty.for_ is not None:
        yield f"适用于{condition_words(rulebook, duty.for_)}的对象"
    if duty.satisfied_by and (duty.every or not duty.rhythms):
        yield f"每期至少{duty.at_least}次"
    if duty.rhythms:
        yield "频次按对象、地方和时段分类从严"
    if duty.collects in rulebook.duties:
        yield f"在“{rulebook.duties[duty.collects].label}”报齐或逾期后汇总"
    if duty.sample:
        yield sample_words(duty.sample.ratio, duty.sample.per, duty.sample.minimum)
    if duty.form in rulebook.forms:
        yield f"填写《{rulebook.forms[duty.form].title}》"
    if duty.prefill in rulebook.ledgers:
        yield f"数据从“{rulebook.ledgers[duty.prefill].label}”带出"
    if duty.zero_report:
        yield "没有的也要零报告"
    if duty.every and duty.due:
        yield ON_HOLIDAY[duty.on_holiday]
