"""Releases 发布版本: packed files of a rulebook, published once and never changed."""

import json
import zlib
from collections.abc import Mapping
from datetime import datetime

from xunfang.store.columns import to_json
from xunfang.store.database import Reader, Transaction
from xunfang.store.tables import Release


def publish_release(
    tx: Transaction, digest: str, jurisdiction: str, files: Mapping[str, str], at: datetime, by: str = ""
) -> bool:
    """Make these files the current release of a jurisdiction; returns False when they were that already."""
    found = tx.find(Release, digest)
    if found is not None and found.current:
        return False
    tx.update(Release, {"jurisdiction": jurisdiction, "current": True}, {"current": False})
    if found is not None:
        tx.update(Release, {"id": digest}, {"current": True})
        return True
    packed = zlib.compress(to_json(files).encode(), 6)
    tx.insert(
        Release(id=digest, jurisdiction=jurisdiction, files=packed, published_at=at, published_by=by, current=True)
    )
    return True


def current_release(reader: Reader, jurisdiction: str) -> Release | None:
    """Return the release new cases begin on, or None before the first is published."""
    return reader.first(Release, jurisdiction=jurisdiction, current=True)


def release_files(release: Release) -> dict[str, str]:
    """Return the files of a release, path to text."""
    return dict(json.loads(zlib.decompress(release.files)))
