"""The journal of a test: this process logs into a folder, as a server does, until the test is over."""

import json
import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from xunfang.journal import Keeping, keep_journal


@contextmanager
def journal_in(keeping: Keeping) -> Iterator[Path]:
    """Let this process keep its journal for the length of the block, and nothing of that after it."""
    root, own = logging.getLogger(), logging.getLogger("xunfang")
    before, levels, hooks = [*root.handlers], (root.level, own.level), (sys.excepthook, threading.excepthook)
    raising = logging.raiseExceptions
    keep_journal(keeping)
    try:
        yield keeping.folder
    finally:
        for handler in {*root.handlers} - {*before}:
            handler.close()
            root.removeHandler(handler)
        root.setLevel(levels[0])
        own.setLevel(levels[1])
        sys.excepthook, threading.excepthook = hooks
        logging.raiseExceptions = raising


def lines(folder: Path) -> list[dict[str, Any]]:
    """Return every line of a journal."""
    return [json.loads(line) for path in sorted(folder.iterdir()) for line in path.read_text("utf-8").splitlines()]
