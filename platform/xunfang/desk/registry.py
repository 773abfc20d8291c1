"""The registry kept by hand, in words: what was changed of a person, and what a change asks for."""

from collections.abc import Iterator, Mapping
from datetime import date

from xunfang.casework import VERBS, Amendment, Registered
from xunfang.casework.households import BY_HAND
from xunfang.casework.upkeep import DIED, PLAIN, SEALED
from xunfang.desk.details import ANSWERS
from xunfang.desk.faces.people import ChangeFace
from xunfang.desk.labels import Labels
from xunfang.desk.moments import moment
from xunfang.division import Level
from xunfang.identity import mask_id
from xunfang.phones import mask_phone
from xunfang.rulebook.model import CATEGORY
from xunfang.rules.kinship import LEFT, relation_label, relations
from xunfang.store.reading.person_file import PersonFile

Options = tuple[tuple[str, str], ...]
MOVED: Options = (("residence", "现居住地"), ("registration", "户籍地"), ("both", "现居住地和户籍地"))
FIELDS: Mapping[str, str] = {
    **PLAIN,
    **SEALED,
    "residence": "现居住地",
    "registration": "户籍地",
    "head": "与户主的关系",
}


def change_faces(stored: PersonFile, labels: Labels) -> Iterator[ChangeFace]:
    """Yield what was changed by hand, newest first."""
    for row in sorted(stored.amendments, key=lambda row: (row.made_at, row.id), reverse=True):
        verb, name = VERBS.get(row.what), stored.names.get(row.by, "系统")
        field = FIELDS.get(row.field, "")
        yield ChangeFace(
            at=row.made_at,
            what=f"{verb.label if verb else row.what}{f'：{field}' if field else ''}",
            before=_told(row, row.before, labels),
            after=_told(row, row.after, labels),
            on=row.on,
            who=f"{name}　{labels.unit(row.unit)}",
            reason=row.reason,
            basis=labels.in_short(row.cites) if row.cites else "",
        )


def verdicts_told(stored: PersonFile) -> Mapping[str, tuple[str, ...]]:
    """Return, by question, what was found of it and taken back: when, by whom and why."""
    told: dict[str, tuple[str, ...]] = {}
    for row in sorted(stored.verdicts, key=lambda row: (row.made_at, row.id)):
        found = ANSWERS.get(row.after) or f"撤销“{ANSWERS.get(row.before, row.before)}”"
        name = stored.names.get(row.by, "系统")
        told[row.about] = (*told.get(row.about, ()), f"{moment(row.made_at)} {name}：{found}（{row.reason}）")
    return told


def _told(row: Amendment, value: str, labels: Labels) -> str:
    """Return a value as it was or is, in words; what lies sealed masked."""
    if row.field in ("residence", "registration"):
        return labels.place(value)
    if row.field == CATEGORY:
        return labels.entry(CATEGORY, value)
    if row.field == "head":
        return relation_label(labels.rulebook, value) if value else ""
    if row.what == "end-entitlement":
        return labels.programme(value)
    return {"id_number": mask_id, "phone": mask_phone}.get(row.field, str)(value)


def died_on(stored: PersonFile) -> date | None:
    """Return the day on which somebody died, if that was written down of any of their records."""
    return next((row.on for row in stored.amendments if row.field == DIED), None)


def choices_for(subject: Registered, labels: Labels, names: Mapping[str, str]) -> Mapping[str, Options]:
    """Return what the verbs on a person ask for, by the name of their input: (value, label)."""
    rulebook = labels.rulebook
    members = {row.person: names.get(row.person, "") for row in subject.others}
    return {
        "relation": relations(rulebook),
        "cause": tuple((id, LEFT[id]) for id in BY_HAND),
        "along": tuple((key, name) for key, name in members.items() if name),
        "what": MOVED,
        "category": labels.entries(CATEGORY),
        "held": tuple((row.id, labels.entry(CATEGORY, row.category)) for row in subject.categories),
        "entitlement": tuple((row.id, labels.programme(row.programme)) for row in subject.to_end),
        "field": tuple({**PLAIN, **SEALED}.items()),
    }


def villages(labels: Labels) -> tuple[tuple[str, Options], ...]:
    """Return the places where somebody may live, by township: villages that stand today."""
    tree, found = labels.rulebook.divisions, dict[str, list[tuple[str, str]]]()
    for each in tree.of_level(Level.VILLAGE):
        found.setdefault(labels.place(tree.ancestor(each.code, Level.TOWNSHIP)), []).append((each.code, each.name))
    return tuple((township, tuple(places)) for township, places in found.items())
