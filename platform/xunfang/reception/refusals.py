"""What is answered to a request that never reaches the application."""

import json
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: its status, its headers as they are sent, and its body."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


class TurnedAway(Exception):
    """A request is not let in: the status, a stable code and a sentence for the person who waits for an answer."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message

    def answer(self, headers: Mapping[str, str]) -> Answer:
        """Return the answer, as JSON to a script of ours and as plain text to everybody else."""
        wants_json = "application/json" in headers.get("accept", "")
        said = {"status": self.status, "code": self.code, "message": self.message}
        text = json.dumps(said, ensure_ascii=False) if wants_json else f"{self.message}\n"
        kind = "application/json" if wants_json else "text/plain; charset=utf-8"
        return _plain(self.status, kind, text.encode())


class Gone(Exception):
    """Whoever sent the request is no longer there; nobody waits for an answer."""


def too_slow() -> TurnedAway:
    """Return the refusal of a body that takes too long to arrive."""
    text = "提交的内容没有在规定时间内传完，本次操作没有执行。请检查网络后重新提交。"
    return TurnedAway(408, "BODY_TOO_SLOW", text)


def too_much_at_once() -> TurnedAway:
    """Return the refusal when all that is being received at this moment is more than the server holds."""
    text = "同时上传的内容过多，本次操作没有执行。请稍等片刻再试。"
    return TurnedAway(503, "UPLOADS_CROWDED", text)


def broken() -> Answer:
    """Return the answer when the application itself failed to give one."""
    return TurnedAway(500, "BROKEN", "系统没能完成这次操作，请稍后再试。").answer({})


def _plain(status: int, kind: str, body: bytes) -> Answer:
    headers = {"content-type": kind, "content-length": str(len(body)), "cache-control": "no-store",
               "x-content-type-options": "nosniff"}  # fmt: skip
    if status in (429, 503):
        headers["retry-after"] = "5"
    if status == 408:
        headers["connection"] = "close"
    return Answer(status, tuple((name.encode(), value.encode()) for name, value in headers.items()), body)
