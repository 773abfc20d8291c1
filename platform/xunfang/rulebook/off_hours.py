"""Who answers while an office is closed 值班: as a jurisdiction writes it, or one unit for itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from xunfang.rulebook.basis import Basis
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.entry import Entry
from xunfang.rulebook.positions import Path


class Closed(StrEnum):
    """When an office is closed: at noon and at night of a workday, on a weekend, on a public holiday."""

    NOON = "noon"
    NIGHT = "night"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True)
class OffHours:
    """Which unit, and with `role` who in it, hears of what is urgent while an office is closed."""

    during: tuple[Closed, ...]  # whenever it is closed where nothing is named
    unit: str
    role: str
    basis: Basis

    def answers(self, closed: Closed) -> bool:
        """Return whether it holds while an office is closed so."""
        return not self.during or closed in self.during


def off_hours_in(entry: Entry) -> tuple[OffHours, ...]:
    """Return who answers off hours by an entry, in file order: the first that holds does."""
    return tuple(
        OffHours(tuple(map(Closed, item.names("during"))), item.text("unit"), item.text("role"), item.basis())
        for item in entry.items("off_hours")
    )


def check_off_hours(draft: Draft, part: str, path: Path, rows: Iterable[OffHours]) -> None:
    """Note units and roles that do not exist, and rows without a basis."""
    for index, row in enumerate(rows):
        here = (*path, "off_hours", index)
        draft.check_name(part, (*here, "unit"), row.unit, "units")
        draft.check_name(part, (*here, "role"), row.role, "roles")
        draft.check_basis(part, here, row.basis)
