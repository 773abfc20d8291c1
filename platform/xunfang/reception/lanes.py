"""Lanes: threads for one kind of work, and a queue in front of them that costs no thread and does not grow for ever."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TypeVar

from xunfang.reception.refusals import TurnedAway

R = TypeVar("R")
CROWDED = "现在使用的人较多，系统暂时忙不过来，本次操作没有执行。请稍等片刻再试。"


class Lane:
    """So many threads, so many in the queue before them, and so many seconds that somebody waits in it."""

    def __init__(
        self, name: str, threads: int, queue: int = 500, seconds: float = 20.0, crowded: str = CROWDED
    ) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._free = asyncio.Semaphore(threads)
        self._queue, self._seconds, self._crowded = queue, seconds, crowded
        self.waiting = 0

    async def run(self, work: Callable[[], R]) -> R:
        """Return what the work returns, done in a thread of this lane; raises TurnedAway when too many are before."""
        async with self._turn():
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self.waiting >= self._queue:
            raise self._refusal()
        self.waiting += 1
        try:
            async with asyncio.timeout(self._seconds):
                await self._free.acquire()
        except TimeoutError:
            raise self._refusal() from None
        finally:
            self.waiting -= 1
        try:
            yield
        finally:
            self._free.release()

    def _refusal(self) -> TurnedAway:
        return TurnedAway(503, "CROWDED", self._crowded)
