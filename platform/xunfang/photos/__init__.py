"""Photos that people send: made anew in a confined child, so that only what is to be seen comes through."""

from xunfang.photos.darkroom import Mark, UnreadableError, mark, reencode

__all__ = ["Mark", "UnreadableError", "mark", "reencode"]
