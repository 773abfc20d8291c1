"""Programmes in sentences."""

from collections.abc import Iterator

from xunfang.rulebook.model import Programme, Rulebook
from xunfang.rules.describe.lines import Line, line
from xunfang.rules.describe.words import LEVELS, unit_words


def lines(rulebook: Rulebook) -> Iterator[Line]:
    """Yield every programme: who decides, with which form, by which flow."""
    for programme in rulebook.programmes.values():
        yield line(rulebook, programme.id, _programme(rulebook, programme), programme.basis)


def _programme(rulebook: Rulebook, programme: Programme) -> str:
    text = f"“{programme.label}”由{_decider(rulebook, programme.decided_by)}审核确认"
    form = rulebook.forms.get(programme.applies_with)
    flow = rulebook.flows.get(programme.flow)
    text += f"，凭《{form.title}》申请" if form else ""
    return f"{text}，按“{flow.label}”流程办理" if flow else text


def _decider(rulebook: Rulebook, decided_by: str) -> str:
    return LEVELS.get(decided_by) or (unit_words(rulebook, decided_by) if decided_by else "主管部门")
