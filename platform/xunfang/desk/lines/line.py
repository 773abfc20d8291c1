"""One line: a thing, what is known of it by the paths of the rules, and which field told each answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from xunfang.desk.labels import Labels
from xunfang.rulebook.model import Field, IntakeForm

Facts = dict[str, Any]


class Told(NamedTuple):
    """By which field an answer was told, and by whose names it is read: those of the release it was filled by."""

    field: Field
    labels: Labels


@dataclass(slots=True)
class Line:
    """A thing of a kind, `of` which SEEN_FROM says what it shows.

    `facts` are typed and whole, for deciding; nothing of them is shown but through `words` and `cell`, which mask.
    The bare name of a fact is the thing's own: `flow` of a case is `case.flow`. `said` holds words that no value tells
    alone. `case`, `person` and `duty` are what a line opens, "" for what it does not. `place` is where something took
    place, which stays so wherever its person lives later; "" for what lies where its person lives. `ended`: whether a
    case, a task or what is owed is over.
    """

    of: str
    key: str
    labels: Labels
    facts: Facts = field(default_factory=dict)
    told: dict[str, Told] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    case: str = ""
    person: str = ""
    duty: str = ""
    place: str = ""
    ended: bool = False

    def knows(self, root: str, facts: Mapping[str, Any]) -> None:
        """Take what the engine knows, by names behind a root; it stands, whatever a form says under the same name."""
        for name, value in facts.items():
            self.facts[f"{root}.{name}"] = value
            self.told.pop(f"{root}.{name}", None)

    def hears(self, root: str, form: IntakeForm | None, labels: Labels, answers: Mapping[str, Any]) -> None:
        """Take what a form told behind a root: later ones over earlier ones, and silence takes nothing back."""
        for name, value in answers.items():
            path = f"{root}.{name}"
            self.facts[path] = value
            if form and name in form.fields:
                self.told[path] = Told(form.fields[name], labels)

    def owns(self) -> "Line":
        """Let the thing's own facts be read by their bare names too."""
        root = f"{self.of}."
        own = {path.removeprefix(root): value for path, value in self.facts.items() if path.startswith(root)}
        self.facts.update(own)
        return self
