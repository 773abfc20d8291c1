"""Rules with plausible mistakes: what the check lets pass goes well (`make fuzz-lived` tries as many as wanted)."""

from pathlib import Path

import pytest

from machines.lived import end_of, mistaken
from xunfang.rulebook.files import read_files

FILES = read_files(Path(__file__).parents[2])


@pytest.mark.parametrize("seed", range(4))
def test_what_the_check_lets_pass_can_be_lived_by(seed: int) -> None:
    assert end_of(FILES, seed) in ("findings", "lived")


def test_the_same_seed_makes_the_same_mistake_and_another_one_another() -> None:
    told = [mistaken(FILES, seed)[2] for seed in (1, 1, 2, 3)]
    assert told[0] == told[1]
    assert len(set(told)) == 3
