"""What layers above write of a form, and which ids of fields, columns and sections are taken by that."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from xunfang.desk.studio.block_keys import next_name
from xunfang.desk.studio.faces import Drafted
from xunfang.desk.studio.files import layer_names, layer_of
from xunfang.errors import FieldProblem, Invalid, Problem
from xunfang.rulebook.blocks import Block, blocks_of
from xunfang.rulebook.files import Files, UnreadableError, parse_document


@dataclass(frozen=True, slots=True)
class Held:
    """What a layer above has under an id: what it is called there, and whose layer that is."""

    title: str
    layer: str


@dataclass(frozen=True, slots=True)
class Taken:
    """Ids that a new field, column or section must not get: it would become part of what a layer above has.

    `before` are those that were there when the draft was begun: answers to what they stood for are kept.
    """

    above: Mapping[str, Held] = field(default_factory=dict)
    before: Collection[str] = ()

    @property
    def titles(self) -> Mapping[str, str]:
        """What layers above have, each by what it is called."""
        return {id: held.title for id, held in self.above.items()}

    def next(self, stem: str, own: Collection[str]) -> str:
        """Return the next id that nobody has or had."""
        return next_name(stem, {*own, *self.above, *self.before})

    def check(self, id: str, own: Collection[str], what: str) -> None:
        """Raise Invalid for the id of a new one that there is already."""
        if id in self.above:
            held = self.above[id]
            raise _taken(f"编号“{id}”{held.layer}已经用了，是“{held.title}”。请换一个，或者不写。")
        if id in own:
            raise _taken(f"已经有编号为“{id}”的{what}了，请换一个，或者不写。")


def own_path(draft: Drafted, form: str) -> str:
    """Return where a layer writes a form itself."""
    return f"forms/{draft.layer}/{form}.json"


def form_blocks(path: str, text: str) -> tuple[Block, ...]:
    """Return the blocks of a form; raises UnreadableError, also where what it says as a whole can be no form's."""
    blocks = blocks_of(path, text)
    for head in blocks[:1]:
        if told := next(_misshapen(head.data), ""):
            raise UnreadableError(Problem(path, head.line, "", "FILE_SYNTAX", told))
    return blocks


def _misshapen(head: Mapping[str, Any]) -> Iterator[str]:
    names, sections = head.get("required", []), head.get("x-sections", {})
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        yield "“required”要写成必填各项编号的列表"
    if not isinstance(sections, dict) or not all(isinstance(title, str) for title in sections.values()):
        yield "“x-sections”要写成各部分的编号和名称"


def paths_above(draft: Drafted, form: str, chain: Sequence[str]) -> list[str]:
    """Return where layers above write a form."""
    paths = (f"forms/{layer}/{form}.json" for layer in chain if layer != draft.layer)
    return [path for path in paths if path in draft.files]


def written_above(draft: Drafted, form: str, chain: Sequence[str], *keys: str) -> Any:
    """Return what the nearest layer above that says something at such keys of a form says there, None for none."""
    for path in reversed(paths_above(draft, form, chain)):
        try:
            found: Any = parse_document(path, draft.files[path]).data
        except UnreadableError:
            continue
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        if found is not None:
            return found
    return None


def names_above(draft: Drafted, form: str, chain: Sequence[str], *keys: str) -> set[str]:
    """Return the ids that layers above have at such keys of a form."""
    paths = paths_above(draft, form, chain)
    return {id for path in paths for id, _ in _members(draft.files, path, keys)}


def taken_in(draft: Drafted, form: str, chain: Sequence[str], *keys: str) -> Taken:
    """Return what is taken at such keys of a form."""
    names, above = layer_names(draft.files), dict[str, Held]()
    for path in paths_above(draft, form, chain):
        for id, data in _members(draft.files, path, keys):
            was = above[id].title if id in above else id
            above[id] = Held(_title(data) or was, names.get(layer_of(path), layer_of(path)))
    paths = (own_path(draft, form), *paths_above(draft, form, chain))
    return Taken(above, {id for path in paths for id, _ in _members(draft.base, path, keys)})


def _members(files: Files, path: str, keys: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """Yield what a file says directly at such keys; nothing of one that cannot be read."""
    try:
        found: Any = parse_document(path, files[path]).data if path in files else None
    except UnreadableError:
        return
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    yield from found.items() if isinstance(found, dict) else ()


def _title(data: Any) -> str:
    return str(data.get("title") or "") if isinstance(data, Mapping) else str(data or "")


def _taken(told: str) -> Invalid:
    return Invalid([FieldProblem("name", told)], "没有保存。")
