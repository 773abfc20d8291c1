"""What a unit owes for a period, decided in memory: opened whole, by the calendar, and handed in once."""

from collections.abc import Container
from dataclasses import replace
from datetime import date, datetime
from itertools import count

import pytest

from casework.county import rulebook_of
from xunfang.casework import (
    VERBS,
    Actor,
    Asked,
    Changes,
    DutyPeriod,
    Everybody,
    File,
    Row,
    Task,
    advance,
    permitted,
    verbs_on,
)
from xunfang.casework.items import KINDS, deadline_of, rule_of
from xunfang.clock import local, parse
from xunfang.division import Division, DivisionTree, Level
from xunfang.errors import Conflict
from xunfang.prove.memory import Memory
from xunfang.rulebook.model import Rulebook
from xunfang.rules.duties import owed_as_it_stands, owed_on

BOSHAN, WENSHUI = rulebook_of("370304-boshan"), rulebook_of("141121-wenshui")
MACHINE = Actor("", "系统", BOSHAN.id, "", "", (), frozenset(), "下达定期任务")
START = parse("2026-10-01T00:00:20")
UNIT = "township:370304102"


def opened(
    duty: str,
    unit: str,
    begins_on: str,
    rulebook: Rulebook = BOSHAN,
    staffed: Container[str] | None = None,
    at: datetime = START,
) -> Changes:
    keys = count(1)
    asked = Asked(verb="open-duty", actor=MACHINE, payload={"duty": duty, "unit": unit, "begins_on": begins_on})
    file = File(staffed=Everybody() if staffed is None else staffed)
    return advance(rulebook, file, asked, at, lambda: f"{next(keys):08d}")


def rows_of(changes: Changes) -> tuple[DutyPeriod, Task]:
    owed, task = changes.new
    assert isinstance(owed, DutyPeriod)
    assert isinstance(task, Task)
    return owed, task


def somebody(unit: str = UNIT, division: str = "370304102") -> Actor:
    return replace(Memory(BOSHAN).person("clerk", unit=unit), division=division)


def asked(verb: str, task: Task, actor: Actor | None = None, rows: tuple[Row, ...] = (), **told: str) -> Changes:
    keys = count(100)
    wanted = Asked(verb=verb, actor=actor or somebody(), task=task.id, version=task.version, **told)
    return advance(BOSHAN, File((*rows, task)), wanted, parse("2026-10-05T10:00:00"), lambda: f"{next(keys):08d}")


def test_every_kind_of_item_has_verbs_and_every_verb_a_kind_there_is() -> None:
    named = {kind for verb in VERBS.values() for kind in verb.of}
    assert named == set(KINDS) == {"case", "duty", "alert"}


def test_opening_is_one_whole_with_task_clock_reminders_event_and_message() -> None:
    changes = opened("township-monthly", UNIT, "2026-10-01")
    owed, task = rows_of(changes)
    assert (owed.to, owed.every, owed.begins_on) == (("service-centre",), "month", date(2026, 10, 1))
    assert owed.status == "owed"
    assert (task.about, task.case, task.release) == (owed.id, "", BOSHAN.digest)
    assert rule_of(BOSHAN, task) == BOSHAN.duties["township-monthly"]
    assert [event.name for event in changes.events] == ["duty.opened"]
    assert {job.kind for job in changes.jobs} == {"remind", "record-breach"}
    assert all(job.task == task.id and not job.case for job in changes.jobs)
    (told,) = changes.tellings
    assert (told.unit, told.body) == (
        UNIT,
        "定期任务“困难线索办理落实情况月报”（2026年9月）应于10月5日 23:59前报送。",
    )


def test_a_unit_without_anybody_is_told_nothing_and_owes_all_the_same() -> None:
    changes = opened("township-monthly", UNIT, "2026-10-01", staffed=())
    assert (len(changes.new), changes.tellings) == (2, ())


