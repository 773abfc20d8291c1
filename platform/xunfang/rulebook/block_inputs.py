"""The inputs of a form on which one block of a rule file is edited."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

from xunfang.rulebook import spoken
from xunfang.rulebook.block_shapes import Shape
from xunfang.rulebook.key_labels import help_of, label_of, label_of_choice
from xunfang.rulebook.key_names import is_open, named_by
from xunfang.rulebook.toml_syntax import Parts


class Control(StrEnum):
    """How a value is shown and typed."""

    TEXT = "text"
    LONG_TEXT = "long-text"
    NUMBER = "number"
    YES_NO = "yes-no"  # "", "true", "false"
    DATE = "date"
    MOMENT = "moment"
    CHOICE = "choice"
    MANY = "many"  # several of the options, in an order
    TEXTS = "texts"  # one text each, as many as there are
    PAIRS = "pairs"  # a key and a text each: two columns, `:key` and `:value`
    CONDITION = "condition"  # three columns, `:fact`, `:how` and `:value`
    TOML = "toml"  # several lines as they stand in a file
    FIXED = "fixed"  # always the same: sent along, not shown


COLUMNS = {Control.PAIRS: (":key", ":value"), Control.CONDITION: (":fact", ":how", ":value")}
"""The columns of a control that is a small table: each posts its values under the input's name and its own."""

NONE_AT_ALL = "[]"
"""Chosen or typed alone in a list: it is there and holds nothing, as a layer says that wants nothing of those above."""


_CHOSEN = frozenset({Control.TEXT, Control.CHOICE, Control.MANY, Control.TEXTS, Control.CONDITION})
_TYPED = frozenset({Control.TEXT, Control.TEXTS})
_PICKED = frozenset({Control.CHOICE, Control.MANY, Control.YES_NO})
_CODE = re.compile(r"[A-Za-z$]{2,}")
_CHOSEN_BELOW = "点开选一个"
_BY_LABEL = frozenset({"anchors", "happenings"})
"""What is shown and typed by its label, while other values may be typed too."""
_PLACED = frozenset({"unit-ref", "unit-refs"})


@dataclass(frozen=True, slots=True)
class Option:
    """A value that may be chosen, what people call it, and among which it is offered."""

    value: str
    label: str
    group: str = ""


Options = Callable[[str], tuple[Option, ...]]
"""Returns what there is of what a key names; nothing where nobody knows."""

Posted = Mapping[str, tuple[str, ...]]
"""What a control posts, by the end of its name: "" for the control itself, else its column."""


Meant = Callable[[str], str]


def _as_typed(words: str) -> str:
    return words


