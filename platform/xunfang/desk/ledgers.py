"""Ledgers 台账: which there are, and what each lists: page by page, or all of it to take along."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime

from xunfang.actions.deployment import Actor, Deployment
from xunfang.desk.faces.ledgers import LedgerAsked, LedgerHead, LedgerLine, LedgerPage, LedgerRow
from xunfang.desk.labels import Labels
from xunfang.desk.ledger_lines import Look, next_lines
from xunfang.desk.ledger_order import MOST_SORTED, TooLongToSort, may_be_sorted, orders_of, sorted_lines
from xunfang.desk.lines import Line, all_words, words
from xunfang.desk.releases import Releases
from xunfang.errors import NotFound
from xunfang.rulebook.acts import ROW
from xunfang.rulebook.model import Ledger, Rulebook
from xunfang.rules.describe.ledgers import heads, what_it_lists
from xunfang.rules.describe.words import SUBJECTS
from xunfang.store.reading.lines import SUBJECTS as LISTED
from xunfang.store.reading.paging import PAGE_LENGTH, WINDOW
from xunfang.store.scoped import ScopedReader, scoped

_CELLS, _FEWEST = 1_000, 10
"""About how many cells a page shows, and how many lines at least."""
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
        asked = wished = narrowing(ledger, asked)
        columns, labels = columns_of(ledger), rules.labels()
        with self._reader(actor) as reader:
            look = Look(reader, rules, ledger, asked, at, columns, length=_rows_of(columns))
            (lines, after), asked = _page(look, after)
        heads = heads_of(labels.rulebook, ledger)
        return LedgerPage(
            row=_row(labels, ledger),
            heads=heads,
            lines=tuple(_line(line, columns) for line in lines),
            next=after,
            length=look.length,
            asked=asked,
            told=told_words(labels, ledger, asked),
            finds=ledger.of not in _UNNAMED,
            period=PERIODS.get(ledger.of, ""),
            stands=STANDS.get(ledger.of, ()),
            places=_places(labels, actor),
            as_of=_AS_OF.get(ledger.of, ""),
            orders=orders_of(ledger.of),
            sorted_by=_label(heads, asked.column),
            unsorted=_label(heads, "" if asked.column else wished.column),
        )

    def lines(self, actor: Actor, ledger_id: str, asked: LedgerAsked, at: datetime) -> Iterator[list[Line]]:
        """Yield all lines of a ledger, some at a time, in the order of its pages; raises NotFound."""
        ledger, rules, after = self.ledger(actor, ledger_id), self._rules(actor), ""
        asked = narrowing(ledger, asked)
        length = MOST_SORTED if asked.column else _AT_ONCE
        while True:
            with self._reader(actor) as reader:
                look = Look(reader, rules, ledger, asked, at, columns_of(ledger), _MOST, length)
                lines, after = sorted_lines(look, after) if asked.column else next_lines(look, after)
            yield lines
            if not after:
                return


_MOST = 20 * WINDOW
"""How many things one look may pass over where all of a ledger is wanted."""
_AT_ONCE = 200
"""How many lines are read at once then, in a ledger's own order."""


def _rows_of(columns: Collection[str]) -> int:
    """Return how many lines a page has: fewer of a wide ledger, so that none is slower or heavier for its columns."""
    return min(PAGE_LENGTH, max(_FEWEST, _CELLS // max(1, len(columns))))


def _page(look: Look, after: str) -> tuple[tuple[list[Line], str], LedgerAsked]:
    """Return some lines, where they go on, and what they were asked for: in its own order what is too long to sort."""
    if look.asked.column:
        with suppress(TooLongToSort):
            return sorted_lines(look, after), look.asked
        look, after = replace(look, asked=replace(look.asked, sort="")), ""
    return next_lines(look, after), look.asked


def narrowing(ledger: Ledger, asked: LedgerAsked) -> LedgerAsked:
    """Return what of a person's wishes narrows a ledger: nothing else may be said to have."""
    has_days, finds = ledger.of != "person", ledger.of not in _UNNAMED
    return replace(
        asked,
        first=asked.first if has_days else None,
        last=asked.last if has_days else None,
        find=asked.find if finds else "",
        sort=asked.sort if asked.column in columns_of(ledger) or asked.sort in dict(orders_of(ledger.of)) else "",
    )


# ----- how it is shown


def _row(labels: Labels, ledger: Ledger) -> LedgerRow:
    lists = what_it_lists(labels.rulebook, ledger)
    return LedgerRow(ledger.id, ledger.label, lists, len(columns_of(ledger)), labels.basis(ledger.basis))


def columns_of(ledger: Ledger) -> tuple[str, ...]:
    """Return the paths of the columns of a ledger, but for the number of the line."""
    return tuple(column.path for column in ledger.columns if column.path != ROW)


def heads_of(rulebook: Rulebook, ledger: Ledger) -> tuple[LedgerHead, ...]:
    """Return the heads of the columns of a ledger, but for the number of the line."""
    named, sorts = zip(ledger.columns, heads(rulebook, ledger), strict=True), may_be_sorted(rulebook, ledger)
    return tuple(
        LedgerHead(column.path, label, _GROUPS.get(column.path.partition(".")[0], ""), column.path in sorts)
        for column, label in named
        if column.path != ROW
    )


_GROUPS = {
    "case": "个案", "clue": "填报", "person": "对象", "task": "办理情况", "notice": "文书", "household": "家庭",
    "entitlement": "保障", "visit": "走访", "publication": "公示", "duty": "定期任务", "unit": "单位",
}  # fmt: skip
"""What stands over the columns of one root."""


def _label(heads: Sequence[LedgerHead], path: str) -> str:
    return next((head.label for head in heads if head.path == path), "")


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
        f"排列：{_order_words(labels, ledger, asked)}" if asked.sort else "",
    )
    return tuple(filter(None, told))


def _order_words(labels: Labels, ledger: Ledger, asked: LedgerAsked) -> str:
    if not asked.column:
        return dict(orders_of(ledger.of))[asked.sort]
    return f"按{_label(heads_of(labels.rulebook, ledger), asked.column)}{'降序' if asked.descends else '升序'}"
