"""The people of a unit: what each has claimed, and who stands in for whom."""

from dataclasses import asdict
from datetime import datetime

from xunfang.clock import local_date
from xunfang.desk.faces import ColleagueFace, DeputyFace, StaffFace
from xunfang.desk.labels import Labels
from xunfang.rulebook.model import Rulebook
from xunfang.store.scoped import ScopedReader


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
