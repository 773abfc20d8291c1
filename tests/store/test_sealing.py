import base64
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store.world import EAST_VILLAGE, ON_A_FILE, case, everything
from xunfang.store import (
    Database,
    FileKeys,
    FileMissing,
    FileStore,
    Keys,
    KeysUnusable,
    Person,
    Place,
    SealBroken,
    connection,
    key_provider,
    transaction,
)

PLACE = Place("person", "sealed", "1")
CANARY = "99999919700101001X"


def test_an_envelope_opens_where_it_belongs(keys: Keys) -> None:
    envelope = keys.seal("身份".encode(), PLACE)
    assert keys.open(envelope, PLACE).decode() == "身份"
    assert keys.seal("身份".encode(), PLACE) != envelope


@pytest.mark.parametrize(
    "place",
    [Place("person", "sealed", "2"), Place("person", "phone", "1"), Place("notice", "sealed", "1")],
    ids=["another row", "another column", "another table"],
)
def test_an_envelope_opens_nowhere_else(keys: Keys, place: Place) -> None:
    with pytest.raises(SealBroken):
        keys.open(keys.seal(b"x", PLACE), place)


def test_any_altered_byte_breaks_the_seal(keys: Keys) -> None:
    envelope = keys.seal(b"x", PLACE)
    for n in range(len(envelope)):
        altered = bytearray(envelope)
        altered[n] ^= 1
        with pytest.raises(SealBroken):
            keys.open(bytes(altered), PLACE)
    for n in range(len(envelope)):
        with pytest.raises(SealBroken):
            keys.open(envelope[:n], PLACE)


def test_after_rotation_old_envelopes_open_and_the_index_stays(tmp_path: Path) -> None:
    old = tmp_path / "a.key"
    FileKeys(old).create()
    before = Keys(FileKeys(old))
    envelope = before.seal(b"x", PLACE)
    old.write_text(base64.b64encode(os.urandom(32)).decode() + "\n" + old.read_text())
    after = Keys(FileKeys(old))
    assert after.open(envelope, PLACE) == b"x"
    assert after.blind_index(CANARY) == before.blind_index(CANARY)
    assert after.chain == before.chain
    assert before.open(after.seal(b"y", PLACE), PLACE) == b"y"  # it reads the file again


def test_the_index_forgives_width_case_and_blanks_only(keys: Keys) -> None:
    assert keys.blind_index("９９９９９９ 19700101001x") == keys.blind_index(CANARY)
    assert keys.blind_index("999999197001010011") != keys.blind_index(CANARY)
    assert keys.blind_index(CANARY, kind="phone") != keys.blind_index(CANARY)


@ON_A_FILE
def test_a_number_occurs_nowhere_on_disk(database: Database, keys: Keys) -> None:
    with transaction(database, "") as tx:
        made = case(tx, EAST_VILLAGE, id_index=keys.blind_index(CANARY))
        sealed = keys.seal_values({"id_number": CANARY}, Place("person", "sealed", made.person))
        tx.update(Person, {"id": made.person}, {"sealed": sealed})
    found = everything(database)
    assert made.person.encode() in found
    assert CANARY.encode() not in found
    with connection(database) as reader:
        row = reader.first(Person, id_index=keys.blind_index(CANARY))
    assert row is not None
    assert keys.open_values(row.sealed, Place("person", "sealed", row.id)) == {"id_number": CANARY}


def test_a_key_file_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "data.key"
    FileKeys(path).create()
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(KeysUnusable, match="chmod 600"):
        Keys(FileKeys(path))


def test_making_a_key_never_replaces_one(tmp_path: Path) -> None:
    provider = FileKeys(tmp_path / "data.key")
    provider.create()
    before = provider.secrets()
    provider.create()
    assert provider.secrets() == before


def test_keys_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_KEY", base64.b64encode(b"k" * 32).decode())
    assert Keys(key_provider("env:A_KEY")).chain
    for text in ("", "short", base64.b64encode(b"k").decode()):
        monkeypatch.setenv("A_KEY", text)
        with pytest.raises(KeysUnusable):
            Keys(key_provider("env:A_KEY"))


@pytest.mark.parametrize("source", ["", "file:", "kms:x", "env:"])
def test_an_unknown_source_of_keys_is_refused(source: str) -> None:
    with pytest.raises(KeysUnusable):
        key_provider(source)


def test_a_missing_key_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeysUnusable, match=r"data\.key"):
        Keys(FileKeys(tmp_path / "data.key"))


def test_files_are_kept_once_encrypted_and_whole(tmp_path: Path, keys: Keys) -> None:
    store = FileStore(tmp_path / "files", keys)
    content = CANARY.encode() * 100
    sha256 = store.put(content)
    assert store.put(content) == sha256
    assert store.get(sha256) == content
    files = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert len(files) == 1
    assert CANARY.encode() not in files[0].read_bytes()
    assert sha256 not in str(files[0])
    assert files[0].stat().st_mode & 0o777 == 0o600


def test_a_damaged_or_missing_file_is_noticed(tmp_path: Path, keys: Keys) -> None:
    store = FileStore(tmp_path / "files", keys)
    sha256 = store.put(b"paper")
    with pytest.raises(FileMissing):
        store.get("0" * 64)
    path = next(path for path in (tmp_path / "files").rglob("*") if path.is_file())
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(SealBroken):
        store.get(sha256)


def test_a_file_is_on_disk_before_it_has_its_name(tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    acts: list[str] = []
    fsync, rename = os.fsync, Path.replace

    def note_sync(handle: int) -> None:
        acts.append("folder" if Path(f"/proc/self/fd/{handle}").resolve().is_dir() else "file")
        fsync(handle)

    def note_rename(path: Path, target: Path) -> Path:
        acts.append("rename")
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(Path, "replace", note_rename)
    FileStore(tmp_path / "files", keys).put(b"paper")
    assert acts == ["file", "rename", "folder", "folder"]


def test_what_a_dead_writer_left_is_cleared_and_nothing_else(tmp_path: Path, keys: Keys) -> None:
    store = FileStore(tmp_path / "files", keys)
    sha256 = store.put(b"paper")
    folder = next((tmp_path / "files").iterdir())
    for name, second in (("old.part", 100), ("new.part", 300)):
        (folder / name).touch()
        os.utime(folder / name, (second, second))
    assert store.clear_leftovers(datetime.fromtimestamp(200, UTC)) == 1
    assert (folder / "new.part").exists()
    assert store.get(sha256) == b"paper"


def test_a_key_file_appears_whole_and_once(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "data.key"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: FileKeys(path).create(), range(8)))
    secrets = FileKeys(path).secrets()
    FileKeys(path).create()
    assert FileKeys(path).secrets() == secrets
    assert [file.name for file in path.parent.iterdir()] == ["data.key"]
    assert path.stat().st_mode & 0o777 == 0o600
