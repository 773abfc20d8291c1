"""What people call what edits of rules are about: the labels of ids and the words of conditions, by some rulebook."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from xunfang.desk.studio.route_words import condition_said, unit_said
from xunfang.desk.studio.said_options import options_said
from xunfang.rulebook.model import Rulebook

_UNITS, _AS_IT_IS = "units", frozenset({"clauses"})


@dataclass(frozen=True, slots=True)
class SaidNames:
    """The names of a rulebook; clauses go by their numbers. `within`: those of the file itself, by what names them.

    `form` is the one whose conditions are told, or the rows of one: application.members.
    """

    book: Rulebook
    within: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    form: str = ""

    def called(self, source: str, value: Any) -> str:
        """Return the label of one of what a key names, "" for what there is not."""
        if source in _AS_IT_IS or source in self.within:
            return self.within.get(source, {}).get(str(value), "")
        if source == _UNITS:
            return unit_said(self.book, value) if isinstance(value, (str, dict)) else ""
        return next((each.label for each in options_said(self.book)(source) if each.value == value), "")

    def condition(self, when: Any) -> str:
        """Return a condition as a clause, "" for what is none."""
        return condition_said(self.book, when, self.form)
