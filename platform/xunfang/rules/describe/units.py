"""Units in sentences."""

from collections.abc import Iterator

from xunfang.rulebook.model import Rulebook, Unit
from xunfang.rules.describe.lines import Line, line, united
from xunfang.rules.describe.off_hours import off_hours_lines
from xunfang.rules.describe.words import ACTS, LEVELS, each_unit_words, office_words


def lines(rulebook: Rulebook) -> Iterator[Line]:
    """Yield every unit: how many there are, who stands above it, what it may do."""
    for unit in rulebook.units.values():
        offices = (unit.office_basis, *(each.office_basis for each in unit.instances.values()))
        yield line(rulebook, unit.id, _unit(rulebook, unit), united(unit.basis, *offices))
        yield from off_hours_lines(rulebook, f"{unit.id}.off_hours", each_unit_words(rulebook, unit.id), unit.off_hours)


def _unit(rulebook: Rulebook, unit: Unit) -> str:
    text = unit.label.replace("{division}", "") or LEVELS.get(unit.per, "")
    if unit.per:
        text = f"每个{LEVELS[unit.per]}设{text}"
    above = rulebook.units.get(unit.superior)
    if above:
        text += f"，上级为{_above(above)}"
    if unit.may:
        text += f"，只办理{'、'.join(ACTS[act] for act in unit.may)}"
    for each in unit.instances.values():
        places = "、".join(rulebook.divisions.name(place) for place in each.serves)
        text += f"，{each.label or rulebook.divisions.name(each.division)}还承办{places}的任务" if places else ""
    text += _hours(rulebook, unit)
    if unit.external:
        text += "，不使用本系统，任务以纸质文书送达，由经办人代为反馈"
    for name, until in unit.formerly:
        text += f"，{until.year}年{until.month}月{until.day}日前称{name.replace('{division}', '')}"
    return text


def _hours(rulebook: Rulebook, unit: Unit) -> str:
    text = f"，办公时间为{office_words(unit.office)}" if unit.office else ""
    for each in unit.instances.values():
        if each.office:
            name = each.label or rulebook.divisions.name(each.division)
            text += f"，其中{name}的办公时间为{office_words(each.office)}"
    return text


def _above(unit: Unit) -> str:
    return unit.label.replace("{division}", f"所属{LEVELS[unit.per]}" if unit.per else "")
