"""Measures a list of a department: read, checked and matched, and its workbook back with a column of problems.

python tests/bench/lists.py [rows]   (100,000 where nothing is said; 1000000 is the largest)

The workbook is as Excel saves it, with the texts that cells share. Beside it, on some thousand rows and told for all of
them: openpyxl, jsonschema and one SELECT per row. Memory is told of processes that do nothing else.
"""

import io
import json
import re
import resource
import sqlite3
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import jsonschema
import openpyxl

from actions.town import Town, compiled
from sheets.books import HEADS, listed, unzipped
from xunfang.actions.feeds import hand_in_list
from xunfang.actions.list_workbooks import with_problems
from xunfang.casework import Delivery
from xunfang.confinement import Confined
from xunfang.identity import make_id
from xunfang.sheets.added import letters

FEED = "insured-inpatient-bills"
OTHERS = 10_000
"""The others are measured on at most so many rows."""
SHEET, SHARED = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def rows_of(count: int) -> Iterator[list[Any]]:
    """Yield rows of invented patients; one in twenty has no place by which anybody is found."""
    for n in range(count):
        born = date(1940, 1, 1) + timedelta(days=n // 900)
        number = make_id("370304", born, n % 900 + 1)
        place = "外地" if n % 20 == 0 else f"域城镇黄家峪村{n}号"
        yield [n + 1, f"王福{n}", number, f"139{n:08}", place, "区第一医院", "2026-03-01", 25_000]


def workbook(count: int) -> bytes:
    """Return a list of so many people as Excel saves it: each text stands once, in the order in which cells name it."""
    made, texts, rest = io.BytesIO(), dict[str, int](), unzipped(listed())
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
        for name in rest.keys() - {SHEET, SHARED}:
            packed.writestr(name, rest[name])
        with packed.open(SHEET, "w") as stream:
            stream.write(f'<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            for place, row in enumerate(_with_heads(count), 1):
                stream.write(_row(place, row, texts))
            stream.write(b"</sheetData></worksheet>")
        with packed.open(SHARED, "w") as stream:
            stream.write(f'<sst xmlns="{MAIN}" uniqueCount="{len(texts)}">'.encode())
            for text in texts:
                stream.write(f"<si><t>{text}</t></si>".encode())
            stream.write(b"</sst>")
    return made.getvalue()


def _with_heads(count: int) -> Iterator[Any]:
    yield HEADS
    yield from rows_of(count)


def _row(place: int, row: Any, texts: dict[str, int]) -> bytes:
    cells = []
    for column, cell in enumerate(row):
        name = f"{letters(column)}{place}"
        if isinstance(cell, int):
            cells.append(f'<c r="{name}"><v>{cell}</v></c>')
        else:
            cells.append(f'<c r="{name}" t="s"><v>{texts.setdefault(cell, len(texts))}</v></c>')
    return f'<row r="{place}" spans="1:8">{"".join(cells)}</row>'.encode()


def ours(path: str, count: int) -> None:
    """Let a list be handed in, read, checked, matched and written down by the engine itself, and have it back."""
    with TemporaryDirectory() as folder, patch.object(Confined, "kill", _noting(Confined.kill)):
        town = Town(Path(folder), compiled())
        key, _ = hand_in_list(
            town.deployment, town.actor("doctor"), FEED, "", "a.xlsx", Path(path).read_bytes(), town.at
        )
        _say(f"read, checked, matched, kept: {count:,} rows", town.work_until)
        delivery = town.first(Delivery, id=key)
        kept = sum(each.stat().st_size for each in Path(folder).glob("town.db*"))
        print(f"    {delivery.status} {dict(delivery.counts)}; {kept // 1_000_000:,} MB of database")
        _say("the workbook back with its column", lambda: with_problems(town.deployment, town.actor("doctor"), key))
        town.database.close()


def _say(what: str, work: Callable[[], Any]) -> None:
    """Do something and print what it took here and in the child, and the memory of both at their highest."""
    began, own, theirs = time.perf_counter(), time.process_time(), _seconds_of_children()
    _highest.clear()
    work()
    took, own, theirs = time.perf_counter() - began, time.process_time() - own, _seconds_of_children() - theirs
    here, child = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, max(_highest, default=0)
    print(f"  {what}: {took:.1f} s; processor {own:.1f} s here, {theirs:.1f} s in the child")
    print(f"    at most {here} MB here, {child} MB in the child")


_highest: list[int] = []
"""How many MB each child held at most; what the kernel adds up of children counts their parent before they began."""


def _noting(kill: Callable[[Confined], None]) -> Callable[[Confined], None]:
    def noted(child: Confined) -> None:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{child._process.pid}/status").read_text())
        _highest.append(int(found[1]) // 1024 if found else 0)
        kill(child)

    return noted


def _seconds_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def theirs(path: str, count: int) -> None:
    """Read with openpyxl, check with jsonschema, and look each number up by a SELECT."""
    few = min(count, OTHERS)
    form = compiled().forms[compiled().feeds[FEED].row_form]
    check = jsonschema.Draft202012Validator(json.loads(json.dumps(dict(form.schema), default=dict)))
    known = sqlite3.connect(":memory:")
    known.execute("CREATE TABLE person (id INTEGER PRIMARY KEY, number TEXT UNIQUE)")
    names = ("name", "id_number", "phone", "address", "hospital", "discharged_on", "amount")
    data = workbook(few)
    began = time.process_time()
    for row in openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets[0].iter_rows(2, values_only=True):
        answers = dict(zip(names, row[1:], strict=True))
        list(check.iter_errors(answers))
        known.execute("SELECT id FROM person WHERE number = ?", (answers["id_number"],)).fetchone()
    took = (time.process_time() - began) * count / few
    print(f"  openpyxl + jsonschema + a SELECT for each row: {took:.1f} s of a core for {count:,} rows (by {few:,})")


def write(path: str, count: int) -> None:
    """Write a list of so many people to a file."""
    size = Path(path).write_bytes(workbook(count))
    print(f"a list of a department, {count:,} rows of {len(HEADS)} columns, {size // 1024:,} KB")


def lists(count: int) -> None:
    """Print both, for a list of so many people; each in a process of its own, whose memory is nobody else's."""
    with TemporaryDirectory() as folder:
        for work in (write, ours, theirs):
            alone = get_context("spawn").Process(target=work, args=(f"{folder}/list.xlsx", count))
            alone.start()
            alone.join()
            assert alone.exitcode == 0


if __name__ == "__main__":
    lists(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
