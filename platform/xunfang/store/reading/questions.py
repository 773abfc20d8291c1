"""Questions 疑问: whether two records of one number are one person, for those in whose sight both are."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import JOIN

from xunfang.store.composing import in_few_shapes
from xunfang.store.database import MOST_ROWS, Reader
from xunfang.store.reading.sight import CASE, PERSON, records_in_sight
from xunfang.store.rows import model_of
from xunfang.store.scope import Scope
from xunfang.store.tables import Account, Question

SAME = "same"
_QUESTION, _ACCOUNT = model_of(Question), model_of(Account)
_ONE, _OTHER = PERSON.alias("one"), PERSON.alias("other")


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question with both records. `person` is the one that raised it, in the case of this number."""

    id: str
    version: int
    case: str
    case_number: str
    person: str
    name: str
    residence: str
    other: str
    other_name: str
    other_residence: str
    same_number: bool  # or else of one name and place, one of them without a number
    asked_at: datetime
    verdict: str
    answered_at: datetime | None
    answered_by: str


def questions_about(reader: Reader, scope: Scope, people: Iterable[str]) -> tuple[QuestionView, ...]:
    """Return the questions that any of these records raised or is asked about, both records being in sight."""
    return tuple(_view(row) for row in reader.ask(_read, scope, _about, in_few_shapes(people)))


def question_in_sight(reader: Reader, scope: Scope, question_id: str) -> QuestionView | None:
    """Return one question, or None when one of its records is out of sight."""
    found = reader.ask(_read, scope, _this, question_id)
    return _view(found[0]) if found else None


def _about(people: tuple[str, ...]) -> Any:
    return _QUESTION.person.in_(people) | _QUESTION.other.in_(people)


def _this(question_id: str) -> Any:
    return _QUESTION.id == question_id


def _read(scope: Scope, wanted: Callable[[Any], Any], asked: Any) -> Any:
    return (
        _QUESTION.select(
            _QUESTION.id, _QUESTION.version, _QUESTION.case, _QUESTION.person, _QUESTION.other, _QUESTION.asked_at,
            _QUESTION.verdict, _QUESTION.answered_at, CASE.number.alias("case_number"), _ONE.name, _ONE.residence,
            _ONE.id_index, _OTHER.id_index.alias("other_index"),
            _OTHER.name.alias("other_name"), _OTHER.residence.alias("other_residence"),
            _ACCOUNT.name.alias("answered_by"),
        )
        .join(CASE, on=(_QUESTION.case == CASE.id))
        .join(_ONE, on=(_QUESTION.person == _ONE.id))
        .join(_OTHER, on=(_QUESTION.other == _OTHER.id))
        .join(_ACCOUNT, JOIN.LEFT_OUTER, on=(_QUESTION.answered_by == _ACCOUNT.id))
        .where((_QUESTION.jurisdiction == scope.jurisdiction) & wanted(asked))
        .where(records_in_sight(_QUESTION.person, scope) & records_in_sight(_QUESTION.other, scope))
        .order_by(_QUESTION.asked_at, _QUESTION.id)
        .limit(MOST_ROWS)
    )  # fmt: skip


def _view(row: Mapping[str, Any]) -> QuestionView:
    numbers = (row["id_index"], row["other_index"])
    same = numbers[0] is not None and numbers[0] == numbers[1]
    values = {name: row[name] for name in QuestionView.__dataclass_fields__ if name != "same_number"}
    return QuestionView(**{**values, "answered_by": values["answered_by"] or "", "same_number": same})
