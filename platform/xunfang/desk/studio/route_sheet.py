"""A routing table as a sheet: taken out to Excel, and rows pasted from there compared with what the draft says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xunfang.casework.change_sets import text_digest
from xunfang.desk.studio.block_edits import free_id
from xunfang.desk.studio.block_pages import Desk
from xunfang.desk.studio.blocks_beside import blocks_known, read_blocks
from xunfang.desk.studio.route_words import OTHER, UnreadableCell, Words, listed
from xunfang.desk.studio.routing import own_path
from xunfang.desk.studio.routing_faces import RouteTable
from xunfang.rulebook.blocks import Block
from xunfang.rulebook.condition_rows import rows_of
from xunfang.rulebook.merge import ROWS
from xunfang.rulebook.splicing import AddBlock, SetBlock, Splice
from xunfang.sheets.writing import Book, SheetColumn, write_book

HEADS = ("编号", "情形", "主办", "协办", "抄送", "时限", "文书", "依据")
MOST = 300
_KEYS = {
    "情形": "when",
    "主办": "lead",
    "协办": "assist",
    "抄送": "informs",
    "时限": "deadline",
    "文书": "prints",
    "依据": "cites",
}
_NOTES = (
    ("怎么用", "改好以后，连同表头一起复制，粘贴到“分派”页的“从 Excel 粘贴”里，先对照、再存入。"),
    ("编号", "原有的行不要改编号；新增的行可以不填编号。"),
    ("情形", "写作“哪一项 含 什么”，几个值用顿号分开，几个条件用分号分开（都符合才算）。"),
    ("单位、时限、文书、依据", "用表中已有的名称；依据写条款编号；几个的用顿号分开。"),
)


@dataclass(frozen=True, slots=True)
class PastedRow:
    """One pasted row: what it would do, and why not where it cannot. `state`: "new", "changed", "same", "wrong"."""

    id: str
    state: str
    said: Sequence[str]


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was pasted for a table, compared with the draft; `digest` is of the file that it was compared with."""

    table: str
    text: str
    digest: str
    rows: Sequence[PastedRow]
    steps: Sequence[Splice]
    refused: str = ""


def workbook_of(desk: Desk, table: RouteTable, author: str, at: datetime) -> bytes:
    """Return a table's rows as a workbook, in words that can be pasted back."""
    words, book = _words(desk, _rows(desk, table.id)), desk.named_by
    above = (f"{book.info.name}　草稿：{desk.draft.head.title}",)
    columns = tuple(SheetColumn(head) for head in HEADS)
    rows = [list(_cells(words, block.data).values()) for block in _rows(desk, table.id)]
    return write_book(Book(table.label, above, columns, _NOTES, author, at), rows)


def _words(desk: Desk, rows: Sequence[Block]) -> Words:
    found = (rows_of(block.data["when"]) for block in rows if isinstance(block.data.get("when"), dict))
    return Words(desk.named_by, {fact for each in found for fact, _, _ in each or ()})


def _rows(desk: Desk, table: str) -> Sequence[Block]:
    path = own_path(desk.draft.layer)
    blocks, _ = read_blocks(path, desk.draft.files.get(path, ""))
    return [block for block in blocks if block.key[:2] == (table, "rows")]


def _cells(words: Words, data: Mapping[str, Any]) -> dict[str, str]:
    lead = words.unit(data["lead"]) if "lead" in data else words.meetings.name(str(data.get("meeting", "")))
    return {
        "编号": str(data.get("id", "")),
        "情形": words.when(data.get("when")),
        "主办": lead,
        "协办": "、".join(words.unit(each) for each in data.get("assist", ())),
        "抄送": "、".join(words.unit(each) for each in data.get("informs", ())),
        "时限": words.deadlines.name(str(data.get("deadline", ""))),
        "文书": "、".join(words.notices.name(str(each)) for each in data.get("prints", ())),
        "依据": "、".join(str(each) for each in data.get("cites", ())),
    }


