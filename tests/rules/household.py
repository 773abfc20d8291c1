"""A county's report form that asks for the members of the household row by row, for whoever tries rows out."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook

ROOT = Path(__file__).parents[2]
COUNTY = "370304-boshan"
FORM = f"forms/{COUNTY}/clue-report.json"
COLUMNS: dict[str, Any] = {
    "name": {"title": "姓名", "type": "string", "maxLength": 20},
    "relation": {"title": "与本人关系", "x-list": "relation"},
    "id_number": {"title": "证件号码", "type": "string", "format": "resident-id", "x-sensitive": "identity"},
    "studies": {"title": "是否在校", "type": "boolean"},
    "school": {
        "title": "就读学校", "type": "string", "maxLength": 50, "x-when": {"studies": True},
        "x-required-when": {"studies": True},
    },
    "income": {"title": "月收入（元）", "type": "number", "minimum": 0, "maximum": 1000000},
}  # fmt: skip
FAMILY: dict[str, Any] = {
    "title": "家庭成员", "type": "array", "maxItems": 3, "x-row": "人", "x-section": "household",
    "x-serves": ["task:handling"],
    "items": {"type": "object", "required": ["name", "relation"], "properties": COLUMNS},
}  # fmt: skip
COMPUTED = {"family_income": "sum(family.income)", "pupils": "count(family.studies)", "best": "max(family.income)"}


def files_with(family: dict[str, Any] | None = None, computed: dict[str, str] | None = None) -> dict[str, str]:
    """Return the rule files with such a field, and what is computed from it, in the report form of the county."""
    files = dict(read_files(ROOT))
    form = json.loads(files[FORM])
    form["properties"]["family"] = family or FAMILY
    form["x-computed"] = {**form.get("x-computed", {}), **(COMPUTED if computed is None else computed)}
    files[FORM] = json.dumps(form, ensure_ascii=False, indent=1)
    return files


@cache
def with_family() -> Rulebook:
    """Return the rules of the county with members of the household in its report form."""
    return compile_rulebook(files_with(), COUNTY)
