"""Circulars 通报: drafted by a unit that supervises, signed off, numbered, told to those they name; then frozen."""

from collections.abc import Mapping
from typing import Any

from xunfang.casework.actor import Actor
from xunfang.casework.draft import Draft
from xunfang.casework.handling import need_reason
from xunfang.casework.holding import somebody
from xunfang.casework.issuing import number_signed
from xunfang.casework.jobs import circular_job
from xunfang.casework.papers import may_sign_for
from xunfang.casework.rows import Circular
from xunfang.casework.verb import Asked
from xunfang.characters import seen, unprintable_words
from xunfang.errors import Conflict, FieldProblem, Invalid, NotAllowed
from xunfang.rulebook.model import NoticeKind, Rulebook
from xunfang.rules.circulars import circular_kind
from xunfang.rules.units import division_of, kind_of, unit_label

AT_WORK = ("wanted", "signed")
"""How a circular stands while the worker has something to do about it."""
OPEN = ("draft", "refused", "failed")
"""How one stands that can be drafted anew, or withdrawn."""
WORDS: Mapping[str, tuple[str, int]] = {
    "title": ("标题", 80), "to": ("主送", 200), "opening": ("正文", 2_000), "demand": ("要求", 2_000),
}  # fmt: skip
"""What is typed of a circular: what it is called, and how long it may be."""
_CHANGED = "这份通报刚刚有变动，请刷新页面，看过最新情况后再办理。"
_REASON = 500


def draft_circular(draft: Draft, asked: Asked) -> None:
    """Draft a circular, draft one anew that is not signed off, or one that corrects an issued one.

    Raises NotAllowed, Conflict, Invalid with every problem.
    """
    kind = circular_kind(draft.rulebook, draft.actor.unit)
    if kind is None:
        raise NotAllowed("规则没有规定本单位印发通报。")
    told, units = _told(asked), tuple(dict.fromkeys(asked.payload["units"]))
    corrects = _corrected(draft, str(asked.payload.get("corrects", "")))
    if not units and corrects is None:
        raise Invalid([FieldProblem("units", "至少保留一个被通报的单位。", "FIELD_MISSING")], "通报没有起草。")
    named = tuple(dict.fromkeys((*units, *(corrects.units if corrects else ()))))
    fresh: dict[str, Any] = {"told": told, "units": named, "corrects": corrects.id if corrects else ""}
    circular = _put(draft, asked, kind, fresh)
    data = {**told_of(circular), "named": list(named), **({"instead_of": corrects.number} if corrects else {})}
    draft.event("circular.drafted", data=data, rule=kind.id, cites=kind.basis.cites)
    draft.jobs([circular_job(circular, draft.at)])


def _told(asked: Asked) -> dict[str, Any]:
    """Return what a circular says, its words as anybody sees them; raises Invalid with every problem."""
    told = {name: seen(str(asked.payload["told"].get(name, ""))).strip() for name in WORDS}
    if wrong := [problem for name, text in told.items() if (problem := _wrong(name, text))]:
        raise Invalid(wrong, "通报没有起草。")
    return {**told, "as_of": asked.payload["told"]["as_of"], "units": asked.payload["told"]["units"]}


def _wrong(name: str, text: str) -> FieldProblem | None:
    label, most = WORDS[name]
    if not text:
        return FieldProblem(name, f"请填写{label}。", "FIELD_MISSING")
    if len(text) > most:
        return FieldProblem(name, f"{label}最多{most}字。")
    problem = unprintable_words(text, label)
    return FieldProblem(name, problem) if problem else None


def _corrected(draft: Draft, key: str) -> Circular | None:
    """Return the circular of the actor's own unit that is to be put right, None where none is."""
    found = draft.find(Circular, key) if key else None
    if key and (found is None or found.status != "issued" or found.unit not in draft.actor.units):
        raise Conflict("只能更正本单位已经印发的通报。", "NOT_NOW")
    if found and any(each.corrects == found.id for each in draft.select(Circular) if each.status == "issued"):
        raise Conflict("这份通报已经更正过，请更正后来的那一份。", "NOT_NOW")
    return found


def _put(draft: Draft, asked: Asked, kind: NoticeKind, fresh: Mapping[str, Any]) -> Circular:
    """Return the circular as it is drafted now: a new one, or the one that is not signed off yet."""
    if key := str(asked.payload.get("circular", "")):
        fresh = {**fresh, "kind": kind.id, "release": draft.rulebook.digest, "drafted_by": draft.actor.account}
        return draft.change(_open(draft, asked, key), status="wanted", reason="", error="", **fresh)
    return draft.put(
        Circular(
            id=draft.new_id(),
            jurisdiction=draft.actor.jurisdiction,
            residence=division_of(draft.actor.unit) or draft.rulebook.code,
            kind=kind.id,
            unit=draft.actor.unit,
            release=draft.rulebook.digest,
            drafted_at=draft.at,
            drafted_by=draft.actor.account,
            **fresh,
        )
    )


def _open(draft: Draft, asked: Asked, key: str) -> Circular:
    """Return a circular of the actor's own unit that is not signed off, as it was seen."""
    found = _seen(draft, asked, key, OPEN)
    if found.unit not in draft.actor.units:
        raise NotAllowed("这份通报由起草的单位修改、撤回。")
    return found


