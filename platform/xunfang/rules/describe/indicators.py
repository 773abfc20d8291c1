"""Indicators in sentences."""

from collections.abc import Iterator

from xunfang.rulebook.model import Indicator, Rulebook
from xunfang.rules.describe.conditions import condition_words
from xunfang.rules.describe.facts import of_subject
from xunfang.rules.describe.lines import Line, line
from xunfang.rules.describe.words import EVERY, LEVELS, SUBJECTS, each_unit_words


def lines(rulebook: Rulebook) -> Iterator[Line]:
    """Yield every indicator: part over whole, for whom and which period, how scored."""
    for indicator in rulebook.indicators.values():
        yield line(rulebook, indicator.id, _indicator(rulebook, indicator), indicator.basis)


def _indicator(rulebook: Rulebook, indicator: Indicator) -> str:
    subject = SUBJECTS.get(indicator.whole.of, "事项")
    whole = condition_words(rulebook, of_subject(indicator.whole.where, indicator.whole.of))
    part = condition_words(rulebook, of_subject(indicator.part, indicator.whole.of))
    per = "、".join(_per(rulebook, each) for each in indicator.per)
    of = f"{whole}的{subject}" if whole else f"全部{subject}"
    text = f"{indicator.label}：{f'按{per}计算，' if per else ''}{of}中，{part}的占比"
    if indicator.score:
        text += f"，满分{indicator.score.points:g}分，达到{indicator.score.full_at:.0%}得满分"
    return text


def _per(rulebook: Rulebook, per: str) -> str:
    return each_unit_words(rulebook, per) if per in rulebook.units else EVERY.get(per, LEVELS.get(per, "期"))
