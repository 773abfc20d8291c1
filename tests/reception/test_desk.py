"""The reception desk, asked as an ASGI server asks it: who is slow or many waits outside, in no working thread."""

import asyncio
import io
import json
import threading
from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from wsgiref.validate import validator

import pytest

from xunfang.reception import Bodies, Lane, Patience, Reception

Start = Callable[..., Any]
QUICK = Patience(first_seconds=0.3, bytes_a_second=1000)


def app(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """Answer with what was asked."""
    told = {name: environ.get(name, "") for name in ("PATH_INFO", "QUERY_STRING", "REMOTE_ADDR", "HTTP_COOKIE")}
    told["body"] = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"] or 0)).decode("latin-1")
    start("200 OK", [("Content-Type", "application/json"), ("X-Said", "yes")])
    return [json.dumps(told).encode()]


def desk(
    wsgi: Any = app,
    bodies: Bodies | None = None,
    threads: int = 2,
    turned_away: Callable[[str], None] = lambda code: None,
    **lane: Any,
) -> Reception:
    return Reception(wsgi, {"all": Lane("all", threads, **lane)}, lambda method, path: "all", bodies, turned_away)


def scope(path: str = "/", method: str = "GET", **headers: str) -> dict[str, Any]:
    sent = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    return {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"a=%20",
        "headers": sent, "http_version": "1.1", "client": ("10.0.0.9", 5000), "server": ("127.0.0.1", 80),
    }  # fmt: skip


class Sender:
    """A client: sends these parts, each after a pause, and then waits for ever, leaves, or has said all."""

    def __init__(self, *parts: bytes, pause: float = 0.0, then: str = "end") -> None:
        self.parts, self.pause, self.then, self.answer = list(parts), pause, then, [{"status": 0}]

    async def receive(self) -> dict[str, Any]:
        await asyncio.sleep(self.pause)
        if self.parts:
            part = self.parts.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(self.parts) or self.then != "end"}
        if self.then == "leave":
            return {"type": "http.disconnect"}
        await asyncio.sleep(3600)
        raise AssertionError

    async def send(self, message: Any) -> None:
        self.answer = [*self.answer, message] if message["type"] == "http.response.body" else [message]

    @property
    def status(self) -> int:
        return int(self.answer[0]["status"])

    @property
    def text(self) -> str:
        return b"".join(message["body"] for message in self.answer[1:]).decode()


def asked(reception: Reception, sender: Sender, **request: Any) -> Awaitable[None]:
    return reception(scope(**request), sender.receive, sender.send)  # type: ignore[arg-type]


def test_an_application_sees_what_wsgi_promises_it() -> None:
    sender = Sender(b"ab", b"cd")
    request = {"path": "/%E4%B8%AD/a%2Fb", "method": "POST", "content_length": "4", "content_type": "text/plain"}
    asyncio.run(asked(desk(validator(app)), sender, **request))  # type: ignore[arg-type]
    told = json.loads(sender.text)
    assert (sender.status, told["body"], told["QUERY_STRING"]) == (200, "abcd", "a=%20")
    assert told["PATH_INFO"].encode("latin-1").decode() == "/中/a/b"
    assert (b"x-said", b"yes") in sender.answer[0]["headers"]


def test_headers_sent_twice_are_joined_and_ambiguous_names_are_left_out() -> None:
    request = scope(cookie="a=1", x_forwarded_for="1.1.1.1")
    request["headers"] += [(b"cookie", b"b=2"), (b"x_forwarded_for", b"6.6.6.6")]
    sender = Sender()
    asyncio.run(desk()(request, sender.receive, sender.send))  # type: ignore[arg-type]
    assert json.loads(sender.text)["HTTP_COOKIE"] == "a=1; b=2"
    assert "6.6.6.6" not in sender.text


def test_a_thousand_bodies_that_never_end_hold_up_nobody() -> None:
    async def run() -> tuple[Sender, list[Sender]]:
        reception = desk(bodies=Bodies(patience=Patience(first_seconds=30)), threads=1)
        stuck = [Sender(b"x", then="wait") for _ in range(1000)]
        waiting = [asyncio.ensure_future(asked(reception, each, method="POST", content_length="9")) for each in stuck]
        await asyncio.sleep(0.1)
        other = Sender()
        await asked(reception, other)
        for each in waiting:
            each.cancel()
        return other, stuck

    other, stuck = asyncio.run(run())
    assert other.status == 200
    assert {each.status for each in stuck} == {0}


@pytest.mark.parametrize("promised", ["9", "5000000"])
def test_a_body_that_does_not_arrive_is_refused_in_words_and_never_reaches_the_application(promised: str) -> None:
    reached = []
    sender = Sender(b"x", then="wait")
    bodies = Bodies(patience=QUICK)
    codes: list[str] = []
    reception = desk(lambda environ, start: reached.append(1) or [], bodies, turned_away=codes.append)
    asyncio.run(asked(reception, sender, method="POST", content_length=promised))
    assert (sender.status, reached, bodies.held) == (408, [], 0)
    assert codes == ["BODY_TOO_SLOW"]
    assert "没有执行" in sender.text


def test_what_arrives_steadily_is_given_more_time() -> None:
    sender = Sender(*[b"x" * 1000] * 6, pause=0.5)  # three seconds in all
    patience = Patience(first_seconds=2.0, bytes_a_second=100)
    asyncio.run(asked(desk(bodies=Bodies(patience=patience)), sender, method="POST", content_length="6000"))
    assert sender.status == 200
    assert len(json.loads(sender.text)["body"]) == 6000