def _seen(draft: Draft, asked: Asked, key: str, stands: tuple[str, ...]) -> Circular:
    found = draft.find(Circular, key)
    if found is None or found.status not in stands or found.version != asked.version:
        raise Conflict(_CHANGED, "CIRCULAR_CHANGED")
    return found


def told_of(circular: Circular) -> dict[str, Any]:
    """Return by what events name a circular."""
    return {"circular": circular.id, "kind": circular.kind}


def withdraw(draft: Draft, asked: Asked) -> None:
    """Withdraw a circular that is not signed off, with a reason; raises NotAllowed, Conflict, Invalid."""
    circular = _open(draft, asked, str(asked.payload["circular"]))
    need_reason(asked.reason, "撤回的理由")
    draft.change(circular, status="withdrawn", reason=asked.reason.strip()[:_REASON])
    draft.event("circular.withdrawn", data=told_of(circular))


def sign(draft: Draft, asked: Asked) -> None:
    """Sign a draft off: it is numbered, dated and printed as it was seen. Raises NotAllowed, Conflict."""
    circular = _to_sign(draft, asked)
    signed = draft.change(circular, status="signed", signed_by=draft.actor.account, signed_at=draft.at)
    draft.event("circular.signed", data=told_of(circular))
    draft.jobs([circular_job(signed, draft.at)])


def refuse(draft: Draft, asked: Asked) -> None:
    """Give a draft back unsigned, with a reason; raises NotAllowed, Conflict, Invalid."""
    circular = _to_sign(draft, asked)
    need_reason(asked.reason, "不予签发的理由")
    draft.change(circular, status="refused", reason=asked.reason.strip()[:_REASON])
    draft.event("circular.refused", data=told_of(circular))
    body = f"《{circular.told['title']}》没有签发，理由见“文书”中的这份通报；可以改好再送，也可以撤回。"
    key = f"circular:{circular.id}:{circular.version}:refused"
    draft.tell(circular.unit, "circular", "通报不予签发", body, key=key)


def _to_sign(draft: Draft, asked: Asked) -> Circular:
    circular = _seen(draft, asked, str(asked.payload["circular"]), ("draft",))
    if not signs(draft.rulebook, draft.actor, circular):
        role = draft.rulebook.roles[draft.rulebook.notices[circular.kind].signed_off_by]
        raise NotAllowed(f"这份通报由印发单位的{role.label}签发。")
    return circular


def signs(rulebook: Rulebook, actor: Actor, circular: Circular) -> bool:
    """Return whether somebody signs a circular off: by the role of its kind, in its unit or over it."""
    return may_sign_for(rulebook, actor, circular, circular.residence)


def number_circular(draft: Draft, asked: Asked) -> None:
    """Take the number of a circular that is signed off."""
    number_signed(draft, _of(draft, asked))


def _of(draft: Draft, asked: Asked) -> Circular:
    found = draft.find(Circular, str(asked.payload["circular"]))
    assert found is not None
    return found


def record_made(draft: Draft, asked: Asked) -> None:
    """Write down what the press made of a circular: a draft for its signer, the issued paper, or a failure."""
    circular, made = _of(draft, asked), asked.payload
    if circular.status not in AT_WORK:
        return
    if made.get("error"):
        _fail(draft, circular, str(made["error"]))
        return
    kept = {name: made[name] for name in ("sha256", "pages")}
    if circular.status == "signed":
        _issue(draft, draft.change(circular, status="issued", issued_at=draft.at, **kept))
    else:
        _lay_before(draft, draft.change(circular, status="draft", **kept))


def _fail(draft: Draft, circular: Circular, error: str) -> None:
    draft.change(circular, status="failed", error=error, signed_by="", signed_at=None)
    draft.event("circular.failed", data=told_of(circular))
    key = f"circular:{circular.id}:{circular.version}:failed"
    draft.tell(circular.unit, "circular", "通报没有制成", f"《{circular.told['title']}》：{error}", key=key)


def _lay_before(draft: Draft, circular: Circular) -> None:
    """Tell whoever signs it in its unit that a draft waits."""
    role = draft.rulebook.notices[circular.kind].signed_off_by
    body = f"《{circular.told['title']}》已拟好，请到“待签发”核对后签发。"
    key = f"circular:{circular.id}:{circular.version}:draft"
    draft.tell(circular.unit, "circular", "通报待签发", body, key=key, role=role)


def _issue(draft: Draft, circular: Circular) -> None:
    """Record the issued paper, and tell every unit it names, or the nearest above it that has somebody."""
    kind = draft.rulebook.notices[circular.kind]
    printed = {"number": circular.number, "sha256": circular.sha256, "pages": circular.pages}
    data = {**told_of(circular), **printed, "named": list(circular.units)}
    draft.event("circular.issued", data=data, rule=kind.id, cites=kind.basis.cites)
    for unit in circular.units:
        if kind_of(unit) in draft.rulebook.units:
            _tell(draft, circular, unit, f"{kind.label}{circular.number}")


def _tell(draft: Draft, circular: Circular, unit: str, named: str) -> None:
    to, _ = somebody(draft, unit)
    by, whom = unit_label(draft.rulebook, circular.unit), unit_label(draft.rulebook, unit)
    body = f"{by}印发了《{circular.told['title']}》，其中有{whom}，请到“文书”的“通报”中打开。"
    draft.tell(to, "circular", f"{named}已印发", body, key=f"circular:{circular.id}:to:{unit}")
