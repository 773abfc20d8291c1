"""Packages of change sets 改动包: carried from one installation to another, or into a repository and back.

A package holds each file as the draft has it and as its base had it, so that what changed on arrival is woven in, and a
manifest that says from where it comes. Nothing in it takes effect: on arrival it is a change set like any other.
"""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xunfang.actions.acting import acting
from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.drafting import EDITS, REVIEWS, PathRefused, check_path, draft_of
from xunfang.casework.change_sets import TITLE, WHY, told_of
from xunfang.errors import FieldProblem, Invalid
from xunfang.rulebook.weaving import woven
from xunfang.store import current_release, release_files
from xunfang.store.installation import installation_of
from xunfang.store.tables import DraftFile

FORMAT = 1
MOST_BYTES = 8 << 20
"""So many bytes a package has at most, packed or not."""
_MOST_FILES = 500
_MANIFEST = "manifest.json"
_NEW, _OLD = "new/", "base/"


@dataclass(frozen=True, slots=True)
class Package:
    """What a package says: for which layer, what it is called and why, from where, and its files now and before."""

    jurisdiction: str
    title: str
    why: str
    cites: tuple[str, ...]
    origin: str
    now: Mapping[str, str]
    before: Mapping[str, str]
    gone: tuple[str, ...]


def package_of(deployment: Deployment, actor: Actor, key: str, at: datetime) -> bytes:
    """Return a change set as a package; that it was taken along is recorded. Raises NotFound, NotAllowed."""
    actor.need(EDITS, REVIEWS)
    with acting(deployment, actor, at) as act:
        found = act.scoped.change_sets.one(key)
        base = act.scoped.change_sets.base(found)
        files = list(act.tx.every(DraftFile, change_set=key))
        own = installation_of(act.tx)
        act.event("change_set.packaged", data=told_of(found))
    now = {file.path: file.text for file in files if not file.gone}
    before = {file.path: base[file.path] for file in files if file.path in base}
    gone = tuple(file.path for file in files if file.gone)
    told = (found.jurisdiction, found.title, found.why, tuple(found.cites), own.id if own else "")
    return packed(Package(*told, now, before, gone))


def packed(package: Package) -> bytes:
    """Return what a package says as the file that carries it."""
    manifest = {
        "format": FORMAT, "jurisdiction": package.jurisdiction, "title": package.title, "why": package.why,
        "cites": list(package.cites), "origin": package.origin, "gone": list(package.gone),
    }  # fmt: skip
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        for folder, files in ((_NEW, package.now), (_OLD, package.before)):
            for path, text in files.items():
                archive.writestr(folder + path, text)
    return made.getvalue()


def read_new_layer(data: bytes) -> Package:
    """Return a package of a layer that may not be there yet; raises Invalid."""
    return _sound(_unpacked(data))


def read_package(data: bytes, jurisdiction: str) -> Package:
    """Return what a package says; raises Invalid for what is none, is too large, or is of another layer."""
    package = _unpacked(data)
    if package.jurisdiction != jurisdiction:
        raise _refused(f"这个改动包是 {package.jurisdiction} 的，不是本级的。")
    return _sound(package)


def _unpacked(data: bytes) -> Package:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.infolist()
            if len(names) > _MOST_FILES or sum(each.file_size for each in names) > MOST_BYTES:
                raise _refused("改动包太大。")
            texts = {each.filename: archive.read(each).decode() for each in names}
        told = json.loads(texts.pop(_MANIFEST))
        return _package(told, texts)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, NotImplementedError, RuntimeError):
        raise _refused("这不是改动包，或者已经损坏。请选从“规则修改”里下载的改动包。") from None


def _sound(package: Package) -> Package:
    for path in (*package.now, *package.before, *package.gone):
        try:
            check_path(package.jurisdiction, path)
        except PathRefused:
            raise _refused(f"改动包里有不属于本级规则的文件：{path[:80]}。") from None
    return package


def _package(told: Mapping[str, Any], texts: Mapping[str, str]) -> Package:
    if told["format"] != FORMAT:
        raise ValueError("format")
    return Package(
        jurisdiction=str(told["jurisdiction"]),
        title=str(told["title"])[:TITLE],
        why=str(told["why"])[:WHY],
        cites=tuple(str(each) for each in told["cites"]),
        origin=str(told["origin"]),
        now={name.removeprefix(_NEW): text for name, text in texts.items() if name.startswith(_NEW)},
        before={name.removeprefix(_OLD): text for name, text in texts.items() if name.startswith(_OLD)},
        gone=tuple(str(each) for each in told["gone"]),
    )


def _refused(why: str) -> Invalid:
    return Invalid([FieldProblem("package", why)], "没有导入。")


def take_package(deployment: Deployment, actor: Actor, data: bytes, at: datetime) -> str:
    """Make a change set of a package and return its key; raises Invalid, NotAllowed.

    Where the rules here differ from those it was made on, both changes are woven together; where they touch the same
    lines, the package's text stands in the draft, and its edit says so.
    """
    actor.need(EDITS)
    package = read_package(data, actor.jurisdiction)
    with acting(deployment, actor, at, EDITS) as act:
        release = current_release(act.tx, actor.jurisdiction)
        stands = release_files(release) if release else {}
        known = [clause for clause in package.cites if clause in act.rules().clauses]
        words = {"title": package.title, "why": package.why, "cites": known, "source": "package"}
        paths = sorted({*package.now, *package.gone})
        texts = {path: _arrived(package, path, stands.get(path)) for path in paths}
        return draft_of(act, words, "package.take", texts, stands)


def _arrived(package: Package, path: str, here: str | None) -> tuple[str | None, str]:
    """Return what a file of a package is to be in the draft, and what is said of it."""
    theirs, before = package.now.get(path), package.before.get(path)
    said = f"取自改动包（安装 {package.origin[:8]}）：{path}"
    if here in (before, theirs) or here is None or before is None or theirs is None:
        return theirs, said
    both = woven(before, here, theirs)
    told = "改到了同一处，请对照" if both is None else "已合并"
    return theirs if both is None else both, f"{said}；这里的规则与改动包所据的不同，{told}"
