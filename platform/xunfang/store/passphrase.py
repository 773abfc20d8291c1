"""What leaves the installation, sealed by a passphrase: in pieces, each bound to its file, its place and the end.

A piece is AES-GCM under a key of its file's own, numbered by its nonce, whose last byte says whether it is the last:
none can be altered, dropped, moved, doubled or cut off without being noticed.
"""

import hmac
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from xunfang.errors import Refused
from xunfang.store.sealing import SealBroken

PIECE = 1 << 20
"""Bytes of one piece, before it is sealed."""
_TAG, _NUMBER, _SALT = 16, 11, 16
_COST, _MOST_COST = 1 << 17, 1 << 20
"""Of scrypt, with blocks of 8: 128 MB and about half a second for each guess; beyond the second nobody is asked."""
SHORTEST = 12


class PassphraseWrong(Refused):
    """What is sealed was sealed by another passphrase, or the one that was given cannot be used."""

    code = "PASSPHRASE_WRONG"


class Passphrase:
    """A passphrase at work on the files of one folder."""

    def __init__(self, secret: bytes, salt: bytes, cost: int) -> None:
        self._salt, self._cost = salt, cost
        self._master = Scrypt(salt=salt, length=32, n=cost, r=8, p=1).derive(secret)

    @classmethod
    def new(cls, secret: bytes) -> "Passphrase":
        """Return a passphrase under which nothing lies yet."""
        return cls(secret, os.urandom(_SALT), _COST)

    @classmethod
    def known(cls, secret: bytes, told: Mapping[str, Any]) -> "Passphrase":
        """Return the passphrase that `told` was told of; raises PassphraseWrong when it is another."""
        cost = int(told["cost"])
        if not 1 < cost <= _MOST_COST or cost & (cost - 1):
            raise PassphraseWrong("备份写明的口令算法参数不对，备份被改动过。")
        found = cls(secret, bytes.fromhex(told["salt"]), cost)
        if not hmac.compare_digest(found.told["check"], str(told["check"])):
            raise PassphraseWrong("口令不对：这份备份是用另一个口令加密的。请用做备份时的那个口令文件。")
        return found

    @property
    def told(self) -> dict[str, Any]:
        """Return what may lie in clear, and by which the passphrase is known again."""
        check = hmac.digest(self._key("", "check"), b"check", "sha256").hex()
        return {"kdf": "scrypt", "cost": self._cost, "salt": self._salt.hex(), "check": check}

    def seal(self, name: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the pieces of a file sealed under its name."""
        cipher = AESGCM(self._key(name, "file"))
        for number, (piece, last) in enumerate(_even(pieces, PIECE)):
            yield cipher.encrypt(_nonce(number, last=last), piece, None)

    def open(self, name: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the pieces of the file that was sealed under this name; raises SealBroken at the first that is not."""
        cipher = AESGCM(self._key(name, "file"))
        for number, (piece, last) in enumerate(_even(pieces, PIECE + _TAG)):
            try:
                yield cipher.decrypt(_nonce(number, last=last), piece, None)
            except (InvalidTag, ValueError) as error:
                raise SealBroken(name) from error

    def _key(self, name: str, purpose: str) -> bytes:
        info = f"xunfang backup {purpose} {name}".encode(errors="surrogatepass")
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(self._master)


def read_passphrase(file: Path) -> bytes:
    """Return the passphrase in a file, its last line break left out; raises PassphraseWrong, and OSError."""
    if file.stat().st_mode & 0o077:
        raise PassphraseWrong(f"口令文件 {file} 可被其他用户读取；请执行 chmod 600 {file}。")
    secret = file.read_bytes().rstrip(b"\r\n")
    if len(secret) < SHORTEST:
        raise PassphraseWrong(f"口令文件 {file} 中的口令太短，至少 {SHORTEST} 个字符；请用随机生成的长口令。")
    return secret


def pieces_of(file: Path) -> Iterator[bytes]:
    """Yield what is in a file, piece by piece."""
    with file.open("rb") as opened:
        while piece := opened.read(PIECE):
            yield piece


def _even(pieces: Iterable[bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """Yield the same bytes in pieces of one size, and with each whether it is the last; at least one, maybe empty."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) > size:
            yield bytes(held[:size]), False
            del held[:size]
    yield bytes(held), True


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(_NUMBER, "big") + bytes([last])
