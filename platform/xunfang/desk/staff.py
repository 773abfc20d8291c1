"""The people of a unit: what each has claimed, and who stands in for whom."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from itertools import groupby

from xunfang.clock import local_date
from xunfang.desk.faces import ColleagueFace, DeputyFace, LackFace, StaffFace
from xunfang.desk.labels import Labels
from xunfang.rulebook.model import Rulebook
from xunfang.rules.describe.words import each_unit_words
from xunfang.rules.staffing import lacking
from xunfang.store.scoped import ScopedReader

MOST_NAMED = 60
"""How many units are named that lack somebody; a page of thousands of villages helps nobody."""


def lack_faces(rulebook: Rulebook, rosters: Mapping[str, Mapping[str, int]]) -> list[LackFace]:
    """Return where a rule wants more holders of a role than there are, by rule; a rule that is kept is not told."""
    labels = Labels(rulebook)
    return [
        LackFace(
            role=lacks[0].role.label,
            kind=each_unit_words(rulebook, rule.unit),
            at_least=rule.at_least,
            units=tuple(labels.unit(lack.unit) for lack in lacks[:MOST_NAMED]),
            count=len(lacks),
            basis=labels.basis(rule.basis),
        )
        for rule, found in groupby(lacking(rulebook, rosters), key=lambda lack: lack.rule)
        if (lacks := list(found))
    ]


def staff_face(reader: ScopedReader, unit: str, rulebook: Rulebook, now: datetime) -> StaffFace:
    """Return the people of a unit and their deputies, today or later; raises NotAllowed for another's unit."""
    labels, today = Labels(rulebook), local_date(now)
    return StaffFace(
        colleagues=tuple(
            ColleagueFace(each.id, each.name, tuple(labels.role(role) for role in each.roles), each.claimed)
            for each in reader.colleagues(unit)
        ),
        deputies=tuple(DeputyFace(**asdict(each), now=each.since_on <= today) for each in reader.deputies(unit, today)),
    )
