"""Ledgers 台账: which there are, and what each lists: page by page, or all of it to take along."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from xunfang.actions.deployment import Actor, Deployment
from xunfang.clock import SHANGHAI, local_date
from xunfang.desk.faces.ledgers import LedgerAsked, LedgerHead, LedgerLine, LedgerPage, LedgerRow
from xunfang.desk.labels import Labels
from xunfang.desk.lines import Line, all_words, lines_of, words
from xunfang.desk.releases import Releases
from xunfang.errors import NotFound
from xunfang.rulebook.acts import ROW
from xunfang.rulebook.conditions import facts_of
from xunfang.rulebook.model import Ledger, Operator, Rulebook, Test
from xunfang.rules.conditions import conjuncts, holds, indexable
from xunfang.rules.describe.ledgers import heads, what_it_lists
from xunfang.rules.describe.words import SUBJECTS
from xunfang.rules.units import former_places, former_wholes
from xunfang.store.findable import paper_indexes
from xunfang.store.reading.ledger_wanted import LedgerFilter, Stands, Told
from xunfang.store.reading.ledgers import Found
from xunfang.store.reading.lines import SUBJECTS as LISTED
from xunfang.store.reading.paging import PAGE_LENGTH, WINDOW
from xunfang.store.scoped import ScopedReader, scoped

ROUNDS = 3
"""So many pages of things are looked through, at most, for one page of lines whose facts are as wanted."""
_CELLS, _FEWEST = 1_000, 10
"""About how many cells a page shows, and how many lines at least."""
_ASKABLE = {
    "case": (Told.FLOW, Told.STATE, Told.OUTCOME), "task": (Told.FLOW, Told.STATE, Told.OUTCOME),
    "entitlement": (Told.PROGRAMME, Told.STATE), "notice": (Told.KIND,), "duty": (Told.DUTY,),
}  # fmt: skip
"""The facts of each kind of thing that are columns too."""
PERIODS = {
    "case": "立案日期", "clue": "录入日期", "task": "下达日期", "visit": "走访日期", "entitlement": "起始日期",
    "notice": "拟制日期", "duty": "报告期开始",
}  # fmt: skip
STANDS = {
    "case": (("", "全部"), ("open", "在办"), ("ended", "已办结")),
    "task": (("", "全部"), ("open", "在办"), ("ended", "已办结")),
    "duty": (("", "全部"), ("open", "待报送"), ("ended", "已报或免报")),
    "entitlement": (("", "享受中和已中止"), ("ended", "其他决定"), ("all", "全部决定")),
}
_ENDING = frozenset({"case", "task", "duty"})
"""What goes on until it has ended."""
_UNNAMED = frozenset({"duty"})
"""What is about nobody, and has no number."""
_AS_OF = {
    "entitlement": "只列当日享受中或已中止的，按现在记录的起止日期推算；当日以后补录的决定也计算在内。",
    "person": "对象类别、保障和年龄按当日计算；住址、电话和最近走访是现在登记的。",
    "case": "只列当日以前立案的；当日以后的填报、任务、文书和办结都不计入，尚未办结的按在办列出；住址是现在登记的。",
    "visit": "只列当日以前的走访。",
}
"""What it means that a ledger is told as of a past day, by what it lists."""


@dataclass(frozen=True, slots=True)
class LedgerDesk:
    """Reads ledgers from the store, within the sight of the person who asks."""

    deployment: Deployment

    @contextmanager
    def _reader(self, actor: Actor) -> Iterator[ScopedReader]:
        with scoped(self.deployment.database, actor.scope) as reader:
            yield reader

    def _rules(self, actor: Actor) -> Releases:
        return Releases(self.deployment.rulebooks, actor.jurisdiction)

    def ledgers(self, actor: Actor) -> list[tuple[str, list[LedgerRow]]]:
        """Return the ledgers of the person's county, by what they list."""
        labels = self._rules(actor).labels()
        found: dict[str, list[LedgerRow]] = {}
        for ledger in labels.rulebook.ledgers.values():
            if ledger.of in LISTED:
                found.setdefault(ledger.of, []).append(_row(labels, ledger))
        return [(f"按{SUBJECTS[of]}登记", found[of]) for of in LISTED if of in found]

    def ledger(self, actor: Actor, ledger_id: str) -> Ledger:
        """Return a ledger of the person's county; raises NotFound for any other."""
        found = self._rules(actor).in_force.ledgers.get(ledger_id)
        if found is None or found.of not in LISTED:
            raise NotFound("没有这本台账。")
        return found

    def page(self, actor: Actor, ledger_id: str, asked: LedgerAsked, at: datetime, after: str = "") -> LedgerPage:
        """Return a page of a ledger, newest first; raises NotFound."""
        ledger, rules = self.ledger(actor, ledger_id), self._rules(actor)
        asked = narrowing(ledger, asked)
        with self._reader(actor) as reader:
            look = _Look(reader, rules, ledger, asked, at, length=_rows_of(columns_of(ledger)))
            lines, after = _look(look, after)
        labels = rules.labels()
        columns = columns_of(ledger)
        return LedgerPage(
            row=_row(labels, ledger),
            heads=heads_of(labels.rulebook, ledger),
            lines=tuple(_line(line, columns) for line in lines),
            next=after,
            asked=asked,
            told=told_words(labels, ledger, asked),
            finds=ledger.of not in _UNNAMED,
            period=PERIODS.get(ledger.of, ""),
            stands=STANDS.get(ledger.of, ()),
            places=_places(labels, actor),
            as_of=_AS_OF.get(ledger.of, ""),
        )

    def lines(self, actor: Actor, ledger_id: str, asked: LedgerAsked, at: datetime) -> Iterator[list[Line]]:
        """Yield all lines of a ledger, some at a time, in the order of its pages; raises NotFound."""
        ledger, rules, after = self.ledger(actor, ledger_id), self._rules(actor), ""
        asked = narrowing(ledger, asked)
        while True:
            with self._reader(actor) as reader:
                lines, after = _look(_Look(reader, rules, ledger, asked, at, most=_MOST), after)
            yield lines
            if not after:
                return


