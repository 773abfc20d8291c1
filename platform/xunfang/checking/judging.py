"""Judging: everything that is to be said of the rules of a jurisdiction: will they compile, work, and print?

What files say, and what counties inherit alike, is kept by its content below (parsed, merged, found sound, tried):
a check after one edit reads and tries only what the edit touches, and finds what a first check would find.
"""

import gc
import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path

from xunfang.errors import Problem, RulebookError
from xunfang.printing import proofs
from xunfang.rulebook.compile import compile_rulebook, merged_parts
from xunfang.rulebook.files import Files, UnreadableError, read_files
from xunfang.rulebook.lint.review import review
from xunfang.rulebook.model import Rulebook

_BRANCH = 2
_ROOT = "00"
"""How the codes of a branch below the root begin, and the root's own."""


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """What a check of one jurisdiction found on a day.

    `rulebook` is None where the files do not compile. `problems` stop the rules from being used: those of compiling,
    or else those of papers that would not print. `warnings` are what an administrator should look at.
    """

    files: Files
    jurisdiction: str
    day: date
    rulebook: Rulebook | None
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]

    def edited(self, path: str, text: str | None) -> "Checked":
        """Return the check after one file has been written anew, or taken away (None)."""
        files = {other: kept for other, kept in self.files.items() if other != path}
        return check(files if text is None else {**self.files, path: text}, self.jurisdiction, self.day)


def check(files: Files, jurisdiction: str, day: date) -> Checked:
    """Return everything that is to be said on a day of the rules of one jurisdiction."""
    with collecting_nothing():
        try:
            rulebook = compile_rulebook(files, jurisdiction)
        except RulebookError as error:
            return Checked(files, jurisdiction, day, None, error.problems, ())
        warnings = (*rulebook.warnings, *review(rulebook, merged_parts(files, jurisdiction), day))
        return Checked(files, jurisdiction, day, rulebook, proofs(rulebook), warnings)


@contextmanager
def collecting_nothing() -> Iterator[None]:
    """Look for no garbage in the block: all that is kept would be looked through, for longer than the check takes.

    Nearly all that a check makes goes by itself with its last mention.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be told of the rules of one jurisdiction, without these: it goes from process to process.

    `digest` is empty where the files do not compile.
    """

    jurisdiction: str
    name: str
    digest: str
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


Besides = Callable[[Files, Rulebook], Iterable[Problem]]
"""Finds more to warn of in rules that compile."""
_Judge = Callable[[str], Verdict]


def verdict(checked: Checked, besides: Besides = lambda files, book: ()) -> Verdict:
    """Return what is to be told of what was checked, and what is to be warned of besides."""
    book = checked.rulebook
    if book is None:
        return Verdict(checked.jurisdiction, "", "", checked.problems, ())
    warnings = (*checked.warnings, *besides(checked.files, book))
    return Verdict(checked.jurisdiction, book.info.name, book.digest, checked.problems, warnings)


def check_all(files: Files, jurisdictions: Sequence[str], day: date, besides: Besides) -> list[Verdict]:
    """Return what is to be told of each jurisdiction, by two processes where there are two cores.

    The root is checked first: what all inherit from it is then known to both.
    """

    def judge(jurisdiction: str) -> Verdict:
        return verdict(check(files, jurisdiction, day), besides)

    shares = _shares(files, jurisdictions)
    first = [judge(jurisdiction) for jurisdiction in shares.pop(0)]
    several = len(shares) > 1 and len(os.sched_getaffinity(0)) > 1
    found = first + (_at_once(judge, shares) if several else [judge(each) for share in shares for each in share])
    return sorted(found, key=lambda each: jurisdictions.index(each.jurisdiction))


def _shares(files: Files, jurisdictions: Sequence[str]) -> list[list[str]]:
    """Return the root, if it is asked for, and the branches below it in two shares with about as much to read."""
    size: Counter[str] = Counter()
    branches: dict[str, list[str]] = {}
    for path, text in files.items():
        size[path.split("/", 2)[1][:_BRANCH]] += len(text)
    for jurisdiction in jurisdictions:
        branches.setdefault(jurisdiction[:_BRANCH], []).append(jurisdiction)
    shares: list[list[str]] = [branches.pop(_ROOT, []), [], []]
    weights = [0, 0]
    for branch in sorted(branches, key=lambda branch: -size[branch]):
        lighter = weights.index(min(weights))
        weights[lighter] += size[branch]
        shares[1 + lighter] += branches[branch]
    return shares[:1] + [share for share in shares[1:] if share]


def _at_once(judge: _Judge, shares: Sequence[Sequence[str]]) -> list[Verdict]:
    """Return the verdicts of two shares, one of them from a process that knows whatever this one knows."""
    mine, others = shares
    receiving, sending = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.get_context("fork").Process(target=_send, args=(judge, others, sending), daemon=True)
    child.start()
    sending.close()
    found = [judge(jurisdiction) for jurisdiction in mine]
    try:
        found += receiving.recv()
    except EOFError:  # the other process died: what it was to do is done here
        found += [judge(jurisdiction) for jurisdiction in others]
    receiving.close()
    child.join()
    return found


def _send(judge: _Judge, share: Iterable[str], sending: Connection) -> None:
    sending.send([judge(jurisdiction) for jurisdiction in share])


def stopping(verdicts: Sequence[Verdict]) -> tuple[Problem, ...]:
    """Return what stops rules from being used; papers are told of when everything compiles."""
    uncompiled = [each for each in verdicts if not each.digest]
    return tuple(problem for each in uncompiled or verdicts for problem in each.problems)


def rule_files(root: Path) -> dict[str, str]:
    """Return the rule files below a deployment's folder; raises RulebookError for one that cannot be read."""
    try:
        return read_files(root)
    except UnreadableError as error:
        raise RulebookError(error.problems) from None


def compile_all(files: Files, jurisdictions: tuple[str, ...]) -> dict[str, Rulebook]:
    """Return the rulebook of each jurisdiction; raises RulebookError with the problems of all of them at once."""
    found: dict[str, Rulebook] = {}
    problems: list[Problem] = []
    for jurisdiction in jurisdictions:
        try:
            found[jurisdiction] = compile_rulebook(files, jurisdiction)
        except RulebookError as error:
            problems += error.problems
    if problems:
        raise RulebookError(problems)
    return found
