"""The columns of a field that is answered row by row, as they are edited: those of the layer, those of layers above."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

from xunfang.desk.studio.form_faces import FIELDS, FieldFace, field_face, placed, raw_face, said_over
from xunfang.rulebook.column_words import has_columns
from xunfang.rulebook.fields import MOST_ROWS
from xunfang.rulebook.model import IntakeForm, Rulebook

MOST_COLUMNS = 20
"""As the shape of a form says, see rulebook/shapes/form.json."""


@dataclass(frozen=True, slots=True)
class ColumnsFace:
    """The columns of a field; `row` is what one row is called, and so many rows one may fill in."""

    row: str
    least: int
    most: int
    columns: Sequence[FieldFace]

    @property
    def own(self) -> Sequence[FieldFace]:
        """Those that the layer writes itself."""
        return [each for each in self.columns if each.own]

    @property
    def full(self) -> bool:
        """Whether a row can have no more."""
        return len(self.columns) >= MOST_COLUMNS

    def find(self, name: str) -> FieldFace | None:
        """Return a column, None for one that there is not."""
        return next((each for each in self.columns if each.name == name), None)


def row_of(rules: Rulebook | None, form: str, field: str) -> IntakeForm | None:
    """Return the small form that each row of a field is answered by, None for a field of one answer."""
    whole = rules.forms.get(form) if rules else None
    found = whole.fields.get(field) if whole else None
    return found.row if found else None


def columns_face(
    rules: Rulebook | None, form: str, field: FieldFace, above: Set[str] = frozenset()
) -> ColumnsFace | None:
    """Return the columns of a field, None for one of one answer; layers above have those that are named `above`."""
    row, items = row_of(rules, form, field.name), field.data.get("items", {})
    if row is None and not has_columns(items):
        return None
    own = {name: data for name, data in items.get(FIELDS, {}).items() if isinstance(data, dict)}
    told = _told(rules, f"{form}.{field.name}", row, own) if rules and row else _raw(own, items)
    mine = [replace(each, digest=field.digest, whole=field.whole) if each.name in own else each for each in told]
    places = {name: place for place, name in enumerate(items.get(FIELDS, {}))}
    limits = rules.forms[form].fields[field.name].schema if rules and row else field.data
    return ColumnsFace(
        row=row.title if row else str(field.data.get("x-row", "行")),
        least=int(limits.get("minItems", 0)),
        most=int(limits.get("maxItems", MOST_ROWS)),
        columns=said_over([placed(each, mine, places) for each in mine], above),
    )


def _told(rules: Rulebook, within: str, row: IntakeForm, own: Mapping[str, Any]) -> list[FieldFace]:
    faces = (field_face(rules, within, each) for each in row.fields.values())
    return [replace(each, data=own.get(each.name, {})) for each in faces]


def _raw(own: Mapping[str, Any], items: Mapping[str, Any]) -> list[FieldFace]:
    required = set(items.get("required", ()))
    return [raw_face(name, data, required) for name, data in own.items()]
