"""A rulebook in the making: the merged parts of a chain of layers and the objects built from them so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from xunfang.rulebook.findings import Findings, did_you_mean
from xunfang.rulebook.merge import Part
from xunfang.rulebook.model import (
    Basis,
    Clause,
    Deadline,
    Duty,
    EntryList,
    Feed,
    Flow,
    Indicator,
    IntakeForm,
    JurisdictionInfo,
    Ledger,
    Meeting,
    NoticeKind,
    Policy,
    Programme,
    Role,
    RoutingTable,
    Unit,
)
from xunfang.rulebook.positions import Path


@dataclass(slots=True)
class Draft:
    """What has been read and built; every mapping is by id."""

    findings: Findings
    parts: Mapping[str, Part]  # by kind; flows and forms by "flow:<id>" and "form:<id>"
    info: JurisdictionInfo
    policies: Mapping[str, Policy] = field(default_factory=dict)
    clauses: Mapping[str, Clause] = field(default_factory=dict)
    units: Mapping[str, Unit] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    lists: Mapping[str, EntryList] = field(default_factory=dict)
    programmes: Mapping[str, Programme] = field(default_factory=dict)
    forms: Mapping[str, IntakeForm] = field(default_factory=dict)
    routing: Mapping[str, RoutingTable] = field(default_factory=dict)
    deadlines: Mapping[str, Deadline] = field(default_factory=dict)
    flows: Mapping[str, Flow] = field(default_factory=dict)
    duties: Mapping[str, Duty] = field(default_factory=dict)
    feeds: Mapping[str, Feed] = field(default_factory=dict)
    meetings: Mapping[str, Meeting] = field(default_factory=dict)
    notices: Mapping[str, NoticeKind] = field(default_factory=dict)
    ledgers: Mapping[str, Ledger] = field(default_factory=dict)
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)

    def known(self, kind: str) -> set[str]:
        """Return every id of a kind, those included whose entries are broken: their names do exist."""
        if kind in {"flows", "forms"}:
            return {key.split(":", 1)[1] for key in self.parts if key.startswith(f"{kind[:-1]}:")}
        part = self.parts.get(kind)
        return set(part.data) if part else set()

    def check_name(self, part: str, path: Path, word: str, kind: str) -> None:
        """Note an error unless a thing of that kind has this id; an empty word names nothing and is fine."""
        known = self.known(kind)
        if word and word not in known:
            message = f"没有名为“{word}”的{KINDS[kind]}"
            hint = self._id_of(word, kind) or did_you_mean(word, known)
            self.findings.error(self.parts[part], path, "NAME_UNKNOWN", message, hint)

    def _id_of(self, label: str, kind: str) -> str:
        """Return the hint for somebody who wrote a thing's name where its id belongs, "" for any other word."""
        things: Mapping[str, Any] = getattr(self, kind, {})
        found = [id for id, thing in things.items() if getattr(thing, "label", "") == label]
        return f"“{label}”的编号是 {'、'.join(found)}，请写编号" if found else ""

    def check_basis(self, part: str, path: Path, basis: Basis) -> None:
        """Note an error when a binding rule rests on nothing, or cites a clause that does not exist."""
        if not basis.cites and not basis.practice:
            hint = '补上 cites = ["<条款编号>"]；确属本地做法的，写 practice = "<理由>"'
            self.findings.error(self.parts[part], path, "BASIS_MISSING", "这条规则没有依据", hint)
        for clause in basis.cites:
            self.check_clause(part, (*path, "cites"), clause)

    def check_clause(self, part: str, path: Path, clause: str) -> None:
        """Note an error when a clause is cited that no policy document contains."""
        if clause not in self.clauses:
            hint = did_you_mean(clause, self.clauses) or "条款须先写入 policies.toml"
            self.findings.error(self.parts[part], path, "CITATION_UNKNOWN", f"没有编号为“{clause}”的条款", hint)

    def error(self, part: str, path: Path, code: str, message: str, hint: str = "") -> None:
        """Note an error at a path of a part."""
        self.findings.error(self.parts[part], path, code, message, hint)

    def entry(self, part: str, key: str) -> Mapping[str, Any]:
        """Return the raw data of one entry."""
        found: Mapping[str, Any] = self.parts[part].data[key]
        return found


KINDS = {
    "units": "单位",
    "roles": "角色",
    "lists": "字典",
    "programmes": "救助事项",
    "routing": "分派表",
    "deadlines": "时限",
    "duties": "定期任务",
    "feeds": "数据报送",
    "meetings": "会商",
    "notices": "文书",
    "ledgers": "台账",
    "indicators": "指标",
    "flows": "流程",
    "forms": "表单",
}
