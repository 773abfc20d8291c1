"""Duties in sentences."""

from collections.abc import Iterator
from dataclasses import replace

from xunfang.rulebook.model import Duty, Rulebook, Sample, Stratum
from xunfang.rules.describe.conditions import condition_words, field_of
from xunfang.rules.describe.fills import fills_words
from xunfang.rules.describe.lines import Line, basis_text, line
from xunfang.rules.describe.rhythms import event_words, rhythm_lines
from xunfang.rules.describe.words import (
    COVERS,
    EVENTS,
    EVERY,
    LEVELS,
    ON_HOLIDAY,
    drawn_per,
    drawn_words,
    due_words,
    each_unit_words,
    limit_words,
    sample_words,
)
from xunfang.rules.occasions import draws_cases
from xunfang.rules.quotas import quota_words
from xunfang.rules.standing_in import stand_ins
from xunfang.worktime import Every


def lines(rulebook: Rulebook) -> Iterator[Line]:
    """Yield every duty: who owes what to whom, how often and by when; it cites the clauses of its strata as well."""
    for duty in rulebook.duties.values():
        told = line(rulebook, duty.id, _duty(rulebook, duty), duty.basis)
        others = (clause for stratum in _strata(duty) for clause in stratum.basis.cites)
        yield replace(told, cites=tuple(dict.fromkeys((*told.cites, *others))))
        yield from rhythm_lines(rulebook, duty)


def _strata(duty: Duty) -> tuple[Stratum, ...]:
    return duty.sample.strata if duty.sample else ()


def _duty(rulebook: Rulebook, duty: Duty) -> str:
    whose = each_unit_words(rulebook, duty.of)
    if duty.or_else:
        whose += f"（没有的由{each_unit_words(rulebook, duty.or_else).removeprefix('各')}承担）"
    parts = [f"{whose}{when_words(rulebook, duty)}"]
    parts.append(_what(rulebook, duty))
    parts += _terms(rulebook, duty)
    return "，".join(parts)


def _what(rulebook: Rulebook, duty: Duty) -> str:
    to = "、".join(each_unit_words(rulebook, name) for name in duty.to)
    to = f"{to}（一份同时报）" if len(duty.to) > 1 else to
    if duty.satisfied_by or not to:
        return f"开展“{duty.label}”" + (f"并报{to}" if to else "")
    covers = COVERS.get(duty.covers, "") if duty.covers else ""
    return f"向{to}报送{'' if duty.label.startswith(covers) else covers}“{duty.label}”"


def when_words(rulebook: Rulebook, duty: Duty) -> str:
    """Return how often or after what a duty is owed, and by when."""
    kind = rulebook.alerts.get(duty.while_)
    if kind:
        event = event_words(kind, duty.from_level)
        return f"在{event}启动后{limit_words(duty.limit)}" if duty.limit else f"在{event}期间{_how_often(duty)}"
    if duty.on:
        start = EVENTS.get(duty.on, "有关情形发生")
        field = (
            field_of(rulebook, duty.from_.removeprefix("answers."), _form_of(rulebook, duty)) if duty.from_ else None
        )
        start += f"（以“{field.title}”为准）" if field else ""
        if duty.sample and draws_cases(duty):
            start = f"每{drawn_per(duty.sample.per)}{start}的，次{drawn_per(duty.sample.per)}初抽取，抽取"
            return f"{start}之日起{limit_words(duty.limit)}" if duty.limit else f"{start}后"
        return f"自{start}起{limit_words(duty.limit)}" if duty.limit else f"在{start}后"
    return _how_often(duty)


def _how_often(duty: Duty) -> str:
    when = f"{EVERY[duty.every] if duty.every else '定期'}{_due(duty)}"
    return when.replace("每周周", "每周").replace("每月月", "每月")


def _due(duty: Duty) -> str:
    """Return on which day of its period a duty is due, and at what time of it: 5日前, 18:00前, 周五18:00前."""
    day = due_words(duty.due) if duty.due else "" if duty.every in (Every.DAY, None) or not duty.by else "最后一日前"
    return f"{day.removesuffix('前')}{duty.by:%H:%M}前" if duty.by else day


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
        yield _sample(rulebook, duty, duty.sample)
    if duty.form in rulebook.forms:
        yield f"填写《{rulebook.forms[duty.form].title}》"
    if duty.prefill in rulebook.ledgers:
        yield f"填报时对照“{rulebook.ledgers[duty.prefill].label}”"
    yield from fills_words(rulebook, duty)
    if duty.zero_report:
        yield "没有的也要零报告"
    yield from _besides(rulebook, duty)
    if duty.every and duty.due:
        yield ON_HOLIDAY[duty.on_holiday]


def _besides(rulebook: Rulebook, duty: Duty) -> Iterator[str]:
    """Yield what a duty of an event stands in place of, what in place of an ordinary one, and how much is done."""
    if duty.instead_of in rulebook.duties:
        yield f"期间不再报送“{rulebook.duties[duty.instead_of].label}”"
    for other in stand_ins(rulebook, duty.id):
        kind = rulebook.alerts.get(other.while_)
        event = event_words(kind, other.from_level) if kind else other.while_
        yield f"到期时{event}正在进行的不用报，以“{other.label}”代替"
    if duty.quota:
        yield f"{quota_words(rulebook, duty, duty.quota)}，没有做足的在最后一期补足"


def _sample(rulebook: Rulebook, duty: Duty, sample: Sample) -> str:
    """Return what is drawn: of each stratum, of the rest, and how many at least in each division and in all."""
    rest = sample_words(sample.ratio, sample.per, sample.minimum)
    layers = [_stratum(rulebook, duty, each) for each in sample.strata]
    told = "；".join([f"分层抽查：{layers[0]}", *layers[1:], f"其余的{rest}"]) if layers else rest
    least = [f"每个{LEVELS[level]}不少于{count}件" for level, count in sample.at_least]
    return "，".join([told, *least])


def _stratum(rulebook: Rulebook, duty: Duty, stratum: Stratum) -> str:
    when, own = condition_words(rulebook, stratum.when), stratum.basis != duty.basis
    drawn = f"抽取{stratum.count}件" if stratum.count else drawn_words(stratum.ratio)
    return f"{when}的，{drawn}{basis_text(rulebook, stratum.basis) if own else ''}"
