"""Intake and task forms: JSON Schema 2020-12 plus `x-` keywords, compiled."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xunfang.rulebook.model.basis import Basis
from xunfang.rulebook.model.conditions import Condition
from xunfang.rulebook.model.expressions import Expression


@dataclass(frozen=True, slots=True)
class Field:
    """One field 字段. `kind` is what the page shows: text, long-text, integer, number, boolean, date, moment,
    choice, choices, division, resident-id, phone, photos.
    """

    name: str
    title: str
    kind: str
    section: str
    list: str  # the list its choices come from, or ""
    level: str  # for a division: which level may be chosen
    sensitive: str  # "", "identity", "phone", "health"
    required: bool
    when: Condition | None  # shown only then
    required_when: Condition | None
    hint: str
    serves: tuple[str, ...]  # routes, tasks, papers, ledgers that need it
    schema: Mapping[str, Any]  # its plain JSON Schema (limits for the page)


@dataclass(frozen=True, slots=True, eq=False)
class Computed:
    """A computed field: a name and its arithmetic."""

    name: str
    expression: Expression


@dataclass(frozen=True, slots=True, eq=False)
class IntakeForm:
    """A form 表单. `schema` is plain JSON Schema, closed (no unknown answers), for the validator."""

    id: str
    title: str
    sections: Mapping[str, str]
    fields: Mapping[str, Field]  # in the order of the page
    computed: tuple[Computed, ...]
    person: Mapping[str, str]  # what of a person each field holds: {"name": "<field>", "id_number": …}
    schema: Mapping[str, Any]
    basis: Basis
    file: str
    source: str = ""  # where its clues come from, when the form itself does not ask
    filled_by: tuple[str, ...] = ()  # kinds of unit whose members may hand it in; empty for any that may submit
