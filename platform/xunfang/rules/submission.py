"""Is what a person entered acceptable? Every problem at once, each at its field, in a sentence for that person."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import jsonschema_rs

from xunfang.characters import seen, unprintable, unprintable_words
from xunfang.clock import local, local_date, parse
from xunfang.division import Division
from xunfang.errors import FieldProblem
from xunfang.identity import normalise_id, resident_id_problem
from xunfang.phones import normalise_phone, phone_problem
from xunfang.rulebook.model import Field, IntakeForm, Rulebook
from xunfang.rules.bounds import bound_problem
from xunfang.rules.conditions import Holds, both, compiled
from xunfang.rules.equations import equation_problems
from xunfang.rules.identity_papers import paper_wrong
from xunfang.rules.saying import missing, say

Answers = Mapping[str, Any]
Check = Callable[[Rulebook, Field, Any, datetime], str]

_NOTHING: Answers = {}
EARLIEST_YEAR = 1900
MOST_NESTED = 100
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
CLOCK_SKEW = timedelta(minutes=10)
"""How far a phone's clock may run ahead of the server's."""


class PreparedForm:
    """A form with everything that does not depend on the answers worked out once."""

    def __init__(self, rulebook: Rulebook, form: IntakeForm) -> None:
        self.validator = jsonschema_rs.validator_for(
            dict(form.schema), pattern_options=jsonschema_rs.RegexOptions(size_limit=1_000_000)
        )
        self.required: list[tuple[Field, Holds]] = list(_requirements(form))
        self.checks: dict[str, tuple[Field, Check]] = {
            name: (field, _CHECKS[field.kind]) for name, field in form.fields.items() if _needs_check(rulebook, field)
        }
        self.texts = frozenset(name for name, field in form.fields.items() if field.kind in TEXTS)
        self.papers = [field for field in form.fields.values() if field.kind == "identity-paper"]
        self.bounded = [field for field in form.fields.values() if field.not_before or field.not_after]
        self.beside = bool(self.papers or self.bounded or form.row_fields)


def _needs_check(rulebook: Rulebook, field: Field) -> bool:
    """A choice needs a look only where an entry is retired: the schema knows the words themselves."""
    if field.kind not in {"choice", "choices"}:
        return field.kind in _CHECKS
    entries = rulebook.lists.get(field.list)
    return entries is not None and any(entry.retired for entry in entries.entries.values())


def _requirements(form: IntakeForm) -> Iterator[tuple[Field, Holds]]:
    for field in form.fields.values():
        if field.required and field.when:
            yield field, compiled(field.when)
        elif field.required_when:
            needed = compiled(field.required_when)
            shown = compiled(field.when) if field.when and field.when != field.required_when else None
            yield field, needed if shown is None else both(needed, shown)


@lru_cache(maxsize=1024)
def prepared(rulebook: Rulebook, form: IntakeForm) -> PreparedForm:
    """Return a form ready for checking."""
    return PreparedForm(rulebook, form)


@lru_cache(maxsize=1024)
def _conditional(form: IntakeForm) -> tuple[tuple[str, Holds], ...]:
    return tuple((name, compiled(field.when)) for name, field in form.fields.items() if field.when)


@lru_cache(maxsize=1024)
def _rows_of(form: IntakeForm) -> tuple[tuple[Field, IntakeForm], ...]:
    return tuple((field, field.row) for field in form.fields.values() if field.row)


@lru_cache(maxsize=1024)
def _tidied(form: IntakeForm) -> tuple[frozenset[str], Mapping[str, Callable[[str], str]]]:
    """Return the fields whose answers are texts, and how those are tidied whose answers are numbers of something."""
    texts = frozenset(name for name, field in form.fields.items() if field.kind in TEXTS)
    return texts, {name: TIDY[field.kind] for name, field in form.fields.items() if field.kind in TIDY}


def _tidy_text(text: str) -> str:
    return text if text.isprintable() else seen(text).strip()


def cleaned(form: IntakeForm, answers: Answers) -> dict[str, Any]:
    """Return the answers that count: empty ones, empty rows and those of fields not shown are left out.

    What nobody sees of a text is taken out of it; a number of a person or a phone is as it is stored.
    """
    if form.row_fields:
        answers = {**answers, **_cleaned_rows(form, answers)}
    filled = {name: value for name, value in answers.items() if value or value is False or value == 0}
    texts, numbers = _tidied(form)
    if not "".join(text for name in texts if isinstance(text := filled.get(name), str)).isprintable():
        _tidy(filled, dict.fromkeys(texts, _tidy_text))
    _tidy(filled, numbers)
    for name, shown in _conditional(form):
        if name in filled and not shown(filled):
            del filled[name]
    return filled


def _tidy(filled: dict[str, Any], tidied: Mapping[str, Callable[[str], str]]) -> None:
    for name, tidy in tidied.items():
        if isinstance(value := filled.get(name), str) and (text := tidy(value)) is not value:
            filled[name] = text
            if not text:
                del filled[name]


def _cleaned_rows(form: IntakeForm, answers: Answers) -> dict[str, Any]:
    """Return the rows that count of every field of them; what is no row stays as it is, for the validator to name."""
    found: dict[str, Any] = {}
    for field, row in _rows_of(form):
        given = answers.get(field.name)
        if isinstance(given, (list, tuple)):
            rows = [cleaned(row, each) if isinstance(each, Mapping) else each for each in given]
            found[field.name] = [each for each in rows if each]
    return found


def problems(
    rulebook: Rulebook, form: IntakeForm, answers: Answers, at: datetime, told: Answers = _NOTHING
) -> tuple[FieldProblem, ...]:
    """Return everything wrong with cleaned answers, in the order of the form; empty when they are acceptable.

    What is wrong in a row is told at `<field>.<place of the row, from 0>.<column>`. `told` is what was told before,
    which dates may be held against.
    """
    ready = prepared(rulebook, form)
    try:
        found = {} if ready.validator.is_valid(answers) else _malformed(ready, form, answers)
    except ValueError:  # it does not look at what JSON cannot carry
        return _beyond_json(rulebook, form, answers, at, told)
    for field, needed in ready.required:
        if field.name not in answers and needed(answers):
            found.setdefault(field.name, missing(field))
    for name in _to_be_checked(ready, answers) - found.keys():
        field, check = ready.checks[name]
        if message := check(rulebook, field, answers[name], at):
            found[name] = FieldProblem(name, message)
    if ready.beside:
        fine = {name: value for name, value in answers.items() if name not in found} if found else answers
        facts = {**told, **answers} if told else answers
        for problem in _beside_others(rulebook, form, ready, fine, facts, at):
            found[problem.field] = problem
    if not found:
        return tuple(equation_problems(form, answers))
    order = {name: place for place, name in enumerate(form.fields)}
    return tuple(sorted(found.values(), key=lambda problem: order.get(problem.field.partition(".")[0], -1)))


def _beyond_json(
    rulebook: Rulebook, form: IntakeForm, answers: Answers, at: datetime, told: Answers
) -> tuple[FieldProblem, ...]:
    """Return what is wrong with answers of which some are no text, number or list at all, and with the others."""
    plain = {name: value for name, value in answers.items() if is_plain(name) and is_plain(value)}
    if plain.keys() == answers.keys():
        raise ValueError(f"{form.id}: the validator refuses to look at its answers")
    strange = {problem.field: problem for problem in _strange(form, answers)}
    named = {name.partition(".")[0] for name in strange}
    others = (problem for problem in problems(rulebook, form, plain, at, told) if problem.field not in named)
    return (*strange.values(), *others)


def _strange(form: IntakeForm, answers: Answers) -> Iterator[FieldProblem]:
    for name, value in answers.items():
        field = form.fields.get(name)
        if is_plain(name) and is_plain(value):
            continue
        if field is None:
            yield FieldProblem(seen(name), f"本表没有“{seen(name)}”这一项。", "FIELD_UNKNOWN")
        elif field.row and isinstance(value, list) and all(isinstance(row, Mapping) for row in value):
            yield from _in_rows(field, field.row, [tuple(_strange(field.row, row)) for row in value])
        else:
            yield FieldProblem(name, f"“{field.title}”的内容无法识别，请重新填写。", "TEXT_UNREADABLE")


def _to_be_checked(ready: PreparedForm, answers: Answers) -> Set[str]:
    """Return the answers to be looked at one by one: texts only where there is something strange in one of them."""
    asked = answers.keys() & ready.checks.keys()
    texts = asked & ready.texts
    return asked if unprintable("\n".join(map(str, map(answers.get, texts)))) else asked - texts


def _beside_others(
    rulebook: Rulebook, form: IntakeForm, ready: PreparedForm, fine: Answers, facts: Answers, at: datetime
) -> Iterator[FieldProblem]:
    """Yield what is wrong with answers that are fine by themselves, beside others; `facts` holds those told before."""
    for field in ready.papers:
        if field.name in fine and (text := paper_wrong(rulebook, form, field, fine, local_date(at))):
            yield FieldProblem(field.name, text)
    for field in ready.bounded:
        if field.name in fine and (text := bound_problem(rulebook, form, field, facts, at)):
            yield FieldProblem(field.name, text, "DATE_OUT_OF_BOUNDS")
    for field, row in _rows_of(form):
        yield from _problems_in_rows(rulebook, field, row, fine.get(field.name, ()), at, facts)


def _malformed(ready: PreparedForm, form: IntakeForm, answers: Answers) -> dict[str, FieldProblem]:
    found: dict[str, FieldProblem] = {}
    for error in ready.validator.iter_errors(answers):
        for problem in say(form, error):
            found.setdefault(problem.field, problem)
    return found


def _problems_in_rows(
    rulebook: Rulebook, field: Field, row: IntakeForm, rows: Iterable[Answers], at: datetime, told: Answers
) -> Iterator[FieldProblem]:
    yield from _in_rows(field, row, (problems(rulebook, row, answers, at, told) for answers in rows))


def _in_rows(field: Field, row: IntakeForm, found: Iterable[Iterable[FieldProblem]]) -> Iterator[FieldProblem]:
    """Yield what was found in each of several rows, told at its cell."""
    for place, of_row in enumerate(found):
        for problem in of_row:
            name = f"{field.name}.{place}.{problem.field}"
            yield FieldProblem(name, f"第{place + 1}{row.title}：{problem.message}", problem.code)


def _check_moment(rulebook: Rulebook, field: Field, value: Any, at: datetime) -> str:
    try:
        moment = parse(_one_way(value))
    except ValueError:
        return f"“{field.title}”请填日期和时间，如 {local(at):%Y-%m-%d %H:%M}。"
    if moment.year < EARLIEST_YEAR:
        return f"“{field.title}”的年份有误。"
    return f"“{field.title}”不能晚于现在。" if moment > at + CLOCK_SKEW else ""


def _one_way(text: str) -> str:
    """Return a text that begins as 2026-03-10 does; ISO 8601 knows other ways, which would not compare with it."""
    if not _DAY.match(text):
        raise ValueError(text)
    return text


def is_plain(value: Any) -> bool:
    """Return whether JSON can carry a value: no half of a character, no bytes, nothing nested without end."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, TypeError, RecursionError):
        return False
    return _ends_within(value, MOST_NESTED)


