"""Sealed pieces: altered, dropped, moved, doubled or cut off, they do not open."""

from pathlib import Path

import pytest

from xunfang.store import SealBroken
from xunfang.store.passphrase import PIECE, Passphrase, PassphraseWrong, read_passphrase

SECRET = b"correct horse battery"
SEALED = PIECE + 16


@pytest.fixture(scope="module")
def cheap() -> Passphrase:
    return Passphrase(SECRET, b"0" * 16, 2)


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 5])
def test_what_was_sealed_opens_again_however_it_is_cut_up(cheap: Passphrase, size: int) -> None:
    plain = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    sealed = b"".join(cheap.seal("a", [plain[:7], plain[7:]]))
    assert len(sealed) == size + 16 * max(1, -(-size // PIECE))
    assert b"".join(cheap.open("a", [sealed[:100], sealed[100:]])) == plain
    assert size < 8 or plain[:8] not in sealed


def test_whatever_is_done_to_it_is_noticed(cheap: Passphrase) -> None:
    sealed = b"".join(cheap.seal("a", [b"x" * (3 * PIECE)]))
    one, two, three = (sealed[n * SEALED : (n + 1) * SEALED] for n in range(3))
    flipped = bytes([sealed[0] ^ 1]) + sealed[1:]
    for spoilt in (one + two, two + one + three, one + one + two + three, two + three, flipped, sealed[:-1], b""):
        with pytest.raises(SealBroken):
            list(cheap.open("a", [spoilt]))
    with pytest.raises(SealBroken):
        list(cheap.open("b", [sealed]))


def test_it_is_known_again_and_another_is_not() -> None:
    made = Passphrase.new(SECRET)
    assert made.told["cost"] == 1 << 17
    assert list(Passphrase.known(SECRET, made.told).open("a", made.seal("a", [b"x"]))) == [b"x"]
    with pytest.raises(PassphraseWrong, match="口令不对"):
        Passphrase.known(SECRET + b"!", made.told)
    assert Passphrase.new(SECRET).told["salt"] != made.told["salt"]


@pytest.mark.parametrize("cost", [1 << 21, 3, 0])
def test_a_cost_that_somebody_made_up_is_not_paid(cheap: Passphrase, cost: int) -> None:
    with pytest.raises(PassphraseWrong, match="被改动过"):
        Passphrase.known(SECRET, {**cheap.told, "cost": cost})


def test_a_file_of_it_is_long_enough_and_its_owner_s_alone(tmp_path: Path) -> None:
    file = tmp_path / "passphrase"
    file.write_bytes(b"correct horse battery\n")
    with pytest.raises(PassphraseWrong, match="chmod 600"):
        read_passphrase(file)
    file.chmod(0o600)
    assert read_passphrase(file) == SECRET
    file.write_bytes(b"short\n")
    with pytest.raises(PassphraseWrong, match="太短"):
        read_passphrase(file)
