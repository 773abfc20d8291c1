"""How often who is visited, in sentences: the rhythms of a duty, what counts instead, and what binds for somebody."""

from collections.abc import Iterator

from xunfang.rulebook.model import AlertKind, Duty, Equivalent, Rhythm, Rulebook
from xunfang.rules.describe.conditions import condition_words
from xunfang.rules.describe.lines import Line, line
from xunfang.rules.describe.words import EVERY
from xunfang.rules.rhythms import Ask, Bound, Count, Passed
from xunfang.worktime import Every


def rhythm_lines(rulebook: Rulebook, duty: Duty) -> Iterator[Line]:
    """Yield each rhythm of a duty, and each way of visiting that counts instead."""
    for nth, rhythm in enumerate(duty.rhythms, 1):
        text = f"“{duty.label}”对{whom_words(rulebook, rhythm)}{how_often(rhythm.every, rhythm.at_least)}"
        basis = Ask(duty, rhythm.every, rhythm.at_least, nth).basis
        yield line(rulebook, f"{duty.id}.rhythms.{nth}", f"{text}；几项频次同时适用的，从严", basis)
    for nth, equivalent in enumerate(duty.equivalents, 1):
        text = f"“{duty.label}”{_share_words(rulebook, duty, equivalent)}"
        yield line(rulebook, f"{duty.id}.equivalents.{nth}", text, equivalent.basis)


def whom_words(rulebook: Rulebook, rhythm: Rhythm) -> str:
    """Return for whom, where and when a rhythm holds."""
    parts = []
    if rhythm.while_ in rulebook.alerts:
        parts.append(f"{event_words(rulebook.alerts[rhythm.while_], rhythm.from_level)}期间")
    if rhythm.season:
        parts.append(f"{rhythm.season.name}期间")
    if rhythm.places:
        parts.append("、".join(rulebook.divisions.name(code) for code in rhythm.places))
    if rhythm.for_ is not None:
        parts.append(condition_words(rulebook, rhythm.for_))
    return f"{'，'.join(parts)}的对象" if parts else "全部对象"


def event_words(kind: AlertKind, from_level: str) -> str:
    """Return an event at a level, or above it, as people say it: 寒潮应急响应（橙色预警及以上）."""
    level = kind.labels.get(from_level, "")
    above = "及以上" if from_level != kind.levels[-1] else ""
    return f"{kind.response}（{level}{above}）" if level else kind.response


def how_often(every: Every, at_least: int) -> str:
    """Return how often something is done, such as 每周至少2次."""
    return f"{EVERY[every]}至少{at_least}次"


def _share_words(rulebook: Rulebook, duty: Duty, equivalent: Equivalent) -> str:
    ways = "、".join(_way(rulebook, duty, way) for way in equivalent.by)
    limit = f"，每{equivalent.of}次走访中至多{equivalent.at_most}次" if equivalent.of else ""
    return f"可以用“{ways}”折抵{limit}"


def _way(rulebook: Rulebook, duty: Duty, way: str) -> str:
    form = rulebook.forms.get(duty.satisfied_by)
    field = form.fields.get(duty.way) if form else None
    entries = rulebook.lists.get(field.list) if field else None
    return entries.label(way) if entries else way


def bound_words(rulebook: Rulebook, bound: Bound) -> str:
    """Return what binds for somebody and why, and what counts as done by it."""
    ask = bound.ask
    said = f"按“{ask.duty.label}”{_which(rulebook, ask)}{how_often(ask.every, ask.at_least)}"
    if not bound.others:
        return said
    others = "、".join(
        f"“{other.duty.label}”{_which(rulebook, other)}{how_often(other.every, other.at_least)}"
        for other in bound.others
    )
    return f"{said}，最严；{others}，一并视为完成"


def _which(rulebook: Rulebook, ask: Ask) -> str:
    return f"（{whom_words(rulebook, ask.rhythm)}）" if ask.rhythm else ""


def passed_words(rulebook: Rulebook, duty: Duty, passed: Passed) -> str:
    """Return why a visit does not count."""
    day = f"{passed.visit.on:%-m月%-d日}"
    way = _way(rulebook, duty, passed.visit.way)
    if not passed.visit.way:
        return f"{day}没有写明走访方式，不计入"
    if passed.used_up is None:
        return f"{day}“{way}”不能折抵走访，不计入"
    return f"{day}“{way}”不计入：{_share_words(rulebook, duty, passed.used_up)}，已经用完"


def count_words(rulebook: Rulebook, duty: Duty, count: Count) -> tuple[str, ...]:
    """Return why each visit does not count that does not, in the order of their days."""
    return tuple(passed_words(rulebook, duty, passed) for passed in count.passed)
