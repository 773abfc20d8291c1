"""What is done to all that waits at once leaves alone what a later report says otherwise about."""

from types import SimpleNamespace
from typing import Any

import pytest

from xunfang.demo.clearing import _told
from xunfang.store import Submission


@pytest.mark.parametrize(
    ("proposals", "told"), [(["keep"], True), (["keep", "keep"], True), (["keep", "stop"], False), ([], False)]
)
def test_a_case_is_kept_only_if_all_that_came_to_it_said_so(proposals: list[str], told: bool) -> None:
    clues = [SimpleNamespace(form="check", submission=str(n)) for n, _ in enumerate(proposals)]

    def rows(row: type, **found: Any) -> list[Any]:
        if row is Submission:
            return [SimpleNamespace(answers={"proposal": proposals[int(found["id"])]})]
        return clues

    playing: Any = SimpleNamespace(rows=rows)
    step: Any = SimpleNamespace(told={"of": "check", "said": {"proposal": "keep"}})
    assert _told(playing, step, "case") is told
