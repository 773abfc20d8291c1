"""The first county's divisions with a change on a day: merged, a village handed on, split, renamed."""

import csv
import io
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

TABLE = "workflows/370304-boshan/divisions.csv"
ONE, OTHER, NEW = "370304102", "370304103", "370304120"
DAY = date(2026, 4, 1)
HEAD = "code,name,level,from,until,successor,default"


class Line(NamedTuple):
    """One line of the table."""

    code: str
    name: str
    level: str
    since: str = ""
    until: str = ""
    successor: str = ""
    default: str = ""


Change = Callable[[list[Line], str, str], list[Line]]


def changed(files: Mapping[str, str], change: Change, day: date = DAY) -> dict[str, str]:
    """Return the files with the county's divisions changed from a day on."""
    rows = [Line(*row) for row in list(csv.reader(io.StringIO(files[TABLE])))[1:]]
    lines = change(rows, day.isoformat(), (day - timedelta(days=1)).isoformat())
    return {**files, TABLE: "\n".join([HEAD, *(",".join(line) for line in lines)]) + "\n"}


def after(code: str) -> str:
    """Return the code that a village of either township has when both are one."""
    shift = 500 if code.startswith(OTHER) else 0
    return f"{NEW}{int(code[9:]) + shift:03d}"


def merging(rows: list[Line], day: str, last: str) -> list[Line]:
    """Merge 域城镇 and 白塔镇 into 域塔镇, every village with a new code and its old name."""
    found = [Line(NEW, "域塔镇", "township", day)]
    for row in rows:
        if row.code.startswith((ONE, OTHER)):
            heir = NEW if row.level == "township" else after(row.code)
            found.append(row._replace(until=last, successor=heir))
            if row.level == "village":
                found.append(Line(heir, row.name, "village", day))
        else:
            found.append(row)
    return found


def handing_on(rows: list[Line], day: str, last: str) -> list[Line]:
    """Hand the first village of 域城镇 on to 白塔镇; both townships go on."""
    village = "370304102200"
    heir = f"{OTHER}900"
    found = [row._replace(until=last, successor=heir) if row.code == village else row for row in rows]
    name = next(row.name for row in rows if row.code == village)
    return [*found, Line(heir, name, "village", day)]


def splitting(rows: list[Line], day: str, last: str) -> list[Line]:
    """Split 域城镇 in two, by the number of the village; what is decided by none goes to the second."""
    halves = (f"{ONE[:6]}121", f"{ONE[:6]}122")
    found = [Line(halves[0], "东域镇", "township", day), Line(halves[1], "西域镇", "township", day)]
    for row in rows:
        if row.code == ONE:
            found.append(row._replace(until=last, successor=" ".join(halves), default=halves[1]))
        elif row.code.startswith(ONE):
            heir = f"{halves[int(row.code[9:]) % 2]}{row.code[9:]}"
            found += [row._replace(until=last, successor=heir), Line(heir, row.name, "village", day)]
        else:
            found.append(row)
    return found


def renaming(rows: list[Line], day: str, last: str) -> list[Line]:
    """Call 域城镇 域城街道, with the code it has."""
    found = [row._replace(until=last) if row.code == ONE else row for row in rows]
    return [*found, Line(ONE, "域城街道", "township", day)]
