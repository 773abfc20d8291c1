"""Counties: as many jurisdictions as wanted, each a folder of rules like that of an existing county, with its own code.

They inherit from nation and province as that one does; only its folder is written again, under another code.
"""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

from scale.seeds import COUNTY, ROOT

CODE, _, NAME = COUNTY.partition("-")
_PARTS = ("forms", "workflows", "templates")
_LEFT_OUT = ("scenarios", "demo.toml")
"""What tries the rules out and what is played: no part of the rules."""


def county_ids(many: int) -> list[str]:
    """Return the ids of so many counties of the same province, in cities that no folder is of."""
    taken = {path.name[:4] for path in (ROOT / "workflows").iterdir()}
    codes = (f"{CODE[:2]}{n:04}" for n in range(2001, 9999))
    free = (code for code in codes if code[:4] not in taken)
    return [f"{code}-{NAME}{n}" for n, code in zip(range(1, many + 1), free, strict=False)]


def write_counties(folder: Path, many: int) -> list[str]:
    """Write the rules of so many counties, and of what they inherit from, into a folder; returns their ids."""
    ids = county_ids(many)
    for part in _PARTS:
        (folder / part).mkdir(parents=True, exist_ok=True)
        for layer in (ROOT / part).iterdir():
            code = layer.name.partition("-")[0]
            if code == "00" or (code != CODE and CODE.startswith(code)):
                copytree(layer, folder / part / layer.name)
        for county in ids:
            for path in _own_files(ROOT / part / COUNTY):
                there = folder / part / county / path.relative_to(ROOT / part / COUNTY)
                there.parent.mkdir(parents=True, exist_ok=True)
                there.write_text(path.read_text("utf-8").replace(CODE, county.partition("-")[0]), "utf-8")
    return ids


def _own_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_file() and not any(part in _LEFT_OUT for part in path.relative_to(folder).parts):
            yield path
