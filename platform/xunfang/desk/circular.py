"""The door to circulars 通报: those in sight, what waits for a signature, and what one is drafted from."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from xunfang.actions.deployment import Actor, Deployment
from xunfang.casework import VERBS, Circular
from xunfang.casework.circulars import OPEN, signs
from xunfang.clock import local, local_date
from xunfang.desk.faces.circulars import CircularFace, CircularForm, CircularRow
from xunfang.desk.labels import Labels
from xunfang.desk.overdue import OverdueUnit, by_unit, due_words
from xunfang.desk.papers import signable
from xunfang.desk.releases import Releases
from xunfang.errors import NotFound
from xunfang.rules.circulars import circular_kind
from xunfang.rules.units import unit_label
from xunfang.store.reading.circulars import CircularFile
from xunfang.store.scoped import scoped

STATUS = {
    "wanted": "正在印草稿", "draft": "待签发", "signed": "已签发，正在印制", "issued": "已印发", "refused": "不予签发",
    "withdrawn": "已撤回", "failed": "没有制成",
}  # fmt: skip
WORDS = ("title", "to", "opening", "demand")
_LISTED = 5
"""So many things of each unit are named on paper; the rest are counted."""


@dataclass(frozen=True, slots=True)
class CircularReadings:
    """Answers what concerns circulars, within the sight of the person who asks."""

    deployment: Deployment

    def _rules(self, actor: Actor) -> Releases:
        return Releases(self.deployment.rulebooks, actor.jurisdiction)

    def may_draft(self, actor: Actor) -> bool:
        """Return whether the person supervises for a unit that issues circulars."""
        drafts = not actor.acts.isdisjoint(VERBS["draft-circular"].acts)
        return drafts and circular_kind(self._rules(actor).in_force, actor.unit) is not None

    def page(self, actor: Actor, after: str) -> tuple[Sequence[CircularRow], str]:
        """Return a page of the circulars in sight, newest first, and where the next begins."""
        with scoped(self.deployment.database, actor.scope) as reader:
            page = reader.circulars.page(after)
        rules = self._rules(actor)
        return [_row(each, rules.labels(each.release)) for each in page.items], page.next

    def to_sign(self, actor: Actor) -> Sequence[CircularRow]:
        """Return the drafts that wait for this person's signature."""
        rules = self._rules(actor)
        with scoped(self.deployment.database, actor.scope) as reader:
            found = reader.circulars.waiting(signable(rules.in_force, actor))
        mine = (each for each in found if signs(rules.labels(each.release).rulebook, actor, each))
        return [_row(each, rules.labels(each.release)) for each in mine]

    def one(self, actor: Actor, key: str) -> CircularFace:
        """Return a circular in sight; raises NotFound for any other."""
        with scoped(self.deployment.database, actor.scope) as reader:
            stored = reader.circulars.file(key)
        return _face(stored, self._rules(actor).labels(stored.circular.release), actor, self.may_draft(actor))

    def form(self, actor: Actor, at: datetime, circular: str = "", corrects: str = "") -> CircularForm:
        """Return what a circular is drafted from: a new one, one that is not signed off yet, or a correction.

        Raises NotFound out of sight, and for whoever drafts none.
        """
        rules = self._rules(actor)
        kind = circular_kind(rules.in_force, actor.unit)
        if kind is None:
            raise NotFound("规则没有规定本单位印发通报。")
        with scoped(self.deployment.database, actor.scope) as reader:
            found, whole = reader.overdue(at)
            before = reader.circulars.one(circular) if circular else None
            put_right = corrects or (before.corrects if before else "")
            wrong = reader.circulars.one(put_right) if put_right else None
        units, unit = by_unit(found, whole, rules, at), unit_label(rules.in_force, actor.unit)
        new = CircularForm(kind.label, at, units, _words(units, unit, at), {each.unit for each in units})
        return _as_before(_correcting(new, wrong), before)


