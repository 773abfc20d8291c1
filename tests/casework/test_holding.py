"""Nothing is handed to a unit in which nobody can act: it goes up, and that is said."""

from collections.abc import Container
from dataclasses import replace

from casework.county import County
from xunfang.casework import Asked, Decided, Dispatch, Task, advance

EAST, CENTRE, MEDICAL = "township:370304102", "service-centre", "medical-insurance-bureau"


class But:
    """A place where somebody can do anything, but for some units."""

    def __init__(self, *empty: str) -> None:
        self.empty = empty

    def __contains__(self, asked: object) -> bool:
        assert isinstance(asked, tuple)
        return asked[0] not in self.empty


def sent(county: County, able: Container[tuple[str, str]], *leads: str) -> tuple[list[Task], list[tuple[str, object]]]:
    case = county.report()
    dispatch = next(row for row in county.all(Dispatch) if row.case == case.id)
    decided = tuple(Decided(unit) for unit in leads)
    leader = county.memory.person("leader", unit=CENTRE)
    asked = Asked(verb="confirm-dispatch", actor=leader, case=case.id, version=dispatch.version, decided=decided)
    file = replace(county.memory._file([case], county.at), able=able)
    changes = advance(county.rulebook, file, asked, county.at, county.memory.new_id)
    tasks = [row for row in changes.new if isinstance(row, Task)]
    told = [(event.name, event.data) for event in changes.events if event.name in ("task.sent_up", "task.unheld")]
    bodies = {telling.unit: telling.body for telling in changes.tellings if telling.kind == "task"}
    for name, _ in told:
        assert ("尚无可办理人员" in bodies[tasks[0].unit]) == (name == "task.sent_up")
    return tasks, told


def test_an_empty_unit_is_passed_over_and_its_superior_is_told() -> None:
    (task,), told = sent(County(), But(MEDICAL), MEDICAL)
    assert task.unit != MEDICAL
    assert told == [("task.sent_up", {"to": task.unit, "nobody_at": [MEDICAL]})]
    assert task.due_at is not None


def test_with_nobody_all_the_way_up_it_stays_where_it_was_meant() -> None:
    county = County()
    everywhere = (*county.rulebook.units, EAST)
    (task,), told = sent(county, But(*everywhere), EAST)
    assert task.unit == EAST
    assert [name for name, _ in told] == ["task.unheld"]


def test_where_somebody_can_act_nothing_is_said() -> None:
    (task,), told = sent(County(), But(), MEDICAL)
    assert (task.unit, told) == (MEDICAL, [])
