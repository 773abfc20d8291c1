"""The server's side of one child: what it holds, what it was killed over, and who waits for it."""

import hashlib
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from json import dumps, loads
from typing import Any

from xunfang.confinement import Confined, HangupError, Limits, WarmChild
from xunfang.errors import Refused, TooOften
from xunfang.locks import Lock
from xunfang.rulebook.files import Files

USUAL = Limits(memory=600_000_000, cpu=10, wall=25.0, answer=8 * 1024 * 1024)
"""What one order about a draft may cost."""
LARGEST = 8 * 1024 * 1024
"""Characters of all files of a draft together; those of eleven layers are a sixth of it."""
_MOST_WAITING = 4
_SLOW, _PATIENCE = 3.0, 8.0
"""Seconds: behind an order that has taken so long already one waits and no more; nobody waits longer than that."""
_REMEMBERED = 300.0
"""For so many seconds a draft that a child was killed over is not tried again."""
_MOST_REMEMBERED = 20
_CROWDED = "这个辖区的规则草案正在检查，前面还有人在等。请稍候再试，已经填写的不会丢失。"
_DOWN = "检查程序无法启动，请系统管理员检查安装是否完整、内存是否够用。"
Told = dict[str, Any]
_NOTHING: Files = {}


class HarmfulError(Exception):
    """A draft cost more than it may, or made the child fall over; `kind` names the mistake of the program, if any."""

    def __init__(self, kind: str = "") -> None:
        super().__init__(kind)
        self.kind = kind


class County:
    """The child for the drafts of one jurisdiction; calls of several threads queue. After `end` it is asked no more."""

    def __init__(self, limits: Limits) -> None:
        self.used, self.waiting, self.ended = 0, 0, False
        self._warm: WarmChild[None] = WarmChild(lambda _: Confined("xunfang.checking.child", limits, {}))
        self._lock, self._counting = Lock(), Lock()
        self._begun_at = time.monotonic()
        self._name, self._files = "", _NOTHING
        self._harmful: dict[bytes, float] = {}

    def ask(self, order: Mapping[str, Any], files: Files) -> Told | None:
        """Return what the child tells of files; None when it was ended. Raises HarmfulError, Refused, TooOften."""
        came = time.monotonic()
        with self._in_turn(), self._lock:
            if time.monotonic() - came > _PATIENCE:
                raise TooOften(_CROWDED, "DRAFTS_CROWDED")
            self._begun_at = time.monotonic()
            return None if self.ended else self._asked(order, files)

    def end(self) -> None:
        """End the child, once it has answered whoever it works for."""
        with self._lock:
            self.ended = True
            self._warm.close()

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        with self._counting:
            slow = self.waiting > 1 and time.monotonic() - self._begun_at > _SLOW
            if slow or self.waiting > _MOST_WAITING:
                raise TooOften(_CROWDED, "DRAFTS_CROWDED")
            self.waiting += 1
        try:
            yield
        finally:
            with self._counting:
                self.waiting -= 1

    def _asked(self, order: Mapping[str, Any], files: Files) -> Told:
        if sum(map(len, (*files, *files.values()))) > LARGEST or self._was_harmful(order, files):
            raise HarmfulError
        try:
            self._warm.ready(None)
        except HangupError:
            raise Refused(_DOWN, "EXAMINER_DOWN") from None
        try:
            told = self._answered(order, files)
        except HangupError:
            self._forget()
            self._remember(order, files)
            raise HarmfulError from None
        return told

    def _answered(self, order: Mapping[str, Any], files: Files) -> Told:
        told, body = self._sent(order, files)
        if told.get("unknown"):
            self._forget()
            told, body = self._sent(order, files)
        if told.get("heavy") or "failed" in told:
            self._forget()
            self._remember(order, files)
            raise HarmfulError(str(told.get("failed", "")))
        try:
            found: Told = loads(body)
        except (ValueError, RecursionError) as error:
            raise HangupError("no JSON") from error
        return found

    def _sent(self, order: Mapping[str, Any], files: Files) -> tuple[Told, bytes]:
        """Give the order with what the child does not hold yet."""
        was, name = self._name, self._name
        changed = _differing(self._files, files) if was else dict(files)
        if changed or not was:
            name = secrets.token_hex(8)
        body = _written(changed) if name != was else b""
        answer = self._warm.ask(None, {**order, "was": was, "is": name}, body)
        self._name, self._files = name, dict(files)  # whoever asks may go on changing theirs
        return answer

    def _forget(self) -> None:
        self._name, self._files = "", _NOTHING

    def _was_harmful(self, order: Mapping[str, Any], files: Files) -> bool:
        return bool(self._harmful) and self._harmful.get(_digest(order, files), 0.0) > time.monotonic()

    def _remember(self, order: Mapping[str, Any], files: Files) -> None:
        now = time.monotonic()
        kept = [(key, until) for key, until in self._harmful.items() if until > now]
        self._harmful = dict(kept[-_MOST_REMEMBERED + 1 :]) | {_digest(order, files): now + _REMEMBERED}


def _differing(held: Files, files: Files) -> dict[str, str | None]:
    """Return each file that is otherwise than held, None for what is no longer there."""
    gone: dict[str, str | None] = {path: None for path in held if path not in files}
    return gone | {path: text for path, text in files.items() if held.get(path) != text}


def _digest(order: Mapping[str, Any], files: Files) -> bytes:
    return hashlib.sha256(_written([dict(order), sorted(files.items())])).digest()


def _written(value: object) -> bytes:
    return dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
