"""advance: the one place where it is decided what a verb brings about."""

from collections.abc import Callable
from datetime import datetime

from xunfang.casework.changes import Changes
from xunfang.casework.draft import Draft
from xunfang.casework.file import File
from xunfang.casework.permits import stead, why_not, why_not_on, why_not_paper
from xunfang.casework.rows import Task
from xunfang.casework.verbs import VERBS, Asked
from xunfang.rulebook.model import Rulebook


def advance(rulebook: Rulebook, file: File, asked: Asked, at: datetime, new_id: Callable[[], str]) -> Changes:
    """Return what a verb, done to a file at a moment, brings about; nothing is written and nothing is read.

    `rulebook` is the release that the case stands on, or for a report the one in force. Raises a Refused that says
    why nothing comes of it: NotAllowed, Conflict, Invalid.
    """
    verb = VERBS[asked.verb]
    draft = Draft(rulebook, file, asked.actor, at, new_id)
    if asked.task and verb.who != "machinery" and verb.on == "task":
        if refusal := why_not(rulebook, asked.actor, verb, draft.task(asked.task)):
            raise refusal
    elif verb.on == "case" and verb.who != "machinery":
        case = draft.case(asked.case)
        if refusal := why_not_on(rulebook, asked.actor, verb, case, draft.select(Task, case=case.id)):
            raise refusal
    elif asked.paper and verb.on == "paper" and verb.who != "machinery":
        if refusal := why_not_paper(rulebook, asked.actor, verb, draft.paper(asked.paper)):
            raise refusal
    elif verb.who != "machinery":
        asked.actor.need(*verb.acts)
    draft.stead = stead(asked.actor, verb, draft.find(Task, asked.task))
    verb.do(draft, asked)
    return draft.changes()
