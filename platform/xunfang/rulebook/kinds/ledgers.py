"""Ledgers 台账, what a line shows: ledgers.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xunfang.rulebook.acts import ROW
from xunfang.rulebook.basis import Basis
from xunfang.rulebook.conditions import Condition
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.facts import check_selection, columns_of, roots_unknown
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.kind import Kind


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a ledger: the path of its fact and its head."""

    path: str
    label: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger 台账."""

    id: str
    label: str
    of: str
    where: Condition
    columns: tuple[Column, ...]
    basis: Basis


def build(draft: Draft) -> Mapping[str, Any]:
    """Return the ledgers, by id."""
    found = {}
    for key, entry in draft.entries("ledgers"):
        heads = entry.data.get("labels", {})
        columns = tuple(Column(path, heads.get(path, "")) for path in entry.names("columns"))
        found[key] = Ledger(
            key, entry.text("label"), entry.text("of"), entry.condition_or_always("where"), columns, entry.basis()
        )
    return {"ledgers": found}


def link(draft: Draft) -> None:
    """Check the columns of every ledger, and which things it lists."""
    for ledger in draft.rules.ledgers.values():
        _link_ledger(draft, ledger)


def _link_ledger(draft: Draft, ledger: Ledger) -> None:
    known = {ROW} | columns_of(draft, ledger.of)
    blind = roots_unknown(draft)
    for index, column in enumerate(ledger.columns):
        if column.path not in known and column.path.split(".")[0] not in blind:
            message = f"台账没有“{column.path}”这一列可填"
            path = (ledger.id, "columns", index)
            draft.error("ledgers", path, "COLUMN_UNKNOWN", message, did_you_mean(column.path, known))
    shown = {column.path for column in ledger.columns}
    for label in draft.entry("ledgers", ledger.id).get("labels", {}):
        if label not in shown:
            message = f"给“{label}”定了列名，但 columns 中没有这一列"
            draft.error("ledgers", (ledger.id, "labels", label), "COLUMN_UNKNOWN", message, did_you_mean(label, shown))
    check_selection(draft, "ledgers", (ledger.id, "where"), ledger.of, ledger.where)


LEDGERS = Kind(
    "ledgers", build, link, label="台账", heading="台账", cites=True, serves="ledger", lived="在页面上列出，导出、印出"
)
