"""Names in ledgers and indicators: what a line shows, and what is counted."""

from collections.abc import Mapping

from xunfang.rulebook.acts import ROW, SEEN_FROM
from xunfang.rulebook.conditions import tests_of
from xunfang.rulebook.draft import KINDS, Draft
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.link.facts import form_names, known_facts
from xunfang.rulebook.model import Condition, Indicator, Ledger, Test
from xunfang.rulebook.positions import Path

_NAMES: Mapping[str, str] = {
    "flow": "flows",
    "duty": "duties",
    "kind": "notices",
    "form": "forms",
    "programme": "programmes",
}
"""Facts whose value is the id of a rule, and of which kind of rule."""


def link(draft: Draft) -> None:
    """Check the columns of every ledger, and what every indicator counts."""
    for ledger in draft.ledgers.values():
        _link_ledger(draft, ledger)
    for indicator in draft.indicators.values():
        _link_indicator(draft, indicator)


def _link_ledger(draft: Draft, ledger: Ledger) -> None:
    known = {ROW} | columns_of(draft, ledger.of)
    blind = _roots_unknown(draft)
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
    _check_selection(draft, "ledgers", (ledger.id, "where"), ledger.of, ledger.where)


def _roots_unknown(draft: Draft) -> set[str]:
    """Return the roots whose answers cannot be known, because a form is named that does not exist."""
    return {root for root, forms in form_names(draft).items() if not forms <= draft.forms.keys()}


def columns_of(draft: Draft, of: str) -> set[str]:
    """Return every column that a ledger of a kind of thing can show, besides the number of the line."""
    return {f"{root}.{name}" for root in SEEN_FROM.get(of, ()) for name in known_facts(draft, root)}


def _link_indicator(draft: Draft, indicator: Indicator) -> None:
    draft.check_basis("indicators", (indicator.id,), indicator.basis)
    of = indicator.whole.of
    _check_selection(draft, "indicators", (indicator.id, "whole", "where"), of, indicator.whole.where)
    _check_selection(draft, "indicators", (indicator.id, "part", "where"), of, indicator.part)


def _check_selection(draft: Draft, part: str, path: Path, of: str, condition: Condition) -> None:
    """Check a condition whose bare facts are those of the thing itself: `where.flow` of a case is `case.flow`."""
    own, known = known_facts(draft, of), columns_of(draft, of)
    blind = _roots_unknown(draft)
    for test in tests_of(condition):
        root = test.path.partition(".")[0] if "." in test.path else of
        if test.path in own or test.path in known:
            _check_value(draft, part, path, test, root)
        elif root not in blind:
            hint = did_you_mean(test.path, known if "." in test.path else own)
            draft.error(part, path, "FACT_UNKNOWN", f"条件中的“{test.path}”没有任何来源", hint)


def _check_value(draft: Draft, part: str, path: Path, test: Test, root: str) -> None:
    fact = test.path.rpartition(".")[2]
    words = test.value if isinstance(test.value, tuple) else (test.value,)
    if fact == "state" and root in {"case", "task"}:
        states = {state for flow in draft.flows.values() for state in flow.states}
        for word in (word for word in words if word not in states):
            draft.error(part, path, "NAME_UNKNOWN", f"没有名为“{word}”的环节", did_you_mean(str(word), states))
    elif fact in _NAMES:
        known = draft.known(_NAMES[fact])
        for word in (word for word in words if word not in known):
            message = f"没有名为“{word}”的{KINDS[_NAMES[fact]]}"
            draft.error(part, path, "NAME_UNKNOWN", message, did_you_mean(str(word), known))
