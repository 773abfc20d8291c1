"""The questions that pages of rolls 发放名册 ask: each opens a reader with the asking person's own scope."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.roll_files import summary
from xunfang.casework import Roll, RollLine, Verb, verbs_on
from xunfang.casework.rolls import VOID, handed_to, may
from xunfang.clock import local_date
from xunfang.desk.faces.rolls import LineFace, RollPage, RollRow, RosterFace, StepFace, SumFace
from xunfang.desk.labels import Labels
from xunfang.desk.releases import Releases
from xunfang.rulebook.model import Roster
from xunfang.rules.rosters import (
    KINDS,
    PROBLEMS,
    Total,
    before,
    drafted_by,
    masked_account,
    month_of,
    month_words,
    units_of,
    yuan,
)
from xunfang.store.reading.rolls import RollItem, Standing
from xunfang.store.scoped import scoped

STATUS = {
    "drafting": "正在起草", "drafted": "草稿", "locked": "已定稿", "reviewed": "已审核", "signed": "已签发",
    "handed": "已移交", "paid": "已发放", "returned": "已退回", "dropped": "已作废",
}  # fmt: skip
_ON_LINES = ("hold-back", "let-pay")


@dataclass(frozen=True, slots=True)
class RollReadings:
    """Answers what concerns rolls, within the sight of the person who asks."""

    deployment: Deployment

    def _rules(self, actor: Actor) -> Releases:
        return Releases(self.deployment.rulebooks, actor.jurisdiction)

    def concerned(self, actor: Actor) -> bool:
        """Return whether the person's unit drafts any roster, or people whom one pays live in their division."""
        rulebook = self._rules(actor).in_force
        return bool(rulebook.rosters) and (bool(actor.division) or bool(drafted_by(rulebook, actor.unit)))

    def page(self, actor: Actor, after: str) -> tuple[Sequence[RollRow], str]:
        """Return a page of the rolls in sight, of the newest month first, and where the next begins."""
        with scoped(self.deployment.database, actor.scope) as reader:
            page = reader.rolls.page(after)
        rules = self._rules(actor)
        return [roll_row(item, rules.labels(item.release)) for item in page.items], page.next

    def drafted(self, actor: Actor, at: datetime) -> Sequence[RosterFace]:
        """Return the rosters that the person may draft, with the month that is next of each."""
        rulebook = self._rules(actor).in_force
        ours = drafted_by(rulebook, actor.unit) if "complete" in actor.acts else ()
        known = [each for each in ours if actor.unit in units_of(rulebook, each)]
        with scoped(self.deployment.database, actor.scope) as reader:
            newest = reader.rolls.page().items if known else ()
        live = [item for item in newest if item.unit == actor.unit and item.status not in VOID]
        return [RosterFace(each.id, each.label, f"{_next_month(each, live, at):%Y-%m}") for each in known]

    def roll(self, actor: Actor, key: str, shown: str, after: str) -> RollPage:
        """Return a roll in sight with one page of its lines; raises NotFound for any other."""
        with scoped(self.deployment.database, actor.scope) as reader:
            roll = reader.rolls.roll(key)
            page = reader.rolls.lines(roll.id, shown, after)
            totals, standing = reader.rolls.totals(roll.id), reader.rolls.standing(roll.id)
            signers = (roll.begun_by, roll.locked_by, roll.reviewed_by, roll.signed_by, roll.handed_by)
            names = reader.rolls.names(signers)
        rules = self._rules(actor)
        return _Page(roll, rules, actor, names).face(totals, standing, page.items, page.next)

    def of_person(self, actor: Actor, person: str) -> Sequence[LineFace]:
        """Return what somebody in sight was paid by rolls that count, newest month first; raises NotFound."""
        with scoped(self.deployment.database, actor.scope) as reader:
            lines = reader.rolls.of_person(reader.person(person).id)
        labels = self._rules(actor).labels()
        return [line_face(line, labels, "") for line in reversed(lines)]


def roll_row(item: RollItem | Roll, labels: Labels) -> RollRow:
    """Return one line of the list, by the names of the release it was begun by."""
    roster = labels.rulebook.rosters.get(item.roster)
    fixed = item.status not in ("drafting", "drafted")
    return RollRow(
        id=item.id,
        label=roster.label if roster else "发放名册",
        month=month_words(item.month),
        unit=labels.unit(item.unit),
        households=item.households,
        insured=item.insured,
        amount=f"{yuan(item.cents)} 元" if fixed else "",
        status=STATUS[item.status],
        status_id=item.status,
        turn=item.turn,
    )


