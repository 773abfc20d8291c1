"""The gates that a draft passes before it takes effect, what is to be done next, and by whom."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from xunfang.actions.deployment import Actor
from xunfang.casework import VERBS, ChangeSet, Verb
from xunfang.casework.change_sets import OPEN
from xunfang.casework.gates import CHECK, REPLAY, REVIEW, SCENARIOS, Gate, Result, Standing
from xunfang.casework.gates import gates_of as casework_gates
from xunfang.casework.rule_reviews import GATES
from xunfang.desk.studio.faces import GateFace, Head
from xunfang.desk.studio.said_problems import words_said
from xunfang.prove.replayed import ASPECTS
from xunfang.rulebook.model import Rulebook
from xunfang.store.reading.change_sets import ChangeSetFile

_STATES = {
    Standing.UNDONE: "none",
    Standing.RUNNING: "waits",
    Standing.PASSED: "passed",
    Standing.FAILED: "failed",
    Standing.STALE: "void",
}


def gates_of(stored: ChangeSetFile, book: Rulebook) -> Sequence[GateFace]:
    """Return the gates in their order: those that a machine keeps, then the review; in the names of these rules."""
    found = stored.change_set
    results = (Result(each.gate, each.passed, each.said, each.digest, each.at, each.told) for each in stored.trials)
    gates = casework_gates(results, found.digest)
    machines = (each for each in gates if each.id != REVIEW)
    faces = [_given_up(each, book) if each.id in stored.parked else _gate(each, book) for each in machines]
    return [*(_awaited(each, faces) for each in faces), _review_gate(found, stored.names)]


def _awaited(face: GateFace, faces: Sequence[GateFace]) -> GateFace:
    """Return the gate that a job comes to as one that is waited for, once those before it are passed."""
    is_next = face.id == REPLAY and all(each.state == "passed" for each in faces[:-1])
    return replace(face, state="waits", said="排队等后台试算") if is_next and face.state in ("none", "void") else face


def _given_up(gate: Gate, book: Rulebook) -> GateFace:
    if gate.standing is not Standing.RUNNING:
        return _gate(gate, book)
    said = "后台算到一半出错，已经停下。请再点“检查全部”；还是这样，请系统管理员看“系统”页里停放的作业"
    return GateFace(gate.id, gate.label, "stopped", said, (), gate.at, _months(gate))


def _gate(gate: Gate, book: Rulebook) -> GateFace:
    stale = gate.standing is Standing.STALE
    said = "上次以后又有改动，须重做" if stale else words_said(book, gate.sentence)
    details = [] if stale else [words_said(book, line) for line in _details(gate)]
    return GateFace(gate.id, gate.label, _STATES[gate.standing], said, details, gate.at, _months(gate))


def _months(gate: Gate) -> int:
    return int(gate.details.get("months", 0))


def _details(gate: Gate) -> Sequence[str]:
    """Return the particulars of a gate, a sentence each."""
    told = gate.details
    if gate.id == CHECK:
        return [_problem(each) for each in (*told.get("problems", ()), *_below(told), *told.get("warnings", ()))]
    if gate.id == SCENARIOS:
        return [f"{each['label']}：{line}" for each in told.get("failed", ()) for line in each["told"]]
    if gate.id == REPLAY:
        return [_replayed(each) for each in told.get("cases", ())]
    return [f"条款 {clause} 不再落实" for clause in (*told.get("undecided", ()), *told.get("unlived", ()))]


def _below(told: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return the first problems of those who inherit from the draft."""
    return [
        {**problem, "message": f"{each['name']}：{problem['message']}"}
        for each in told.get("below", ())
        for problem in each["problems"]
    ]


def _problem(told: Mapping[str, Any]) -> str:
    where = f"{told['file']}:{told['line']}：" if told["line"] else f"{told['file']}：" if "/" in told["file"] else ""
    return f"{where}{told['message']}" + (f"（{told['hint']}）" if told.get("hint") else "")


