"""A form of the rulebook as it stands on a page: sections, fields, choices, what was typed and what is wrong."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from xunfang.errors import FieldProblem
from xunfang.rulebook.model import Field, IntakeForm, Rulebook
from xunfang.web.forms.conditions import for_page
from xunfang.web.forms.entries import BLANK, Entries, rows_in
from xunfang.web.forms.options import Group, groups_of

_PASTED = 60
_NO_FIGURES: Mapping[str, Any] = {}
_NUMBERS = {"resident-id", "identity-paper", "phone"}
MANY, FEW = 8, 3
"""From this many choices on, one is picked from a drop-down instead of from radio buttons; and so in a row."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One field on the page."""

    field: Field
    entries: tuple[str, ...]
    groups: tuple[Group, ...]
    problem: str
    when: str  # JSON condition, "" when always shown or only the server can tell
    required_when: str
    within: str = ""  # of a column in a row: `<field>.<place of the row>.`
    checks: str = ""  # JSON: by kind of paper, how the number is checked
    rows: "tuple[tuple[Shown, ...], ...]" = ()
    blank: "tuple[Shown, ...]" = ()  # what one more row looks like, its place still unknown
    figure: Any = None  # of a report: how it was counted beforehand, with what is said of another number

    @property
    def name(self) -> str:
        """The name of the field's input."""
        return self.within + self.field.name

    @property
    def value(self) -> str:
        """The single text in the input."""
        return self.entries[0] if self.entries else ""

    @property
    def widget(self) -> str:
        """Which input shows the field: radios, select, checks, division, photos, rows, area or line."""
        kind = self.field.kind
        if kind in ("choice", "boolean"):
            many = FEW if self.within else MANY
            return "select" if sum(len(group.options) for group in self.groups) >= many else "radios"
        return _WIDGETS.get(kind, "line")

    @property
    def grouped(self) -> bool:
        """Whether the field is several inputs, which need a fieldset and a legend."""
        return self.widget in ("radios", "checks", "rows")

    @property
    def terse(self) -> bool:
        """Whether every choice is so short that two stand side by side on a phone."""
        return all(len(option.label) <= 6 and not option.hint for group in self.groups for option in group.options)

    @property
    def optional(self) -> bool:
        """Whether the field may stay empty whatever the other answers are."""
        return not self.field.required and self.field.required_when is None

    @property
    def input_type(self) -> str:
        """The HTML type of a one-line input."""
        return {"date": "date", "moment": "datetime-local", "phone": "tel"}.get(self.field.kind, "text")

    @property
    def input_mode(self) -> str:
        """Which keyboard a phone should offer."""
        return {"integer": "numeric", "number": "decimal", "phone": "tel"}.get(self.field.kind, "text")

    @property
    def length(self) -> int:
        """The most characters the input takes: of a number, room for whatever it is pasted with."""
        return _PASTED if self.field.kind in _NUMBERS else int(self.field.schema.get("maxLength", 200))

    @property
    def width(self) -> str:
        """How wide the input should look: it hints at the expected length."""
        if self.field.kind in ("integer", "number", "date", "phone"):
            return "short"
        if self.field.kind in ("moment", "resident-id", "identity-paper"):
            return "medium"
        return "medium" if self.field.kind == "text" and self.length <= 20 else "long"


_WIDGETS = {"choices": "checks", "division": "division", "photos": "photos", "long-text": "area", "rows": "rows"}


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the form; on a phone, one step."""

    id: str
    title: str
    fields: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class FormPage:
    """The whole form on its page. `problems` are those of the summary: (field name, title, sentence)."""

    form: IntakeForm
    sections: tuple[Section, ...]
    problems: tuple[tuple[str, str, str], ...]
    submission: str
    asks: tuple[tuple[str, str], ...] = ()
    """What the person may confirm: its name, and the sentence."""


def form_page(
    form: IntakeForm,
    rulebook: Rulebook,
    entries: Entries,
    on: date,
    submission: str,
    problems: Iterable[FieldProblem] = (),
    figures: Mapping[str, Any] = _NO_FIGURES,
) -> FormPage:
    """Return the page of a form on a day, holding what was typed and what is wrong with it.

    `figures` of a report are shown at their fields, each with how it was counted.
    """
    problems = tuple(problems)
    wrong = _first_by_field(problems)
    asks = tuple((problem.asks, problem.message) for problem in problems if problem.asks)
    shown = [
        replace(_shown(form, field, rulebook, entries, on, wrong), figure=figures.get(field.name))
        for field in form.fields.values()
    ]
    titles = {**form.sections, "": "其他" if form.sections else form.title}
    sections = [
        Section(id, title, tuple(each for each in shown if each.field.section == id)) for id, title in titles.items()
    ]
    return FormPage(form, tuple(s for s in sections if s.fields), _summary(form, wrong), submission, asks)


def _shown(
    form: IntakeForm,
    field: Field,
    rulebook: Rulebook,
    entries: Entries,
    on: date,
    wrong: Mapping[str, str],
    within: str = "",
) -> Shown:
    chosen = entries.get(field.name, ())
    shown = Shown(
        field=field,
        entries=chosen,
        groups=groups_of(field, rulebook, on, chosen) if _is_chosen(field) else (),
        problem=wrong.get(within + field.name, ""),
        when=_text(for_page(field.when, form.fields)),
        required_when=_text(for_page(field.required_when, form.fields)),
        within=within,
        checks=_checks(form, field, rulebook),
    )
    return _with_rows(shown, field.row, rulebook, entries, on, wrong) if field.row else shown


def _with_rows(
    shown: Shown, row: IntakeForm, rulebook: Rulebook, entries: Entries, on: date, wrong: Mapping[str, str]
) -> Shown:
    """Return a field of rows with those that were typed, at least one where there must be one, and a blank one."""

    def columns(place: int | str, typed: Entries) -> tuple[Shown, ...]:
        within = f"{shown.field.name}.{place}."
        return tuple(_shown(row, each, rulebook, typed, on, wrong, within) for each in row.fields.values())

    least = max(int(shown.field.required), shown.field.schema.get("minItems", 0))
    typed = rows_in(shown.field, entries)
    typed += [{}] * (least - len(typed))
    rows = tuple(columns(place, each) for place, each in enumerate(typed))
    return replace(shown, rows=rows, blank=columns(BLANK, {}))


def _checks(form: IntakeForm, field: Field, rulebook: Rulebook) -> str:
    """Return, as JSON, by the kind of paper how the number in a field is checked; "" for other fields."""
    kinds = form.fields.get(field.paper)
    entries = rulebook.lists[kinds.list].entries.values() if kinds and kinds.list else ()
    return json.dumps({entry.id: entry.check for entry in entries}) if field.paper else ""


def _is_chosen(field: Field) -> bool:
    return field.kind in ("choice", "choices", "division", "boolean")


def _text(condition: dict[str, Any] | None) -> str:
    return json.dumps(condition, ensure_ascii=False, separators=(",", ":")) if condition else ""


def _first_by_field(problems: Iterable[FieldProblem]) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for problem in problems:
        wrong.setdefault(problem.field, problem.message)
    return wrong


def _summary(form: IntakeForm, wrong: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    order = {name: place for place, name in enumerate(form.fields)}
    names = sorted(wrong, key=lambda name: order.get(_field_of(name), len(order)))
    titles = {name: field.title for name, field in form.fields.items()}
    return tuple((name, titles.get(_field_of(name), ""), wrong[name]) for name in names)


def _field_of(name: str) -> str:
    return name.partition(".")[0]
