"""After a slip in how TOML is written the rest of the file is read all the same: only its own table is left out.

What is left out keeps its name, so that nobody else's use of it is reported; whatever is missing in it is not reported
either, as it may well stand where nothing could be read.
"""

from collections.abc import Callable
from dataclasses import dataclass

from xunfang.errors import Problem
from xunfang.rulebook.files import Document, UnreadableError

Parse = Callable[[str, str], Document]
MOST_SLIPS = 8
SLIP = "FILE_SYNTAX"


@dataclass(frozen=True, slots=True, eq=False)
class Salvaged:
    """What could be read of a file: `document` is None for nothing; `lost` are the lines of what could not.

    `nameless` says that the name of a table was lost as well, so that nobody can say which names there are.
    """

    document: Document | None
    problems: tuple[Problem, ...]
    lost: tuple[range, ...]
    nameless: bool = False


def salvage(path: str, text: str, parse: Parse) -> Salvaged:
    """Return what can be read of a TOML text with slips in it, and one problem for each table that has any."""
    lines = text.split("\n")
    problems: list[Problem] = []
    lost: list[range] = []
    nameless = False
    for _ in range(MOST_SLIPS):
        try:
            return Salvaged(parse(path, "\n".join(lines)), tuple(problems), tuple(lost), nameless)
        except UnreadableError as error:
            problem = error.problem
            if problem.code != SLIP or not path.endswith(".toml"):
                return Salvaged(None, tuple(problems) or error.problems, tuple(lost))
            table = _table_around(text.split("\n"), _culprit(lines, problem.line - 1))
            if table in lost:  # its keys are gone and it is still not to be read: nothing more can be said
                return Salvaged(None, tuple(problems), tuple(lost))
            problems.append(problem)
            lost.append(table)
            named = _is_header(lines[table.start]) and problem.line - 1 != table.start
            nameless |= _is_header(lines[table.start]) and not named
            for at in range(table.start + named, table.stop):
                lines[at] = ""
    return Salvaged(None, tuple(problems), tuple(lost))


def _culprit(lines: list[str], at: int) -> int:
    """Return the line a slip is in: a bracket left open shows only further down."""
    for line in range(min(at, len(lines) - 1), -1, -1):
        bare = lines[line].split("#")[0]
        if bare.count("[") != bare.count("]") or bare.count('"') % 2:
            return line
        if at - line and _is_header(lines[line]):
            break
    return min(at, len(lines) - 1)


def _table_around(lines: list[str], at: int) -> range:
    """Return the lines of the table that a line stands in, its header included."""
    start = next((line for line in range(at, -1, -1) if _is_header(lines[line])), 0)
    stop = next((line for line in range(start + 1, len(lines)) if _is_header(lines[line])), len(lines))
    return range(start, max(stop, start + 1))


def _is_header(line: str) -> bool:
    """Return whether a line begins a table; a list within a value is indented or ends in a comma."""
    bare = line.split("#")[0].rstrip()
    return line.startswith("[") and bare.endswith("]")