def _replayed(told: Mapping[str, Any]) -> str:
    pairs = ((ASPECTS[name], told["before"][name] or "无", told["after"][name] or "无") for name in ASPECTS)
    return f"{told['number']}　" + "；".join(f"{label}：{was}→{now}" for label, was, now in pairs if was != now)


def _review_gate(found: ChangeSet, names: Mapping[str, str]) -> GateFace:
    by = names.get(found.reviewed_by, "")
    if found.reviewed_digest and found.reviewed_digest == found.digest:
        return GateFace(REVIEW, "复核", "passed", f"{by}复核通过", (), found.reviewed_at)
    if found.status == "returned":
        return GateFace(REVIEW, "复核", "failed", "已退回修改")
    if found.status == "submitted":
        return GateFace(REVIEW, "复核", "waits", "已送复核，等待没有参与修改的人复核", (), found.submitted_at)
    return GateFace(REVIEW, "复核", "none", "由没有参与修改的人复核")


_OVER = {
    "published": "新立的个案已按这一版办理；在办的要不要改用，到“规则版本”里看。",
    "withdrawn": "没有要做的了，内容留着备查。",
}


def next_step(head: Head, gates: Sequence[GateFace], can: Sequence[Verb]) -> str:
    """Return the one thing to do now, in a sentence for somebody who can do this."""
    if any(verb.id == "approve-change-set" for verb in can):
        return "对照“改动说明”逐条看过，然后复核通过，或者写明理由退回。"
    if head.status_id in _OVER:
        return _OVER[head.status_id]
    if head.moved and head.editable:
        return "现行规则已经换了一版：先并入现行规则，再检查。"
    if not head.editable and head.status_id in ("draft", "returned"):
        return "等规则维护员改好、送来复核。"
    if not head.digest:
        return "选一样规则来改。"
    if head.status_id == "returned" and all(gate.state == "passed" for gate in gates if gate.id in GATES):
        return "按退回的理由和意见改好，再检查、送复核。"
    if head.status_id in ("draft", "returned"):
        return _before_review(next((gate for gate in gates if gate.id in GATES and gate.state != "passed"), None))
    return {
        "submitted": "等待复核。", "approved": "可以发布：立即生效，或者选定生效的时间。", "waiting": "到时自动生效。",
    }[head.status_id]  # fmt: skip


def _before_review(gate: GateFace | None) -> str:
    if gate is None:
        return "各关都过了，可以送复核。"
    if gate.state in ("failed", "stopped"):
        return f"“{gate.label}”没有通过，请先改好。" if gate.state == "failed" else "试算没有做完，请再点“检查全部”。"
    return "正在试算，算好以后这里会变。" if gate.state == "waits" else "改好以后，点“检查全部”。"


_WHEN: Mapping[str, Sequence[str]] = {
    "describe-change-set": OPEN,
    "rebase-change-set": OPEN,
    "submit-change-set": ("draft", "returned"),
    "approve-change-set": ("submitted",),
    "return-change-set": ("submitted",),
    "comment-change-set": (*OPEN, "waiting"),
    "publish-change-set": ("approved",),
    "schedule-change-set": ("approved",),
    "unschedule-change-set": ("waiting",),
    "withdraw-change-set": (*OPEN, "waiting"),
}


def can_do(actor: Actor, head: Head, no_review: str, gates: Sequence[GateFace]) -> Sequence[Verb]:
    """Return what a person may do to a change set now: a button that would only be refused is not shown."""
    verbs = (VERBS[verb] for verb, stands in _WHEN.items() if head.status_id in stands)
    return [verb for verb in verbs if _may(actor, verb, head, no_review, gates)]


def _may(actor: Actor, verb: Verb, head: Head, no_review: str, gates: Sequence[GateFace]) -> bool:
    if actor.acts.isdisjoint(verb.acts):
        return False
    if verb.id in ("approve-change-set", "return-change-set"):
        return not no_review
    if verb.id == "submit-change-set":
        passed = all(gate.state == "passed" for gate in gates if gate.id in GATES)
        return bool(head.digest) and not head.moved and passed
    return head.moved if verb.id == "rebase-change-set" else True
