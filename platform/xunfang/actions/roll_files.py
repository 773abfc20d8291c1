"""What is made of a signed roll 发放名册: a workbook with every household, and the paper that was signed."""

from collections.abc import Iterable, Mapping
from typing import Any

from xunfang.casework import Roll, RollLine
from xunfang.casework.rolls import handed_to, named
from xunfang.clock import local
from xunfang.identity import mask_id
from xunfang.rulebook.model import Roster, Rulebook
from xunfang.rules.rosters import KINDS, Total, by_place, masked_account, month_words, yuan
from xunfang.rules.units import unit_label
from xunfang.sheets.writing import Book, Cell, SheetColumn, write_book

TEMPLATE = "roster.html"
MOST_PRINTED = 300
"""So many households are listed on the paper; of more it tells what each township comes to, and names the workbook."""
_KINDS = {"row": "row", "id_number": "id", "account": "id", "standard": "number", "cents": "number", "size": "number",
          "insured": "number"}  # fmt: skip
SUMMARY = ("镇（街道）", "户数", "保障人口", "正常发放、续发", "补发", "更正扣回", "合计（元）")
"""The heads of what townships come to; amounts in 元."""


def township_of(rulebook: Rulebook, residence: str) -> str:
    """Return the township that somebody lives in, or where they live if that lies in none."""
    return rulebook.divisions.ancestor(residence, "township") or residence


def place_name(rulebook: Rulebook, code: str) -> str:
    """Return what a division is called."""
    return rulebook.divisions.name(code) if code in rulebook.divisions else code


def summary(rulebook: Rulebook, totals: Iterable[tuple[str, Total]]) -> tuple[tuple[str, Total], ...]:
    """Return what each township comes to, in the order of their codes."""
    sums = by_place(totals, lambda residence: township_of(rulebook, residence))
    return tuple((place_name(rulebook, code), total) for code, total in sums.items())


def cell_of(rulebook: Rulebook, line: RollLine, column: str, *, whole: bool) -> Cell:
    """Return what a line shows in a column; numbers and accounts masked where they need not stand whole."""
    shown: Mapping[str, Cell] = {
        "township": place_name(rulebook, township_of(rulebook, line.residence)),
        "village": place_name(rulebook, line.residence),
        "household": line.number,
        "name": line.name,
        "id_number": line.id_number if whole else mask_id(line.id_number),
        "size": line.size,
        "insured": line.insured,
        "standard": _amount(line.standard),
        "kind": KINDS[line.kind],
        "month": month_words(line.month),
        "cents": _amount(line.cents),
        "payee": line.payee,
        "relation": line.relation,
        "bank": line.bank,
        "account": line.account if whole else masked_account(line.account),
        "note": line.note,
    }
    return shown[column]


def _amount(cents: int | None) -> Cell:
    """Return an amount in 元 as a sheet holds it: a number of at most two decimals, which 分 always are."""
    return None if cents is None else cents / 100


def workbook(
    rulebook: Rulebook,
    roll: Roll,
    totals: Iterable[tuple[str, Total]],
    lines: Iterable[RollLine],
    names: Mapping[str, str],
) -> bytes:
    """Return the workbook of a signed roll, its numbers whole: it is what money is paid by."""
    roster, unit = rulebook.rosters[roll.roster], unit_label(rulebook, roll.unit)
    assert roll.signed_at is not None
    title, at = named(rulebook, roll), local(roll.signed_at)
    above = (f"编制单位：{unit}　　签发时间：{at:%Y-%m-%d %H:%M}　　金额单位：元",)
    notes = tuple(_notes(rulebook, roster, roll, names))
    sums = [(place, *_sums(total)) for place, total in summary(rulebook, totals)]
    whole = Total()
    for _, total in totals:
        whole += total
    heads = tuple(SheetColumn(head, "", "number" if place else "text") for place, head in enumerate(SUMMARY))
    columns = tuple(SheetColumn(roster.head(each), "", _KINDS.get(each, "text")) for each in roster.columns)
    table = Book(f"{title}（乡镇汇总表）", above, heads, notes, unit, at)
    list_ = Book(f"{title}（到户清册）", above, columns, notes, unit, at)
    rows = (_row(rulebook, roster, line, n, whole=True) for n, line in enumerate(lines, 1))
    return write_book(list_, rows, "到户清册", [("乡镇汇总表", table, [*sums, ("合计", *_sums(whole))])])


