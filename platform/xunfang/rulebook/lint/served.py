"""Divisions that the unit of another one serves: there must be such, served once, with no unit of their own."""

from collections.abc import Iterator

from xunfang.division import DivisionTree
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.model import Unit
from xunfang.rulebook.positions import Path


def lint(draft: Draft, divisions: DivisionTree) -> None:
    """Note what of the divisions that units serve cannot be meant."""
    for unit in draft.rules.units.values():
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


def _served(unit: Unit) -> Iterator[tuple[str, str, Path]]:
    """Yield the instance, each division it serves, and where that is written."""
    for code, each in unit.instances.items():
        yield from ((each.label or code, place, (unit.id, "instances", code, "serves")) for place in each.serves)


def _other(unit: Unit, code: str, seen: dict[str, str]) -> str:
    own = unit.instances.get(code)
    return seen.get(code, "") or ((own.label or "它自己的单位") if own else "")
