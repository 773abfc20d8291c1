"""Those who pay: each month a roster is drafted, fixed without what is barred, reviewed, signed, handed over, paid."""

from typing import Any

from xunfang.actions.rolls import Told, begin_roll, do_to_roll
from xunfang.casework import Roll, RollLine
from xunfang.clock import local_date
from xunfang.errors import Refused
from xunfang.rules.rosters import made_by_roster
from xunfang.store import DutyPeriod, Task
from year.acting import Acting

FORGOTTEN, DOUBTED, RETURNED, REDRAFTED = 0.05, 0.01, 0.08, 0.05
"""How many rosters nobody drafts in their month, lines are held back, rosters given back, and drafted once more."""
_MINUTES = 1 / 24 / 12


class Paying(Acting):
    """Rosters. Whoever drafts one neither reviews nor signs it."""

    def draft_roster(self, task: str) -> None:
        """Let a unit draft the roster that it owes for the month."""
        owed = self.county.find(DutyPeriod, self.county.find(Task, task).about)
        roster = made_by_roster(self.county.now(), owed.duty)
        assert roster
        drafter = self.county.of(owed.unit)
        key = begin_roll(self.county.deployment, drafter, roster.id, f"{owed.begins_on:%Y-%m}", self.county.at)
        self.done["rosters begun"] += 1
        self._next(_MINUTES, self.fix_roster, key)

    def fix_roster(self, key: str) -> None:
        """Hold back what must not be paid, and some of what is doubted, then fix it; sometimes after another look."""
        roll = self.county.find(Roll, key)
        if roll.status != "drafted":
            return
        drafter = self._one_of(roll)
        if self.chance.random() < REDRAFTED:
            self._do("redraft-roll", roll, drafter)
            self._begun_anew(roll)
            return
        for line in self.county.rows(RollLine, roll=key):
            if line.barred or self.chance.random() < DOUBTED:
                self._do("hold-back", roll, drafter, line=line.id, reason="待核实")
                self.done["payments held back"] += 1
        self._do("lock-roll", roll, drafter)
        self._next(self.chance.uniform(0.05, 1), self.review_roster, key)

    def review_roster(self, key: str) -> None:
        """Let a colleague find it in order, or give it back."""
        roll = self.county.find(Roll, key)
        if self.chance.random() < RETURNED:
            self._do("return-roll", roll, self._one_of(roll, roll.locked_by), reason="人口有误")
            self._begun_anew(roll)
            return
        self._do("review-roll", roll, self._one_of(roll, roll.locked_by))
        self._next(self.chance.uniform(0.05, 1), self.sign_roster, key)

    def sign_roster(self, key: str) -> None:
        roll = self.county.find(Roll, key)
        self._do("sign-roll", roll, self._one_of(roll, roll.locked_by, roll.reviewed_by))
        self.done["rosters signed"] += 1
        self._next(self.chance.uniform(0.1, 1), self.hand_roster_over, key)

    def hand_roster_over(self, key: str) -> None:
        roll = self.county.find(Roll, key)
        self._do("hand-over-roll", roll, self._one_of(roll), day=self._today(), receiver="财政局张")
        self._next(self.chance.uniform(1, 4), self.pay_roster, key)

    def pay_roster(self, key: str) -> None:
        roll = self.county.find(Roll, key)
        self._do("pay-roll", roll, self._one_of(roll), day=self._today())
        self.done["rosters paid"] += 1

    def _begun_anew(self, before: Any) -> None:
        same = {"roster": before.roster, "unit": before.unit, "month": before.month}
        again = max(self.county.rows(Roll, **same), key=lambda roll: roll.turn)
        self._next(_MINUTES, self.fix_roster, again.id)

    def _next(self, days: float, deed: Any, key: str) -> None:
        self.agenda.put(self.agenda.at_work(self.county.rulebook.calendar, self.county.at, days), deed, key)

    def _today(self) -> str:
        return local_date(self.county.at).isoformat()

    def _one_of(self, roll: Any, *but: str) -> Any:
        """Return one of a roster's unit who is none of these."""
        able = [account for account in self.county.by_unit[roll.unit] if account.id not in but]
        if not able:
            raise Refused("本单位没有别的人")
        return self.county.actor(able[0])

    def _do(self, verb: str, roll: Any, actor: Any, **told: str) -> None:
        do_to_roll(self.county.deployment, actor, verb, roll.id, roll.version, Told(**told), self.county.at)
