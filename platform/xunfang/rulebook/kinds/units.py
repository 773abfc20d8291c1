"""Units 承办单位: units.toml."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from xunfang.rulebook.basis import NO_BASIS, Basis
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.entry import Entry
from xunfang.rulebook.kind import Kind
from xunfang.rulebook.kinds.roles import check_acts
from xunfang.rulebook.off_hours import OffHours, check_off_hours, off_hours_in
from xunfang.rulebook.office_hours import office_basis, office_in
from xunfang.rulebook.placeholders import check_places
from xunfang.rulebook.positions import Path
from xunfang.worktime import Office


@dataclass(frozen=True, slots=True)
class UnitInstance:
    """What differs in one instance of a unit that exists per division, and which other divisions it `serves`."""

    division: str
    label: str = ""
    duty_phone: str = ""
    document_word: str = ""
    office: Office | None = None
    office_basis: Basis = NO_BASIS
    serves: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit 承办单位: holds a queue. With `per`, there is one for each division of that level."""

    id: str
    label: str
    superior: str
    per: str
    external: bool
    may: tuple[str, ...]
    duty_phone: str
    formerly: tuple[tuple[str, date], ...]
    instances: Mapping[str, UnitInstance]
    basis: Basis
    since: date | None = None
    until: date | None = None
    document_word: str = ""
    office: Office | None = None  # its own hours, where they are not those of the jurisdiction
    off_hours: tuple[OffHours, ...] = ()  # who answers for it off hours, where that is not whom the jurisdiction names
    office_basis: Basis = NO_BASIS  # by which clause it keeps them, where one says so

    @property
    def anywhere(self) -> str:
        """Return its name with ×× in the place of the division, where any of them is meant."""
        return self.label.replace("{division}", "××")


@dataclass(frozen=True, slots=True)
class UnitRef:
    """A unit as a rule names it. For a unit that exists per division, `of` says whose: residence or registration."""

    unit: str
    of: str = "residence"


def build(draft: Draft) -> Mapping[str, Any]:
    """Return the units, by id."""
    whole = draft.rules.info.office
    return {"units": {key: _unit(key, entry, whole) for key, entry in draft.entries("units")}}


def _unit(key: str, entry: Entry, whole: Office) -> Unit:
    office = office_in(entry, whole)
    return Unit(
        id=key,
        label=entry.text("label"),
        superior=entry.text("superior"),
        per=entry.text("per"),
        external=bool(entry.data.get("external")),
        may=entry.names("may"),
        duty_phone=entry.text("duty_phone"),
        formerly=tuple((item["label"], item["until"]) for item in entry.data.get("formerly", ())),
        instances={code: _instance(code, item, office or whole) for code, item in entry.tables("instances")},
        basis=entry.basis(),
        since=entry.data.get("since"),
        until=entry.data.get("until"),
        document_word=entry.text("document_word"),
        office=office,
        off_hours=off_hours_in(entry),
        office_basis=office_basis(entry),
    )


def _instance(division: str, entry: Entry, kind: Office) -> UnitInstance:
    return UnitInstance(
        division=division,
        label=entry.text("label"),
        duty_phone=entry.text("duty_phone"),
        document_word=entry.text("document_word"),
        office=office_in(entry, kind),
        office_basis=office_basis(entry),
        serves=entry.names("serves"),
    )


def unit_of(entry: Entry, key: str) -> UnitRef | None:
    """Return the unit under a key, or None."""
    return _ref(entry.data[key]) if key in entry.data else None


def units_of(entry: Entry, key: str) -> tuple[UnitRef, ...]:
    """Return the units listed under a key."""
    return tuple(_ref(value) for value in entry.data.get(key, ()))


def _ref(value: Any) -> UnitRef:
    if isinstance(value, dict):  # { unit = "township", of = "registration" }
        return UnitRef(value["unit"], value.get("of", "residence"))
    return UnitRef(value)


def check_receivers(draft: Draft, part: str, path: Path, names: Sequence[str], own: str, what: str) -> None:
    """Note a unit that is named twice among several which all get the same, or that gets it from itself."""
    for name in dict.fromkeys(names):
        twice, unit = names.count(name) > 1, draft.rules.units.get(name)
        if unit and (twice or name == own):
            message = f"“{unit.anywhere}”{'写了不止一次' if twice else what}"
            draft.error(part, path, "RECEIVER_TWICE", message, f"请从 {path[-1]} 中删去")


def link(draft: Draft) -> None:
    """Check the superior of every unit, its acts, label and clauses."""
    for key, unit in draft.rules.units.items():
        draft.check_name("units", (key, "superior"), unit.superior, "units")
        check_acts(draft, "units", (key, "may"), unit.may)
        check_places(draft, "units", (key, "label"), unit.label, ("division",) if unit.per else ())
        _check_climb(draft, key)
        check_off_hours(draft, "units", (key,), unit.off_hours)
        entry = draft.entry("units", key)
        _check_office(draft, (key,), entry.get("office", {}))
        for code, instance in entry.get("instances", {}).items():
            _check_office(draft, (key, "instances", code), instance.get("office", {}))
        for clause in unit.basis.cites:
            draft.check_clause("units", (key, "cites"), clause)


def _check_office(draft: Draft, path: Path, office: Mapping[str, Any]) -> None:
    for clause in office.get("cites", ()):
        draft.check_clause("units", (*path, "office", "cites"), clause)


def _check_climb(draft: Draft, key: str) -> None:
    seen: list[str] = []
    unit = key
    while unit in draft.rules.units and unit not in seen:
        seen.append(unit)
        unit = draft.rules.units[unit].superior
    if unit == key and key == min(seen):  # once for each loop, not once for each unit in it
        message = f"上级单位绕成一圈：{' → '.join([*seen, key])}"
        draft.error(
            "units", (key, "superior"), "SUPERIOR_LOOP", message, "请删去其中一个单位的 superior：最上面的单位没有上级"
        )


UNITS = Kind(
    "units", build, link, label="单位", heading="承办单位", labelled=True, cites=True, lived="有自己的账号、队列和任务"
)
