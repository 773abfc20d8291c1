"""What arrives was written by others: whatever it names, nothing is written but what belongs where it lies."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import xunfang.backup.arriving as arriving
import xunfang.backup.arriving_rules as arriving_rules
import xunfang.backup.leaving as leaving
import xunfang.backup.manifest as manifest
from actions.town import JURISDICTION
from backup.conftest import AT, Deployed
from backup.test_leaving import arrive, leave
from cli.fresh import COUNTY, laid_out, settings_in
from xunfang.app import open_deployment
from xunfang.backup import BackupBroken, BackupRefused, restore
from xunfang.backup.restoring import Wanted
from xunfang.settings import Settings
from xunfang.starting import open_store
from xunfang.store import SCHEMA_VERSION, connection
from xunfang.store.passage import on_the_way


@pytest.fixture
def kind() -> str:
    """Which database it is makes no difference here."""
    return "sqlite"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Settings:
    settings = settings_in(laid_out(tmp_path / "elsewhere"))
    open_deployment(settings).database.close()
    return settings


def with_more(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Let an export hold more files than it should, as somebody with the passphrase can write one."""
    whole = leaving.put_rules
    monkeypatch.setattr(
        leaving,
        "put_rules",
        lambda box, *rest: {**whole(box, *rest), **{name: box.put(name, [b"not yours"]) for name in names}},
    )


def kept_in(folder: Path) -> dict[str, bytes]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path): path.read_bytes() for path in found if ".db" not in path.name}