def test_all_bodies_together_have_a_bound() -> None:
    async def run() -> tuple[int, list[Sender]]:
        bodies = Bodies(together=1000)
        senders = [Sender(b"x" * 400, then="wait"), Sender(b"x" * 400, then="wait"), Sender(b"x" * 400)]
        tasks = [asyncio.ensure_future(asked(desk(bodies=bodies), each, method="POST", content_length="900"))
                 for each in senders]  # fmt: skip
        await tasks[2]
        for each in tasks[:2]:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return bodies.held, senders

    held, senders = asyncio.run(run())
    assert [each.status for each in senders] == [0, 0, 503]
    assert "稍等片刻" in senders[2].text
    assert held == 0


@pytest.mark.parametrize("headers", [{"content_length": "99"}, {"transfer_encoding": "chunked"}])
def test_more_than_is_ever_taken_is_told_to_the_application_and_not_read(headers: dict[str, str]) -> None:
    seen = []

    def looking(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        seen.append((int(environ["CONTENT_LENGTH"]), environ["wsgi.input"].read()))
        start("413 Too Large", [])
        return []

    sender = Sender(b"x" * 30, b"x" * 30)
    asyncio.run(asked(desk(looking, Bodies(largest=50)), sender, method="POST", **headers))
    assert sender.status == 413
    assert seen[0][0] > 50
    assert seen[0][1] == b""


@pytest.mark.parametrize(("path", "read"), [("/feeds/hand-in/x", 60), ("/feeds/", 0), ("/", 0)])
def test_only_where_lists_are_handed_in_more_is_taken(path: str, read: int) -> None:
    async def taken() -> int:
        bodies = Bodies(largest=50, larger={"/feeds/hand-in/": 100})
        async with bodies.taken({"content-length": "60"}, sender.receive, path) as body:
            return len(body.content)

    sender = Sender(b"x" * 60)
    assert asyncio.run(taken()) == read


def test_who_leaves_in_the_middle_costs_nothing_and_does_nothing() -> None:
    reached = []
    bodies = Bodies()
    sender = Sender(b"x", then="leave")
    asyncio.run(asked(desk(lambda *_: reached.append(1) or [], bodies), sender, method="POST", content_length="9"))
    assert (sender.status, reached, bodies.held) == (0, [], 0)


def test_a_lane_refuses_beyond_its_queue_and_its_patience_in_words() -> None:
    release = threading.Event()

    def slow(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        release.wait(30)
        return app(environ, start)

    async def run() -> list[Sender]:
        reception = desk(slow, threads=1, queue=2, seconds=0.3)
        senders = [Sender() for _ in range(5)]
        tasks = [asyncio.ensure_future(asked(reception, each, accept="application/json")) for each in senders]
        while sum(each.status == 503 for each in senders) < 4:
            await asyncio.sleep(0.02)
        release.set()
        await asyncio.gather(*tasks)
        return senders

    senders = asyncio.run(run())
    assert sorted(each.status for each in senders) == [200, 503, 503, 503, 503]
    refused = json.loads(next(each.text for each in senders if each.status == 503))
    assert refused["code"] == "CROWDED"
    assert "没有执行" in refused["message"]


def test_one_kind_of_work_never_waits_for_another() -> None:
    release = threading.Event()

    def slow(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/login":
            release.wait(30)
        return app(environ, start)

    async def run() -> tuple[int, int]:
        lanes = {"entering": Lane("entering", 1), "pages": Lane("pages", 1)}
        reception = Reception(slow, lanes, lambda _, path: "entering" if path == "/login" else "pages")
        entering = [Sender() for _ in range(20)]
        tasks = [asyncio.ensure_future(asked(reception, each, path="/login")) for each in entering]
        page = Sender()
        await asked(reception, page, path="/")
        before = sum(each.status == 200 for each in entering)
        release.set()
        await asyncio.gather(*tasks)
        return page.status, before

    assert asyncio.run(run()) == (200, 0)


def test_an_application_that_breaks_is_answered_for() -> None:
    def breaking(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        raise RuntimeError("secret inside")

    sender = Sender()
    asyncio.run(asked(desk(breaking), sender))
    assert sender.status == 500
    assert "secret" not in sender.text


def test_what_the_application_opened_is_closed() -> None:
    file = io.BytesIO(b"paper")

    def opening(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        start("200 OK", [])
        return file

    sender = Sender()
    asyncio.run(asked(desk(opening), sender))
    assert (sender.text, file.closed) == ("paper", True)


def test_the_end_waits_for_what_is_in_hand_and_not_for_what_is_arriving() -> None:
    release = threading.Event()

    def slow(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        release.wait(30)
        return app(environ, start)

    async def run() -> tuple[bool, bool, int]:
        reception = desk(slow)
        arriving, in_hand = Sender(b"x", then="wait"), Sender()
        uploading = asyncio.ensure_future(asked(reception, arriving, method="POST", content_length="9"))
        answering = asyncio.ensure_future(asked(reception, in_hand))
        await asyncio.sleep(0.1)
        early = await reception.finished(0.2)
        release.set()
        late = await reception.finished(20)
        await answering
        uploading.cancel()
        return early, late, in_hand.status

    assert asyncio.run(run()) == (False, True, 200)
