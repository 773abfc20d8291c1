"""Sealing of sensitive fields 加密: who can read the database or a backup alone learns no number, phone or illness.

An envelope is `version | key id | nonce | ciphertext and tag`, AES-256-GCM; it opens only in the table, column and row
it was made for. Numbers are found by a blind index, a keyed hash under a key of its own. The keys lie outside.
"""

import base64
import hmac
import json
import os
import threading
import unicodedata
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from xunfang.errors import Refused
from xunfang.steps import reached
from xunfang.store.columns import to_json
from xunfang.store.disk import private_folder, sync_folder, write_private, writing

_VERSION = b"\x01"
_KEY_ID = 4
_NONCE = 12
_LARGE = 64 * 1024
"""A longer envelope is opened where it lies, without copies of its parts."""
_SECRET = 32
_KEPT = ("key check", "blind index", "event chain", "bell")
"""What is left of a key that seals no more: by this it is known again, numbers are found and the chain goes on."""
WITHDRAWN = "-"
"""What stands before the check of a key of which only that is left."""


class SealBroken(Exception):
    """An envelope does not open: altered, moved from its place, or sealed with a key that is not at hand."""


class KeysUnusable(Refused, RuntimeError):
    """The keys cannot be read; the message says what to do."""

    code = "KEYS_UNUSABLE"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an envelope belongs; it opens nowhere else."""

    table: str
    column: str
    row: str

    def bytes(self) -> bytes:
        """Return the place as the bytes that are authenticated with the envelope."""
        return "|".join((self.table, self.column, self.row)).encode()


class KeyProvider(Protocol):
    """Who holds the secrets, newest first: a file, the environment, or the hardware module of a deployment."""

    def secrets(self) -> tuple[bytes, ...]:
        """Return the secrets of 32 bytes; the first seals, all open, the last one makes the index and the chain.

        Of the last one there may be left only what `remains` makes of it, which opens nothing.
        """
        ...

    def stamp(self) -> Hashable:
        """Return what is another once the secrets are others; asked often, so it costs next to nothing."""
        ...


class FileKeys:
    """Secrets in a file outside the database, one base64 line each, newest first."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def secrets(self) -> tuple[bytes, ...]:
        """Return the secrets; raises KeysUnusable when the file is missing or others may read it."""
        if not self.path.is_file():
            raise KeysUnusable(
                f"找不到密钥文件 {self.path}。数据库里已有数据，没有它就读不出来，因此不会另造一把。"
                "请从密钥的备份中找回，放回原处（权限 0600），再启动。",
                "KEY_MISSING",
            )
        if self.path.stat().st_mode & 0o077:
            raise KeysUnusable(f"密钥文件 {self.path} 可被其他用户读取；请执行 chmod 600 {self.path}。")
        try:
            text = self.path.read_text("ascii", "replace")
        except OSError as error:
            raise KeysUnusable(f"密钥文件 {self.path} 读不了（{error.strerror}）；请检查它的归属和磁盘。") from error
        return _decoded(text.split(), str(self.path))

    def stamp(self) -> Hashable:
        """Return by what a file that was written anew is told from the one of before."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def write(self, secrets: Sequence[bytes]) -> None:
        """Put these secrets in place of those there are, all of them or none; raises OSError, NoRoom."""
        private_folder(self.path.parent)
        part = self.path.with_name(f"{self.path.name}.{os.urandom(8).hex()}.part")
        with writing(part):
            write_private(part, encoded(secrets))
            reached("key.rewritten")
            part.replace(self.path)
        sync_folder(self.path.parent)

    def create(self) -> None:
        """Make a new secret, unless the file exists; readable by its owner only, and on disk before this returns.

        The file appears whole or not at all: a half-written key would keep the next start from mending it.
        """
        if self.path.exists():
            return
        private_folder(self.path.parent)
        part = self.path.with_name(f"{self.path.name}.{os.urandom(8).hex()}.part")
        with writing(part):
            write_private(part, encoded([new_secret()]))
            reached("key.written")
            with suppress(FileExistsError):  # another process was faster: its key is the key
                os.link(part, self.path)
        sync_folder(self.path.parent)


class EnvironmentKeys:
    """Secrets in an environment variable, base64, parted by spaces, newest first."""

    def __init__(self, name: str) -> None:
        self.name = name

    def secrets(self) -> tuple[bytes, ...]:
        """Return the secrets; raises KeysUnusable when the variable is empty."""
        return _decoded(os.environ.get(self.name, "").split(), f"环境变量 {self.name}")

    def stamp(self) -> Hashable:
        """Return the text of the variable, which no other process changes."""
        return os.environ.get(self.name, "")


def new_secret() -> bytes:
    """Return a new secret."""
    return os.urandom(_SECRET)


def encoded(secrets: Sequence[bytes]) -> bytes:
    """Return secrets as they stand in a file, one line each."""
    return b"".join(base64.b64encode(secret) + b"\n" for secret in secrets)


def remains(secret: bytes) -> bytes:
    """Return what is left of the last secret once nothing is sealed with it: with this nothing can be opened."""
    return secret if _seals(secret) is None else b"".join(_derived(secret, purpose) for purpose in _KEPT)


def _seals(secret: bytes) -> bytes | None:
    """Return a secret if it seals and opens, None when only its remains are there."""
    return secret if len(secret) == _SECRET else None


def _decoded(texts: list[str], source: str) -> tuple[bytes, ...]:
    try:
        secrets = tuple(base64.b64decode(text, validate=True) for text in texts)
    except ValueError as error:
        raise KeysUnusable(f"{source} 中的密钥不是 base64 编码。请从密钥的备份中找回原来的内容。") from error
    remaining = len(secrets) > 1 and len(secrets[-1]) == _SECRET * len(_KEPT)
    whole = secrets[:-1] if remaining else secrets
    if not whole or any(len(secret) != _SECRET for secret in whole):
        raise KeysUnusable(f"{source} 中应有至少一个 {_SECRET} 字节的密钥（base64 编码）。请从密钥的备份中找回。")
    return secrets


def key_provider(source: str) -> KeyProvider:
    """Return the provider that `file:<path>` or `env:<NAME>` names; raises KeysUnusable for any other source."""
    kind, _, rest = source.partition(":")
    if kind == "file" and rest:
        return FileKeys(Path(rest))
    if kind == "env" and rest:
        return EnvironmentKeys(rest)
    raise KeysUnusable(f"密钥来源 {source} 无法识别；应写作 file:路径 或 env:环境变量名。")


def key_of(envelope: bytes) -> bytes:
    """Return the id of the key that an envelope names."""
    return envelope[1 : 1 + _KEY_ID]


def _derived(secret: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"xunfang {purpose}".encode()).derive(secret)


class _Ring:
    """The keys that one reading of the secrets gave; never changed, so that threads may share it."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        whole = [secret for secret in secrets if _seals(secret)]
        self.seals = {_derived(secret, "key id")[:_KEY_ID]: AESGCM(_derived(secret, "seal")) for secret in whole}
        self.current = next(iter(self.seals))
        self.proofs = tuple((_part(secret, "key check"), _seals(secret) is not None) for secret in secrets)
        self.root = secrets[-1]

    def of_root(self, purpose: str) -> bytes:
        """Return the key of a purpose that the last secret serves."""
        return _part(self.root, purpose)


