"""The whole texts of policies 政策原文: workflows/<layer>/policies/<document>.txt, and where clauses stand in them."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from xunfang.errors import Problem
from xunfang.rulebook.files import Files, UnreadableError, parse_document

FOLDER, _ENDING = "policies", ".txt"
_LAYOUT = re.compile(r"[\s*#]")
_NUMBERED = re.compile(r"(.*?)([0-9]+)")


@dataclass(frozen=True, slots=True)
class Written:
    """A policy document as one layer's file writes it: its own data, and those of its clauses by id."""

    layer: str
    id: str
    data: Mapping[str, Any]
    clauses: Mapping[str, Mapping[str, Any]]

    @property
    def words(self) -> Mapping[str, str]:
        """The words of its clauses."""
        return {id: str(data.get("text", "")) for id, data in self.clauses.items()}


@dataclass(frozen=True, slots=True)
class Segment:
    """Some words of a text, the clauses that they belong to, and those that begin with them."""

    words: str
    clauses: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph: its words, and whether it is a heading."""

    number: int
    segments: tuple[Segment, ...]
    heading: bool

    @property
    def begins(self) -> tuple[str, ...]:
        """The clauses that begin in it."""
        return tuple(id for segment in self.segments for id in segment.begins)

    @property
    def words(self) -> str:
        """All its words."""
        return "".join(segment.words for segment in self.segments)


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A text by its paragraphs, with the clauses whose words it does not hold."""

    passages: tuple[Passage, ...]
    missing: tuple[str, ...]

    @property
    def order(self) -> tuple[str, ...]:
        """The clauses in the order of the text."""
        return tuple(id for passage in self.passages for id in passage.begins)


def text_path(layer: str, document: str) -> str:
    """Return the path of the whole text of a document."""
    return f"workflows/{layer}/{FOLDER}/{document}{_ENDING}"


def is_policy_text(path: str) -> bool:
    """Return whether a file is the whole text of a document."""
    folder, _, *rest = path.split("/")
    return folder == "workflows" and len(rest) == 2 and rest[0] == FOLDER and rest[1].endswith(_ENDING)


def document_of(path: str) -> str:
    """Return the id of the document whose whole text a file is."""
    return path.rpartition("/")[2].removesuffix(_ENDING)


def stray_texts(paths: Iterable[str], documents: Collection[str]) -> Iterable[Problem]:
    """Yield a problem for each text of a document that there is not."""
    for path in filter(is_policy_text, paths):
        name = document_of(path)
        if name not in documents:
            hint = "文件名要与 policies.toml 里政策文件的编号相同，如 [documents.BS] 的原文是 policies/BS.txt"
            yield Problem(path, 0, "", "FILE_UNKNOWN", f"没有编号为“{name}”的政策文件，这份原文不会起作用", hint)


def written_in(files: Files, layers: Iterable[str]) -> list[Written]:
    """Return the documents that layers write, in their order; a file that cannot be read has none."""
    found = []
    for layer in layers:
        path = f"workflows/{layer}/policies.toml"
        for id, data in _documents(path, files.get(path, "")).items():
            if isinstance(data, dict):
                clauses = data.get("clauses", {})
                own = {key: value for key, value in data.items() if key != "clauses"}
                told = clauses.items() if isinstance(clauses, dict) else ()
                found.append(Written(layer, id, own, {key: each for key, each in told if isinstance(each, dict)}))
    return found


def _documents(path: str, text: str) -> Mapping[str, Any]:
    try:
        found = parse_document(path, text).data.get("documents", {})
    except UnreadableError:  # a draft may be half written
        return {}
    return found if isinstance(found, dict) else {}


def clause_words(files: Files) -> dict[str, str]:
    """Return the words of every clause in files, by id."""
    layers = (path.split("/")[1] for path in files if path.endswith("/policies.toml"))
    return {id: words for document in written_in(files, layers) for id, words in document.words.items()}


def plain(text: str) -> str:
    """Return a text without white space and marks of layout: a page break may fall inside a clause."""
    return _LAYOUT.sub("", text)


def stands_in(words: str, text: str) -> bool:
    """Return whether words stand in a text, letter by letter."""
    return bool(plain(words)) and plain(words) in plain(text)


def laid_out(text: str, clauses: Mapping[str, str]) -> LaidOut:
    """Return a text by its paragraphs, each with the clauses whose words stand in it."""
    lines = [line.strip() for line in text.splitlines() if plain(line)]
    bare = [line.replace("*", "").lstrip("#").strip() for line in lines]
    places = [(n, at) for n, line in enumerate(bare) for at, sign in enumerate(line) if plain(sign)]
    spans = _spans("".join(plain(line) for line in bare), clauses)
    covers: dict[int, list[_Cover]] = {}
    for id, (start, end) in spans.items():
        for n, first, last in _by_line(places[start:end]):
            covers.setdefault(n, []).append(_Cover(first, last + 1, id, n == places[start][0]))
    passages = tuple(
        Passage(n, _segments(line, covers.get(n, ())), lines[n].startswith("#")) for n, line in enumerate(bare)
    )
    return LaidOut(passages, tuple(id for id in clauses if id not in spans))


class _Cover(NamedTuple):
    """From where to where a clause stands in a line, and whether it begins there."""

    first: int
    end: int
    id: str
    begins: bool


def _spans(whole: str, clauses: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    """Return where clauses stand: words that stand there twice are those behind the clause before."""
    found: dict[str, tuple[int, int]] = {}
    last = 0
    for id, words in clauses.items():
        wanted = plain(words)
        at = whole.find(wanted, last) if wanted else -1
        at = whole.find(wanted) if at < 0 and wanted else at
        if at >= 0:
            found[id] = (at, at + len(wanted))
            last = at
    return found


def _by_line(places: Sequence[tuple[int, int]]) -> list[tuple[int, int, int]]:
    lines = dict.fromkeys(n for n, _ in places)
    return [(n, min(at for m, at in places if m == n), max(at for m, at in places if m == n)) for n in lines]


def _segments(line: str, covers: Sequence[_Cover]) -> tuple[Segment, ...]:
    cuts = sorted({0, len(line), *(at for each in covers for at in (each.first, each.end))})
    found = []
    for one, other in pairwise(cuts):
        over = [each for each in covers if each.first <= one and other <= each.end]
        begins = tuple(each.id for each in over if each.begins and each.first == one)
        found.append(Segment(line[one:other], tuple(each.id for each in over), begins))
    return tuple(found)


def proposed_id(document: str, before: str, taken: Collection[str]) -> str:
    """Return an id for a new clause: the next number after that of the clause that stands before it."""
    found = _NUMBERED.fullmatch(before)
    stem, number = (found[1], int(found[2])) if found else (f"{before or document}-", 0 if not before else 1)
    return next(id for n in range(number + 1, number + len(taken) + 2) if (id := f"{stem}{n}") not in taken)
