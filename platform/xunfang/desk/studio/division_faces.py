"""What the pages about divisions show: the places of a layer, and what a change of one of them would bring."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xunfang.desk.studio.faces import Head
from xunfang.errors import Problem


@dataclass(frozen=True, slots=True)
class PlaceFace:
    """One division. `notes` tell what is written down of its beginning and end; `may` what may be done to it."""

    code: str
    name: str
    level: str
    notes: Sequence[str]
    own: bool
    ended: bool
    below: int
    may: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class DivisionsPage:
    """The divisions right within one, or those that were sought; `above` are those it lies in, highest first."""

    head: Head
    here: PlaceFace
    above: Sequence[tuple[str, str]]
    rows: Sequence[PlaceFace]
    sought: str
    more: bool
    unread: Sequence[Problem]


@dataclass(frozen=True, slots=True)
class Touch:
    """One kind of thing that a change touches: how much there is of it, and in a sentence what will become of it."""

    label: str
    count: str
    then: str
    names: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class MovedFace:
    """A division that goes on under another code; `fixed` where only those above it can be told apart."""

    code: str
    name: str
    level: str
    new_code: str
    new_name: str
    fixed: bool


@dataclass(frozen=True, slots=True)
class PlanFace:
    """What a change would bring, before anything is written; `digest` is of the table it was planned on."""

    said: str
    moved: Sequence[MovedFace]
    touched: Sequence[Touch]
    none: Sequence[str]
    mentions: Sequence[tuple[str, str, int]]
    problems: Sequence[Problem]
    warnings: Sequence[Problem]
    after: Sequence[str]
    digest: str


@dataclass(frozen=True, slots=True)
class WizardPage:
    """A wizard for one division: what may be chosen, what was typed and is wrong, and the plan once it was made."""

    head: Head
    here: PlaceFace
    how: str
    title: str
    heirs: Sequence[tuple[str, str]]
    children: Sequence[PlaceFace]
    given: Mapping[str, str]

    @property
    def apart(self) -> bool:
        """Whether something was to go elsewhere than the whole."""
        return any(value for name, value in self.given.items() if name.startswith("to:"))
