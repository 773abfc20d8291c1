"""What was posted from the pages of clauses, and the edits that come of it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from xunfang.actions.drafting import Edit, Edited
from xunfang.desk.studio.block_edits import edit_of
from xunfang.desk.studio.block_keys import key_read
from xunfang.desk.studio.blocks_beside import read_blocks
from xunfang.desk.studio.clauses import beside, clause_key, own_path
from xunfang.errors import Conflict, FieldProblem, Invalid, NotFound
from xunfang.rulebook.blocks import Block
from xunfang.rulebook.citations import citing_also, citing_no_more, key_for
from xunfang.rulebook.files import Files
from xunfang.rulebook.policy_texts import Written, plain, stands_in, text_path, written_in
from xunfang.rulebook.positions import Path
from xunfang.rulebook.splicing import AddBlock, RemoveBlock, SetBlock, Splice

MOST_ID, MOST_WORDS, MOST_WHY = 60, 2_000, 300
_BROKEN = re.compile(r"\s*\n\s*")
_ID = re.compile(r"[^\s\"'\\/#\[\]=]+")
_GONE = "这条规则已经不在了，可能刚被别人删去或挪动，请看过现在的内容再改。"
Given = Mapping[str, str]


def joined(words: str) -> str:
    """Return words as one line: what was selected over several lines of a text is one clause."""
    return _BROKEN.sub("", words.replace("\r\n", "\n")).strip()


def _commanded(edit: Edit, command: str) -> Edit:
    return lambda text: replace(edit(text), command=command)


def clause_added(files: Files, layer: str, document: Written, given: Given, today: date) -> Edit:
    """Return the edit that adds a clause where its words stand in the text; raises Invalid."""
    id, text = given["id"].strip(), files.get(text_path(layer, document.id), "")
    wrong = [*_wrong_id(files, id), *_wrong_words(given, text)]
    if wrong:
        raise Invalid(wrong, "没有保存。")
    _, behind = beside(document, text, given["words"])
    before = clause_key(document.id, behind) if behind else None
    splice = AddBlock(clause_key(document.id, id), _data(given, {}, today), before)
    return _commanded(edit_of(own_path(layer), [splice], f"新增条款 {id}"), "clause.add")


def clause_set(files: Files, layer: str, document: Written, id: str, given: Given, today: date) -> Edit:
    """Return the edit that lets a clause say what was typed; raises Invalid."""
    if wrong := _wrong_words(given, files.get(text_path(layer, document.id), "")):
        raise Invalid(wrong, "没有保存。")
    data = _data(given, document.clauses[id], today)
    splice = SetBlock(clause_key(document.id, id), given["digest"], data)
    return _commanded(edit_of(own_path(layer), [splice], f"修改条款 {id}"), "clause.set")


def clause_removed(layer: str, document: Written, id: str, whole: str) -> Edit:
    """Return the edit that takes a clause away."""
    splice = RemoveBlock(clause_key(document.id, id), whole)
    return _commanded(edit_of(own_path(layer), [splice], f"删去条款 {id}"), "clause.remove")


def _wrong_id(files: Files, id: str) -> list[FieldProblem]:
    taken = {clause for each in written_in(files, _layers(files)) for clause in each.clauses}
    if not id or len(id) > MOST_ID or not _ID.fullmatch(id) or not id.isprintable():
        told = f"编号不能空着，最多{MOST_ID}字，不能有空格、引号、方括号，如 二(一)-1。"
        return [FieldProblem("id", told, "FIELD_MISSING")]
    return [FieldProblem("id", f"已经有编号为“{id}”的条款，请换一个。")] if id in taken else []


def _layers(files: Files) -> Sequence[str]:
    return sorted({path.split("/")[1] for path in files if path.endswith("/policies.toml")})


def _wrong_words(given: Given, text: str) -> list[FieldProblem]:
    words = given["words"]
    if not plain(words):
        return [FieldProblem("words", "请写上条款的原文，一字不差。", "FIELD_MISSING")]
    if len(words) > MOST_WORDS:
        return [FieldProblem("words", f"一条最多{MOST_WORDS}字，请分成几条。")]
    if text and not stands_in(words, text):
        return [FieldProblem("words", "政策原文里没有这段话。条款要与原文一字不差，请从原文里复制。")]
    return [FieldProblem("why", f"最多{MOST_WHY}字。")] if len(given["why"]) > MOST_WHY else []


def _data(given: Given, was: Mapping[str, Any], today: date) -> dict[str, Any]:
    reviewed = today if given["reviewed"] else was.get("reviewed")
    kept = {key: value for key, value in was.items() if key not in ("text", "reviewed", "not_software")}
    told = {"text": given["words"], "reviewed": reviewed, "not_software": given["why"].strip()}
    return {**{key: value for key, value in told.items() if value}, **kept}


def seen_blocks(tokens: Sequence[str]) -> tuple[str, list[tuple[str, Path]]]:
    """Return the file that posted blocks are of, and the digest and the key of each; raises NotFound for none."""
    found = [token.split("#", 2) for token in tokens]
    if not found or any(len(each) != 3 for each in found) or len({each[0] for each in found}) > 1:
        raise NotFound
    return found[0][0], [(digest, key_read(key)) for _, digest, key in found]


def attached(path: str, seen: Sequence[tuple[str, Path]], clause: str, told: str) -> Edit:
    """Return the edit by which rules cite a clause."""
    return _recited(
        path, seen, lambda block: citing_also(block.data, key_for(path, block.key), clause), "clause.attach", told
    )


def detached(path: str, seen: Sequence[tuple[str, Path]], clause: str, told: str) -> Edit:
    """Return the edit by which rules cite a clause no more."""
    return _recited(path, seen, lambda block: citing_no_more(block.data, clause), "clause.detach", told)


def _recited(
    path: str, seen: Sequence[tuple[str, Path]], anew: Callable[[Block], Any], command: str, told: str
) -> Edit:
    def edit(text: str) -> Edited:
        blocks = {block.key: block for block in read_blocks(path, text)[0]}
        if any(key not in blocks for _, key in seen):
            raise Conflict(_GONE)
        splices: list[Splice] = [SetBlock(key, digest, anew(blocks[key])) for digest, key in seen]
        return replace(edit_of(path, splices, told)(text), command=command)

    return edit


def text_put(document: str, text: str, saw: str) -> Edit:
    """Return the edit that puts the whole text of a document there."""
    told = text.replace("\r\n", "\n").strip()
    edited = Edited(f"{told}\n", "policy-text.set", f"换上政策原文 {document}", saw=saw)
    return lambda _: edited
