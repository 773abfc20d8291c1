"""Why a rule binds: policy documents, their clauses, and the basis that every binding rule carries."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Basis:
    """What a rule rests on: clauses of policies, or, where a county merely decided so, its own practice."""

    cites: tuple[str, ...] = ()
    practice: str = ""


NO_BASIS = Basis()


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy document 政策文件."""

    id: str
    title: str
    number: str
    issuer: str
    in_force: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause 条款 of a policy. `not_software` says why no software can carry it out; empty otherwise."""

    id: str
    policy: str
    text: str
    reviewed: date | None
    not_software: str
    layer: str
