"""The jurisdiction in sentences: office hours, soft words, dated standards."""

from collections.abc import Iterator

from xunfang.rulebook.basis import NO_BASIS
from xunfang.rulebook.model import Rulebook, Standard
from xunfang.rulebook.softness import SOFT_WORDS
from xunfang.rules.describe.lines import Line, line, united
from xunfang.rules.describe.off_hours import off_hours_lines
from xunfang.rules.describe.words import office_words
from xunfang.worktime import Limit


def lines(rulebook: Rulebook) -> Iterator[Line]:
    """Yield what holds for the jurisdiction as a whole: office hours, soft words, dated standards."""
    info = rulebook.info
    text = f"{info.name}的办公时间为{office_words(info.office)}；以工作日计的期限，到当日下班时为止"
    yield line(rulebook, "office", text, info.office_basis)
    yield from off_hours_lines(rulebook, "off_hours", "", info.off_hours)
    for word, limit in info.soft.items():
        yield line(rulebook, f"soft.{word}", _soft(word, limit), NO_BASIS)
    for standard in info.standards.values():
        yield line(
            rulebook, standard.id, _standard(standard), united(standard.basis, *(each.basis for each in standard.since))
        )


def _soft(word: str, limit: Limit) -> str:
    said = f"“{SOFT_WORDS[word]}”" if word in SOFT_WORDS else "未写明期限之处"
    return f"政策文件所称{said}，本地按{limit.text}内掌握"


def _standard(standard: Standard) -> str:
    values = "，".join(f"自{day.year}年{day.month}月{day.day}日起为{value:g}" for day, value, _ in standard.since)
    return f"{standard.label}：{values}"
