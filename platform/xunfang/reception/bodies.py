"""Taking in bodies: each has a time within which it must arrive, and all of them together a bound in memory.

Nothing is put on the disk: what people send holds numbers and illnesses, and stands nowhere in clear.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from xunfang.reception.refusals import Gone, too_much_at_once, too_slow

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a body may take: some seconds for a start, and more for what has arrived already.

    Counting what has arrived, not what was announced, gives nobody time for a promise.
    """

    first_seconds: float = 30.0
    bytes_a_second: int = 10_000

    def seconds(self, received: int) -> float:
        """Return how many seconds a body may have taken in all once so many bytes of it are there."""
        return self.first_seconds + received / self.bytes_a_second


@dataclass(frozen=True, slots=True)
class Body:
    """What was sent with a request. `length` is larger than the content when it was more than is ever taken."""

    content: bytes = b""
    length: int = 0


LARGEST = 6 * MB
"""What is taken where nothing else is said: a photo, or a form."""


class Bodies:
    """Takes in the bodies of all requests. `largest` and `together` are in bytes.

    `larger` ones are taken where addresses begin so: lists of departments, for one.
    """

    def __init__(
        self,
        largest: int = LARGEST,
        together: int = 192 * MB,
        patience: Patience | None = None,
        larger: Mapping[str, int] | None = None,
    ) -> None:
        self._largest, self._together, self._patience = largest, together, patience or Patience()
        self._larger = larger or {}
        self.held = 0

    def most(self, path: str) -> int:
        """Return how many bytes are taken in at most at an address."""
        return max((most for start, most in self._larger.items() if path.startswith(start)), default=self._largest)

    @asynccontextmanager
    async def taken(self, headers: Mapping[str, str], receive: Receive, path: str = "") -> AsyncIterator[Body]:
        """Give the body of a request for the length of the block; raises TurnedAway, or Gone when the sender left.

        What is announced or found to be larger than is ever taken is not read: the application says so in its words.
        """
        announced = _announced(headers)
        if announced > self.most(path) or announced == 0:
            yield Body(b"", announced)
            return
        share = _Share(self)
        try:
            yield await self._collect(share, receive, self.most(path))
        finally:
            share.give_back()

    async def _collect(self, share: "_Share", receive: Receive, most: int) -> Body:
        try:
            async with asyncio.timeout(self._patience.seconds(0)) as limit:
                return await self._read(share, receive, limit, most)
        except TimeoutError:
            raise too_slow() from None

    async def _read(self, share: "_Share", receive: Receive, limit: asyncio.Timeout, most: int) -> Body:
        begun, parts, more = asyncio.get_running_loop().time(), list[bytes](), True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                raise Gone
            part, more = bytes(message.get("body", b"")), bool(message.get("more_body", False))
            share.take(len(part))
            if share.bytes > most:
                return Body(b"", share.bytes)
            if self.held > self._together:
                raise too_much_at_once()
            parts.append(part)
            limit.reschedule(begun + self._patience.seconds(share.bytes))
        return Body(b"".join(parts), share.bytes)


class _Share:
    """How much of what is held belongs to one request."""

    def __init__(self, bodies: Bodies) -> None:
        self._bodies, self.bytes = bodies, 0

    def take(self, count: int) -> None:
        self.bytes += count
        self._bodies.held += count

    def give_back(self) -> None:
        self._bodies.held -= self.bytes


def _announced(headers: Mapping[str, str]) -> int:
    """Return how many bytes are announced, 0 for none, -1 when their number is not told."""
    if "transfer-encoding" in headers:
        return -1
    text = headers.get("content-length", "0")
    return int(text) if text.isascii() and text.isdecimal() else 0
