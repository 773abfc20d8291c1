"""Scope: on whose behalf data is reached, and how far that person sees. Nothing widens a reader's."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Scope:
    """How far somebody sees: cases living within `division` (none when empty), and those their `unit` has to do with.

    `acts` is what their roles let them do; `reason` says for what the machinery reads, and is empty for people.
    `formerly` are the units that their unit follows since divisions were merged, `former_places` the divisions that
    have ended whose people live within `division` now: what was done there stays in sight. `served` are the divisions
    that their unit serves besides its own, and those that ended with all in them and are followed by these.
    """

    account: str
    jurisdiction: str
    unit: str
    division: str
    acts: frozenset[str]
    reason: str = ""
    formerly: tuple[str, ...] = ()
    former_places: tuple[str, ...] = ()
    served: tuple[str, ...] = ()

    @property
    def units(self) -> tuple[str, ...]:
        """The unit, and those that it follows."""
        return (self.unit, *self.formerly)

    def apart(self) -> tuple["Scope", ...]:
        """Return the same scope for each of its units alone."""
        return tuple(replace(self, unit=unit, formerly=()) for unit in self.units)

    @classmethod
    def system(cls, reason: str, jurisdiction: str) -> "Scope":
        """Return the scope of the machinery itself in one jurisdiction; the reason goes into what it writes."""
        if not reason:
            raise ValueError("the machinery gives a reason for what it reads")
        return cls("", jurisdiction, "", "", frozenset(), reason)

    @property
    def is_system(self) -> bool:
        """Whether the machinery reads, which sees its whole jurisdiction."""
        return bool(self.reason)
