"""Notices, ledgers, indicators and programmes in sentences."""

from collections.abc import Iterator

from xunfang.rulebook.model import Indicator, Ledger, NoticeKind, Programme, Rulebook
from xunfang.rules.describe.conditions import condition_words
from xunfang.rules.describe.facts import of_subject
from xunfang.rules.describe.lines import Line, line
from xunfang.rules.describe.words import EVERY, LAYOUTS, LEVELS, SUBJECTS, each_unit_words, unit_words
from xunfang.rules.units import document_word


def notices(rulebook: Rulebook) -> Iterator[Line]:
    """Yield every kind of notice: its frame, number, signature and seal."""
    for notice in rulebook.notices.values():
        yield line(rulebook, notice.id, _notice(rulebook, notice), notice.basis)


def _notice(rulebook: Rulebook, notice: NoticeKind) -> str:
    parts = [f"{notice.label}按{LAYOUTS.get(notice.layout, '公文')}格式印制"]
    if notice.number:
        number = notice.number.replace("{unit}", _word(rulebook, notice)).replace("{year}", "××××").replace("{n}", "×")
        parts.append(f"文号为“{number}”，按年连续编号、不留空号")
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


def ledgers(rulebook: Rulebook) -> Iterator[Line]:
    """Yield every ledger: what it lists and its columns."""
    for ledger in rulebook.ledgers.values():
        yield line(rulebook, ledger.id, _ledger(rulebook, ledger), ledger.basis)


def _ledger(rulebook: Rulebook, ledger: Ledger) -> str:
    where = condition_words(rulebook, of_subject(ledger.where, ledger.of))
    text = f"{ledger.label}按{SUBJECTS.get(ledger.of, '事项')}逐条登记"
    text += f"（{where}的）" if where else ""
    heads = [column.label for column in ledger.columns if column.label]
    return f"{text}，列为{'、'.join(heads)}" if heads else text


def indicators(rulebook: Rulebook) -> Iterator[Line]:
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


def programmes(rulebook: Rulebook) -> Iterator[Line]:
    """Yield every programme: who decides, with which form, by which flow."""
    for programme in rulebook.programmes.values():
        yield line(rulebook, programme.id, _programme(rulebook, programme), programme.basis)


def _programme(rulebook: Rulebook, programme: Programme) -> str:
    text = f"“{programme.label}”由{_decider(rulebook, programme.decided_by)}审核确认"
    form = rulebook.forms.get(programme.applies_with)
    flow = rulebook.flows.get(programme.flow)
    text += f"，凭《{form.title}》申请" if form else ""
    return f"{text}，按“{flow.label}”流程办理" if flow else text


def _decider(rulebook: Rulebook, decided_by: str) -> str:
    return LEVELS.get(decided_by) or (unit_words(rulebook, decided_by) if decided_by else "主管部门")
