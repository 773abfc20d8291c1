"""The option lists 字典 of a draft: their options in order, what uses them, and in how many cases they were chosen."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from xunfang.actions.deployment import Actor, Deployment
from xunfang.desk.studio.block_keys import key_said, problems_by_block
from xunfang.desk.studio.block_pages import Desk
from xunfang.desk.studio.blocks_beside import read_blocks
from xunfang.desk.studio.faces import Drafted
from xunfang.desk.studio.files import layer_names
from xunfang.desk.studio.layered import part_of
from xunfang.desk.studio.list_faces import ListPage, ListRow, ListsPage, OptionRow
from xunfang.desk.studio.list_uses import fields_of, uses_of
from xunfang.errors import NotFound
from xunfang.rulebook.blocks import Block
from xunfang.rulebook.merge import Part
from xunfang.rulebook.positions import Path
from xunfang.rules.describe.behind import list_title
from xunfang.rules.describe.conditions import condition_words
from xunfang.store import connection
from xunfang.store.reading.chosen import Chosen, chosen

KIND, LISTS = "lists", "lists.toml"
NOTHING_CHOSEN = Chosen({}, 0)
_IN_USE = "已经发布过，旧个案可能选了它，不能删去，只能停用"
Entries = Mapping[str, Mapping[str, Any]]


def own_path(layer: str) -> str:
    """Return the path of a layer's own lists."""
    return f"workflows/{layer}/{LISTS}"


def entries_in(part: Part | None, list_id: str) -> Entries:
    """Return the options of a list as they are written, by id."""
    found = part.data.get(list_id, {}) if part else {}
    return {id: data for id, data in found.items() if isinstance(data, dict)} if isinstance(found, dict) else {}


def chosen_of(deployment: Deployment, actor: Actor, desk: Desk, list_id: str) -> Chosen:
    """Return what was chosen from a list in the newest cases of the jurisdiction, nothing that is kept from sight."""
    names = {field.name for field in fields_of(desk.named_by, list_id)} - secret_fields(desk, list_id)
    if not names:
        return NOTHING_CHOSEN
    with connection(deployment.database, actor.jurisdiction) as reader:
        return chosen(reader, actor.jurisdiction, names)


def secret_fields(desk: Desk, list_id: str) -> set[str]:
    """Return the fields answered from a list whose answers nobody opens without a reason on record."""
    return {field.name for field in fields_of(desk.named_by, list_id) if field.sensitive}


def lists_page(desk: Desk) -> ListsPage:
    """Return all lists of a draft, its own layer's first."""
    draft, path, part = desk.draft, own_path(desk.draft.layer), part_of(desk.draft.files, desk.draft.layer, KIND)
    base = part_of(draft.base, draft.layer, KIND)
    rows = [_list_row(desk, part, base, id) for id in part.data if entries_in(part, id)] if part else []
    unread = read_blocks(path, draft.files[path])[1] if path in draft.files else ""
    return ListsPage(draft.head, unread, path, sorted(rows, key=lambda row: not row.own))


def _list_row(desk: Desk, part: Part, base: Part | None, id: str) -> ListRow:
    entries, before = entries_in(part, id), entries_in(base, id)
    own = any(part.origin((id, entry)).layer == desk.draft.layer for entry in entries)
    changed = list(entries.items()) != list(before.items())
    return ListRow(
        id=id,
        title=title_of(desk, id),
        options=[str(data.get("label", entry)) for entry, data in entries.items() if not data.get("retired")],
        retired=sum(bool(data.get("retired")) for data in entries.values()),
        own=own,
        state="" if not changed else "changed" if before else "new",
        uses=uses_of(desk.named_by, id),
    )


def title_of(desk: Desk, list_id: str) -> str:
    """Return what a list is called: as the first field asks for it, else as the remark over its first option says."""
    if (found := list_title(desk.named_by, list_id)) != list_id:
        return found
    for path in sorted(path for path in desk.draft.files if path.endswith(f"/{LISTS}")):
        for block in read_blocks(path, desk.draft.files[path])[0]:
            if block.key[:1] == (list_id,):
                remarks = [line for line in block.text.splitlines() if line.startswith("#")]
                return remarks[-1].lstrip("# ") if remarks else list_id
    return list_id


