"""Change sets 改动单: opened, edited by one or several, put on another base; nothing is live before it is published.

How one is tried, reviewed and published: see `rule_reviews`. A review holds for the digest that it was given on.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from xunfang.casework.draft import Draft
from xunfang.casework.rows import ChangeSet, DraftEdit, DraftFile
from xunfang.casework.verb import Asked
from xunfang.characters import seen, unprintable_words
from xunfang.errors import Conflict, FieldProblem, Invalid

OPEN = ("draft", "returned", "submitted", "approved")
"""How a change set stands while it can be edited; editing one that was handed in takes it back."""
ALIVE = (*OPEN, "waiting")
TITLE, WHY = 80, 2_000
MOST_TEXT = 1_000_000
"""So many characters a file of rules has at most."""
CHANGED = "这份改动单刚刚有变动，请刷新页面，看过最新情况后再办理。"
_EDITED = "这个文件刚刚被别人改过，您的改动没有保存，也没有丢：请对照现在的内容再改一次。"


def text_digest(text: str) -> str:
    """Return what tells a text from any other."""
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of(base: str, files: Iterable[DraftFile]) -> str:
    """Return what tells a draft from any other: the release it is based on, and every file it changes."""
    told = sorted((file.path, "" if file.gone else text_digest(file.text)) for file in files)
    return text_digest("\n".join([base, *(f"{path}\t{text}" for path, text in told)])) if told else ""


def open_change_set(draft: Draft, asked: Asked) -> None:
    """Open a change set on the release in force; raises Invalid with every problem."""
    words = _words(asked)
    made = draft.put(
        ChangeSet(
            id=draft.new_id(),
            jurisdiction=draft.actor.jurisdiction,
            base=draft.rulebook.digest,
            made_at=draft.at,
            made_by=draft.actor.account,
            source=str(asked.payload.get("source", "studio")),
            **words,
        )
    )
    draft.event("change_set.opened", data=told_of(made), cites=made.cites)


def describe_change_set(draft: Draft, asked: Asked) -> None:
    """Say anew what a change set is called, why and by which clauses it is made; raises Conflict, Invalid."""
    found = seen_as(draft, asked, OPEN)
    changed = draft.change(found, **_words(asked))
    draft.event("change_set.described", data=told_of(changed), cites=changed.cites)


def _words(asked: Asked) -> dict[str, Any]:
    told = {name: seen(str(asked.payload.get(name, ""))).strip() for name in ("title", "why")}
    wrong = [problem for name, most in (("title", TITLE), ("why", WHY)) if (problem := _wrong(name, told[name], most))]
    if wrong:
        raise Invalid(wrong, "没有保存。")
    return {**told, "cites": tuple(dict.fromkeys(asked.payload.get("cites", ())))}


def _wrong(name: str, text: str, most: int) -> FieldProblem | None:
    label = {"title": "名称", "why": "为什么改"}[name]
    if not text and name == "title":
        return FieldProblem(name, "请给这份改动单起一个名称，如“增加临时照护”。", "FIELD_MISSING")
    if len(text) > most:
        return FieldProblem(name, f"{label}最多{most}字。")
    problem = unprintable_words(text, label)
    return FieldProblem(name, problem) if problem else None


def edit_draft(draft: Draft, asked: Asked) -> None:
    """Write a file of a draft anew, or take it away; the edit is kept with what the file said before.

    The payload names the `path`, the new `text` (or `gone`), what the text was before (`before`, `was_gone`), its
    digest as the editor `saw` it, and what was done in a sentence (`said`). Raises Conflict where somebody else was
    first, NotAllowed, Invalid.
    """
    found = _open_one(draft, asked)
    path, before = str(asked.payload["path"]), str(asked.payload["before"])
    if asked.payload.get("saw") not in (None, text_digest(before)):
        raise Conflict(_EDITED, "EDITED_MEANWHILE")
    text, gone = str(asked.payload["text"]), bool(asked.payload.get("gone"))
    if len(text) > MOST_TEXT:
        raise Invalid([FieldProblem("text", f"一个文件最多{MOST_TEXT}字。")], "没有保存。")
    file = draft.first(DraftFile, change_set=found.id, path=path)
    now = {"text": text, "gone": gone, "edited_at": draft.at, "edited_by": draft.actor.account}
    if file is not None:
        draft.change(file, **now)
    else:
        base = text_digest(before)
        draft.put(_file(draft, found, path, base_digest=base, **now))
    was = {"before": before, "was_gone": bool(asked.payload.get("was_gone"))}
    _note(draft, found, path, str(asked.payload["command"]), str(asked.payload["said"]), **was)
    _redrawn(draft, found)


def _file(draft: Draft, found: ChangeSet, path: str, **values: Any) -> DraftFile:
    of: dict[str, Any] = {"jurisdiction": found.jurisdiction, "change_set": found.id}
    return DraftFile(id=draft.new_id(), path=path, **of, **values)


def _note(draft: Draft, found: ChangeSet, path: str, command: str, said: str, **was: Any) -> None:
    edit = DraftEdit(
        id=draft.new_id(),
        jurisdiction=found.jurisdiction,
        change_set=found.id,
        at=draft.at,
        by=draft.actor.account,
        path=path,
        command=command,
        said=said,
        **was,
    )
    draft.put(edit)
    draft.event("change_set.edited", data={**told_of(found), "file": path, "command": command})


def undo_edit(draft: Draft, asked: Asked) -> None:
    """Take the latest edit back that still stands; raises Conflict where there is none, or it is not the one meant."""
    found = _open_one(draft, asked)
    edits = [each for each in draft.select(DraftEdit, change_set=found.id) if not each.undone]
    if not edits or edits[-1].id != asked.payload.get("edit"):
        raise Conflict(CHANGED, "CHANGE_SET_CHANGED")
    last = edits[-1]
    file = draft.first(DraftFile, change_set=found.id, path=last.path)
    assert file is not None
    now = {"text": last.before, "gone": last.was_gone, "edited_at": draft.at, "edited_by": draft.actor.account}
    draft.change(file, **now)
    draft.change(last, undone=True)
    draft.event("change_set.edited", data={**told_of(found), "file": last.path, "command": "undo"})
    _redrawn(draft, found)


def rebase(draft: Draft, asked: Asked) -> None:
    """Put a draft on the release in force; the payload holds each file as it is merged, and what it was in the base."""
    found = _open_one(draft, asked)
    for path, (before, text, gone) in asked.payload["files"].items():
        file = draft.first(DraftFile, change_set=found.id, path=path)
        assert file is not None
        if (file.text, file.gone) != (text, gone):
            was = {"before": file.text, "was_gone": file.gone}
            _note(draft, found, path, "rebase", f"并入现行规则的改动：{path}", **was)
        now = {"text": text, "gone": gone, "edited_at": draft.at, "edited_by": draft.actor.account}
        draft.change(file, base_digest=text_digest(before), **now)
    moved = draft.change(found, base=draft.rulebook.digest)
    draft.event("change_set.rebased", data={**told_of(found), "was": found.base, "base": moved.base})
    _redrawn(draft, moved)


def _redrawn(draft: Draft, found: ChangeSet) -> None:
    """Note what the draft is now; what was handed in or approved is a draft again."""
    digest = digest_of(change_set_of(draft, found.id).base, draft.select(DraftFile, change_set=found.id))
    void = found.status in ("submitted", "approved")
    back = {"status": "draft", "reviewed_by": "", "reviewed_digest": "", "reviewed_at": None} if void else {}
    draft.change(found, digest=digest, **back)
    if void:
        draft.event("change_set.review_void", data=told_of(found))


def told_of(found: ChangeSet) -> Mapping[str, Any]:
    """Return by what events name a change set."""
    return {"change_set": found.id, "title": found.title}


def change_set_of(draft: Draft, key: str) -> ChangeSet:
    """Return a change set that is certainly in the file, as it stands now."""
    found = draft.find(ChangeSet, key)
    assert found is not None
    return found


def _open_one(draft: Draft, asked: Asked) -> ChangeSet:
    """Return a change set that can be edited; two may do so at once, so its version does not matter."""
    found = change_set_of(draft, str(asked.payload["change_set"]))
    if found.status not in OPEN:
        raise Conflict("这份改动单已经发布、待发布或者放弃，不能再改。", "CHANGE_SET_CLOSED")
    return found


def seen_as(draft: Draft, asked: Asked, stands: tuple[str, ...]) -> ChangeSet:
    """Return the change set that is asked for, as it was seen and standing so; raises Conflict for any other."""
    found = change_set_of(draft, str(asked.payload["change_set"]))
    if found.status not in stands or (asked.version and found.version != asked.version):
        raise Conflict(CHANGED, "CHANGE_SET_CHANGED")
    return found
