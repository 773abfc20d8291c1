"""The rules that a process goes by: those in force in each jurisdiction, and every earlier release of open cases.

What is in force stands in the store. Whoever publishes writes it there, and every process sees it before its next page
or its next sweep: nobody is restarted, and nobody waits but for the compiling.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date

from xunfang.clock import today
from xunfang.errors import Problem, Refused
from xunfang.locks import Lock
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.model import Rulebook
from xunfang.store import Database, Held, Release, Standing, connection, release_files, release_line, standing
from xunfang.store.passage import ARRIVING, Passage, on_the_way

Problems = tuple[Problem, ...]

MOST_EARLIER = 64
"""How many earlier releases stay compiled, about 1 MB each: more than the rows of any page may stand on."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Books:
    """The rules in force at one time. `earlier` fills as releases are asked for, each with the days off known then."""

    current: Mapping[str, Rulebook]
    problems: Mapping[str, Problems]
    seen: Standing | None = None
    earlier: dict[str, Rulebook] = field(default_factory=dict)


class Rulebooks:
    """The rules in force in each jurisdiction, and every earlier release that a case may still stand on.

    `problems` are those of jurisdictions whose files are broken: with rules in force it stands on its last release,
    without any it is not served. `serves`: jurisdictions that may have rules one day, besides those that have.
    `on_compiled` is called when others were compiled while the process runs.
    """

    def __init__(
        self,
        database: Database,
        current: Mapping[str, Rulebook],
        problems: Mapping[str, Problems] | None = None,
        serves: Iterable[str] = (),
        today: Callable[[], date] = today,
    ) -> None:
        self._database, self._today = database, today
        self._serves = (*dict.fromkeys((*serves, *current, *(problems or {}))),)
        self._books = _Books(dict(current), dict(problems or {}))
        self._compiled: dict[str, Rulebook] = {}
        self._labels: dict[str, str] = {}
        self.on_compiled: Callable[[], None] = _nothing
        self._renewing = Lock()
        self._held = threading.local()

    @property
    def current(self) -> Mapping[str, Rulebook]:
        """The rules in force, by jurisdiction, with the divisions of today."""
        found = self._now.current
        if not any(book.divisions.changes for book in found.values()):
            return found
        return {name: book.on(self._today()) for name, book in found.items()}

    @property
    def problems(self) -> Mapping[str, Problems]:
        """What is wrong in the files of jurisdictions that stand on another release, or on none."""
        return self._now.problems

    @property
    def several(self) -> bool:
        """Whether several jurisdictions share this installation, be they served at the moment or not."""
        return len(self._serves) > 1

    def of(self, jurisdiction: str) -> Rulebook:
        """Return the rules that new cases begin on."""
        return self._now.current[jurisdiction].on(self._today())

    def release(self, digest: str) -> Rulebook:
        """Return the rules of a release, compiled anew from its stored files when it is no longer in force.

        Days off are the State Council's word and no rule of a county: every release counts by those known now. So it is
        with divisions: every release knows those that came after it.
        """
        now = self._now
        found = now.earlier.get(digest) or next((each for each in now.current.values() if each.digest == digest), None)
        return (found or self._earlier(now, digest)).on(self._today())

    def label(self, digest: str) -> str:
        """Return what people call a release, "" for one that the store does not know."""
        if digest not in self._labels:
            with connection(self._database) as reader:
                line = release_line(reader, digest)
            if line is None:
                return ""
            self._labels[digest] = line.label
        return self._labels[digest]

    def renew(self) -> bool:
        """Go by what was put in force since, by whatever process; returns whether there was anything.

        Whoever asks waits until it is compiled: after an answer by new rules none comes by old ones.
        """
        if self._seen() == self._books.seen:
            return False
        with self._renewing:
            seen = self._seen()  # once more: whoever waited here must not go back to what it saw before
            if seen != self._books.seen:
                self._books = self._renewed(self._books, seen)
        return True

    @contextmanager
    def steady(self) -> Iterator[None]:
        """Within this, this thread goes by the rules it began with, whatever is published meanwhile."""
        self.hold()
        try:
            yield
        finally:
            self.let_go()

    def hold(self) -> None:
        """Let this thread go by what is in force now; where that cannot be read, by what was known last."""
        self.let_go()
        with suppress(Refused):
            self.renew()
        self._held.books = self._books

    def let_go(self) -> None:
        """Let this thread go by whatever is in force again."""
        self._held.books = None

    def _seen(self) -> Standing:
        with connection(self._database) as reader:
            return standing(reader, self._serves)

    @property
    def _now(self) -> _Books:
        held: _Books | None = getattr(self._held, "books", None)
        return held or self._books

    def _renewed(self, was: _Books, seen: Standing) -> _Books:
        current, problems = dict(was.current), self._problems(seen)
        for book in was.current.values():
            self._keep(book)
        for jurisdiction, digest in seen.releases:
            if jurisdiction not in current or current[jurisdiction].digest != digest:
                try:
                    current[jurisdiction] = self._compile(digest)
                except Exception as error:  # rules that this program does not understand: it goes on by those it knows
                    _log.error("release %s of %s cannot be used: %s", digest[:12], jurisdiction, type(error).__name__)
                    problems[jurisdiction] = (unusable(jurisdiction, error),)
        return _Books(current, problems, seen)

    def _problems(self, seen: Standing) -> dict[str, Problems]:
        with connection(self._database) as reader:
            held = [reader.find(Held, jurisdiction) for jurisdiction, _ in seen.held]
        return {each.jurisdiction: tuple(Problem(**one) for one in each.problems) for each in held if each}

    def _earlier(self, now: _Books, digest: str) -> Rulebook:
        compiled = self._compile(digest)
        book = now.current.get(compiled.id)
        dated = _as_known_now(compiled, book) if book else compiled
        _put(now.earlier, digest, dated)
        return dated

    def _compile(self, digest: str) -> Rulebook:
        """Return the rules of a release with the days off that were known when it was published."""
        if digest in self._compiled:
            return self._compiled[digest]
        with connection(self._database) as reader:
            release = reader.find(Release, digest)
        if release is None:
            raise KeyError(digest)
        self._keep(compiled := compile_rulebook(release_files(release), release.jurisdiction, released=True))
        self.on_compiled()
        return compiled

    def _keep(self, book: Rulebook) -> None:
        _put(self._compiled, book.digest, book)


