"""What the values of keys name: units, roles, forms … so that they are chosen from lists instead of typed.

A name with a slash is of the file itself: "states/" of its flow, "outcomes/" of the state, "fields/" of its form,
"rows/" and "opened/" of the forms that a feed names.
"""

from collections.abc import Mapping

_ANYWHERE = {
    "cites": "clauses",
    "x-cites": "clauses",
    "lead": "units",
    "assist": "units",
    "informs": "units",
    "meeting": "meetings",
    "notice": "notices",
    "form": "forms",
    "flow": "flows",
    "feed": "feeds",
    "duty": "duties",
    "deadline": "deadlines",
    "prints": "notices",
    "role": "roles",
    "programme": "programmes",
    "remove": "removed",
}
NAMED: Mapping[str, Mapping[str, str]] = {
    "units": {"*.superior": "units", "*.may": "acts"},
    "roles": {"*.may": "acts"},
    "jurisdiction": {"office.calendar": "calendars"},
    "lists": {"*.*.check": "checks"},
    "form": {
        "required": "fields/",
        "x-filled-by": "units",
        **{
            f"x-person.{key}": "fields/"
            for key in ("name", "id_number", "phone", "sex", "birth_on", "residence", "registration")
        },
        "x-objection.by": "fields/",
        "properties.*.x-list": "lists",
        "properties.*.items.x-list": "lists",
        "properties.*.x-section": "sections/",
        "properties.*.x-after": "fields/",
        "properties.*.x-paper": "fields/",
        "properties.*.x-not-before": "days/",
        "properties.*.x-not-after": "days/",
        "properties.*.x-serves": "served",
        "properties.*.const": "truths",
        "properties.*.items.required": "columns/",
        "properties.*.items.properties.*.x-list": "lists",
        "properties.*.items.properties.*.x-after": "columns/",
        "properties.*.items.properties.*.x-paper": "columns/",
        "x-equations": "terms/",
    },
    "routing": {"*.confirm": "confirmers"},
    "deadlines": {
        "*.extend.by": "roles",
        "*.set_by.answer": "fields",
        "*.within": "deadlines",
        "*.from": "anchors",
        "*.until": "anchors",
        "*.escalate[].to": "superiors",
    },
    "flow": {
        "opens_on": "forms",
        "start": "states/",
        "case_deadline": "deadlines",
        "states.*.unit": "units",
        "states.*.routes_by": "routing",
        "states.*.join": "joins",
        "states.*.undecided": "outcomes/",
        "states.*.on_breach": "outcomes/",
        "states.*.posts": "fields",
        "states.*.publishes": "boards",
        "states.*.interrupted_by": "interruptions",
        "states.*.checklist": "papers",
        "states.*.outcomes.*.requires": "fields",
        "states.*.outcomes.*.grants": "programmes",
        "states.*.outcomes.*.refuses": "programmes",
        "states.*.outcomes.*.suspends": "programmes",
        "states.*.outcomes.*.stops": "programmes",
        "states.*.outcomes.*.starts": "flows",
        "states.*.outcomes.*.to": "states/",
        "states.*.outcomes.*.on_decision": "decisions",
    },
    "alerts": {"*.by": "units"},
    "duties": {
        "*.of": "units",
        "*.or_else": "units",
        "*.to": "units",
        "*.on": "happenings",
        "*.from": "anchors",
        "*.while": "alerts",
        "*.rhythms[].while": "alerts",
        "*.instead_of": "duties",
        "*.satisfied_by": "forms",
        "*.collects": "duties",
        "*.prefill": "ledgers",
        "*.quota.counts": "fields",
        "*.quota.out_of": "fields",
        "*.quota.at_least": "wholes",
        "*.quota.in_all": "wholes",
        "*.sample.ratio": "ratios",
        "*.fills.*.sum": "facts",
        "*.fills.*.sums": "fields",
    },
    "feeds": {
        "*.row_form": "forms",
        "*.opens": "forms",
        "*.match": "rows/",
        "*.place": "rows/",
        "*.columns": "rows/",
        "*.into": "opened/",
        "*.sets": "opened/",
    },
    "meetings": {
        "*.convenes": "units",
        "*.members": "units",
        "*.minutes": "notices",
        "*.record": "notices",
        "*.quorum": "quorums",
        "*.decides": "decisions/",
    },
    "notices": {
        "*.signed_off_by": "roles",
        "*.seal": "units",
        "*.to": "units",
        "*.copies": "units",
        "*.facts": "told",
    },
    "ledgers": {"*.columns": "shown", "*.labels": "shown"},
    "programmes": {
        "*.applies_with": "forms",
        "*.held.amount": "fields",
        "*.held.since": "fields",
        "*.held.until": "fields",
        "*.held.members": "fields",
        "*.held.reason": "fields",
        "*.held.category": "categories",
        "*.caps.*.sum": "fields",
        "*.caps.*.same": "fields",
        "*.caps.*.flows": "flows",
        "*.caps.*.override.by": "roles",
        "*.caps.*.override.reason": "fields",
    },
    "rosters": {
        "*.drafted_by": "units",
        "*.reviewed_by": "roles",
        "*.signed_off_by": "roles",
        "*.goes_to": "units",
        "*.standard": "standards",
        "*.excludes": "programmes",
        "*.paid": "duties",
        "*.columns": "listed",
        "*.labels": "listed",
    },
    "scenario": {
        "proves": "clauses",
        "steps[].submit": "forms",
        "steps[].against": "flows",
        "steps[].by": "roles",
        "steps[].alert": "alerts",
        "steps[].draw": "duties",
        "steps[].measure": "indicators",
        "steps[].unit": "holders",
        "steps[].outcome": "decided",
        "steps[].happens": "owed",
        "steps[].expect.problems": "asked",
        "steps[].expect.categories": "categories",
        "steps[].expect.granted": "programmes",
        "steps[].expect.in_time": "deadlines",
        "steps[].expect.issued": "notices",
        "steps[].expect.printed": "notices",
        "steps[].expect.started": "flows",
        "steps[].expect.informed": "holders",
        "steps[].expect.withdrawn": "holders",
        "steps[].expect.overdue": "holders",
        "steps[].expect.state": "reached",
        "steps[].expect.not_owed": "duties",
        "steps[].expect.owes.of": "units",
        "steps[].expect.owes.to": "holders",
        "steps[].expect.owes.unit": "holders",
        "steps[].expect.asks": "forms",
        "steps[].expect.choices": "dictionaries",
        "steps[].expect.may": "holders",
        "steps[].expect.ledger": "ledgers",
        "steps[].expect.climbs": "holders",
    },
}
"""What keys of each kind name, where it is not told by the key itself."""
_VALUES: Mapping[str, Mapping[str, str]] = {
    "form": {"x-computed": "terms/"},
    "feeds": {"*.into": "rows/", "*.sets": "values"},
    "scenario": {
        "steps[].expect.strictest": "duties",
        "steps[].expect.asks": "fields",
        "steps[].expect.choices": "entries",
        "steps[].expect.may": "acts",
        "steps[].expect.climbs": "holders",
    },
}
"""What the values of tables name whose keys name something, too. `values` and `entries` are those of their key."""
_OPEN = frozenset(
    {
        "anchors", "happenings", "facts", "clauses", "fields", "fields/", "days/", "columns/", "terms/", "served",
        "truths", "joins", "decisions/", "quorums", "wholes", "ratios", "told", "shown", "removed", "calendars",
        "holders", "decided", "owed", "rows/", "opened/", "reached", "asked", "dictionaries",
    }
)  # fmt: skip
"""Where other words than those listed may be meant: what is written is proposed, not chosen."""
_OR_AN_ANSWER = frozenset({"grants", "refuses", "suspends", "stops"})
"""Keys that may say `$answers.<field>` besides what they name."""


def named_by(kind: str, path: str) -> str:
    """Return what a key's value names, "" for nothing."""
    return NAMED.get(kind, {}).get(path) or _ANYWHERE.get(path.rpartition(".")[2], "")


def values_named_by(kind: str, path: str) -> str:
    """Return what the values name of a table whose keys name something, "" for nothing."""
    return _VALUES.get(kind, {}).get(path, "")


def is_open(kind: str, path: str) -> bool:
    """Return whether a key may also say something that no list of names holds."""
    return named_by(kind, path) in _OPEN or path.rpartition(".")[2] in _OR_AN_ANSWER
