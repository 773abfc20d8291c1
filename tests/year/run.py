"""`make year PEOPLE=…`: a calendar year of two counties lived through, then counted again from its events alone.

Prints what the year came to and how long it took. The last line tells how many figures agree and how many differ; the
exit status follows it, and the invariants.
"""

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from math import ceil
from pathlib import Path

from dying import folder_in_memory
from xunfang.rulebook.model import Rulebook
from year.accounts import money, rosters
from year.accounts import reports as told_in_reports
from year.aid import Aid
from year.boards import Boards
from year.cells import Cells, can_be_read, judged
from year.county import County
from year.invariants import broken
from year.kept import Tables
from year.life import Life
from year.lists import Lists
from year.measured import measured, readable
from year.recount import Figures, Recount, Rules, categorised, events, forms, moves
from year.register import Register
from year.reports import Reports, ended_figures, fills
from year.rolls import Rolls
from year.rules import YEAR, Edition, Size, editions
from year.shown import counted, filled_in, objected, patrols, shown, visits_owed
from year.standing import Standing

COUNTIES = ("370304-boshan", "3705-dongying")
PEOPLE = 6000
TOWNSHIPS, VILLAGES = 20, 30
"""So many townships of a county at full size, and villages in each, where it has so many."""
MOST_TOLD = 40


@dataclass
class Ended:
    """How a year of a county ended."""

    jurisdiction: str
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    agree: int = 0
    differ: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    lived_for: float = 0
    counted_for: float = 0


def size_for(people: int) -> Size:
    """Return how large a county is in which so many people are helped."""
    share = people / (PEOPLE / len(COUNTIES))
    return Size(max(3, ceil(TOWNSHIPS * share)), max(3, ceil(VILLAGES * share)))


def lived(jurisdiction: str, people: int, seed: int, days: int = 365) -> Ended:
    """Live through a year of a county, and see how it ended."""
    known = editions(jurisdiction, size_for(people))
    with folder_in_memory() as folder:
        return _lived(folder, known, people, seed, days)


def _lived(folder: Path, known: tuple[Edition, ...], people: int, seed: int, days: int) -> Ended:
    county = County(folder, known[0])
    try:
        began = time.monotonic()
        life = Life(county, known, people, seed)
        _live(life, county.jurisdiction, [date(YEAR, 1, 1) + timedelta(days=n) for n in range(days)], began)
        ended = Ended(county.jurisdiction, life.done, life.refused, lived_for=time.monotonic() - began)
        began = time.monotonic()
        _count(county, [one for one in known if one.at <= county.at][-1].files, life, ended)
        ended.done["cases moved to the second rules"] = life.moved
        ended.broken, ended.counted_for = broken(county), time.monotonic() - began
        return ended
    finally:
        county.database.close()


def _live(life: Life, jurisdiction: str, days: Sequence[date], began: float) -> None:
    """Live through some days, and say on the way how far it is."""
    for month, some in groupby(days, key=lambda day: day.month):
        life.live(list(some))
        passed, tasks = time.monotonic() - began, life.done["completions"]
        print(f"{jurisdiction}: {month:2} of 12 months after {passed:.0f} s, {tasks:,} tasks done", file=sys.stderr)


def _count(county: County, files: Mapping[str, str], life: Life, ended: Ended) -> None:
    """Compare what the events come to with what the tables have."""
    told, book = (county.database, county.keys, county.jurisdiction), county.rulebook
    recount = Recount(Rules(files, book.chain, book.code, f"{county.at:%Y-%m-%d}"), forms(*told))
    aid = Aid(recount, moves=moves(*told))
    aid.found(life.opening)
    rolls, reports, lists, boards = Rolls(aid), Reports(recount, aid), Lists(), Boards()
    register, standing = Register(recount, aid, categorised(*told)), Standing(recount)
    register.found(life.register)
    cells = Cells(recount, aid, boards, register, standing)
    for event in events(*told):
        for reading in (recount, aid, register, standing, rolls, reports, lists, boards, cells):
            reading.hear(event)
    drawn = [each.figures() for each in (recount, aid, rolls, reports, lists, boards, cells)]
    drawn += [measured(recount, aid, len(boards.posted)), ended_figures(recount, aid, county.at.year)]
    tables = Tables(county.database, county.jurisdiction)
    ended.rows.update(tables.sizes() | places(book))
    ledgers = {key[1] for key in drawn[-2] if key[0] == "ledger lines"}
    wanted = (
        readable(recount)
        | dict.fromkeys(judged(recount), True)
        | dict.fromkeys((fill.name for fill in fills(recount)), True)
    )
    kept = [tables.figures(), money(tables), rosters(county, tables), told_in_reports(county, tables)]
    readable_ledgers = {name: one for name, one in recount.rules.ledgers.items() if can_be_read(one)}
    kept += [
        shown(county, ledgers),
        filled_in(county, readable_ledgers),
        counted(county, wanted),
        patrols(tables, recount),
    ]
    drawn += [visits_owed(tables, recount, recounted=True), boards.objected(recount)]
    kept += [visits_owed(tables, recount, recounted=False), objected(county)]
    compare(_together(drawn), _together(kept), ended)


def _together(figures: Sequence[Figures]) -> Figures:
    """Return figures as one; no two readings count the same."""
    found: Figures = Counter()
    for each in figures:
        assert not {*found} & {*each}, "two readings count the same"
        found.update(each)
    return found


def places(book: Rulebook) -> dict[str, int]:
    """Return how many places there are at the end of the year."""
    return {f"{level}s": sum(1 for _ in book.divisions.of_level(level, book.code)) for level in ("township", "village")}


def compare(recounted: Figures, kept: Figures, ended: Ended) -> None:
    """Note how many figures agree, and each that does not."""
    for key in sorted(key for key in {*recounted, *kept} if recounted[key] or kept[key]):
        if recounted[key] == kept[key]:
            ended.agree += 1
        else:
            ended.differ.append(f"{' / '.join(key)}: {recounted[key]} by the events, {kept[key]} by the system")


def _print(ended: Ended) -> None:
    print(f"\n{ended.jurisdiction}: lived in {ended.lived_for:.0f} s, counted in {ended.counted_for:.0f} s")
    print("  " + ", ".join(f"{what} {n:,}" for what, n in sorted(ended.rows.items())))
    print("  " + ", ".join(f"{what} {n:,}" for what, n in sorted(ended.done.items())))
    print(f"  refused by the rules {ended.refused.total():,}:")
    for what, n in ended.refused.most_common(8):
        print(f"    {n:,} × {what}")
    for line in [*ended.broken[:MOST_TOLD], *ended.differ[:MOST_TOLD]]:
        print(f"  WRONG {line}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Live through the year of both counties; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=int(os.environ.get("PEOPLE") or PEOPLE), help="households helped")
    parser.add_argument("--counties", nargs="+", default=COUNTIES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, default=365, help="only so many days of the year")
    wanted = parser.parse_args(arguments)
    each = max(1, wanted.people // len(wanted.counties))
    with ProcessPoolExecutor(min(len(wanted.counties), os.cpu_count() or 1)) as pool:
        begun = [pool.submit(lived, name, each, wanted.seed, wanted.days) for name in wanted.counties]
        ended = [one.result() for one in begun]
    for one in ended:
        _print(one)
    differ, amiss = sum(len(one.differ) for one in ended), sum(len(one.broken) for one in ended)
    print(f"\nbroken invariants: {amiss}\nagree: {sum(one.agree for one in ended)} figures, differ: {differ}")
    return 1 if differ or amiss else 0


if __name__ == "__main__":
    raise SystemExit(main())
