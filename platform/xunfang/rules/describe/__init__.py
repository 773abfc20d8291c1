"""The rules in force as plain Chinese sentences with their clauses, for people who read no TOML.

lines       Section, Line; how a rule's clauses are named
conditions  a condition in words: titles and labels, never ids
facts       the facts the engine itself knows
words       the words for the closed vocabulary of the rule files
places      the jurisdiction, its units and roles
casework    forms, routing tables, deadlines
flows       flows, state by state
duties      duties, feeds, meetings
papers      notices, ledgers, indicators, programmes
"""

from xunfang.rulebook.model import Rulebook
from xunfang.rules.describe import casework, duties, flows, papers, places
from xunfang.rules.describe.lines import Line, Section

__all__ = ["Line", "Section", "sentence_of", "sentences"]

_FORMS = "表单"
_GROUPS = (
    ("辖区", places.jurisdiction),
    ("承办单位", places.units),
    ("角色", places.roles),
    (_FORMS, casework.forms),
    ("分派", casework.routing),
    ("时限", casework.deadlines),
    ("流程", flows.flows),
    ("定期任务", duties.duties),
    ("部门数据报送", duties.feeds),
    ("会商", duties.meetings),
    ("文书", papers.notices),
    ("台账", papers.ledgers),
    ("指标", papers.indicators),
    ("救助事项", papers.programmes),
)


def sentences(rulebook: Rulebook) -> list[Section]:
    """Return every rule in force as sentences, by kind; kinds without a rule are left out."""
    sections = (Section(title, list(group(rulebook))) for title, group in _GROUPS)
    return [section for section in sections if section.lines]


def sentence_of(rulebook: Rulebook, id: str) -> Line | None:
    """Return the sentence of a rule, or of the rule it is part of (`<deadline>.remind.1`); None when there is none.

    Where a form shares its id with a rule, the rule is meant: events name rules.
    """
    lines: dict[str, Line] = {}
    for section in sorted(sentences(rulebook), key=lambda section: section.title == _FORMS):
        for line in section.lines:
            lines.setdefault(line.id, line)
    while id:
        if id in lines:
            return lines[id]
        id = id.rpartition(".")[0]
    return None
