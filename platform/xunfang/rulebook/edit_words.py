"""What an edit of one block did, in a sentence for the list of edits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from xunfang.rulebook.block_inputs import is_flat
from xunfang.rulebook.block_order import family, siblings
from xunfang.rulebook.block_shapes import Shape, shape_at
from xunfang.rulebook.block_values import as_text
from xunfang.rulebook.blocks import Block, blocks_of
from xunfang.rulebook.column_words import Changes, column_changes, has_columns
from xunfang.rulebook.json_blocks import FIELDS
from xunfang.rulebook.key_labels import label_of, label_of_choice
from xunfang.rulebook.key_names import named_by
from xunfang.rulebook.positions import Path
from xunfang.rulebook.softness import SOFT_WORDS
from xunfang.rulebook.splicing import AddBlock, MoveBlock, RemoveBlock, SetBlock, Splice
from xunfang.rulebook.spoken import how_of
from xunfang.rulebook.spoken import said as said_time
from xunfang.rulebook.toml_edits import same

_LONGEST = 40
_NAMED_BY = ("label", "title", "name")
_KINDS = {"flow": "flows", "form": "forms"}
"""What names one of a kind of rule, where that is not called by the kind itself."""
_WHEN = "when"
_ABSENT = object()


class Names(Protocol):
    """What people call what rules name by ids, and how they say a condition; by some rulebook."""

    def called(self, source: str, value: Any) -> str:
        """Return the label of one of what a key names, "" for what there is not."""
        ...

    def condition(self, when: Any) -> str:
        """Return a condition as a clause, "" for what is none."""
        ...


@dataclass(frozen=True, slots=True)
class _Unnamed:
    """Where no rules tell: as it is written."""

    def called(self, source: str, value: Any) -> str:
        return ""

    def condition(self, when: Any) -> str:
        return ""


UNNAMED: Names = _Unnamed()


def said(path: str, text: str, splice: Splice, names: Names = UNNAMED) -> str:
    """Return what a splice does to a file's text as it was before, as 改分派行“medical”：主办单位由“甲”改为“乙”。"""
    blocks = blocks_of(path, text)
    name = _name(path, blocks, splice, names)
    if isinstance(splice, AddBlock):
        return f"加{name}。"
    if isinstance(splice, RemoveBlock):
        inside = len(family([block.key for block in blocks], splice.key)) - 1
        return f"删{name}，连同其中的 {inside} 段。" if inside else f"删{name}。"
    if isinstance(splice, MoveBlock):
        return _moved(name, blocks, splice)
    before: dict[str, Any] = next((block.data for block in blocks if block.key == splice.key), {})
    changes = "；".join(_changes(shape_at(path, splice.key), before, splice.data, names))
    return f"改{name}：{changes}。" if changes else f"{name}没有改动。"


def _name(path: str, blocks: Sequence[Block], splice: Splice, names: Names) -> str:
    """Return what a block is called: its kind, and its own name before the edit, of a new one that which it gets."""
    shape = shape_at(path, splice.key)
    kind = label_of(shape.kind, shape.path or "head") if shape else "内容"
    data: dict[str, Any] = next((block.data for block in blocks if block.key == splice.key), {})
    data = splice.data if isinstance(splice, AddBlock) or (isinstance(splice, SetBlock) and not data) else data
    own = next((str(data[key]) for key in _NAMED_BY if isinstance(data.get(key), str)), "")
    own = own or _inner(names.condition(data.get(_WHEN))) or _called(path, data, splice.key, names)
    return f"{kind}“{own}”" if own else kind


def _called(path: str, data: dict[str, Any], key: Path, names: Names) -> str:
    """Return what a block is called that has no words of its own: "" for one of which there is one only."""
    if names is UNNAMED:
        return data["id"] if isinstance(data.get("id"), str) else _of_key(key) if key else ""
    within, shape = shape_at(path, key[:-1]) if key else None, shape_at(path, key)
    if not key or (within and isinstance(key[-1], str) and key[-1] in within.properties):
        return ""
    known = isinstance(key[-1], str) and shape and names.called(_KINDS.get(shape.kind, shape.kind), key[-1])
    return known or _of_key(key)


