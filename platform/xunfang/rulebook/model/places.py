"""Who acts: the jurisdiction itself, its units and its roles."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from xunfang.rulebook.model.basis import Basis
from xunfang.worktime import Office


@dataclass(frozen=True, slots=True)
class Standard:
    """A dated local value, such as the subsistence standard: a case uses the one in force on its day."""

    id: str
    label: str
    since: tuple[tuple[date, float], ...]
    basis: Basis

    def on(self, day: date) -> float | None:
        """Return the value in force on a day, or None before the first."""
        values = [value for start, value in self.since if start <= day]
        return values[-1] if values else None


@dataclass(frozen=True, slots=True)
class JurisdictionInfo:
    """What `jurisdiction.toml` says of the jurisdiction 辖区 as a whole."""

    name: str
    brand: str
    serves: bool
    hotline: str
    office: Office
    soft: Mapping[str, str]
    standards: Mapping[str, Standard]


@dataclass(frozen=True, slots=True)
class UnitInstance:
    """What differs in one instance of a unit that exists per division."""

    division: str
    label: str = ""
    duty_phone: str = ""
    document_word: str = ""


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


@dataclass(frozen=True, slots=True)
class Role:
    """A role 角色: which of the closed set of acts its holders may do."""

    id: str
    label: str
    may: tuple[str, ...]
    deputy: bool
