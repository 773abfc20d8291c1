"""Routing tables: rows that can never fire, rows that overlap, choices that no row covers."""

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.implication import can_both_hold, implies, parts_of
from xunfang.rulebook.lint.finite import finite_columns, single_facts, uncovered
from xunfang.rulebook.model import RoutingTable, Row
from xunfang.rulebook.positions import Path

_SORTING = 3
"""From so many rows on, a table sorts by a fact, and a choice left out may be an oversight."""


def lint(draft: Draft) -> None:
    """Note what is wrong with the rows of every table, taken together."""
    single = single_facts(draft)
    for table in draft.rules.routing.values():
        _rows_contradictory(draft, table, single)
        _leads_beside_themselves(draft, table)
        if table.hit == "first":
            _rows_shadowed(draft, table)
            _rows_overlapping(draft, table, single)
        if table.always:
            _nothing_left(draft, table, table.always)
        else:
            _choices_uncovered(draft, table)


def _leads_beside_themselves(draft: Draft, table: RoutingTable) -> None:
    """Note a unit that a row names to assist itself."""
    for index, row in enumerate(table.every_row):
        path: Path = (table.id, "rows", index) if index < len(table.rows) else (table.id, "otherwise")
        if row.lead and row.lead in row.assist:
            message, hint = f"“{row.lead.unit}”是这一行的主办单位，不用再协办", "请从 assist 中删去"
            draft.error("routing", (*path, "assist"), "ASSISTS_ITSELF", message, hint)


def _rows_contradictory(draft: Draft, table: RoutingTable, single: frozenset[str]) -> None:
    for index, row in enumerate(table.rows):
        parts = parts_of(row.when)
        if any(not can_both_hold(one, other, single) for n, one in enumerate(parts) for other in parts[n + 1 :]):
            path = (table.id, "rows", index, "when")
            draft.error(
                "routing",
                path,
                "ROW_NEVER_FIRES",
                f"“{row.id}”的条件自相矛盾，这一行永远轮不到",
                "请检查同一项的几个条件",
            )


def _rows_shadowed(draft: Draft, table: RoutingTable) -> None:
    for index, row in enumerate(table.rows):
        earlier = next((other for other in table.rows[:index] if implies(row.when, other.when)), None)
        if earlier:
            why = f"前面的“{earlier.id}”没有条件，一律" if earlier is table.always else ""
            message = f"“{row.id}”永远轮不到：{why or '凡符合它的都先'}符合{'' if why else f'前面的“{earlier.id}”'}"
            draft.error("routing", (table.id, "rows", index), "ROW_SHADOWED", message, "请调整先后，或删去其中一行")


def _nothing_left(draft: Draft, table: RoutingTable, always: Row) -> None:
    """Note what is for everything else beside a row that asks nothing: where `when` was forgotten, it shows here."""
    if table.otherwise:
        message = f"“{always.id}”没有条件，一律分派，“其他情形”（otherwise）永远轮不到"
        hint = "确属一律分派的，请删去 otherwise；否则请给这一行补上 when"
        place = (table.id, "rows", table.rows.index(always))
        draft.findings.warning(draft.parts["routing"], place, "OTHERWISE_NEVER", message, hint)


def _rows_overlapping(draft: Draft, table: RoutingTable, single: frozenset[str]) -> None:
    for index, row in enumerate(table.rows):
        for earlier in table.rows[:index]:
            if _leads_elsewhere(row, earlier) and _overlap(row, earlier, single):
                message = f"“{row.id}”与前面的“{earlier.id}”可能同时符合，此时归“{earlier.id}”"
                hint = "请把条件写得更明确"
                part = draft.parts["routing"]
                draft.findings.warning(part, (table.id, "rows", index), "ROW_OVERLAPS", message, hint)
                break


def _leads_elsewhere(row: Row, earlier: Row) -> bool:
    return (row.lead, row.meeting) != (earlier.lead, earlier.meeting)


def _overlap(row: Row, earlier: Row, single: frozenset[str]) -> bool:
    narrower = implies(earlier.when, row.when)  # the special case before the general one is how `first` is meant
    return not narrower and can_both_hold(row.when, earlier.when, single)


def _choices_uncovered(draft: Draft, table: RoutingTable) -> None:
    for path, covered in finite_columns((row.when for row in table.rows), _SORTING):
        for entry in uncovered(draft, path, covered):
            message = f"“{entry.label}”（{entry.id}）没有任何一行分派，只能落到“其他情形”"
            part = draft.parts["routing"]
            draft.findings.warning(part, (table.id,), "CHOICE_UNCOVERED", message, "请为它加一行，或确认如此")
