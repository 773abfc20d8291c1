"""The whole check of rules, in a new process and after an edit, beside JSON Schema holding the same files alone."""

import json
import statistics
import subprocess
import sys
import time
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from xunfang.checking import check
from xunfang.rulebook.compile import jurisdictions
from xunfang.rulebook.files import read_files
from xunfang.rulebook.kinds import KINDS

ROOT = Path(__file__).resolve().parents[2]
COUNTY = "370304-boshan"
DAY = date(2026, 9, 29)
TIMES = 3
_COMMAND = """
import resource, sys, time
import xunfang.cli.rules
from xunfang.cli import main
def spent():
    return sum(each for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN) for each in resource.getrusage(who)[:2])
begun, before = time.perf_counter(), spent()
status = main(["--config", sys.argv[1], "check"])
print(time.perf_counter() - begun, spent() - before, before)
sys.exit(status)
"""


def checks() -> None:
    """Print how long a check takes: all of it by the clock on the wall, as it uses two cores.

    The rest is the time of one core. The best of several new processes, as the rules are given; after an edit the
    median of the files of one county and of those it inherits, a line added to one after the other, and the slowest.
    """
    files = read_files(ROOT)
    waited, alone, start = min(_in_a_new_process() for _ in range(TIMES))
    other = min(_schemas_alone(files) for _ in range(TIMES))
    edits = sorted(_after_edits(files))
    layers = len(jurisdictions(files))
    print(f"check of all {layers} layers, in a new process {waited * 1000:>10,.0f} ms on the wall")
    print(f"  what it takes of one core, of two       {alone * 1000:>10,.0f} ms")
    print(f"  and the start of the process before it  {start * 1000:>10,.0f} ms")
    print(f"  jsonschema 4 on the same files alone    {other * 1000:>10,.0f} ms   ratio {other / alone:.1f}")
    print(f"check of one county after an edit         {statistics.median(edits) * 1000:>10,.0f} ms")
    print(f"  19 of 20 of {len(edits):>4} edits within            {edits[len(edits) * 19 // 20] * 1000:>10,.0f} ms")
    print(f"  the slowest of them                     {edits[-1] * 1000:>10,.0f} ms")


def _in_a_new_process() -> tuple[float, float, float]:
    command = [sys.executable, "-c", _COMMAND, str(ROOT / "config.toml")]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1]
    waited, alone, start = map(float, said.split())
    return waited, alone, start


def _schemas_alone(files: dict[str, str]) -> float:
    """Parse each file and hold it against its schema of docs/schemas: no layers, names, lints, scenarios or papers."""
    begun = time.process_time()
    told = {kind.part: _validator(kind.part) for kind in KINDS.values()} | {"scenario": _validator("scenario")}
    for path, text in files.items():
        if (kind := _kind_of(path)) in told:
            told[kind].is_valid(_plain(tomllib.loads(text) if path.endswith(".toml") else json.loads(text)))
    return time.process_time() - begun


def _validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((ROOT / "docs" / "schemas" / f"{kind}.json").read_text("utf-8")))


def _kind_of(path: str) -> str:
    folder, _, *rest = path.split("/")
    if folder == "forms":
        return "form"
    inside = {"flows": "flow", "scenarios": "scenario", "calendars": "calendar"}
    return inside.get(rest[0], rest[0].removesuffix(".toml")) if folder == "workflows" else ""


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _after_edits(files: dict[str, str]) -> list[float]:
    before = check(files, COUNTY, DAY)
    chain = jurisdictions(files)[COUNTY]
    spent = []
    for path in (path for path in files if path.split("/")[1] in chain and not path.endswith(".csv")):
        begun = time.process_time()
        before.edited(path, files[path] + "\n")
        spent.append(time.process_time() - begun)
    return spent


if __name__ == "__main__":
    checks()
