"""Every rule as a statement of its own, by kind and id: what two sets of rules are compared by."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from xunfang.rulebook.kinds import KINDS
from xunfang.rulebook.model import Rulebook, Scenario
from xunfang.rules.changes.form_statements import form_statements
from xunfang.rules.changes.statement import Statement
from xunfang.rules.describe import lines_of
from xunfang.rules.describe.behind import list_title
from xunfang.rules.describe.lines import Line
from xunfang.rules.describe.names import names
from xunfang.rules.describe.words import choice_words

FORMS, LISTS, PLACES, CLAUSES, SCENARIOS = "forms", "lists", "divisions", "policies", "scenarios"
OTHERS = {PLACES: "行政区划", SCENARIOS: "情景"}
"""What is told besides the kinds of rule."""

Statements = Mapping[str, Mapping[str, Statement]]


@dataclass(frozen=True, slots=True)
class Heading:
    """A kind of statement, and what stands over it."""

    id: str
    title: str


def headings() -> Iterator[Heading]:
    """Yield every kind of statement in the order of the sheet."""
    for kind in KINDS.values():
        yield Heading(kind.id, kind.heading or kind.title)
    yield from (Heading(id, title) for id, title in OTHERS.items())


@lru_cache(maxsize=16)
def statements(rulebook: Rulebook) -> Statements:
    """Return everything that some rules say, by kind and id."""
    found: dict[str, dict[str, Statement]] = {
        kind: _numbered(map(_of_line, lines)) for kind, lines in lines_of(rulebook) if kind != FORMS
    }
    found[FORMS] = _numbered(form_statements(rulebook))
    found[LISTS] = _numbered(_choices(rulebook))
    found[PLACES] = _numbered(Statement(id, f"{label}（{id}）。") for id, label in names(rulebook, "divisions"))
    found[CLAUSES] = _numbered(_clauses(rulebook))
    found[SCENARIOS] = _numbered(map(_scenario, rulebook.scenarios))
    return found


def _numbered(told: Iterator[Statement]) -> dict[str, Statement]:
    """Return statements by their ids; a second one of the same id is told apart by its number."""
    found: dict[str, Statement] = {}
    for each in told:
        id, nth = each.id, 2
        while id in found:
            id, nth = f"{each.id}#{nth}", nth + 1
        found[id] = each
    return found


def _of_line(line: Line) -> Statement:
    return Statement(line.id, line.sentence, line.basis, line.cites)


def _choices(rulebook: Rulebook) -> Iterator[Statement]:
    for entries in rulebook.lists.values():
        title = list_title(rulebook, entries.id)
        for entry in entries.entries:
            yield Statement(f"{entries.id}.{entry}", f"“{title}”有选项“{choice_words(entries, entry)}”。")


def _clauses(rulebook: Rulebook) -> Iterator[Statement]:
    for clause in rulebook.clauses.values():
        why = f"（无须软件办理：{clause.not_software}）" if clause.not_software else ""
        yield Statement(clause.id, clause.text + why, about=f"《{rulebook.policies[clause.policy].title}》{clause.id}")


def _scenario(scenario: Scenario) -> Statement:
    return Statement(scenario.id, f"情景“{scenario.label}”，共{len(scenario.steps)}步。", cites=scenario.proves)