def _correcting(form: CircularForm, wrong: Circular | None) -> CircularForm:
    """Return the form of a circular that puts another right."""
    if wrong is None:
        return form
    named = f"《{wrong.told['title']}》（{wrong.number}）"
    words = {
        "title": f"关于更正{wrong.number}的通报"[:80],
        "to": str(wrong.told["to"]),
        "opening": f"{named}有误，现更正如下：",
        "demand": f"{wrong.number}与本件不一致的，以本件为准。",
    }
    chosen = {unit.unit for unit in form.units} & set(wrong.units)
    return replace(form, words=words, chosen=chosen, corrects=wrong.id, number=wrong.number)


def _as_before(form: CircularForm, before: Circular | None) -> CircularForm:
    """Return the form with the words and units of a draft."""
    if before is None:
        return form
    words = {name: str(before.told[name]) for name in WORDS}
    return replace(form, words=words, chosen=set(before.units), circular=before.id, version=before.version)


def _words(units: tuple[OverdueUnit, ...], ours: str, at: datetime) -> dict[str, str]:
    day = f"{local(at):%Y年%-m月%-d日}"
    return {
        "title": "关于逾期未办结事项的通报",
        "to": "各有关单位",
        "opening": f"截至{day}，下列单位有事项逾期未办结，现通报如下：",
        "demand": f"请上述单位查明逾期原因，逐件明确责任人和办结时间，尽快办结，并将办理情况书面报{ours}。",
    }


def told_by(form: CircularForm, words: Mapping[str, str], chosen: Collection[str]) -> dict[str, Any]:
    """Return all that a circular says of the chosen units, as they stand now."""
    units = [_unit(unit) for unit in form.units if unit.unit in chosen]
    return {**words, "as_of": local_date(form.at).isoformat(), "units": units}


def _unit(unit: OverdueUnit) -> dict[str, Any]:
    items = [f"{item.what}，{due_words(item)}" for item in unit.items[:_LISTED]]
    rest = unit.count - len(items)
    return {"label": unit.label, "count": unit.count, "longest": unit.longest, "named": items, "rest": rest}


def _row(circular: Circular, labels: Labels) -> CircularRow:
    return CircularRow(
        id=circular.id,
        version=circular.version,
        title=str(circular.told["title"]),
        number=circular.number,
        unit=labels.unit(circular.unit),
        units=tuple(labels.unit(unit) for unit in circular.units),
        at=circular.issued_at or circular.drafted_at,
        status=STATUS[circular.status],
        status_id=circular.status,
        pages=circular.pages,
    )


def _face(stored: CircularFile, labels: Labels, actor: Actor, may_draft: bool) -> CircularFace:
    circular, told = stored.circular, stored.circular.told
    kind, ours = labels.rulebook.notices.get(circular.kind), circular.unit in actor.units and may_draft
    issued = tuple(each for each in stored.corrections if each.status == "issued")
    can = [VERBS[verb] for verb in ("sign-circular", "refuse-circular") if _signing(circular, labels, actor)]
    can += [VERBS["withdraw-circular"]] if ours and circular.status in OPEN else []
    return CircularFace(
        row=_row(circular, labels),
        label=kind.label if kind else circular.kind,
        to=str(told["to"]),
        opening=str(told["opening"]),
        demand=str(told["demand"]),
        listed=told["units"],
        drafted_by=stored.names.get(circular.drafted_by, ""),
        signed_by=stored.names.get(circular.signed_by, ""),
        signed_at=circular.signed_at,
        sha256=circular.sha256,
        reason=circular.reason,
        error=circular.error,
        basis=labels.basis(kind.basis) if kind else (),
        corrected=(stored.corrected.id, stored.corrected.number) if stored.corrected else ("", ""),
        corrections=tuple((each.id, each.number) for each in issued),
        ready=bool(circular.sha256) and circular.status != "failed",
        redrafts=ours and circular.status in OPEN,
        corrects=ours and circular.status == "issued" and not issued,
        can=tuple(can),
    )


def _signing(circular: Circular, labels: Labels, actor: Actor) -> bool:
    return circular.status == "draft" and signs(labels.rulebook, actor, circular)
