"""The number of a paper as it is shown and changed: its pieces, how far each series has come, what a change brings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xunfang.desk.studio.blocks_beside import read_blocks
from xunfang.desk.studio.faces import Drafted
from xunfang.desk.studio.number_series import Numbering, next_number, series_seen, warnings_of
from xunfang.desk.studio.paper_begun import rules_path
from xunfang.errors import FieldProblem, Invalid
from xunfang.rulebook.model import NoticeKind, Rulebook
from xunfang.rulebook.number_patterns import NumberPattern, number_faults, pattern_of, pieces_of
from xunfang.rulebook.splicing import AddBlock, SetBlock, Splice
from xunfang.rules.units import document_word, unit_label

MOST_ROWS = 12
PIECES, SHARED, NONE, KEPT = "pieces", "shared", "none", "kept"
"""Numbered by a series of its own, by that of another paper, not at all; or as it is written now, in no pieces."""
_MOST = 200
_SEVERAL = "各单位"


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """A series: whose it is, how many numbers it gave out this year, and the next."""

    unit: str
    last: int
    following: str


@dataclass(frozen=True, slots=True)
class NumberLine:
    """How a paper is numbered, in a line: the next number, and how far its series have come."""

    following: str
    said: str


@dataclass(frozen=True, slots=True)
class NumberFace:
    """The number of a kind of paper as a form. `how` is one of the ways above."""

    number: str
    how: str
    pieces: NumberPattern
    unit: str  # who numbers
    word: str  # what the organ is called in numbers
    several: bool  # there is one such unit in each division, and each counts for itself
    rows: Sequence[SeriesRow]
    more: int
    shared: Sequence[tuple[str, str]]  # series of other papers: how rules write them, how they are told
    warnings: Sequence[str]
    digest: str  # of what the layer itself says of the paper, "" for nothing
    may_end: bool  # it need not be numbered


@dataclass(frozen=True, slots=True)
class Books:
    """The rules by which a paper is numbered: those of the draft, and those in force."""

    rules: Rulebook
    in_force: Rulebook

    def series(self, *numbers: str) -> set[str]:
        """Return every series of papers that there is, and of these numbers of any paper."""
        found: set[str] = set()
        for book in (self.rules, self.in_force):
            for kind in book.notices.values():
                found |= series_seen(kind.number, book, kind).keys()
                found |= {series for number in numbers for series in series_seen(number, book, kind)}
        return found


def number_line(rules: Rulebook, kind: NoticeKind, numbering: Numbering) -> NumberLine:
    """Return how a paper is numbered, in a line."""
    if not kind.number:
        return NumberLine("", "不编号")
    seen = series_seen(kind.number, rules, kind)
    series, unit = max(seen.items(), key=lambda each: numbering.last(each[0]))
    last, several = numbering.last(series), len(seen) > 1
    said = f"今年已编到{last}号" if last else "今年还没有编过"
    return NumberLine(
        next_number(kind.number, rules, unit, numbering), f"{_SEVERAL}各编各的，最多的{said}" if several else said
    )


def number_face(
    draft: Drafted, books: Books, kind: NoticeKind, numbering: Numbering, typed: str | None = None, how: str = ""
) -> NumberFace:
    """Return the number of a paper as a form, as it stands or as it was typed."""
    rules, number = books.rules, kind.number if typed is None else typed
    seen = series_seen(number, rules, kind)
    rows = [
        SeriesRow(_unit_said(rules, unit), numbering.last(series), next_number(number, rules, unit, numbering))
        for series, unit in sorted(seen.items(), key=lambda each: (-numbering.last(each[0]), each[0]))
    ]
    pieces = pieces_of(number) if number else NumberPattern(before=_first_words(rules))
    unit = rules.units.get(kind.seal)
    return NumberFace(
        number=number,
        how=how or (NONE if not number else PIECES if pieces else KEPT),
        pieces=pieces or NumberPattern(),
        unit=(unit.anywhere if unit.per else unit.label) if unit else "承办单位",
        word=document_word(rules, next(iter(seen.values()), kind.seal)),
        several=bool(unit and unit.per),
        rows=rows[:MOST_ROWS],
        more=max(0, len(rows) - MOST_ROWS),
        shared=[*_shared(rules, kind, numbering)],
        warnings=warnings_of(number, rules, books.in_force, kind, numbering),
        digest=_own(draft, kind.id)[0],
        may_end=not _numbered_above(draft, rules, kind.id),
    )


def _unit_said(rules: Rulebook, unit: str) -> str:
    return unit_label(rules, unit) if unit else "承办单位"


def _first_words(rules: Rulebook) -> str:
    """Return the word with which the numbers of the other papers begin, for one that has no number yet."""
    found = [pieces for kind in rules.notices.values() if (pieces := pieces_of(kind.number))]
    return found[0].before if found else ""


def _shared(rules: Rulebook, kind: NoticeKind, numbering: Numbering) -> list[tuple[str, str]]:
    """Return the series of other papers of the same unit, each with the papers that it numbers."""
    labels: dict[str, list[str]] = {}
    for other in rules.notices.values():
        if other.number and other.seal == kind.seal and other.id != kind.id:
            labels.setdefault(other.number, []).append(other.label)
    return [(number, _series_said(rules, kind, number, papers, numbering)) for number, papers in labels.items()]


def _series_said(rules: Rulebook, kind: NoticeKind, number: str, papers: Sequence[str], numbering: Numbering) -> str:
    series, unit = next(iter(series_seen(number, rules, kind).items()))
    last = numbering.last(series)
    said = f"，今年已编到{last}号" if last else ""
    return f"{next_number(number, rules, unit, numbering)}（{'、'.join(papers)}{said}）"


def _own(draft: Drafted, kind: str) -> tuple[str, Mapping[str, object]]:
    """Return what the layer itself says of a kind of paper, with its digest."""
    path = rules_path(draft)
    blocks, _ = read_blocks(path, draft.files.get(path, ""))
    block = next((block for block in blocks if block.key == (kind,)), None)
    return (block.digest, block.data) if block and isinstance(block.data, dict) else ("", {})


def _numbered_above(draft: Drafted, rules: Rulebook, kind: str) -> bool:
    """Return whether a layer above numbers a kind of paper: the layer itself cannot but number it, too."""
    above = [f"workflows/{layer}/notices.toml" for layer in rules.chain if layer != draft.layer]
    found = (block for path in above for block in read_blocks(path, draft.files.get(path, ""))[0])
    return any(block.key == (kind,) and isinstance(block.data, dict) and "number" in block.data for block in found)


def typed_number(posted: Mapping[str, str], face: NumberFace) -> str:
    """Return the number that was typed; raises Invalid."""
    how = posted.get("how", "")
    if how == KEPT and face.how == KEPT:
        return face.number
    if how == NONE and face.may_end:
        return ""
    if how == SHARED and posted.get("shared", "") in dict(face.shared):
        return posted["shared"]
    if how == PIECES:
        return _from_pieces(posted)
    told = "请选怎样编号。" if how != SHARED else "请选和哪一种文书合编。"
    raise Invalid([FieldProblem("how", told)], told)


def _from_pieces(posted: Mapping[str, str]) -> str:
    before, after, year, lead, end = (
        posted.get(name, "").strip()[:_MOST] for name in ("before", "after", "year", "lead", "end")
    )
    pieces = NumberPattern(before, posted.get("unit") == "yes", after, year, lead, end)
    if faults := number_faults(pieces):
        raise Invalid([FieldProblem("pieces", told) for told in faults], faults[0])
    return pattern_of(pieces)


def number_splice(draft: Drafted, kind: str, number: str, digest: str) -> Splice:
    """Return the splice that numbers a kind of paper so; `digest` is of the block that was seen, "" for none."""
    _, said = _own(draft, kind)
    if not digest:
        return AddBlock((kind,), {"number": number}, None)
    data = {**said, "number": number} if number else {key: value for key, value in said.items() if key != "number"}
    return SetBlock((kind,), digest, dict(data))