def _next_month(roster: Roster, live: Sequence[RollItem], at: datetime) -> date:
    """Return the month after the last roll of a roster, the present one where there was none; never a far one."""
    today = month_of(local_date(at))
    last = max((item.month for item in live if item.roster == roster.id), default=None)
    return min(before(last, -1), before(today, -1)) if last else today


class _Page:
    """One roll's page in the making."""

    def __init__(self, roll: Roll, rules: Releases, actor: Actor, names: Mapping[str, str]) -> None:
        self.roll, self.rules, self.actor, self.names = roll, rules, actor, names
        self.labels = rules.labels(roll.release)

    def face(
        self, totals: Iterable[tuple[str, Total]], standing: Standing, lines: Iterable[RollLine], after: str
    ) -> RollPage:
        """Return the page."""
        roll, labels, actor = self.roll, self.labels, self.actor
        rulebook, found = labels.rulebook, list(totals)
        roster = rulebook.rosters.get(roll.roster)
        ours = roll.unit in actor.units
        whole = sum((total for _, total in found), Total())
        can = tuple(self._verbs())
        return RollPage(
            row=roll_row(roll, labels),
            version=roll.version,
            programme=labels.programme(roll.programme),
            to=handed_to(rulebook, roster) if roster else "",
            receiver=roll.receiver,
            reason=roll.reason,
            steps=tuple(self._steps()),
            basis=labels.basis(roster.basis) if roster else (),
            can=tuple(verb for verb in can if verb.id not in _ON_LINES),
            sums=tuple(_sum(place, total) for place, total in summary(rulebook, found)),
            whole=_sum("合计", whole),
            barred=standing.barred,
            flagged=standing.flagged,
            held=standing.held,
            changed=standing.changed,
            lines=[line_face(line, labels, self._person(line)) for line in lines],
            after=after,
            may_hold=any(verb.id in _ON_LINES for verb in can),
            xlsx=roll.xlsx,
            pdf=roll.pdf,
            may_open=ours,
            may_open_whole=ours and "reveal" in actor.acts,
            partly=not ours and not roll.residence.startswith(actor.division or "-"),
        )

    def _verbs(self) -> Iterator[Verb]:
        """Yield what the person may do to the roll now, by the rules in force."""
        for verb in verbs_on("roll"):
            permitted = verb.id != "start-roll" and not self.actor.acts.isdisjoint(verb.acts)
            if permitted and may(self.rules.in_force, self.actor, verb.id, self.roll):
                yield verb

    def _person(self, line: RollLine) -> str:
        division = self.actor.division
        return line.person if division and line.residence.startswith(division) else ""

    def _steps(self) -> Iterator[StepFace]:
        roll = self.roll
        told = (
            ("起草", roll.begun_by, roll.begun_at), ("定稿", roll.locked_by, roll.locked_at),
            ("审核", roll.reviewed_by, roll.reviewed_at), ("签发", roll.signed_by, roll.signed_at),
            ("移交", roll.handed_by, roll.handed_on), ("发放", "", roll.paid_on),
        )  # fmt: skip
        yield from (StepFace(what, self.names.get(who, ""), at) for what, who, at in told if at)


def line_face(line: RollLine, labels: Labels, person: str) -> LineFace:
    """Return a line in words, its numbers masked."""
    return LineFace(
        id=line.id,
        person=person,
        name=line.name or "姓名未登记",
        number=line.number,
        place=labels.place(line.residence),
        kind=KINDS[line.kind],
        kind_id=line.kind,
        month=month_words(line.month),
        size=line.size,
        insured=line.insured,
        standard=yuan(line.standard) if line.standard is not None else "",
        amount=yuan(line.cents),
        payee=line.payee,
        account=f"{line.bank} {masked_account(line.account)}".strip(),
        note=line.note,
        problems=tuple(PROBLEMS[each] for each in line.problems),
        barred=line.barred,
        held_back=line.held_back,
    )


def _sum(place: str, total: Total) -> SumFace:
    amounts = (total.regular, total.back, total.taken, total.cents)
    return SumFace(place, total.households, total.insured, *map(yuan, amounts))
