"""What a page, a sheet or a paper shows of a line: words, and values where a sheet counts or sorts by them.

What is sensitive comes masked unless it is asked for whole.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from xunfang.clock import local, parse
from xunfang.desk.labels import HIDDEN, Labels
from xunfang.desk.lines.line import Line, Told
from xunfang.desk.moments import day, moment
from xunfang.identity import mask_id
from xunfang.phones import mask_phone
from xunfang.rulebook.model import IntakeForm
from xunfang.rules.entitlements import STATES
from xunfang.rules.labels import answer_text
from xunfang.rules.publications import BOARDS

Cell = str | int | float | date | None
"""What stands in a sheet: words, a number, a day, or a moment in Chinese time without its zone."""

_JOINT = "、"


def words(line: Line, path: str, *, whole: bool = False) -> str:
    """Return what people read of a fact of a line; "" for one that is not known."""
    value = line.facts.get(path)
    if said := line.said.get(path):
        return said
    if value is None or _says_nothing(value):
        return ""
    if told := line.told.get(path):
        return _told_words(told, value, whole=whole)
    if not whole and path in _MASKED:
        return _MASKED[path](str(value))
    return _plain(line, path, value)


def all_words(line: Line, paths: Iterable[str]) -> tuple[str, ...]:
    """Return the words of many facts of a line: of a wide table most say nothing, and are not asked twice."""
    facts, said = line.facts, line.said
    return tuple([words(line, path) if facts.get(path) is not None or path in said else "" for path in paths])


def cell(line: Line, path: str, *, whole: bool = False) -> Cell:
    """Return the same as a sheet keeps it: numbers, days and moments as such, everything else in words."""
    value = line.facts.get(path)
    told = line.told.get(path)
    if _says_nothing(value) or path in line.said or (not whole and (path in _MASKED or _sealed(told))):
        return words(line, path, whole=whole) or None
    if told:
        return _told_cell(told, value)
    if isinstance(value, datetime):
        return local(value).replace(tzinfo=None)
    if isinstance(value, date) or (isinstance(value, (int, float)) and not isinstance(value, bool)):
        return value
    return words(line, path, whole=whole) or None


def _says_nothing(value: Any) -> bool:
    return value is None or (not value and isinstance(value, (str, list, tuple)))


def _sealed(told: Told | None) -> bool:
    return bool(told and told.field.sensitive)


def _told_words(told: Told, value: Any, *, whole: bool) -> str:
    if not told.field.sensitive:
        return told.labels.value(told.field, value)
    if whole:
        return answer_text(told.labels.rulebook, told.field, value)
    if told.field.row and isinstance(value, list):
        return answer_text(told.labels.rulebook, told.field, _without_sealed(told.field.row, value)) or HIDDEN
    return _MASKS.get(told.field.sensitive, _hidden)(str(value))


def _without_sealed(row: IntakeForm, rows: list[Any]) -> list[dict[str, Any]]:
    """Return rows without the columns that lie sealed, and without rows that nothing is left of."""
    shown = [name for name, column in row.fields.items() if not column.sensitive]
    kept = ({name: each[name] for name in shown if name in each} for each in rows)
    return [each for each in kept if each]


def _told_cell(told: Told, value: Any) -> Cell:
    kind = told.field.kind
    if kind in ("integer", "number") and isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    try:
        if kind == "date":
            return date.fromisoformat(str(value))
        if kind == "moment":
            return local(parse(str(value))).replace(tzinfo=None)
    except ValueError:
        return str(value)
    return _told_words(told, value, whole=True) or None


def _hidden(_: str) -> str:
    return HIDDEN


_MASKS: Mapping[str, Callable[[str], str]] = {"phone": mask_phone, "identity": mask_id}
_MASKED: Mapping[str, Callable[[str], str]] = {
    "person.id_number": mask_id,
    "person.phone": mask_phone,
    "person.birth_on": _hidden,
}
"""What the engine itself knows and shows masked; of answers the form says what is sensitive."""


def _plain(line: Line, path: str, value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return _JOINT.join(filter(None, (_one(line, path, each) for each in value)))
    return _one(line, path, value)


def _one(line: Line, path: str, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    named = _NAMED.get(path)
    return named(line, str(value)) if named else _number(value)


def _number(value: Any) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _by(name: str) -> Callable[[Line, str], str]:
    return lambda line, value: str(getattr(line.labels, name)(value))


def _answer(name: str) -> Callable[[Line, str], str]:
    return lambda line, value: line.labels.answer(name, value)


def _stage(line: Line, value: str) -> str:
    return line.labels.stage(str(line.facts.get("case.flow", "")), value)


def _decided(line: Line, value: str) -> str:
    facts = line.facts
    return line.labels.outcome(str(facts.get("case.flow", "")), str(facts.get("task.state", "")), value)


def _programme(line: Line, value: str) -> str:
    found = line.labels.rulebook.programmes.get(value)
    return found.label if found else value


def _category(line: Line, value: str) -> str:
    return line.labels.entry("category", value)


_NAMED: Mapping[str, Callable[[Line, str], str]] = {
    "case.flow": _by("flow"), "case.state": _stage, "case.urgency": _answer("urgency"), "case.needs": _answer("needs"),
    "clue.form": lambda line, value: _form(line.labels, value), "clue.needs": _answer("needs"),
    "clue.source": _answer("source"), "clue.unit": _by("unit"),
    "task.state": _stage, "task.outcome": _decided, "task.unit": _by("unit"), "task.units": _by("unit"),
    "person.residence": _by("place"), "person.registration": _by("place"), "person.category": _category,
    "person.categories": _category, "person.entitled": _programme, "household.category": _category,
    "household.entitled": _programme, "visit.unit": _by("unit"), "notice.kind": _by("notice"),
    "notice.unit": _by("unit"), "duty.duty": _by("duty"), "duty.unit": _by("unit"), "unit.id": _by("unit"),
    "unit.division": _by("place"), "entitlement.programme": _programme,
    "entitlement.state": lambda line, value: STATES.get(value, value),
    "publication.board": lambda line, value: BOARDS.get(value, value),
}  # fmt: skip
"""How a value that names something is read."""


def _form(labels: Labels, form: str) -> str:
    found = labels.rulebook.forms.get(form)
    return found.title if found else form
