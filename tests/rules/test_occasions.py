"""What brings duties about: whatever the rules may name comes to pass."""

from xunfang.rulebook.acts import HAPPENINGS
from xunfang.rules.describe.words import EVENTS
from xunfang.rules.occasions import IN_CASES, NOTED
from xunfang.rules.visits import ADDED


def test_a_duty_may_begin_with_what_comes_to_pass_and_nothing_else() -> None:
    assert {*IN_CASES, NOTED, ADDED} == set(HAPPENINGS) == set(EVENTS)
