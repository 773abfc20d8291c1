"""The reception desk: an ASGI application around a WSGI application.

A request is taken in whole, waits in its lane for a thread, is answered by the application, and the answer is sent.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from functools import partial
from typing import TYPE_CHECKING, Any

from xunfang.reception.bodies import Bodies, Receive
from xunfang.reception.environ import answer_of, environ_of, headers_of
from xunfang.reception.lanes import Lane
from xunfang.reception.refusals import Answer, Gone, TurnedAway, broken

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_GOOD_BYE = (b"connection", b"close")
_log = logging.getLogger(__name__)


class Reception:
    """Receives requests for a WSGI application. `lane_of` names the lane of a method and path.

    `turned_away` is told the code of every request that is not let in.
    """

    def __init__(
        self,
        app: "WSGIApplication",
        lanes: Mapping[str, Lane],
        lane_of: Callable[[str, str], str],
        bodies: Bodies | None = None,
        turned_away: Callable[[str], None] = lambda code: None,
    ) -> None:
        self._app, self._lanes, self._lane_of = app, lanes, lane_of
        self._bodies, self._turned_away = bodies or Bodies(), turned_away
        self.in_hand = 0
        self.leaving = False
        """Whether every answer is the last one on its connection: the server is about to end."""

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Receive one request and answer it."""
        headers = headers_of(scope)
        try:
            answer = await self._answer(scope, headers, receive)
        except Gone:
            return
        except TurnedAway as refusal:
            self._turned_away(refusal.code)
            answer = refusal.answer(headers)
        except Exception:
            _log.exception("a request was not answered")
            answer = broken()
        headers_sent = [*answer.headers, *([_GOOD_BYE] if self.leaving else [])]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers_sent})
        await send({"type": "http.response.body", "body": answer.body})

    async def _answer(self, scope: Mapping[str, Any], headers: Mapping[str, str], receive: Receive) -> Answer:
        async with self._bodies.taken(headers, receive, scope["path"]) as body:
            lane = self._lanes[self._lane_of(scope["method"], scope["path"])]
            environ = environ_of(scope, headers, body)
            self.in_hand += 1
            try:
                return await lane.run(partial(answer_of, self._app, environ))
            finally:
                self.in_hand -= 1

    async def finished(self, seconds: float) -> bool:
        """Wait until everything that came in whole is answered, at most so long; returns whether it is.

        What is still arriving is not waited for: nobody was told that it had come.
        """
        until = asyncio.get_running_loop().time() + seconds
        while self.in_hand and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(0.05)
        return not self.in_hand
