"""`make siege`: slow, idle and many clients beset a running site; other people's pages must go on.

All at once, on this machine alone and for a bounded time: connections that send a byte a second (half of them in the
middle of their headers, half in a body), idle ones, photos sent at 50 kB/s, and sign-ins with unknown names that begin
again as soon as they are answered. Meanwhile a signed-in person opens the queue, somebody opens the sign-in page, and
something asks for a sign of life. Ends with the figures, and with status 1 when one of them is beyond its limit.
"""

import argparse
import asyncio
import random
import re
import sys
import time
import urllib.parse
from collections import Counter
from collections.abc import Awaitable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from besieged import CLERK, PASSWORD, Site, site_at, started

P95_SECONDS, ALIVE_SECONDS = 1.0, 1.0
"""Beyond these the siege is lost: the 95th percentile of others' pages, and of the sign of life."""
PATIENCE = 60.0
"""A page that is not there after so many seconds counts as never."""
PAUSE = 0.25
PEOPLE, BESIEGERS = "127.0.0.1", "127.0.0.2"
"""Both are this machine: nginx can tell them apart, the site alone must hold without."""


@dataclass
class Figures:
    """How long each kind of page took, in seconds, and what else came."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)

    def note(self, what: str, seconds: float, status: int) -> None:
        if status == 200:
            self.seconds.setdefault(what, []).append(seconds)
        self.answers[f"{what} {status or 'nothing'}"] += 1


def share(values: list[float], part: float) -> float:
    """Return the value that so large a part of the values does not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))] if values else float("inf")


async def ask(
    site: Site, method: str, path: str, cookie: str = "", body: bytes = b"", at: str = PEOPLE
) -> tuple[int, str, str]:
    """Return status, head and text of one answer; status 0 when none came."""
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection(site.host, site.port, local_addr=(at, 0))
            try:
                writer.write(_head(site, method, path, cookie, len(body)) + body)
                answer = await reader.read(-1)
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return 0, "", ""
    head, _, text = answer.decode("utf-8", "replace").partition("\r\n\r\n")
    return (int(head.split()[1]) if head.startswith("HTTP/") else 0), head, text


def _head(site: Site, method: str, path: str, cookie: str, length: int, kind: str = "") -> bytes:
    kind = kind or "application/x-www-form-urlencoded"
    lines = [f"{method} {path} HTTP/1.1", f"Host: {site.host}:{site.port}", "Connection: close", f"Cookie: {cookie}"]
    lines += [f"Content-Type: {kind}", f"Content-Length: {length}"] if method == "POST" else []
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _cookies(head: str) -> str:
    found = re.findall(r"(?im)^set-cookie: ([^;\r\n]+)", head)
    return "; ".join(each for each in found if not each.endswith("="))


async def sign_in(site: Site, login: str, password: str, at: str = PEOPLE) -> tuple[int, str]:
    """Return the status of signing in, and the cookie of the session."""
    _, head, page = await ask(site, "GET", "/login", at=at)
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    form = {"csrf": token[1] if token else "", "login": login, "password": password}
    body = urllib.parse.urlencode(form).encode()
    status, answer, _ = await ask(site, "POST", "/login", _cookies(head), body, at)
    return status, _cookies(answer)


async def drip(site: Site, ends: float, figures: Figures, *, body: bool) -> None:
    """Send a byte a second, in the middle of the headers or of a body; begin again when the server ends it."""
    head = _head(site, "POST", "/login", "", 100_000)
    while time.monotonic() < ends:
        try:
            _, writer = await asyncio.open_connection(site.host, site.port, local_addr=(BESIEGERS, 0))
            writer.write(head if body else head[:40])
            while time.monotonic() < ends and not writer.is_closing():
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(1)
            writer.close()
        except OSError:
            figures.answers["drips cut off"] += 1
        await asyncio.sleep(0.2)


async def idle(site: Site, ends: float, figures: Figures) -> None:
    """Hold a connection open and say nothing; open another when the server ends it."""
    while time.monotonic() < ends:
        try:
            reader, writer = await asyncio.open_connection(site.host, site.port, local_addr=(BESIEGERS, 0))
            async with asyncio.timeout(max(0.1, ends - time.monotonic())):
                await reader.read(1)
            figures.answers["idle ones ended"] += 1
            writer.close()
        except (OSError, TimeoutError):
            figures.answers["idle ones refused"] += time.monotonic() < ends
        await asyncio.sleep(random.uniform(0, 2))


