"""Routing tables 分派表, which unit handles which need: routing.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xunfang.rulebook.basis import Basis
from xunfang.rulebook.conditions import ALWAYS, Condition
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.entry import Entry
from xunfang.rulebook.facts import check_condition
from xunfang.rulebook.kind import Kind
from xunfang.rulebook.kinds.units import UnitRef, unit_of, units_of
from xunfang.rulebook.positions import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One row 行: when it matches it proposes a lead 主办, assisting units 协办 and whom to inform, or a meeting.

    It always matches where it names no `when`.

    `deadline`, `prints` and `form` are those of its lead's task, each that of the state where the row names none.
    """

    id: str
    when: Condition
    lead: UnitRef | None
    assist: tuple[UnitRef, ...]
    meeting: str
    basis: Basis
    informs: tuple[UnitRef, ...] = ()
    deadline: str = ""
    prints: tuple[str, ...] | None = None
    form: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class RoutingTable:
    """A routing table. `hit` is "collect" or "first"; `confirm` is the role that confirms, or "nobody"."""

    id: str
    label: str
    hit: str
    confirm: str
    confirm_unless: Condition | None
    rows: tuple[Row, ...]
    otherwise: Row | None

    @property
    def every_row(self) -> tuple[Row, ...]:
        """Return all rows, the one for everything else last."""
        return (*self.rows, self.otherwise) if self.otherwise else self.rows

    @property
    def always(self) -> Row | None:
        """Return the first row that asks nothing: nothing is left for `otherwise` where there is one."""
        return next((row for row in self.rows if row.when == ALWAYS), None)


def build(draft: Draft) -> Mapping[str, Any]:
    """Return the routing tables, by id."""
    return {"routing": {key: _table(key, entry) for key, entry in draft.entries("routing")}}


def _table(key: str, entry: Entry) -> RoutingTable:
    return RoutingTable(
        id=key,
        label=entry.text("label"),
        hit=entry.text("hit", "collect"),
        confirm=entry.text("confirm", "nobody"),
        confirm_unless=entry.condition("confirm_unless"),
        rows=tuple(_row(row.text("id"), row) for row in entry.items("rows")),
        otherwise=_row("otherwise", entry.sub("otherwise")) if "otherwise" in entry.data else None,
    )


def _row(row_id: str, entry: Entry) -> Row:
    if "lead" not in entry.data and "meeting" not in entry.data:
        entry.error(
            "", "ROW_LEADS_NOWHERE", "这一行既没有主办单位（lead），也没有会商（meeting）", '补上 lead = "<单位编号>"'
        )
    return Row(
        id=row_id,
        when=entry.condition_or_always("when"),
        lead=unit_of(entry, "lead"),
        assist=units_of(entry, "assist"),
        meeting=entry.text("meeting"),
        basis=entry.basis(),
        informs=units_of(entry, "informs"),
        deadline=entry.text("deadline"),
        prints=entry.names("prints") if "prints" in entry.data else None,
        form=entry.text("form"),
    )


def link(draft: Draft) -> None:
    """Check the names in every table and its rows."""
    for table in draft.rules.routing.values():
        _link_table(draft, table)


def _link_table(draft: Draft, table: RoutingTable) -> None:
    _check_confirm(draft, table)
    check_condition(draft, "routing", (table.id, "confirm_unless"), table.confirm_unless)
    seen: set[str] = set()
    for index, row in enumerate(table.rows):
        path = (table.id, "rows", index)
        if row.id in seen:
            draft.error("routing", (*path, "id"), "ID_TWICE", f"行编号“{row.id}”用了两次", "每行的 id 须各不相同")
        seen.add(row.id)
        check_condition(draft, "routing", (*path, "when"), row.when)
        _link_row(draft, row, path)
    if table.otherwise:
        _link_row(draft, table.otherwise, (table.id, "otherwise"))
    elif not table.always:
        hint = '补上 otherwise.lead = "<单位编号>" 和 otherwise.cites'
        draft.error("routing", (table.id,), "OTHERWISE_MISSING", "没有任何一行符合时无人承办", hint)


def _check_confirm(draft: Draft, table: RoutingTable) -> None:
    path = (table.id, "confirm")
    if table.confirm != "nobody":
        draft.check_name("routing", path, table.confirm, "roles")
    role = draft.rules.roles.get(table.confirm)
    if role and "confirm-dispatch" not in role.may:
        message = f"角色“{role.label}”没有批转权限（confirm-dispatch），拟办意见将无人批示"
        hint = "请换一个角色，或在 roles.toml 中给它 confirm-dispatch"
        draft.error("routing", path, "ROLE_MAY_NOT", message, hint)


def _link_row(draft: Draft, row: Row, path: Path) -> None:
    if row.lead:
        draft.check_name("routing", (*path, "lead"), row.lead.unit, "units")
    for ref in row.assist:
        draft.check_name("routing", (*path, "assist"), ref.unit, "units")
    for ref in row.informs:
        draft.check_name("routing", (*path, "informs"), ref.unit, "units")
        if ref in (row.lead, *row.assist):
            message, hint = f"“{ref.unit}”已是这一行的主办或协办单位，不用再抄送", "请从 informs 中删去"
            draft.error("routing", (*path, "informs"), "INFORMS_HOLDER", message, hint)
    draft.check_name("routing", (*path, "meeting"), row.meeting, "meetings")
    draft.check_name("routing", (*path, "deadline"), row.deadline, "deadlines")
    draft.check_name("routing", (*path, "form"), row.form, "forms")
    for notice in row.prints or ():
        draft.check_name("routing", (*path, "prints"), notice, "notices")
    draft.check_basis("routing", path, row.basis)


ROUTING = Kind(
    "routing",
    build,
    link,
    label="分派表",
    heading="分派",
    title="分派表",
    labelled=True,
    serves="route",
    lived="定出拟办分派和任务",
)
