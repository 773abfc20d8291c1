"""Columns of rows that changed, told one by one beside the sentence of their field: 增加一列“联系电话”."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from xunfang.rulebook.differences import Difference
from xunfang.rulebook.model import Field, Rulebook
from xunfang.rulebook.positions import Path
from xunfang.rules.changes.faces import Spot
from xunfang.rules.changes.form_statements import field_words
from xunfang.rules.describe.lines import quoted_once

_COLUMNS = ("items", "properties")
Changed = Mapping[str, str]
"""By column, what became of it; under "" that of their order."""


def column_of(part: str, path: Path) -> tuple[str, str, str] | None:
    """Return the form, the field and the column that a value of a file belongs to, "" for all; None for any other."""
    kind, _, form = part.partition(":")
    if kind != "form" or len(path) < 4 or path[0] != "properties" or path[2] != _COLUMNS[0]:
        return None
    if path[3] == "required":
        return form, str(path[1]), ""
    return (form, str(path[1]), str(path[4]) if len(path) > 4 else "") if path[3] == _COLUMNS[1] else None


@lru_cache(maxsize=16)
def columns_changed(old: Rulebook, new: Rulebook, form: str, name: str) -> Changed:
    """Return what became of the columns of a field that both rules know as one answered row by row."""
    was, now = _field(old, form, name), _field(new, form, name)
    if not (was and was.row and now and now.row):
        return {}
    before, after = _sentences(old, form, was), _sentences(new, form, now)
    titles = {**{each.name: each.title for each in now.row.fields.values()}, **_titles(was)}
    told = {key: _said(titles[key], before.get(key, ""), after.get(key, "")) for key in (*after, *before)}
    told |= {"": order} if (order := _order(was, now)) else {}
    return {key: quoted_once(f"“{now.title}”{said}") for key, said in told.items() if said}


def of_column(old: Rulebook, new: Rulebook, each: Difference, spot: Spot) -> Spot:
    """Return how the change of a value is told: of a column, what became of it as a whole."""
    form, name, column = column_of(each.part, each.path) or ("", "", "")
    says = columns_changed(old, new, form, name).get(column, "") if column else ""
    return replace(spot, says=says)


def _field(rules: Rulebook, form: str, name: str) -> Field | None:
    return rules.forms[form].fields.get(name) if form in rules.forms else None


def _titles(field: Field) -> dict[str, str]:
    return {each.name: each.title for each in field.row.fields.values()} if field.row else {}


def _sentences(rules: Rulebook, form: str, field: Field) -> dict[str, str]:
    """Return what each column is, by its name: what stands behind its title."""
    assert field.row is not None
    whole = rules.forms[form]
    return {
        name: field_words(rules, field.row, each, f"{whole.id}.{field.name}").rstrip("。")
        for name, each in field.row.fields.items()
    }


def _said(title: str, before: str, after: str) -> str:
    if not before:
        return f"增加一列{after}"
    if not after:
        return f"删去一列“{title}”"
    return f"的“{title}”一列改为{after}" if before != after else ""


def _order(was: Field, now: Field) -> str:
    before, after = _titles(was), _titles(now)
    kept = [[name for name in one if name in other] for one, other in ((before, after), (after, before))]
    return f"各列的次序改为{'、'.join(f'“{title}”' for title in after.values())}" if kept[0] != kept[1] else ""
