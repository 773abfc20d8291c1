"""A ledger to take along: all of its lines, with what a bureau writes above and beside them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xunfang.actions.deployment import Actor
from xunfang.clock import local
from xunfang.desk.faces.ledgers import LedgerAsked
from xunfang.desk.ledgers import LedgerDesk, columns_of, heads_of, told_words
from xunfang.desk.lines import Cell, Line, cell
from xunfang.desk.moments import moment
from xunfang.desk.releases import Releases
from xunfang.desk.spooling import Spool
from xunfang.errors import Refused
from xunfang.rulebook.acts import ROW
from xunfang.rulebook.model import Ledger, Rulebook
from xunfang.rules.describe.ledgers import what_it_lists
from xunfang.rules.units import unit_label

MOST_LINES = 5_000
"""So many lines are taken along at once, in the time that a page may take; more are written by the worker."""
MOST_OF_ALL = 1_000_000
"""So many lines go into one sheet."""

_LONG = frozenset({"person.id_number"})


class TooLong(Refused):
    """A ledger has more lines than are taken along at once."""

    status = 422
    code = "LEDGER_TOO_LONG"

    def __init__(self, most: int = MOST_LINES) -> None:
        super().__init__(f"超过{most}条，一次办不了。请按区划、日期缩小范围，分几次办。没有导出任何内容。")


@dataclass(frozen=True, slots=True)
class Circulated:
    """All lines of a ledger. `heads`: head, group and kind of each column; `digest` is that of what the lines say."""

    title: str
    above: tuple[str, ...]
    heads: tuple[tuple[str, str, str], ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[tuple[str, str], ...]
    unit: str
    digest: str
    told: tuple[str, ...]


def circulated(
    desk: LedgerDesk, actor: Actor, ledger_id: str, asked: LedgerAsked, at: datetime, reason: str = "", *, whole: bool
) -> Circulated:
    """Return a ledger as the person sees it; raises NotFound, TooLong."""
    found = spooled(desk, actor, ledger_id, asked, at, MOST_LINES, whole=whole)
    spool = Spool()
    for some in found:
        for row in some:
            spool.add(row)
    return described(desk, actor, ledger_id, asked, at, spool, tuple(spool.rows()), reason, whole=whole)


def spooled(
    desk: LedgerDesk, actor: Actor, ledger_id: str, asked: LedgerAsked, at: datetime, most: int, *, whole: bool
) -> Iterator[list[tuple[Cell, ...]]]:
    """Yield the rows of a ledger some at a time; raises NotFound, TooLong as soon as there are more than so many."""
    ledger, n = desk.ledger(actor, ledger_id), 0
    numbered = ledger.columns[0].path == ROW
    for lines in desk.lines(actor, ledger_id, asked, at):
        if n + len(lines) > most:
            raise TooLong(most)
        yield [_row(line, ledger, place if numbered else 0, whole=whole) for place, line in enumerate(lines, n + 1)]
        n += len(lines)


def described(
    desk: LedgerDesk,
    actor: Actor,
    ledger_id: str,
    asked: LedgerAsked,
    at: datetime,
    spool: Spool,
    rows: tuple[tuple[Cell, ...], ...] = (),
    reason: str = "",
    *,
    whole: bool,
) -> Circulated:
    """Return what a bureau writes above and beside the rows of a ledger that have passed; raises NotFound."""
    ledger, labels = desk.ledger(actor, ledger_id), Releases(desk.deployment.rulebooks, actor.jurisdiction).labels()
    unit, told, digest = unit_label(labels.rulebook, actor.unit), told_words(labels, ledger, asked), spool.digest
    as_of = asked.on.isoformat() if asked.on else moment(at)
    head = f"填报单位：{unit}　　导出时间：{moment(at)}　　截至：{as_of}　　共{spool.count}条"
    masks = f"完整。用途：{reason.strip()}" if whole else "身份证号、电话以掩码显示，健康等加密内容不列出"
    notes = (
        ("登记什么", what_it_lists(labels.rulebook, ledger)),
        ("筛选", "；".join(told) or "无，列出本人查看范围内的全部"),
        ("填报单位", unit),
        ("导出人", actor.name),
        ("导出时间", moment(at)),
        ("条数", f"{spool.count}条"),
        ("号码", masks),
        ("内容校验码", f"SHA-256 {digest}"),
        *((clause.place, clause.text) for clause in labels.basis(ledger.basis)),
    )
    above = (head, "；".join(told)) if told else (head,)
    return Circulated(ledger.label, above, _heads(labels.rulebook, ledger, spool), rows, notes, unit, digest, told)


def _heads(rulebook: Rulebook, ledger: Ledger, spool: Spool) -> tuple[tuple[str, str, str], ...]:
    number = (("序号", "", "row"),) if ledger.columns[0].path == ROW else ()
    found = enumerate(heads_of(rulebook, ledger), len(number))
    return number + tuple(
        (head.label, head.of, "id" if head.path in _LONG else spool.kind(place)) for place, head in found
    )


def _row(line: Line, ledger: Ledger, number: int, *, whole: bool) -> tuple[Cell, ...]:
    cells = tuple(cell(line, path, whole=whole) for path in columns_of(ledger))
    return (number, *cells) if number else cells


MOST_CELLS = 4_000
"""So many cells, at most, are printed at once: what a press may do for one paper."""
_ACROSS = 12
"""So many columns stand side by side on a sheet."""


class TooLarge(Refused):
    """A ledger is too long, or too wide, to be printed at once."""

    status = 422
    code = "LEDGER_TOO_LARGE"

    def __init__(self, lines: int, columns: int) -> None:
        most = MOST_CELLS // max(1, columns)
        super().__init__(
            f"共{lines}条、{columns}列，一次最多印{most}条。请按区划、日期缩小范围，或者导出 Excel。没有打印。"
        )


def paper_of(found: Circulated, by: str) -> dict[str, Any]:
    """Return what a printed ledger says, wide ones in parts, each with the first columns again; raises TooLarge."""
    if len(found.rows) * len(found.heads) > MOST_CELLS:
        raise TooLarge(len(found.rows), len(found.heads))
    heads = [head for head, _, _ in found.heads]
    kept = [place for place, (_, _, kind) in enumerate(found.heads) if kind == "row"]
    kept.append(len(kept))
    rest = [place for place in range(len(heads)) if place not in kept]
    step = _ACROSS - len(kept)
    parts = [[*kept, *rest[begin : begin + step]] for begin in range(0, max(1, len(rest)), step)]
    rows = [[_shown(value) for value in row] for row in found.rows]
    told = [
        {"heads": [heads[place] for place in part], "rows": [[row[place] for place in part] for row in rows]}
        for part in parts
    ]
    notes = [f"{name}：{text}" for name, text in found.notes if name in ("登记什么", "号码", "内容校验码")]
    ledger = {"title": found.title, "unit": found.unit, "above": list(found.above), "parts": told, "by": by}
    return {"ledger": {**ledger, "notes": notes}}


def _shown(value: Cell) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return "" if value is None else str(value)


def file_name(found: Circulated, at: datetime, ending: str) -> str:
    """Return what the file of a ledger is called."""
    return f"{found.title}{local(at):%Y%m%d}.{ending}"
