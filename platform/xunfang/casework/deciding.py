"""Deciding a case on a sitting 议决: one decision for each item, which completes the task that it was put on by."""

from collections.abc import Mapping
from typing import Any

from xunfang.casework.draft import Draft
from xunfang.casework.facts import places_of
from xunfang.casework.handling import complete, state_of
from xunfang.casework.meetings import convening, draft_item, told_of
from xunfang.casework.papers import ask_for_notice
from xunfang.casework.rows import AgendaItem, Sitting, Task
from xunfang.casework.verb import Asked
from xunfang.characters import seen, unprintable_words
from xunfang.errors import Conflict, FieldProblem, Invalid
from xunfang.rulebook.model import Meeting
from xunfang.rules.meetings import is_quorate, members_at, ways_of
from xunfang.rules.units import unit_label

_WORDS, _VOTES = 1000, 500


def decide(draft: Draft, asked: Asked) -> None:
    """Decide one case of an open sitting: its task is completed with the outcome that carries the decision out.

    Raises Invalid with every problem, Conflict where it was decided before or too few may decide it, NotAllowed.
    """
    sitting, meeting = convening(draft, asked, "open")
    item = draft_item(draft, str(asked.payload["item"]))
    if item.version != asked.version or item.status != "proposed":
        raise Conflict("这一议题已经议决或者刚刚有变动，请刷新页面。", "ITEM_CHANGED")
    task = draft.task(item.task)
    recused = tuple(unit for unit in sitting.present if unit in asked.payload.get("recused", ()))
    told = _told(draft, meeting, sitting, item, task, asked, recused)
    complete(draft, task, task.version, asked.outcome, asked.answers, asked.submission, asked.confirmed)
    draft.change(item, status="decided", recused=recused, outcome=asked.outcome, decided_at=draft.at, **told)
    data = {**told_of(sitting), "item": item.n, "recused": list(recused)}
    data |= {"settled_as": told["decision"]} if told["decision"] else {}
    draft.event("sitting.item_decided", case=item.case, task=item.task, data=data, cites=meeting.basis.cites)
    if meeting.minutes in draft.rulebook.notices:
        ask_for_notice(draft, draft.case(item.case), meeting.minutes, draft.task(item.task))


def _told(
    draft: Draft,
    meeting: Meeting,
    sitting: Sitting,
    item: AgendaItem,
    task: Task,
    asked: Asked,
    recused: tuple[str, ...],
) -> dict[str, Any]:
    """Return what is kept of a decision; raises Invalid for one that the meeting cannot take with those present."""
    decision, wrong = str(asked.payload.get("decision", "")), list[FieldProblem]()
    ways = [(each, outcome.id) for each, outcome in ways_of(meeting, state_of(draft, task))]
    if (decision, asked.outcome) not in ways:
        wrong.append(FieldProblem("outcome", "请选择会议的决定。", "FIELD_MISSING"))
    if why := why_not_decided(draft, meeting, sitting, item, recused):
        wrong.append(FieldProblem("recused", why))
    words = seen(str(asked.payload.get("words", ""))).strip()
    if problem := unprintable_words(words, "议定的条件"):
        wrong.append(FieldProblem("words", problem))
    if len(words) > _WORDS:
        wrong.append(FieldProblem("words", f"议定的条件最多{_WORDS}字。"))
    votes = _votes(asked.payload, wrong)
    if wrong:
        raise Invalid(wrong)
    return {"decision": decision, "words": words, **votes}


def _votes(payload: Mapping[str, Any], wrong: list[FieldProblem]) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for name in ("votes_for", "votes_against"):
        text = str(payload.get(name, "")).strip()
        found[name] = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(_VOTES)) else None
        if text and found[name] is None:
            wrong.append(FieldProblem(name, "票数请填数字，没有表决的不填。"))
    return found


def why_not_decided(
    draft: Draft, meeting: Meeting, sitting: Sitting, item: AgendaItem, recused: tuple[str, ...]
) -> str:
    """Return why those present cannot decide a case when these units stand aside, naming who is missing; or ""."""
    belong = members_at(draft.rulebook, meeting, sitting.unit, places_of(draft.case(item.case)))
    present = {kind for kind, unit in belong.items() if unit in sitting.present}
    aside = {kind for kind, unit in belong.items() if unit in recused}  # one of another place is no member here
    if is_quorate(meeting, present, aside):
        return ""
    missing = [unit for kind, unit in belong.items() if kind not in present and kind not in aside]
    names = "、".join(unit_label(draft.rulebook, unit) for unit in missing)
    told = f"，未到会的有{names}" if names else ""
    return f"除回避的以外，到会的成员单位不足，不能议决这一件{told}。请延期。"
