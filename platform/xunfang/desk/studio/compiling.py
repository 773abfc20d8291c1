"""Drafts compiled for the pages that show what they would do: only after a confined child found that they compile."""

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from weakref import WeakKeyDictionary

from xunfang.desk.studio.faces import Drafted
from xunfang.errors import Problem, RulebookError
from xunfang.locks import Lock
from xunfang.prove.examined import Examined, Examining
from xunfang.prove.taken_options import holding_options
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


class _Found:
    """What was found in the drafts examined last, by who examined them: a page is opened more often than edited."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._by: WeakKeyDictionary[Examining, OrderedDict[tuple[str, date], Examined]] = WeakKeyDictionary()

    def examined(self, examiner: Examining, key: str, draft: Drafted, day: date) -> Examined:
        """Return what an examiner finds; asked again about a draft that compiles, it would say the same."""
        with self._lock:
            known = self._by.setdefault(examiner, OrderedDict())
            if found := known.get((key, day)):
                return found
        found = examiner.examine(draft.files, draft.layer, day)
        with self._lock:
            if found.digest:
                known[key, day] = found
            while len(known) > MOST:
                known.popitem(last=False)
        return found


_KEPT, _FOUND = _Kept(), _Found()


def compiled(draft: Drafted, examiner: Examining, day: date) -> Compiled:
    """Return what a draft compiles to; raises TooOften while many have drafts examined."""
    return looked_through(draft, examiner, day)[1]


def looked_through(draft: Drafted, examiner: Examining, day: date) -> tuple[Examined, Compiled]:
    """Return what was found in a draft, and what it compiles to; what is known of it already is not asked again."""
    key = _key(draft.layer, draft.files)
    found = _FOUND.examined(examiner, key, draft, day)
    return holding_options(found, draft.files, draft.base, draft.layer), _compiled(draft, key, found)


def _compiled(draft: Drafted, key: str, examined: Examined) -> Compiled:
    if found := _KEPT.find(key):
        return Compiled(found)
    if not examined.digest:
        return Compiled(None, examined.problems)
    try:
        book = compile_rulebook(draft.files, draft.layer, released=True)  # it was looked through just now
    except RulebookError as error:
        return Compiled(None, tuple(error.problems))
    _KEPT.put(key, book, draft.head.id)
    return Compiled(book)


def examined(draft: Drafted, examiner: Examining, day: date) -> Examined:
    """Return what was found in a draft, and among it what it takes away of what was published."""
    found = _FOUND.examined(examiner, _key(draft.layer, draft.files), draft, day)
    return holding_options(found, draft.files, draft.base, draft.layer)


def compiled_last(draft: Drafted) -> Rulebook | None:
    """Return what a draft compiled to when it last did, so that what was added since it was begun can be named."""
    return _KEPT.latest(draft.head.id)


def _key(layer: str, files: Files) -> str:
    told = hashlib.sha256(layer.encode())
    for path in sorted(files):
        told.update(f"\0{path}\0".encode())
        told.update(_digest(files[path]))
    return told.hexdigest()


@lru_cache(maxsize=4096)
def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
