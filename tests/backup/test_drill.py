"""The restore drill: a town in use is backed up, restored into an empty folder, opened, and found as it was."""

import shutil
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event as Signal
from threading import Thread

import pytest

import databases
from actions.town import JURISDICTION, other_id
from backup.conftest import AT, PHOTO, SECRET, Deployed
from databases import kept_in
from dying import in_child
from xunfang.app import open_deployment
from xunfang.backup import BackupBroken, BackupRefused, restore
from xunfang.backup.manifest import HEADER
from xunfang.backup.restoring import CONFIG_BEFORE, Wanted
from xunfang.backup.shelf import named_in
from xunfang.settings import read_settings
from xunfang.store import Attachment, Notice, Submission, connection, new_id, verify_chain
from xunfang.store.life import BACKUP, last_beat


def put_keys(deployed: Deployed, into: Path) -> None:
    """Do as the person is told: put the keys back."""
    shutil.copytree(Path(deployed.settings.keys.removeprefix("file:")).parent, into / "var" / "keys")


def report(deployed: Deployed, serial: int) -> str:
    """Return the key of a report that was acknowledged."""
    key = new_id()
    deployed.town.report(key=key, id_number=other_id(serial))
    return key


def opened_again(deployed: Deployed, into: Path) -> set[str]:
    """Serve a restored folder; returns the submissions in it, once its chains are whole and its papers open."""
    put_keys(deployed, into)
    deployment = open_deployment(read_settings(into / "config.toml"))
    try:
        assert JURISDICTION in deployment.rulebooks.current
        assert verify_chain(deployment.database, deployment.keys.chain) is None
        with connection(deployment.database) as reader:
            papers = [notice for notice in reader.select(Notice) if notice.sha256]
            photos = reader.select(Attachment)
            submissions = {submission.id for submission in reader.select(Submission)}
        assert len(papers) >= 3
        assert all(deployment.files.get(paper.sha256).startswith(b"%PDF") for paper in papers)
        assert [deployment.files.get(photo.sha256) for photo in photos] == [PHOTO]
        return submissions
    finally:
        deployment.database.close()


@pytest.mark.parametrize("secret", [None, SECRET], ids=["open", "sealed"])
def test_what_was_acknowledged_is_there_again_though_people_went_on(
    deployed: Deployed, tmp_path: Path, secret: bytes | None
) -> None:
    before, after, begun, over = set[str](), list[str](), Signal(), Signal()
    for n in range(3):
        before.add(report(deployed, 100 + n))

    def go_on() -> None:
        for n in range(100):  # as many as one person may report within an hour
            after.append(report(deployed, 200 + n))
            begun.set()
            if over.wait(0.02):
                break
        deployed.town.database.peewee.close()

    people = Thread(target=go_on)
    people.start()
    begun.wait(30)
    told = set(after)
    made = deployed.backup(secret=secret)
    during = set(after) - told
    over.set()
    people.join()
    assert during, "nobody could report while the backup was made"
    restored = deployed.restore(made.folder, tmp_path / "again", secret)
    assert restored.opened == len(deployed.stored())
    found = opened_again(deployed, tmp_path / "again")
    assert before | told <= found <= before | set(after) | everything_filled(deployed)


def everything_filled(deployed: Deployed) -> set[str]:
    return {submission.id for submission in deployed.town.rows(Submission)}


def test_a_town_goes_on_in_the_other_kind_of_database(deployed: Deployed, kind: str, tmp_path: Path) -> None:
    made = deployed.backup()
    into = tmp_path / "again"
    into.mkdir()
    other = "postgresql" if kind == "sqlite" else "sqlite"
    with kept_in(other):
        url = databases.address(tmp_path, "other.db")
        restored = deployed.restore(made.folder, into, to=url)
        assert restored.database == url
        assert read_settings(into / "config.toml").database == url
        assert not (into / "var" / "xunfang.db").exists()
        assert opened_again(deployed, into) == everything_filled(deployed)


def test_only_an_empty_database_is_taken(deployed: Deployed, tmp_path: Path) -> None:
    made = deployed.backup()
    with pytest.raises(BackupRefused, match="不是空的，没有恢复"):
        deployed.restore(made.folder, tmp_path / "again", to=deployed.town.database.url)
    with pytest.raises(BackupRefused, match="--keys"):
        restore(made.folder, Wanted(tmp_path / "again", "sqlite:///x.db"), AT, None)
    assert not (tmp_path / "again").exists()