def _part(secret: bytes, purpose: str) -> bytes:
    """Return what is derived of a secret, or is left of it."""
    if _seals(secret):
        return _derived(secret, purpose)
    begin = _KEPT.index(purpose) * _SECRET
    return secret[begin : begin + _SECRET]


class Keys:
    """The working keys, each for one purpose only.

    Whoever exchanges keys does it while others work: before anything is sealed, and when an envelope names a key that
    is not known, it is looked whether the provider has others now.
    """

    def __init__(self, provider: KeyProvider) -> None:
        self._provider, self._looked = provider, threading.local()
        self._stamp = provider.stamp()
        self._ring = _Ring(provider.secrets())
        self._index = self._ring.of_root("blind index")
        self._keyed = HMAC(self._index, SHA256())
        self.chain = self._ring.of_root("event chain")
        self.bell = self._ring.of_root("bell")

    def renew(self) -> None:
        """Take other secrets up if the provider has others now.

        Those that do not belong to the same index and chain, or cannot be read, are not taken: the next start tells.
        """
        stamp = self._provider.stamp()
        if stamp == self._stamp:
            return
        try:
            ring = _Ring(self._provider.secrets())
        except KeysUnusable:
            return
        if ring.of_root("blind index") == self._index:
            self._ring, self._stamp = ring, stamp

    @contextmanager
    def looked_for(self) -> Iterator[None]:
        """Look now whether the provider has other secrets, and not again for what this thread seals within the block.

        For whoever holds the right to write: who exchanges keys waits for its end before anything is sealed anew.
        """
        self.renew()
        self._looked.enough = True
        try:
            yield
        finally:
            self._looked.enough = False

    @property
    def current(self) -> bytes:
        """The id of the key that seals, as envelopes name it."""
        return self._ring.current

    @property
    def opening(self) -> tuple[bytes, ...]:
        """The ids of all keys that open, newest first."""
        return tuple(self._ring.seals)

    def checks(self, installation: str) -> tuple[str, ...]:
        """Return by what an installation knows its keys again, newest first; nothing of a key can be learnt from it.

        Before that of a key of which only the remains are there stands WITHDRAWN.
        """
        return tuple(
            ("" if whole else WITHDRAWN) + hmac.digest(proof, installation.encode(), "sha256").hex()[:32]
            for proof, whole in self._ring.proofs
        )

    def knows(self, key_id: bytes) -> bool:
        """Return whether the key that envelopes name by this id is at hand."""
        if key_id not in self._ring.seals:
            self.renew()
        return key_id in self._ring.seals

    def seal(self, plain: bytes, place: Place) -> bytes:
        """Return the envelope of these bytes for this place."""
        if not getattr(self._looked, "enough", False):
            self.renew()
        ring, nonce = self._ring, os.urandom(_NONCE)
        return _VERSION + ring.current + nonce + ring.seals[ring.current].encrypt(nonce, plain, place.bytes())

    def open(self, envelope: bytes, place: Place) -> bytes:
        """Return the bytes in an envelope; raises SealBroken when it was altered or belongs elsewhere."""
        key_id, rest = key_of(envelope), (memoryview if len(envelope) > _LARGE else bytes)(envelope)[1 + _KEY_ID :]
        if envelope[:1] != _VERSION or not self.knows(key_id):
            raise SealBroken(f"unknown envelope in {place.table}.{place.column}")
        try:
            return self._ring.seals[key_id].decrypt(rest[:_NONCE], rest[_NONCE:], place.bytes())
        except (InvalidTag, KeyError, ValueError) as error:
            raise SealBroken(f"altered or moved envelope in {place.table}.{place.column}") from error

    def sealed_anew(self, envelope: bytes, place: Place) -> bytes:
        """Return an envelope of the same content, as long as before, of the key that seals now; raises SealBroken."""
        return self.seal(self.open(envelope, place), place)

    def seal_values(self, values: Mapping[str, Any], place: Place) -> bytes:
        """Return the envelope of a structure of plain values."""
        return self.seal(to_json(values).encode(), place)

    def open_values(self, envelope: bytes | None, place: Place) -> dict[str, Any]:
        """Return the structure in an envelope, an empty one when there is no envelope; raises SealBroken."""
        return dict(json.loads(self.open(envelope, place))) if envelope else {}

    def keyed(self, digest: str) -> str:
        """Return the hex digest that stands for an unkeyed one, by which nobody tries texts against the disk."""
        return self.blind_index(digest, "digest")

    def blind_index(self, text: str, kind: str = "id") -> str:
        """Return the hex index by which exactly this text is found again; width, case and blanks do not matter."""
        normal = (text if text.isascii() else unicodedata.normalize("NFKC", text)).upper().replace(" ", "")
        keyed = self._keyed.copy()  # a third of the time that hmac.digest takes
        keyed.update(f"{kind}|{normal}".encode())
        return keyed.finalize().hex()
