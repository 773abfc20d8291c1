"""Programmes 救助事项 that a person can hold: programmes.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xunfang.rulebook.basis import Basis
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.kind import Kind


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme 救助事项; a person holds an entitlement 保障 in it."""

    id: str
    label: str
    applies_with: str
    decided_by: str
    flow: str
    basis: Basis


def build(draft: Draft) -> Mapping[str, Any]:
    """Return the programmes, by id."""
    found = {
        key: Programme(
            key,
            entry.text("label"),
            entry.text("applies_with"),
            entry.text("decided_by"),
            entry.text("flow"),
            entry.basis(),
        )
        for key, entry in draft.entries("programmes")
    }
    return {"programmes": found}


def link(draft: Draft) -> None:
    """Check the form, the flow and the basis of every programme."""
    for key, programme in draft.rules.programmes.items():
        draft.check_name("programmes", (key, "applies_with"), programme.applies_with, "forms")
        draft.check_name("programmes", (key, "flow"), programme.flow, "flows")
        draft.check_basis("programmes", (key,), programme.basis)


PROGRAMMES = Kind(
    "programmes", build, link, label="救助事项", heading="救助事项", labelled=True, cites=True, fact="programme"
)
