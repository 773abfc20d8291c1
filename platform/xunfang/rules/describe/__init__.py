"""The rules in force as plain Chinese sentences with their clauses, for people who read no TOML.

Each kind of rule that is told has a module of its name here (`lines` yields its rules, one by one). Besides:

lines       Section, Line; how a rule's clauses are named
behind      lists, divisions and clauses, as they stand behind the rules
conditions  a condition in words: titles and labels, never ids
facts       the facts the engine itself knows
words       the words for the closed vocabulary of the rule files
"""

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module

from xunfang.rulebook.kinds import KINDS
from xunfang.rulebook.model import Rulebook
from xunfang.rules.describe.behind import behind
from xunfang.rules.describe.lines import Line, Section

__all__ = ["Line", "Section", "behind", "lines_of", "sentence_of", "sentences"]

_TOLD: Mapping[str, Callable[[Rulebook], Iterator[Line]]] = {
    kind.id: import_module(f"{__name__}.{kind.id}").lines for kind in KINDS.values() if kind.heading
}


def sentences(rulebook: Rulebook) -> list[Section]:
    """Return every rule in force as sentences, by kind; kinds without a rule are left out."""
    sections = (Section(KINDS[kind].heading, list(lines)) for kind, lines in lines_of(rulebook))
    return [section for section in sections if section.lines]


def lines_of(rulebook: Rulebook) -> Iterator[tuple[str, Iterator[Line]]]:
    """Yield each kind of rule that is told, with the sentences of its rules."""
    return ((kind, lines(rulebook)) for kind, lines in _TOLD.items())


def sentence_of(rulebook: Rulebook, id: str) -> Line | None:
    """Return the sentence of a rule, or of the rule it is part of (`<deadline>.remind.1`); None when there is none.

    Where a form shares its id with a rule, the rule is meant: events name rules.
    """
    lines: dict[str, Line] = {}
    forms = KINDS["forms"].heading
    for section in sorted(sentences(rulebook), key=lambda section: section.title == forms):
        for line in section.lines:
            lines.setdefault(line.id, line)
    while id:
        if id in lines:
            return lines[id]
        id = id.rpartition(".")[0]
    return None
