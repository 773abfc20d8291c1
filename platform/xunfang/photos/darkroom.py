"""The server's side: a warm child that forks a process of its own for each photo."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from xunfang.confinement import Confined, HangupError, Limits, WarmChild

USUAL = Limits(memory=1 << 30, cpu=8, wall=12.0, answer=8 * 1024 * 1024)
"""What one photo may cost."""


class UnreadableError(ValueError):
    """The bytes are no photo we accept; the message is for the person."""


class Mark(NamedTuple):
    """A picture for papers: its bytes, "png" or "jpeg", and its size in pixels."""

    data: bytes
    kind: str
    width: int
    height: int


class Darkroom:
    """Makes photos anew one after another; safe to share between threads."""

    def __init__(self, limits: Limits = USUAL) -> None:
        self._child: WarmChild[None] = WarmChild(lambda _: Confined("xunfang.photos.child", limits, {}))

    def reencode(self, data: bytes) -> bytes:
        """Return a photo as a fresh JPEG, at most 1600 pixels long, without place, time or device in it.

        Raises UnreadableError for anything but a JPEG, PNG or WebP of a reasonable size.
        """
        return self._made({}, data)[1]

    def mark(self, data: bytes, longest: int, most: int) -> Mark:
        """Return a picture as a mark for papers: a fresh PNG or JPEG of at most so many pixels and bytes.

        Raises UnreadableError for what `reencode` does not take either.
        """
        told, picture = self._made({"longest": longest, "most": most}, data)
        return Mark(picture, str(told["kind"]), int(told["width"]), int(told["height"]))

    def _made(self, asked: Mapping[str, int], data: bytes) -> tuple[Mapping[str, Any], bytes]:
        try:
            told, picture = self._child.ask(None, dict(asked), data)
        except HangupError:
            raise UnreadableError("这张照片处理起来超出允许的时间或内存，请换一张，或重新拍摄。") from None
        if problem := told.get("problem"):
            raise UnreadableError(str(problem))
        return told, picture

    def close(self) -> None:
        """End the child, if there is one."""
        self._child.close()


_DARKROOM = Darkroom()


def reencode(data: bytes) -> bytes:
    """Return a photo made anew by this server process's own darkroom. Raises UnreadableError."""
    return _DARKROOM.reencode(data)


def mark(data: bytes, longest: int, most: int) -> Mark:
    """Return a mark for papers made by this server process's own darkroom. Raises UnreadableError."""
    return _DARKROOM.mark(data, longest, most)
