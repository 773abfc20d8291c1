"""What a person typed, kept as typed, and the answers it stands for."""

import contextlib
import re
from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from xunfang.clock import local, parse
from xunfang.numbers import read_number
from xunfang.rulebook.model import Field, IntakeForm

BLANK = "n"
"""What stands for the place of a row that has none yet: the one that is always there where no script adds any."""
LAST = 1000
_CELL = re.compile(r"(?P<field>[a-z][a-z0-9_]*)\.(?P<row>[0-9]{1,3}|n)\.(?P<column>[a-z][a-z0-9_]*)")

Entries = Mapping[str, tuple[str, ...]]
"""By field, the texts exactly as they were typed or ticked; those of a row at `<field>.<its place>.<column>`."""


def typed(form: IntakeForm, posted: "MultiDict[str, str]") -> dict[str, tuple[str, ...]]:
    """Return what was typed for the fields of a form; anything else that was sent is left out."""
    entries = {name: tuple(posted.getlist(name)) for name in form.fields if name in posted}
    for field in form.row_fields:
        entries |= _typed_rows(field, posted)
    return entries


def _typed_rows(field: Field, posted: "MultiDict[str, str]") -> dict[str, tuple[str, ...]]:
    """Return the rows in which something was typed, numbered anew: whoever empties a row has taken it away."""
    rows = rows_in(field, {name: tuple(posted.getlist(name)) for name in posted})
    told = [row for row in rows if any(text.strip() for texts in row.values() for text in texts)]
    return {f"{field.name}.{place}.{column}": texts for place, row in enumerate(told) for column, texts in row.items()}


def rows_in(field: Field, entries: Entries) -> list[dict[str, tuple[str, ...]]]:
    """Return the entries of each row of a field, by column."""
    assert field.row is not None
    rows: dict[int, dict[str, tuple[str, ...]]] = {}
    for name, texts in entries.items():
        found = _CELL.fullmatch(name)
        if found and found["field"] == field.name and found["column"] in field.row.fields:
            place = LAST if found["row"] == BLANK else int(found["row"])
            rows.setdefault(place, {})[found["column"]] = texts
    return [rows[place] for place in sorted(rows)]


def blank_rows(form: IntakeForm, entries: Entries) -> dict[str, tuple[str, ...]]:
    """Return entries with an empty row for each field of rows that has none, so that its columns are seen."""
    bare = [field for field in form.row_fields if not rows_in(field, entries)]
    blank = {f"{each.name}.0.{column}": ("",) for each in bare if each.row for column in each.row.fields}
    return {**entries, **blank}


def answers_of(form: IntakeForm, entries: Entries) -> dict[str, Any]:
    """Return the answers that the entries stand for; what cannot be read stays text, for the validator to name."""
    answers: dict[str, Any] = {}
    for name, field in form.fields.items():
        texts = [text.strip() for text in entries.get(name, ()) if text.strip()]
        if field.row and (rows := [answers_of(field.row, row) for row in rows_in(field, entries)]):
            answers[name] = rows
        elif texts:
            answers[name] = READERS.get(field.kind, _text)(texts)
    return answers


def entries_of(form: IntakeForm, answers: Mapping[str, Any], *, whole: bool = False) -> dict[str, tuple[str, ...]]:
    """Return the entries that show given answers on the page; rows of which a part lies sealed are not shown again.

    `whole`: nothing of them lies sealed.
    """
    given = [(name, field) for name, field in form.fields.items() if answers.get(name) is not None]
    entries = {name: _entry(field, answers[name]) for name, field in given if not field.row}
    for name, field in given:
        if field.row and (whole or not field.sensitive) and isinstance(answers[name], list):
            for place, row in enumerate(answers[name]):
                told = entries_of(field.row, row, whole=whole)
                entries |= {f"{name}.{place}.{column}": texts for column, texts in told.items()}
    return entries


def _entry(field: Field, value: Any) -> tuple[str, ...]:
    if isinstance(value, (list, tuple)):
        return tuple(str(item) for item in value)
    if isinstance(value, bool):
        return ("true" if value else "false",)
    if field.kind == "moment":
        return (local(parse(str(value))).strftime("%Y-%m-%dT%H:%M"),)
    return (str(value),)


def _text(texts: list[str]) -> str:
    return texts[0].replace("\r\n", "\n")


def _several(texts: list[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def _boolean(texts: list[str]) -> bool | str:
    return {"true": True, "false": False}.get(texts[0], texts[0])


def _integer(texts: list[str]) -> int | str:
    number = read_number(texts[0])
    return number if isinstance(number, int) and "." not in texts[0] else texts[0]


def _number(texts: list[str]) -> int | float | str:
    number = read_number(texts[0])
    return texts[0] if number is None else number


def _moment(texts: list[str]) -> str:
    with contextlib.suppress(ValueError):
        return parse(texts[0]).isoformat()
    return texts[0]


READERS: Mapping[str, Callable[[list[str]], Any]] = {
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "choices": _several,
    "photos": _several,
    "moment": _moment,
}
