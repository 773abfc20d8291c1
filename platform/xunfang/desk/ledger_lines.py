"""Finding the lines of a ledger 台账: page by page, by what the store decides and what the facts of each line tell."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from xunfang.clock import SHANGHAI, local_date
from xunfang.desk.faces.ledgers import OLDEST, LedgerAsked
from xunfang.desk.lines import Line, lines_of
from xunfang.desk.releases import Releases
from xunfang.rulebook.conditions import facts_of
from xunfang.rulebook.model import Ledger, Operator, Test
from xunfang.rules.conditions import conjuncts, holds, indexable
from xunfang.rules.units import former_places, former_wholes
from xunfang.store.findable import paper_indexes
from xunfang.store.reading.ledger_wanted import LedgerFilter, Stands, Told
from xunfang.store.reading.ledgers import Found
from xunfang.store.reading.paging import PAGE_LENGTH, WINDOW
from xunfang.store.scoped import ScopedReader

ROUNDS = 3
"""So many pages of things are looked through, at most, for one page of lines whose facts are as wanted."""
_ASKABLE = {
    "case": (Told.FLOW, Told.STATE, Told.OUTCOME), "task": (Told.FLOW, Told.STATE, Told.OUTCOME),
    "entitlement": (Told.PROGRAMME, Told.STATE), "notice": (Told.KIND,), "duty": (Told.DUTY,),
}  # fmt: skip
"""The facts of each kind of thing that are columns too."""
_ENDING = frozenset({"case", "task", "duty"})
"""What goes on until it has ended."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one page of lines is looked for with. `columns` are the facts to be known of each line."""

    reader: ScopedReader
    rules: Releases
    ledger: Ledger
    asked: LedgerAsked
    at: datetime
    columns: tuple[str, ...]
    most: int = WINDOW
    length: int = PAGE_LENGTH


def next_lines(look: Look, after: str) -> tuple[list[Line], str]:
    """Return the next lines that a ledger lists and where it goes on; after some pages of nothing it gives up."""
    wanted, kept = _filter_of(look), list[Line]()
    for _ in range(ROUNDS):
        page = look.reader.ledger(look.ledger.of, wanted, after, look.most, look.length)
        for found, line in _held(look, page.items):
            kept.append(line)
            if len(kept) == look.length:
                is_last = found == page.items[-1] and not page.next
                return kept, "" if is_last else found.after
        after = page.next
        if not after:
            break
    return kept, after


def _held(look: Look, found: Sequence[Found]) -> Iterator[tuple[Found, Line]]:
    """Yield the things whose facts are as a ledger wants them."""
    lines = {line.key: line for line in lines_at(look, [item.key for item in found])}
    for item in found:
        line = lines.get(item.key)
        if line:
            yield item, line


def lines_at(look: Look, keys: Sequence[str]) -> list[Line]:
    """Return the lines of things that are in sight and as the ledger wants them, in the order of their keys."""
    paths = [*look.columns, *facts_of(look.ledger.where)]
    lines = lines_of(look.reader, look.rules, look.ledger.of, keys, look.at, look.asked.on, paths)
    return [line for line in lines if holds(look.ledger.where, line.facts) and _stood_as_asked(look, line)]


def _stood_as_asked(look: Look, line: Line) -> bool:
    """Return whether something went on, or had ended, on a past day as is asked; of now the store knows."""
    asked = look.asked
    if not asked.on or look.ledger.of not in _ENDING or asked.stands not in (Stands.OPEN, Stands.ENDED):
        return True
    return line.ended == (asked.stands == Stands.ENDED)


def _filter_of(look: Look) -> LedgerFilter:
    """Return what of a ledger and of a person's wishes the store itself decides."""
    rulebook, ledger, asked = look.rules.in_force, look.ledger, look.asked
    is_number = any(sign.isdigit() for sign in asked.find)
    last = min(filter(None, (asked.last, asked.on)), default=None)
    return LedgerFilter(
        among=tuple(_among(ledger)),
        unended=any(_is_unended(part) for part in conjuncts(ledger.where)) and ledger.of == "entitlement",
        places=(asked.place, *former_wholes(rulebook, asked.place)) if asked.place else (),
        former=former_places(rulebook, asked.place),
        since=_midnight(asked.first) if asked.first else None,
        before=_midnight(last + timedelta(days=1)) if last else None,
        first=asked.first.isoformat() if asked.first else "",
        last=last.isoformat() if last else "",
        on=(asked.on or local_date(look.at)).isoformat(),
        stands=_stands(ledger, asked),
        name="" if is_number else asked.find,
        number=asked.find if is_number else "",
        indexes=paper_indexes(look.reader.keys, asked.find) if is_number else (),
        oldest=asked.sort == OLDEST,
    )


def _stands(ledger: Ledger, asked: LedgerAsked) -> Stands:
    """Return which things are shown; those of a past day are decided on their facts."""
    if ledger.of == "entitlement":
        return Stands(asked.stands or "open")
    return Stands.ALL if asked.on else Stands(asked.stands or "all")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def _among(ledger: Ledger) -> Iterator[tuple[Told, tuple[str, ...]]]:
    for part in conjuncts(ledger.where):
        values = indexable(part) if isinstance(part, Test) else None
        for column in _ASKABLE.get(ledger.of, ()):
            if values and isinstance(part, Test) and part.path in (column.value, f"{ledger.of}.{column.value}"):
                yield column, tuple(map(str, values))


def _is_unended(part: object) -> bool:
    known = isinstance(part, Test) and part.operator is Operator.KNOWN and not part.value
    return known and isinstance(part, Test) and part.path in ("until", "entitlement.until")
