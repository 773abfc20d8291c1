"""The way of a change set 改动单 from a draft to rules in force: tried, handed in, reviewed by another, published.

Any edit after a review voids it. Who had a part in a draft cannot review it, whatever their roles.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from xunfang.casework.actor import Actor
from xunfang.casework.change_sets import ALIVE, CHANGED, change_set_of, seen_as, told_of
from xunfang.casework.draft import Draft
from xunfang.casework.gates import CHECK, COVERAGE, MONTHS, REPLAY, SCENARIOS, Result, replay_wanted, result_of
from xunfang.casework.handling import need_reason
from xunfang.casework.jobs import change_set_job, replay_job
from xunfang.casework.rows import ChangeSet, DraftComment, DraftEdit, DraftTrial
from xunfang.casework.verb import Asked
from xunfang.characters import seen
from xunfang.errors import Conflict, FieldProblem, Invalid, NotAllowed

GATES = (CHECK, SCENARIOS, COVERAGE, REPLAY)
"""What has to be passed before somebody is asked to review, in this order."""
COMMENT = 1_000
_TOLD = "change-set:"
"""With this the keys of messages about change sets begin."""


def record_trial(draft: Draft, asked: Asked) -> None:
    """Keep what came of a gate, see `Result.kept`; once the last that waits for nothing is passed, replay is wanted."""
    found = change_set_of(draft, str(asked.payload["change_set"]))
    result = result_of(asked.payload["result"])
    _keep(draft, found, result)
    if result.running or result.gate not in GATES:
        return
    data = {"gate": result.gate, "digest": result.digest, "passed": result.passed}
    draft.event("change_set.tried", data={**told_of(found), **data})
    if result.gate == COVERAGE and result.passed and result.digest == found.digest:
        months = int(asked.payload.get("months", MONTHS))
        this_one = draft.new_id()
        _keep(draft, found, replay_wanted(found.digest, months, this_one, draft.at))
        draft.jobs([replay_job(found, months, this_one, draft.at)])


def _keep(draft: Draft, found: ChangeSet, result: Result) -> None:
    of: dict[str, Any] = {"change_set": found.id, "gate": result.gate, "digest": result.digest}
    told: dict[str, Any] = {"passed": result.passed, "said": result.sentence, "told": result.details, "at": result.at}
    if before := draft.first(DraftTrial, **of):
        draft.change(before, **told)
    else:
        draft.put(DraftTrial(id=draft.new_id(), jurisdiction=found.jurisdiction, **of, **told))


def missing_gates(found: ChangeSet, trials: Iterable[DraftTrial]) -> tuple[str, ...]:
    """Return which gates a draft as it stands has not passed yet, in their order."""
    passed = {trial.gate for trial in trials if trial.digest == found.digest and trial.passed}
    return tuple(gate for gate in GATES if gate not in passed)


def submit(draft: Draft, asked: Asked) -> None:
    """Hand a draft in for review; `reviewers` are told of it. Raises Conflict while a gate is not passed."""
    found = seen_as(draft, asked, ("draft", "returned"))
    if not found.digest:
        raise Conflict("这份改动单还没有改动任何内容。", "NOTHING_CHANGED")
    if missing_gates(found, draft.select(DraftTrial, change_set=found.id)):
        raise Conflict("送复核以前，请先通过检查、情景、条款落实和试算四关。", "GATES_NOT_PASSED")
    reviewers = [each for each in asked.payload["reviewers"] if each[1] not in authors(draft, found)]
    draft.change(found, status="submitted", submitted_at=draft.at, submitted_by=draft.actor.account, reason="")
    draft.event("change_set.submitted", data={**told_of(found), "digest": found.digest}, cites=found.cites)
    body = f"“{found.title}”已送复核，请到“规则修改”对照改动说明复核。复核通过以前，现行规则不变。"
    for unit, account in reviewers:
        key = f"{_TOLD}{found.id}:{found.version}:submitted:{account}"
        draft.tell(unit, "rules", "规则改动待复核", body, key=key, account=account)


def change_set_told(key: str) -> str:
    """Return the change set that a message with this key is about, "" for any other message."""
    return key.removeprefix(_TOLD).partition(":")[0] if key.startswith(_TOLD) else ""


def authors(draft: Draft, found: ChangeSet) -> frozenset[str]:
    """Return the accounts whose work a change set is."""
    return authors_of(found, draft.select(DraftEdit, change_set=found.id))


def authors_of(found: ChangeSet, edits: Iterable[DraftEdit]) -> frozenset[str]:
    """Return the accounts whose work a change set with these edits is."""
    return frozenset({found.made_by, found.submitted_by, *(edit.by for edit in edits)} - {""})


def why_not_review(found: ChangeSet, edits: Iterable[DraftEdit], actor: Actor) -> str:
    """Return why somebody may not review a change set, "" where they may; for a deputy the colleague counts as well."""
    own = {actor.account, *(stead.account for stead in actor.steads)}
    return "改动单由没有参与修改的人复核。" if own & authors_of(found, edits) else ""


def approve(draft: Draft, asked: Asked) -> None:
    """Approve a draft as it was seen; raises NotAllowed for its authors, Conflict where it is another by now."""
    found = _to_review(draft, asked)
    reviewed = {"reviewed_at": draft.at, "reviewed_by": draft.actor.account, "reviewed_digest": found.digest}
    draft.change(found, status="approved", **reviewed)
    draft.event("change_set.approved", data={**told_of(found), "digest": found.digest}, cites=found.cites)
    _tell_authors(draft, asked, found, "规则改动已复核", f"“{found.title}”复核通过，可以发布。")


def give_back(draft: Draft, asked: Asked) -> None:
    """Give a draft back with a reason; raises NotAllowed, Conflict, Invalid."""
    found = _to_review(draft, asked)
    need_reason(asked.reason, "退回的理由")
    draft.change(found, status="returned", reason=asked.reason.strip()[:COMMENT])
    draft.event("change_set.returned", data=told_of(found))
    _tell_authors(draft, asked, found, "规则改动退回修改", f"“{found.title}”没有通过复核，理由和逐条意见见改动单。")


def _to_review(draft: Draft, asked: Asked) -> ChangeSet:
    found = seen_as(draft, asked, ("submitted",))
    if found.digest != asked.payload.get("digest"):
        raise Conflict(CHANGED, "CHANGE_SET_CHANGED")
    if why := why_not_review(found, draft.select(DraftEdit, change_set=found.id), draft.actor):
        raise NotAllowed(why)
    return found


def _tell_authors(draft: Draft, asked: Asked, found: ChangeSet, title: str, body: str) -> None:
    for unit, account in asked.payload.get("tell", ()):
        key = f"change-set:{found.id}:{found.version}:{asked.verb}:{account}"
        draft.tell(unit, "rules", title, body, key=key, account=account)


def comment(draft: Draft, asked: Asked) -> None:
    """Say something of a change set or a line of its sheet; raises Invalid, Conflict."""
    found = change_set_of(draft, str(asked.payload["change_set"]))
    text = seen(str(asked.payload["text"])).strip()
    if found.status not in ALIVE:
        raise Conflict(CHANGED, "CHANGE_SET_CHANGED")
    if not text or len(text) > COMMENT:
        raise Invalid([FieldProblem("text", f"请写下意见，最多{COMMENT}字。", "FIELD_MISSING")], "没有保存。")
    of = {"jurisdiction": found.jurisdiction, "change_set": found.id, "digest": found.digest}
    line = str(asked.payload.get("line", ""))
    draft.put(DraftComment(id=draft.new_id(), at=draft.at, by=draft.actor.account, line=line, text=text, **of))
    draft.event("change_set.commented", data={**told_of(found), "line": line})


def withdraw(draft: Draft, asked: Asked) -> None:
    """Give a change set up, with a reason; it stays to be read. Raises Conflict, Invalid."""
    found = seen_as(draft, asked, ALIVE)
    need_reason(asked.reason, "放弃的理由")
    draft.change(found, status="withdrawn", reason=asked.reason.strip()[:COMMENT])
    draft.event("change_set.withdrawn", data=told_of(found))


def schedule(draft: Draft, asked: Asked) -> None:
    """Let an approved draft be put in force at a moment to come; raises Conflict, Invalid."""
    found = check_publishable(draft, asked, ("approved",))
    moment = asked.payload["moment"]
    assert isinstance(moment, datetime)
    if moment < draft.at or (moment == draft.at and not asked.payload.get("at_once")):
        raise Invalid([FieldProblem("moment", "生效时间应在现在以后。")], "没有安排发布。")
    planned = draft.change(found, status="waiting", effective_at=moment)
    draft.event("change_set.scheduled", data={**told_of(found), "at": moment.isoformat()})
    draft.jobs([change_set_job(planned)])


def unschedule(draft: Draft, asked: Asked) -> None:
    """Let an approved draft not be put in force by itself any more; raises Conflict."""
    found = seen_as(draft, asked, ("waiting",))
    draft.change(found, status="approved", effective_at=None)
    draft.event("change_set.unscheduled", data=told_of(found))


def check_publishable(draft: Draft, asked: Asked, stands: tuple[str, ...]) -> ChangeSet:
    """Return a change set that may be put in force as it stands; raises Conflict for any other."""
    found = seen_as(draft, asked, stands)
    if found.reviewed_digest != found.digest or not found.digest:
        raise Conflict("复核以后又有改动，请重新送复核。", "REVIEW_VOID")
    if found.base != draft.rulebook.digest:
        raise Conflict("现行规则已经换了一版，请先并入现行规则，再送复核。", "BASE_MOVED")
    return found


def record_published(draft: Draft, asked: Asked) -> None:
    """Note that a draft is in force, as which release; raises Conflict where it may not be."""
    found = check_publishable(draft, asked, ("approved", "waiting"))
    now = {"published": str(asked.payload["release"]), "published_at": draft.at, "published_by": draft.actor.account}
    draft.change(found, status="published", **now)
    draft.event("change_set.published", data={**told_of(found), "digest": now["published"]}, cites=found.cites)


def record_held(draft: Draft, asked: Asked) -> None:
    """Note that a draft was not put in force at its moment, and why; whoever made and planned it is told."""
    found = change_set_of(draft, str(asked.payload["change_set"]))
    if found.status != "waiting":
        return
    why = str(asked.payload["why"])[:COMMENT]
    draft.change(found, status="approved", effective_at=None, reason=why)
    draft.event("change_set.held", data=told_of(found))
    _tell_authors(draft, asked, found, "规则没有按时发布", f"“{found.title}”没有发布：{why}")
