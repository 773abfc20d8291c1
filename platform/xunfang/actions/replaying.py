"""Replay 试算: past reports are decided by a draft of the rules, beside how they were decided; nothing leaves here.

What comes out names cases by their numbers, units, moments and papers, and nothing of what anybody wrote.
"""

import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from xunfang.actions.acting import acting
from xunfang.actions.deployment import Deployment, machinery
from xunfang.clock import local
from xunfang.errors import RulebookError
from xunfang.prove.replayed import Outlook, Replayed
from xunfang.rulebook.model import Rulebook
from xunfang.rules.deadlines import plan_deadline
from xunfang.rules.flow import PlannedTask
from xunfang.rules.intake import Decision, decide
from xunfang.rules.units import unit_label
from xunfang.store import Case, Clue, Place, Reader, Submission, connection, submissions_since

PIECE = 100
"""So many reports are read at a time."""


def replay(deployment: Deployment, draft: Rulebook, since: datetime, at: datetime) -> Iterator[Replayed]:
    """Yield every report since a moment that opened or joined a case, as it was decided and as a draft decides it.

    Nothing is written but that it was done.
    """
    count = 0
    for piece in _pieces(deployment, draft, since):
        for _, replayed in piece:
            if replayed:
                count += 1
                yield replayed
    with acting(deployment, machinery(draft.id, "试算规则草案"), at) as act:
        act.event("rules.replayed", data={"count": count, "digest": draft.digest})


def replay_on(
    deployment: Deployment, draft: Rulebook, since: datetime, after: str, seconds: float
) -> tuple[list[Replayed], str]:
    """Return what `replay` does of the reports after a key, for about so long, and after which to go on; "" at the end.

    That it was done is noted by whoever asks.
    """
    found, ends = list[Replayed](), time.monotonic() + seconds
    for piece in _pieces(deployment, draft, since, after):
        for filled, replayed in piece:
            found += [replayed] if replayed else []
            if time.monotonic() > ends:
                return found, filled.id
    return found, ""


_Piece = Iterator[tuple[Submission, Replayed | None]]


def _pieces(deployment: Deployment, draft: Rulebook, since: datetime, after: str = "") -> Iterator[_Piece]:
    """Yield the reports since a moment, some at a time, each as it was decided and as a draft decides it."""
    more = True
    while more:
        with connection(deployment.database, draft.id) as reader:
            piece = submissions_since(reader, draft.id, since, after, PIECE)
            found = [(filled, _number(reader, filled)) for filled in piece]
        yield ((filled, _replayed(deployment, draft, filled, number) if number else None) for filled, number in found)
        after, more = piece[-1].id if piece else "", len(piece) == PIECE


def _number(reader: Reader, filled: Submission) -> str:
    """Return the number of the case that a report belongs to; "" for what opened none, and what was put right since."""
    clue = reader.first(Clue, submission=filled.id)
    case = reader.find(Case, clue.case) if clue else None
    return case.number if case else ""


def _replayed(deployment: Deployment, draft: Rulebook, filled: Submission, number: str) -> Replayed | None:
    try:
        was = deployment.rulebooks.release(filled.release)
    except (KeyError, RulebookError):  # rules that this program does not understand any more say nothing
        return None
    place = Place("submission", "sealed", filled.id)
    answers = {**filled.answers, **deployment.keys.open_values(filled.sealed, place)}
    before, after = (_outlook(rules, filled.form, answers, filled.at) for rules in (was, draft))
    return Replayed(number, before, after)


def _outlook(rulebook: Rulebook, form: str, answers: Mapping[str, Any], at: datetime) -> Outlook:
    if form not in rulebook.forms:
        return Outlook(refused="没有这张表单")
    decision = decide(rulebook, form, answers, at)
    if decision.problems:
        fields = rulebook.forms[form].fields
        names = dict.fromkeys(fields[each.field].title for each in decision.problems if each.field in fields)
        return Outlook(refused=f"不收，须改：{'、'.join(names) or '填报内容'}")
    if decision.entered is None:
        return Outlook(refused="不立案")
    tasks = decision.entered.tasks
    return Outlook(_units(rulebook, tasks), _dues(rulebook, decision, at), _papers(rulebook, decision))


def _units(rulebook: Rulebook, tasks: tuple[PlannedTask, ...]) -> str:
    told = {
        role: [unit_label(rulebook, task.unit) for task in tasks if task.role == role] for role in ("lead", "assist")
    }
    assist = f"（{'、'.join(sorted(told['assist']))}协办）" if told["assist"] else ""
    return "、".join(sorted(told["lead"])) + assist


def _dues(rulebook: Rulebook, decision: Decision, at: datetime) -> str:
    """Return when the tasks are due if they go out at once, and the whole case, if it has a limit of its own."""
    assert decision.entered is not None
    assert decision.flow is not None
    leads = sorted((task for task in decision.entered.tasks if task.role == "lead"), key=lambda task: task.unit)
    found = [_moment(task.deadline.due.due_at) if task.deadline else "无" for task in leads]
    if own := decision.flow.case_deadline:
        whole = plan_deadline(rulebook, rulebook.deadlines[own], decision.facts, at)
        found.append(f"全案{_moment(whole.due.due_at)}")
    return "、".join(dict.fromkeys(found))


def _moment(at: datetime) -> str:
    return f"{local(at):%Y-%m-%d %H:%M}"


def _papers(rulebook: Rulebook, decision: Decision) -> str:
    """Return the papers of the state that the tasks stand in, on the way in and by its outcomes."""
    assert decision.entered is not None
    state = decision.entered.state
    kinds = (*state.prints, *(kind for outcome in state.outcomes.values() for kind in outcome.prints))
    return "、".join(rulebook.notices[kind].label for kind in dict.fromkeys(kinds))