def pasted(desk: Desk, table: str, text: str) -> Pasted:
    """Return what pasted rows would change in a table of the draft."""
    path, blocks = own_path(desk.draft.layer), _rows(desk, table)
    digest = text_digest(desk.draft.files.get(path, ""))
    heads, lines, wrong = _lines(text)
    if not wrong and path not in desk.draft.files:
        wrong = "本级还没有分派表文件，请先在“其他规则”里建一份。"
    if wrong:
        return Pasted(table, text, digest, (), (), wrong)
    words, known = _words(desk, blocks), {str(block.data.get("id")): block for block in blocks}
    taken, rows, steps = blocks_known(desk.draft, path), list[PastedRow](), list[Splice]()
    for line in lines:
        cells = dict(zip(heads, line, strict=False))
        block = known.get(cells.get("编号", "").strip())
        row, splice = _one(words, (table, blocks, taken), steps, cells, block)
        rows.append(row)
        steps += [splice] if splice else []
    if any(row.state == "wrong" for row in rows):
        return Pasted(table, text, digest, rows, (), "有读不懂的行，改好再粘贴；现在什么都没有存。")
    return Pasted(table, text, digest, rows, steps)


def _lines(text: str) -> tuple[Sequence[str], Sequence[Sequence[str]], str]:
    """Return the heads, the lines below them, and what is wrong with them as a table."""
    lines = [[cell.strip() for cell in line.split("\t")] for line in text.splitlines() if line.strip()]
    top = next((n for n, line in enumerate(lines) if "情形" in line and "主办" in line), -1)
    if top < 0:
        return (), (), f"没有找到表头。请连同表头一起复制：{'、'.join(HEADS)}。"
    if len(lines) - top - 1 > MOST:
        return (), (), f"一次最多粘贴{MOST}行。"
    return lines[top], lines[top + 1 :], ""


def _one(
    words: Words,
    into: tuple[str, Sequence[Block], Sequence[Block]],
    done: Sequence[Splice],
    cells: Mapping[str, str],
    block: Block | None,
) -> tuple[PastedRow, Splice | None]:
    """Return a pasted row, and what it makes of its block or adds `into` a table of rows, beside all that are known."""
    table, blocks, known = into
    given = cells.get("编号", "").strip()
    if given and block is None and any(each.data.get("id") == given for each in blocks):
        return PastedRow(given, "wrong", ["编号重复"]), None
    before = _cells(words, block.data) if block else dict.fromkeys(HEADS, "")
    changed = {head: cells[head] for head in _KEYS if head in cells and cells[head].strip() != before[head]}
    if block and not changed:
        return PastedRow(given, "same", ()), None
    try:
        data = _laid(words, dict(block.data) if block else {"id": given} if given else {}, changed)
    except UnreadableCell as error:
        return PastedRow(given or "（新增）", "wrong", [str(error)]), None
    said = [f"{head}：{before[head] or '无'} → {text or '无'}" for head, text in changed.items()]
    if block:
        return PastedRow(given, "changed", said), SetBlock(block.key, block.digest, data)
    added = [step for step in done if isinstance(step, AddBlock)]
    key = (table, ROWS, len(blocks) + len(added))
    data = data if given else {"id": free_id(known, key, "", [step.data["id"] for step in added]), **data}
    return PastedRow(str(data["id"]), "new", said), AddBlock(key, data)


def _laid(words: Words, data: dict[str, Any], changed: Mapping[str, str]) -> dict[str, Any]:
    """Return data with what was changed in cells."""
    for head, said in changed.items():
        for key, value in _read(words, head, said.strip()):
            data.pop(key, None)
            if value not in (None, [], ""):
                data[key] = value
    return data


def _read(words: Words, head: str, said: str) -> Iterator[tuple[str, Any]]:
    """Yield the keys that a cell says, and their values."""
    try:
        yield from _value(words, head, said)
    except UnreadableCell as error:
        raise UnreadableCell(f"{head}：{error}") from None


def _value(words: Words, head: str, said: str) -> Iterator[tuple[str, Any]]:
    if head == "情形":
        if said == OTHER:
            raise UnreadableCell("这一行的情形要按文字修改")
        yield "when", words.when_of(said)
    elif head == "主办":
        yield from _lead(words, said)
    elif head in ("协办", "抄送"):
        yield _KEYS[head], [words.unit_of(each) for each in listed(said)]
    elif head == "时限":
        yield "deadline", words.deadlines.id(said) if said else ""
    elif head == "文书":
        yield "prints", [words.notices.id(each) for each in listed(said)]
    else:
        yield "cites", listed(said)


def _lead(words: Words, said: str) -> Iterator[tuple[str, Any]]:
    if said in words.meetings:
        yield "lead", None
        yield "meeting", words.meetings.id(said)
    else:
        yield "meeting", None
        yield "lead", words.unit_of(said) if said else None
