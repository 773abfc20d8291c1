"""Circulars 通报: drafted, signed off or refused by people, printed and kept by the worker, opened as kept."""

from collections.abc import Generator, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment, machinery
from xunfang.actions.keeping import kept_file
from xunfang.actions.loading import file_of
from xunfang.actions.papers import DRAFT, Press, Pressed, order_of, pressed
from xunfang.actions.storing import store
from xunfang.casework import VERBS, Asked, Circular, File, advance
from xunfang.casework.circulars import AT_WORK, told_of
from xunfang.casework.jobs import PRINT_CIRCULAR
from xunfang.clock import Now, local_date
from xunfang.errors import Conflict, FileLost
from xunfang.rules.sample_papers import NO_CASE
from xunfang.rules.units import duty_phone, unit_label
from xunfang.steps import reached
from xunfang.store import Account, Job, Transaction, new_id


def draft_circular(
    deployment: Deployment,
    actor: Actor,
    told: Mapping[str, Any],
    units: Iterable[str],
    at: datetime,
    *,
    circular: str = "",
    version: int = 0,
    corrects: str = "",
) -> str:
    """Draft a circular that names these units, or one anew that is not signed off; returns its key.

    Raises NotFound, NotAllowed, Conflict, Invalid with every problem.
    """
    with acting(deployment, actor, at, *VERBS["draft-circular"].acts, dated=True) as act:
        rows = [act.scoped.circulars.one(key) for key in (circular, corrects) if key]
        rows += act.tx.every(Circular, corrects=corrects) if corrects else ()
        payload = {"circular": circular, "corrects": corrects, "told": dict(told), "units": tuple(units)}
        asked = Asked(verb="draft-circular", actor=actor, version=version, payload=payload)
        made = advance(act.rules(), _file(act, rows), asked, act.at, new_id)
        store(act, made)
    return circular or next(row.id for row in made.new if isinstance(row, Circular))


def do_to_circular(
    deployment: Deployment, actor: Actor, verb: str, circular: str, at: datetime, *, version: int, reason: str = ""
) -> None:
    """Sign a circular off, refuse to, or withdraw it; raises NotFound, NotAllowed, Conflict, Invalid."""
    with acting(deployment, actor, at, dated=True) as act:
        found = act.scoped.circulars.one(circular)
        actor.need(*VERBS[verb].acts)
        asked = Asked(verb=verb, actor=actor, version=version, reason=reason, payload={"circular": found.id})
        store(act, advance(act.rules(found.release), _file(act, [found]), asked, act.at, new_id))


def _file(act: Act, rows: Iterable[Circular]) -> File:
    known = file_of(act)
    return File(tuple({row.id: row for row in rows}.values()), numbers=known.numbers, staffed=known.staffed)


def open_circular(deployment: Deployment, actor: Actor, circular: str, at: datetime) -> bytes:
    """Return the kept PDF of a circular in sight, or of its draft; the opening is recorded before it is shown.

    Raises NotFound, Conflict while there is none, FileLost.
    """
    with acting(deployment, actor, at) as act:
        found = act.scoped.circulars.one(circular)
        if not found.sha256 or found.status == "failed":
            raise Conflict("通报正在印制，请稍候片刻再打开。", "CIRCULAR_NOT_READY")
        pdf = kept_file(deployment, found.sha256)
        data = {**told_of(found), "number": found.number}
        act.event("circular.opened" if pdf else "circular.missing", data=data)
    if pdf is None:
        raise FileLost("这份通报的文件在服务器上找不到或已损坏，打不开。请告诉系统管理员，从备份中恢复文件库。")
    return pdf


class CircularPrinting:
    """The worker's part: print the draft of a circular, or what was signed off with its number, and keep it."""

    brief = False

    def __init__(self, deployment: Deployment, press: Press, now: Now) -> None:
        self.deployment = deployment
        self.press = press
        self.now = now

    def prepare(self, job: Job) -> Generator[None, None, Pressed | None]:
        """Number the circular if it may be, print it and keep the file; None when nothing is left to do."""
        ordered = self._order(job)
        if ordered is None:
            return None
        circular, facts = ordered
        mark = "" if circular.status == "signed" else DRAFT
        order = order_of(self.deployment.rulebooks.release(circular.release), circular.kind, facts, mark)
        return (yield from pressed(self.deployment, self.press, order, lambda: reached("circular.printed")))

    def _order(self, job: Job) -> tuple[Circular, dict[str, Any]] | None:
        with acting(self.deployment, _actor(job), self.now()) as act:
            circular = act.tx.find(Circular, str(job.payload["circular"]))
            if circular is None or circular.status not in AT_WORK:
                return None
            _carry_out(act, "number-circular", circular, {})
            numbered = act.tx.find(Circular, circular.id)
            assert numbered is not None
            return numbered, circular_facts(act, numbered)

    def finish(self, tx: Transaction, job: Job, prepared: Pressed | None) -> None:
        """Write down that the circular is drafted or issued, or that and why it failed."""
        if prepared is None:
            return
        act = Act(tx, self.deployment, _actor(job), self.now())
        circular = tx.find(Circular, str(job.payload["circular"]))
        if circular is not None and circular.status in AT_WORK:
            _carry_out(act, PRINT_CIRCULAR, circular, asdict(prepared))


def _carry_out(act: Act, verb: str, circular: Circular, told: Mapping[str, Any]) -> None:
    asked = Asked(verb=verb, actor=act.actor, payload={**told, "circular": circular.id})
    store(act, advance(act.rules(circular.release), _file(act, [circular]), asked, act.at, new_id))


def _actor(job: Job) -> Actor:
    return machinery(job.jurisdiction, "印制通报")


def circular_facts(act: Act, circular: Circular) -> dict[str, Any]:
    """Return everything that the template of a circular may say; of a draft, everything but number, day and signer."""
    rulebook = act.rules(circular.release)
    issuer, title = unit_label(rulebook, circular.unit, local_date(act.at)), circular.told["title"]
    corrected = act.tx.find(Circular, circular.corrects) if circular.corrects else None
    signer = act.tx.find(Account, circular.signed_by) if circular.signed_by else None
    issued_on = local_date(act.at).isoformat() if circular.status == "signed" else ""
    info = rulebook.info
    return {
        **NO_CASE,
        "jurisdiction": {"name": info.name, "brand": info.brand, "hotline": info.hotline},
        "notice": {
            "kind": circular.kind, "label": title, "number": circular.number, "issued_on": issued_on, "copies": [],
        },
        "issuer": {"label": issuer},
        "unit": {"label": circular.told["to"]},
        "circular": {**circular.told, "corrects": corrected.number if corrected else ""},
        "sitting": {},
        "deadline": {"counted": [], "skipped": [], "provisional": False},
        "cites": [],
        "contact": {"unit": issuer, "phone": duty_phone(rulebook, circular.unit) or info.hotline},
        "signer": signer.name if signer else "",
    }  # fmt: skip