def list_page(desk: Desk, list_id: str, counted: Chosen, today: date) -> ListPage:
    """Return one list with its options; raises NotFound for what is none."""
    draft, path, part = desk.draft, own_path(desk.draft.layer), part_of(desk.draft.files, desk.draft.layer, KIND)
    if part is None or not entries_in(part, list_id):
        raise NotFound
    names = {field.name for field in fields_of(desk.named_by, list_id)}
    secret = bool(names) and names <= secret_fields(desk, list_id)
    return ListPage(
        head=draft.head,
        id=list_id,
        title=title_of(desk, list_id),
        path=path,
        may=draft.head.editable and not read_blocks(path, draft.files.get(path, ""))[1],
        unread=read_blocks(path, draft.files[path])[1] if path in draft.files else "",
        uses=uses_of(desk.named_by, list_id).by_kind,
        options=_Options(desk, part, list_id, None if secret or not names else counted).rows(),
        secret=secret,
        looked_at=counted.cases,
        most=counted.is_most,
        today=today,
    )


class _Options:
    """Makes the rows of the options of one list."""

    def __init__(self, desk: Desk, part: Part, list_id: str, counted: Chosen | None) -> None:
        self.desk, self.draft, self.part, self.id, self.counted = desk, desk.draft, part, list_id, counted
        self.path = own_path(self.draft.layer)
        self.blocks = own_blocks(self.draft, list_id)
        self.above = part.above(self.draft.layer).get(list_id, {})
        self.before = entries_in(part_of(self.draft.base, self.draft.layer, KIND), list_id)
        found = (*desk.found.problems, *desk.found.warnings)
        self.wrong = problems_by_block(tuple(self.blocks.values()), found, self.path) if self.blocks else {}
        self.layers = layer_names(self.draft.files)

    def rows(self) -> Sequence[OptionRow]:
        """Return every option in the order in which people see them."""
        return [self._row(id, data) for id, data in entries_in(self.part, self.id).items()]

    def _row(self, id: str, data: Mapping[str, Any]) -> OptionRow:
        block, listed = self.blocks.get(id), self.desk.named_by.lists.get(self.id)
        entry = listed.entries.get(id) if listed else None
        origin = self.part.origin((self.id, id))
        retired = data.get("retired")
        return OptionRow(
            id=id,
            label=str(data.get("label", id)),
            hint=str(data.get("hint", "")),
            retired=retired if isinstance(retired, date) else None,
            judged=condition_words(self.desk.named_by, entry.when) if entry else "",
            layer="" if block else self.layers.get(origin.layer, origin.layer),
            over=block is not None and id in self.above,
            key=key_said((self.id, id)),
            digest=block.digest if block else "",
            whole=block.whole if block else "",
            state=self._state(id, data),
            up=moves(self.blocks, self.above, id, -1),
            down=moves(self.blocks, self.above, id, 1),
            uses=uses_of(self.desk.named_by, self.id, id),
            stored=self.counted.times.get(id, 0) if self.counted else None,
            kept=why_kept(self.before, self.above, id),
            problems=self.wrong.get((self.id, id), ()),
        )

    def _state(self, id: str, data: Mapping[str, Any]) -> str:
        if id not in self.before:
            return "new"
        return "changed" if data != self.before[id] else ""


def own_blocks(draft: Drafted, list_id: str) -> dict[str, Block]:
    """Return the blocks of the options of a list in the layer's own file, by their ids."""
    path = own_path(draft.layer)
    blocks = read_blocks(path, draft.files.get(path, ""))[0]
    return {str(block.key[1]): block for block in blocks if len(block.key) > 1 and block.key[0] == list_id}


def moves(blocks: Mapping[str, Block], above: Mapping[str, Any], id: str, way: int) -> int:
    """Return by how many places a block moves to stand beyond the next option; 0 where none of one's own is there.

    An option that takes the place of one of a layer above stands where that does, and only blocks of new ones count.
    """
    own = [each for each in blocks if each not in above]
    if id not in own or not 0 <= own.index(id) + way < len(own):
        return 0
    order = list(blocks)
    return order.index(own[own.index(id) + way]) - order.index(id)


def kept_option(draft: Drafted, path: str, key: Path) -> str:
    """Return why a block of any file is not taken away: it is an option that people may have chosen; "" otherwise."""
    part = part_of(draft.base, draft.layer, KIND) if path == own_path(draft.layer) and key else None
    if part is None:
        return ""
    above = part.above(draft.layer).get(str(key[0]), {})
    gone = [str(key[1])] if len(key) > 1 else list(entries_in(part, str(key[0])))
    return next((why for id in gone if (why := why_kept(entries_in(part, str(key[0])), above, id))), "")


def why_kept(before: Mapping[str, Any], above: Mapping[str, Any], id: str) -> str:
    """Return why an option is not taken away; "" for one that only this draft has, or that a layer above has too."""
    return _IN_USE if id in before and id not in above else ""