def _sums(total: Total) -> tuple[Cell, ...]:
    amounts = (total.regular, total.back, total.taken, total.cents)
    return (total.households, total.insured, *map(_amount, amounts))


def _row(rulebook: Rulebook, roster: Roster, line: RollLine, n: int, *, whole: bool) -> tuple[Cell, ...]:
    return tuple(n if each == "row" else cell_of(rulebook, line, each, whole=whole) for each in roster.columns)


def _notes(rulebook: Rulebook, roster: Roster, roll: Roll, names: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    yield "发放月份", month_words(roll.month)
    yield "救助事项", rulebook.programmes[roll.programme].label
    yield "按哪天计", f"{month_words(roll.month)}1日在享受的；以后决定的差额由补发、更正行补平，备注写明对哪个月的名册"
    for what, account in (("定稿", roll.locked_by), ("审核", roll.reviewed_by), ("签发", roll.signed_by)):
        if account:
            yield what, names.get(account, "")
    yield "移交", handed_to(rulebook, roster)
    yield "号码", "身份证号、账号完整，只供发放使用；每次打开都留痕"
    yield from ((rulebook.clauses[cited].id, rulebook.clauses[cited].text) for cited in roster.basis.cites)


def paper_facts(
    rulebook: Rulebook,
    roll: Roll,
    totals: Iterable[tuple[str, Total]],
    lines: Iterable[RollLine],
    names: Mapping[str, str],
    xlsx: str,
) -> dict[str, Any]:
    """Return what the paper of a signed roll says: what townships come to, who signed, and households if they are few.

    Numbers stand masked on it: money is paid by the workbook, whose hash it names.
    """
    roster, found = rulebook.rosters[roll.roster], list(totals)
    whole = Total()
    for _, total in found:
        whole += total
    few = list(lines) if whole.households <= MOST_PRINTED else []
    heads = [each for each in roster.columns if each not in ("township", "standard", "relation", "household")]
    rows = [[printed(rulebook, line, each, n) for each in heads] for n, line in enumerate(few, 1)]
    assert roll.signed_at is not None
    told = {
        "title": named(rulebook, roll),
        "unit": unit_label(rulebook, roll.unit),
        "month": month_words(roll.month),
        "to": handed_to(rulebook, roster),
        "signed_at": f"{local(roll.signed_at):%Y年%-m月%-d日}",
        "drafter": names.get(roll.locked_by, ""),
        "reviewer": names.get(roll.reviewed_by, ""),
        "signer": names.get(roll.signed_by, ""),
        "sums": {
            "heads": list(SUMMARY),
            "rows": [[place, *_printed(total)] for place, total in summary(rulebook, found)],
            "whole": ["合计", *_printed(whole)],
        },
        "heads": [roster.head(each) for each in heads],
        "rows": rows,
        "xlsx": xlsx,
        "lines": len(few),
    }
    return {"roster": told}


def printed(rulebook: Rulebook, line: RollLine, column: str, n: int = 0) -> str:
    """Return what a line shows in a column of a paper or page, numbers and accounts masked."""
    if column in ("cents", "standard"):
        cents = line.cents if column == "cents" else line.standard
        return "" if cents is None else yuan(cents)
    cell = n if column == "row" else cell_of(rulebook, line, column, whole=False)
    return "" if cell is None else str(cell)


def _printed(total: Total) -> list[str]:
    amounts = (total.regular, total.back, total.taken, total.cents)
    return [str(total.households), str(total.insured), *map(yuan, amounts)]
