"""Reminders, breaches, supervision, escalation; and the reconciling that looks at state."""

from dataclasses import replace
from pathlib import Path

import pytest

from actions.town import FILES, GRANTED, JURISDICTION, MEDICAL, TOWNSHIP, VILLAGE, Town, other_id
from xunfang.actions.deployment import Rulebooks
from xunfang.actions.handling import transfer
from xunfang.actions.publishing import publish
from xunfang.actions.reminding import Replanning, reconcile
from xunfang.clock import parse
from xunfang.errors import Invalid
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.model import Rulebook
from xunfang.store import Account, Job, Notice, Task, transaction
from xunfang.worktime import parse_limit

DUE = "2026-03-17T17:30:00"


def kinds(town: Town, unit: str) -> list[tuple[str, str]]:
    found = sorted(town.inbox(unit), key=lambda message: (message.at, message.kind))
    wanted = {"remind", "due", "overdue", "supervise", "escalate"}
    return [(message.kind, f"{message.at.astimezone(parse(DUE).tzinfo):%m-%d %H:%M}")
            for message in found if message.kind in wanted]  # fmt: skip


def test_each_reminder_comes_at_its_moment_and_then_the_superiors(town: Town) -> None:
    case = town.dispatched()
    town.work_until("2026-03-20T20:00:00")
    assert kinds(town, MEDICAL) == [
        ("remind", "03-16 08:30"), ("due", "03-17 08:30"), ("supervise", "03-17 17:30"), ("overdue", "03-18 08:30"),
        ("escalate", "03-20 17:30"),
    ]  # fmt: skip
    assert ("supervise", "03-17 17:30") in kinds(town, "service-centre")
    assert kinds(town, "leading-group-office") == [("escalate", "03-20 17:30")]
    town.sign()
    notice = town.first(Notice, kind="supervision-notice")
    assert (notice.status, notice.addressees, notice.case) == ("issued", (MEDICAL,), case)
    supervised = town.events("task.supervised")[0]
    assert (supervised.rule, supervised.cites) == ("feedback.escalate.1", ("BS-二(二)3-5",))


def test_a_breach_is_recorded_the_moment_it_happens_and_never_erased(town: Town) -> None:
    case = town.dispatched()
    task = town.task(case, MEDICAL)
    town.work_until(DUE)
    assert town.first(Task, id=task.id).overdue_at is None
    town.work_until("2026-03-17T17:30:01")
    assert town.first(Task, id=task.id).overdue_at == parse(DUE)
    town.later(days=1)
    done = town.complete("doctor", town.first(Task, id=task.id))
    assert (done.overdue_at, done.completed_in_time) == (parse(DUE), False)
    town.work_until("2026-03-30T00:00:00")
    assert len(town.events("task.fell_overdue", task=task.id)) == 1


def test_a_task_done_at_the_last_moment_is_in_time(town: Town) -> None:
    task = town.task(town.dispatched(), MEDICAL)
    town.at = parse(DUE)
    done = town.complete("doctor", task)
    town.work_until("2026-03-19T00:00:00")
    assert done.completed_in_time is True
    assert not town.events("task.fell_overdue", task=task.id)
    assert not [kind for kind, _ in kinds(town, MEDICAL) if kind != "due"]


def test_nothing_is_sent_for_a_task_that_has_gone(town: Town) -> None:
    task = town.task(town.dispatched(), MEDICAL)
    transfer(town.deployment, town.actor("doctor"), task.id, task.version, "housing-bureau", "实为住房问题", town.at)
    town.work_until("2026-03-18T00:00:00")
    assert kinds(town, MEDICAL) == []
    assert ("due", "03-17 08:30") in kinds(town, "housing-bureau")


def test_escalation_climbs_past_an_empty_post_and_says_so(town: Town) -> None:
    town.dispatched()
    with transaction(town.database, "") as tx:
        for login in ("centre", "leader", "duty"):
            tx.update(Account, {"login": login}, {"state": "disabled"})
    town.work_until("2026-03-17T17:30:01")
    assert ("supervise", "03-17 17:30") not in kinds(town, "service-centre")
    assert ("supervise", "03-17 17:30") in kinds(town, "leading-group-office")
    told = town.events("task.supervised")[0].told
    assert (told["to"], told["nobody_at"]) == ("leading-group-office", ["service-centre"])


