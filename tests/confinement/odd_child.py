"""A child for tests: does to itself and its surroundings what hostile input might make it do."""

import os
import socket
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from xunfang.confinement import Answer, serve


def _busy() -> object:
    while True:
        pass


def _greedy() -> object:
    return bytearray(1 << 40)


def _connect() -> object:
    return socket.create_connection(("127.0.0.1", 9), timeout=1)


def _run() -> object:
    return subprocess.run(["/bin/echo"], check=False)


def _write_large() -> object:
    with Path("large").open("wb", buffering=0) as file:
        return sum(file.write(b"x" * (1 << 25)) for _ in range(4))


def _open_files() -> object:
    return sorted(str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.exists())


DEEDS: dict[str, Callable[[], object]] = {
    "busy": _busy,
    "greedy": _greedy,
    "connect": _connect,
    "run": _run,
    "die": lambda: os._exit(3),
    "write-large": _write_large,
    "environment": lambda: sorted(os.environ),
    "open-files": _open_files,
    "process": os.getpid,
    "print": lambda: print("straying"),
}


def _prepare(settings: Mapping[str, Any]) -> Callable[[Mapping[str, Any], bytes], Answer]:
    def work(order: Mapping[str, Any], body: bytes) -> Answer:
        if order["do"] == "end":
            return Answer({"found": os.getpid()}, ends=True)
        try:
            return Answer({"found": DEEDS[order["do"]]()}, body * int(order.get("times", 1)))
        except (MemoryError, OSError) as error:
            return Answer({"refused": type(error).__name__})

    return work


if __name__ == "__main__":
    raise SystemExit(serve(_prepare))