@pytest.mark.parametrize(
    ("rulebook", "duty", "unit", "begins_on", "due", "skipped"),
    [
        (BOSHAN, "township-monthly", UNIT, "2026-10-01", "2026-10-05T23:59:59", 0),  # kept in the holidays
        (WENSHUI, "zero-report", "township:141121100", "2026-10-01", "2026-10-08T23:59:59", 3),  # moved behind them
    ],
)
def test_its_clock_is_explained_by_the_calendar(
    rulebook: Rulebook, duty: str, unit: str, begins_on: str, due: str, skipped: int
) -> None:
    _, task = rows_of(opened(duty, unit, begins_on, rulebook))
    assert task.due_at == parse(due)
    assert task.due is not None
    assert (task.due["fixed"], task.due["label"]) == (True, rulebook.duties[duty].label)
    assert len(task.due["skipped"]) == skipped
    assert task.due["limit"].startswith("每月5日")
    deadline = deadline_of(rulebook, task)
    assert deadline is not None
    assert deadline.basis == rulebook.duties[duty].basis


def test_reminders_begin_before_and_one_that_would_come_before_it_began_is_left_out() -> None:
    week = opened("new-disabled", "disabled-federation", "2026-10-12", at=parse("2026-10-12T00:00:20"))
    at = sorted(f"{local(job.run_at):%m-%d %H:%M}" for job in week.jobs if job.kind == "remind")
    assert at[0] == "10-12 08:30"  # due on the Monday on which its week begins: nothing comes the week before


def test_what_is_handed_in_twice_is_refused_the_second_time() -> None:
    owed, task = rows_of(opened("insured-inpatient-bills", "medical-insurance-bureau", "2026-10-01"))
    clerk = somebody("medical-insurance-bureau", "")
    done = asked("hand-in", task, clerk, (owed,), reason="名单共12人")
    after = {type(each.after): each.after for each in done.changed}
    period, ended = after[DutyPeriod], after[Task]
    assert isinstance(period, DutyPeriod)
    assert isinstance(ended, Task)
    assert (period.status, ended.outcome, ended.completed_in_time) == ("reported", "reported", True)
    with pytest.raises(Conflict):
        asked("report-nil", ended, clerk, (period,))


def test_only_verbs_made_for_it_can_be_done_to_it() -> None:
    owed, task = rows_of(opened("township-monthly", UNIT, "2026-10-01"))
    offered = {verb.id for verb in permitted(BOSHAN, somebody(), task)}
    assert offered == {"claim", "urge", "hand-in", "report-nil", "note-duty"}
    for verb in (verb for verb in verbs_on("task") if "duty" not in verb.of):
        with pytest.raises(Conflict) as refused:
            asked(verb.id, task, None, (owed,), reason="试一试")
        assert refused.value.code == "NOT_NOW"


def test_nobody_waives_what_the_own_unit_owes_however_much_they_direct() -> None:
    _, task = rows_of(opened("township-monthly", UNIT, "2026-10-01"))
    county = somebody("leading-group-office", "370304")
    assert "waive" in {verb.id for verb in permitted(BOSHAN, county, task)}
    assert "waive" in {verb.id for verb in permitted(BOSHAN, somebody("service-centre", ""), task)}
    for nobody in (somebody(), somebody("township:370304103", "370304103"), somebody("housing-bureau", "")):
        assert "waive" not in {verb.id for verb in permitted(BOSHAN, nobody, task)}


CENTRE, OFFICE = "service-centre", "leading-group-office"


def owed_to_two() -> tuple[Rulebook, DutyPeriod, Task]:
    duty = replace(BOSHAN.duties["township-monthly"], to=(CENTRE, OFFICE))
    rulebook = replace(BOSHAN, duties={**BOSHAN.duties, duty.id: duty})
    return rulebook, *rows_of(opened(duty.id, UNIT, "2026-10-01", rulebook))


def waived(rulebook: Rulebook, owed: DutyPeriod, task: Task, unit: str, division: str = "") -> Changes:
    wanted = Asked(
        verb="waive", actor=somebody(unit, division), task=task.id, version=task.version, reason="已从台账取数"
    )
    return advance(rulebook, File((owed, task)), wanted, parse("2026-10-05T10:00:00"), lambda: "x")


