"""What each layer makes of what stands above it: every entry before and after, and whether it cites a clause for it.

A lower layer may promise faster, give less and draw more; whatever loosens a bound needs a clause of its own, be it
changed, left out where a list is replaced whole, or taken away (`remove.<name>.cites`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xunfang.rulebook.conditions import ALWAYS, Condition
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.entry import Entry
from xunfang.rulebook.findings import Findings
from xunfang.rulebook.implication import can_both_hold, implies, parts_of
from xunfang.rulebook.lint.finite import single_facts
from xunfang.rulebook.merge import Merged, Origin
from xunfang.rulebook.model import AllOf
from xunfang.rulebook.positions import Path
from xunfang.rulebook.removals import CITES, REMOVE, removed_by


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """An entry that one layer wrote on or took away. `before` and `after` are its data, None for none."""

    draft: Draft
    part: str
    step: Merged
    path: Path
    before: Any
    after: Any

    @property
    def layer(self) -> str:
        """The layer that made the change."""
        return self.step.layer

    def each(self) -> "Iterator[Change]":
        """Yield what became of each thing that was in a table before, if anything did."""
        for key, before in self.before.items() if isinstance(self.before, Mapping) else ():
            if before != (after := _in(self.after, key)):
                yield self.at(key, before, after)

    def at(self, key: str | int, before: Any, after: Any) -> "Change":
        """Return what became of one thing in it."""
        return Change(self.draft, self.part, self.step, (*self.path, key), before, after)

    def cites(self, path: Path, outermost: int = 1) -> bool:
        """Return whether the layer cites a clause at a place, or around it in no fewer keys than `outermost`."""
        for length in range(len(path), outermost - 1, -1):
            *around, last = path[:length]
            places: tuple[Path, ...] = ((*around, last, CITES), (*around, REMOVE, last, CITES))
            if any(self.step.own.find(place) for place in places):
                return True
        return False

    def note(self, path: Path, code: str, message: str, hint: str) -> None:
        """Note what is wrong where the layer wrote it, or took it away; then the hint says how that may be done."""
        if taken := self._taken_away(path):
            hint = f'{hint.partition("；")[0]}；确需去掉的，写明依据：remove.{taken}.cites = ["<条款编号>"]'
        self.draft.findings.error_at(self._origin(path), path, code, message, hint)

    def _taken_away(self, path: Path) -> str:
        """Return what the layer removes that lies at a path or around it, "" for nothing."""
        table: Any = self.step.own.value
        for key in path:
            if isinstance(table, Mapping) and key in (removed_by(table) or ()):
                return str(key)
            table = _in(table, key)
        return ""

    def _origin(self, path: Path) -> Origin:
        own = self.step.own
        for length in range(len(path), 0, -1):
            *around, last = path[:length]
            found = own.find(path[:length]) or own.find((*around, REMOVE, last)) or own.find((*around, REMOVE))
            if found:
                return found
        return own.origin


def _in(data: Any, key: str | int) -> Any:
    return data.get(key) if isinstance(data, Mapping) else None


def changes(draft: Draft, part: str, under: Path = ()) -> Iterator[Change]:
    """Yield what each layer made of each entry of a part that lies in a table and stood there before."""
    for step in draft.parts[part].steps if part in draft.parts else ():
        yield from change_of(draft, part, step, under).each()


def change_of(draft: Draft, part: str, step: Merged, path: Path) -> Change:
    """Return what one layer made of what stands at a place."""
    before: Any = step.above.data if step.above else None
    after: Any = step.data
    for key in path:
        before, after = _in(before, key), _in(after, key)
    return Change(draft, part, step, path, before, after)


@dataclass(frozen=True, slots=True)
class Rung:
    """One of several rows of which the first that holds binds: its condition, what it says, and where it stands."""

    when: Condition
    says: Any
    path: Path


def rungs(change: Change, rows: Sequence[dict[str, Any]], path: Path, rest: Any, rest_path: Path) -> list[Rung]:
    """Return rows written at a path, each with its data, and what holds for all else last, None for nothing."""
    part = change.draft.parts[change.part]
    found = [
        Rung(Entry(part, (*path, index), row, Findings()).condition_or_always("when"), row, (*path, index))
        for index, row in enumerate(rows)
    ]
    return found if rest is None else [*found, Rung(ALWAYS, rest, rest_path)]


def meetings(draft: Draft, before: Sequence[Rung], after: Sequence[Rung]) -> Iterator[tuple[Rung, Rung]]:
    """Yield each rung that bound before with each that binds now, where something may fall under both."""
    single = single_facts(draft)
    for index, old in enumerate(before):
        for place, new in enumerate(after):
            both = AllOf((*parts_of(old.when), *parts_of(new.when)))
            taken = (*before[:index], *after[:place])
            if can_both_hold(old.when, new.when, single) and not any(implies(both, each.when) for each in taken):
                yield old, new
