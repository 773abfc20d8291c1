"""An installation of its own for one scenario: database, keys and files in a folder, with nobody in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from xunfang.actions.deployment import Actor, Deployment, Rulebooks
from xunfang.actions.publishing import publish
from xunfang.division import Level
from xunfang.rulebook.acts import ACTS
from xunfang.rulebook.model import Rulebook
from xunfang.store import FileKeys, FileStore, Keys, open_database, upgrade


def founded(rulebook: Rulebook, folder: Path, at: datetime) -> Deployment:
    """Return an installation in an empty folder, on which rules have just been published."""
    provider = FileKeys(folder / "data.key")
    provider.create()
    keys = Keys(provider)
    database = open_database(f"sqlite:///{folder / 'scenario.db'}")
    upgrade(database, keys, at)
    books = Rulebooks(database, {rulebook.id: rulebook})
    deployment = Deployment(database, keys, FileStore(folder / "files", keys), books)
    publish(deployment, {}, at)
    return deployment


@contextmanager
def installation(rulebook: Rulebook, at: datetime) -> Iterator[Deployment]:
    """Give an installation that is gone afterwards."""
    with TemporaryDirectory(prefix="xunfang-") as folder:
        deployment = founded(rulebook, Path(folder), at)
        try:
            yield deployment
        finally:
            deployment.database.close()


def a_home(rulebook: Rulebook, within: str = "") -> str:
    """Return a village within a division, or of the county, or what it has instead."""
    levels = (rulebook.divisions.of_level(level, rulebook.code) for level in (Level.VILLAGE, Level.TOWNSHIP))
    places = (each.code for found in levels for each in found if each.code.startswith(within))
    return next(places, within or rulebook.code)


def somebody_of(rulebook: Rulebook, unit: str) -> Actor:
    """Return somebody in a unit who may do whatever anybody may."""
    return Actor(f"account-{unit}", "情景", rulebook.id, unit, rulebook.code, (), ACTS)


def never_printing(order: object) -> Any:
    """Stand for the printer where nothing can come to be printed."""
    raise AssertionError("nothing is printed of what a scenario looks at")
