"""The jurisdiction, its units and roles in sentences."""

from collections.abc import Iterator

from xunfang.rulebook.model import Basis, Rulebook, Standard, Unit
from xunfang.rules.describe.lines import Line, line
from xunfang.rules.describe.words import ACTS, LEVELS
from xunfang.worktime import parse_limit

_NOTHING = Basis()
_SOFT = {"immediately": "立即", "promptly": "及时", "at-once": "第一时间", "quickly": "快速", "regularly": "定期"}


def jurisdiction(rulebook: Rulebook) -> Iterator[Line]:
    """Yield what holds for the jurisdiction as a whole: office hours, soft words, dated standards."""
    info = rulebook.info
    hours = "、".join(f"{opens:%H:%M}至{closes:%H:%M}" for opens, closes in info.office.hours)
    text = f"{info.name}的办公时间为{hours}；以工作日计的期限，到当日下班时为止"
    yield line(rulebook, "office", text, _NOTHING)
    for word, limit in info.soft.items():
        yield line(rulebook, f"soft.{word}", _soft(word, limit), _NOTHING)
    for standard in info.standards.values():
        yield line(rulebook, standard.id, _standard(standard), standard.basis)


def _soft(word: str, limit: str) -> str:
    said = f"“{_SOFT[word]}”" if word in _SOFT else "未写明期限之处"
    return f"政策文件所称{said}，本地按{parse_limit(limit).text}内掌握"


def _standard(standard: Standard) -> str:
    values = "，".join(f"自{day.year}年{day.month}月{day.day}日起为{value:g}" for day, value in standard.since)
    return f"{standard.label}：{values}"


def units(rulebook: Rulebook) -> Iterator[Line]:
    """Yield every unit: how many there are, who stands above it, what it may do."""
    for unit in rulebook.units.values():
        yield line(rulebook, unit.id, _unit(rulebook, unit), unit.basis)


def _unit(rulebook: Rulebook, unit: Unit) -> str:
    text = unit.label.replace("{division}", "") or LEVELS.get(unit.per, "")
    if unit.per:
        text = f"每个{LEVELS[unit.per]}设{text}"
    above = rulebook.units.get(unit.superior)
    if above:
        text += f"，上级为{_above(above)}"
    if unit.may:
        text += f"，只办理{'、'.join(ACTS[act] for act in unit.may)}"
    if unit.external:
        text += "，不使用本系统，任务以纸质文书送达，由经办人代为反馈"
    for name, until in unit.formerly:
        text += f"，{until.year}年{until.month}月{until.day}日前称{name.replace('{division}', '')}"
    return text


def _above(unit: Unit) -> str:
    return unit.label.replace("{division}", f"所属{LEVELS[unit.per]}" if unit.per else "")


def roles(rulebook: Rulebook) -> Iterator[Line]:
    """Yield every role with the acts it may do."""
    for role in rulebook.roles.values():
        text = f"{role.label}可以{'、'.join(ACTS[act] for act in role.may)}"
        text += "，外出时由指定的副岗代行" if role.deputy else ""
        yield line(rulebook, role.id, text, _NOTHING)
