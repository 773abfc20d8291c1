"""What the pages of clauses show: documents by their passages, each clause with the rules that rest on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from xunfang.desk.studio.faces import Head
from xunfang.errors import Problem
from xunfang.prove.carried import Carried
from xunfang.prove.matrix import CITED, DECIDED, LIVED, PARTLY
from xunfang.rulebook.policy_texts import Segment

STANDING: Mapping[Carried, tuple[str, str]] = {
    Carried.LIVED: (LIVED, "good"),
    Carried.PARTLY: (PARTLY, "today"),
    Carried.DECIDED: (DECIDED, "today"),
    Carried.UNPROVEN: (CITED, "today"),
    Carried.NOTHING: ("还没有规则", "late"),
    Carried.NO_SOFTWARE: ("无须软件", ""),
}
"""How a clause stands, in words and as its tag looks."""


@dataclass(frozen=True, slots=True)
class RuleFace:
    """A rule that rests on a clause, and its block; `cited` are blocks of one's own that cite it, as a page posts them.

    `path` is "" where nobody knows its block.
    """

    kind: str
    id: str
    text: str
    path: str
    key: str
    own: bool
    cited: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class GapFace:
    """A number of a rule that is not that of the text."""

    rule: str
    said: str
    counts: str
    looser: bool
    practice: str


@dataclass(frozen=True, slots=True)
class ClauseFace:
    """A clause: how it stands, the rules that rest on it by kind, and whether its words are those of the text."""

    id: str
    words: str
    standing: str
    look: str
    not_software: str
    reviewed: date | None
    rules: Sequence[tuple[str, Sequence[RuleFace]]]
    gaps: Sequence[GapFace]
    strays: bool  # there is a text, and it does not say these words
    is_new: bool

    @property
    def count(self) -> int:
        """How many rules rest on it."""
        return sum(len(rules) for _, rules in self.rules)

    @property
    def is_wanting(self) -> bool:
        """Whether a rule is missing, or one is looser than the text."""
        return self.is_bare or self.strays or any(gap.looser for gap in self.gaps)

    @property
    def is_bare(self) -> bool:
        """Whether no rule rests on it that should."""
        return not self.count and not self.not_software


@dataclass(frozen=True, slots=True)
class TextRow:
    """One passage of a text, or one clause where there is no text, with the clauses beside it."""

    number: int | None
    heading: bool
    segments: Sequence[Segment]
    clauses: Sequence[ClauseFace]


@dataclass(frozen=True, slots=True)
class DocumentFace:
    """A policy document with its text; `by` is who maintains it where that is a layer above."""

    id: str
    title: str
    number: str
    issuer: str
    by: str
    has_text: bool
    rows: Sequence[TextRow]
    clauses: int
    bare: int
    gaps: int

    @property
    def own(self) -> bool:
        """Whether it is one's own."""
        return not self.by

    @property
    def wanting(self) -> frozenset[str]:
        """The clauses of which a rule is missing, or looser than the text."""
        return frozenset(each.id for row in self.rows for each in row.clauses if each.is_wanting)


@dataclass(frozen=True, slots=True)
class ClausesPage:
    """The documents that are shown, all there are to choose from, and what was asked for of them."""

    head: Head
    path: str  # the file of one's own documents, "" where there is none
    unread: str
    shown: Sequence[DocumentFace]
    documents: Sequence[DocumentFace]
    chosen: str
    only: str
    problems: int

    @property
    def may(self) -> bool:
        """Whether documents of one's own may be changed."""
        return self.head.editable and bool(self.path) and not self.unread


@dataclass(frozen=True, slots=True)
class NewRule:
    """A kind of rule that may be begun from a clause: the file, and the key of the new block."""

    label: str
    path: str
    key: str


@dataclass(frozen=True, slots=True)
class ClausePage:
    """One clause: its words to be changed, the rules on it, those it may be attached to, and those to be begun."""

    head: Head
    document: DocumentFace
    clause: ClauseFace
    digest: str
    whole: str
    may: bool
    problems: Sequence[Problem]
    choices: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    begins: Sequence[NewRule]


@dataclass(frozen=True, slots=True)
class NewClausePage:
    """A clause to be made: of which document, from which words, under which id."""

    head: Head
    document: DocumentFace
    own_id: str
    words: str


@dataclass(frozen=True, slots=True)
class PolicyTextPage:
    """The whole text of a document, to be pasted; `lost` are clauses whose words it does not say."""

    head: Head
    document: DocumentFace
    text: str
    digest: str
    may: bool
    lost: Sequence[str] = field(default=())
