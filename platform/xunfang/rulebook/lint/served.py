"""Divisions that have a word of their own or are served by the unit of another one: there must be such, served once."""

from collections.abc import Iterator

from xunfang.division import DivisionTree, Level, digits_of
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.model import Unit
from xunfang.rulebook.positions import Path

_MOST_SHOWN = 3
_COUNTY = digits_of(Level.COUNTY)


def lint(draft: Draft, divisions: DivisionTree) -> None:
    """Note what of the divisions that units serve cannot be meant."""
    for unit in draft.rules.units.values():
        _instances_nowhere(draft, unit, divisions)
        _one_name_for_many(draft, unit, divisions)
        _divided_no_further(draft, unit, divisions)
        seen: dict[str, str] = {}
        for place, code, path in _served(unit):
            code_of = divisions.get(code)
            if code_of is None or code_of.level != unit.per:
                message, hint = f"“{code}”不是这种单位所在一级的区划", "请写 divisions.csv 中同一级区划的代码"
                draft.error("units", path, "DIVISION_UNKNOWN", message, hint)
            elif other := _other(unit, code, seen):
                message = f"{divisions.name(code)}已由{other}承办，不知道任务该进谁的待办"
                draft.error("units", path, "SERVED_TWICE", message, "一个区划只由一个单位承办，请删去一处")
            seen.setdefault(code, place)


def _instances_nowhere(draft: Draft, unit: Unit, divisions: DivisionTree) -> None:
    """Note what is said of the unit of one division, where there is no such division of its level."""
    for code in unit.instances if unit.per and any(each.level == unit.per for each in divisions) else ():
        if (found := divisions.get(code)) is None or found.level != unit.per:
            message, hint = f"没有代码为“{code}”的这一级区划，写给它的都不起作用", "请对照 divisions.csv 核对代码"
            draft.error("units", (unit.id, "instances", code), "DIVISION_UNKNOWN", message, hint)


def _one_name_for_many(draft: Draft, unit: Unit, divisions: DivisionTree) -> None:
    """Note a unit that exists once for each of several divisions, all called the same."""
    if unit.per and "{division}" not in unit.label and sum(each.level == unit.per for each in divisions) > 1:
        message = f"每个区划一个“{unit.label}”，名称都一样，选的人、收文书的人分不清"
        draft.error("units", (unit.id, "label"), "LABEL_TWICE", message, f"请写作 “{{division}}{unit.label}”")


def _divided_no_further(draft: Draft, unit: Unit, divisions: DivisionTree) -> None:
    """Note townships with no village in them, where others of their county have some and each village has a unit."""
    if unit.per != Level.VILLAGE:
        return
    townships = [each for each in divisions.of_level(Level.TOWNSHIP) if not each.since and not each.until]
    divided = {each.code[:_COUNTY] for each in townships if divisions.children(each.code)}
    bare = [each.name for each in townships if each.code[:_COUNTY] in divided and not divisions.children(each.code)]
    if bare:
        named = "、".join(bare[:_MOST_SHOWN]) + ("等" if len(bare) > _MOST_SHOWN else "")
        message = f"{named}没有一个村（社区），那里没有“{unit.anywhere}”"
        hint = "请在 divisions.csv 中补上它们的村（社区）"
        draft.findings.warning(draft.parts["units"], (unit.id, "per"), "TOWNSHIP_WITHOUT_VILLAGES", message, hint)


def _served(unit: Unit) -> Iterator[tuple[str, str, Path]]:
    """Yield the instance, each division it serves, and where that is written."""
    for code, each in unit.instances.items():
        yield from ((each.label or code, place, (unit.id, "instances", code, "serves")) for place in each.serves)


def _other(unit: Unit, code: str, seen: dict[str, str]) -> str:
    own = unit.instances.get(code)
    return seen.get(code, "") or ((own.label or "它自己的单位") if own else "")
