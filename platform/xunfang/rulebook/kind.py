"""A kind of rule 规则种类: everything about it that is not its rules themselves, said once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from xunfang.rulebook.draft import Draft


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of rule: where its files lie, what it is called, how it is built and linked.

    `build` returns what it adds to the rules, by attribute of `Rules`; shapes have been checked before. `link` notes
    every name that stands for nothing, and every binding rule without a basis.
    """

    id: str  # its module here and in rules/describe
    build: Callable[[Draft], Mapping[str, Any]]
    link: Callable[[Draft], None]
    label: str  # what people call one: 没有名为“…”的单位
    heading: str = ""  # over its rules in sentences; "" for one that is told within others
    title: str = ""  # of its file in an editor, where that is not the heading
    folder: str = ""  # the folder with one file for each rule; "" for a single `<id>.toml`
    one: str = "*"  # how the files in a folder are told of
    ending: str = "toml"
    shape: str = ""  # its JSON Schema in shapes/, and the kind of its parts, where that is not the id
    holds_names: bool = False  # entries hold names that others use: fields, states, entries, clauses
    labelled: bool = False  # people write the label of one where its id belongs
    cites: bool = False  # each rule rests on one basis
    serves: str = ""  # what `x-serves` of a field calls it
    fact: str = ""  # the fact whose value is the id of such a rule
    begins: str = ""  # its file in a new layer; {name} is the layer's
    lived: str = ""  # what the running system does with its rules; "" while they are only decided, by scenarios

    @property
    def part(self) -> str:
        """Return the kind of its parts, which is also the name of its schema."""
        return self.shape or self.id

    @property
    def where(self) -> str:
        """Return where its files lie, as people are told."""
        return f"{self.folder}/{self.one}.{self.ending}" if self.folder else f"{self.id}.{self.ending}"
