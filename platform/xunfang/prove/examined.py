"""What is known of a draft of rules once it was examined 检查: plain values, wherever that was done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from xunfang.errors import Problem
from xunfang.prove.coverage import Coverage
from xunfang.prove.scenarios.comparing import Failure
from xunfang.rulebook.files import Files

Problems = tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Examined:
    """What a check of a draft found. `problems` stop it from being used, `warnings` are to be looked at.

    `name` is what its jurisdiction is called and `digest` what a release of it would be named by: "" for what does not
    compile.
    """

    problems: Problems
    warnings: Problems = ()
    digest: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """A scenario that was played: what turned out otherwise than it expects; nothing where it holds.

    `stuck`: why it could not be played to its end, "" where it was; `words` are the failures in those of its rules.
    """

    id: str
    label: str
    file: str
    failures: tuple[Failure, ...] = ()
    stuck: str = ""
    words: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether everything happened as it expects."""
        return not self.failures and not self.stuck

    @property
    def told(self) -> tuple[str, ...]:
        """What did not, in sentences."""
        return (*(self.words or map(str, self.failures)), *([self.stuck] if self.stuck else ()))


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """The scenarios of a draft, or the `problems` for which none could be played."""

    problems: Problems = ()
    tried: tuple[Tried, ...] = ()

    @property
    def failed(self) -> tuple[Tried, ...]:
        """The scenarios that do not hold."""
        return tuple(each for each in self.tried if not each.holds)


@dataclass(frozen=True, slots=True)
class Covering:
    """How the clauses of a draft stand, or the `problems` for which nothing can be said."""

    problems: Problems = ()
    coverage: Coverage | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A rule of a draft as a sentence, under the heading of its kind."""

    heading: str
    id: str
    text: str
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """The sentences that were asked for, or the `problems` for which there are none."""

    problems: Problems = ()
    sentences: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Below:
    """A jurisdiction that inherits from a draft, and what is wrong in it by the draft and was not before.

    `problems` are the first of them, `count` is how many there are.
    """

    jurisdiction: str
    name: str
    problems: Problems = ()
    count: int = 0


class Examining(Protocol):
    """Whoever examines drafts, so that nothing in them harms who asks. Each raises TooOften while it is crowded."""

    def examine(self, files: Files, jurisdiction: str, day: date, whose: str = "") -> Examined:
        """Return what is wrong with a draft on a day. `whose`: who asks for it, where that is another jurisdiction."""
        ...

    def scenarios(self, files: Files, jurisdiction: str, day: date) -> Rehearsed:
        """Return how the scenarios of a draft turn out."""
        ...

    def coverage(self, files: Files, jurisdiction: str, *, released: bool = False) -> Covering:
        """Return how the clauses of a draft stand, or of rules that were `released`: past the checks of today."""
        ...

    def show(self, files: Files, jurisdiction: str, rule: str = "") -> Shown:
        """Return the sentences of one rule of a draft, or of all of them."""
        ...

    def below(self, files: Files, layer: str, served: Mapping[str, Files], day: date) -> tuple[Below, ...]:
        """Return each jurisdiction that inherits from a layer, with what the draft of that layer breaks in it.

        `served` are the files that each jurisdiction goes by now.
        """
        ...
