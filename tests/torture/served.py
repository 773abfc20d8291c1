"""The real `xunfang`, as its command starts it, on the clock and the compiled rules of the house: FOLDER COMMAND…"""

import argparse
import pickle
import sys
from functools import partial
from pathlib import Path
from random import Random

from house import COUNTY, TurnedClock, quick_press

from xunfang import app, clock
from xunfang.cli import main, serving


def furnish(folder: Path) -> None:
    """Put the clock and the rules of the house in place, here and in every process started from here."""
    files, rulebook = pickle.loads((folder / "rules").read_bytes())
    turned = TurnedClock(folder / "clock")
    clock.now, clock.uptime = turned.now, turned.uptime
    app.rule_files = lambda root: files  # type: ignore[assignment]
    app.compile_all = lambda found, names: {COUNTY: rulebook}  # type: ignore[assignment]
    serving.create_worker = partial(app.create_worker, now=clock.now)  # its default is the clock of before
    app.press_of = partial(quick_press, Random())  # type: ignore[assignment]

    def command(given: argparse.Namespace, *words: str) -> list[str]:
        return [sys.executable, __file__, str(folder), *words]

    serving._command = command


if __name__ == "__main__":
    furnish(Path(sys.argv[1]))
    sys.exit(main(["--config", str(Path(sys.argv[1]) / "config.toml"), *sys.argv[2:]]))
