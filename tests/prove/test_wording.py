"""A failure of a scenario is told in the words of its county, of one thing only where it differs."""

from actions.town import compiled
from xunfang.prove.scenarios.comparing import Failure
from xunfang.prove.scenarios.wording import worded

TASK = {"state": "notify", "unit": "service-centre", "due_at": "2026-03-19T17:30:00", "counted": ["2026-03-17"]}


def test_one_task_is_told_where_it_differs() -> None:
    late = {**TASK, "due_at": "2026-03-20T17:30:00", "counted": ["2026-03-17", "2026-03-20"]}
    assert worded(Failure(6, "tasks", [TASK], [late]), compiled()) == (
        "第6步，此时在办的任务：到期时间应为2026年3月19日 17:30，实为2026年3月20日 17:30；"
        "计入的日子应为3月17日，实为3月17日、3月20日"
    )


def test_units_and_states_are_called_by_their_names() -> None:
    other = {**TASK, "unit": "township:370304102", "state": "handling"}
    told = worded(Failure(1, "tasks", [TASK], [other]), compiled())
    assert "承办单位应为区社会救助综合服务中心，实为域城镇社会救助" in told
    assert "环节应为" in told
    assert "handling" not in told


def test_several_things_and_plain_words_are_told_whole() -> None:
    assert worded(Failure(2, "state", "", "notify"), compiled()).startswith("第2步，个案所在的环节：应为无，实为")
    assert worded(Failure(2, "joined", True, False), compiled()).endswith("应为是，实为否")
    assert worded(Failure(3, "tasks", [TASK], []), compiled()).endswith("实为无")
    assert "某个没有的" in worded(Failure(3, "state", "某个没有的", "notify"), compiled())
