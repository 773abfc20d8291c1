"""What a backup says of itself: in clear as much as it takes to open it, the rest among its files."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xunfang.backup.box import Box, Content, write_pieces
from xunfang.backup.shelf import BackupBroken
from xunfang.store import ChainHead, Keys
from xunfang.store.copying import Inventory
from xunfang.store.passphrase import Passphrase, PassphraseWrong

FORMAT = 1
HEADER, MANIFEST, DATABASE = "backup.json", "manifest.json", "database.db"
FILES, SETTINGS = "files", "settings"
"""Folders: what lies in the file store, and config.toml with the rules."""
SETTINGS_FILE, RULES = f"{SETTINGS}/config.toml", ("forms", "workflows", "templates")
JURISDICTION = "jurisdiction"
"""The kind of what holds one jurisdiction that leaves, with the key and the origin of it."""
KEY, ORIGIN = "transfer.key", "origin.json"


@dataclass(frozen=True, slots=True)
class Header:
    """What lies in clear: of which installation and moment a backup is, and by what passphrase it was sealed."""

    installation: str
    made_at: str
    passphrase: Mapping[str, Any] | None
    format: int = FORMAT

    def told(self) -> dict[str, Any]:
        """Return it as it is written."""
        sealed = dict(self.passphrase) if self.passphrase else None
        return {
            "format": self.format,
            "installation": self.installation,
            "made_at": self.made_at,
            "passphrase": sealed,
        }


@dataclass(frozen=True, slots=True)
class Manifest:
    """All that is in a backup. `absent` are files that rows name and that are not in it, and why.

    `dropped` ones nothing names any more, they were cleared away while the backup was made; `lost` ones were gone or
    broken in the file store itself.
    """

    header: Header
    kind: str
    inventory: Inventory
    files: Mapping[str, Content]
    absent: Mapping[str, str] = field(default_factory=dict)

    @property
    def lost(self) -> tuple[str, ...]:
        """The files that were gone already when the backup was made."""
        return tuple(name for name, why in self.absent.items() if why == "lost")

    @property
    def size(self) -> int:
        """How many bytes it holds, unsealed."""
        return sum(content.size for content in self.files.values())


def write_header(folder: Path, header: Header) -> None:
    """Write what lies in clear."""
    write_pieces(folder / HEADER, [_text(header.told())])


def read_header(folder: Path) -> Header:
    """Return what lies in clear; raises BackupBroken when a folder holds no backup of a known format."""
    try:
        told = json.loads((folder / HEADER).read_text("utf-8"))
        found = Header(told["installation"], told["made_at"], told["passphrase"], told["format"])
    except FileNotFoundError:
        raise BackupBroken(f"{folder} 不是一份完整的备份：没有 {HEADER}。") from None
    except (ValueError, KeyError, TypeError):
        raise BackupBroken(f"{folder} 中的 {HEADER} 被改动或损坏。请改用另一份备份。") from None
    if found.format != FORMAT:
        raise BackupBroken(
            f"{folder} 是第 {found.format} 版格式的备份，本程序只认识第 {FORMAT} 版。请用做备份时的程序。"
        )
    return found


def write_manifest(box: Box, manifest: Manifest, keys: Keys) -> None:
    """Write what is in a backup, with the proof that whoever holds the keys wrote it."""
    told = _told(manifest)
    box.put(MANIFEST, [_text({**told, "proof": _proof(told, keys)})])


def read_manifest(folder: Path, secret: bytes | None, keys: Keys | None) -> tuple[Box, Manifest]:
    """Return the files of a backup and what it says is in it; with keys, that nobody else wrote so is proved.

    Raises BackupBroken, PassphraseWrong.
    """
    header = read_header(folder)
    box = Box(folder, _passphrase(folder, header, secret))
    try:
        told = json.loads(b"".join(box.pieces(MANIFEST)))
        proof = told.pop("proof")
        found = _manifest(told)
    except FileNotFoundError:
        raise BackupBroken(f"{folder} 不是一份完整的备份：没有 {MANIFEST}。") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BackupBroken(f"{folder} 中的 {MANIFEST} 被改动或损坏。请改用另一份备份。") from None
    if found.header != header:
        raise BackupBroken(f"{folder} 中的 {HEADER} 与 {MANIFEST} 不符，被改动过。请改用另一份备份。")
    if keys is not None and proof != _proof(told, keys):
        raise BackupBroken(
            f"{folder} 中的 {MANIFEST} 不是用这里的密钥写成的：密钥不是做备份的那个安装的，或者它被改动过。"
            "请核对 --keys；密钥无误的，请改用另一份备份。"
        )
    _refuse_strange(folder, found)
    return box, found


def _refuse_strange(folder: Path, found: Manifest) -> None:
    """Raise BackupBroken for files that no backup holds: whoever unpacks them would write where nothing of it lies."""
    needed = {DATABASE, KEY, ORIGIN} if found.kind == JURISDICTION else {DATABASE, SETTINGS_FILE}
    wrong = [f"少了 {name}" for name in sorted(needed - {*found.files})]
    wrong += [f"不该有 {name}" for name in sorted({*found.files} - needed) if not _has_its_place(name)]
    if wrong:
        raise BackupBroken(f"{folder} 不是寻访写成的，或者被改动过（{'、'.join(wrong[:10])}）。请改用另一份。")


def _has_its_place(name: str) -> bool:
    """Return whether a file is one of the file store or of the rules, by its name."""
    parts = name.split("/")
    if {"", ".", ".."} & {*parts}:
        return False
    return parts[0] == FILES or (parts[0] == SETTINGS and len(parts) > 2 and parts[1] in RULES)


def _passphrase(folder: Path, header: Header, secret: bytes | None) -> Passphrase | None:
    if header.passphrase is None:
        return None
    if secret is None:
        raise PassphraseWrong(f"{folder} 是加密的备份。请用 --passphrase-file 指明做备份时的口令文件。")
    try:
        return Passphrase.known(secret, header.passphrase)
    except (KeyError, ValueError, TypeError):
        raise BackupBroken(f"{folder} 中的 {HEADER} 被改动或损坏。请改用另一份备份。") from None


def _told(manifest: Manifest) -> dict[str, Any]:
    held = manifest.inventory
    return {
        "header": manifest.header.told(),
        "kind": manifest.kind,
        "schema": held.schema,
        "installation": held.installation,
        "rows": held.rows,
        "heads": [[head.jurisdiction, head.n, head.hash] for head in held.heads],
        "releases": [list(release) for release in held.releases],
        "files": {name: list(content) for name, content in manifest.files.items()},
        "absent": dict(manifest.absent),
    }


def _manifest(told: Mapping[str, Any]) -> Manifest:
    header = told["header"]
    return Manifest(
        header=Header(header["installation"], header["made_at"], header["passphrase"], header["format"]),
        kind=str(told["kind"]),
        inventory=Inventory(
            schema=int(told["schema"]),
            installation=str(told["installation"]),
            rows={name: int(rows) for name, rows in told["rows"].items()},
            heads=tuple(ChainHead(int(n), str(hash_), str(name)) for name, n, hash_ in told["heads"]),
            releases=tuple((str(name), int(n), str(id_), bool(now)) for name, n, id_, now in told["releases"]),
        ),
        files={name: Content(str(sha256), int(size)) for name, (sha256, size) in told["files"].items()},
        absent={name: str(why) for name, why in told["absent"].items()},
    )


def _proof(told: Mapping[str, Any], keys: Keys) -> str:
    return keys.blind_index(hashlib.sha256(_text(told)).hexdigest(), "backup")


def _text(told: Mapping[str, Any]) -> bytes:
    text = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True)
    return text.encode(errors="surrogatepass")  # a file's name may be no UTF-8
