"""A form for any block of any rule file: inputs from what its kind may say, and data from what was posted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from xunfang.rulebook.block_inputs import COLUMNS, Control, Input, Posted, described, is_flat, paired
from xunfang.rulebook.block_order import family
from xunfang.rulebook.block_shapes import SCENARIO, Shape, kind_of, shape_at
from xunfang.rulebook.block_values import ABSENT, ValueReadError, read, shown
from xunfang.rulebook.blocks import Block
from xunfang.rulebook.called import Option, Options
from xunfang.rulebook.key_labels import label_of
from xunfang.rulebook.own_names import own_names
from xunfang.rulebook.positions import Path
from xunfang.rulebook.removals import REMOVE
from xunfang.rulebook.shape import problems_in
from xunfang.rulebook.toml_syntax import Parts

REST = ":rest"
_OTHER_FILES = "内容"
_REST = "其他内容"


@dataclass(frozen=True, slots=True)
class FormProblem:
    """What is wrong with what was posted, and at which input; "" for the block as a whole."""

    name: str
    message: str


@dataclass(frozen=True, slots=True)
class BlockRead:
    """What was posted: the block's data, or every problem at once, and the inputs as they were filled in."""

    data: dict[str, Any]
    problems: tuple[FormProblem, ...]
    inputs: tuple[Input, ...]


@dataclass(frozen=True, slots=True)
class BlockForm:
    """The form of one block; `elsewhere` are keys that stand in blocks of their own within it."""

    title: str  # what its kind calls such a block: 分派行, 期限
    key: Path
    shape: Shape | None
    inputs: tuple[Input, ...]
    elsewhere: frozenset[str]

    def read(self, posted: Mapping[str, Sequence[str]]) -> BlockRead:
        """Return the data that were posted, by the names of the inputs."""
        filled = tuple(replace(each, shown=_posted(each, posted), problem="") for each in self.inputs)
        data: dict[str, Any] = {}
        found = [problem for each in filled if (problem := _take(each, data))]
        found += self._misshapen(data, {problem.name for problem in found})
        told = {problem.name: problem.message for problem in reversed(found)}
        marked = tuple(replace(each, problem=told.get(each.name, "")) for each in filled)
        return BlockRead(data, tuple(found), marked)

    def _misshapen(self, data: dict[str, Any], wrong: set[str]) -> Iterator[FormProblem]:
        if self.shape is None:
            return
        for path, message, hint in problems_in(self.shape.kind, self._schema(), _kept(data)):
            name = self._name_of(path)
            if name not in wrong:
                yield FormProblem(name, f"{message}。{hint}" if hint else message)

    def _schema(self) -> dict[str, Any]:
        """Return the schema of the block's own data: a layer's file need not say what those above say."""
        assert self.shape
        schema = dict(self.shape.plain)
        is_whole = self.shape.kind == SCENARIO or any(isinstance(part, int) for part in self.key)
        demanded = [key for key in schema.pop("required", ()) if is_whole and key not in self.elsewhere]
        return {**schema, "required": demanded} if demanded else schema

    def _name_of(self, path: Path) -> str:
        """Return the name of the input that a place of the data belongs to."""
        parts = tuple(str(part) for part in path)
        fitting = [each for each in self.inputs if each.path and parts[: len(each.path)] == each.path]
        return max(fitting, key=lambda each: len(each.path)).name if fitting else REST


def form_of(path: str, blocks: Sequence[Block], key: Path, options: Options = lambda _: ()) -> BlockForm:
    """Return the form of a block of a file; of a new one where no block has that key."""
    data: dict[str, Any] = next((block.data for block in blocks if block.key == key), {})
    keys = [block.key for block in blocks]
    inside = [keys[place] for place in (family(keys, key) if key else range(len(keys)))]
    elsewhere = frozenset(str(each[len(key)]) for each in inside if len(each) > len(key))
    shape = shape_at(path, key)
    names = own_names(path, blocks, key, options)
    inputs = tuple(_inputs(shape, data, elsewhere, names))
    title = label_of(shape.kind, shape.path or "head") if shape else ""
    return BlockForm(title, key, shape, inputs, elsewhere)


def posted_by(inputs: Sequence[Input]) -> dict[str, tuple[str, ...]]:
    """Return what a page posts on which nobody has changed anything."""
    return {each.name + column: texts for each in inputs for column, texts in each.shown.items()}