@pytest.mark.parametrize(
    "name",
    [
        "settings/var/keys/data.key", "settings/var/fonts/new/a.ttf", "settings/deploy/new/a", "settings/config.toml",
        "settings/forms", "settings/forms/readme", "elsewhere/a", "notes",
        "settings/forms/99-others/f.json", f"settings/forms/{COUNTY}/more.json",
    ],
)  # fmt: skip
def test_an_export_writes_nothing_but_layers_of_its_own(
    deployed: Deployed, elsewhere: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with_more(monkeypatch, name)
    monkeypatch.setattr(manifest, "_refuse_strange", lambda *_: None)
    leave(deployed, tmp_path / "leaving")
    monkeypatch.undo()
    before = kept_in(elsewhere.root)
    with pytest.raises(BackupBroken, match=r"不是寻访写成的|不属于"):
        arrive(elsewhere, tmp_path / "leaving")
    assert kept_in(elsewhere.root) == before


@pytest.mark.parametrize("name", ["settings/forms/new/../../var/x", "files/../../../x", "settings//forms/a", "/etc/x"])
def test_no_name_climbs_out(deployed: Deployed, tmp_path: Path, name: str) -> None:
    """Without the keys nobody can prove who wrote a manifest."""
    made = deployed.backup()
    told = json.loads((made.folder / manifest.MANIFEST).read_text("utf-8"))
    told["files"][name] = told["files"]["settings/config.toml"]
    (made.folder / manifest.MANIFEST).write_text(json.dumps(told), "utf-8")
    with pytest.raises(BackupBroken, match="不该有"):
        restore(made.folder, Wanted(tmp_path / "again"), AT, None)
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize(
    "told", [{"head": "1|2"}, {"installation": None}, {"jurisdiction": ""}, {"jurisdiction": "99-x/../y"}]
)
def test_an_origin_that_no_export_writes_is_refused_before_it_is_noted(
    deployed: Deployed, elsewhere: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: dict[str, Any]
) -> None:
    whole = leaving._told
    monkeypatch.setattr(leaving, "_told", lambda origin: whole(replace(origin, **told)))
    leave(deployed, tmp_path / "leaving")
    with pytest.raises(BackupBroken, match=r"origin\.json"):
        arrive(elsewhere, tmp_path / "leaving")
    store = open_store(elsewhere, AT)
    with connection(store.database) as reader:
        assert on_the_way(reader) == {}
    store.database.close()


@pytest.mark.parametrize(("ahead", "whose"), [(1, "原来的安装"), (-1, "这个安装")])
def test_whose_program_is_the_older_is_told(
    deployed: Deployed, elsewhere: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ahead: int, whose: str
) -> None:
    """The words for a database in use, to start the service that brings it up to date, helped nobody here."""
    leave(deployed, tmp_path / "leaving")
    monkeypatch.setattr(arriving, "SCHEMA_VERSION", SCHEMA_VERSION + ahead)
    with pytest.raises(BackupRefused, match=f"请先升级{whose}"):
        arrive(elsewhere, tmp_path / "leaving")


def test_one_jurisdiction_is_no_backup_of_all(deployed: Deployed, tmp_path: Path) -> None:
    leave(deployed, tmp_path / "leaving")
    with pytest.raises(BackupRefused, match="import-jurisdiction"):
        deployed.restore(tmp_path / "leaving", tmp_path / "again", b"a long passphrase of a test")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def own_layers(settings: Settings) -> set[str]:
    return {path.relative_to(settings.root).as_posix() for path in settings.root.glob(f"*/{JURISDICTION}")}


def test_rules_that_may_not_be_written_are_laid_aside_and_all_else_is_done(
    deployed: Deployed, elsewhere: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it is installed the folders of rules are root's, and the command runs as the account of the service."""

    def shut(folder: Path, _: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(folder))

    leave(deployed, tmp_path / "leaving")
    monkeypatch.setattr(arriving_rules.Path, "rename", shut)
    arrived = arrive(elsewhere, tmp_path / "leaving")
    monkeypatch.undo()
    own = own_layers(deployed.settings)
    assert own <= {*arrived.rules.shut}
    assert own_layers(elsewhere) == set()
    for layer in own:
        assert contents(arrived.rules.aside / layer) == contents(deployed.settings.root / layer)
    assert not list(elsewhere.root.glob(".*.part"))
    store = open_store(elsewhere, AT)
    with connection(store.database) as reader:
        assert on_the_way(reader) == {}
    store.database.close()


def test_rules_that_those_of_others_would_stand_on_are_laid_aside(
    deployed: Deployed, elsewhere: Settings, tmp_path: Path
) -> None:
    code = JURISDICTION.partition("-")[0]
    neighbour, above = f"{code[:4]}99-linxian", f"{code[:3]}-shiji"
    (elsewhere.root / "forms" / neighbour).mkdir()
    (deployed.settings.root / "forms" / above).mkdir(exist_ok=True)
    (deployed.settings.root / "forms" / above / "shared.json").write_text("{}")
    leave(deployed, tmp_path / "leaving")
    arrived = arrive(elsewhere, tmp_path / "leaving")
    assert arrived.rules.bearing[f"forms/{above}"] == [neighbour]
    assert not {*arrived.rules.bearing} & own_layers(deployed.settings)
    assert (arrived.rules.aside / "forms" / above / "shared.json").read_text() == "{}"
    assert not (elsewhere.root / "forms" / above).exists()
    assert own_layers(elsewhere) == own_layers(deployed.settings)


def test_two_at_a_time_would_clear_away_each_other_s_halves(deployed: Deployed, tmp_path: Path) -> None:
    with leaving._working(deployed.settings, "leaving"), pytest.raises(BackupRefused, match="正在进行"):
        leave(deployed, tmp_path / "leaving")
    leave(deployed, tmp_path / "leaving")


@pytest.mark.parametrize("secret", [None, b"a long passphrase of a test"])
def test_a_name_that_is_no_utf_8_hinders_no_backup(deployed: Deployed, tmp_path: Path, secret: bytes | None) -> None:
    """Archives packed on Windows hold such names; the rules pass over them, and so every night's backup failed."""
    odd = deployed.settings.root / "forms" / "\udccb\udcb5.txt"
    odd.write_text("x")
    made = deployed.backup(secret=secret)
    deployed.restore(made.folder, tmp_path / "again", secret)
    assert (tmp_path / "again" / "forms" / odd.name).read_text() == "x"
