"""What can go wrong, in the words of the people who meet it: every error has a stable code and a Chinese sentence."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """Whether a problem in the configuration stops it from being used."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in a county's files: what, where, and what to do about it."""

    file: str
    line: int
    key: str
    code: str
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        text = (
            f"{where}  {self.key}  [{self.code}] {self.message}"
            if self.key
            else f"{where}  [{self.code}] {self.message}"
        )
        return f"{text}\n    建议：{self.hint}" if self.hint else text


class RulebookError(Exception):
    """The files of a jurisdiction cannot be used; holds every problem found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing wrong in what a person entered: the field and a sentence for that person.

    `asks` names what the person may confirm, and then it is taken as it is; "" for what must be changed.
    """

    field: str
    message: str
    code: str = "FIELD_INVALID"
    asks: str = ""


class Refused(Exception):
    """An action did not happen. `status` is its HTTP status, `code` is stable, the message is for the person."""

    status = 400
    code = "REFUSED"

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code


class NotSignedIn(Refused):
    """Nobody is signed in, or the session has ended."""

    status = 401
    code = "NOT_SIGNED_IN"


class NotAllowed(Refused):
    """The person's roles do not include this act."""

    status = 403
    code = "NOT_ALLOWED"


class NotFound(Refused):
    """There is no such thing, or this person may not know of it; the answer is the same for both."""

    status = 404
    code = "NOT_FOUND"

    def __init__(self, message: str = "没有找到，或者它不在您的查看范围内。", code: str = "") -> None:
        super().__init__(message, code)


class Conflict(Refused):
    """Somebody else was faster; the message says what they did."""

    status = 409
    code = "CONFLICT"


class FileLost(Refused):
    """A file that should be there is gone or broken; the message says who is to be told."""

    status = 410
    code = "FILE_LOST"


class TooOften(Refused):
    """Too much in too short a time; the message says when to try again, and what was typed is not lost."""

    status = 429
    code = "TOO_OFTEN"


class ClockDoubtful(Refused):
    """The server's clock may be wrong: what nobody could undo waits until it is right or somebody vouches for it."""

    status = 503
    code = "CLOCK_DOUBTFUL"


class Invalid(Refused):
    """What was entered cannot be accepted as it is; `problems` says why, field by field."""

    status = 422
    code = "INVALID"

    def __init__(
        self, problems: Iterable[FieldProblem], message: str = "填报内容有误，请按提示修改后重新提交。"
    ) -> None:
        super().__init__(message)
        self.problems = tuple(problems)
