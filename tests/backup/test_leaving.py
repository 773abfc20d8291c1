"""A county leaves for another installation, of the other kind of database too: all of it, compared, and it works on."""

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import databases
from actions.town import JURISDICTION, other_id, report
from backup.conftest import AT, PHOTO, SECRET, Deployed
from cli.fresh import COUNTY, laid_out, settings_in
from databases import KINDS, kept_in, stored_values
from dying import in_child
from xunfang.actions.factors import begin_binding, confirm_binding
from xunfang.actions.passwords import hashed
from xunfang.actions.submitting import submit
from xunfang.app import open_deployment
from xunfang.backup import BackupBroken, BackupRefused
from xunfang.backup.arriving import Arrived, import_jurisdiction, remove_jurisdiction
from xunfang.backup.leaving import export_jurisdiction
from xunfang.doctor import examine
from xunfang.errors import RulebookError
from xunfang.settings import Settings, read_settings
from xunfang.starting import Store, open_store, read_store
from xunfang.store import (
    Account,
    Attachment,
    Case,
    Event,
    Factor,
    Message,
    Mismatch,
    Notice,
    NumberSeries,
    Person,
    Release,
    Session,
    Submission,
    connection,
    transaction,
    verify_chain,
)
from xunfang.store.dialects.walls import PARENTS
from xunfang.store.onetime import code_at, step_of
from xunfang.store.passage import on_the_way
from xunfang.store.passphrase import PassphraseWrong
from xunfang.store.rows import all_tables
from xunfang.store.schema import STEP_TABLE, VERSION_TABLE
from xunfang.store.transplanting import STAYING, holds


