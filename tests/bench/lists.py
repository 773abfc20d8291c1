"""Measures a list of a department: read, checked and matched, and its workbook back with a column of problems.

python tests/bench/lists.py [rows]   (100,000 where nothing is said)

Beside it, on a tenth of the rows and told times ten: openpyxl, jsonschema and one SELECT per row.
"""

import io
import json
import resource
import sqlite3
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import jsonschema
import openpyxl
import xlsxwriter  # type: ignore[import-untyped]

from actions.town import Town, compiled
from sheets.books import HEADS
from xunfang.actions.feeds import hand_in_list
from xunfang.actions.list_workbooks import with_problems
from xunfang.casework import Delivery
from xunfang.identity import make_id

FEED = "insured-inpatient-bills"
PART = 10
"""The others are measured on one row in so many."""


def rows_of(count: int) -> Iterator[list[Any]]:
    """Yield rows of invented patients; one in twenty has no place by which anybody is found."""
    for n in range(count):
        born = date(1940, 1, 1) + timedelta(days=n // 900)
        number = make_id("370304", born, n % 900 + 1)
        place = "外地" if n % 20 == 0 else f"域城镇黄家峪村{n}号"
        yield [n + 1, f"王福{n}", number, f"139{n:08}", place, "区第一医院", "2026-03-01", 25_000]


def workbook(count: int) -> bytes:
    """Return a list of so many people."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("名单")
        for column, head in enumerate(HEADS):
            sheet.write_string(0, column, head)
        for place, row in enumerate(rows_of(count), 1):
            for column, cell in enumerate(row):
                (sheet.write_number if isinstance(cell, int) else sheet.write_string)(place, column, cell)
    return made.getvalue()


def megabytes(who: int) -> int:
    """Return the most memory that we, or a child of ours, ever had."""
    return resource.getrusage(who).ru_maxrss // 1024


def ours(data: bytes, count: int) -> None:
    """Let a list be handed in, read, checked, matched and written down by the engine itself, and have it back."""
    with TemporaryDirectory() as folder:
        town = Town(Path(folder), compiled())
        before = megabytes(resource.RUSAGE_SELF)
        key, _ = hand_in_list(town.deployment, town.actor("doctor"), FEED, "", "a.xlsx", data, town.at)
        began, busy = time.perf_counter(), time.process_time()
        town.work_until()
        took, busy = time.perf_counter() - began, time.process_time() - busy
        delivery = town.first(Delivery, id=key)
        own, child = megabytes(resource.RUSAGE_SELF), megabytes(resource.RUSAGE_CHILDREN)
        print(f"  read, checked, matched, kept: {count:,} rows in {took:.1f} s, {busy:.1f} s of a core")
        print(f"  {delivery.status} {dict(delivery.counts)}; {own} MB here ({before} before), {child} MB in the child")
        began = time.perf_counter()
        _, made = with_problems(town.deployment, town.actor("doctor"), key)
        print(f"  the workbook back with its column: {time.perf_counter() - began:.1f} s, {len(made) // 1024:,} KB")
        town.database.close()


def theirs(count: int) -> None:
    """Read with openpyxl, check with jsonschema, and look each number up by a SELECT."""
    data = workbook(count)
    began = time.perf_counter()
    form = compiled().forms[compiled().feeds[FEED].row_form]
    check = jsonschema.Draft202012Validator(json.loads(json.dumps(dict(form.schema), default=dict)))
    known = sqlite3.connect(":memory:")
    known.execute("CREATE TABLE person (id INTEGER PRIMARY KEY, number TEXT UNIQUE)")
    names = ("name", "id_number", "phone", "address", "hospital", "discharged_on", "amount")
    for row in openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets[0].iter_rows(2, values_only=True):
        answers = dict(zip(names, row[1:], strict=True))
        list(check.iter_errors(answers))
        known.execute("SELECT id FROM person WHERE number = ?", (answers["id_number"],)).fetchone()
    took = (time.perf_counter() - began) * PART
    print(
        f"  openpyxl + jsonschema + a SELECT for each row: {took:.1f} s for {count * PART:,} rows, by {count:,} of them"
    )


def lists(count: int) -> None:
    """Print both, for a list of so many people."""
    data = workbook(count)
    print(f"a list of a department, {count:,} rows of {len(HEADS)} columns, {len(data) // 1024:,} KB")
    ours(data, count)
    theirs(count // PART)


if __name__ == "__main__":
    lists(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