def _ends_within(value: Any, levels: int) -> bool:
    if not isinstance(value, (list, dict)):
        return True
    inside = value.values() if isinstance(value, dict) else value
    named = not isinstance(value, dict) or all(isinstance(name, str) for name in value)
    return levels > 0 and named and all(_ends_within(each, levels - 1) for each in inside)


def _check_names(rulebook: Rulebook, field: Field, value: Any, at: datetime) -> str:
    return "" if is_plain(value) else f"“{field.title}”的内容无法识别，请重新选择。"


def _check_text(rulebook: Rulebook, field: Field, value: Any, at: datetime) -> str:
    return unprintable_words(str(value), f"“{field.title}”")


def _check_date(rulebook: Rulebook, field: Field, value: Any, at: datetime) -> str:
    try:
        day = date.fromisoformat(_one_way(value))
    except ValueError:
        return f"“{field.title}”请填日期，如 {local_date(at)}。"
    return f"“{field.title}”的年份有误。" if day.year < EARLIEST_YEAR else ""


def _check_division(rulebook: Rulebook, field: Field, value: Any, at: datetime) -> str:
    if _is_place(rulebook, str(value), field.level):
        return ""
    division = rulebook.divisions.get(value)
    if division is None:
        return f"“{field.title}”不在本辖区的行政区划中，请重新选择。"
    if field.level and not rulebook.divisions.answers(division.code, field.level):
        return f"“{field.title}”请选到{_LEVELS[field.level]}。"
    return _no_more(rulebook, field, division)


