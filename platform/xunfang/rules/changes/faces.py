"""What a change sheet 改动说明 consists of: groups of lines, each with what was said, what is said now, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from xunfang.rulebook.files import Files
from xunfang.rulebook.model import Rulebook

How = Literal["new", "gone", "changed", "follows"]
HOW: Mapping[How, str] = {"new": "新增", "gone": "取消", "changed": "改动", "follows": "随之改变"}
"""What happened to a rule; one `follows` where nobody changed it itself, but a name it tells of."""


def how_of(before: object, after: object) -> How:
    """Return what happened to something, of which one may be missing."""
    return "new" if not before else "changed" if after else "gone"


@dataclass(frozen=True, slots=True)
class Edition:
    """Some rules, compiled, and the files that say them; `title` is what people call them."""

    rules: Rulebook
    files: Files
    title: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """A clause that a rule rests on: its document and place in one line, its words, the document's title."""

    place: str
    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """A value in a file that was changed: its file and line, its key, what that key says in words, and the values.

    `says` tells in a sentence what became of the column of rows to which it and others belong.
    """

    file: str
    line: int
    key: str
    name: str
    before: str
    after: str
    says: str = ""

    @property
    def told(self) -> str:
        """The change in one sentence."""
        if self.says:
            return self.says
        named = f"“{self.name}”" if self.name else self.key
        if not self.before:
            return f"{named}写上了“{self.after}”"
        return f"{named}由“{self.before}”改为“{self.after}”" if self.after else f"{named}去掉了“{self.before}”"


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One rule that changed. `key` stays the same as long as it is about the same rule: remarks name it.

    `about` is where it stands, such as a form; `was_resting` is told where what it rests on changed; `belongs` is the
    sentence of the rule that a value belongs to which no sentence tells.
    """

    key: str
    how: How
    about: str
    before: str
    after: str
    basis: str = ""
    grounds: tuple[Ground, ...] = ()
    was_resting: str = ""
    belongs: str = ""
    spots: tuple[Spot, ...] = ()

    @property
    def said(self) -> str:
        """What happened, in a word."""
        return HOW[self.how]

    @property
    def parts(self) -> tuple[str, ...]:
        """What became of the columns of a field that is answered row by row, each in a sentence."""
        return tuple(each.says for each in self.spots if each.says)

    @property
    def practice(self) -> str:
        """What it rests on besides clauses."""
        return "".join(self.basis.partition("本地做法：")[1:])


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """All changes of one kind of rule."""

    id: str
    title: str
    lines: tuple[ChangeLine, ...]


@dataclass(frozen=True, slots=True)
class ChangedPaper:
    """A kind of paper that will be printed otherwise: new, gone, or printed by both."""

    id: str
    label: str
    before: bool
    after: bool


@dataclass(frozen=True, slots=True)
class ChangedField:
    """A field of a changed form as it was and as it is, "" where it is not there."""

    name: str
    before: str
    after: str

    @property
    def same(self) -> bool:
        """Whether nothing is asked otherwise."""
        return self.before == self.after

    @property
    def said(self) -> str:
        """What happened, in a word; "" for nothing."""
        return "" if self.same else HOW[how_of(self.before, self.after)]


@dataclass(frozen=True, slots=True)
class ChangedForm:
    """A form of which fields differ: all of them, in the order of now, those that are gone where they stood."""

    id: str
    title: str
    fields: tuple[ChangedField, ...]

    @property
    def differing(self) -> int:
        """How many fields differ."""
        return sum(not each.same for each in self.fields)


@dataclass(frozen=True, slots=True)
class ChangeSheet:
    """Everything that some rules say otherwise than others."""

    before: str
    after: str
    groups: tuple[ChangeGroup, ...]
    follows: tuple[ChangeGroup, ...]
    papers: tuple[ChangedPaper, ...]
    forms: tuple[ChangedForm, ...]

    @property
    def lines(self) -> tuple[ChangeLine, ...]:
        """Every line, those that only follow at the end."""
        return tuple(line for group in (*self.groups, *self.follows) for line in group.lines)

    @property
    def same(self) -> bool:
        """Whether nothing changed at all."""
        return not self.groups and not self.follows

    def count(self, how: How) -> int:
        """Return how many rules this happened to."""
        return sum(line.how == how for line in self.lines)
