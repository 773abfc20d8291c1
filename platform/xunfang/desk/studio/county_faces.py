"""What the wizard for a new jurisdiction shows: its steps, what was typed, and what a check finds, by step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xunfang.division import Division
from xunfang.rulebook.county_units import UnitOffer
from xunfang.rulebook.new_county import NewCounty, Replaced

STEPS = (("place", "辖区"), ("divisions", "区划"), ("units", "单位"), ("policy", "政策"), ("check", "检查和下载"))


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that a check found, in words; `stops` where the rules cannot be used with it."""

    step: str
    said: str
    hint: str
    stops: bool


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit that may be kept: its name as proposed or typed, and whether it is ticked."""

    offer: UnitOffer
    label: str
    kept: bool


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of all that was typed: the files of the new layer, and what a check finds in them."""

    county: NewCounty
    files: Mapping[str, str]
    replaced: Sequence[Replaced]
    found: Sequence[Found]
    scenarios: int

    @property
    def stops(self) -> bool:
        """Whether something has to be mended first."""
        return any(each.stops for each in self.found)


@dataclass(frozen=True, slots=True)
class CountyPage:
    """One step of the wizard; `given` is what was typed in all of them."""

    step: str
    province: str
    model: str
    above: str
    given: Mapping[str, Sequence[str]]
    wrong: Mapping[str, str]
    units: Sequence[UnitRow] = ()
    divisions: Sequence[Division] = ()
    others: int = 0
    clauses: Sequence[tuple[str, str]] = ()
    made: Made | None = None

    @property
    def steps(self) -> Sequence[tuple[str, str]]:
        """The steps, in their order."""
        return STEPS

    def said(self, name: str) -> str:
        """Return what was typed in a field, "" for nothing."""
        found = self.given.get(name, ())
        return found[0] if found else ""

    def of(self, step: str) -> Sequence[Found]:
        """Return what was found in a step."""
        return [each for each in self.made.found if each.step == step] if self.made else []
