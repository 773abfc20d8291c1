"""What an input holds by ids, called as people call it, and the ids of the names that they type."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

_JOINED = "、"
_TERM = re.compile(r"[a-z_][a-z0-9_.]*")
_NAMED_TERM = re.compile("「([^「」]*)」")
_FUNCTIONS = {
    "min": "较小值", "max": "较大值", "round": "四舍五入", "count": "项数", "years": "相隔年数", "days": "相隔天数",
    "sum": "合计", "age": "周岁",
}  # fmt: skip
_FUNCTION = re.compile(rf"({'|'.join(_FUNCTIONS.values())})(?=[(（])")
_MEANT = {word: name for name, word in _FUNCTIONS.items()}


@dataclass(frozen=True, slots=True)
class Option:
    """A value that may be chosen, what people call it, among which it is offered, and where it comes from."""

    value: str
    label: str
    group: str = ""
    within: str = ""  # told beside its label where others are called the same


Options = Callable[[str], tuple[Option, ...]]
"""Returns what there is of what a key names; nothing where nobody knows. "called/<names>/<id>" is of one id alone."""


@dataclass(frozen=True)
class Called:
    """The names of ids, each for one id only; `offered` are those of what there is."""

    names: Mapping[str, str]
    offered: tuple[str, ...]

    @cached_property
    def _ids(self) -> Mapping[str, str]:
        return {name: id for id, name in self.names.items()}

    def say(self, id: str) -> str:
        """Return what an id is called; as it is where nobody knows."""
        return self.names.get(id, id)

    def mean(self, words: str) -> str:
        """Return the id of what was typed; as it was typed where there is none of that name."""
        return self._ids.get(words.strip(), words)

    def say_each(self, ids: str) -> str:
        """Return what several ids are called that stand in one text."""
        return _JOINED.join(_within(self.say(id)) for id in ids.split(_JOINED))

    def mean_each(self, words: str) -> str:
        """Return the ids of several names in one text."""
        ids = {_within(name): id for name, id in self._ids.items()}
        return _JOINED.join(ids.get(each.strip(), each) for each in words.split(_JOINED))

    def say_terms(self, sum: str) -> str:
        """Return a sum with what it reckons with called as people call it: (「年收入」 - 「扣除」) / 12."""
        return _TERM.sub(lambda found: self._term(found[0], sum[found.end() :]), sum)

    def _term(self, id: str, after: str) -> str:
        return _FUNCTIONS.get(id, id) if after.startswith("(") else f"「{self.names[id]}」" if id in self.names else id

    def mean_terms(self, words: str) -> str:
        """Return the sum that was typed with names."""
        plain = _FUNCTION.sub(lambda found: _MEANT[found[1]], words)
        return _NAMED_TERM.sub(lambda found: self._ids.get(found[1].strip(), found[0]), plain)


def called(options: Options, source: str, chosen: Sequence[str]) -> Called | None:
    """Return the names of what a key names and of what was chosen besides, None where nobody knows any."""
    known = options(source)
    ids = {option.value for option in known}
    others = [each for id in dict.fromkeys(chosen) if id not in ids for each in one(options, source, id)]
    names = _names((*known, *others))
    return Called(names, tuple(names[option.value] for option in known)) if names else None


def one(options: Options, source: str, id: str) -> tuple[Option, ...]:
    """Return what an id is called that is not among what there is to choose from; nothing where nobody knows."""
    return options(f"called/{source}/{id}")[:1] if id else ()


def _within(name: str) -> str:
    """Return a name as it stands among several that are told apart by commas of a list."""
    return name.replace(_JOINED, "，")


@lru_cache(maxsize=64)
def _names(options: tuple[Option, ...]) -> Mapping[str, str]:
    return dict(_apart(options))


def _apart(options: Iterable[Option]) -> Iterator[tuple[str, str]]:
    """Yield ids with their names: of those that share one with where they come from, or else with the id itself."""
    found = {option.value: option for option in options}
    often = Counter(option.label for option in found.values())
    told = {id: _told(option) if often[option.label] > 1 else option.label for id, option in found.items()}
    again = Counter(told.values())
    for id, name in told.items():
        yield id, name if again[name] == 1 and name not in found else f"{found[id].label}（{id}）"


def _told(option: Option) -> str:
    return f"{option.label}（{option.within}）" if option.within else option.label