async def upload(site: Site, ends: float, figures: Figures, cookie: str) -> None:
    """Send a photo of 2 MB at 50 kB/s, again and again."""
    while time.monotonic() < ends:
        try:
            reader, writer = await asyncio.open_connection(site.host, site.port, local_addr=(BESIEGERS, 0))
            writer.write(_head(site, "POST", "/photos", cookie, 2_000_000, "multipart/form-data; boundary=x"))
            writer.write(b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n')
            for _ in range(400):
                writer.write(b"\xff" * 5000)
                await writer.drain()
                await asyncio.sleep(0.1)
                if time.monotonic() > ends:
                    break
            writer.close()
            del reader
        except OSError:
            figures.answers["uploads cut off"] += 1
            await asyncio.sleep(0.2)


async def loop_of_sign_ins(site: Site, ends: float, figures: Figures, n: int) -> None:
    """Sign in with unknown names as fast as one is answered."""
    while time.monotonic() < ends:
        status, _ = await sign_in(site, f"nobody-{n}-{time.monotonic_ns()}", PASSWORD, BESIEGERS)
        figures.answers[f"sign-in of nobody {status or 'nothing'}"] += 1


async def look(site: Site, ends: float, figures: Figures, what: str, path: str, cookie: str = "") -> None:
    """Open a page now and then and note how long it took."""
    while time.monotonic() < ends:
        begun = time.monotonic()
        status, _, _ = await ask(site, "GET", path, cookie)
        figures.note(what, time.monotonic() - begun, status)
        await asyncio.sleep(PAUSE)


def _besiegers(
    site: Site, given: argparse.Namespace, ends: float, figures: Figures, cookie: str
) -> list[Awaitable[None]]:
    found: list[Awaitable[None]] = [drip(site, ends, figures, body=n % 2 == 0) for n in range(given.drips)]
    found += [idle(site, ends, figures) for _ in range(given.idle)]
    found += [upload(site, ends, figures, cookie) for _ in range(given.uploads)]
    return found + [loop_of_sign_ins(site, ends, figures, n) for n in range(given.sign_ins)]


async def besiege(site: Site, given: argparse.Namespace) -> tuple[Figures, Figures]:
    """Return the figures of a quiet time and of the siege. People are a process of their own, as they are elsewhere."""
    status, cookie = await sign_in(site, CLERK, PASSWORD)
    if status not in (302, 303):
        raise SystemExit(f"nobody can sign in: {status}")
    loop, siege = asyncio.get_running_loop(), Figures()
    with ProcessPoolExecutor(1) as elsewhere:
        quiet = await loop.run_in_executor(elsewhere, people, site, given.quiet, cookie)
        ends = time.monotonic() + given.seconds
        running = asyncio.gather(*_besiegers(site, given, ends, siege, cookie))
        await asyncio.sleep(3)  # they all have to be there
        seen = await loop.run_in_executor(elsewhere, people, site, given.seconds - 5, cookie)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    return quiet, Figures(seen.seconds, siege.answers + seen.answers)


def people(site: Site, seconds: float, cookie: str) -> Figures:
    """Return how long the pages of other people took, looked at for so many seconds."""
    figures, ends = Figures(), time.monotonic() + seconds

    async def all_of_them() -> None:
        await asyncio.gather(
            look(site, ends, figures, "queue", "/", cookie),
            look(site, ends, figures, "sign-in page", "/login"),
            look(site, ends, figures, "alive", "/healthz"),
        )

    asyncio.run(all_of_them())
    return figures


def table(name: str, figures: Figures) -> None:
    """Print how long the pages took."""
    print(f"{name}")
    for what, seconds in figures.seconds.items():
        p50, p95, most = (round(1000 * each) for each in (share(seconds, 0.5), share(seconds, 0.95), max(seconds)))
        print(f"  {what:<14}{len(seconds):>5} pages   p50 {p50:>6} ms   p95 {p95:>6} ms   max {most:>6} ms")
    print("  " + ", ".join(f"{what}: {count}" for what, count in sorted(figures.answers.items())), flush=True)


def lost(figures: Figures) -> list[str]:
    """Return what is beyond its limit."""
    found = [
        f"{what}: p95 {share(figures.seconds.get(what, []), 0.95):.2f} s, allowed {limit:.2f} s"
        for what, limit in (("queue", P95_SECONDS), ("sign-in page", P95_SECONDS), ("alive", ALIVE_SECONDS))
        if share(figures.seconds.get(what, []), 0.95) >= limit
    ]
    pages = ("queue", "sign-in page", "alive")
    return found + [f"{answer}: {count}" for answer, count in figures.answers.items()
                    if answer.startswith(pages) and not answer.endswith(" 200")]  # fmt: skip


def main() -> int:
    """Run, and return how it ended."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--drips", type=int, default=200)
    parser.add_argument("--idle", type=int, default=1500)
    parser.add_argument("--uploads", type=int, default=8)
    parser.add_argument("--sign-ins", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=45, help="how long the siege lasts")
    parser.add_argument("--quiet", type=float, default=6, help="how long pages are measured before it")
    parser.add_argument("--nginx", action="store_true", help="besiege deploy/nginx.conf in front of the site")
    parser.add_argument("--at", default="", help="host:port of a demonstration on this machine that runs already")
    given = parser.parse_args()
    with site_at(given.at) if given.at else started(given.nginx) as site:
        quiet, siege = asyncio.run(besiege(site, given))
    table("quiet", quiet)
    table(
        f"besieged by {given.drips} drips, {given.idle} idle, {given.uploads} uploads, {given.sign_ins} sign-ins", siege
    )
    found = lost(siege)
    print("\n".join(f"LOST {text}" for text in found) or "held")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
