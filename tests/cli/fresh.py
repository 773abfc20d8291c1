"""A small deployment in a folder of its own, for what happens before the first request."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from xunfang.actions.deployment import Deployment
from xunfang.app import open_deployment
from xunfang.settings import Settings, read_settings

ROOT = Path(__file__).parents[2]
COUNTY = "9999-hebian"
OTHER = "8888-heshang"


def settings_in(folder: Path) -> Settings:
    return read_settings(folder / "config.toml")


def laid_out(folder: Path, serves: Sequence[str] = (COUNTY,)) -> Path:
    """Put the road menders' rules and settings into a folder; each further jurisdiction is a copy of them."""
    for kind in ("forms", "workflows", "templates"):
        shutil.copytree(ROOT / "tests" / "fixtures" / "potholes" / kind, folder / kind)
        for name in serves:
            if name != COUNTY and (folder / kind / COUNTY).is_dir():
                shutil.copytree(folder / kind / COUNTY, folder / kind / name)
                for path in (folder / kind / name).rglob("*.*"):
                    own, theirs = (each.split("-")[0] for each in (COUNTY, name))
                    path.write_text(path.read_text("utf-8").replace(own, theirs), "utf-8")
    listed = ", ".join(f'"{name}"' for name in serves)
    (folder / "config.toml").write_text(f"serves = [{listed}]\n", "utf-8")
    return folder


def filled(folder: Path) -> Deployment:
    """Open a deployment for serving and keep a file in it."""
    return open_deployment(settings_in(folder))


def everything_in(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its content; an empty log of a database counts as none."""
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {name: content for name, content in found.items() if not (name.endswith(("-wal", "-shm")) and not content)}
