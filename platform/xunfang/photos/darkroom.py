"""The server's side: a warm child that forks a process of its own for each photo."""

from xunfang.confinement import Confined, HangupError, Limits, WarmChild

USUAL = Limits(memory=1 << 30, cpu=8, wall=12.0, answer=8 * 1024 * 1024)
"""What one photo may cost."""


class UnreadableError(ValueError):
    """The bytes are no photo we accept; the message is for the person."""


class Darkroom:
    """Makes photos anew one after another; safe to share between threads."""

    def __init__(self, limits: Limits = USUAL) -> None:
        self._child: WarmChild[None] = WarmChild(lambda _: Confined("xunfang.photos.child", limits, {}))

    def reencode(self, data: bytes) -> bytes:
        """Return a photo as a fresh JPEG, at most 1600 pixels long, without place, time or device in it.

        Raises UnreadableError for anything but a JPEG, PNG or WebP of a reasonable size.
        """
        try:
            told, photo = self._child.ask(None, {}, data)
        except HangupError:
            raise UnreadableError("这张照片处理起来超出允许的时间或内存，请换一张，或重新拍摄。") from None
        if problem := told.get("problem"):
            raise UnreadableError(str(problem))
        return photo

    def close(self) -> None:
        """End the child, if there is one."""
        self._child.close()


_DARKROOM = Darkroom()


def reencode(data: bytes) -> bytes:
    """Return a photo made anew by this server process's own darkroom. Raises UnreadableError."""
    return _DARKROOM.reencode(data)
