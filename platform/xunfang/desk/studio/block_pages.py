"""Any rule file block by block: the list of its blocks, and each of them as a form."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from xunfang.desk.studio.block_faces import AddFace, BlockPage, BlockRow, FilePage
from xunfang.desk.studio.block_groups import group_label, grouped, parent_of, same_kind
from xunfang.desk.studio.block_keys import adds_to, called, key_said, problems_by_block
from xunfang.desk.studio.block_names import known_name
from xunfang.desk.studio.blocks_beside import proposed_id, read_blocks
from xunfang.desk.studio.compiling import compiled_last, looked_through
from xunfang.desk.studio.faces import Drafted, FileFace
from xunfang.desk.studio.files import file_face
from xunfang.desk.studio.near_facts import nearest_first
from xunfang.desk.studio.route_words import condition_said
from xunfang.desk.studio.said_inputs import filled, shown_as
from xunfang.desk.studio.said_options import options_said
from xunfang.errors import NotFound, Problem
from xunfang.prove.examined import Examined, Examining
from xunfang.rulebook.block_forms import BlockForm, form_of
from xunfang.rulebook.block_inputs import Control, Input
from xunfang.rulebook.block_order import siblings
from xunfang.rulebook.block_shapes import kind_of, shape_at
from xunfang.rulebook.blocks import Block
from xunfang.rulebook.called import Option, Options
from xunfang.rulebook.citations import KEYS
from xunfang.rulebook.files import Files
from xunfang.rulebook.kinds import KINDS
from xunfang.rulebook.model import Rulebook
from xunfang.rulebook.positions import Path
from xunfang.rules.describe import lines_of

TOP = 2
"""So many slashes are in the path of a file of which each layer has one."""
_NAMES = ("label", "title", "name")
_ALWAYS: Mapping[str, frozenset[str]] = {
    "routing": frozenset({"when", "lead", "assist", "informs", "deadline", "prints", "cites"}),
    "deadlines": frozenset({"label", "limit", "from", "until", "remind", "cites"}),
}
"""Of a kind of rule what its form shows at once, filled in or not."""
_CITES = tuple((name,) for name in KEYS)
_ID = ("id",)
"""No one needs it to know a row by: it is folded away."""
_OF_ALL = frozenset({"cites"})
"""What the form of any rule shows at once: on which clause it rests."""


@dataclass(frozen=True)
class Desk:
    """A draft as these pages work on it: what was found in it, and the rules by which names are told."""

    draft: Drafted
    found: Examined
    rules: Rulebook | None  # None while it does not compile
    in_force: Rulebook

    @property
    def named_by(self) -> Rulebook:
        """The rules by which names are told: its own, those it made last, or those in force while there are none."""
        return self.rules or compiled_last(self.draft) or self.in_force

    @property
    def options(self) -> Options:
        """What may be chosen where a rule names something."""
        return options_said(self.named_by)


def desk_of(draft: Drafted, examiner: Examining, day: date, in_force: Rulebook) -> Desk:
    """Return a draft looked through; raises TooOften."""
    found, made = looked_through(draft, examiner, day)
    return Desk(draft, found, made.rules, in_force)


def file_of(draft: Drafted, path: str) -> FileFace:
    """Return a file of a draft; raises NotFound for what is none."""
    if path not in draft.files or path.count("/") < 2:
        raise NotFound
    return file_face(path, draft.files, draft.base, draft.layer)


def file_page(desk: Desk, path: str) -> FilePage:
    """Return a file as the list of its blocks."""
    draft = desk.draft
    face, (blocks, unread) = file_of(draft, path), read_blocks(path, draft.files.get(path, ""))
    wrong = problems_by_block(blocks, (*desk.found.problems, *desk.found.warnings), path)
    told = sentences_of(desk.named_by, path)
    keys = [block.key for block in blocks]
    rows = [_row(path, block, keys, told, wrong.get(block.key, ()), desk.named_by) for block in blocks]
    elsewhere = sum(problem.file != path for problem in desk.found.problems)
    above = {other: [block.key for block in read_blocks(other, draft.files[other])[0]] for other in _alike(draft, path)}
    return FilePage(draft.head, face, grouped(path, rows, above, desk.named_by), unread, elsewhere)


def _alike(draft: Drafted, path: str) -> list[str]:
    """Return the files of the same kind in other layers, that of the highest first."""
    return sorted(same_kind(path, list(draft.files))) if path.count("/") == TOP else []


def _row(
    path: str,
    block: Block,
    keys: Sequence[Path],
    told: Mapping[str, str],
    problems: Sequence[Problem],
    book: Rulebook,
) -> BlockRow:
    beside = siblings(keys, block.key)
    place = beside.index(block.key) if block.key in beside else -1
    return BlockRow(
        key=key_said(block.key),
        digest=block.digest,
        whole=block.whole,
        depth=len([part for part in block.key if isinstance(part, str)]),
        kind=kind_word(path, block.key),
        label=block_label(path, block, book),
        sentence=sentence(told, path, block),
        problems=problems,
        adds=[AddFace(label, key_said(key)) for label, key in adds_to(path, block, keys)],
        first=place <= 0,
        last=place == len(beside) - 1,
        movable=place >= 0 and len(beside) > 1,
    )


def kind_word(path: str, key: Path) -> str:
    """Return what such a block is called."""
    shape = shape_at(path, key)
    if not key:
        return "总的内容"
    return "字段" if path.endswith(".json") else called(shape) if shape else "一项"


def block_label(path: str, block: Block, book: Rulebook | None = None) -> str:
    """Return what a block is called: its own name, else when it applies, else what these rules call it, else its id."""
    data = block.data if isinstance(block.data, dict) else {}
    when = condition_said(book, data.get("when")) if book else ""
    for name in _NAMES:
        if isinstance(data.get(name), str) and data[name]:
            return str(data[name]).replace("{division}", "（镇、村名）")
    return when or (_label_of_key(path, block.key, book) if block.key else "")


def _label_of_key(path: str, key: Path, book: Rulebook | None) -> str:
    last, within = key[-1], shape_at(path, key[:-1])
    if isinstance(last, int):
        return f"第{last + 1}项"
    if within and last in within.properties:
        return kind_word(path, key)
    return (known_name(book, path, key) if book else "") or str(last)


@lru_cache(maxsize=64)
def _told(book: Rulebook, wanted: str) -> Mapping[str, str]:
    """Return the sentences of one kind of rule: those of all kinds take a tenth of a second."""
    return {line.id: line.text for kind, lines in lines_of(book) if kind == wanted for line in lines}


def sentences_of(book: Rulebook, path: str) -> Mapping[str, str]:
    """Return the sentences of the kind of rule that a file holds, by their ids."""
    part = kind_of(path)
    kind = next((kind.id for kind in KINDS.values() if kind.part == part), "")
    return _told(book, kind)


def sentence(told: Mapping[str, str], path: str, block: Block) -> str:
    """Return the sentence of a block as `show` prints it, "" for one that is told within others."""
    return next((told[id] for id in ids_told(path, block) if id in told), "")


def ids_told(path: str, block: Block) -> Sequence[str]:
    """Return the ids under which a block may be told of, the likeliest first."""
    name, data = path.rpartition("/")[2].partition(".")[0], block.data if isinstance(block.data, dict) else {}
    words = [str(part) for part in block.key if isinstance(part, str) and part not in {"states", "outcomes", "history"}]
    return [str(data.get("id", "")), ".".join([name, *words]), ".".join(words), name if not block.key else ""]


def block_page(
    desk: Desk, path: str, key: Path, before: str = "", form: BlockForm | None = None, inputs: Sequence[Input] = ()
) -> BlockPage:
    """Return a block as a form, or as it was filled in; raises NotFound for a block that there is not."""
    draft, (blocks, _) = desk.draft, read_blocks(path, desk.draft.files.get(path, ""))
    if not blocks:
        raise NotFound
    block = next((each for each in blocks if each.key == key), None)
    form = form or form_of(path, blocks, key, desk.options)
    wrong = problems_by_block(blocks, desk.found.problems, path).get(key, []) if block else []
    warned = problems_by_block(blocks, desk.found.warnings, path).get(key, []) if block else []
    inputs = nearest_first(inputs or form.inputs, path, blocks, key, desk.named_by)
    usual = _usual(draft.files, path, key)
    open_ = [each for each in inputs if _stands_open(each, usual)]
    return BlockPage(
        head=draft.head,
        file=file_of(draft, path),
        key=key_said(key),
        digest=block.digest if block else "",
        before=before,
        is_new=block is None,
        own_id=proposed_id(draft, path, key) if block is None and isinstance(key[-1], str) else None,
        title=kind_word(path, key),
        within=group_label(path, parent_of(path, key, [each.key for each in blocks]), desk.named_by),
        label=block_label(path, block, desk.named_by) if block else "",
        sentence=sentence(sentences_of(desk.named_by, path), path, block) if block and desk.rules else "",
        usual=open_,
        others=[each for each in inputs if each not in open_],
        problems=wrong,
        warnings=warned,
        elsewhere=len(desk.found.problems) - len(wrong),
        options=desk.options,
        facts=_facts(desk, inputs),
        now=dict(_now(form.inputs, inputs)),
        text=block.text if block and (key or path.endswith(".toml")) else "",
    )


def _now(inputs: Sequence[Input], typed: Sequence[Input]) -> Iterator[tuple[str, str]]:
    """Yield what the inputs of a block say where something else is typed."""
    pairs = zip(inputs, typed, strict=True)
    yield from ((now.name, shown_as(now)) for now, other in pairs if filled(now) != filled(other))


def resting_on(page: BlockPage, clause: str) -> BlockPage:
    """Return a new block's form with a clause chosen as what it rests on."""
    usual, others = (
        [replace(each, shown={"": (clause,)}) if each.path in _CITES and page.is_new else each for each in inputs]
        for inputs in (page.usual, page.others)
    )
    return replace(page, usual=usual, others=others)


