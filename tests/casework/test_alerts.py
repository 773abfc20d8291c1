"""Events decided in memory: who declares one where, what is wrong all at once, raised, lowered and closed."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from casework.county import rulebook_of
from cold import COLD, in_the_cold
from xunfang.casework import Actor, Alert, Asked, Changes, File, Row, Task, advance, permitted
from xunfang.casework.alerts import declarable
from xunfang.casework.jobs import ALERT_DUTIES
from xunfang.clock import local, parse
from xunfang.errors import Conflict, Invalid, NotAllowed, Refused
from xunfang.prove.memory import Memory
from xunfang.rulebook.model import Rulebook

BOSHAN = in_the_cold(rulebook_of("370304-boshan"))
TOWNSHIP, OTHER, VILLAGE = "370304102", "370304103", "370304102200"
NOW = parse("2026-01-13T09:00:00")


def somebody(unit: str = "service-centre", *roles: str, rulebook: Rulebook = BOSHAN) -> Actor:
    return Memory(rulebook).person(*roles, unit=unit)


def declared(
    actor: Actor | None = None,
    rows: Iterable[Row] = (),
    rulebook: Rulebook = BOSHAN,
    kind: str = COLD.id,
    level: str = "yellow",
    places: tuple[str, ...] = (TOWNSHIP,),
    moment: str = "",
    reason: str = "气象台发布寒潮黄色预警",
) -> Changes:
    keys = count(50 if rows else 1)
    asked = Asked(
        verb="declare-alert", actor=actor or somebody(), kind=kind, level=level, places=places, moment=moment,
        reason=reason,
    )  # fmt: skip
    return advance(rulebook, File(tuple(rows)), asked, NOW, lambda: f"{next(keys):08d}")


def rows_of(changes: Changes) -> tuple[Alert, Task]:
    alert, task = changes.new
    assert isinstance(alert, Alert)
    assert isinstance(task, Task)
    return alert, task


def done(verb: str, rows: tuple[Alert, Task], actor: Actor | None = None, version: int = 1, **told: str) -> Changes:
    keys = count(100)
    asked = Asked(verb=verb, actor=actor or somebody(), task=rows[1].id, version=version, **told)
    return advance(BOSHAN, File(rows), asked, NOW + timedelta(hours=2), lambda: f"{next(keys):08d}")


def test_declaring_is_one_whole_with_a_work_item_of_the_declarer_an_event_and_the_job() -> None:
    changes = declared(places=(VILLAGE, TOWNSHIP, OTHER))
    alert, task = rows_of(changes)
    assert (alert.places, alert.unit, alert.residence) == ((TOWNSHIP, OTHER), "service-centre", "370304")
    assert (task.subject, task.about, task.unit, task.due_at, task.state) == (
        "alert",
        alert.id,
        "service-centre",
        None,
        COLD.id,
    )
    (told,) = changes.events
    assert (told.name, told.task, told.data["level"], told.data["reason"]) == (
        "alert.declared",
        task.id,
        "yellow",
        "气象台发布寒潮黄色预警",
    )
    assert [(job.kind, job.run_at) for job in changes.jobs] == [(ALERT_DUTIES, NOW)]


def test_its_declarer_finds_it_in_the_queue_and_nobody_else_can_do_anything_to_it() -> None:
    _, task = rows_of(declared())
    assert {verb.id for verb in permitted(BOSHAN, somebody(), task)} == {"change-level", "close-alert"}
    for unit in (f"township:{TOWNSHIP}", "housing-bureau"):
        assert permitted(BOSHAN, somebody(unit), task) == ()


def test_a_begin_ahead_waits_and_one_in_the_past_makes_nobody_late() -> None:
    ahead = declared(moment="2026-01-14T08:00:00")
    assert rows_of(ahead)[0].steps[0]["at"] == "2026-01-14T08:00:00+08:00"
    assert [local(job.run_at) for job in ahead.jobs] == [parse("2026-01-14T08:00:00")]
    past = declared(moment="2026-01-13T06:00:00")
    assert parse(rows_of(past)[0].steps[0]["at"]) == NOW
    assert past.events[0].data["begins"] == "2026-01-13T06:00:00+08:00"


@pytest.mark.parametrize(
    ("told", "fields"),
    [
        ({"level": "purple", "places": ()}, ["places", "level"]),
        ({"places": ("141121100",)}, ["places"]),
        ({"moment": "2026-03-13T06:00:00"}, ["from"]),
        ({"moment": "gestern"}, ["from"]),
        ({"reason": " "}, ["reason"]),
        ({"kind": "flood"}, ["kind"]),
    ],
)
def test_what_is_wrong_is_told_all_at_once(told: dict[str, str], fields: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        declared(**told)  # type: ignore[arg-type]
    assert [problem.field for problem in refused.value.problems] == fields
    assert all("。" in problem.message for problem in refused.value.problems)


def test_only_the_units_and_the_role_it_names_declare_it_each_for_its_own_division() -> None:
    township = somebody(f"township:{TOWNSHIP}")
    assert rows_of(declared(township, places=(VILLAGE,)))[0].residence == TOWNSHIP
    with pytest.raises(Invalid):
        declared(township, places=(OTHER,))
    for nobody in (somebody("housing-bureau"), replace(somebody(), acts=frozenset({"complete"}))):
        assert declarable(BOSHAN, nobody) == ()
        with pytest.raises(NotAllowed):
            declared(nobody)
    strict = replace(BOSHAN, alerts={COLD.id: replace(COLD, role="leader")})
    assert declarable(strict, somebody(rulebook=strict)) == ()
    with pytest.raises(NotAllowed, match="分管领导"):
        declared(somebody(), rulebook=strict)
    leader = somebody("service-centre", "leader")
    _, task = rows_of(declared(leader, rulebook=strict))
    assert [len(permitted(strict, actor, task)) for actor in (leader, somebody())] == [2, 0]


def test_the_same_is_not_declared_twice_but_a_higher_level_or_another_place_is() -> None:
    first = rows_of(declared(level="orange"))
    for level, places in (("orange", (TOWNSHIP,)), ("yellow", (VILLAGE,))):
        with pytest.raises(Conflict) as refused:
            declared(rows=first, level=level, places=places)
        assert refused.value.code == "ALREADY_ON"
    for level, places in (("red", (TOWNSHIP,)), ("yellow", (TOWNSHIP, OTHER))):
        assert rows_of(declared(rows=first, level=level, places=places))


def test_raising_and_lowering_are_told_apart_and_keep_what_was_before() -> None:
    rows = rows_of(declared())
    raised = done("change-level", rows, level="red", reason="升级")
    (changed,) = raised.changed
    assert isinstance(changed.after, Alert)
    assert [step["level"] for step in changed.after.steps] == ["yellow", "red"]
    assert [event.name for event in raised.events] == ["alert.raised"]
    assert len(raised.jobs) == 1
    lowered = done("change-level", (changed.after, rows[1]), level="orange", reason="减弱")
    assert [(event.name, event.data["was_level"]) for event in lowered.events] == [("alert.lowered", "red")]
    assert raised.jobs[0].key != lowered.jobs[0].key
    for level, reason in (("yellow", "没有变"), ("purple", "没有"), ("red", "")):
        with pytest.raises(Invalid):
            done("change-level", rows, level=level, reason=reason)


def test_closing_needs_its_summary_and_ends_the_work_item() -> None:
    rows = rows_of(declared())
    with pytest.raises(Invalid):
        done("close-alert", rows, reason="")
    closed = done("close-alert", rows, reason="寒潮结束，无人受冻")
    after = {type(each.after): each.after for each in closed.changed}
    alert, task = after[Alert], after[Task]
    assert isinstance(alert, Alert)
    assert isinstance(task, Task)
    assert alert.ended_at == NOW + timedelta(hours=2)
    assert (task.status, task.outcome) == ("done", "closed")
    assert [event.name for event in closed.events] == ["alert.closed"]
    for verb in ("close-alert", "change-level"):
        with pytest.raises(Refused):
            done(verb, (alert, task), version=alert.version, level="red", reason="再来")


def test_whoever_saw_an_older_version_is_told_so() -> None:
    rows = rows_of(declared())
    for verb in ("close-alert", "change-level"):
        with pytest.raises(Conflict):
            done(verb, rows, version=0, level="red", reason="试一试")


def test_no_verb_of_cases_or_duties_can_be_done_to_it() -> None:
    rows = rows_of(declared())
    for verb in ("claim", "hand-in", "waive", "urge", "return", "complete"):
        with pytest.raises(Refused) as refused:
            done(verb, rows, reason="试一试")
        assert refused.value.code == "NOT_NOW"