@lru_cache(maxsize=8192)
def _is_place(rulebook: Rulebook, code: str, level: str) -> bool:
    """Return whether a division stands, and is an answer where one of a level is asked for, or of any for ""."""
    divisions = rulebook.divisions
    return divisions.stands(code) and (not level or divisions.answers(code, level))


def _no_more(rulebook: Rulebook, field: Field, division: Division) -> str:
    """Return why a division that has ended, or is still to come, cannot be chosen."""
    if division.until is None or rulebook.divisions.day is None or division.until >= rulebook.divisions.day:
        return f"“{field.title}”中的{division.name}还没有设立，请重新选择。"
    told = [rulebook.divisions.label(code, rulebook.code) for code in division.successors]
    ended = f"{division.until:%Y年%-m月%-d日}"
    return f"“{field.title}”中的{division.name}已于{ended}撤销，请改选{'或'.join(told) or '现有的区划'}。"


def _check_choices(rulebook: Rulebook, field: Field, value: Any, at: datetime) -> str:
    entries = rulebook.lists[field.list].entries if field.list else {}
    today = local_date(at)
    for word in value if isinstance(value, list) else [value]:
        entry = entries.get(word)
        if entry and entry.retired and entry.retired < today:
            return f"“{field.title}”中的“{entry.label}”只用到 {entry.retired}，请改选。"
    return ""


TEXTS = frozenset({"text", "long-text"})
_LEVELS = {
    "province": "省",
    "city": "市",
    "county": "县（市、区）",
    "township": "镇（街道）",
    "village": "村（社区）",
    "grid": "网格（村民小组）",
}
TIDY: dict[str, Callable[[str], str]] = {
    "resident-id": normalise_id,
    "identity-paper": normalise_id,
    "phone": normalise_phone,
}
_CHECKS: dict[str, Check] = {
    "text": _check_text,
    "long-text": _check_text,
    "moment": _check_moment,
    "date": _check_date,
    "division": _check_division,
    "choice": _check_choices,
    "choices": _check_choices,
    "photos": _check_names,
    "resident-id": lambda _, field, value, at: resident_id_problem(str(value), local_date(at)),
    "phone": lambda _, field, value, at: phone_problem(str(value)),
}
