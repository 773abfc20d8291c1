"""Walks through the served demonstration in a real browser, by clicks and typing alone: `make walks`.

.venv/bin/python tests/web/walks.py [NAME ...]    all walks, or those named; pictures are left in var/walks/

Two counties' year is played to one moment, from which time goes on, with the background at work. Each walk signs in as
the people it is about, does what they do, and holds what they read against itself: a figure against the rows it opens,
a sheet against its page. Prints a line for each; the exit status tells whether all of them came to their end.
"""

import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from time import monotonic

from stage import COUNTY, Stage, staged
from walking import Visitors
from walks_of_decisions import meeting_of_three, publication_objected
from walks_of_duties import list_handed_back, report_with_figures, visit_on_the_phone
from walks_of_figures import director_at_the_dashboard, ledger_in_excel

COUNTIES = (COUNTY, "3705-dongying")
"""The second asks its villages for visits by the month."""
FOLDER = Path(__file__).parents[2] / "var" / "walks"

WALKS: Mapping[str, tuple[str, Callable[[Visitors], None]]] = {
    "visit": ("手机上走访一户", visit_on_the_phone),
    "list": ("医院名单退回改好再报", list_handed_back),
    "report": ("月报，逐个数字打开", report_with_figures),
    "meeting": ("会商议决三件个案", meeting_of_three),
    "publication": ("公示收到异议", publication_objected),
    "dashboard": ("主任看指标", director_at_the_dashboard),
    "ledger": ("台账导出Excel，与页面核对", ledger_in_excel),
}
"""In the order in which they are walked: those that read come after those that do."""


def walked(stage: Stage, name: str, folder: Path) -> bool:
    """Walk one of them, print how it went, and return whether it came to its end."""
    label, walk = WALKS[name]
    among, began = Visitors(stage, name, folder), monotonic()
    try:
        walk(among)
        assert among.complaints == [], "\n".join(among.complaints)
        problem = ""
    except Exception:  # whatever it was: the others are walked all the same
        problem = traceback.format_exc()
        among.stopped()
    among.leave()
    print(f"{'失败' if problem else '通过'}  {name:<12} {monotonic() - began:6.1f} 秒  {label}", flush=True)
    print(problem, end="", file=sys.stderr, flush=True)
    return not problem


def main(names: list[str], folder: Path = FOLDER) -> int:
    """Walk all of them, or those named; returns the exit status."""
    if unknown := [name for name in names if name not in WALKS]:
        print(f"没有这样的走查：{'、'.join(unknown)}。有：{'、'.join(WALKS)}", file=sys.stderr)
        return 2
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    print("正在造演示数据……", flush=True)
    with staged(whole=True, counties=COUNTIES, alive=True) as stage:
        went = [walked(stage, name, folder) for name in names or WALKS]
    print(f"{len(went)}项走查，{went.count(True)}项通过；截图在 {folder}")
    return 0 if all(went) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
