"""Divisions change 区划调整: the worker's part, which lets accounts, people, cases and duties follow, page by page.

What stands on a division that has ended is found by how it stands, not by what was done before: a page that was done is
not found again, and whatever comes to stand there later is found on the next day.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Deployment, machinery
from xunfang.actions.handling import carry_out
from xunfang.casework import Asked
from xunfang.casework.following import BECAUSE, NOT_YET_PRINTED
from xunfang.casework.jobs import FOLLOW
from xunfang.clock import Now, local_date
from xunfang.division import DivisionTree
from xunfang.rulebook.model import Rulebook
from xunfang.rules.units import follow_unit, unit_label
from xunfang.store import (
    Account,
    Alert,
    Case,
    DutyPeriod,
    Ended,
    Job,
    OwedThing,
    Person,
    Reader,
    Task,
    Transaction,
    accounts_on,
    alerts_of,
    cases_on,
    connection,
    duties_on,
    people_on,
)

PIECE = 20
"""How much follows in one transaction, so that nobody waits for long."""
Found = Account | Person | Case | Alert | DutyPeriod


def follow_divisions(deployment: Deployment, at: datetime) -> None:
    """Put the job that lets everything follow the divisions that have ended, once for each day and release."""
    for jurisdiction, rulebook in deployment.rulebooks.current.items():
        if rulebook.on(local_date(at)).divisions.heirs:
            day = local_date(at).isoformat()
            key = f"{FOLLOW}:{jurisdiction}:{day}:{rulebook.digest[:16]}"
            with acting(deployment, machinery(jurisdiction, BECAUSE), at) as act:
                act.jobs([act.new_job(FOLLOW, key, {"key": key, "part": 0, "after": "", "piece": 0}, at)])


class DivisionFollowing:
    """The worker's part: lets a handful of what stands on divisions that have ended follow, and puts a job for more."""

    brief = False

    def __init__(self, deployment: Deployment, now: Now) -> None:
        self.deployment, self.now = deployment, now

    def prepare(self, job: Job) -> tuple[int, list[Found]]:
        """Return the next of what is to follow, and of which part that is."""
        jurisdiction = job.jurisdiction
        ended = ended_in(self.deployment.rulebooks.of(jurisdiction).on(local_date(self.now())))
        after = str(job.payload["after"])
        with connection(self.deployment.database, jurisdiction) as reader:
            for part in range(int(job.payload["part"]), len(_PARTS)):
                if page := _PARTS[part][0](reader, ended, after, PIECE):
                    return part, page
                after = ""
        return len(_PARTS), []

    def finish(self, tx: Transaction, job: Job, prepared: tuple[int, list[Found]]) -> None:
        """Let them follow, and put the job for those after them; none is put where nothing was left."""
        part, page = prepared
        if not page:
            return
        act = Act(tx, self.deployment, machinery(job.jurisdiction, BECAUSE), self.now())
        for found in page:
            _PARTS[part][1](act, found.id)
        piece, key = int(job.payload["piece"]) + 1, str(job.payload["key"])
        payload = {"key": key, "part": part, "after": page[-1].id, "piece": piece}
        act.jobs([act.new_job(FOLLOW, f"{key}:{piece}", payload, act.at)])


def ended_in(rulebook: Rulebook) -> Ended:
    """Return the divisions that have ended by the day of these rules, and the units that existed in them."""
    places = tuple(rulebook.divisions.heirs)
    return Ended(rulebook.id, places, tuple(units_in(rulebook, rulebook.divisions, places)))


def units_in(rulebook: Rulebook, divisions: DivisionTree, places: tuple[str, ...]) -> Iterator[str]:
    """Yield the units that exist, or existed, in these divisions."""
    levels = {place: found.level for place in places if (found := divisions.get(place))}
    for unit in rulebook.units.values():
        if unit.per:
            yield from (f"{unit.id}:{place}" for place, level in levels.items() if level == unit.per)


def _follow_account(act: Act, key: str) -> None:
    """Let an account work for the unit that follows its own, and see what that sees; its sessions go on."""
    account, rulebook = act.tx.find(Account, key), act.rules()
    assert account is not None
    unit, division = follow_unit(rulebook, account.unit), rulebook.divisions.follow(account.division)
    changed = {"unit": (account.unit, unit), "division": (account.division, division)}
    changed = {name: pair for name, pair in changed.items() if pair[0] != pair[1]}
    act.tx.update(Account, {"id": key}, {name: now for name, (_, now) in changed.items()})
    told = {name: list(pair) for name, pair in changed.items()}
    act.event("account.changed", data={"login": account.login, "changed": told, "because": BECAUSE})
    if unit != account.unit:
        was, now = (unit_label(rulebook, each) for each in (account.unit, unit))
        body = f"{BECAUSE}，{account.name}的账号由{was}转到{now}，角色不变。"
        act.tell(unit, "moved", "账号随区划调整", body, key=f"followed:{key}:{unit}")


def _follow_person(act: Act, key: str) -> None:
    person, divisions = act.tx.find(Person, key), act.rules().divisions
    assert person is not None
    places = {"residence": person.residence, "registration": person.registration}
    changed = {name: (place, now) for name, place in places.items() if (now := divisions.follow(place)) != place}
    act.tx.update(Person, {"id": key}, {name: now for name, (_, now) in changed.items()})
    data = {"person": key, "changed": {name: list(pair) for name, pair in changed.items()}}
    act.event("residence.moved", data=data)


def _follow_case(act: Act, key: str) -> None:
    carry_out(act, Asked(verb="follow-division", actor=act.actor, case=key), act.case(key))


def _follow_alert(act: Act, key: str) -> None:
    alert, task = act.tx.find(Alert, key), act.tx.first(Task, about=key)
    assert alert is not None
    assert task is not None
    carry_out(act, Asked(verb="follow-alert", actor=act.actor, task=task.id), alert)


def follow_duty(act: Act, key: str) -> None:
    """Let what is owed by the unit of a division that has ended be owed by the one that follows it.

    Where that owes the same already it is not owed twice, unless it is about something else: what happened, or whom to
    visit, of one place is not what happened in the other.
    """
    owed, task = act.tx.find(DutyPeriod, key), act.tx.first(Task, about=key)
    assert owed is not None
    assert task is not None
    if owed.ended_at:  # handed in since it was looked for
        return
    same: dict[str, Any] = {"jurisdiction": owed.jurisdiction, "duty": owed.duty, "every": owed.every}
    same |= {"begins_on": owed.begins_on, "alert": owed.alert}
    unit = follow_unit(act.rules(), owed.unit)
    theirs = [row for row in act.tx.select(DutyPeriod, unit=unit, **same) if row.id != key]
    left = act.tx.first(OwedThing, period=key, status="owed") is not None
    other = not owed.alert and (left or not owed.every)
    turn = max(row.turn for row in theirs) + 1 if theirs and other else owed.turn
    payload = {"known": not other and any(row.turn == owed.turn for row in theirs), "turn": turn}
    carry_out(act, Asked(verb="follow-duty", actor=act.actor, task=task.id, payload=payload), owed)


Look = Callable[[Reader, Ended, str, int], list[Any]]
_PARTS: tuple[tuple[Look, Callable[[Act, str], None]], ...] = (
    (accounts_on, _follow_account),
    (people_on, _follow_person),
    (lambda reader, ended, after, most: cases_on(reader, ended, NOT_YET_PRINTED, after, most), _follow_case),
    (alerts_of, _follow_alert),
    (duties_on, follow_duty),
)
"""What follows, in this order: who works on it comes before the work."""
