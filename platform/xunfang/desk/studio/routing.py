"""The routing tables of a draft as a grid: every row of every layer, with what a check says and how often it routed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from xunfang.actions.deployment import Actor, Deployment
from xunfang.desk.studio.block_keys import key_said, problems_by_block
from xunfang.desk.studio.block_pages import Desk
from xunfang.desk.studio.blocks_beside import read_blocks
from xunfang.desk.studio.files import layer_names
from xunfang.desk.studio.route_words import condition_said, unit_said, units_said
from xunfang.desk.studio.routing_faces import Mark, RouteRow, RouteTable, RoutingPage
from xunfang.errors import Problem, RulebookError, Severity
from xunfang.rulebook.blocks import Block
from xunfang.rulebook.compile import merged_parts
from xunfang.rulebook.merge import Part
from xunfang.rulebook.model import Rulebook
from xunfang.rulebook.positions import Path
from xunfang.store import connection
from xunfang.store.reading.routed import Routed, routed

ROUTING = "routing.toml"
_MARKS = {
    "ROW_NEVER_FIRES": "永不成立", "ROW_SHADOWED": "永不成立", "OTHERWISE_NEVER": "永不成立", "ROW_OVERLAPS": "重叠",
    "CHOICE_UNCOVERED": "未覆盖", "OTHERWISE_MISSING": "未覆盖", "ROW_LEADS_NOWHERE": "无人",
    "ROW_RETIRED": "选项已停用",
}  # fmt: skip


def own_path(layer: str) -> str:
    """Return the path of a layer's own routing tables."""
    return f"workflows/{layer}/{ROUTING}"


def routed_of(deployment: Deployment, actor: Actor, since: datetime) -> Routed:
    """Return how the rows of the jurisdiction routed since a moment."""
    with connection(deployment.database, actor.jurisdiction) as reader:
        return routed(reader, actor.jurisdiction, since)


def routing_page(desk: Desk, routed: Routed) -> RoutingPage:
    """Return all routing tables of a draft, each row with its layer, marks and count."""
    draft, path = desk.draft, own_path(desk.draft.layer)
    part, unread = _part(desk), read_blocks(path, draft.files[path])[1] if path in draft.files else ""
    grid = _Grid(desk, part, routed) if part else None
    tables = [grid.table(id, data) for id, data in part.data.items() if isinstance(data, dict)] if part and grid else []
    return RoutingPage(
        head=draft.head,
        path=path if path in draft.files else "",
        may=draft.head.editable,
        tables=tables,
        unread=unread,
        counted=routed.dispatches,
        most=routed.is_most,
        problems=len(desk.found.problems),
    )


def _part(desk: Desk) -> Part | None:
    try:
        return merged_parts(desk.draft.files, desk.draft.layer).get("routing")
    except (RulebookError, KeyError):
        return None


