"""Sites: installations in which a county grows, kept in a folder where wanted and taken from there the next time."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copytree

import databases
from databases import kept_in, kept_on
from postgres import FOR_A_LARGE_COUNTY, lasting_server
from scale.casting import ready
from scale.growing import ground, grow
from scale.loading import loading
from scale.moulds import CaseMould, moulds
from scale.seeds import COUNTY, NOW, ROOT, SEED, Seed, moved, opened, played
from xunfang.actions.deployment import Deployment, Rulebooks
from xunfang.actions.publishing import publish
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook
from xunfang.settings import Settings, read_settings
from xunfang.starting import Store
from xunfang.store import connection, open_database

_DATABASE, _SETTINGS = "grown.db", "config.toml"


@dataclass(frozen=True, slots=True)
class Site:
    """An installation with its settings, in which a county grows."""

    seed: Seed
    settings: Settings
    folder: Path

    @property
    def deployment(self) -> Deployment:
        return self.seed.deployment

    @property
    def store(self) -> Store:
        return Store(self.deployment.database, self.deployment.keys, self.deployment.files)

    @property
    def cases(self) -> int:
        """Return how many cases the county has."""
        with connection(self.seed.database, COUNTY):
            return int(self.seed.database.run('SELECT COUNT(*) FROM "case"').fetchone()[0])

    @property
    def moulds(self) -> list[CaseMould]:
        """Return what cases are cast from: those of the month that was played, and of them alone."""
        first = open_database(f"sqlite:///{self.folder / SEED}")
        try:
            return moulds(first, self.deployment.keys, COUNTY)
        finally:
            first.close()

    @property
    def light(self) -> list[CaseMould]:
        """Return moulds of cases with at most three tasks, of which some are open."""
        return [mould for mould in self.moulds if mould.tasks <= 3 and mould.open_tasks]

    def grow(self, cast_from: list[CaseMould], cases: int) -> None:
        """Let the county have so many cases more, and print what came of it."""
        database, release = self.seed.database, self.seed.release
        made_of, begun = ready(database, cast_from), time.perf_counter()
        with loading(database):
            more = grow(database, self.deployment.keys, ground(database, COUNTY, release), made_of, cases)
        indexed = time.perf_counter() - begun - more.seconds
        told = f"{more.cases:,} cases with {more.open_tasks:,} open tasks more in {more.seconds:.0f} s"
        print(f"  {told}, their indexes in {indexed:.0f} s", flush=True)

    def by(self, rulebook: Rulebook) -> Deployment:
        """Return the deployment as it is when these rules are in force."""
        return replace(self.deployment, rulebooks=Rulebooks(self.seed.database, {COUNTY: rulebook}))


@contextmanager
def site_on(kind: str, kept: Path | None = None) -> Iterator[Site]:
    """Open the site in a folder, made with a month that was played where there is none, for the length of the block.

    Without a folder it is made anew and goes with the block. On a server it has one of its own, for a large county.
    """
    with ExitStack() as held:
        folder = kept or Path(held.enter_context(tempfile.TemporaryDirectory()))
        held.enter_context(_databases(folder, kind))
        site = _kept(folder) if (folder / _SETTINGS).exists() else _made(folder)
        held.callback(site.seed.database.close)
        yield site


@contextmanager
def _databases(folder: Path, kind: str) -> Iterator[None]:
    if kind == "sqlite":
        with kept_in(kind):
            yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    with lasting_server(folder / "pg", *FOR_A_LARGE_COUNTY, "autovacuum=on") as large, kept_on(large):
        yield


def _kept(folder: Path) -> Site:
    files = read_files(ROOT)
    seed = opened(folder, databases.address(folder, _DATABASE), files)
    publish(seed.deployment, files, NOW)  # what is in force may have been written since
    return Site(seed, read_settings(folder / _SETTINGS), folder)


def _made(folder: Path) -> Site:
    folder.mkdir(parents=True, exist_ok=True)
    first = played(folder)
    seed = moved(first, folder, databases.address(folder, _DATABASE))
    first.database.close()
    for part in ("forms", "workflows", "templates"):
        copytree(ROOT / part, folder / part)
    return Site(seed, settings_in(folder, COUNTY, seed.database.url, "keys"), folder)


def settings_in(folder: Path, county: str, url: str, keys: str) -> Settings:
    """Write the settings of an installation that serves one county, and return them."""
    (folder / _SETTINGS).write_text(
        f'serves = ["{county}"]\n[database]\nurl = "{url}"\n[files]\npath = "files"\n'
        f'[keys]\ndata = "file:{keys}/data.key"\n[access]\nreports_hourly = 0\n',
        "utf-8",
    )
    return read_settings(folder / _SETTINGS)
