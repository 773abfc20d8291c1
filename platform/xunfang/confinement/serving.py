"""The child's side: a loop that answers orders on its standard input and output."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from xunfang.confinement.frames import HangupError, receive, receive_json, send, send_json
from xunfang.confinement.limits import allow_cpu, limit_memory, refuse_outside


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes back: a few plain values, and bytes. After one that `ends`, the child had better not go on."""

    told: Mapping[str, Any] = field(default_factory=dict)
    body: bytes = b""
    ends: bool = False


Work = Callable[[Mapping[str, Any], bytes], Answer]
"""Answers one order."""

Prepare = Callable[[Mapping[str, Any]], Work]
"""Gets ready with what the parent says at the start: here the heavy libraries are loaded, already within the limits."""


def serve(prepare: Prepare, *, apart: bool = False) -> int:
    """Serve until the pipe closes, and return the exit status.

    With `apart` each order is answered by a process of its own, forked from this one: whatever takes hold of it has
    seen nothing of other orders and is gone with its answer.
    """
    orders, answers = _pipes()
    try:
        start = receive_json(orders)
        limit_memory(start["memory"])
        work = prepare(start["settings"])
        send_json(answers, {"ready": True, "refuses_outside": refuse_outside()})
        answer_one = _apart if apart else _answered
        while answer_one(work, receive_json(orders), receive(orders), start["cpu"], answers):
            pass
    except HangupError:
        return 0
    return 1


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """Return the two pipes, and point the standard output elsewhere so that no stray print breaks a frame."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    return os.fdopen(os.dup(0), "rb", buffering=0), answers


def _answered(work: Work, order: Mapping[str, Any], body: bytes, cpu: int, answers: BinaryIO) -> bool:
    allow_cpu(cpu)
    answer = work(order, body)
    send_json(answers, {"told": dict(answer.told), "ends": answer.ends})
    send(answers, answer.body)
    return not answer.ends


def _apart(work: Work, order: Mapping[str, Any], body: bytes, cpu: int, answers: BinaryIO) -> bool:
    forked = os.fork()
    if not forked:
        status = 1
        try:
            status = 0 if _answered(work, order, body, cpu, answers) else 1
        finally:
            os._exit(status)
    return os.waitpid(forked, 0)[1] == 0