def test_nobody_goes_by_another_database_than_the_restored_one(deployed: Deployed, tmp_path: Path) -> None:
    into = tmp_path / "again"
    deployed.restore(deployed.backup().folder, into)
    there = read_settings(into / "config.toml")
    assert there.database == f"sqlite:///{into.resolve() / 'var' / 'xunfang.db'}"
    assert (there.files, there.serves) == (into.resolve() / "var" / "files", (JURISDICTION,))
    assert (into / CONFIG_BEFORE).read_text("utf-8") == deployed.settings.file.read_text("utf-8")


def test_no_key_lies_in_a_backup(deployed: Deployed) -> None:
    made = deployed.backup()
    key = Path(deployed.settings.keys.removeprefix("file:")).read_bytes().strip()
    contents = [path.read_bytes() for path in made.folder.rglob("*") if path.is_file()]
    assert contents
    assert not any(key in content for content in contents)


def test_a_sealed_one_holds_nothing_to_read(deployed: Deployed) -> None:
    made = deployed.backup(secret=SECRET)
    contents = [path.read_bytes() for path in made.folder.rglob("*") if path.is_file()]
    for word in ("测试village", JURISDICTION, "SQLite format", "serves"):
        assert not any(word.encode() in content for content in contents)
    assert all(path.suffix == ".sealed" for path in made.folder.rglob("*") if path.is_file() and path.name != HEADER)


def test_all_of_it_is_its_owners_alone(deployed: Deployed, tmp_path: Path) -> None:
    made = deployed.backup()
    deployed.restore(made.folder, tmp_path / "again")
    for root in (made.folder, tmp_path / "again"):
        assert [path for path in (root, *root.rglob("*")) if path.stat().st_mode & 0o077] == []


def test_a_good_one_is_noted_where_the_machinery_is_looked_at(deployed: Deployed) -> None:
    deployed.backup()
    with connection(deployed.town.database) as reader:
        noted = last_beat(reader, BACKUP)
    assert noted is not None
    assert (noted.at, noted.note) == (AT, "")


@pytest.mark.parametrize("step", ["backup.copied", "backup.filed", "backup.filed:3", "backup.written"])
def test_who_dies_over_a_backup_leaves_nothing_that_looks_whole(deployed: Deployed, step: str) -> None:
    assert _killed(deployed, lambda: deployed.backup(), step) == signal.SIGKILL
    assert named_in(deployed.shelf) == []
    with pytest.raises(BackupBroken, match="不是一份完整的备份"):
        deployed.restore(deployed.shelf, deployed.shelf.with_name("again"))
    made = deployed.backup()
    assert named_in(deployed.shelf) == [made.folder]
    assert list(deployed.shelf.glob("*.part")) == []
    assert not (deployed.settings.root / "var" / "backing-up" / "copy").exists()


def _killed(deployed: Deployed, work: Callable[[], object], step: str) -> int:
    """Do some work in a process that dies at a step; nobody else holds a connection meanwhile."""
    deployed.town.database.close()
    return in_child(work, step)


def test_who_dies_before_noting_it_or_over_an_older_one_leaves_whole_ones(deployed: Deployed, tmp_path: Path) -> None:
    first = deployed.backup(AT).folder
    for minutes, step in ((1, "backup.named"), (2, "backup.dropping")):
        at = AT + timedelta(minutes=minutes)
        assert _killed(deployed, lambda at=at: deployed.backup(at, keep=2), step) == signal.SIGKILL
    left = named_in(deployed.shelf)
    assert len(left) == 2
    assert first not in left
    for n, each in enumerate(left):
        assert deployed.restore(each, tmp_path / f"again-{n}").opened


def test_who_dies_over_restoring_leaves_nothing_that_could_be_started(deployed: Deployed, tmp_path: Path) -> None:
    made, into = deployed.backup(), tmp_path / "again"
    assert _killed(deployed, lambda: deployed.restore(made.folder, into), "restore.filled") == signal.SIGKILL
    assert not (into / "config.toml").exists()
    with pytest.raises(BackupRefused, match="不是空文件夹"):
        deployed.restore(made.folder, into)
