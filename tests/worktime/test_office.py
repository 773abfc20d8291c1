"""Office hours."""

from datetime import time

import pytest

from xunfang.worktime import parse_office


def test_an_office_opens_first_and_closes_last() -> None:
    office = parse_office(["8:30-12:00", "13:30-17:30"])

    assert (office.opens, office.closes) == (time(8, 30), time(17, 30))


@pytest.mark.parametrize(
    ("hours", "sentence"),
    [
        ([], "至少要写一段"),
        (["morning"], "无法识别"),
        (["08:30-25:00"], "超出一天的时刻"),
        (["12:00-08:30"], "从早到晚"),
        (["08:30-14:00", "13:30-17:30"], "不得重叠"),
    ],
)
def test_hours_are_refused(hours: list[str], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        parse_office(hours)
