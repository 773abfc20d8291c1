"""advance: the one place where it is decided what a verb brings about."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from xunfang.casework.changes import Changes
from xunfang.casework.draft import Draft
from xunfang.casework.facts import clues_of
from xunfang.casework.file import File
from xunfang.casework.permits import stead, why_not, why_not_paper
from xunfang.casework.rows import Amendment, Entitlement, Holding, Membership, Person, Task
from xunfang.casework.subjects import Registered, Report, Subject, Whole, registered
from xunfang.casework.upkeep import DIED
from xunfang.casework.verb import Asked, Verb
from xunfang.casework.verbs import VERBS
from xunfang.characters import seen, unprintable_words
from xunfang.clock import local_date
from xunfang.errors import Conflict, FieldProblem, Invalid, Refused
from xunfang.rulebook.model import Rulebook


def advance(rulebook: Rulebook, file: File, asked: Asked, at: datetime, new_id: Callable[[], str]) -> Changes:
    """Return what a verb, done to a file at a moment, brings about; nothing is written and nothing is read.

    `rulebook` is the release that the case stands on, or for a report the one in force; divisions are as they stand on
    that day. Raises a Refused that says why nothing comes of it: NotAllowed, Conflict, Invalid.
    """
    verb = VERBS[asked.verb]
    draft = Draft(rulebook.on(local_date(at)), file, asked.actor, at, new_id)
    if refusal := _not_made_for(draft, asked, verb) if verb.who == "machinery" else _why_not(draft, asked, verb):
        raise refusal
    asked = replace(asked, reason=_readable(asked.reason))
    draft.stead = stead(draft.rulebook, asked.actor, verb, draft.find(Task, asked.task))
    verb.do(draft, asked)
    return draft.changes()


def _readable(reason: str) -> str:
    """Return a reason without what nobody sees; raises Invalid for one that no paper could show."""
    reason = seen(reason)
    if told := unprintable_words(reason, "所写文字"):
        raise Invalid([FieldProblem("reason", told)], "操作没有执行。")
    return reason


def _not_made_for(draft: Draft, asked: Asked, verb: Verb) -> Refused | None:
    """Return why even the machinery cannot do a verb: it is made for tasks about something else."""
    task = draft.find(Task, asked.task) if verb.on == "task" else None
    return Conflict("这项任务不能这样办理。", "NOT_NOW") if task and task.subject not in verb.of else None


def _why_not(draft: Draft, asked: Asked, verb: Verb) -> Refused | None:
    """Return why a verb may not be done to what it is asked for; raises NotAllowed where there is nothing yet."""
    if verb.on == "paper" and asked.paper:
        return why_not_paper(draft.rulebook, asked.actor, verb, draft.paper(asked.paper))
    subject = _subject(draft, asked, verb)
    if subject is None:
        asked.actor.need(*verb.acts)
        return None
    return why_not(draft.rulebook, asked.actor, verb, subject)


def _subject(draft: Draft, asked: Asked, verb: Verb) -> Subject | None:
    """Return what a verb is done to, None for a report that is only now handed in."""
    if verb.on == "task" and asked.task:
        return draft.task(asked.task)
    if verb.on == "case" and asked.case:
        case = draft.case(asked.case)
        return Whole(case, tuple(clues_of(draft, case)), tuple(draft.select(Task, case=case.id)))
    if verb.on == "report" and asked.clue:
        clue = draft.clue(asked.clue)
        return Report(draft.case(clue.case), clue)
    if verb.on == "person" and asked.person:
        return _registered(draft, asked.person)
    return None


def _registered(draft: Draft, key: str) -> Registered:
    person = draft.find(Person, key)
    assert person is not None
    rows = draft.select(Membership), draft.select(Holding, person=key), draft.select(Entitlement, person=key)
    died = draft.first(Amendment, person=key, field=DIED) is not None
    return registered(person, *rows, local_date(draft.at), died=died)
