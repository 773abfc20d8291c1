"""Duties: opened as their period begins, reminded of, handed in, reported as nil, waived; never lost, never twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from actions.town import JURISDICTION, MEDICAL, TOWNSHIP, VILLAGE, Town
from databases import texts_in_clear
from xunfang.actions import duties as module
from xunfang.actions.duties import PIECE, begin_duties, hand_in
from xunfang.actions.handling import claim, complete, do_to_task
from xunfang.actions.reminding import reconcile
from xunfang.actions.staffing import hand_over
from xunfang.app import create_worker
from xunfang.casework import Asked, Verb, permitted
from xunfang.clock import parse
from xunfang.errors import Conflict, Invalid, NotAllowed, NotFound
from xunfang.rulebook.model import Rulebook
from xunfang.rules.duties import owed_on
from xunfang.rules.units import unit_label
from xunfang.settings import read_settings
from xunfang.store import DutyPeriod, Job, Message, Submission, Task, new_id, transaction
from xunfang.store.jobs import next_due
from xunfang.worktime import Every, WorkCalendar, YearDays, parse_limit

FEW = ("township-monthly", "insured-inpatient-bills", "return-visits", "district-monthly")
OURS = f"township:{TOWNSHIP}"
DUE = parse("2026-04-05T23:59:59")
REPORT = {"clues": 3, "resolved": 2, "unresolved": 1, "visits": 40}


@pytest.fixture
def duties(tmp_path: Path, rulebook: Rulebook) -> Iterator[Town]:
    """A county with a few duties, at the beginning of a month."""
    few = {id: rulebook.duties[id] for id in FEW}
    town = Town(tmp_path, replace(rulebook, duties=few))
    begin(town, "2026-04-01T00:00:20")
    yield town
    town.database.close()


def begin(town: Town, at: str) -> None:
    """Let the day begin: the worker puts its job and does everything that is due."""
    town.at = parse(at)
    begin_duties(town.deployment, town.at)
    town.work_until()


def owed(town: Town, duty: str, unit: str) -> DutyPeriod:
    return town.first(DutyPeriod, duty=duty, unit=unit)


def task_of(town: Town, duty: str, unit: str) -> Task:
    return town.first(Task, about=owed(town, duty, unit).id)


def do(town: Town, verb: str, by: str, task: Task, **told: str) -> None:
    do_to_task(
        town.deployment, Asked(verb=verb, actor=town.actor(by), task=task.id, version=task.version, **told), town.at
    )


def can(town: Town, by: str, task: Task) -> set[str]:
    found: tuple[Verb, ...] = permitted(town.rulebook, town.actor(by), task)
    return {verb.id for verb in found}


def test_each_unit_gets_its_own_for_the_period_that_begins(duties: Town) -> None:
    found = duties.rows(DutyPeriod)
    assert {(row.duty, row.every, row.begins_on) for row in found} == {
        ("township-monthly", "month", date(2026, 4, 1)),
        ("insured-inpatient-bills", "month", date(2026, 4, 1)),
    }
    assert len(found) == 11
    task = task_of(duties, "township-monthly", OURS)
    assert (task.case, task.subject, task.state, task.unit) == ("", "duty", "township-monthly", OURS)
    assert (task.due_at, task.release, task.residence) == (DUE, duties.rulebook.digest, TOWNSHIP)
    assert task.cites == duties.rulebook.duties["township-monthly"].basis.cites
    assert task.due is not None
    assert "5日" in task.due["limit"]
    opened = duties.events("duty.opened", task=task.id)
    assert [event.actor_name for event in opened] == ["系统"]
    assert (
        duties.inbox(OURS, "task")[0].body == "定期任务“困难线索办理落实情况月报”（2026年3月）应于4月5日 23:59前报送。"
    )


def test_what_depends_on_a_sample_or_returns_is_not_opened(duties: Town) -> None:
    assert not {"return-visits", "district-monthly"} & {row.duty for row in duties.rows(DutyPeriod)}


def test_a_second_day_and_a_second_worker_open_nothing_twice(duties: Town) -> None:
    before = duties.rows(DutyPeriod)
    begin(duties, "2026-04-02T00:00:20")
    assert duties.rows(DutyPeriod) == before
    assert len([job for job in duties.rows(Job) if job.kind == "open-duties"]) == 2


def test_many_are_opened_in_pieces_each_a_transaction(tmp_path: Path, rulebook: Rulebook) -> None:
    town = Town(tmp_path, replace(rulebook, duties={"contact-roster": rulebook.duties["contact-roster"]}))
    begin_duties(town.deployment, town.at)
    units = len(list(owed_on(town.rulebook, town.at.date())))
    assert units > 10 * PIECE
    town.worker.run_next()
    assert len(town.rows(DutyPeriod)) == PIECE
    town.worker.run_next()
    assert len(town.rows(DutyPeriod)) == 2 * PIECE
    assert next_due(town.database, town.at) is not None
    assert [message.unit for message in town.rows(Message)] in ([], [f"village:{VILLAGE}"])  # nobody else is there
    town.database.close()


def test_whoever_is_new_is_not_late_but_a_machine_that_stood_still_loses_nothing(
    tmp_path: Path, rulebook: Rulebook
) -> None:
    monthly = rulebook.duties["township-monthly"]
    town = Town(tmp_path, replace(rulebook, duties={monthly.id: monthly}))
    begin(town, "2026-03-10T14:00:00")
    assert town.rows(DutyPeriod) == []  # due on the 5th, before there was anything here
    begin(town, "2026-04-01T08:00:00")
    begin(town, "2026-05-20T08:00:00")  # off over the 5th of May
    assert {row.begins_on for row in town.rows(DutyPeriod, unit=OURS)} == {date(2026, 4, 1), date(2026, 5, 1)}
    assert all(task.overdue_at for task in town.rows(Task, unit=OURS))
    town.database.close()


def test_it_is_claimed_and_handed_in_on_the_form_of_its_duty(duties: Town) -> None:
    task = task_of(duties, "township-monthly", OURS)
    claim(duties.deployment, duties.actor("township"), task.id, task.version, duties.at)
    form, key = duties.rulebook.forms["monthly-report"], new_id()
    with pytest.raises(Invalid) as refused:
        hand_in(duties.deployment, duties.actor("township"), task.id, 2, {}, "", new_id(), duties.at)
    assert {problem.field for problem in refused.value.problems} <= set(form.fields)
    answers = filled(duties.rulebook, "monthly-report")
    for _ in range(2):  # the same send again does nothing
        hand_in(duties.deployment, duties.actor("township"), task.id, 2, answers, "", key, duties.at)
    row, done = owed(duties, "township-monthly", OURS), duties.first(Task, id=task.id)
    assert (row.status, row.answers, row.ended_at) == ("reported", key, duties.at)
    assert (done.status, done.outcome, done.completed_in_time) == ("done", "reported", True)
    assert duties.first(Submission, id=key).form == "monthly-report"
    (event,) = duties.events("duty.reported")
    assert event.told["in_time"] is True
    assert not [job for job in duties.rows(Job, task=task.id) if job.status == "ready"]


def filled(rulebook: Rulebook, form: str) -> dict[str, object]:
    """Return answers that fill the fields a form demands, as plain as can be."""
    plain = {"integer": 1, "number": 1, "boolean": True}
    fields = [field for field in rulebook.forms[form].fields.values() if field.required]
    return {field.name: "2026-03" if "pattern" in field.schema else plain.get(field.kind, "无") for field in fields}


def test_what_has_no_form_is_handed_in_in_words_that_lie_sealed(duties: Town) -> None:
    task = task_of(duties, "insured-inpatient-bills", MEDICAL)
    with pytest.raises(Invalid):
        hand_in(duties.deployment, duties.actor("doctor"), task.id, 1, {}, "  ", new_id(), duties.at)
    told = "名单共12人，已另送纸质件"
    hand_in(duties.deployment, duties.actor("doctor"), task.id, 1, {}, told, new_id(), duties.at)
    (event,) = duties.events("duty.reported")
    assert (event.told["reason"], "reason" in event.data) == (told, False)
    assert told not in "\n".join(texts_in_clear(duties.database))
    assert duties.rows(Submission) == []


def test_nothing_to_report_is_said_where_the_duty_allows_it(duties: Town) -> None:
    task = task_of(duties, "insured-inpatient-bills", MEDICAL)
    do(duties, "report-nil", "doctor", task)
    assert owed(duties, "insured-inpatient-bills", MEDICAL).status == "nil"
    strict = replace(duties.rulebook.duties["insured-inpatient-bills"], zero_report=False)
    stricter = replace(duties.rulebook, duties={strict.id: strict})
    offered = permitted(stricter, duties.actor("doctor"), task)
    assert "report-nil" not in {verb.id for verb in offered}


def test_only_the_receiver_or_who_directs_there_waives_it_and_never_for_themselves(duties: Town) -> None:
    task = task_of(duties, "township-monthly", OURS)
    for nobody in ("township", "sibling", "doctor", "village"):
        assert "waive" not in can(duties, nobody, task)
    assert "waive" in can(duties, "leader", task)
    assert "waive" in can(duties, "centre", task)  # it is reported to the service centre
    assert "waive" in can(duties, "supervisor", task)
    with pytest.raises(NotAllowed):
        do(duties, "waive", "township", task, reason="太忙")
    do(duties, "waive", "leader", task, reason="本月并入专项行动报送")
    assert owed(duties, "township-monthly", OURS).status == "waived"
    assert [message.title for message in duties.inbox(OURS, "withdrawn")] == ["定期任务已免报"]
    with pytest.raises(Conflict):
        do(duties, "report-nil", "township", task)


def test_nobody_out_of_sight_reaches_it_and_no_verb_of_cases_is_for_it(duties: Town) -> None:
    task = task_of(duties, "township-monthly", OURS)
    for stranger in ("sibling", "doctor"):
        with pytest.raises(NotFound):
            do(duties, "report-nil", stranger, task)
    for verb in ("return", "transfer", "suspend", "consult", "ask-extension"):
        told = {"unit": "service-centre"} if verb in ("transfer", "consult") else {}
        with pytest.raises((Conflict, NotAllowed)) as refused:
            do(duties, verb, "township", task, reason="试一试", **told)
        assert refused.value.code == "NOT_NOW"
    with pytest.raises(Conflict):
        complete(duties.deployment, duties.actor("township"), task.id, 1, "granted", {}, new_id(), duties.at)
    assert can(duties, "township", task) == {"claim", "hand-in", "report-nil", "note-duty"}


def test_reminders_come_before_it_is_due_and_again_and_the_breach_stays(duties: Town) -> None:
    task = task_of(duties, "township-monthly", OURS)
    duties.work_until("2026-04-20T12:00:00")
    kinds = [message.kind for message in sorted(duties.inbox(OURS), key=lambda message: message.at)]
    assert kinds == ["task", "remind", "due", "overdue", "overdue"]
    late = duties.first(Task, id=task.id)
    assert late.overdue_at == DUE
    do(duties, "report-nil", "township", late)
    assert owed(duties, "township-monthly", OURS).status == "nil"
    done = duties.first(Task, id=task.id)
    assert (done.overdue_at, done.completed_in_time) == (DUE, False)
    duties.work_until("2026-05-20T12:00:00")
    assert len(duties.inbox(OURS, "overdue")) == 2


def test_a_unit_without_anybody_floods_no_inbox_above_it(duties: Town) -> None:
    duties.work_until("2026-04-20T12:00:00")
    empty = "township:370304106"
    assert task_of(duties, "township-monthly", empty).overdue_at == DUE
    assert duties.inbox(empty) == []
    about = {message.task for message in duties.rows(Message) if message.kind in ("remind", "due", "overdue")}
    staffed = {OURS, f"township:{370304103}", MEDICAL, "service-centre"}  # that sums up what has come in by then
    assert {duties.first(Task, id=task).unit for task in about} == staffed


def test_reconciling_gives_back_its_reminders_when_they_are_lost(duties: Town) -> None:
    assert reconcile(duties.deployment, duties.at) == 0
    task = task_of(duties, "township-monthly", OURS)
    lost = {job.key for job in duties.rows(Job, task=task.id, status="ready")}
    duties.database.open_connection()
    with transaction(duties.database, "") as tx:
        tx.delete(Job, task=task.id)
    duties.database.peewee.close()
    assert reconcile(duties.deployment, duties.at) == len(lost) > 0
    assert {job.key for job in duties.rows(Job, task=task.id)} == lost


def test_urged_noted_and_handed_over_like_any_other_work(duties: Town) -> None:
    task = task_of(duties, "insured-inpatient-bills", MEDICAL)
    do(duties, "urge", "leader", task)
    do(duties, "note-duty", "doctor", task, reason="等医院回传名单")
    claim(duties.deployment, duties.actor("doctor"), task.id, task.version, duties.at)
    moved = hand_over(duties.deployment, duties.actor("admin"), "account-doctor", "account-colleague", duties.at)
    assert moved == 1
    assert duties.first(Task, id=task.id).claimed_by == "account-colleague"
    names = [event.name for event in duties.events(task=task.id)]
    assert names == ["duty.opened", "task.urged", "duty.noted", "task.claimed", "task.handed_over"]
    assert "定期任务" in duties.inbox(MEDICAL, "urge")[0].body
    assert all(event.case == "" for event in duties.events(task=task.id))


def test_a_later_release_leaves_it_on_the_one_it_was_opened_by(duties: Town) -> None:
    task, digest = task_of(duties, "township-monthly", OURS), duties.rulebook.digest
    assert {row.release for row in duties.rows(DutyPeriod)} == {digest}
    gone = replace(duties.rulebook, digest="0" * 64, duties={})
    duties.deployment.rulebooks.current[JURISDICTION] = gone
    do(duties, "report-nil", "township", task)
    assert owed(duties, "township-monthly", OURS).status == "nil"


def test_a_piece_that_breaks_off_leaves_nothing_behind_and_is_opened_whole_later(
    tmp_path: Path, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monthly = rulebook.duties["township-monthly"]
    town, calls, whole = Town(tmp_path, replace(rulebook, duties={monthly.id: monthly})), iter(range(100)), module.store

    def breaks_once(*given: Any) -> None:
        whole(*given)
        if next(calls) == 0:
            raise OSError("the disk is gone for a moment")

    monkeypatch.setattr(module, "store", breaks_once)
    town.at = parse("2026-04-01T00:00:20")
    begin_duties(town.deployment, town.at)
    town.worker.run_next()
    assert (town.rows(DutyPeriod), town.rows(Task), town.events("duty.opened")) == ([], [], [])
    town.work_until(town.at + timedelta(minutes=5))
    assert len({row.unit for row in town.rows(DutyPeriod)}) == len(town.rows(DutyPeriod)) == 10
    town.database.close()


def test_the_worker_of_a_deployment_begins_them_each_day_by_itself(tmp_path: Path, rulebook: Rulebook) -> None:
    monthly = rulebook.duties["township-monthly"]
    town = Town(tmp_path, replace(rulebook, duties={monthly.id: monthly}))
    worker = create_worker(town.deployment, read_settings(Path(__file__).parents[2] / "config.toml"), town.now)
    found = []
    for day in ("2026-03-31T23:59:50", "2026-04-01T00:00:20", "2026-04-01T09:00:00"):
        town.at = parse(day)
        worker.sweep()
        found.append(len(town.rows(DutyPeriod)))
    assert found == [0, 10, 10]
    town.database.close()


def test_what_collects_returns_is_opened_as_soon_as_the_last_is_in(duties: Town) -> None:
    returns = [row for row in duties.rows(DutyPeriod, duty="township-monthly") if row.unit != OURS]
    for row in returns:  # nine of ten
        do(duties, "waive", "leader", duties.first(Task, about=row.id), reason="并入专项行动报送")
    duties.work_until()
    assert duties.rows(DutyPeriod, duty="district-monthly") == []
    do(duties, "report-nil", "township", task_of(duties, "township-monthly", OURS))
    duties.work_until()
    (summary,) = duties.rows(DutyPeriod, duty="district-monthly")
    assert (summary.unit, summary.to, summary.every, summary.begins_on) == (
        "service-centre",
        ("leading-group-office",),
        "month",
        date(2026, 4, 1),
    )
    assert duties.first(Task, about=summary.id).due_at == parse("2026-04-10T23:59:59")
    begin(duties, "2026-04-07T00:00:20")
    assert len(duties.rows(DutyPeriod, duty="district-monthly")) == 1


def test_what_collects_returns_is_opened_when_their_time_is_up_however_many_are_missing(duties: Town) -> None:
    begin(duties, "2026-04-05T08:00:00")  # due at the end of this day
    assert duties.rows(DutyPeriod, duty="district-monthly") == []
    begin(duties, "2026-04-06T00:00:20")
    assert len(duties.rows(DutyPeriod, duty="district-monthly")) == 1
    do(duties, "report-nil", "township", task_of(duties, "township-monthly", OURS))
    duties.work_until()
    assert len(duties.rows(DutyPeriod, duty="district-monthly")) == 1


@pytest.mark.parametrize(
    ("due", "waits", "opens", "due_at"),
    [
        (None, "2026-04-29T23:00:00", "2026-04-30T00:00:20", "2026-04-30T23:59:59"),
        ("by day 5 of next month", "2026-04-30T23:00:00", "2026-05-01T00:00:20", "2026-05-06T23:59:59"),
    ],
)
def test_what_collects_returns_of_the_last_day_is_owed_in_time_with_the_missing_named(
    tmp_path: Path, rulebook: Rulebook, due: str | None, waits: str, opens: str, due_at: str
) -> None:
    returns = replace(rulebook.duties["township-monthly"], due=None)
    summary = replace(rulebook.duties["district-monthly"], due=parse_limit(due) if due else None)
    town = Town(tmp_path, replace(rulebook, duties={returns.id: returns, summary.id: summary}))
    begin(town, "2026-04-01T00:00:20")
    for row in town.rows(DutyPeriod):
        if row.unit != OURS:
            do(town, "waive", "leader", town.first(Task, about=row.id), reason="并入专项行动报送")
    begin(town, waits)
    assert town.rows(DutyPeriod, duty=summary.id) == []
    begin(town, opens)
    (collected,) = town.rows(DutyPeriod, duty=summary.id)
    assert collected.begins_on == date(2026, 4, 1)
    task = town.first(Task, about=collected.id)
    assert task.due_at == parse(due_at)
    (opened,) = town.events("duty.opened", task=task.id)
    assert opened.told["lacking"] == [OURS]
    (told,) = town.inbox("service-centre", "task")
    assert told.body.endswith(f"尚未报来：{unit_label(town.rulebook, OURS)}。")
    begin(town, "2026-05-02T00:00:20")
    assert [row.begins_on for row in town.rows(DutyPeriod, duty=summary.id)] == [date(2026, 4, 1)]
    town.database.close()


def test_at_its_time_of_day_it_is_late_and_what_collects_it_begins(tmp_path: Path, rulebook: Rulebook) -> None:
    daily = replace(rulebook.duties["township-monthly"], every=Every.DAY, due=None, by=time(17))
    summary = replace(rulebook.duties["district-monthly"], every=Every.DAY, due=None, by=time(20))
    town = Town(tmp_path, replace(rulebook, duties={daily.id: daily, summary.id: summary}))
    begin(town, "2026-04-01T00:00:20")
    assert {task.due_at for task in town.rows(Task)} == {parse("2026-04-01T17:00:00")}
    town.work_until("2026-04-01T16:30:00")
    assert [message.kind for message in sorted(town.inbox(OURS), key=lambda each: each.at)] == ["task", "due", "remind"]
    assert town.rows(DutyPeriod, duty=summary.id) == []
    town.work_until("2026-04-01T17:05:00")
    assert task_of(town, daily.id, OURS).overdue_at == parse("2026-04-01T17:00:00")
    (collected,) = town.rows(DutyPeriod, duty=summary.id)
    assert town.first(Task, about=collected.id).due_at == parse("2026-04-01T20:00:00")
    do(town, "report-nil", "township", task_of(town, daily.id, OURS))
    assert owed(town, daily.id, OURS).status == "nil"
    assert task_of(town, daily.id, OURS).completed_in_time is False
    town.database.close()


def test_a_calendar_published_later_moves_a_provisional_due_day_and_tells_it(
    tmp_path: Path, rulebook: Rulebook
) -> None:
    later = replace(rulebook.duties["publicity"], every=Every.MONTH, due=None, on_holiday="previous")
    town = Town(tmp_path, replace(rulebook, duties={later.id: later}))
    begin(town, "2027-10-01T00:00:20")  # the last of October 2027 is a Sunday
    task = town.first(Task, unit=OURS)
    assert task.due is not None
    assert (task.due["provisional"], task.due_at) == (True, parse("2027-10-29T23:59:59"))
    assert reconcile(town.deployment, town.at) == 0  # nothing is known of 2027 yet
    days = YearDays(2027, published=True, workdays={date(2027, 10, 31): "国庆节调休补班"})
    known = replace(town.deployment.rulebooks.of(JURISDICTION), calendar=WorkCalendar({2027: days}))
    town.deployment.rulebooks.current[JURISDICTION] = known
    assert reconcile(town.deployment, town.at) > 0
    town.work_until()
    moved = town.first(Task, id=task.id)
    assert moved.due is not None
    assert (moved.due["provisional"], moved.due_at) == (False, parse("2027-10-31T23:59:59"))
    (event,) = town.events("task.replanned", task=task.id)
    assert event.data["now_due"] == "2027-10-31T23:59:59+08:00"
    (told,) = town.inbox(OURS, "replanned")
    assert "由2027年10月29日 23:59调整为2027年10月31日 23:59" in told.body
    waiting = [job for job in town.rows(Job, task=task.id) if job.status == "ready"]
    assert {job.payload["due"] for job in waiting} == {"2027-10-31T23:59:59+08:00"}
    assert reconcile(town.deployment, town.at) == 0
    town.database.close()
