"""What papers tell of overdue things: every unit that has any, with how many it really has, however few are named."""

from datetime import timedelta

import pytest

from actions.town import MEDICAL, Town, other_id
from xunfang.desk import Readings
from xunfang.desk.circular import told_by
from xunfang.store import Task
from xunfang.store.reading import overdue as reading


@pytest.mark.parametrize("most", [100, 1])
def test_every_unit_is_told_of_with_all_that_it_has_overdue(
    town: Town, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(reading, "MOST", most)
    for n, name in enumerate(("周福", "钱贵", "孙安"), 7):
        town.dispatched(id_number=other_id(n), name=name)
    town.report(id_number=other_id(10), name="李平")  # waits at the centre
    town.at += timedelta(days=60)
    late = [task for task in town.rows(Task, ended_at=None) if task.due_at and task.due_at < town.at]
    expected = {unit: sum(task.unit == unit for task in late) for unit in {task.unit for task in late}}
    assert len(expected) > 1
    assert expected[MEDICAL] == 3
    told = Readings(town.deployment).bulletins.bulletin(town.actor("supervisor"), town.at.date(), town.at)
    assert {unit.unit: unit.count for unit in told.overdue} == expected
    assert told.late == len(late)
    form = Readings(town.deployment).circulars.form(town.actor("supervisor"), town.at)
    units = told_by(form, {}, expected)["units"]
    assert {unit["label"]: unit["count"] for unit in units} == {unit.label: unit.count for unit in told.overdue}
    assert all(unit["named"] and unit["longest"] > 30 for unit in units)
    assert [unit["rest"] + len(unit["named"]) for unit in units] == [unit["count"] for unit in units]
