"""Keys are exchanged while people work: all is sealed anew, nothing is lost wherever it is struck, the old goes."""

import base64
import os
import signal
from pathlib import Path

import pytest

from actions.town import JURISDICTION, MEDICAL, Town, compiled, other_id
from databases import stored_values
from dying import in_child
from xunfang.actions.reading import attach
from xunfang.actions.rekeying import RESEAL, RekeyingRefused, jobs_left, key_count, retire, rotate
from xunfang.store import (
    Attachment,
    Clue,
    Event,
    FileKeys,
    FileStore,
    Job,
    Keys,
    Message,
    Mismatch,
    Notice,
    Person,
    Place,
    SealBroken,
    Submission,
    add_job,
    check_keys,
    connection,
    transaction,
    verify_chain,
)
from xunfang.store.jobs import claim_job, park_job
from xunfang.store.reading.case_file import person_view
from xunfang.store.resealing import Part, parts, piece_anew, put_anew
from xunfang.store.rows import all_tables, table_of
from xunfang.store.sealing import EnvironmentKeys
from xunfang.worker.loop import LEASE

PHOTO = b"a photo, as bytes"
SOMEWHERE = Place("a", "b", "c")


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    monkeypatch.setattr("xunfang.store.resealing.PIECE", 3)
    monkeypatch.setattr("xunfang.actions.rekeying.FILES_PIECE", 2)
    town = Town(tmp_path, compiled())
    attach(town.deployment, town.actor("village"), "a.jpg", "image/jpeg", PHOTO, town.at)
    for serial in range(3):
        case = town.dispatched(id_number=other_id(serial))
    town.complete("doctor", town.claim("doctor", town.task(case, MEDICAL)))
    town.sign()
    return town


def _provider(town: Town) -> FileKeys:
    return FileKeys(town.deployment.files.folder.parent / "keys" / "data.key")


def _rotate(town: Town) -> bool:
    return rotate(town.deployment, _provider(town), town.at)


def _all_opens(town: Town, keys: Keys) -> None:
    """Read everything there is with keys that were read anew."""
    before, town.database.keys = town.database.keys, keys
    files = FileStore(town.deployment.files.folder, keys)
    try:
        assert verify_chain(town.database, keys.chain) is None
        with connection(town.database) as reader:
            for row in (Message, Event, Job, Submission, Clue):
                assert [*reader.every(row)]
            persons = reader.select(Person)
            assert {person_view(person, keys).masked_id[:6] for person in persons} == {"370304"}
            assert all(reader.select(Person, id_index=keys.blind_index(other_id(n))) for n in range(3))
            papers = [notice for notice in reader.select(Notice) if notice.sha256]
            assert papers
            assert all(files.get(paper.sha256).startswith(b"%PDF") for paper in papers)
            assert [files.get(photo.sha256) for photo in reader.select(Attachment)] == [PHOTO]
    finally:
        town.database.keys = before


def test_all_is_sealed_anew_and_the_old_key_goes(town: Town) -> None:
    old = town.keys.current
    assert {*key_count(town.deployment).keys} == {old}
    before = [*stored_values(town.database)]
    assert _rotate(town)
    town.work_until()
    counted = key_count(town.deployment)
    assert counted.keys == {town.keys.current}
    assert counted.under(town.keys.current) > 30
    put = retire(town.deployment, _provider(town), town.at)
    assert town.keys.seal(b"x", SOMEWHERE)  # it goes on by itself with what is left
    _all_opens(town, Keys(_provider(town)))
    fresh = Keys(_provider(town))
    check_keys(town.database, fresh)
    assert fresh.opening == (town.keys.current,)
    assert Keys(FileKeys(put)).opening == (old,)
    assert not any(old in value[1:5] for value in stored_values(town.database) if value[:1] == b"\x01")
    assert any(value[:1] == b"\x01" and value[1:5] == old for value in before)
    assert [event.name for event in town.events() if event.name.startswith("keys.")] == ["keys.rotated", "keys.retired"]
    secret = base64.b64decode(put.read_text().split()[0])
    assert secret not in base64.b64decode(_provider(town).path.read_text().split()[-1])
    assert put.stat().st_mode & 0o077 == 0


def test_people_go_on_meanwhile_and_another_process_follows_at_once(town: Town) -> None:
    other = Keys(_provider(town))  # as another process has read them
    sealed_before = other.seal(b"x", SOMEWHERE)
    _rotate(town)
    assert other.current != town.keys.current
    made = town.keys.seal(b"y", SOMEWHERE)
    assert other.open(made, SOMEWHERE) == b"y"
    assert other.current == town.keys.current
    assert other.open(sealed_before, SOMEWHERE) == b"x"
    for serial in range(10, 20):
        town.worker.run_next()
        town.report(id_number=other_id(serial))
    town.work_until()
    assert key_count(town.deployment).keys == {town.keys.current}