def test_one_of_two_receivers_waives_for_itself_alone() -> None:
    rulebook, owed, task = owed_to_two()
    assert owed.to == (CENTRE, OFFICE)
    first = waived(rulebook, owed, task, CENTRE)
    (event,) = first.events
    assert (event.name, event.data["left"]) == ("duty.excused", [OFFICE])
    (told,) = first.tellings
    assert (told.unit, "仍须报" in told.body) == (UNIT, True)
    (written,) = (each.after for each in first.changed)
    assert isinstance(written, Task)
    assert (written.excused, written.ended_at, written.due_at) == ((CENTRE,), None, task.due_at)
    assert "waive" not in {verb.id for verb in permitted(rulebook, somebody(CENTRE, ""), written)}
    last = waived(rulebook, owed, written, OFFICE)
    assert [event.name for event in last.events] == ["duty.waived"]


ONE, OTHER, NEW = (f"township:{code}" for code in ("370304102", "370304103", "370304120"))


def merged() -> Rulebook:
    """Return the rules after two townships became one."""
    lines = [
        replace(line, until=date(2026, 10, 3), successors=(NEW[-9:],))
        if f"township:{line.code}" in (ONE, OTHER)
        else line
        for line in BOSHAN.divisions.lines()
    ]
    new = Division(NEW[-9:], "域塔镇", Level.TOWNSHIP, since=date(2026, 10, 4))
    return replace(BOSHAN, divisions=DivisionTree([*lines, new], date(2026, 10, 4)))


@pytest.mark.parametrize(
    ("to", "excused", "to_now", "excused_now"),
    [
        ((ONE, OTHER), ONE, (NEW,), ()),  # the other asks for it still, and so does what both became
        ((ONE, CENTRE), ONE, (NEW, CENTRE), (NEW,)),
        ((ONE, CENTRE), CENTRE, (NEW, CENTRE), (CENTRE,)),
    ],
)
def test_whoever_asks_for_it_no_more_does_not_by_another_name_either(
    to: tuple[str, ...], excused: str, to_now: tuple[str, ...], excused_now: tuple[str, ...]
) -> None:
    _, owed, task = owed_to_two()
    owed, task = (
        replace(owed, unit="township:370304100", to=to),
        replace(task, unit="township:370304100", excused=(excused,)),
    )
    asked = Asked(verb="follow-duty", actor=MACHINE, task=task.id, payload={"known": False})
    changes = advance(merged(), File((owed, task)), asked, parse("2026-10-04T00:00:20"), lambda: "x")
    after = {type(each.after): each.after for each in changes.changed}
    assert [after[DutyPeriod].to, after[Task].excused] == [to_now, excused_now]


def test_who_directs_there_waives_it_for_all_who_are_reported_to() -> None:
    rulebook, owed, task = owed_to_two()
    assert [event.name for event in waived(rulebook, owed, task, "civil-affairs", "370304").events] == ["duty.waived"]


@pytest.mark.parametrize("rulebook", [BOSHAN, WENSHUI], ids=lambda each: each.id)
def test_what_is_owed_on_a_day_are_the_periods_of_that_day_and_nothing_that_waits_for_something(
    rulebook: Rulebook,
) -> None:
    day = date(2026, 10, 1)
    found = list(owed_on(rulebook, day))
    assert found
    for planned in found:
        duty = rulebook.duties[planned.duty]
        assert planned.period is not None
        assert planned.period.first <= day <= planned.period.last
        assert owed_as_it_stands(duty)
        assert (duty.rhythms, duty.collects, duty.sample, duty.for_) == ((), "", None, None)
    assert {duty.id for duty in rulebook.duties.values() if owed_as_it_stands(duty)} == {each.duty for each in found}


def test_moments_are_in_time_to_the_second() -> None:
    owed, task = rows_of(opened("insured-inpatient-bills", "medical-insurance-bureau", "2026-10-01"))
    due: datetime | None = task.due_at
    assert due is not None
    clerk = somebody("medical-insurance-bureau", "")
    for second, in_time in ((0, True), (1, False)):
        wanted = Asked(verb="report-nil", actor=clerk, task=task.id, version=1)
        at = due.replace(microsecond=0) if second == 0 else parse("2026-10-06T00:00:00")
        changes = advance(BOSHAN, File((owed, task)), wanted, at, lambda: "9")
        assert [event.data["in_time"] for event in changes.events] == [in_time]
