"""Seeds: an installation in which a county's invented month was played by real acts, for more to be grown from."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

from xunfang.access_rules import AccessRules
from xunfang.actions.deployment import Deployment, Rulebooks
from xunfang.actions.duties import begin_duties
from xunfang.actions.papers import NoticeOrder
from xunfang.actions.publishing import publish
from xunfang.clock import parse
from xunfang.demo.month import load_demo
from xunfang.demo.played import PlayedWorker
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook
from xunfang.store import (
    Database,
    FileKeys,
    FileStore,
    Keys,
    Release,
    connection,
    move_database,
    open_database,
    upgrade,
)

ROOT = Path(__file__).parents[2]
COUNTY = "370304-boshan"
SEED = "seed.db"
NOW = parse("2026-11-25T10:30:00")
"""A workday to which the month leads up."""


def pressed(order: NoticeOrder) -> SimpleNamespace:
    """Return a sheet at once: what papers look like is not what is measured."""
    return SimpleNamespace(pdf=b"%PDF-1.7 a sheet", pages=1)


@dataclass(frozen=True, slots=True)
class Seed:
    """An installation in a folder."""

    deployment: Deployment
    rulebook: Rulebook

    @property
    def database(self) -> Database:
        """Return its database."""
        return self.deployment.database

    @property
    def release(self) -> str:
        """Return the key of the release in force."""
        with connection(self.database) as reader:
            found = reader.first(Release, jurisdiction=self.rulebook.id, current=True)
        assert found is not None
        return found.id


def keys_in(folder: Path) -> Keys:
    """Return the keys of an installation in a folder, made where there are none."""
    provider = FileKeys(folder / "keys" / "data.key")
    provider.create()
    return Keys(provider)


def opened(folder: Path, url: str, files: Mapping[str, str], county: str = COUNTY) -> Seed:
    """Return the installation of a folder with its database at an address, which is brought up to date."""
    keys = keys_in(folder)
    database = open_database(url)
    upgrade(database, keys, NOW)
    rulebook = compile_rulebook(dict(files), county)
    books = Rulebooks(database, {rulebook.id: rulebook})
    access = AccessRules(reports_hourly=0)
    return Seed(Deployment(database, keys, FileStore(folder / "files", keys), books, access=access), rulebook)


def played(folder: Path, county: str = COUNTY) -> Seed:
    """Return an installation on a new SQLite file in which the county's month was played."""
    files = read_files(ROOT)
    seed = opened(folder, f"sqlite:///{folder / SEED}", files, county)
    publish(seed.deployment, files, NOW)
    load_demo(seed.deployment, files, county, NOW, pressed)
    begin_duties(seed.deployment, NOW)
    PlayedWorker(seed.deployment, pressed, NOW).work_until(NOW)
    return seed


def moved(seed: Seed, folder: Path, url: str) -> Seed:
    """Return the same installation with its database moved to another address."""
    target = open_database(url)
    move_database(seed.database, target, seed.deployment.keys, NOW)
    target.close()
    return opened(folder, url, read_files(ROOT), seed.rulebook.id)
