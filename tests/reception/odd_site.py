"""A site that answers at once, slowly, or with what it was sent; started by a test as a process of its own: FD."""

import asyncio
import os
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from xunfang.reception import Lane, Reception, serve_on
from xunfang.reception import server as granian


def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Answer /slow after two seconds, everything else at once."""
    body = environ["wsgi.input"].read()
    if environ["PATH_INFO"] == "/slow":
        time.sleep(2)
    start("200 OK", [("Content-Type", "text/plain")])
    return [b"done ", str(len(body)).encode()]


async def main() -> None:
    await serve_on(int(sys.argv[1]), Reception(app, {"all": Lane("all", 2)}, lambda method, path: "all"))


if __name__ == "__main__":
    granian.HEADER_SECONDS = 1
    asyncio.run(main())
    os._exit(0)
