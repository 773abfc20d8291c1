"""The inputs of a form on which one block of a rule file is edited."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache, partial

from xunfang.rulebook import spoken
from xunfang.rulebook.block_shapes import Shape
from xunfang.rulebook.called import Called, Option, Options, called, one
from xunfang.rulebook.key_labels import help_of, label_of, label_of_choice
from xunfang.rulebook.key_names import is_open, named_by, values_named_by
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
_LOOKED_AT = {Control.CONDITION: ":fact"}
_CODE = re.compile(r"[A-Za-z$]{2,}")
_CHOSEN_BELOW = "点开选一个"
SEVERAL = "几个用顿号分开"
_OF_KEYS = frozenset({"values", "entries"})
TERMS = "terms/"
"""Named by what reckons with several things and numbers."""
_TERMS_SO = "各项的名称写在「」里，如 「总人数」 = 「女」 + 「男」；不成立的不收，并写明两边各是多少"
_AS_IT_IS = frozenset({"clauses"})
"""What people know by its id. All else that is typed is shown and typed by its name."""
_PLACED = frozenset({"unit-ref", "unit-refs"})


Posted = Mapping[str, tuple[str, ...]]
"""What a control posts, by the end of its name: "" for the control itself, else its column."""


Meant = Callable[[str], str]


def as_typed(words: str) -> str:
    """Return what was typed."""
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
    meant: Mapping[str, Meant] = field(default_factory=dict)  # by column, what is written for words that are typed

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
        return {column: tuple(map(self.meant.get(column, as_typed), texts)) for column, texts in self.shown.items()}

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
    named = _named(shape, control)
    if control in _TYPED and (how := _spoken(shape, named, shown, options)):
        told = {column: tuple(map(how.say, texts)) for column, texts in shown.items()}
        offered = tuple(Option(each, "") for each in how.proposed)
        helps = how.help or _without_codes(help_of(kind, at)) or _CHOSEN_BELOW
        return Input(
            path, label_of(kind, at), helps, control, told, shape, "", offered, names=how.names, meant={"": how.mean}
        )
    if control is Control.PAIRS:
        return paired(Input(path, label_of(kind, at), help_of(kind, at), control, shown, shape), options)
    return _chosen(shape, path, control, shown, named, options)


def _chosen(shape: Shape, path: Parts, control: Control, shown: Posted, named: str, options: Options) -> Input:
    kind, at = shape.kind, shape.path
    chosen = [text for text in shown.get(_LOOKED_AT.get(control, ""), ()) if text not in ("", NONE_AT_ALL)]
    is_list = control in {Control.MANY, Control.TEXTS}
    found = _options(shape, chosen, named, options) if control in _CHOSEN else ()
    may_be_typed = not found or is_open(kind, at) or control is Control.CONDITION
    if found and not may_be_typed:
        control = Control.MANY if is_list else Control.CHOICE
        found = _in_order(found, chosen) if is_list else found
        found = (*found, Option(NONE_AT_ALL, "一个也没有")) if NONE_AT_ALL in shown.get("", ()) else found
    label, helps = label_of(kind, at), help_of(kind, at)
    if control is not Control.TOML and (helps := _without_codes(helps)) == label:
        helps = ""
    return Input(path, label, helps, control, shown, shape, "", found, may_be_typed, names=named)


def paired(each: Input, options: Options) -> Input:
    """Return the input of a small table with what people call its keys and values, such as 及时 and 3个工作日."""
    if each.control is not Control.PAIRS or each.shape is None:
        return each
    shape, of = each.shape, each.shape.each
    if of and (how := spoken.how_of(of)):
        says = dict.fromkeys(
            COLUMNS[Control.PAIRS], _Said(partial(spoken.said_word, how), partial(spoken.meant_word, how))
        )
        return _told(replace(each, help=spoken.HELP[how]), says)
    keys, values = (each.shown.get(column, ()) for column in COLUMNS[Control.PAIRS])
    named = {":key": named_by(shape.kind, shape.path), ":value": values_named_by(shape.kind, shape.path)}
    ids = {":key": keys, ":value": [id for text in values for id in text.split("、")]}
    options = partial(_of_keys, keys, options)
    known = {column: called(options, source, ids[column]) for column, source in named.items() if source}
    says = {column: _said_by(found, named[column]) for column, found in known.items() if found}
    offered = keyed.offered if (keyed := known.get(":key")) else ()
    helps = "；".join(
        filter(None, (_without_codes(each.help), SEVERAL if of and of.plain.get("type") == "array" else ""))
    )
    names = f"said-{named[':key']}" if offered else ""
    return _told(replace(each, help=helps, names=names, options=tuple(Option(name, "") for name in offered)), says)


def _of_keys(keys: Sequence[str], options: Options, source: str) -> tuple[Option, ...]:
    """Return what there is of a source; of those that hang on a key, what there is of each."""
    return (
        options(source) if source not in _OF_KEYS else tuple(one for key in keys for one in options(f"{source}/{key}"))
    )


def _said_by(found: Called, source: str) -> "_Said":
    if source == TERMS:
        return _Said(found.say_terms, found.mean_terms)
    return _Said(found.say_each, found.mean_each)


def _told(each: Input, says: "Mapping[str, _Said]") -> Input:
    plain = _Said(as_typed, as_typed)
    told = {column: tuple(map(says.get(column, plain).say, texts)) for column, texts in each.shown.items()}
    return replace(each, shown=told, meant={column: how.mean for column, how in says.items()})


@lru_cache(maxsize=1024)
def _without_codes(told: str) -> str:
    """Return what explains a key to whoever knows things by their names: nothing of how they are written in a file."""
    kept = [part for part in re.split("(?<=[，；。])", told.removeprefix("true：")) if not _CODE.search(part)]
    return "".join(kept).rstrip("，；：")


@dataclass(frozen=True, slots=True)
class _Said:
    """How a value is said, and how what is typed is meant."""

    say: Meant
    mean: Meant


@dataclass(frozen=True, slots=True)
class _Spoken:
    """How a value is said and what is typed is meant, what is proposed under which name, and what is told beside it."""

    say: Meant
    mean: Meant
    proposed: tuple[str, ...]
    names: str
    help: str = ""


def _spoken(shape: Shape, named: str, shown: Posted, options: Options) -> _Spoken | None:
    """Return how a value is said, None where it is typed as it is written."""
    if how := spoken.how_of(shape):
        names = f"said-{shape.kind}-{shape.path}"
        return _Spoken(
            partial(spoken.said, how), partial(spoken.meant, how), spoken.PROPOSED[how], names, spoken.HELP[how]
        )
    if not named or named in _AS_IT_IS or not is_open(shape.kind, shape.path):
        return None
    found: Called | None = called(options, named, shown.get("", ()))
    if found and named == TERMS:
        return _Spoken(found.say_terms, found.mean_terms, (), "", _TERMS_SO)
    return _Spoken(found.say, found.mean, found.offered, f"said-{named}") if found else None


def _options(shape: Shape, chosen: list[str], named: str, options: Options) -> tuple[Option, ...]:
    known = (*_fixed(shape, options), *(options(named) if named else ()))
    missing = dict.fromkeys(chosen).keys() - {option.value for option in known} if known else ()
    others = [each for id in chosen if id in missing for each in (one(options, named, id) or (Option(id, id),))]
    return (*known, *dict.fromkeys(others))


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
