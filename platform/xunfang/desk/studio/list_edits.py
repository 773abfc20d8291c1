"""Edits of an option list, each one command: an option added, renamed, moved, retired, offered again, taken away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from xunfang.actions.drafting import Edit, Edited
from xunfang.desk.studio.block_edits import checked_id, edit_of, refusing
from xunfang.desk.studio.block_pages import Desk
from xunfang.desk.studio.blocks_beside import read_blocks
from xunfang.desk.studio.layered import part_of
from xunfang.desk.studio.lists import KIND, entries_in, moves, own_blocks, own_path, title_of, why_kept
from xunfang.errors import Conflict, FieldProblem, Invalid
from xunfang.rulebook.blocks import block_at
from xunfang.rulebook.positions import Path
from xunfang.rulebook.splicing import AddBlock, MoveBlock, RemoveBlock, SetBlock, Splice, spliced

LABEL, HINT = 60, 200
_CHANGED = "这个选项刚被别人改过，请看过现在的内容再改。"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked for of an option: its id, the digest of its block as they saw it, and what they typed."""

    entry: str
    digest: str = ""
    label: str = ""
    hint: str = ""
    until: str = ""


class ListEdits:
    """Makes the edits of one list of a draft; raises Invalid and Conflict for what makes none."""

    def __init__(self, desk: Desk, list_id: str) -> None:
        self.draft, self.id, self.path = desk.draft, list_id, own_path(desk.draft.layer)
        part = part_of(desk.draft.files, desk.draft.layer, KIND)
        self.entries = entries_in(part, list_id)
        self.above = part.above(desk.draft.layer).get(list_id, {}) if part else {}
        self.before = entries_in(part_of(desk.draft.base, desk.draft.layer, KIND), list_id)
        self.title = title_of(desk, list_id)

    def add(self, asked: Asked) -> Edit:
        """Return the edit that adds an option at the end."""
        label = self._label(asked, "new")
        entry = checked_id(asked.entry)
        if entry in self.entries:
            raise _invalid(":id", "已经有这个编号了，请换一个，或者不写。")
        data = {"label": label, **({"hint": asked.hint} if asked.hint else {})}
        splice = AddBlock((self.id, entry), data)
        return edit_of(self.path, [splice], f"“{self.title}”增加选项“{label}”")

    def rename(self, asked: Asked) -> Edit:
        """Return the edit that lets an option be called something else; what was chosen stays chosen."""
        was, label = self._was(asked), self._label(asked, asked.entry)
        change = {"label": label, "hint": asked.hint or None}
        said = f"“{self.title}”的“{was['label']}”改称“{label}”" if label != was["label"] else f"改“{label}”的说明"
        return self._change(asked, change, "lists.rename", said)

    def retire(self, asked: Asked) -> Edit:
        """Return the edit after which nobody chooses an option any more; where it was chosen, it stays."""
        was = self._was(asked)
        try:
            until = date.fromisoformat(asked.until)
        except ValueError:
            raise _invalid(asked.entry, "请选定用到哪一天为止。") from None
        said = f"停用“{self.title}”的“{was['label']}”，用到{until:%Y年%-m月%-d日}为止"
        return self._change(asked, {"retired": until}, "lists.retire", said)

    def restore(self, asked: Asked) -> Edit:
        """Return the edit after which an option can be chosen again."""
        label = self._was(asked)["label"]
        return self._change(asked, {"retired": None}, "lists.restore", f"恢复“{self.title}”的“{label}”")

    def move(self, asked: Asked, way: int) -> Edit:
        """Return the edit that moves an option before, or behind, the next of one's own."""
        label, blocks = self._was(asked)["label"], own_blocks(self.draft, self.id)
        by = moves(blocks, self.above, asked.entry, way)
        if not by:
            raise Conflict("这个选项不能再往这边移了。")
        where = "上" if way < 0 else "下"
        return edit_of(self.path, [MoveBlock(self._key(asked), asked.digest, by)], f"“{label}”{where}移一位")

    def remove(self, asked: Asked) -> Edit:
        """Return the edit that takes away an option that nobody can have chosen yet, or what is said over one above."""
        label = self._was(asked)["label"]
        if why := why_kept(self.before, self.above, asked.entry):
            raise Conflict(f"“{label}”{why}。")
        said = f"“{label}”恢复上级的写法" if asked.entry in self.above else f"“{self.title}”删去选项“{label}”"
        return edit_of(self.path, [RemoveBlock(self._key(asked), asked.digest)], said)

    def _key(self, asked: Asked) -> Path:
        return (self.id, asked.entry)

    def _was(self, asked: Asked) -> Mapping[str, Any]:
        if asked.entry not in self.entries:
            raise Conflict("没有这个选项了，可能刚被别人删去。")
        found = self.entries[asked.entry]
        return {**found, "label": str(found.get("label", asked.entry))}

    def _label(self, asked: Asked, field: str) -> str:
        if not asked.label:
            raise _invalid(field, "请写选项的名称。")
        others = (data.get("label") for id, data in self.entries.items() if id != asked.entry and not _is_gone(data))
        if asked.label in others:
            raise _invalid(field, f"已经有一个选项叫“{asked.label}”，选的人分不清。")
        return asked.label

    def free(self) -> str:
        """Return an id for a new option where nobody thought of one."""
        taken = {*self.entries, *self.before}
        return next(id for n in range(1, len(taken) + 2) if (id := f"{self.id}-{n}"[-64:]) not in taken)

    def _change(self, asked: Asked, change: Mapping[str, Any], command: str, said: str) -> Edit:
        inherited = self.above.get(asked.entry, {})

        def edit(text: str) -> Edited:
            splice = self._splice(asked, text, inherited, change)
            return Edited(refusing(partial(spliced, self.path, text, splice)), command, said)

        return edit

    def _splice(self, asked: Asked, text: str, inherited: Mapping[str, Any], change: Mapping[str, Any]) -> Splice:
        """Return the change of one's own block, or the block that takes the place of what a layer above says."""
        block = block_at(self.path, text, self._key(asked)) if not read_blocks(self.path, text)[1] else None
        if bool(block) != bool(asked.digest):
            raise Conflict(_CHANGED)
        data = {**(block.data if block else inherited), **change}
        data = {name: value for name, value in data.items() if value is not None}
        return SetBlock(self._key(asked), asked.digest, data) if block else AddBlock(self._key(asked), data)


def _is_gone(data: Mapping[str, Any]) -> bool:
    return bool(data.get("retired"))


def _invalid(field: str, told: str) -> Invalid:
    return Invalid([FieldProblem(field, told)], told)