def test_with_nobody_at_all_the_message_waits_where_it_was_meant(town: Town) -> None:
    town.dispatched()
    with transaction(town.database, "") as tx:
        for account in town.rows(Account):
            tx.update(Account, {"id": account.id}, {"state": "disabled"})
    town.work_until("2026-03-17T17:30:01")
    assert ("supervise", "03-17 17:30") in kinds(town, "service-centre")


def test_an_undecided_dispatch_is_supervised_too(town: Town) -> None:
    town.report()
    town.work_until("2026-03-12T18:00:00")
    assert ("due", "03-11 08:30") in kinds(town, "service-centre")
    assert ("supervise", "03-12 17:30") in kinds(town, "leading-group-office")


def test_the_case_has_a_clock_of_its_own(town: Town) -> None:
    case = town.report().case
    town.work_until("2026-04-09T00:00:00")
    about_case = [message for message in town.rows(type(town.inbox("service-centre")[0])) if not message.task]
    assert {message.kind for message in about_case if message.case == case} == {"remind", "due", "supervise"}


@pytest.mark.parametrize("at", ["2026-03-11T02:00:00", "2026-03-18T02:00:00"])
def test_reconciling_restores_what_was_lost_and_nothing_else(town: Town, at: str) -> None:
    town.dispatched()
    town.report(id_number=other_id(2))
    town.work_until(at)
    whole = {job.key for job in town.rows(Job)}
    assert reconcile(town.deployment, town.at) == 0
    lost = [job for job in town.rows(Job) if job.task and job.status == "ready"]
    assert lost
    town.database.open_connection()
    town.database.run("DELETE FROM job WHERE task <> '' AND status = 'ready'")
    town.database.peewee.close()
    assert reconcile(town.deployment, town.at) == len(lost)
    assert {job.key for job in town.rows(Job)} == whole
    assert {job.run_at for job in town.rows(Job) if job.status == "ready"} >= {job.run_at for job in lost}
    assert town.events("jobs.reconciled")[0].told == {"missing": len(lost)}
    assert reconcile(town.deployment, town.at) == 0


def test_reconciling_restores_the_clock_of_a_case(town: Town) -> None:
    town.report()
    lost = {job.key: job.run_at for job in town.rows(Job) if job.case and not job.task and job.kind == "remind"}
    assert lost
    town.database.open_connection()
    town.database.run("DELETE FROM job WHERE task = '' AND kind = 'remind'")
    town.database.peewee.close()
    assert reconcile(town.deployment, town.at) == len(lost)
    assert {job.key: job.run_at for job in town.rows(Job) if job.key in lost} == lost
    assert reconcile(town.deployment, town.at) == 0


def waiting_case(town: Town) -> str:
    """Return a case that stands in a wait of seven days."""
    rulebook = town.deployment.rulebooks.of(JURISDICTION)
    flow = rulebook.flows["clue"]
    waiting = replace(flow.states["notify"], waits=parse_limit("7 days"))
    flows = {**rulebook.flows, "clue": replace(flow, states={**flow.states, "notify": waiting})}
    town.deployment.rulebooks._books.earlier[rulebook.digest] = replace(rulebook, flows=flows)
    case = town.dispatched()
    town.complete("doctor", town.task(case, MEDICAL))
    return case


def test_nobody_ends_a_wait_before_its_time_by_what_time_brings(town: Town) -> None:
    case = waiting_case(town)
    with pytest.raises(Invalid) as refused:
        town.complete("centre", town.task(case, "service-centre", state="notify"), "done", {})
    assert "WAIT_RUNS" in [problem.code for problem in refused.value.problems]
    assert town.case(case).state == "notify"


def test_reconciling_restores_the_end_of_a_wait(town: Town) -> None:
    case = waiting_case(town)
    put = town.first(Job, kind="end-wait")
    town.database.open_connection()
    town.database.run("DELETE FROM job WHERE kind = 'end-wait'")
    town.database.peewee.close()
    assert reconcile(town.deployment, town.at) == 1
    again = town.first(Job, kind="end-wait")
    assert (again.key, again.run_at, again.payload, again.case) == (put.key, put.run_at, put.payload, case)
    assert reconcile(town.deployment, town.at) == 0


