"""Messages between a process and its child: a length of four bytes, then that many bytes; never pickle.

The pipes are unbuffered, so that a fork in the middle of a message leaves no lock held.
"""

import io
import json
import struct
from typing import Any, BinaryIO

MOST = 64 * 1024 * 1024
"""Bytes of the longest frame."""

_LENGTH = struct.Struct(">I")
_SHORT = 64 * 1024
_BLOCK = 1 << 20


class HangupError(Exception):
    """The other side has closed the pipe or sent something that is no frame."""


def send(pipe: BinaryIO, body: bytes) -> None:
    """Write one frame. Raises HangupError when nobody reads any more."""
    head = _LENGTH.pack(len(body))
    try:
        for part in (head + body,) if len(body) <= _SHORT else (head, body):  # a long one is not copied to be sent
            rest = memoryview(part)
            while rest:
                rest = rest[pipe.write(rest) :]
    except OSError as error:
        raise HangupError(str(error)) from error


def receive(pipe: BinaryIO, most: int = MOST) -> bytes:
    """Return the next frame. Raises HangupError at the end of the stream or on a frame longer than `most`."""
    (length,) = _LENGTH.unpack(_exactly(pipe, _LENGTH.size))
    if length > most:
        raise HangupError("frame too long")
    return _exactly(pipe, length)


def send_json(pipe: BinaryIO, value: object) -> None:
    """Write a JSON value as one frame."""
    send(pipe, json.dumps(value, ensure_ascii=False).encode())


def receive_json(pipe: BinaryIO) -> Any:
    """Return the JSON value of the next frame. Raises HangupError when it is none."""
    try:
        return json.loads(receive(pipe))
    except ValueError as error:
        raise HangupError("no JSON") from error


def _exactly(pipe: BinaryIO, size: int) -> bytes:
    body, left = io.BytesIO(), size
    while left:
        part = pipe.read(min(left, _BLOCK))
        if not part:
            raise HangupError("end of stream")
        left -= body.write(part)
    return body.getvalue()  # what was written, no copy of it