def test_what_somebody_writes_while_a_piece_is_sealed_stays(town: Town) -> None:
    _rotate(town)
    part = Part("person", JURISDICTION)
    piece = piece_anew(town.database, town.keys, part, ())
    with transaction(town.database, JURISDICTION) as tx:
        person = tx.select(Person)[0].id
        newer = town.keys.seal(b"newer", table_of(Person).place("sealed", (person,)))
        tx.update(Person, {"id": person}, {"sealed": newer})
    assert {each.key for each in piece.anew} >= {(person,)}
    with transaction(town.database, JURISDICTION) as tx:
        assert put_anew(tx, part, piece.anew) == []
        changed = tx.find(Person, person)
    assert changed is not None
    assert changed.sealed == newer


def test_the_old_key_stays_while_anything_lies_under_it(town: Town) -> None:
    with pytest.raises(RekeyingRefused, match="只有一把"):
        retire(town.deployment, _provider(town), town.at)
    _rotate(town)
    assert jobs_left(town.deployment) > 5
    with pytest.raises(RekeyingRefused, match=r"event\.typed \d+ 处.*files \d+ 处|files \d+ 处"):
        retire(town.deployment, _provider(town), town.at)
    assert len(Keys(_provider(town)).opening) == 2


def test_another_exchange_waits_for_the_first(town: Town) -> None:
    assert _rotate(town)
    current = town.keys.current
    assert not _rotate(town)
    assert town.keys.current == current
    town.work_until()
    retire(town.deployment, _provider(town), town.at)
    assert _rotate(town)
    assert town.keys.current != current
    town.work_until()
    retire(town.deployment, _provider(town), town.at)
    assert len(Keys(_provider(town)).opening) == 1
    _all_opens(town, Keys(_provider(town)))


@pytest.mark.parametrize("step", ["key.rewritten", "keys.noted", "jobs.put:3"])
def test_a_beginning_that_is_struck_is_gone_on_with(town: Town, step: str) -> None:
    town.database.close()
    assert in_child(lambda: _rotate(town), step) == signal.SIGKILL
    _rotate(town)
    town.work_until()
    assert len(Keys(_provider(town)).opening) == 2
    assert key_count(town.deployment).keys == {town.keys.current}
    _all_opens(town, Keys(_provider(town)))


@pytest.mark.parametrize(
    "step", ["keys.resealed", "keys.resealed:7", "job.finished:4", "file.written", "file.renamed:2"]
)
def test_a_worker_that_is_struck_leaves_nothing_unread_and_the_next_goes_on(town: Town, step: str) -> None:
    _rotate(town)
    town.database.close()
    assert in_child(town.work_until, step) == signal.SIGKILL
    _all_opens(town, Keys(_provider(town)))
    town.later(minutes=LEASE.total_seconds() / 60 + 1)
    town.work_until()
    assert key_count(town.deployment).keys == {town.keys.current}
    _all_opens(town, Keys(_provider(town)))


@pytest.mark.parametrize("step", ["keys.withdrawing", "key.rewritten", "key.rewritten:2"])
def test_a_withdrawal_that_is_struck_is_done_again(town: Town, step: str) -> None:
    _rotate(town)
    town.work_until()
    town.database.close()
    assert in_child(lambda: retire(town.deployment, _provider(town), town.at), step) == signal.SIGKILL
    check_keys(town.database, Keys(_provider(town)))
    retire(town.deployment, _provider(town), town.at)
    check_keys(town.database, Keys(_provider(town)))
    _all_opens(town, Keys(_provider(town)))


def test_what_is_broken_stops_its_part_only_and_is_told(town: Town) -> None:
    with connection(town.database) as reader:
        photo = reader.select(Attachment)[0]
    path = town.deployment.files.folder / town.deployment.files.stored_as(photo.sha256)
    sound = path.read_bytes()
    path.write_bytes(sound[:-1] + bytes([sound[-1] ^ 1]))
    _rotate(town)
    town.work_until()
    (parked,) = town.rows(Job, kind=RESEAL, status="parked")
    assert "已损坏" in parked.last_error
    with pytest.raises(RekeyingRefused, match="files 1 处"):
        retire(town.deployment, _provider(town), town.at)
    path.write_bytes(sound)
    assert not _rotate(town)
    town.work_until()
    assert not town.rows(Job, kind=RESEAL, status="parked")
    retire(town.deployment, _provider(town), town.at)


