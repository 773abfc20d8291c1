"""jurisdiction.toml, units.toml, roles.toml, policies.toml, lists.toml and programmes.toml."""

from collections.abc import Mapping

from xunfang.rulebook.build.entry import Entry, entries
from xunfang.rulebook.findings import Findings
from xunfang.rulebook.merge import Part
from xunfang.rulebook.model import (
    Clause,
    EntryList,
    JurisdictionInfo,
    Policy,
    Programme,
    Role,
    Standard,
    Unit,
    UnitInstance,
)
from xunfang.rulebook.model import Entry as ListEntry
from xunfang.worktime import Office, parse_office

_USUAL_HOURS = ("08:30-12:00", "13:30-17:30")


def jurisdiction(part: Part, findings: Findings) -> JurisdictionInfo:
    """Return what jurisdiction.toml says."""
    whole = Entry(part, (), dict(part.sound()), findings)
    return JurisdictionInfo(
        name=whole.text("name"),
        brand=whole.text("brand"),
        serves=bool(whole.data.get("serves", True)),
        hotline=whole.text("hotline"),
        office=_office(whole),
        soft=dict(whole.data.get("soft", {})),
        standards={key: _standard(key, entry) for key, entry in whole.tables("standards")},
    )


def _office(whole: Entry) -> Office:
    try:
        return parse_office(whole.data.get("office", {}).get("hours", _USUAL_HOURS))
    except ValueError as error:
        whole.error("office", "OFFICE_HOURS", str(error).rstrip("。"))
        return parse_office(_USUAL_HOURS)


def _standard(key: str, entry: Entry) -> Standard:
    since = sorted((item["date"], float(item["value"])) for item in entry.data["since"])
    return Standard(key, entry.text("label"), tuple(since), entry.basis())


def policies(part: Part, findings: Findings) -> tuple[Mapping[str, Policy], Mapping[str, Clause]]:
    """Return the policy documents and all their clauses, by id."""
    documents, clauses = {}, {}
    for key, entry in Entry(part, (), dict(part.sound()), findings).tables("documents"):
        data = entry.data
        documents[key] = Policy(
            key, data["title"], entry.text("number"), entry.text("issuer"), data["in_force"], data.get("until")
        )
        for clause_id, clause in entry.tables("clauses"):
            layer = part.origin(clause.path).layer
            clauses[clause_id] = Clause(
                clause_id, key, clause.text("text"), clause.data.get("reviewed"), clause.text("not_software"), layer
            )
    return documents, clauses


def units(part: Part, findings: Findings) -> Mapping[str, Unit]:
    """Return the units, by id."""
    return {key: _unit(key, entry) for key, entry in entries(part, findings)}


def _unit(key: str, entry: Entry) -> Unit:
    return Unit(
        id=key,
        label=entry.text("label"),
        superior=entry.text("superior"),
        per=entry.text("per"),
        external=bool(entry.data.get("external")),
        may=entry.names("may"),
        duty_phone=entry.text("duty_phone"),
        formerly=tuple((item["label"], item["until"]) for item in entry.data.get("formerly", ())),
        instances={code: UnitInstance(code, **item.data) for code, item in entry.tables("instances")},
        basis=entry.basis(),
        since=entry.data.get("since"),
        until=entry.data.get("until"),
        document_word=entry.text("document_word"),
    )


def roles(part: Part, findings: Findings) -> Mapping[str, Role]:
    """Return the roles, by id."""
    return {
        key: Role(key, entry.text("label"), entry.names("may"), bool(entry.data.get("deputy")))
        for key, entry in entries(part, findings)
    }


def lists(part: Part, findings: Findings) -> Mapping[str, EntryList]:
    """Return the lists, by id."""
    found = {}
    for list_id, table in entries(part, findings):
        found[list_id] = EntryList(list_id, {key: _list_entry(key, table.sub(key)) for key in table.data})
    return found


def _list_entry(key: str, entry: Entry) -> ListEntry:
    return ListEntry(
        key, entry.text("label"), entry.data.get("retired"), entry.condition("when"), entry.basis(), entry.text("hint")
    )


def programmes(part: Part, findings: Findings) -> Mapping[str, Programme]:
    """Return the programmes, by id."""
    return {
        key: Programme(
            key,
            entry.text("label"),
            entry.text("applies_with"),
            entry.text("decided_by"),
            entry.text("flow"),
            entry.basis(),
        )
        for key, entry in entries(part, findings)
    }
