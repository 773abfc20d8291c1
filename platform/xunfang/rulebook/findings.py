"""Collecting problems: everything wrong is said at once, each with its file, line and key."""

import difflib
from collections.abc import Iterable

from xunfang.errors import Problem, Severity
from xunfang.rulebook.answers import answer
from xunfang.rulebook.merge import Origin, Part
from xunfang.rulebook.positions import Path


def key_text(path: Path) -> str:
    """Return a key path as people write it: `clue.rows[2].when`."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def did_you_mean(word: str, known: Iterable[str], most: int = 20) -> str:
    """Return "是否想写“…”？" for the nearest known word, or what is known when that is `most` words or fewer."""
    names = sorted(known)
    if near := nearest(word, names):
        return f"是否想写“{near[0]}”？"
    return f"可用的有：{'、'.join(names)}" if 0 < len(names) <= most else ""


def nearest(word: str, known: Iterable[str]) -> list[str]:
    """Return the known word that is nearest to one, or nothing where none is near."""
    return difflib.get_close_matches(word, sorted(known), 1, 0.6)


class Findings:
    """The problems found so far."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def error(self, part: Part, path: Path, code: str, message: str, hint: str = "") -> None:
        """Note something that stops these rules from being used."""
        self._add(part, path, code, message, hint, Severity.ERROR)

    def error_at(self, origin: Origin, path: Path, code: str, message: str, hint: str = "") -> None:
        """Note something that stops these rules, where one layer wrote it, whatever a lower one made of it."""
        self._note(origin, path, code, message, hint, Severity.ERROR)

    def warning(self, part: Part, path: Path, code: str, message: str, hint: str = "") -> None:
        """Note something that an administrator should look at, unless it was answered in the file."""
        answered, how = answer(part, path, code, message)
        if not answered:
            hint = "；".join(filter(None, (hint, how)))
            self._add(part, path, code, message, hint, Severity.WARNING)

    def _add(self, part: Part, path: Path, code: str, message: str, hint: str, severity: Severity) -> None:
        self._note(part.origin(path), path, code, message, hint, severity)

    def _note(self, origin: Origin, path: Path, code: str, message: str, hint: str, severity: Severity) -> None:
        self.problems.append(Problem(origin.file, origin.line, key_text(path), code, message, hint, severity))

    @property
    def errors(self) -> list[Problem]:
        """The problems that stop these rules from being used."""
        return [problem for problem in self.problems if problem.severity is Severity.ERROR]