def _inner(text: str) -> str:
    """Return a text as it stands within quotation marks."""
    return text.replace("“", "‘").replace("”", "’")


def _of_key(key: Path) -> str:
    last = key[-1]
    return f"第{last + 1}项" if isinstance(last, int) else last


def _moved(name: str, blocks: Sequence[Block], splice: MoveBlock) -> str:
    beside = siblings([block.key for block in blocks], splice.key)
    here = beside.index(splice.key) if splice.key in beside else 0
    there = max(0, min(here + splice.by, len(beside) - 1))
    if here == there:
        return f"{name}没有移动。"
    return f"{name}从第{here + 1}位移到第{there + 1}位。"


def _changes(shape: Shape | None, before: dict[str, Any], after: dict[str, Any], names: Names) -> Iterator[str]:
    for key in dict.fromkeys([*before, *after]):
        old, new = before.get(key, _ABSENT), after.get(key, _ABSENT)
        under = shape.under(key) if shape else None
        if under and has_columns(old) and has_columns(new):
            yield from column_changes(old, new, _of_column(under, names))
            continue
        if same(old, new):
            continue
        if under and is_flat(under) and all(each is _ABSENT or isinstance(each, dict) for each in (old, new)):
            yield from _changes(under, _table(old), _table(new), names)
        else:
            told = [_spoken(under, value, names) for value in (old, new)]
            yield _change(_label(shape, under, key), *told, whole=names is not UNNAMED)


def _of_column(items: Shape, names: Names) -> Changes:
    """Return what tells the changes of one column of the rows of a field."""
    columns = items.under(FIELDS)
    return lambda before, after: _changes(columns.each if columns else None, before, after, names)


def _spoken(shape: Shape | None, value: Any, names: Names) -> Any:
    """Return a time, a condition, what is named by an id, or a list of them, as people say it; else as it is."""
    if shape is None or value is _ABSENT:
        return value
    if isinstance(value, list):
        return [_spoken(shape, each, names) for each in value]
    if how := how_of(shape):
        return said_time(how, value) if isinstance(value, str) else value
    if shape.named == _WHEN:
        return names.condition(value) or value
    if source := named_by(shape.kind, shape.path):
        return names.called(source, value) or value
    fixed = isinstance(value, str) and value in (shape.item or shape).plain.get("enum", ())
    return label_of_choice(shape.kind, shape.path, value) if fixed else value


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _label(shape: Shape | None, under: Shape | None, key: str) -> str:
    known = under and shape and key in shape.properties
    return label_of(under.kind, under.path) if under and known else SOFT_WORDS.get(key, key)


def _change(label: str, old: Any, new: Any, *, whole: bool) -> str:
    """Return what became of a value; `whole`: of what is no plain value only that it changed, not as it is written."""
    if whole and not (_is_plain(old) and _is_plain(new)):
        return f"{'去掉' if new is _ABSENT else '写上' if old is _ABSENT else '改了'}{label}"
    if new is _ABSENT:
        return f"去掉{label}{_quoted(old)}"
    if old is _ABSENT:
        return f"{label}写上{_quoted(new)}"
    return f"{label}由{_quoted(old)}改为{_quoted(new)}"


def _is_plain(value: Any) -> bool:
    """Return whether a value can be told as words: no table, and no list of tables."""
    return all(not isinstance(each, (list, dict)) for each in (value if isinstance(value, list) else [value]))


def _quoted(value: Any) -> str:
    if isinstance(value, bool):
        return "“是”" if value else "“否”"
    if isinstance(value, list) and all(not isinstance(item, (list, dict)) for item in value):
        text = "、".join(map(str, value)) or "空的列表"
    else:
        text = value if isinstance(value, str) else as_text(value)
    text = _inner(" ".join(text.split()))
    return f"“{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}”"
