"""A filled town with settings and rules of its own beside it, on either kind of database, and what is done with it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from actions.town import JURISDICTION, Town, compiled, other_id
from databases import KINDS, kept_in
from xunfang.actions.reading import attach
from xunfang.backup import Made, Restored, make_backup, restore
from xunfang.backup.restoring import Wanted
from xunfang.clock import parse
from xunfang.settings import Settings, read_settings
from xunfang.starting import read_store
from xunfang.store import Keys, key_provider
from xunfang.store.passphrase import Passphrase

ROOT = Path(__file__).parents[2]
AT = parse("2026-03-10T20:00")
SECRET = b"a long passphrase of a test"
PHOTO = b"a photo, as bytes"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let scrypt cost little: what it costs in earnest is asked in tests/store/test_passphrase.py."""
    monkeypatch.setattr(Passphrase, "new", classmethod(lambda cls, secret: cls(secret, b"0123456789abcdef", 1 << 4)))


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Iterator[str]:
    with kept_in(request.param) as kind:
        yield kind


@pytest.fixture(scope="session")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of one county and the layers above it."""
    folder = tmp_path_factory.mktemp("rules")
    for kind in ("forms", "workflows", "templates"):
        for layer in ("00-national", "37-shandong", JURISDICTION):
            if (ROOT / kind / layer).is_dir():
                shutil.copytree(ROOT / kind / layer, folder / kind / layer)
    return folder


@dataclass
class Deployed:
    """A town, its settings, and the shelf its backups lie on."""

    town: Town
    settings: Settings
    shelf: Path

    def backup(self, at: datetime = AT, secret: bytes | None = None, keep: int | None = None) -> Made:
        store = read_store(self.settings)
        try:
            return make_backup(self.settings, store, self.shelf, at, secret, keep)
        finally:
            store.database.close()

    def keys(self) -> Keys:
        return Keys(key_provider(self.settings.keys))

    def restore(self, backup: Path, into: Path, secret: bytes | None = None, to: str = "") -> Restored:
        return restore(backup, Wanted(into, to), AT, self.keys(), secret)

    def stored(self) -> list[Path]:
        """Every file in the file store."""
        return sorted(self.settings.files.glob("??/*"))


@pytest.fixture
def deployed(tmp_path: Path, rules: Path, kind: str) -> Iterator[Deployed]:
    root = tmp_path / "here"
    root.mkdir()
    town = Town(root, compiled())
    for each in rules.iterdir():
        shutil.copytree(each, root / each.name)
    (root / "config.toml").write_text(
        f'serves = ["{JURISDICTION}"]\n\n[database]\nurl = "{town.database.url}"\n\n[files]\npath = "files"\n'
        '[keys]\ndata = "file:keys/data.key"\n\n[web]\nhttps = false\n',
        "utf-8",
    )
    fill(town)
    yield Deployed(town, read_settings(root / "config.toml"), tmp_path / "shelf")
    town.database.close()


def fill(town: Town) -> None:
    """Let people report, with a photo, and papers be signed and printed."""
    attach(town.deployment, town.actor("village"), "a.jpg", "image/jpeg", PHOTO, town.at)
    for serial in range(3):
        town.dispatched(id_number=other_id(serial))
    town.sign()