def _stands_open(each: Input, usual: frozenset[str]) -> bool:
    if each.path == _ID and not each.problem:
        return False
    told = each.is_filled or each.required or each.problem or each.control is Control.FIXED
    return bool(told) or ".".join(each.path) in usual


def _usual(files: Files, path: str, key: Path) -> frozenset[str]:
    """Return what most blocks like this one say, in the files there are."""
    shape = shape_at(path, key)
    if shape is None:
        return frozenset()
    counts: dict[str, int] = {}
    like = list(_like(files, shape.kind, key))
    for data in like:
        for name in _names(data):
            counts[name] = counts.get(name, 0) + 1
    often = {name for name, count in counts.items() if count * 2 >= len(like)}
    return frozenset(often) | _ALWAYS.get(shape.kind, frozenset()) | _OF_ALL


def _like(files: Files, kind: str, key: Path) -> Sequence[Mapping[str, object]]:
    shape = [type(part) for part in key]
    found = []
    for path, text in files.items():
        if kind_of(path) == kind:
            for block in read_blocks(path, text)[0]:
                if [type(part) for part in block.key] == shape and isinstance(block.data, dict):
                    found.append(block.data)
    return found


def _names(data: Mapping[str, object]) -> Sequence[str]:
    inner = [f"{name}.{under}" for name, value in data.items() if isinstance(value, dict) for under in value]
    return [*data, *inner]


def _facts(desk: Desk, inputs: Sequence[Input]) -> Mapping[str, Sequence[Option]]:
    """Return what each fact may be compared with that a condition of the form names."""
    facts = {row[0] for each in inputs if each.control is Control.CONDITION for row in each.rows}
    return {fact: desk.options(f"values/{fact}") for fact in facts if fact}
