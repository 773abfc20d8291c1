"""What may be chosen, units called as sentences call them: one for each division is that of the residence."""

from collections import Counter
from dataclasses import replace
from functools import lru_cache

from xunfang.rulebook.called import Option, Options
from xunfang.rulebook.model import Rulebook, UnitRef
from xunfang.rules.describe.options import options_of
from xunfang.rules.describe.words import unit_words

_UNITS = frozenset({"placed-units"})
_OF = " of "


@lru_cache(maxsize=8)
def options_said(book: Rulebook) -> Options:
    """Return what there is to choose from by the rules, by what a key names."""
    known = options_of(book)
    found: dict[str, tuple[Option, ...]] = {}

    def options(source: str) -> tuple[Option, ...]:
        if source not in _UNITS:
            return known(source)
        if source not in found:
            found[source] = _units(book, known(source))
        return found[source]

    return options


def _units(book: Rulebook, options: tuple[Option, ...]) -> tuple[Option, ...]:
    said = [replace(option, label=_said(book, option)) for option in options]
    times = Counter(option.label for option in said)
    return tuple(
        option if times[option.label] == 1 else replace(option, label=f"{option.label}：{was.label}")
        for option, was in zip(said, options, strict=True)
    )


def _said(book: Rulebook, option: Option) -> str:
    unit, of, place = option.value.partition(_OF)
    if not book.units[unit].per:
        return option.label
    label = unit_words(book, UnitRef(unit, place or "residence"))
    return f"{label}（写明居住地）" if of and place == "residence" else label