def _inputs(shape: Shape | None, data: dict[str, Any], elsewhere: frozenset[str], options: Options) -> Iterator[Input]:
    if shape is None or not (shape.properties or shape.each):
        yield _whole(shape, data, _OTHER_FILES)
        return
    known = [key for key in shape.properties if key not in elsewhere]
    for key in known:
        under = shape.under(key)
        assert under
        found = _of_key(under, (key,), data.get(key, ABSENT), options)
        yield from (replace(each, required=shape.is_required(key)) if len(each.path) == 1 else each for each in found)
    if shape.each and (REMOVE not in known):
        yield from _of_map(shape, data, elsewhere, options)
        return
    if left := {key: value for key, value in data.items() if key not in known}:
        yield _whole(None, left, _REST)


def _of_map(shape: Shape, data: dict[str, Any], elsewhere: frozenset[str], options: Options) -> Iterator[Input]:
    """Yield the inputs of a table of ids: what stands in it, and what of the layers above is not wanted."""
    left = {key: value for key, value in data.items() if key not in shape.properties and key != REMOVE}
    control, posted = shown(replace(shape, schema={**shape.plain, "properties": {}}), left or ABSENT)
    if control is Control.PAIRS:
        yield paired(Input((), _OTHER_FILES, "", control, posted, shape), options)
    elif left:
        yield _whole(None, left, _OTHER_FILES)
    if elsewhere or left or not shape.path or REMOVE in data:
        yield _removal(shape, data.get(REMOVE, ABSENT))


def _removal(shape: Shape, value: Any) -> Input:
    control = Control.TEXTS if value is ABSENT or _are_words(value) else Control.TOML
    _, posted = shown(None, value)
    posted = {"": tuple(value)} if control is Control.TEXTS and value is not ABSENT and value else posted
    control = control if value != [] else Control.TOML
    return described(Shape(shape.kind, REMOVE, {}), (REMOVE,), control, posted, lambda _: ())


def _are_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) and each.strip() == each != "" for each in value)


def _of_key(shape: Shape, path: Parts, value: Any, options: Options) -> Iterator[Input]:
    """Yield the input of a key, or those of the keys within it where they are known."""
    if is_flat(shape) and shape.named not in {"unit-ref"} and (value is ABSENT or (isinstance(value, dict) and value)):
        inner = value if isinstance(value, dict) else {}
        if set(inner) <= set(shape.properties):
            yield from _within(shape, path, inner, options)
            return
    control, posted = shown(shape, value)
    yield described(shape, path, control, posted, options)


def _within(shape: Shape, path: Parts, inner: dict[str, Any], options: Options) -> Iterator[Input]:
    group = label_of(shape.kind, shape.path)
    for key in shape.properties:
        under = shape.under(key)
        assert under
        for each in _of_key(under, (*path, key), inner.get(key, ABSENT), options):
            yield replace(each, group=each.group or group)


def _whole(shape: Shape | None, data: dict[str, Any], label: str) -> Input:
    control, posted = shown(shape, data or ABSENT)
    name = (REST,) if label == _REST else ()
    return Input(name, label, "", control, posted, shape)


def _posted(each: Input, posted: Mapping[str, Sequence[str]]) -> Posted:
    return {column: tuple(posted.get(each.name + column, ())) for column in COLUMNS.get(each.control, ("",))}


def _take(each: Input, data: dict[str, Any]) -> FormProblem | None:
    """Put what an input says into the data; return what is wrong with it."""
    try:
        value = read(each.control, each.shape, each.posted)
    except ValueReadError as error:
        return FormProblem(each.name, str(error))
    if value is ABSENT:
        return None
    if each.path in ((), (REST,)):
        if not isinstance(value, dict):
            return FormProblem(each.name, '每行写一个键和它的值，如 label = "名称"')
        data.update(value)
        return None
    table = data
    for part in each.path[:-1]:
        table = table.setdefault(part, {})
    table[each.path[-1]] = value
    return None


def _kept(data: Any) -> Any:
    """Return data without what they take away of the layers above: that may stand in any table."""
    if isinstance(data, dict):
        return {key: _kept(value) for key, value in data.items() if key != REMOVE}
    return [_kept(value) for value in data] if isinstance(data, list) else data


__all__ = ["BlockForm", "BlockRead", "FormProblem", "Option", "form_of", "kind_of", "posted_by"]