_MOST = 20 * WINDOW
"""How many things one look may pass over where all of a ledger is wanted."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What one page of lines is looked for with."""

    reader: ScopedReader
    rules: Releases
    ledger: Ledger
    asked: LedgerAsked
    at: datetime
    most: int = WINDOW
    length: int = PAGE_LENGTH


def _rows_of(columns: Collection[str]) -> int:
    """Return how many lines a page has: fewer of a wide ledger, so that none is slower or heavier for its columns."""
    return min(PAGE_LENGTH, max(_FEWEST, _CELLS // max(1, len(columns))))


def _look(look: _Look, after: str) -> tuple[list[Line], str]:
    """Return the next lines that a ledger lists and where it goes on; after some pages of nothing it gives up."""
    wanted, kept = _filter_of(look), list[Line]()
    for _ in range(ROUNDS):
        page = look.reader.ledger(look.ledger.of, wanted, after, look.most)
        for found, line in _listed(look, page.items):
            kept.append(line)
            if len(kept) == look.length:
                is_last = found == page.items[-1] and not page.next
                return kept, "" if is_last else found.after
        after = page.next
        if not after:
            break
    return kept, after


def _listed(look: _Look, found: tuple[Found, ...]) -> Iterator[tuple[Found, Line]]:
    """Yield the things whose facts are as a ledger wants them; no more are read at once than one page shows."""
    for n in range(0, len(found), look.length):
        yield from _held(look, found[n : n + look.length])


def _held(look: _Look, found: Sequence[Found]) -> Iterator[tuple[Found, Line]]:
    keys, paths = [item.key for item in found], [*columns_of(look.ledger), *facts_of(look.ledger.where)]
    of, at, on = look.ledger.of, look.at, look.asked.on
    lines = {line.key: line for line in lines_of(look.reader, look.rules, of, keys, at, on, paths)}
    for item in found:
        line = lines.get(item.key)
        if line and holds(look.ledger.where, line.facts) and _stood_as_asked(look, line):
            yield item, line


def _stood_as_asked(look: _Look, line: Line) -> bool:
    """Return whether something went on, or had ended, on a past day as is asked; of now the store knows."""
    asked = look.asked
    if not asked.on or look.ledger.of not in _ENDING or asked.stands not in (Stands.OPEN, Stands.ENDED):
        return True
    return line.ended == (asked.stands == Stands.ENDED)


def narrowing(ledger: Ledger, asked: LedgerAsked) -> LedgerAsked:
    """Return what of a person's wishes narrows a ledger: nothing else may be said to have."""
    has_days, finds = ledger.of != "person", ledger.of not in _UNNAMED
    return replace(
        asked,
        first=asked.first if has_days else None,
        last=asked.last if has_days else None,
        find=asked.find if finds else "",
    )


def _filter_of(look: _Look) -> LedgerFilter:
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


# ----- how it is shown


def _row(labels: Labels, ledger: Ledger) -> LedgerRow:
    lists = what_it_lists(labels.rulebook, ledger)
    return LedgerRow(ledger.id, ledger.label, lists, len(columns_of(ledger)), labels.basis(ledger.basis))


def columns_of(ledger: Ledger) -> tuple[str, ...]:
    """Return the paths of the columns of a ledger, but for the number of the line."""
    return tuple(column.path for column in ledger.columns if column.path != ROW)


def heads_of(rulebook: Rulebook, ledger: Ledger) -> tuple[LedgerHead, ...]:
    """Return the heads of the columns of a ledger, but for the number of the line."""
    named = zip(ledger.columns, heads(rulebook, ledger), strict=True)
    return tuple(
        LedgerHead(column.path, label, _GROUPS.get(column.path.partition(".")[0], ""))
        for column, label in named
        if column.path != ROW
    )


_GROUPS = {
    "case": "个案", "clue": "填报", "person": "对象", "task": "办理情况", "notice": "文书", "household": "家庭",
    "entitlement": "保障", "visit": "走访", "publication": "公示", "duty": "定期任务", "unit": "单位",
}  # fmt: skip
"""What stands over the columns of one root."""


_NAME = "person.name"


def _line(line: Line, columns: tuple[str, ...]) -> LedgerLine:
    name = words(line, _NAME) if _NAME in columns[1:] else ""
    return LedgerLine(all_words(line, columns), name, line.case, line.person, line.duty)


def _places(labels: Labels, actor: Actor) -> tuple[tuple[str, str], ...]:
    """Return the divisions right below the one that a person sees, by which a ledger can be narrowed."""
    tree = labels.rulebook.divisions
    within = actor.division if actor.division.startswith(labels.rulebook.code) else labels.rulebook.code
    return tuple((each.code, each.name) for each in tree.children(within))


def told_words(labels: Labels, ledger: Ledger, asked: LedgerAsked) -> tuple[str, ...]:
    """Return in words what was looked for, as a sheet says above its lines."""
    asked = narrowing(ledger, asked)
    stands = dict(STANDS.get(ledger.of, ())).get(asked.stands, "")
    period = f"{asked.first.isoformat() if asked.first else ''}至{asked.last.isoformat() if asked.last else ''}"
    told = (
        f"范围：{labels.place(asked.place)}" if asked.place else "",
        f"{PERIODS.get(ledger.of, '日期')}：{period}" if asked.first or asked.last else "",
        f"状态：{stands}" if stands and stands != "全部" else "",
        f"查找：{asked.find}" if asked.find else "",
        f"截至：{asked.on.isoformat()}" if asked.on else "",
    )
    return tuple(filter(None, told))
