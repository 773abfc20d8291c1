"""Floor 8: everything that is to be said of the rules of a jurisdiction: will they compile, work, and print?

What files say, and what counties inherit alike, is kept by its content below (parsed, merged, found sound, tried):
a check after one edit reads and tries only what the edit touches, and finds what a first check would find.
"""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from xunfang.errors import Problem, RulebookError
from xunfang.printing import proofs
from xunfang.rulebook.compile import compile_rulebook, merged_parts
from xunfang.rulebook.files import Files, UnreadableError, read_files
from xunfang.rulebook.lint.review import review
from xunfang.rulebook.model import Rulebook


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


def sound(found: Iterable[Checked]) -> dict[str, Rulebook]:
    """Return the rules that were checked, by jurisdiction; raises RulebookError with all that stops any of them.

    Papers are told of when everything compiles.
    """
    found = list(found)
    uncompiled = [each for each in found if each.rulebook is None]
    if problems := [problem for each in uncompiled or found for problem in each.problems]:
        raise RulebookError(problems)
    return {each.jurisdiction: each.rulebook for each in found if each.rulebook}


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
