"""What a condition may ask about, the nearest first: rules know several hundred facts, and one table asks for few."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from xunfang.rulebook.block_inputs import Control, Input
from xunfang.rulebook.block_shapes import kind_of
from xunfang.rulebook.blocks import Block
from xunfang.rulebook.called import Option
from xunfang.rulebook.model import Rulebook
from xunfang.rulebook.positions import Path

ASKED, FORMS, OTHERS = "同类规则看的", "填报的表单里的", "其他"
_ASKS = "when"


def nearest_first(
    inputs: Sequence[Input], path: str, blocks: Sequence[Block], key: Path, rules: Rulebook
) -> list[Input]:
    """Return inputs of which each condition offers what others of its kind ask about, then what its forms ask."""
    asked = _asked(blocks, key)
    forms = list(_of_forms(rules, path, key))
    return [
        replace(each, options=_ordered(each.options, asked, forms)) if each.control is Control.CONDITION else each
        for each in inputs
    ]


def _ordered(options: Sequence[Option], asked: Sequence[str], forms: Sequence[str]) -> tuple[Option, ...]:
    groups = {**dict.fromkeys(forms, FORMS), **dict.fromkeys(asked, ASKED)}
    if not groups:
        return tuple(options)
    found = [replace(option, group=groups.get(option.value, OTHERS)) for option in options]
    order = {ASKED: 0, FORMS: 1, OTHERS: 2}
    return tuple(sorted(found, key=lambda option: order[option.group]))


def _asked(blocks: Sequence[Block], key: Path) -> list[str]:
    """Return what the blocks of the same kind ask about, the most frequent first."""
    shape = [type(part) for part in key]
    like = (block.data for block in blocks if [type(part) for part in block.key] == shape)
    counts = Counter(fact for data in like if isinstance(data, dict) for fact in _facts(data.get(_ASKS)))
    return [fact for fact, _ in counts.most_common()]


def _facts(when: object) -> Iterator[str]:
    if isinstance(when, Mapping):
        yield from (str(fact) for fact in when)


def _of_forms(rules: Rulebook, path: str, key: Path) -> Iterator[str]:
    """Yield the fields of the forms whose cases a routing table is for."""
    if kind_of(path) != "routing" or not key:
        return
    for flow in rules.flows.values():
        if any(state.routes_by == key[0] for state in flow.states.values()):
            for form in flow.opens_on:
                yield from rules.forms[form].fields