@pytest.fixture(params=KINDS)
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Another installation, which serves a county of its own where somebody has a login that is known here too."""
    folder = laid_out(tmp_path / "elsewhere", (COUNTY,))
    with kept_in(request.param):
        url = databases.address(folder, "other.db")
        with (folder / "config.toml").open("a") as config:
            config.write(f'\n[database]\nurl = "{url}"\n')
        settings = settings_in(folder)
        deployment = open_deployment(settings)
        with transaction(deployment.database, COUNTY) as tx:
            told = {"name": "别人", "jurisdiction": COUNTY, "unit": "u", "roles": ("r",), "created_at": AT}
            tx.insert(Account(id="theirs", login="leader", password_hash="", **told))
        deployment.database.close()
        yield settings


def leave(deployed: Deployed, folder: Path) -> None:
    store = read_store(deployed.settings)
    try:
        export_jurisdiction(deployed.settings, store, JURISDICTION, folder, AT, SECRET)
    finally:
        store.database.close()


def arrive(settings: Settings, folder: Path) -> Arrived:
    store = open_store(settings, AT)
    try:
        return import_jurisdiction(settings, store, folder, AT, SECRET)
    finally:
        store.database.close()


def opened(settings: Settings) -> Store:
    return read_store(settings)


def test_all_of_it_is_there_under_other_keys_and_work_goes_on(
    deployed: Deployed, elsewhere: Settings, tmp_path: Path
) -> None:
    town = deployed.town
    with transaction(town.database, JURISDICTION) as tx:
        tx.update(Account, {"login": "village"}, {"password_hash": hashed("Long-enough-1")})
    begin_binding(town.deployment, town.actor("village"), "Long-enough-1", town.at)
    shared = town.first(Factor, account="account-village").pending
    confirm_binding(town.deployment, town.actor("village"), code_at(shared, step_of(town.at)), town.at)
    key = "f" * 32
    town.report(key=key, id_number=other_id(7))
    before = {
        row: len(town.rows(row)) for row in (Case, Submission, Notice, Event, Message, Person, Attachment, Account)
    }
    leave(deployed, tmp_path / "leaving")
    assert b"database" not in b"".join(path.read_bytes() for path in (tmp_path / "leaving").rglob("database*"))
    arrived = arrive(elsewhere, tmp_path / "leaving")
    assert arrived.logins == {"leader": "leader.2"}

    config = elsewhere.file
    config.write_text(config.read_text().replace("serves = [", f'serves = ["{JURISDICTION}", '), "utf-8")
    deployment = open_deployment(read_settings(config))
    assert {*deployment.rulebooks.current} == {COUNTY, JURISDICTION}
    assert verify_chain(deployment.database, deployment.keys.chain) is None
    with connection(deployment.database) as reader:
        for row, count in before.items():
            found = [each for each in reader.every(row) if getattr(each, "jurisdiction", JURISDICTION) == JURISDICTION]
            assert len(found) >= count, row
        assert all(reader.first(Person, id_index=deployment.keys.blind_index(other_id(n))) for n in (0, 1, 2, 7))
        papers = [paper for paper in reader.select(Notice) if paper.sha256]
        assert len(papers) == 3
        assert all(deployment.files.get(paper.sha256).startswith(b"%PDF") for paper in papers)
        assert [deployment.files.get(photo.sha256) for photo in reader.select(Attachment)] == [PHOTO]
        series = {(each.series, each.year): each.n for each in reader.select(NumberSeries, jurisdiction=JURISDICTION)}
        village = reader.find(Account, "account-village")
        factor = reader.find(Factor, "account-village")
        assert village
        assert factor
        assert (factor.secret, factor.recovery) == (shared, ())
    assert series == {(each.series, each.year): each.n for each in town.rows(NumberSeries)}
    again = {name: value for name, value in {**report(), "id_number": other_id(7)}.items() if value is not None}
    said = submit(deployment, deployment.actor(village), "clue-report", again, key, town.at)
    assert said.case == town.first(Case, person=town.first(Person, id_index=town.keys.blind_index(other_id(7))).id).id
    fresh = submit(
        deployment, deployment.actor(village), "clue-report", {**again, "id_number": other_id(8)}, "e" * 32, AT
    )
    assert fresh.case
    assert verify_chain(deployment.database, deployment.keys.chain) is None
    old = {town.keys.current}
    assert not any(value[1:5] in old for value in stored_values(deployment.database) if value[:1] == b"\x01")
    deployment.database.close()


def test_it_is_removed_only_when_all_of_it_went_and_the_record_stays(deployed: Deployed, tmp_path: Path) -> None:
    folder = tmp_path / "leaving"
    leave(deployed, folder)
    with pytest.raises(BackupRefused, match="还在服务"):
        remove_jurisdiction(deployed.settings, opened(deployed.settings), folder, AT, SECRET)
    config = deployed.settings.file
    config.write_text(config.read_text().replace(JURISDICTION, COUNTY), "utf-8")
    settings = read_settings(config)
    town = deployed.town
    store = Store(town.database, town.keys, town.deployment.files)
    town.report(id_number=other_id(9))
    with pytest.raises(BackupRefused, match="又有新的留痕") as refused:
        remove_jurisdiction(settings, store, folder, AT, SECRET)
    assert refused.value.code == "EXPORT_STALE"
    leave(deployed, tmp_path / "again")
    with transaction(town.database, JURISDICTION) as tx:
        told = {"csrf": "c", "created_at": AT, "last_seen_at": AT, "ends_at": AT}
        tx.insert(Session(token_hash="t", account="account-village", **told))
    events = len(town.events())
    gone = remove_jurisdiction(settings, store, tmp_path / "again", AT, SECRET)
    assert gone["rows"] > 50
    assert gone["files"] == 4
    assert not deployed.stored()
    with connection(town.database) as reader:
        assert holds(reader, JURISDICTION) == ["event"]
    assert len(town.events()) == events + 1
    assert verify_chain(town.database, town.keys.chain) is None


@pytest.mark.parametrize("step", ["leaving.copied", "leaving.filed:2"])
def test_a_leaving_that_is_struck_leaves_no_folder_and_is_done_again(
    deployed: Deployed, tmp_path: Path, elsewhere: Settings, step: str
) -> None:
    folder = tmp_path / "leaving"
    events = deployed.town.events()
    assert in_child(lambda: leave(deployed, folder), step) == signal.SIGKILL
    assert not folder.exists()
    leave(deployed, folder)
    assert sorted(path.name for path in tmp_path.glob("leaving*")) == ["leaving"]
    assert not (deployed.settings.root / "var" / "leaving").exists()
    assert deployed.town.events() == events
    assert arrive(elsewhere, folder).rows["case"] == 3


@pytest.mark.parametrize("step", ["rows.removed", "rows.removed:12", "removing.written"])
def test_a_removal_that_is_struck_is_gone_on_with_and_nobody_serves_what_is_left(
    deployed: Deployed, tmp_path: Path, step: str
) -> None:
    folder, town = tmp_path / "leaving", deployed.town
    leave(deployed, folder)
    config, serving = deployed.settings.file, deployed.settings
    config.write_text(config.read_text().replace(JURISDICTION, COUNTY), "utf-8")
    events = town.events()

    def remove() -> dict[str, Any]:
        settings = read_settings(config)
        store = open_store(settings, AT)
        try:
            return remove_jurisdiction(settings, store, folder, AT, SECRET)
        finally:
            store.database.close()

    assert in_child(remove, step) == signal.SIGKILL
    assert town.events() == events
    with pytest.raises(RulebookError, match="JURISDICTION_HALF_THERE"):
        open_deployment(serving)
    with pytest.raises(BackupRefused, match="只有一部分数据"):
        leave(deployed, tmp_path / "again")
    remove()
    assert not deployed.stored()
    with connection(town.database) as reader:
        assert holds(reader, JURISDICTION) == ["event"]
        assert on_the_way(reader) == {}
    assert [event.name for event in town.events()[len(events) :]] == ["jurisdiction.removed"]
    assert verify_chain(town.database, town.keys.chain) is None


def test_what_is_there_already_or_altered_does_not_come_in(
    deployed: Deployed, elsewhere: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "leaving"
    leave(deployed, folder)
    with pytest.raises(BackupRefused, match="不是空文件夹"):
        leave(deployed, folder)
    store = open_store(elsewhere, AT)
    with pytest.raises(PassphraseWrong):
        import_jurisdiction(elsewhere, store, folder, AT, b"another passphrase")
    sealed = sorted(folder.rglob("database.db*"))[0]
    whole = sealed.read_bytes()
    sealed.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(BackupBroken):
        import_jurisdiction(elsewhere, store, folder, AT, SECRET)
    sealed.write_bytes(whole)
    with connection(store.database) as reader:
        assert holds(reader, JURISDICTION) == []
    arrive(elsewhere, folder)
    with pytest.raises(BackupRefused, match="这里已有"):
        import_jurisdiction(elsewhere, store, folder, AT, SECRET)
    with pytest.raises(Mismatch) as other:
        remove_jurisdiction(elsewhere, store, folder, AT, SECRET)
    assert other.value.code == "EXPORT_OTHER"
    store.database.close()


@pytest.mark.parametrize("step", ["arriving.filed", "rows.carried", "rows.carried:15", "arriving.written"])
def test_an_arrival_that_is_struck_is_gone_on_with_and_nobody_serves_what_is_there(
    deployed: Deployed, elsewhere: Settings, tmp_path: Path, step: str
) -> None:
    folder = tmp_path / "leaving"
    leave(deployed, folder)
    assert in_child(lambda: arrive(elsewhere, folder), step) == signal.SIGKILL
    config = elsewhere.file
    config.write_text(config.read_text().replace("serves = [", f'serves = ["{JURISDICTION}", '), "utf-8")
    if step != "arriving.filed":
        store = opened(elsewhere)
        assert not released(store, JURISDICTION)
        store.database.close()
        deployment = open_deployment(read_settings(config))
        assert {*deployment.rulebooks.current} == {COUNTY}
        assert "JURISDICTION_HALF_THERE" in {each.code for each in examine(read_settings(config), deployment, AT)}
        deployment.database.close()
        deployed.town.report(id_number=other_id(9))
        leave(deployed, tmp_path / "another")
        with pytest.raises(BackupRefused, match="迁入到一半"):
            arrive(elsewhere, tmp_path / "another")
    arrived = arrive(elsewhere, folder)
    assert (arrived.rows["case"], arrived.logins) == (3, {"leader": "leader.2"})
    deployment = open_deployment(read_settings(config))
    assert {*deployment.rulebooks.current} == {COUNTY, JURISDICTION}
    with connection(deployment.database) as reader:
        came = [event.told for event in reader.every(Event) if event.name == "jurisdiction.arrived"]
        assert [(told["count"], told["logins"]) for told in came] == [(arrived.rows["event"], {"leader": "leader.2"})]
        assert len(list(reader.every(Event, jurisdiction=JURISDICTION))) >= arrived.rows["event"] + 1
    assert verify_chain(deployment.database, deployment.keys.chain) is None
    deployment.database.close()


def released(store: Store, jurisdiction: str) -> bool:
    with connection(store.database) as reader:
        return reader.first(Release, jurisdiction=jurisdiction, current=True) is not None


def test_every_table_goes_by_its_jurisdiction_by_its_parent_or_stays() -> None:
    named = {table.name for table in all_tables() if "jurisdiction" in table.columns}
    rest = {table.name for table in all_tables()} - named
    assert rest == ({*PARENTS} | STAYING) - {VERSION_TABLE, STEP_TABLE}  # of the schema itself, and no rows of ours
    for table in all_tables():
        if table.name in PARENTS:
            column, parent = PARENTS[table.name]
            assert column in table.columns
            assert parent in named
