"""A clock that leapt does nothing that cannot be undone; once it is right again everything goes on by itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from actions.town import MEDICAL, START, Town
from xunfang import clock
from xunfang.actions.auditing import note_refusal
from xunfang.actions.deployment import Rulebooks
from xunfang.actions.handling import claim
from xunfang.actions.jobs import JOBS, handlers
from xunfang.actions.operating import clock_doubt, keep_house, lasting, trust_clock, vouch_for_clock
from xunfang.actions.reading import attach, reveal
from xunfang.actions.reminding import Reminding
from xunfang.actions.signing import sign_several
from xunfang.actions.signing_in import sign_in, token_hash
from xunfang.actions.timekeeping import sure_moment
from xunfang.clock import Uptime
from xunfang.errors import ClockDoubtful, Conflict, NotAllowed
from xunfang.store import Event, Heartbeat, Notice, Session, Task, connection, live_session
from xunfang.worker import Worker

LEAP = timedelta(days=60)


class Machine:
    """A server: time passes, its clock may be set wrong, it may be started anew."""

    def __init__(self, town: Town) -> None:
        self.town, self.boot, self.begun, self.off = town, "boot-1", town.at - timedelta(hours=5), timedelta()
        self.true = town.at
        town.deployment = replace(town.deployment, uptime=self.uptime)
        self.start()

    def uptime(self) -> Uptime:
        return Uptime(self.boot, self.true - self.begun)

    def now(self) -> datetime:
        return self.true + self.off

    def sure(self) -> datetime:
        return sure_moment(self.town.database, self.now, self.uptime)

    def start(self) -> None:
        made = self.town.deployment
        parts = handlers(made, self.town.press, self.sure)
        self.worker = Worker(self.town.database, parts, self.now, uptime=self.uptime)

    def restart(self, **after: float) -> None:
        """Start the worker anew; with a time, the whole machine, which was off for so long."""
        if after:
            self.true += timedelta(**after)
            self.boot, self.begun = f"{self.boot}x", self.true
        self.start()

    def passes(self, **time: float) -> int:
        self.true += timedelta(**time)
        self.town.at = self.now()
        return self.worker.sweep()

    def note(self) -> str:
        return self.town.first(Heartbeat, name="worker").note


@pytest.fixture
def machine(town: Town) -> Machine:
    machine = Machine(town)
    machine.passes(seconds=15)
    return machine


def _harm(town: Town) -> dict[str, int]:
    names = ("task.fell_overdue", "task.reminded", "task.supervised", "task.escalated", "notice.numbered")
    return {name: found for name in names if (found := len(town.events(name)))}


def test_a_leap_of_sixty_days_does_nothing_and_ends_by_itself(machine: Machine) -> None:
    town = machine.town
    task = town.claim("doctor", town.task(town.dispatched(), MEDICAL))
    town.complete("doctor", task)
    open_case = town.dispatched(id_number=None, name="另一人")
    machine.passes(seconds=15)
    before, events = _harm(town), len(town.rows(Event))
    machine.off = LEAP
    for _ in range(3):
        assert machine.passes(seconds=13) == 0
        assert "突然走快约60天" in machine.note()
        assert "xunfang admin clock" in machine.note()
        machine.restart()
    assert (_harm(town), len(town.rows(Event))) == (before, events)
    assert all(task.overdue_at is None for task in town.rows(Task, case=open_case))
    machine.off = timedelta()
    machine.passes(seconds=15)
    assert machine.note() == ""
    assert not clock_doubt(town.deployment, machine.now())
    machine.passes(days=20)
    assert _harm(town)["task.fell_overdue"] >= 1
    assert _harm(town)["task.reminded"] > before.get("task.reminded", 0)


def test_a_leap_in_the_middle_of_a_sweep_ends_it_and_fails_no_job(machine: Machine) -> None:
    town = machine.town
    town.dispatched()
    machine.true += timedelta(days=20)
    passed = machine.sure

    class Leaping(Reminding):
        brief = False

        def prepare(self, job: object) -> None:
            machine.off = LEAP

    machine.worker._turns._handlers = {kind: Leaping(town.deployment, passed) for kind in JOBS}  # type: ignore[assignment]
    before = _harm(town)
    assert machine.worker.sweep() == 0
    assert _harm(town) == before
    machine.off = timedelta()
    machine.start()
    machine.passes(seconds=15)
    assert _harm(town) != before
    with connection(town.database) as reader:
        from xunfang.store import Job

        assert all(job.attempts <= 1 and job.status != "parked" for job in reader.select(Job))


@pytest.mark.parametrize("off", [LEAP, timedelta(hours=2), timedelta(hours=-2)])
def test_no_act_of_a_person_is_dated_by_a_doubtful_clock(machine: Machine, off: timedelta) -> None:
    town = machine.town
    case = town.dispatched()
    task, paper = town.task(case, MEDICAL), town.first(Notice, case=case)
    machine.off = off
    town.at = machine.now()
    before, told = len(town.rows(Event)), [(paper.id, paper.version)]
    for act in (
        lambda: town.report(name="又一人", id_number=None),
        lambda: claim(town.deployment, town.actor("doctor"), task.id, task.version, town.at),
        lambda: town.complete("doctor", task),
        lambda: attach(town.deployment, town.actor("doctor"), "一.jpg", "image/jpeg", b"photo", town.at),
        lambda: sign_several(town.deployment, town.actor("leader"), "sign-off", told, "", town.at),
    ):
        with pytest.raises(ClockDoubtful, match="时钟"):
            act()
    assert len(town.rows(Event)) == before
    reveal(town.deployment, town.actor("doctor"), case, "phone", "电话核实入户时间", town.at)
    machine.off = timedelta()
    town.at = machine.now()
    assert claim(town.deployment, town.actor("doctor"), task.id, task.version, town.at) is None


def test_a_clock_set_right_goes_on_when_somebody_vouches(machine: Machine) -> None:
    town = machine.town
    machine.off = timedelta(hours=3)  # it was three hours late since the start of the machine
    assert machine.passes(seconds=15) == 0
    now, operator = machine.now(), town.actor("operator")
    with pytest.raises(NotAllowed):
        vouch_for_clock(town.deployment, town.actor("admin"), now, now)
    with pytest.raises(Conflict, match="又变了"):
        vouch_for_clock(town.deployment, operator, now - timedelta(hours=3), now)
    books = Rulebooks(town.database, town.deployment.rulebooks.current, serves=("another",))
    with pytest.raises(Conflict, match="几个辖区合用") as of_all:
        vouch_for_clock(replace(town.deployment, rulebooks=books), operator, now, now)
    assert of_all.value.code == "CLOCK_OF_ALL"
    vouch_for_clock(town.deployment, operator, now, now)
    assert [event.actor for event in town.events("clock.trusted")] == ["account-operator"]
    machine.passes(seconds=15)
    assert machine.note() == ""
    town.dispatched()


def test_a_clock_vouched_for_wrongly_is_set_right_from_the_console(machine: Machine) -> None:
    town = machine.town
    machine.off = LEAP
    trust_clock(town.deployment, machine.now())
    machine.passes(seconds=15)
    machine.off = timedelta()
    assert machine.passes(seconds=15) == 0
    assert "倒退" in machine.note()
    trust_clock(town.deployment, machine.now())
    machine.passes(seconds=15)
    assert machine.note() == ""


@pytest.mark.parametrize(("hours", "told"), [(1, ""), (20, ""), (30, "停了很久"), (24 * 60, "停了很久")])
def test_a_machine_that_was_off_for_long_is_asked_about(machine: Machine, hours: float, told: str) -> None:
    machine.restart(hours=hours)
    machine.passes(seconds=1)
    assert told in machine.note()
    assert bool(machine.note()) == bool(told)
    if told:
        trust_clock(machine.town.deployment, machine.now())
        machine.passes(seconds=1)
        assert machine.note() == ""


def test_a_machine_that_runs_on_while_the_worker_rests_is_not(machine: Machine) -> None:
    machine.true += timedelta(days=9)
    machine.restart()
    machine.passes(seconds=1)
    assert machine.note() == ""


def test_small_steps_are_no_leap(machine: Machine) -> None:
    for step in (30, 240, -240, 299):
        machine.off += timedelta(seconds=step)
        machine.passes(seconds=15)
        assert machine.note() == ""


def test_a_session_from_the_leap_ends_with_it_and_one_that_ended_never_comes_back(machine: Machine) -> None:
    from actions.test_signing_in import NEW, PASSWORD
    from xunfang.actions.accounts import create_account

    town = machine.town
    account = create_account(town.deployment, town.actor("admin"), NEW, machine.now())

    def lives(token: str) -> bool:
        with connection(town.database) as reader:
            found = live_session(reader, token_hash(token), machine.now(), lasting(town.deployment))
        return found is not None

    before = sign_in(town.deployment, "zhang.min", PASSWORD, machine.now())
    machine.off = LEAP
    leapt = sign_in(town.deployment, "zhang.min", PASSWORD, machine.now())
    assert lives(leapt)
    assert not lives(before)
    machine.off = timedelta()
    assert not lives(leapt)
    assert lives(before)
    machine.true += timedelta(minutes=31)
    keep_house(town.deployment, machine.now())
    assert not lives(before)
    machine.off = timedelta(hours=-10)
    assert not lives(before), "a clock set back brings nothing to life"
    machine.off, machine.true = timedelta(), machine.true + LEAP
    assert not lives(leapt), "nor does the moment from which it came"
    assert all(session.ended_at for session in town.rows(Session, account=account))


def test_the_machine_says_how_long_it_runs() -> None:
    first, second = clock.uptime(), clock.uptime()
    assert first.boot == second.boot
    assert timedelta() < first.passed <= second.passed


def test_no_paper_is_numbered_by_the_year_of_a_leap(machine: Machine) -> None:
    town = machine.town
    task = town.claim("doctor", town.task(town.dispatched(), MEDICAL))
    town.complete("doctor", task)
    town.work_until()
    told = [(paper.id, paper.version) for paper in town.papers_waiting()]
    sign_several(town.deployment, town.actor("leader"), "sign-off", told, "", town.at)
    signed = town.rows(Notice, status="signed")
    assert signed
    machine.off = timedelta(days=400)
    machine.passes(seconds=15)
    assert town.rows(Notice, status="signed") == signed
    machine.off = timedelta()
    machine.passes(seconds=15)
    numbered = [notice for notice in town.rows(Notice) if notice.n]
    assert {notice.year for notice in numbered} <= {START.year}
    assert all(notice.status == "issued" for notice in town.rows(Notice))
    assert machine.now() < datetime(2027, 1, 1, tzinfo=UTC)


def test_what_a_leap_noted_of_days_to_come_holds_nothing_up(machine: Machine) -> None:
    town = machine.town
    clerk, rules = town.actor("doctor"), town.deployment.access
    machine.off = LEAP
    note_refusal(town.deployment, clerk, "accounts.index", machine.now())
    machine.off = timedelta()
    for _ in range(2):
        note_refusal(town.deployment, clerk, "accounts.index", machine.now())
    assert len(town.events("access.refused")) == 2, "one in the leap, one on the real day"
    assert rules.expired(machine.now() + LEAP, machine.now()), "nobody knows how old this password is"
    assert not rules.expired(machine.now(), machine.now())
    assert not replace(rules, password_days=0).expired(machine.now() + LEAP, machine.now())
