"""The rules of a county as they change in the course of a year: releases, a merger of townships, days off."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

from xunfang.clock import parse
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook

YEAR = 2026
MERGER = date(YEAR, 6, 1)
_LIMIT = re.compile(r'^limit = "5 workdays"$', re.MULTILINE)
TOWNSHIP, VILLAGE = 9, 12
"""So many digits the code of a township has, and that of a village."""


class Edition(NamedTuple):
    """What is published at a moment. `moves`: open cases are moved to it."""

    at: datetime
    rulebook: Rulebook
    files: Mapping[str, str]
    moves: bool


@dataclass(frozen=True)
class Size:
    """How many townships of a county there are, and how many villages in each; None for as many as there really are."""

    townships: int | None = None
    villages: int | None = None


@cache
def editions(jurisdiction: str, size: Size) -> tuple[Edition, ...]:
    """Return what is published in the year: its rules, a merger, a shorter limit to which cases move, days off."""
    begin = dict(read_files(Path(__file__).parents[2]))
    days_off = begin.pop(f"workflows/00-national/calendars/{YEAR + 1}.toml")
    table = f"workflows/{jurisdiction}/divisions.csv"
    begin[table] = _written(_cut(_rows(begin[table]), size, begin[f"workflows/{jurisdiction}/units.toml"]))
    merged = {**begin, table: _written(_merged(_rows(begin[table])))}
    limits = f"workflows/{jurisdiction}/deadlines.toml"
    shorter = {**merged, limits: _LIMIT.sub('limit = "4 workdays"', merged[limits], count=1)}
    known = {**shorter, f"workflows/00-national/calendars/{YEAR + 1}.toml": days_off}
    planned = (("01-01T00:00", begin, False), ("05-20T10:00", merged, False), ("09-01T08:00", shorter, True))
    return tuple(
        Edition(parse(f"{YEAR}-{moment}"), compile_rulebook(files, jurisdiction), files, moves)
        for moment, files, moves in (*planned, ("11-04T16:00", known, False))
    )


def _rows(table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table)))


def _written(rows: list[dict[str, str]]) -> str:
    names = ("code", "name", "level", "from", "until", "successor")
    lines = (",".join(row.get(name, "") for name in names) for row in rows)
    return "\n".join([",".join(names), *lines]) + "\n"


def _cut(rows: list[dict[str, str]], size: Size, units: str) -> list[dict[str, str]]:
    """Keep so many townships, those first of which something is said, and so many villages of each."""
    townships = sorted((row["code"] for row in rows if row["level"] == "township"), key=lambda code: code not in units)
    kept, there = [], dict.fromkeys(townships[: size.townships], 0)
    for row in rows:
        above = row["code"][:TOWNSHIP]
        if row["level"] in ("township", "village") and above not in there:
            continue
        if row["level"] == "village":
            there[above] += 1
            if size.villages is not None and there[above] > size.villages:
                continue
        kept.append(row)
    return kept


def _merged(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Let the first two townships of a county become one, every village with a new code and its old name."""
    one, other = [row["code"] for row in rows if row["level"] == "township"][:2]
    heir, last = f"{one[:6]}980", (MERGER - timedelta(days=1)).isoformat()
    day = MERGER.isoformat()
    found = [{"code": heir, "name": "新合镇", "level": "township", "from": day}]
    numbers = iter(range(1, 1000))
    for row in rows:
        if not row["code"].startswith((one, other)):
            found.append(row)
        elif row["level"] == "township":
            found.append({**row, "until": last, "successor": heir})
        else:
            code = f"{heir}{next(numbers):03d}"
            found += [{**row, "until": last, "successor": code}, {**row, "code": code, "from": day}]
    return found


def villages(rulebook: Rulebook) -> Iterator[str]:
    """Yield every village that there is on the day of the rules."""
    yield from (place.code for place in rulebook.divisions.of_level("village", rulebook.code))
