"""The flows 流程 of a draft: each as a picture, and as a table whose rows lead to the forms of what they say."""

from collections.abc import Mapping, Sequence
from typing import Any

from xunfang.desk.studio.block_keys import key_said, problems_by_block
from xunfang.desk.studio.block_pages import Desk, sentences_of
from xunfang.desk.studio.blocks_beside import read_blocks
from xunfang.desk.studio.files import layer_names
from xunfang.desk.studio.flow_faces import FlowPage, FlowRow, FlowsPage, OutcomeRow, StateRow
from xunfang.desk.studio.flow_pictures import picture_of
from xunfang.desk.studio.layered import mark
from xunfang.errors import NotFound, Problem, RulebookError
from xunfang.rulebook.compile import merged_parts
from xunfang.rulebook.files import Files
from xunfang.rulebook.merge import Part
from xunfang.rulebook.model import Basis, Flow, Outcome, State
from xunfang.rulebook.positions import Path

_BASIS = "（依据："
STATES, OUTCOMES, NEW = "states", "outcomes", "new"


def own_path(layer: str, flow: str) -> str:
    """Return the path of a layer's own file of a flow."""
    return f"workflows/{layer}/flows/{flow}.toml"


def parts_of(files: Files, layer: str) -> Mapping[str, Part]:
    """Return the flows of all layers together, by id; none where a file cannot be read."""
    try:
        found = merged_parts(files, layer)
    except RulebookError:
        return {}
    return {name.removeprefix("flow:"): part for name, part in found.items() if name.startswith("flow:")}


def flows_page(desk: Desk) -> FlowsPage:
    """Return all flows of a draft, its own layer's first."""
    draft, parts = desk.draft, parts_of(desk.draft.files, desk.draft.layer)
    before = parts_of(draft.base, draft.layer)
    rows = [_flow_row(desk, flow, parts.get(id), before.get(id)) for id, flow in desk.named_by.flows.items()]
    return FlowsPage(draft.head, _why_old(desk), sorted(rows, key=lambda row: not row.own))


def _why_old(desk: Desk) -> Sequence[Problem]:
    return () if desk.rules else desk.found.problems


def _flow_row(desk: Desk, flow: Flow, part: Part | None, before: Part | None) -> FlowRow:
    path = own_path(desk.draft.layer, flow.id)
    own, now = path in desk.draft.files, part.data if part else None
    state = "" if before and now == before.data else "changed" if before else "new"
    sentence = sentences_of(desk.named_by, path).get(flow.id, "").removeprefix(f"“{flow.label}”：")
    return FlowRow(flow.id, flow.label, sentence, len(flow.states), own, state)


def flow_page(desk: Desk, flow_id: str) -> FlowPage:
    """Return one flow; raises NotFound for what is none, and for one of which too little is written yet."""
    flow = desk.named_by.flows.get(flow_id)
    if flow is None:
        raise NotFound
    rows = _Rows(desk, flow)
    states = [rows.state(state) for state in flow.states.values()]
    marks = {row.id: row.state or next((each.state for each in row.outcomes if each.state), "") for row in states}
    draft, unread = desk.draft, read_blocks(rows.path, desk.draft.files.get(rows.path, ""))[1]
    own = rows.path in draft.files
    return FlowPage(
        head=draft.head,
        id=flow.id,
        label=flow.label,
        sentence=rows.told.get(flow.id, ""),
        path=rows.path if own else "",
        may=draft.head.editable and own and not unread,
        unread=unread if own else "",
        problems=_why_old(desk),
        whole=key_said(()),
        adds=key_said((STATES, NEW)),
        picture=picture_of(desk.named_by, flow, marks),
        states=states,
        gone=[str(data.get("label", id)) for id, data in rows.before.items() if id not in flow.states],
    )


class _Rows:
    """Makes the rows of the states of one flow."""

    def __init__(self, desk: Desk, flow: Flow) -> None:
        self.book, self.flow, layer = desk.named_by, flow, desk.draft.layer
        self.path = own_path(layer, flow.id)
        self.told = sentences_of(desk.named_by, self.path)
        blocks = read_blocks(self.path, desk.draft.files.get(self.path, ""))[0]
        self.keys = {block.key for block in blocks}
        found = (*desk.found.problems, *desk.found.warnings)
        self.wrong = problems_by_block(blocks, found, self.path) if blocks else {}
        self.part = parts_of(desk.draft.files, layer).get(flow.id)
        self.now, self.before = _states(self.part), _states(parts_of(desk.draft.base, layer).get(flow.id))
        self.layers = layer_names(desk.draft.files)

    def state(self, state: State) -> StateRow:
        """Return the row of a state."""
        key: Path = (STATES, state.id)
        now, before = _bare(self.now.get(state.id)), _bare(self.before.get(state.id))
        own, named = key in self.keys, f"{self.flow.label}的“{state.label}”环节"
        return StateRow(
            id=state.id,
            label=state.label,
            sentence=self._told(f"{self.flow.id}.{state.id}", named).lstrip("，"),
            cites=self._cites(state.basis),
            layer="" if own else self._layer(key),
            key=key_said(key) if own else "",
            adds="" if state.ends else key_said((*key, OUTCOMES, NEW)),
            state=mark(now, before),
            problems=self.wrong.get(key, ()),
            outcomes=[self._outcome(state, each) for each in state.outcomes.values()],
        )

    def _outcome(self, state: State, outcome: Outcome) -> OutcomeRow:
        key: Path = (STATES, state.id, OUTCOMES, outcome.id)
        written = next((each for each in (key, key[:2]) if each in self.keys), None)
        now, before = (_ways(data.get(state.id)).get(outcome.id) for data in (self.now, self.before))
        named = f"“{state.label}”的结果“{outcome.label}”："
        to = self.flow.states.get(outcome.to)
        told = self._told(f"{self.flow.id}.{state.id}.{outcome.id}", named)
        return OutcomeRow(
            id=outcome.id,
            label=outcome.label,
            cites=self._cites(outcome.basis),
            to=to.label if to else outcome.to,
            to_id=outcome.to,
            sentence="" if told.startswith("转入") else told,
            key=key_said(written) if written else "",
            state=mark(now, before),
            problems=self.wrong.get(key, ()),
        )

    def _told(self, id: str, named: str) -> str:
        """Return what a sentence says besides what stands beside it: its name, and on which clauses it rests."""
        return self.told.get(id, "").removeprefix(named).removeprefix("为").partition(_BASIS)[0]

    def _layer(self, key: Path) -> str:
        layer = self.part.origin(key).layer if self.part else ""
        return self.layers.get(layer, layer)

    def _cites(self, basis: Basis) -> Sequence[tuple[str, str]]:
        clauses = self.book.clauses
        return [(each, clauses[each].text if each in clauses else "") for each in basis.cites]


def _states(part: Part | None) -> Mapping[str, Any]:
    found = part.data.get(STATES) if part else None
    return found if isinstance(found, dict) else {}


def _ways(state: Any) -> Mapping[str, Any]:
    found = state.get(OUTCOMES) if isinstance(state, dict) else None
    return found if isinstance(found, dict) else {}


def _bare(state: Any) -> Any:
    """Return what a state says itself, without its outcomes."""
    return {name: value for name, value in state.items() if name != OUTCOMES} if isinstance(state, dict) else state
