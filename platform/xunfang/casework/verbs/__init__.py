"""Verbs 办理动作: each is one value. Access, buttons, words, record, help and the matrix of rights derive from it."""

from collections.abc import Mapping

from xunfang.casework.verb import Verb
from xunfang.casework.verbs.on_alerts import ALERT_VERBS
from xunfang.casework.verbs.on_cases import CASE_VERBS
from xunfang.casework.verbs.on_change_sets import CHANGE_SET_VERBS
from xunfang.casework.verbs.on_circulars import CIRCULAR_VERBS
from xunfang.casework.verbs.on_duties import DUTY_VERBS
from xunfang.casework.verbs.on_meetings import MEETING_VERBS
from xunfang.casework.verbs.on_papers import PAPER_VERBS
from xunfang.casework.verbs.on_people import PERSON_VERBS
from xunfang.casework.verbs.on_reports import REPORT_VERBS
from xunfang.casework.verbs.on_rolls import ROLL_VERBS
from xunfang.casework.verbs.on_tasks import TASK_VERBS

_ALL = (
    *REPORT_VERBS, *TASK_VERBS, *DUTY_VERBS, *ALERT_VERBS, *CASE_VERBS, *PAPER_VERBS, *MEETING_VERBS, *PERSON_VERBS,
    *ROLL_VERBS, *CIRCULAR_VERBS, *CHANGE_SET_VERBS,
)  # fmt: skip

VERBS: Mapping[str, Verb] = {verb.id: verb for verb in _ALL}
"""Every verb there is, by its id."""


def verbs_on(on: str) -> tuple[Verb, ...]:
    """Return what people can do to such a thing (a task, a case, a paper …), in the order pages offer it."""
    return tuple(verb for verb in _ALL if verb.on == on and verb.who != "machinery")