class _Grid:
    """Makes the rows of a grid."""

    def __init__(self, desk: Desk, part: Part, routed: Routed) -> None:
        self.book: Rulebook = desk.named_by
        self.part, self.routed, self.own = part, routed, own_path(desk.draft.layer)
        self.layers = layer_names(desk.draft.files)
        found = (*desk.found.problems, *desk.found.warnings)
        paths = {path for path in desk.draft.files if path.endswith(f"/{ROUTING}")}
        self.blocks = {path: read_blocks(path, desk.draft.files[path])[0] for path in paths}
        self.wrong = {path: problems_by_block(self.blocks[path], found, path) for path in paths}
        states = (state for flow in self.book.flows.values() for state in flow.states.values())
        self.states = [(state.id, state.routes_by) for state in states if state.routes_by]

    def table(self, id: str, data: Mapping[str, Any]) -> RouteTable:
        """Return a table with its rows, the one for everything else last."""
        rows = [
            self._row(id, (id, "rows", n), row) for n, row in enumerate(data.get("rows", ())) if isinstance(row, dict)
        ]
        if isinstance(data.get("otherwise"), dict):
            rows.append(replace(self._otherwise(id, data["otherwise"]), id=""))
        own = [block.key for block in self.blocks.get(self.own, ()) if block.key[:2] == (id, "rows")]
        key = self._key_of_table(id)
        return RouteTable(
            id=id,
            label=str(data.get("label", id)),
            how="逐行对照，符合几行就分给几个单位" if data.get("hit") != "first" else "逐行对照，以最先符合的一行为准",
            key=key_said(key) if key else "",
            adds=key_said((id, "rows", len(own))),
            rows=_in_places(rows),
            marks=[self._mark(each) for path in self.blocks for each in self.wrong[path].get((id,), ())],
        )

    def _key_of_table(self, id: str) -> Path:
        return next((block.key for block in self.blocks.get(self.own, ()) if block.key == (id,)), ())

    def _otherwise(self, id: str, data: Mapping[str, Any]) -> RouteRow:
        row = self._row(id, (id, "otherwise"), {**data, "id": "otherwise"})
        own = self.part.origin((id, "otherwise")).file == self.own
        key = key_said((id,)) if own and self._key_of_table(id) else ""
        return replace(row, when="以上都不符合的", key=key, digest="", whole="", marks=(), count=None)

    def _row(self, table: str, path: Path, data: Mapping[str, Any]) -> RouteRow:
        origin, book = self.part.origin(path), self.book
        block = self._block(origin.file, origin.path)
        own = origin.file == self.own and block is not None
        marks = [self._mark(each) for each in self.wrong.get(origin.file, {}).get(block.key, ())] if block else []
        return RouteRow(
            id=str(data.get("id", "")),
            key=key_said(block.key) if own and block else "",
            digest=block.digest if block else "",
            whole=block.whole if block else "",
            layer="" if origin.file == self.own else self.layers.get(origin.layer, origin.layer),
            when=condition_said(book, data.get("when")) or "一律",
            lead=self._lead(data),
            assist=units_said(book, data.get("assist")),
            informs=units_said(book, data.get("informs")),
            deadline=_label(book.deadlines, data.get("deadline")),
            prints=[_label(book.notices, each) for each in data.get("prints", ()) or ()],
            cites=[(str(each), self._clause(str(each))) for each in data.get("cites", ()) or ()],
            practice=str(data.get("practice", "")),
            marks=[*marks, *self._nobody(data)],
            count=self._count(table, str(data.get("id", ""))),
        )

    def _block(self, path: str, key: Path) -> Block | None:
        return next((block for block in self.blocks.get(path, ()) if block.key == key), None)

    def _lead(self, data: Mapping[str, Any]) -> str:
        if "lead" in data:
            return unit_said(self.book, data["lead"])
        return f"会商：{_label(self.book.meetings, data['meeting'])}" if "meeting" in data else ""

    def _clause(self, id: str) -> str:
        return self.book.clauses[id].text if id in self.book.clauses else ""

    def _nobody(self, data: Mapping[str, Any]) -> Sequence[Mark]:
        lead = data.get("lead")
        unit = str(lead.get("unit")) if isinstance(lead, dict) else str(lead or "")
        if not unit or unit in self.routed.staffed or unit not in self.book.units:
            return ()
        return (Mark("无人", "这个单位还没有启用的账号，分派过去没有人签收", "today"),)

    def _count(self, table: str, id: str) -> int | None:
        states = {state for state, routes_by in self.states if routes_by == table}
        return sum(self.routed.times.get((state, id), 0) for state in states) if states and id else None

    def _mark(self, problem: Problem) -> Mark:
        stops = problem.severity is Severity.ERROR
        word = _MARKS.get(problem.code, "有误" if stops else "提醒")
        return Mark(word, problem.message, "late" if stops else "today")


def _in_places(rows: Sequence[RouteRow]) -> Sequence[RouteRow]:
    """Return the rows with what can be moved: one's own, among themselves."""
    own = [row.id for row in rows if row.key and row.id]
    return [
        replace(row, first=here == 0, last=here == len(own) - 1, place=here) if row.key and row.id else row
        for row in rows
        for here in [own.index(row.id) if row.id in own else -1]
    ]


def _label(rules: Mapping[str, Any], id: Any) -> str:
    if not id:
        return ""
    found = rules.get(id)
    return str(found.label) if found else str(id)
