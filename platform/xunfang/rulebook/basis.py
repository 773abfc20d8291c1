"""Why a rule binds: the basis that every binding rule carries."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Basis:
    """What a rule rests on: clauses of policies, or, where a county merely decided so, its own practice."""

    cites: tuple[str, ...] = ()
    practice: str = ""


NO_BASIS = Basis()
