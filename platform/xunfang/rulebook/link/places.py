"""Names in units, roles, programmes, standards and lists."""

from xunfang.rulebook.acts import ACTS, mixes_offices
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.link.facts import check_condition
from xunfang.rulebook.link.patterns import check_places
from xunfang.rulebook.positions import Path


def link(draft: Draft) -> None:
    """Check the names of everything that says who acts."""
    for key, unit in draft.units.items():
        draft.check_name("units", (key, "superior"), unit.superior, "units")
        _check_acts(draft, "units", (key, "may"), unit.may)
        check_places(draft, "units", (key, "label"), unit.label, ("division",) if unit.per else ())
        _check_climb(draft, key)
        for clause in unit.basis.cites:
            draft.check_clause("units", (key, "cites"), clause)
    for key, role in draft.roles.items():
        _check_acts(draft, "roles", (key, "may"), role.may)
        _check_offices(draft, key)
    for key, programme in draft.programmes.items():
        draft.check_name("programmes", (key, "applies_with"), programme.applies_with, "forms")
        draft.check_name("programmes", (key, "flow"), programme.flow, "flows")
        draft.check_basis("programmes", (key,), programme.basis)
    for key, standard in draft.info.standards.items():
        draft.check_basis("jurisdiction", ("standards", key), standard.basis)
    _link_lists(draft)


def _link_lists(draft: Draft) -> None:
    for list_id, entries in draft.lists.items():
        for key, entry in entries.entries.items():
            if entry.when:
                check_condition(draft, "lists", (list_id, key, "when"), entry.when)
                draft.check_basis("lists", (list_id, key), entry.basis)
            for clause in entry.basis.cites:
                draft.check_clause("lists", (list_id, key, "cites"), clause)


def _check_acts(draft: Draft, part: str, path: Path, acts: tuple[str, ...]) -> None:
    for act in acts:
        if act not in ACTS:
            draft.error(part, path, "ACT_UNKNOWN", f"没有名为“{act}”的权限", did_you_mean(act, ACTS, len(ACTS)))


def _check_offices(draft: Draft, key: str) -> None:
    role = draft.roles[key]
    if mixes_offices(ACTS.intersection(role.may)):
        message = f"角色“{role.label}”的权限不能并在一起：管理账号、维护系统、查阅留痕、办理个案须由不同的人担任"
        hint = "请拆成几个角色：administer（安全管理员）、operate（系统管理员）、audit（安全审计员）各自单独成一个角色"
        draft.error("roles", (key, "may"), "ROLE_MIXES_OFFICES", message, hint)


def _check_climb(draft: Draft, key: str) -> None:
    seen: list[str] = []
    unit = key
    while unit in draft.units and unit not in seen:
        seen.append(unit)
        unit = draft.units[unit].superior
    if unit == key and key == min(seen):  # once for each loop, not once for each unit in it
        draft.error("units", (key, "superior"), "SUPERIOR_LOOP", f"上级单位绕成一圈：{' → '.join([*seen, key])}")
