"""Releases 发布版本: packed files of a rulebook, published once and never changed."""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, cast

from xunfang.clock import local
from xunfang.store import release_statements
from xunfang.store.columns import from_seconds, to_json
from xunfang.store.database import Reader, Transaction
from xunfang.store.tables import Release

MOST_UNPACKED = 8
"""The files of so many releases stay unpacked, some three megabytes each."""


class Standing(NamedTuple):
    """What is in force by the store: the digest of each jurisdiction's release, and what tells apart what is held."""

    releases: tuple[tuple[str, str], ...] = ()
    held: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """A release without its files."""

    id: str
    number: int
    published_at: datetime
    published_by: str
    current: bool
    set_aside_at: datetime | None

    @property
    def label(self) -> str:
        """What people call it."""
        return f"规则 {local(self.published_at):%Y-%m-%d} 第{self.number}版"


def publish_release(
    tx: Transaction, digest: str, jurisdiction: str, files: Mapping[str, str], at: datetime, by: str = ""
) -> bool:
    """Make these files the current release of a jurisdiction; returns False when they were that already."""
    found = tx.find(Release, digest)
    if found is not None and found.current:
        return False
    if found is not None:
        put_in_force(tx, jurisdiction, digest)
        return True
    tx.update(Release, {"jurisdiction": jurisdiction, "current": True}, {"current": False})
    tx.insert(
        Release(
            id=digest,
            jurisdiction=jurisdiction,
            files=_packed(files),
            published_at=at,
            published_by=by,
            current=True,
            number=_last_number(tx, jurisdiction) + 1,
        )
    )
    return True


def renew_scenarios(tx: Transaction, digest: str, files: Mapping[str, str]) -> None:
    """Keep the scenarios of these files with a release whose rules are the same: they are part of no digest."""
    found = tx.find(Release, digest)
    if found is not None and release_files(found) != dict(files):
        tx.update(Release, {"id": digest}, {"files": _packed(files)})


def put_in_force(tx: Transaction, jurisdiction: str, digest: str) -> None:
    """Make a release that is kept already the current one of its jurisdiction."""
    tx.update(Release, {"jurisdiction": jurisdiction, "current": True}, {"current": False})
    tx.update(Release, {"id": digest}, {"current": True, "set_aside_at": None})


def set_aside(tx: Transaction, digest: str, at: datetime) -> None:
    """Note of a release that an earlier one was put in force in its place."""
    tx.update(Release, {"id": digest}, {"set_aside_at": at})


def current_release(reader: Reader, jurisdiction: str) -> Release | None:
    """Return the release new cases begin on, or None before the first is published."""
    return reader.first(Release, jurisdiction=jurisdiction, current=True)


def release_files(release: Release) -> dict[str, str]:
    """Return the files of a release, path to text."""
    return dict(_unpacked(release.files))


@lru_cache(maxsize=MOST_UNPACKED)
def _unpacked(packed: bytes) -> Mapping[str, str]:
    """Return packed files; the pages of a draft ask for those of the same release again and again."""
    return cast("Mapping[str, str]", json.loads(zlib.decompress(packed)))


def release_lines(reader: Reader, jurisdiction: str) -> list[ReleaseLine]:
    """Return every release of a jurisdiction, newest first."""
    sql = release_statements.release_lines("jurisdiction", reader.database.dialect.mark)
    return [_line(found) for found in reader.database.run(sql, (jurisdiction,)).fetchall()]


def releases_below(reader: Reader, jurisdiction: str, number: int, most: int) -> list[ReleaseLine]:
    """Return so many releases of a jurisdiction at most, those next below a number, newest first."""
    sql = release_statements.releases_below(reader.database.dialect.mark)
    return [_line(found) for found in reader.database.run(sql, (jurisdiction, number, most)).fetchall()]


def release_line(reader: Reader, digest: str) -> ReleaseLine | None:
    """Return one release without its files, or None."""
    sql = release_statements.release_lines("id", reader.database.dialect.mark)
    found = reader.database.run(sql, (digest,)).fetchone()
    return _line(found) if found else None


def open_by_release(reader: Reader, jurisdiction: str) -> dict[str, int]:
    """Return how many open cases stand on each release."""
    sql = release_statements.open_by_release(reader.database.dialect.mark)
    return {str(digest): int(n) for digest, n in reader.database.run(sql, (jurisdiction,)).fetchall()}


def standing(reader: Reader, jurisdictions: Sequence[str]) -> Standing:
    """Return what is in force in these jurisdictions: read before every page, so it touches as little as it can."""
    names = tuple(jurisdictions)
    sql = release_statements.standing(len(names), reader.database.dialect.mark)
    found = reader.database.run(sql, (*names, True, *names)).fetchall()
    in_force, held = (tuple((str(name), str(id)) for name, id, of in found if of == which) for which in (1, 0))
    return Standing(in_force, held)


def _packed(files: Mapping[str, str]) -> bytes:
    return zlib.compress(to_json(files).encode(), 6)


def _last_number(tx: Transaction, jurisdiction: str) -> int:
    (found,) = tx.database.run(
        release_statements.last_release_number(tx.database.dialect.mark), (jurisdiction,)
    ).fetchone()
    return int(found)


def _line(found: Sequence[Any]) -> ReleaseLine:
    digest, number, published_at, by, current, aside = found
    aside_at = None if aside is None else from_seconds(aside)
    return ReleaseLine(digest, number, from_seconds(published_at), by, bool(current), aside_at)
