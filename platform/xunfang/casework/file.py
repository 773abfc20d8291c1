"""The file of a case: everything that deciding about it may look at, handed over before anything is decided."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from xunfang.casework.objections import Objection
from xunfang.casework.rows import Row
from xunfang.rules.caps import Grant

Answers = Mapping[str, Any]


class Everybody:
    """A place where every unit has somebody."""

    def __contains__(self, unit: object) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class File:
    """A case with those that its flow began from, and all that belongs to each.

    `later` holds, by their kind, rows besides `rows` that need not be read before a verb asks for that kind. `answers`
    holds every form filled in it, by the key of the submission; `numbers` the last number given out in each series of
    the year; `staffed` the units in which somebody can be reached, `able` every unit with an act that somebody in it
    may do, `posts` every unit with a role that somebody in it has who may complete tasks. `grants`: what was granted to
    each person of it in any case of theirs. `objections`: by person, those to what was published of them.
    """

    rows: tuple[Row, ...] = ()
    later: Mapping[type[Row], Iterable[Row]] = field(default_factory=dict, kw_only=True)
    answers: Mapping[str, Answers] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    staffed: Container[str] = field(default_factory=Everybody)
    able: Container[tuple[str, str]] = field(default_factory=Everybody)
    posts: Container[tuple[str, str]] = field(default_factory=Everybody)
    grants: Mapping[str, Sequence[Grant]] = field(default_factory=lambda: defaultdict(tuple))
    objections: Mapping[str, Sequence[Objection]] = field(default_factory=lambda: defaultdict(tuple))
