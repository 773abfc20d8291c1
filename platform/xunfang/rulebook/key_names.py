"""What the values of keys name: units, roles, forms … so that they are chosen from lists instead of typed.

A name with a slash is of the file itself: "states/" of its flow, "outcomes/" of the state, "fields/" of its form.
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
}
NAMED: Mapping[str, Mapping[str, str]] = {
    "units": {"*.superior": "units", "*.may": "acts"},
    "roles": {"*.may": "acts"},
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
    },
    "feeds": {"*.row_form": "forms", "*.opens": "forms", "*.match": "fields", "*.place": "fields"},
    "meetings": {"*.convenes": "units", "*.members": "units", "*.minutes": "notices", "*.record": "notices"},
    "notices": {
        "*.signed_off_by": "roles",
        "*.seal": "units",
        "*.to": "units",
        "*.copies": "units",
        "*.facts": "facts",
    },
    "ledgers": {"*.columns": "facts"},
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
    },
    "scenario": {
        "proves": "clauses",
        "steps[].submit": "forms",
        "steps[].against": "flows",
        "steps[].by": "roles",
        "steps[].alert": "alerts",
        "steps[].draw": "duties",
        "steps[].measure": "indicators",
    },
}
"""What keys of each kind name, where it is not told by the key itself."""
_OPEN = frozenset({"anchors", "happenings", "facts", "clauses", "fields", "fields/"})
"""Where other words than those listed may be meant: what is written is proposed, not chosen."""
_OR_AN_ANSWER = frozenset({"grants", "refuses", "suspends", "stops"})
"""Keys that may say `$answers.<field>` besides what they name."""


def named_by(kind: str, path: str) -> str:
    """Return what a key's value names, "" for nothing."""
    return NAMED.get(kind, {}).get(path) or _ANYWHERE.get(path.rpartition(".")[2], "")


def is_open(kind: str, path: str) -> bool:
    """Return whether a key may also say something that no list of names holds."""
    return named_by(kind, path) in _OPEN or path.rpartition(".")[2] in _OR_AN_ANSWER
