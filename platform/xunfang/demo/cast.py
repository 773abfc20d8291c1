"""Who plays whom in stories that a higher layer tells for all its counties."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xunfang.demo.step import Table
from xunfang.rulebook.model import Rulebook

_NAME = "@name"


@dataclass(frozen=True, slots=True)
class Cast:
    """A county's own logins, units and places by the words of the stories, and its people by their numbers."""

    rulebook: Rulebook
    words: Table
    people: Sequence[Table]

    def told(self, story: Table) -> Table:
        """Return a story as it is told of this county."""
        person = dict(self.people[story["who"]]) if "who" in story else {}
        own: dict[str, Any] = self._named(dict(story), str(person.get("name", "")))
        if "form" in own and person:
            fields = self.rulebook.forms[own["form"]].fields
            about = {name: value for name, value in person.items() if name in fields}
            own["answers"] = {**about, **own.get("answers", {})}
        return own

    def _named(self, value: Any, name: str) -> Any:
        """Return a value of a story with everybody called by their own names."""
        if isinstance(value, str):
            return self.words.get(value[1:], value) if value.startswith("@") and value != _NAME else _with(value, name)
        if isinstance(value, dict):
            return {self._named(key, name): self._named(inner, name) for key, inner in value.items()}
        return [self._named(inner, name) for inner in value] if isinstance(value, list) else value


def _with(text: str, name: str) -> str:
    return text.replace(_NAME, name)
