"""Putting a draft on the release in force: what only one side changed is taken, what both changed is told."""

from collections.abc import Mapping
from datetime import datetime

from xunfang.actions.acting import acting
from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.drafting import EDITS, change_set_file
from xunfang.actions.storing import store
from xunfang.casework import Asked, advance
from xunfang.errors import Conflict
from xunfang.rulebook.files import Files
from xunfang.rulebook.weaving import woven
from xunfang.store import current_release, new_id, release_files
from xunfang.store.tables import DraftFile

TORN = "这份改动单和现行规则都改了同一处，请对照现行规则把它改成一样，再并入："

Merged = Mapping[str, tuple[str, str, bool]]
"""By path: what the file says in the release in force, what it is to say in the draft, and whether it is gone there."""


def rebase_change_set(deployment: Deployment, actor: Actor, key: str, at: datetime) -> None:
    """Put a draft on the release in force. Raises NotFound, and Conflict that names what both sides changed."""
    with acting(deployment, actor, at, EDITS) as act:
        found = act.scoped.change_sets.one(key)
        base = act.scoped.change_sets.base(found)
        release = current_release(act.tx, found.jurisdiction)
        assert release is not None
        drafts = {file.path: file for file in act.tx.every(DraftFile, change_set=found.id)}
        merged, torn = merge(base, release_files(release), drafts)
        if torn:
            raise Conflict(f"{TORN}{'、'.join(torn)}。", "BOTH_CHANGED")
        payload = {"change_set": key, "files": merged}
        asked = Asked(verb="rebase-change-set", actor=actor, payload=payload)
        store(act, advance(act.rules(), change_set_file(act, found), asked, act.at, new_id))


def merge(base: Files, now: Files, drafts: Mapping[str, DraftFile]) -> tuple[Merged, tuple[str, ...]]:
    """Return each file of a draft as it is to be on new rules, and the files that both sides changed otherwise."""
    merged: dict[str, tuple[str, str, bool]] = {}
    torn = []
    for path, file in drafts.items():
        before, after = base.get(path), now.get(path)
        try:
            kept = _woven(before, after, None if file.gone else file.text)
        except _TornError:
            torn.append(path)
        else:
            merged[path] = (after or "", kept or "", kept is None)
    return merged, tuple(torn)


class _TornError(Exception):
    """Both sides changed the same."""


def _woven(before: str | None, after: str | None, mine: str | None) -> str | None:
    """Return a file with the changes of both sides, None for one that is gone."""
    if after in (before, mine):
        return mine
    if mine == before:
        return after
    both = None if before is None or after is None or mine is None else woven(before, after, mine)
    if both is None:
        raise _TornError
    return both