def test_the_record_can_still_be_neither_changed_nor_shortened(town: Town) -> None:
    mark = town.database.dialect.mark
    for sql, values in (
        (f'UPDATE "event" SET "actor" = {mark} WHERE "n" = {mark}', ("x", 1)),
        (f'UPDATE "event" SET "typed" = {mark} WHERE "n" = {mark}', (b"123", 1)),
        (f'DELETE FROM "event" WHERE "n" = {mark}', (1,)),
    ):
        with pytest.raises(Exception, match=r"append-only|permission denied"), transaction(town.database, "") as tx:
            tx.database.run(sql, values)


def test_another_envelope_in_an_event_is_found_by_the_chain(town: Town) -> None:
    table = next(table for table in all_tables() if table.name == "event")
    event = next(event for event in town.events() if event.typed)
    mark = town.database.dialect.mark
    whole = table.store("typed", event.typed, town.keys, (event.n,))
    other = town.keys.seal(b"x" * (len(whole) - len(town.keys.seal(b"", SOMEWHERE))), table.place("typed", (event.n,)))
    with transaction(town.database, "") as tx:
        tx.database.run(f'UPDATE "event" SET "typed" = {mark} WHERE "n" = {mark}', (other, event.n))
    assert verify_chain(town.database, town.keys.chain) == event.place


def test_a_database_of_before_wants_the_key_of_before(town: Town) -> None:
    _rotate(town)
    with connection(town.database) as reader:
        noted = check_keys(reader.database, town.keys).checks
    town.work_until()
    put = retire(town.deployment, _provider(town), town.at)
    with transaction(town.database, "") as tx:  # as a copy of before has it
        tx.database.run('UPDATE "installation" SET "checks" = ' + tx.database.dialect.mark, (f'["{noted[-1]}"]',))
    with pytest.raises(Mismatch, match="撤下旧密钥以前的样子") as refused:
        check_keys(town.database, Keys(_provider(town)))
    assert refused.value.code == "KEY_WITHDRAWN"
    check_keys(town.database, Keys(FileKeys(put)))


def test_keys_of_the_environment_are_put_by_hand(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    old = _provider(town).path.read_text().strip()
    monkeypatch.setenv("XUNFANG_TEST_KEYS", old)
    provider = EnvironmentKeys("XUNFANG_TEST_KEYS")
    with pytest.raises(RekeyingRefused, match="环境变量"):
        rotate(town.deployment, provider, town.at)
    monkeypatch.setenv("XUNFANG_TEST_KEYS", f"{base64.b64encode(os.urandom(32)).decode()} {old}")
    town.keys.__init__(provider)  # type: ignore[misc]  # as a process that was started again
    assert not rotate(town.deployment, provider, town.at)
    town.work_until()
    put = retire(town.deployment, provider, town.at)
    monkeypatch.setenv("XUNFANG_TEST_KEYS", " ".join(put.read_text().split()))
    check_keys(town.database, Keys(provider))
    _all_opens(town, Keys(provider))


def test_a_worker_that_has_not_read_the_new_key_does_nothing(town: Town) -> None:
    _rotate(town)
    _provider(town).write(_provider(town).secrets()[1:])  # it sees an older file
    town.keys.renew()
    town.worker.run_next()
    assert any("还没有读到新密钥" in job.last_error for job in town.rows(Job, kind=RESEAL))


def test_every_column_of_bytes_is_an_envelope_but_packed_files() -> None:
    plain = {
        f"{table.name}.{column.name}"
        for table in all_tables()
        for column in table.columns.values()
        if column.field.__name__ == "BlobField" and column.name not in table.envelopes
    }
    assert plain == {"release.files"}


def test_every_part_is_found_served_or_not(town: Town) -> None:
    with transaction(town.database, "elsewhere") as tx:
        tx.insert(
            Message(id="m", key="m", jurisdiction="elsewhere", unit="u", kind="k", title="t", body="b", at=town.at)
        )
        add_job(tx, "k", "k", {}, town.at, jurisdiction="elsewhere")
    job = claim_job(town.database, town.at, LEASE, "me")
    assert job
    with transaction(town.database, "") as tx:
        park_job(tx, job, "不行", town.at)
    assert {part.table for part in parts(town.database) if part.jurisdiction == "elsewhere"} == {"message", "job"}
    _rotate(town)
    town.work_until()
    assert key_count(town.deployment).keys == {town.keys.current}


def test_a_file_of_a_key_that_is_gone_is_kept_anew(town: Town) -> None:
    lone = town.deployment.files.put(b"named by nothing")
    _rotate(town)
    town.work_until()
    retire(town.deployment, _provider(town), town.at)
    files = FileStore(town.deployment.files.folder, Keys(_provider(town)))
    with pytest.raises(SealBroken):
        files.get(lone)
    assert files.put(b"named by nothing") == lone
    assert files.get(lone) == b"named by nothing"
