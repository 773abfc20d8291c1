"""Roles 角色: roles.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xunfang.rulebook.acts import ACTS, mixes_offices
from xunfang.rulebook.basis import Basis
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.entry import Entry
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.kind import Kind
from xunfang.rulebook.positions import Path


@dataclass(frozen=True, slots=True)
class Staffing:
    """How many holders of a role every unit of a kind must have 人员配备."""

    unit: str
    at_least: int
    basis: Basis


@dataclass(frozen=True, slots=True)
class Role:
    """A role 角色: which of the closed set of acts its holders may do, and where there must be some."""

    id: str
    label: str
    may: tuple[str, ...]
    deputy: bool
    staffed: tuple[Staffing, ...] = ()


def build(draft: Draft) -> Mapping[str, Any]:
    """Return the roles, by id."""
    return {"roles": {key: _role(key, entry) for key, entry in draft.entries("roles")}}


def _role(key: str, entry: Entry) -> Role:
    staffed = tuple(
        Staffing(each.text("in"), int(each.data.get("at_least", 1)), each.basis()) for each in entry.items("staffed")
    )
    return Role(key, entry.text("label"), entry.names("may"), bool(entry.data.get("deputy")), staffed)


def link(draft: Draft) -> None:
    """Check the acts of every role, that they may lie in one hand, and where there must be holders of it."""
    for key, role in draft.rules.roles.items():
        check_acts(draft, "roles", (key, "may"), role.may)
        _check_offices(draft, key)
        for place, staffing in enumerate(role.staffed):
            draft.check_name("roles", (key, "staffed", place, "in"), staffing.unit, "units")
            draft.check_basis("roles", (key, "staffed", place), staffing.basis)


def check_acts(draft: Draft, part: str, path: Path, acts: tuple[str, ...]) -> None:
    """Note every act that there is not."""
    for act in acts:
        if act not in ACTS:
            draft.error(part, path, "ACT_UNKNOWN", f"没有名为“{act}”的权限", did_you_mean(act, ACTS, len(ACTS)))


def _check_offices(draft: Draft, key: str) -> None:
    role = draft.rules.roles[key]
    if mixes_offices(ACTS.intersection(role.may)):
        message = f"角色“{role.label}”的权限不能并在一起：管理账号、维护系统、查阅留痕、办理个案须由不同的人担任"
        hint = "请拆成几个角色：administer（安全管理员）、operate（系统管理员）、audit（安全审计员）各自单独成一个角色"
        draft.error("roles", (key, "may"), "ROLE_MIXES_OFFICES", message, hint)


ROLES = Kind(
    "roles", build, link, label="角色", heading="角色", title="角色和权限", labelled=True, lived="决定账号能做什么"
)
