"""The files of the rules of a jurisdiction that arrives: put in their places where they are nobody else's too.

What has no place here is laid aside, whole, for a person: where the account may not write, and a layer that the rules
of others would come to stand on.
"""

import errno
import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from xunfang.backup.box import Box, write_pieces
from xunfang.backup.leaving import above
from xunfang.backup.manifest import RULES, SETTINGS, Manifest
from xunfang.backup.shelf import BackupBroken
from xunfang.settings import Settings
from xunfang.store.disk import private_folder, sync_folder

_SHUT = {errno.EACCES, errno.EPERM, errno.EROFS, errno.EXDEV}


@dataclass(slots=True)
class ArrivedRules:
    """The layers that were written, that are here and are others, that had to be laid aside, and where these lie."""

    aside: Path
    written: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    shut: list[str] = field(default_factory=list)
    bearing: dict[str, list[str]] = field(default_factory=dict)
    """By layer, whose rules it would be laid under."""


def refuse_strange_layers(manifest: Manifest, jurisdiction: str) -> None:
    """Raise BackupBroken for rules that are neither of a jurisdiction nor of one above it."""
    strange = sorted(layer for layer in _layers(manifest) if not above(layer.partition("/")[2], jurisdiction))
    if strange:
        raise BackupBroken(
            f"迁出的数据里有不属于 {jurisdiction} 的规则（{'、'.join(strange)}），没有迁入。请重新迁出。"
        )


def write_rules(settings: Settings, box: Box, manifest: Manifest, jurisdiction: str) -> ArrivedRules:
    """Write the layers that are not here yet, each whole or not at all; raises NoRoom, BackupBroken."""
    done = ArrivedRules(settings.root / "var" / "arrived" / jurisdiction)
    shutil.rmtree(done.aside, ignore_errors=True)
    others = _others(settings, manifest, jurisdiction)
    for layer, names in _layers(manifest).items():
        if (settings.root / layer).exists():
            done.differing += [layer] if _differs(settings, box, names) else []
            continue
        _unpack(box, names, done.aside)
        if standing := [other for other in others if above(layer.partition("/")[2], other)]:
            done.bearing[layer] = standing
        else:
            (done.written if _moved(done.aside / layer, settings.root / layer) else done.shut).append(layer)
    if not done.shut and not done.bearing:
        shutil.rmtree(done.aside, ignore_errors=True)
        with suppress(OSError):  # what came with others may lie there
            done.aside.parent.rmdir()
    return done


def _layers(manifest: Manifest) -> dict[str, list[str]]:
    """Return the files of each layer, by where it lies: forms/62-gansu."""
    found: dict[str, list[str]] = {}
    for name in sorted(manifest.files):
        top, _, rest = name.partition("/")
        if top == SETTINGS:
            found.setdefault("/".join(rest.split("/")[:2]), []).append(name)
    return found


def _differs(settings: Settings, box: Box, names: list[str]) -> bool:
    paths = {name: settings.root / name.partition("/")[2] for name in names}
    return any(not path.is_file() or path.read_bytes() != b"".join(box.pieces(name)) for name, path in paths.items())


def _unpack(box: Box, names: list[str], into: Path) -> None:
    for name in names:
        write_pieces(into / name.partition("/")[2], box.pieces(name))


def _others(settings: Settings, manifest: Manifest, jurisdiction: str) -> list[str]:
    """Return those here whose rules a layer that comes new could change, or keep from being read at all."""
    coming = {layer.partition("/")[2] for layer in _layers(manifest)}
    here = {path.name for kind in RULES for path in (settings.root / kind).glob("*")} - coming
    return sorted((here | {*settings.serves}) - {jurisdiction})


def _moved(folder: Path, to: Path) -> bool:
    """Copy a layer beside its place and let it have its name at once; returns False where nobody lets us."""
    part = to.parent.parent / f".{to.parent.name}-{to.name}.part"
    try:
        shutil.rmtree(part, ignore_errors=True)
        for each in sorted(path for path in folder.rglob("*") if path.is_file()):
            write_pieces(part / each.relative_to(folder), [each.read_bytes()])
        private_folder(to.parent)
        part.rename(to)
        sync_folder(to.parent)
    except OSError as error:
        if error.errno not in _SHUT:
            raise
        return False
    finally:
        shutil.rmtree(part, ignore_errors=True)
    shutil.rmtree(folder)
    return True
