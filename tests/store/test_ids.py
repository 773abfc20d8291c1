"""Keys: laid out as UUID version 7, unique, in the order in which they were made."""

from uuid import RFC_4122, UUID

import pytest

from xunfang import clock
from xunfang.store import new_id


def test_keys_are_in_the_order_in_which_they_were_made_within_a_millisecond_too() -> None:
    made = [new_id() for _ in range(5000)]
    assert sorted(set(made)) == made


def test_a_key_tells_the_moment_that_it_was_made_at_and_is_laid_out_as_version_seven() -> None:
    before, key, after = clock.milliseconds(), UUID(new_id()), clock.milliseconds()
    assert (key.version, key.variant) == (7, RFC_4122)
    assert before <= key.int >> 80 <= after


def test_keys_go_up_while_the_clock_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    first = new_id()
    monkeypatch.setattr(clock, "milliseconds", lambda: 1)
    assert new_id() > first
