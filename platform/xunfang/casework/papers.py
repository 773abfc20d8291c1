"""Papers as casework wants them: asked for by the act that causes them, made by the worker after it."""

from collections.abc import Iterable

from xunfang.casework.actor import Actor
from xunfang.casework.draft import Draft
from xunfang.casework.facts import places_of
from xunfang.casework.jobs import notice_job
from xunfang.casework.rows import Case, Circular, Minutes, Notice, Task
from xunfang.rulebook.model import NoticeKind, Rulebook, UnitRef
from xunfang.rules.units import unit_id

AGAIN = ("failed", "refused")
"""How a paper stands that may be made again as the same one."""


def ask_for_notice(draft: Draft, case: Case, kind: str, task: Task | None = None, release: str = "") -> Notice:
    """Want a paper; asked for twice for the same task, it is made once.

    One that failed or was refused is wanted again, one that is void is made anew. `release` is the one whose template
    is to print it where the case's own could not.
    """
    known = paper_known(draft.select(Notice, case=case.id), key_of(case, kind, task))
    if known is not None and known.status in AGAIN:
        return want_again(draft, known, release)
    if known is not None and known.status != "void":
        return known
    return another_notice(draft, case, kind, task)


def another_notice(draft: Draft, case: Case, kind: str, task: Task | None = None) -> Notice:
    """Want a paper of something that has not been told so far, whatever was made of its kind before."""
    known = paper_known(draft.select(Notice, case=case.id), key_of(case, kind, task))
    wanted = draft.put(_new_notice(draft, case, kind, task, _next_key(known, key_of(case, kind, task))))
    cites = draft.rulebook.notices[kind].basis.cites
    draft.event("notice.wanted", case=case.id, task=wanted.task, data={"kind": kind}, rule=kind, cites=cites)
    if wanted.signed_at:
        record_signature(draft, wanted)
    draft.jobs([notice_job(wanted)])
    return wanted


def want_again(draft: Draft, notice: Notice, release: str = "") -> Notice:
    """Want a paper again that failed or was refused: its number is kept, whoever signs it signs it anew.

    What failed is printed from the template of `release`, and the event says of which: everything else about it, and
    the case itself, stays with the release that the case stands on.
    """
    since = release if notice.status == "failed" and release else notice.release
    data = {"kind": notice.kind, **({"release": since} if since != notice.release else {})}
    wanted = draft.change(
        notice, status="wanted", error="", release=since, signed_by="", signed_at=None, facts=None, sha256="", pages=0
    )
    draft.event("notice.wanted_again", case=notice.case, task=notice.task, data=data)
    draft.jobs([notice_job(wanted, draft.at)])
    return wanted


def key_of(case: Case, kind: str, task: Task | None) -> str:
    """Return what a paper is known by, so that one asked for twice is made once."""
    return f"{kind}:{task.id if task else case.id}"


def paper_known(notices: Iterable[Notice], key: str) -> Notice | None:
    """Return the last of the papers that were made under a key, or None: one that is void is followed by another."""
    found = [notice for notice in notices if notice.key.partition("#")[0] == key]
    return max(found, key=lambda notice: notice.id, default=None)


def _next_key(known: Notice | None, key: str) -> str:
    if known is None:
        return key
    place = int(known.key.partition("#")[2] or 1) + 1
    return f"{key}#{place}"


def needs_signature(rulebook: Rulebook, notice: Notice) -> bool:
    """Return whether a paper still waits for somebody to sign it off 签发."""
    return bool(rulebook.notices[notice.kind].signed_off_by) and notice.signed_at is None


def may_sign(rulebook: Rulebook, actor: Actor, kind: str) -> bool:
    """Return whether somebody answers for a kind of paper: the role it names, or whoever prints where it names none."""
    role = rulebook.notices[kind].signed_off_by
    return (role in actor.roles and "sign-off" in actor.acts) if role else "print" in actor.acts


def may_sign_for(rulebook: Rulebook, actor: Actor, paper: Minutes | Circular, residence: str) -> bool:
    """Return whether somebody signs a paper of no case off: by the role of its kind, in its unit or over its place."""
    over = bool(actor.division) and residence.startswith(actor.division)
    known = paper.kind in rulebook.notices
    return known and (over or paper.unit in actor.units) and may_sign(rulebook, actor, paper.kind)


def record_signature(draft: Draft, notice: Notice) -> None:
    """Record who signed a paper off."""
    data = {"kind": notice.kind, "notice": notice.id}
    draft.event("notice.signed", case=notice.case, task=notice.task, data=data)


def _new_notice(draft: Draft, case: Case, kind: str, task: Task | None, key: str) -> Notice:
    rulebook = draft.rulebook
    definition = rulebook.notices[kind]
    seal = unit_id(rulebook, UnitRef(definition.seal), places_of(case)) if definition.seal else ""
    signed = _signs_by_acting(draft, definition)
    addressees, copies = (units_at(rulebook, refs, case) for refs in (definition.units, definition.copies))
    holder = (task.unit,) if task and definition.to == "unit" else ()
    return Notice(
        id=draft.new_id(),
        key=key,
        jurisdiction=case.jurisdiction,
        case=case.id,
        task=task.id if task else "",
        kind=kind,
        unit=seal or (task.unit if task and not definition.seal else ""),
        wanted_at=draft.at,
        release=case.release,
        addressees=addressees or holder,
        copies=tuple(unit for unit in copies if unit not in addressees),
        signed_by=draft.actor.account if signed else "",
        signed_at=draft.at if signed else None,
    )


def units_at(rulebook: Rulebook, refs: Iterable[UnitRef], case: Case) -> tuple[str, ...]:
    """Return the units that are meant where a case lies, each once."""
    return tuple(dict.fromkeys(unit_id(rulebook, ref, places_of(case)) for ref in refs))


def _signs_by_acting(draft: Draft, kind: NoticeKind) -> bool:
    """Return whether the act that causes a paper to a unit is its signature: the leader's word on a dispatch 批示.

    What goes to a person, or to units that its kind names, is always laid before whoever signs it, as it will be
    printed.
    """
    actor = draft.actor
    if kind.to != "unit" or kind.units:
        return False
    return kind.signed_off_by in actor.roles and "sign-off" in actor.acts and not actor.reason