@dataclass(frozen=True, slots=True)
class Input:
    """One input: where its value stands in the block, what it is called, how it is shown, and what it shows."""

    path: Parts
    label: str
    help: str
    control: Control
    shown: Posted
    shape: Shape | None = None
    group: str = ""  # what the table within the block is called that it stands in
    options: tuple[Option, ...] = ()
    open: bool = True  # other values than the options may be typed
    required: bool = False  # in the end, in this layer or one above
    problem: str = ""
    names: str = ""  # what its values name, for the page to look up more of it
    meant: Meant = _as_typed  # what is written for words that are shown and typed

    @property
    def name(self) -> str:
        """Return the name it posts under."""
        return ".".join(self.path) or ":all"

    @property
    def value(self) -> str:
        """Return what it shows, of a control with one value."""
        return next(iter(self.shown.get("", ())), "")

    @property
    def values(self) -> tuple[str, ...]:
        """Return what it shows, of a control with several values."""
        return self.shown.get("", ())

    @property
    def posted(self) -> Posted:
        """Return what it shows as a file writes it."""
        return {column: tuple(map(self.meant, texts)) for column, texts in self.shown.items()}

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Return what it shows, of a control that is a small table."""
        return tuple(zip(*(self.shown.get(column, ()) for column in COLUMNS[self.control]), strict=False))

    @property
    def is_filled(self) -> bool:
        """Return whether it shows anything: what is not written may be folded away."""
        return any(text.strip() for texts in self.shown.values() for text in texts)


def described(shape: Shape, path: Parts, control: Control, shown: Posted, options: Options) -> Input:
    """Return the input for a key with what its kind tells of it."""
    kind, at = shape.kind, shape.path
    chosen = [text for text in shown.get("", ()) if text not in ("", NONE_AT_ALL)]
    named = _named(shape, control)
    if control in _TYPED and (how := _spoken(shape, named, options)):
        told = {column: tuple(map(how.say, texts)) for column, texts in shown.items()}
        offered, words = (
            tuple(Option(each, "") for each in how.proposed),
            (label_of(kind, at), how.help or help_of(kind, at)),
        )
        return Input(path, *words, control, told, shape, "", offered, names=f"said-{kind}-{at}", meant=how.mean)
    is_list = control in {Control.MANY, Control.TEXTS}
    found = _options(shape, chosen, named, options) if control in _CHOSEN else ()
    may_be_typed = not found or is_open(kind, at) or control is Control.CONDITION
    if found and not may_be_typed:
        control = Control.MANY if is_list else Control.CHOICE
        found = _in_order(found, chosen) if is_list else found
        found = (*found, Option(NONE_AT_ALL, "一个也没有")) if NONE_AT_ALL in shown.get("", ()) else found
    helps = help_of(kind, at) if control not in _PICKED else _without_codes(help_of(kind, at))
    return Input(path, label_of(kind, at), helps, control, shown, shape, "", found, may_be_typed, names=named)


def said_pairs(each: Input) -> Input:
    """Return the input of a table of words and times as people say both, as 及时 and 3个工作日; any other as it is."""
    of = each.shape.each if each.shape else None
    how = spoken.how_of(of) if of else ""
    if each.control is not Control.PAIRS or not how:
        return each
    told = {column: tuple(spoken.said_word(how, text) for text in texts) for column, texts in each.shown.items()}
    return replace(each, shown=told, meant=partial(spoken.meant_word, how), help=spoken.HELP[how])


def _without_codes(told: str) -> str:
    """Return what explains a key to whoever chooses among labels: nothing of how its values are written in a file."""
    kept = [part for part in re.split("(?<=[，；。])", told) if not _CODE.search(part)]
    return "".join(kept).rstrip("，；：")


@dataclass(frozen=True, slots=True)
class _Spoken:
    """How a value is said, how what is typed is meant, what is proposed, and what is told beside it."""

    say: Meant
    mean: Meant
    proposed: tuple[str, ...]
    help: str = ""


def _spoken(shape: Shape, named: str, options: Options) -> _Spoken | None:
    """Return how a value is said, None where it is typed as it is written."""
    if how := spoken.how_of(shape):
        return _Spoken(partial(spoken.said, how), partial(spoken.meant, how), spoken.PROPOSED[how], spoken.HELP[how])
    known = {option.value: option.label for option in options(named)} if named in _BY_LABEL else {}
    labels = {label: value for value, label in known.items()}
    if not known or len(labels) < len(known):
        return None
    return _Spoken(
        lambda value: known.get(value, value),
        lambda words: labels.get(words.strip(), words),
        tuple(labels),
        _CHOSEN_BELOW,
    )


def _options(shape: Shape, chosen: list[str], named: str, options: Options) -> tuple[Option, ...]:
    known = (*_fixed(shape, options), *(options(named) if named else ()))
    missing = dict.fromkeys(chosen).keys() - {option.value for option in known} if known else ()
    return (*known, *(Option(value, value) for value in chosen if value in missing))


def _in_order(found: tuple[Option, ...], chosen: list[str]) -> tuple[Option, ...]:
    """Return options in the order in which a page is to post them: those chosen first, as they are written."""
    by_value = {option.value: option for option in found}
    return tuple(by_value[value] for value in dict.fromkeys([*chosen, *by_value]))


def _named(shape: Shape, control: Control) -> str:
    """Return what a key's values name; facts for a condition, and where a unit may be that of one of two places, so."""
    if control is Control.CONDITION:
        return "fields/" if shape.kind == "form" else "facts"
    named = named_by(shape.kind, shape.path)
    placed = shape.named in _PLACED or "oneOf" in shape.plain
    return "placed-units" if named == "units" and placed else named


def _fixed(shape: Shape, options: Options) -> tuple[Option, ...]:
    item = shape.item
    schema = item.plain if item else shape.plain
    one = next((each for each in schema.get("oneOf", ()) if "enum" in each), schema)
    values = [str(value) for value in one.get("enum", ())]
    called = {option.value: option.label for option in options("choices")} if values else {}
    labels = {value: label_of_choice(shape.kind, shape.path, value) for value in values}
    return tuple(
        Option(value, called.get(value, value) if labels[value] == value else labels[value]) for value in values
    )


def is_flat(shape: Shape) -> bool:
    """Return whether a table has keys of its own alone: each of them is an input, rather than the table."""
    return bool(shape.properties) and shape.each is None
