"""Drafts compiled for the pages that show what they would do: only after a confined child found that they compile."""

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from xunfang.desk.studio.faces import Drafted
from xunfang.errors import Problem, RulebookError
from xunfang.locks import Lock
from xunfang.prove.examined import Examining
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import Files
from xunfang.rulebook.model import Rulebook

MOST = 4
"""Each compiled draft holds some ten megabytes."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """The rules that a draft makes, or None with the `problems` for which it makes none."""

    rules: Rulebook | None
    problems: Sequence[Problem] = ()


class _Kept:
    """The drafts compiled last, by all that is in them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._books: OrderedDict[str, Rulebook] = OrderedDict()
        self._latest: OrderedDict[str, str] = OrderedDict()  # by change set, the draft of it that compiled last

    def find(self, key: str) -> Rulebook | None:
        with self._lock:
            if key in self._books:
                self._books.move_to_end(key)
            return self._books.get(key)

    def put(self, key: str, book: Rulebook, change_set: str) -> None:
        with self._lock:
            self._books[key] = book
            self._latest[change_set] = key
            self._latest.move_to_end(change_set)
            for kept in (self._books, self._latest):
                while len(kept) > MOST:
                    kept.popitem(last=False)

    def latest(self, change_set: str) -> Rulebook | None:
        with self._lock:
            return self._books.get(self._latest.get(change_set, ""))


_KEPT = _Kept()


def compiled(draft: Drafted, examiner: Examining, day: date) -> Compiled:
    """Return what a draft compiles to; raises TooOften while many have drafts examined."""
    key = _key(draft.layer, draft.files)
    if found := _KEPT.find(key):
        return Compiled(found)
    examined = examiner.examine(draft.files, draft.layer, day)
    if not examined.digest:
        return Compiled(None, examined.problems)
    try:
        book = compile_rulebook(draft.files, draft.layer)
    except RulebookError as error:
        return Compiled(None, tuple(error.problems))
    _KEPT.put(key, book, draft.head.id)
    return Compiled(book)


def compiled_last(draft: Drafted) -> Rulebook | None:
    """Return what a draft compiled to when it last did, so that what was added since it was begun can be named."""
    return _KEPT.latest(draft.head.id)


def _key(layer: str, files: Files) -> str:
    told = hashlib.sha256(layer.encode())
    for path in sorted(files):
        told.update(f"\0{path}\0".encode())
        told.update(files[path].encode())
    return told.hexdigest()
