"""Kinds of notice in sentences."""

from collections.abc import Iterator

from xunfang.rulebook.model import NoticeKind, Rulebook
from xunfang.rules.describe.lines import Line, line
from xunfang.rules.describe.words import LAYOUTS, unit_words, units_words
from xunfang.rules.units import document_word


def lines(rulebook: Rulebook) -> Iterator[Line]:
    """Yield every kind of notice: its frame, number, signature and seal."""
    for notice in rulebook.notices.values():
        yield line(rulebook, notice.id, _notice(rulebook, notice), notice.basis)


def _notice(rulebook: Rulebook, notice: NoticeKind) -> str:
    parts = [f"{notice.label}按{LAYOUTS.get(notice.layout, '公文')}格式印制"]
    if notice.about:
        parts.append("通报各单位逾期未办结的事项，印发时告知所通报的单位")
    if notice.number:
        number = notice.number.replace("{unit}", _word(rulebook, notice)).replace("{year}", "××××").replace("{n}", "×")
        parts.append(f"文号为“{number}”，按年连续编号、不留空号")
    if notice.units:
        parts.append(f"主送{units_words(rulebook, notice.units)}，分别登记送达")
    if notice.copies:
        parts.append(f"抄送{units_words(rulebook, notice.copies)}")
    role = rulebook.roles.get(notice.signed_off_by)
    if role:
        parts.append(f"由{role.label}签发")
    if notice.seal:
        parts.append(f"加盖{unit_words(rulebook, notice.seal)}印章")
    return "，".join(parts)


def _word(rulebook: Rulebook, notice: NoticeKind) -> str:
    """Return what stands for the unit in a number: its own word, or a place left open where each division has one."""
    unit = rulebook.units.get(notice.seal)
    return "（各单位代字）" if unit and unit.per else document_word(rulebook, notice.seal)