def _nothing() -> None:
    return None


def _as_known_now(earlier: Rulebook, book: Rulebook) -> Rulebook:
    divisions = earlier.divisions.known_with(book.divisions)
    return replace(earlier, calendar=book.calendar, divisions=divisions)


def _put(kept: dict[str, Rulebook], digest: str, book: Rulebook) -> None:
    """Keep a release; beyond so many the one that was kept first goes."""
    kept[digest] = book
    for oldest in list(kept)[:-MOST_EARLIER]:
        kept.pop(oldest, None)


def half_there(database: Database, serves: Iterable[str]) -> dict[str, Problem]:
    """Return which of these jurisdictions are not served, because they have come only in part or are going."""
    with connection(database) as reader:
        found = on_the_way(reader)
    return {name: _half(found[name]) for name in serves if name in found}


def _half(passage: Passage) -> Problem:
    done = "迁入" if passage.way == ARRIVING else "删除"
    text = f"{passage.jurisdiction} 的{done}还没有做完，这里不是它的全部数据，没有服务"
    hint = f"请用同一份迁出的数据再运行 xunfang {passage.command}，做完再启动"
    return Problem(passage.jurisdiction, 0, "", "JURISDICTION_HALF_THERE", text, hint)


def unusable(jurisdiction: str, error: Exception) -> Problem:
    """Return what is told of a published release that this program cannot use."""
    text = f"上一次发布的规则也不能用于现在的程序（{type(error).__name__}）"
    return Problem(jurisdiction, 0, "", "RELEASE_UNUSABLE", text, "请先改正规则文件中的问题")
