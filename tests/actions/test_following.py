"""On the day divisions change what is open follows, piece by piece; nothing is lost, doubled or due at another time."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from actions.town import FILES, JURISDICTION, MEDICAL, START, TOLD, VILLAGE, Town, other_id
from cold import COLD, in_the_cold
from merged import NEW, ONE, OTHER, Change, after, changed, handing_on, merging, renaming, splitting
from xunfang.actions import following as module
from xunfang.actions.alerts import close, declare, watch_alerts
from xunfang.actions.deployment import Rulebooks
from xunfang.actions.duties import begin_duties, note_happening
from xunfang.actions.following import follow_divisions
from xunfang.actions.handling import do_to_task
from xunfang.actions.jobs import handlers
from xunfang.actions.publishing import publish
from xunfang.actions.reminding import reconcile
from xunfang.casework import Asked
from xunfang.clock import local_date, parse
from xunfang.desk import Readings
from xunfang.errors import Invalid
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.model import Rulebook
from xunfang.rules.units import unit_label
from xunfang.store import (
    Account,
    Alert,
    Clue,
    Dispatch,
    DutyPeriod,
    Event,
    Job,
    Message,
    Notice,
    Person,
    ScopedReader,
    Task,
    connection,
    new_id,
    transaction,
)
from xunfang.worker import Worker
from xunfang.worktime import Every

EVE, MORNING = parse("2026-03-31T10:00:00"), parse("2026-04-01T00:00:20")
HERE, THERE, THEN = f"township:{ONE}", f"township:{OTHER}", f"township:{NEW}"
DUTY = "township-monthly"


def rules(change: Change) -> Rulebook:
    found = compile_rulebook(changed(FILES, change), JURISDICTION)
    return replace(found, duties={DUTY: found.duties[DUTY]})


class Changing(Town):
    """A county whose divisions change; its rulebooks go by the clock of the town."""

    def __init__(self, folder: Path, rulebook: Rulebook) -> None:
        super().__init__(folder, rulebook)
        self.go_by(rulebook)
        self.at = EVE

    def go_by(self, rulebook: Rulebook) -> None:
        books = Rulebooks(self.database, {JURISDICTION: rulebook}, today=lambda: local_date(self.at))
        self.deployment = replace(self.deployment, rulebooks=books)
        self.worker = Worker(self.database, handlers(self.deployment, self.press, self.now), self.now)

    def dawn(self, at: str = "2026-04-01T00:00:20") -> None:
        """Let the day of the change begin, or another one after it."""
        self.work_until(at)
        follow_divisions(self.deployment, self.at)
        self.work_until()

    def open_tasks(self, case: str) -> dict[str, Task]:
        return {task.id: task for task in self.rows(Task, case=case, ended_at=None)}

    def sees(self, login: str, case: str) -> bool:
        with connection(self.database) as reader:
            return ScopedReader(reader, self.actor(login).scope).sees_case(case)

    def changes(self, name: str, **where: str) -> list[dict[str, list[str]]]:
        return [event.told["changed"] for event in self.events(name, **where)]


Made = Callable[[Change], Changing]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    towns: list[Changing] = []

    def make(change: Change) -> Changing:
        towns.append(Changing(tmp_path, rules(change)))
        return towns[-1]

    yield make
    for town in towns:
        town.database.close()


@pytest.fixture
def merged(made: Made) -> Changing:
    return made(merging)


def test_what_is_open_goes_on_at_the_successor_and_is_due_as_before(merged: Changing) -> None:
    case = merged.dispatched()
    before = merged.open_tasks(case)
    assert HERE in {task.unit for task in before.values()}
    clock = merged.case(case).due_at, merged.case(case).due
    merged.dawn()
    moved, now = merged.case(case), merged.open_tasks(case)
    assert (moved.residence, moved.registration) == (after(VILLAGE), after(VILLAGE))
    assert (moved.due_at, moved.due) == clock
    assert now.keys() == before.keys()
    for key, task in now.items():
        was = before[key]
        assert task.unit == was.unit.replace(ONE, NEW)
        assert (task.due_at, task.due, task.residence) == (was.due_at, was.due, after(VILLAGE))
    assert merged.changes("task.division_changed", case=case) == [{"unit": [HERE, THEN]}]
    assert merged.changes("case.division_changed", case=case)[0]["residence"] == [VILLAGE, after(VILLAGE)]
    told = merged.rows(Message, case=case, kind="moved")
    assert {message.unit for message in told} == {HERE, THEN}
    body = told[0].body
    assert body.index("由域城镇") < body.index("转由域塔镇") < body.index("期限不变")


def test_accounts_people_and_their_sight_follow(merged: Changing) -> None:
    case = merged.dispatched()
    person = merged.case(case).person
    merged.dawn()
    account = merged.first(Account, login="township")
    assert (account.unit, account.division) == (THEN, NEW)
    assert merged.first(Account, login="sibling").unit == THEN
    assert merged.first(Account, login="village").unit == f"village:{after(VILLAGE)}"
    assert merged.first(Account, login="doctor").unit == MEDICAL
    assert merged.first(Person, id=person).residence == after(VILLAGE)
    assert [merged.sees(login, case) for login in ("township", "sibling", "village")] == [True] * 3
    assert {"unit": [HERE, THEN], "division": [ONE, NEW]} in merged.changes("account.changed")


def test_what_was_closed_keeps_its_place_and_stays_in_sight_of_whoever_follows(merged: Changing) -> None:
    merged.at = START
    case = merged.dispatched()
    merged.complete("doctor", merged.task(case, MEDICAL))
    merged.complete("centre", merged.first(Task, case=case, ended_at=None, state="notify"), "done", TOLD)
    assert merged.case(case).closed_at is not None
    assert not merged.sees("sibling", case)
    merged.dawn()
    assert merged.case(case).residence == VILLAGE
    assert [merged.sees(login, case) for login in ("township", "sibling", "village")] == [True] * 3
    clue = merged.first(Clue, case=case)
    assert clue.unit == f"village:{VILLAGE}"
    assert Readings(merged.deployment).receipt(merged.actor("village"), clue.submission).number


def test_nobody_sees_more_before_the_day(merged: Changing) -> None:
    case = merged.dispatched()
    merged.work_until("2026-03-31T23:59:59")
    follow_divisions(merged.deployment, merged.at)
    merged.work_until()
    assert merged.case(case).residence == VILLAGE
    assert not merged.sees("sibling", case)
    assert merged.events("task.division_changed") == []


def test_the_nightly_reconciler_finds_nothing_amiss(merged: Changing) -> None:
    case = merged.dispatched()
    merged.report(name="李秀英", id_number=other_id(26))
    reconcile(merged.deployment, merged.at)
    merged.dawn()
    assert reconcile(merged.deployment, merged.at) == 0
    waiting = [job for job in merged.rows(Job, case=case, status="ready") if job.kind == "remind"]
    assert waiting
    assert not [job for job in waiting if ONE in str(job.payload["to"])]


def test_a_second_day_and_a_second_worker_move_nothing_twice(merged: Changing) -> None:
    merged.dispatched()
    merged.dawn()
    count = len(merged.rows(Event))
    merged.dawn("2026-04-01T08:00:00")
    merged.dawn("2026-04-02T00:00:20")
    assert [event.name for event in merged.rows(Event)[count:] if "division" in event.name] == []


def test_it_goes_in_pieces_and_on_after_a_death_in_between(merged: Changing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PIECE", 1)
    cases = [merged.dispatched(name=f"张{n}", id_number=other_id(20 + 2 * n)) for n in (1, 2, 3)]
    merged.work_until(MORNING)
    follow_divisions(merged.deployment, merged.at)
    for _ in range(7):
        merged.worker.run_next()
    moved = [merged.case(case).residence == after(VILLAGE) for case in cases]
    assert True in moved or merged.changes("account.changed")
    real, died = module._follow_case, []

    def dies(act: object, key: str) -> None:
        real(act, key)  # type: ignore[arg-type]
        if not died:
            died.append(key)
            raise RuntimeError("killed")

    monkeypatch.setattr(module, "_PARTS", (*module._PARTS[:2], (module._PARTS[2][0], dies), module._PARTS[3]))
    merged.work_until("2026-04-01T09:00:00")
    assert died
    assert [merged.case(case).residence for case in cases] == [after(VILLAGE)] * 3
    assert [len(merged.events("task.division_changed", case=case)) for case in cases] == [1, 1, 1]


# duties


def begin(town: Changing, at: str) -> None:
    town.work_until(at)
    follow_divisions(town.deployment, town.at)
    begin_duties(town.deployment, town.at)
    town.work_until()


def test_a_new_unit_owes_from_the_day_on_and_only_once(made: Made) -> None:
    town = made(merging)
    town.at = parse("2026-03-01T00:00:20")
    begin_duties(town.deployment, town.at)
    town.work_until("2026-03-02T00:00:00")
    due = {row.unit: town.first(Task, about=row.id).due_at for row in town.rows(DutyPeriod, duty=DUTY)}
    assert {HERE, THERE} <= due.keys()
    begin(town, "2026-04-01T00:00:20")
    march = [row for row in town.rows(DutyPeriod, duty=DUTY) if row.begins_on.month == 3]
    of_march = [row for row in march if row.unit == THEN]
    assert len(of_march) == 1
    assert town.first(Task, about=of_march[0].id, ended_at=None).due_at == due[HERE]
    folded = [row for row in march if row.unit in (HERE, THERE)]
    assert [row.status for row in folded] == ["waived"]
    assert len(town.events("duty.folded")) == 1
    april = [row.unit for row in town.rows(DutyPeriod, duty=DUTY) if row.begins_on.month == 4]
    assert april.count(THEN) == 1
    assert not {HERE, THERE} & {*april}
    reconcile(town.deployment, town.at)
    assert reconcile(town.deployment, town.at) == 0


def test_what_both_have_handed_in_is_not_owed_again(made: Made) -> None:
    town = made(lambda rows, day, last: merging(rows, "2026-03-18", "2026-03-17"))
    town.at = parse("2026-03-01T00:00:20")
    begin_duties(town.deployment, town.at)
    town.work_until("2026-03-02T09:00:00")
    for login, unit in (("township", HERE), ("sibling", THERE)):
        task = town.first(Task, unit=unit, subject="duty", ended_at=None)
        nil = Asked(verb="report-nil", actor=town.actor(login), task=task.id, version=task.version)
        do_to_task(town.deployment, nil, town.at)
    begin(town, "2026-03-18T00:00:20")
    assert [row for row in town.rows(DutyPeriod, duty=DUTY) if row.unit == THEN] == []


def test_what_collects_returns_takes_those_of_merged_units_for_that_of_the_new_one(tmp_path: Path) -> None:
    found = compile_rulebook(changed(FILES, merging, date(2026, 3, 3)), JURISDICTION)
    town = Changing(tmp_path, replace(found, duties={id: found.duties[id] for id in (DUTY, "district-monthly")}))
    town.at = parse("2026-03-01T00:00:20")
    begin_duties(town.deployment, town.at)
    town.work_until("2026-03-02T09:00:00")
    *most, last = [row for row in town.rows(DutyPeriod, duty=DUTY) if row.unit not in (HERE, THERE)]
    for row in most:
        answer(town, "leader", "waive", row)
    for login, unit in (("township", HERE), ("sibling", THERE)):
        answer(town, login, "report-nil", town.first(DutyPeriod, unit=unit))
    begin(town, "2026-03-03T00:00:20")
    assert town.rows(DutyPeriod, duty="district-monthly") == []
    answer(town, "leader", "waive", last)
    town.work_until("2026-03-03T09:00:00")
    (summary,) = town.rows(DutyPeriod, duty="district-monthly")
    (opened,) = town.events("duty.opened", rule=summary.duty)
    assert "lacking" not in opened.told
    town.database.close()


def test_what_happened_in_each_of_two_is_owed_by_the_one_that_they_became(tmp_path: Path) -> None:
    found = compile_rulebook(changed(FILES, merging), JURISDICTION)
    town = Changing(tmp_path, replace(found, duties={"fires": replace(found.duties["fires"], of="township")}))
    for login in ("township", "sibling"):
        told = ("", "2026-03-30", "一户失火", new_id())
        note_happening(town.deployment, town.actor(login), "fires", *told, town.at)
    due = {row.id: town.first(Task, about=row.id).due_at for row in town.rows(DutyPeriod)}
    begin(town, "2026-04-01T00:00:20")
    now = town.rows(DutyPeriod)
    assert [(row.unit, row.status) for row in now] == [(THEN, "owed")] * 2
    assert {row.turn for row in now} == {0, 1}
    assert {row.id: town.first(Task, about=row.id, unit=THEN).due_at for row in now} == due
    town.database.close()


def answer(town: Town, login: str, verb: str, owed: DutyPeriod) -> None:
    task = town.first(Task, about=owed.id)
    asked = Asked(verb=verb, actor=town.actor(login), task=task.id, version=task.version, reason="并入专项行动报送")
    do_to_task(town.deployment, asked, town.at)


def test_an_event_that_is_on_goes_on_and_nobody_owes_twice_for_it(tmp_path: Path) -> None:
    town = Changing(tmp_path, in_the_cold(compile_rulebook(changed(FILES, merging), JURISDICTION)))
    with transaction(town.database, "") as tx:
        tx.update(Account, {"login": "township"}, {"roles": ("clerk", "leader")})
    begun = "气象台发布预警"
    key = declare(town.deployment, town.actor("township"), COLD.id, "yellow", (ONE,), "", begun, town.at)
    town.work_until()
    before = {row.unit: row.id for row in town.rows(DutyPeriod, duty="cold-round")}
    assert f"village:{VILLAGE}" in before
    due = {row: town.first(Task, about=row).due_at for row in before.values()}
    town.dawn()
    watch_alerts(town.deployment, town.at)
    town.work_until()
    assert town.first(Alert, id=key).unit == THEN
    owed = [row for row in town.rows(DutyPeriod, duty="cold-round") if row.status == "owed"]
    assert {row.id for row in owed} >= {*before.values()}
    assert all(row.unit.startswith(f"village:{NEW}") for row in owed)
    assert len({row.unit for row in owed}) == len(owed)
    assert {row: town.first(Task, about=row).due_at for row in due} == due
    town.database.close()


def test_what_was_set_aside_comes_back_at_the_unit_that_follows(tmp_path: Path) -> None:
    found = compile_rulebook(changed(FILES, merging), JURISDICTION)
    plain = replace(found.duties["contact-roster"], id="weekly", label="周报", every=Every.WEEK, due=None)
    cold = in_the_cold(found, weekly=replace(plain, to=("township",), form="", zero_report=True))
    daily = replace(cold.duties["cold-daily"], instead_of="weekly", from_level="")
    town = Changing(tmp_path, replace(cold, duties={**cold.duties, daily.id: daily}))
    with transaction(town.database, "") as tx:
        tx.update(Account, {"login": "township"}, {"roles": ("clerk", "leader")})
    town.at = parse("2026-03-30T00:00:20")
    begin(town, "2026-03-30T00:00:20")
    town.work_until("2026-03-31T09:00:00")
    told = "气象台发布预警"
    declare(town.deployment, town.actor("township"), COLD.id, "yellow", (ONE,), "", told, town.at)
    town.work_until("2026-03-31T09:05:00")
    aside = town.first(DutyPeriod, duty="weekly", unit=f"village:{VILLAGE}")
    assert aside.status == "replaced"
    town.dawn()
    alert = town.first(Alert)
    close(town.deployment, town.actor("township"), alert.id, alert.version, {}, "天气转好", new_id(), town.at)
    town.work_until("2026-04-01T00:10:00")
    again = town.first(DutyPeriod, id=aside.id)
    task = town.first(Task, about=aside.id)
    assert (again.status, again.unit, task.unit) == ("owed", f"village:{after(VILLAGE)}", f"village:{after(VILLAGE)}")
    assert task.due_at == parse("2026-04-05T23:59:59")
    assert [event.name for event in town.rows(Event, task=task.id)][-2:] == ["duty.owed_again", "duty.division_changed"]
    town.database.close()


# other changes


def test_a_village_that_is_handed_on_takes_its_cases_along(made: Made) -> None:
    town = made(handing_on)
    case = town.dispatched()
    task = town.claim("township", town.task(case, HERE))
    town.dawn()
    assert town.case(case).residence == f"{OTHER}900"
    moved = town.first(Task, id=task.id)
    assert (moved.unit, moved.status, moved.claimed_by, moved.due_at) == (THERE, "open", "", task.due_at)
    assert town.first(Account, login="township").unit == HERE
    assert town.first(Account, login="village").unit == f"village:{OTHER}900"
    assert reconcile(town.deployment, town.at) == 0


def test_a_split_goes_by_the_village_and_its_default(made: Made) -> None:
    town = made(splitting)
    case = town.dispatched()
    task = town.claim("township", town.task(case, HERE))
    town.dawn()
    assert town.case(case).residence == "370304121200"
    moved = town.first(Task, id=task.id)
    assert (moved.unit, moved.claimed_by) == ("township:370304121", "")
    assert town.first(Account, login="township").unit == "township:370304122"
    assert town.first(Account, login="village").division == "370304121200"


def test_who_has_a_task_in_hand_keeps_it_where_they_go_with_it(merged: Changing) -> None:
    case = merged.dispatched()
    task = merged.claim("township", merged.task(case, HERE))
    merged.dawn()
    kept = merged.first(Task, id=task.id)
    assert (kept.unit, kept.claimed_by, kept.status) == (THEN, task.claimed_by, "claimed")


def test_a_proposal_that_waits_names_the_units_of_the_day(merged: Changing) -> None:
    case = merged.report(needs=["basic-living"]).case
    before = merged.first(Dispatch, case=case, status="proposed")
    assert [item["lead"] for item in before.proposed] == [HERE]
    merged.dawn()
    assert [item["lead"] for item in merged.first(Dispatch, case=case).proposed] == [THEN]
    merged.confirm(case)
    assert {task.unit for task in merged.open_tasks(case).values()} == {THEN, f"village:{after(VILLAGE)}"}


def test_a_renamed_division_keeps_its_work_and_what_was_recorded_keeps_its_name(made: Made) -> None:
    town = made(renaming)
    case = town.dispatched()
    before = town.open_tasks(case)
    assert unit_label(town.deployment.rulebooks.of(JURISDICTION), HERE).startswith("域城镇")
    town.dawn()
    assert town.open_tasks(case) == before
    now = town.deployment.rulebooks.of(JURISDICTION)
    assert unit_label(now, HERE).startswith("域城街道")
    assert unit_label(now, HERE, local_date(EVE)).startswith("域城镇")
    events = Readings(town.deployment).case(town.actor("centre"), case, town.at).events
    told = "".join(part for event in events for part in event.details)
    assert "域城镇" in told
    assert "域城街道" not in told


def test_a_closed_case_is_read_by_the_names_of_its_own_day(made: Made) -> None:
    town = made(renaming)
    town.at = START
    case = town.dispatched()
    town.complete("doctor", town.task(case, MEDICAL))
    town.complete("centre", town.first(Task, case=case, ended_at=None, state="notify"), "done", TOLD)
    town.dawn()
    face = Readings(town.deployment).case(town.actor("centre"), case, town.at)
    told = repr(face)
    assert "域城镇" in told
    assert "域城街道" not in told


def test_where_nobody_lives_any_more_cannot_be_reported_from(merged: Changing) -> None:
    with pytest.raises(Invalid) as early:
        merged.report(residence=after(VILLAGE))
    assert "还没有设立" in early.value.problems[0].message
    merged.dawn()
    with pytest.raises(Invalid) as late:
        merged.report()
    assert "已于2026年3月31日撤销，请改选域塔镇" in late.value.problems[0].message
    assert merged.report(residence=after(VILLAGE)).case


def test_a_case_on_an_older_release_works_on(tmp_path: Path, rulebook: Rulebook) -> None:
    town = Changing(tmp_path, rulebook)
    case = town.dispatched()
    files = changed(FILES, merging)
    later = compile_rulebook(files, JURISDICTION)
    town.go_by(later)
    publish(town.deployment, files, town.at)
    town.dawn()
    assert town.case(case).release == rulebook.digest
    assert town.case(case).residence == after(VILLAGE)
    task = town.claim("township", town.task(case, THEN))
    assert task.claimed_by
    town.complete("doctor", town.task(case, MEDICAL))
    assert town.case(case).state == "notify"
    town.database.close()


# papers


def test_a_paper_that_waits_to_be_signed_goes_out_by_the_unit_that_follows(merged: Changing) -> None:
    case = merged.dispatched()
    notice = replace(
        merged.first(Notice, case=case), id=new_id(), key="acceptance:1", unit=HERE, n=None, number="", status="draft"
    )
    with transaction(merged.database, "") as tx:
        tx.insert(notice)
    numbered = merged.rows(Notice, case=case, status="issued")
    merged.dawn()
    assert merged.first(Notice, id=notice.id).unit == THEN
    assert [merged.first(Notice, id=paper.id) for paper in numbered] == numbered
    assert merged.changes("notice.division_changed", case=case) == [{"unit": [HERE, THEN]}]
