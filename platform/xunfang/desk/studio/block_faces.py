"""What the pages show that edit any rule file block by block."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xunfang.desk.studio.faces import FileFace, Head
from xunfang.errors import Problem
from xunfang.rulebook.block_inputs import Input
from xunfang.rulebook.called import Option, Options


@dataclass(frozen=True, slots=True)
class AddFace:
    """Something that may be added: what it is called, and under which key."""

    label: str
    key: str


@dataclass(frozen=True, slots=True)
class BlockRow:
    """One block in the list of a file. `key` is its key as an address carries it."""

    key: str
    digest: str
    whole: str
    depth: int
    kind: str
    label: str
    sentence: str
    problems: Sequence[Problem]
    adds: Sequence[AddFace]
    first: bool
    last: bool
    movable: bool


@dataclass(frozen=True, slots=True)
class BlockGroup:
    """Blocks that belong together under a name, "" for those that stand for themselves; `above` layers have so many."""

    label: str
    rows: Sequence[BlockRow]
    adds: Sequence[AddFace]
    above: int


@dataclass(frozen=True, slots=True)
class FilePage:
    """One file as its blocks; `unread` is why it has none."""

    head: Head
    file: FileFace
    groups: Sequence[BlockGroup]
    unread: str
    elsewhere: int

    @property
    def rows(self) -> Sequence[BlockRow]:
        """Return all blocks in their order."""
        return [row for group in self.groups for row in group.rows]


@dataclass(frozen=True, slots=True)
class BlockPage:
    """One block as a form. `usual` are the inputs that stand open, the others are folded away."""

    head: Head
    file: FileFace
    key: str
    digest: str
    before: str
    is_new: bool
    own_id: str | None  # what is proposed as its id where it needs one, None where its key has none
    title: str
    within: str  # the list that it is an entry of, where that is no block itself
    label: str
    sentence: str
    usual: Sequence[Input]
    others: Sequence[Input]
    problems: Sequence[Problem]
    warnings: Sequence[Problem]
    elsewhere: int
    options: Options
    facts: Mapping[str, Sequence[Option]]
    now: Mapping[str, str]  # by the name of an input, what it says by now where that is not what is typed in it
    text: str = ""  # what it says in the file, "" where it cannot be written as text by itself

    @property
    def inputs(self) -> Sequence[Input]:
        """Return all inputs."""
        return (*self.usual, *self.others)


@dataclass(frozen=True, slots=True)
class KindFace:
    """A kind of rule in the list of all: its own files, those above, and whether another may be begun."""

    label: str
    files: Sequence[FileFace]
    begin: str  # the id of its kind where a file may be begun
    named: bool  # whether a name is wanted for it
