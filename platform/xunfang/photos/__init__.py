"""Photos that people send: made anew in a confined child, so that only what is to be seen comes through."""

from xunfang.photos.darkroom import UnreadableError, reencode

__all__ = ["UnreadableError", "reencode"]