def test_reconciling_lets_a_wait_be_looked_at_that_is_over_and_was_held_up(town: Town) -> None:
    case = waiting_case(town)
    put = town.first(Job, kind="end-wait")
    with transaction(town.database, JURISDICTION) as tx:
        tx.update(Job, {"id": put.id}, {"status": "done"})
    town.later(days=9)
    town.work_until()
    assert town.case(case).state == "notify"
    assert reconcile(town.deployment, town.at) == 1
    assert reconcile(town.deployment, town.at) == 0
    town.later(days=1)
    town.work_until()
    assert town.case(case).closed_at is not None


def test_a_lost_paper_is_printed_after_all(town: Town) -> None:
    town.dispatched()
    town.database.open_connection()
    town.database.run("DELETE FROM job WHERE kind = 'issue-notice'")
    town.database.peewee.close()
    assert reconcile(town.deployment, town.at) == 1
    town.work_until()
    assert town.first(Notice).status == "issued"


def test_assisting_units_are_not_reminded(town: Town) -> None:
    case = town.dispatched(needs=["basic-living"], illness=None)
    town.work_until("2026-03-18T00:00:00")
    assert kinds(town, f"village:{VILLAGE}") == []
    town.complete("township", town.task(case, f"township:{TOWNSHIP}"), "granted", GRANTED)


def test_reminders_go_on_until_it_is_done_each_planned_when_the_one_before_was_sent(town: Town) -> None:
    case = town.dispatched()
    town.work_until("2026-04-03T12:00:00")  # escalated on 20 March; then every five workdays
    again = [at for kind, at in kinds(town, MEDICAL) if kind == "overdue"]
    assert again == ["03-18 08:30", "03-27 08:30", "04-03 08:30"]
    (following,) = [job for job in town.rows(Job, status="ready") if "feedback.repeat." in job.key]
    assert reconcile(town.deployment, town.at) == 0
    town.database.open_connection()
    town.database.run("DELETE FROM job WHERE status = 'ready'")
    town.database.peewee.close()
    assert reconcile(town.deployment, town.at) >= 1
    (restored,) = [job for job in town.rows(Job, status="ready") if "feedback.repeat." in job.key]
    assert (restored.key, restored.run_at) == (following.key, following.run_at)
    town.complete("doctor", town.task(case, MEDICAL))
    town.work_until("2026-06-01T00:00:00")
    assert [at for kind, at in kinds(town, MEDICAL) if kind == "overdue"] == again


def test_a_repeated_reminder_reaches_somebody_who_is_there(town: Town) -> None:
    town.dispatched()
    with transaction(town.database, "") as tx:
        for login in ("doctor", "colleague"):
            tx.update(Account, {"login": login}, {"state": "disabled"})
    town.work_until("2026-03-27T09:00:00")
    told = [event.data for event in town.events("task.reminded") if event.rule == "feedback.repeat.1"]
    assert [(data["to"] != MEDICAL, data["nobody_at"]) for data in told] == [(True, [MEDICAL])]


def test_days_off_published_later_reach_a_case_on_an_older_release(tmp_path: Path, rulebook: Rulebook) -> None:
    town = Town(tmp_path, rulebook)
    town.at = parse("2026-12-28T09:00:00")
    case = town.dispatched(found_at="2026-12-28T08:30:00")
    assert town.task(case, MEDICAL).due_at == parse("2027-01-05T17:30")
    year = 'year = 2027\npublished = true\n[holidays.new-year]\nname = "元旦"\ndays = [2027-01-01, 2027-01-04]\n'
    files = {**FILES, "workflows/00-national/calendars/2027.toml": year}
    books = Rulebooks(town.database, {JURISDICTION: compile_rulebook(files, JURISDICTION)})
    deployment = replace(town.deployment, rulebooks=books)
    publish(deployment, files, town.at)
    for _ in range(2):  # the second night finds nothing more to do
        reconcile(deployment, town.at)
    job = town.first(Job, kind="replan")
    with transaction(town.database, "") as tx:
        Replanning(deployment, town.now).finish(tx, job, None)
    assert town.task(case, MEDICAL).due_at == parse("2027-01-06T17:30")
    assert town.case(case).release == rulebook.digest
    assert [event.name for event in town.events() if "replanned" in event.name] == ["task.replanned", "case.replanned"]
    assert "暂定期限已核定" in {message.title for message in town.inbox(MEDICAL)}
    town.database.close()
