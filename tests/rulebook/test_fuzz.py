"""Whatever is mistyped in the counties' files, the compiler ends with findings or with a rulebook."""

import pytest

from rulebook.fuzz import end_of

SEEDS = 300


@pytest.mark.parametrize("first", range(0, SEEDS, 50))
def test_the_compiler_always_ends_in_words(files: dict[str, str], first: int) -> None:
    ends = [end_of(files, seed) for seed in range(first, first + 50)]
    assert {end for end in ends if end not in ("findings", "rulebook")} == set()
    assert "findings" in ends
