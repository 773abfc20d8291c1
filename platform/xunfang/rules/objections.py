"""Objections 异议 by the rules: on which forms they come in, in which flows they are handled, which are upheld."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from xunfang.identity import mask_name
from xunfang.rulebook.model import IntakeForm, Rulebook

TO_PUBLICATION = "publication"
NO_OBJECTIONS: Mapping[str, Any] = {"words": "", "count": 0, "waiting": 0, "upheld": 0}
"""What is said of objections in a case that published nothing to which anybody could object."""


def objects_to_publications(form: IntakeForm | None) -> bool:
    """Return whether a form objects to what hangs on a board."""
    return form is not None and form.objection.get("to") == TO_PUBLICATION


def objection_flows(rulebook: Rulebook) -> tuple[str, ...]:
    """Return the flows in which objections to publications are handled."""
    return tuple(
        flow.id
        for flow in rulebook.flows.values()
        if any(objects_to_publications(rulebook.forms.get(form)) for form in flow.opens_on)
    )


def is_upheld(rulebook: Rulebook, flow: str, outcome: str) -> bool:
    """Return whether a case of a flow that ended by an outcome found the objection to be right."""
    found = rulebook.flows.get(flow)
    states = found.states.values() if found else ()
    return any(outcome in state.outcomes and state.outcomes[outcome].upholds for state in states)


def objector_words(form: IntakeForm | None, answers: Mapping[str, Any]) -> str:
    """Return who objects, as those may know who see the publication: the masked name, or that none was given."""
    name = str(answers.get(form.objection.get("by", "")) or "") if form else ""
    return f"{mask_name(name)}（实名）" if name else "匿名"


class Count(NamedTuple):
    """How many objections there were: not answered yet, found to be right, found to be wrong; and noted by hand."""

    waiting: int = 0
    upheld: int = 0
    rejected: int = 0
    noted: int = 0

    @property
    def all(self) -> int:
        """How many came in; what is noted by hand of one that also came by form is not counted again."""
        return self.waiting + self.upheld + self.rejected or self.noted

    def words(self, *, over: bool) -> str:
        """Return whether anybody objected, as papers and records say it; `over`: nobody can any more."""
        if not self.all:
            return "公示期间没有收到异议" if over else "目前没有收到异议"
        parts = ((self.upheld, "成立"), (self.rejected, "经核查不成立"), (self.waiting, "正在核查"))
        told = [f"{n}件{what}" for n, what in parts if n] or ["已登记并中止公示"]
        return f"公示期间收到异议{self.all}件：{'，'.join(told)}"
