"""Change sets 改动单: opened, edited, handed in, reviewed. What a draft's files are, and who works on it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.storing import store
from xunfang.casework import VERBS, Asked, ChangeSet, File, advance
from xunfang.casework.rows import DraftComment, DraftEdit, DraftFile, DraftTrial
from xunfang.casework.rule_reviews import authors_of
from xunfang.errors import Refused
from xunfang.rulebook.files import FOLDERS, MAX_BYTES, Files
from xunfang.store import Account, Reader, Release, new_id, release_files

REVIEWS, EDITS = "review-rules", "edit-rules"


@dataclass(frozen=True, slots=True)
class Edited:
    """What an edit makes of a file: its new text or that it is `gone`, by which command, and in a sentence what it was.

    `saw` is the digest of the text that the editor had before them; None where the edit looked at the text itself.
    """

    text: str
    command: str
    said: str
    gone: bool = False
    saw: str | None = None


Edit = Callable[[str], Edited]
"""Makes of a file as it stands what it is to be; raises Refused where that is not possible."""


class PathRefused(Refused):
    """A file that does not belong to the layer whose rules are edited."""

    code = "FILE_OUTSIDE_LAYER"


def open_change_set(deployment: Deployment, actor: Actor, words: Mapping[str, Any], at: datetime) -> str:
    """Open a change set on the rules in force and return its key; `words`: title, why, cites. Raises Invalid."""
    with acting(deployment, actor, at, EDITS) as act:
        return draft_of(act, words, "", {}, {})


def draft_of(
    act: Act, words: Mapping[str, Any], command: str, texts: Mapping[str, tuple[str | None, str]], stands: Files
) -> str:
    """Open a change set and fill it with files that were edited elsewhere; returns its key.

    `texts`: by path, what it is to say (None: taken away) and what is said of that; `stands`: what is in force.
    """
    made = advance(act.rules(), File(), Asked(verb="open-change-set", actor=act.actor, payload=words), act.at, new_id)
    store(act, made)
    found = next(row for row in made.new if isinstance(row, ChangeSet))
    for path, (text, said) in texts.items():
        if text != stands.get(path):
            _write(act, found, path, stands.get(path), Edited(text or "", command, said, text is None))
    return found.id


def _write(act: Act, found: ChangeSet, path: str, before: str | None, edited: Edited) -> None:
    payload = {
        "change_set": found.id, "path": path, "before": before or "", "was_gone": before is None,
        "text": edited.text, "gone": edited.gone, "command": edited.command, "said": edited.said, "saw": edited.saw,
    }  # fmt: skip
    asked = Asked(verb="edit-draft", actor=act.actor, payload=payload)
    store(act, advance(act.rules(), change_set_file(act, found), asked, act.at, new_id))


def edit_draft(deployment: Deployment, actor: Actor, key: str, path: str, edit: Edit, at: datetime) -> None:
    """Edit a file of a draft as it stands now.

    Raises NotFound, PathRefused, Conflict, Invalid, and what the edit itself raises.
    """
    with acting(deployment, actor, at, EDITS) as act:
        found = act.scoped.change_sets.one(key)
        check_path(found.jurisdiction, path)
        before = text_of(act.tx, found, path)
        edited = edit(before or "")
        if edited.text == (before or "") and not edited.gone and before is not None:
            return
        _write(act, found, path, before, edited)


def check_path(layer: str, path: str) -> None:
    """Raise PathRefused for what is no rule file of a layer."""
    parts = path.split("/")
    ending = f".{path.rpartition('.')[2]}"
    sound = len(parts) in (3, 4) and all(part and not part.startswith(".") for part in parts) and path.isprintable()
    if not sound or parts[0] not in FOLDERS or ending not in MAX_BYTES:
        raise PathRefused("没有这个规则文件。")
    if parts[1] != layer:
        raise PathRefused("这个文件由上一级维护，本级不能改；本级可以在自己的文件里另写。")


def text_of(reader: Reader, found: ChangeSet, path: str) -> str | None:
    """Return what a file says in a draft, None where there is none."""
    file = reader.first(DraftFile, change_set=found.id, path=path)
    return base_files(reader, found).get(path) if file is None else None if file.gone else file.text


def base_files(reader: Reader, found: ChangeSet) -> dict[str, str]:
    """Return the files of the release that a draft is based on."""
    release = reader.find(Release, found.base)
    assert release is not None
    return release_files(release)


def drafted(base: Files, files: Iterable[DraftFile]) -> dict[str, str]:
    """Return the files of a release as a draft has them."""
    changed = tuple(files)
    gone = {file.path for file in changed if file.gone}
    whole = {**base, **{file.path: file.text for file in changed}}
    return {path: text for path, text in whole.items() if path not in gone}


def draft_files(reader: Reader, found: ChangeSet) -> dict[str, str]:
    """Return all files of a draft, those of the layers above too."""
    return drafted(base_files(reader, found), reader.every(DraftFile, change_set=found.id))


def do_to_change_set(
    deployment: Deployment,
    actor: Actor,
    verb: str,
    key: str,
    at: datetime,
    *,
    version: int = 0,
    reason: str = "",
    told: Mapping[str, Any] | None = None,
) -> None:
    """Do a verb to a change set that needs nothing compiled; raises NotFound, NotAllowed, Conflict, Invalid."""
    with acting(deployment, actor, at) as act:
        found = act.scoped.change_sets.one(key)
        actor.need(*VERBS[verb].acts)
        payload = {**(told or {}), "change_set": found.id, **_people(act, found, verb)}
        asked = Asked(verb=verb, actor=actor, version=version, reason=reason, payload=payload)
        store(act, advance(act.rules(), change_set_file(act, found), asked, act.at, new_id))


def _people(act: Act, found: ChangeSet, verb: str) -> dict[str, Any]:
    """Return who is told of what is done to a change set: reviewers of one handed in, its authors of anything else."""
    if verb == "submit-change-set":
        return {"reviewers": tuple(reviewers(act))}
    return {"tell": authors_told(act, found)}


def authors_told(act: Act, found: ChangeSet) -> tuple[tuple[str, str], ...]:
    """Return the unit and the key of every account that had a part in a draft, but the one who acts."""
    keys = authors_of(found, act.tx.every(DraftEdit, change_set=found.id))
    accounts = (act.tx.find(Account, key) for key in sorted(keys - {act.actor.account}))
    return tuple((each.unit, each.id) for each in accounts if each and each.state == "active")


def reviewers(act: Act) -> list[tuple[str, str]]:
    """Return the unit and the key of every account that may review rules."""
    roles = {role.id for role in act.rules().roles.values() if REVIEWS in role.may}
    there = act.tx.every(Account, jurisdiction=act.actor.jurisdiction, state="active")
    return [(each.unit, each.id) for each in there if roles.intersection(each.roles)]


def change_set_file(act: Act, found: ChangeSet) -> File:
    """Return the file of a change set: all that belongs to it."""
    of = {"change_set": found.id}
    kinds: tuple[type[Any], ...] = (DraftFile, DraftEdit, DraftComment, DraftTrial)
    return File((found,), later={kind: tuple(act.tx.every(kind, **of)) for kind in kinds})
