"""What a sample draws: shares, strata, so many in each village; the same from one seed, in whatever order."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xunfang.division import DivisionTree
from xunfang.rulebook.basis import NO_BASIS
from xunfang.rulebook.model import Condition, Operator, Sample, Stratum, Test
from xunfang.rules.drawing import digest_of, draw, draw_from, lots_of, next_after, shares

VILLAGES = [f"999999101{n}" for n in range(200, 206)]
LINES = ["code,name,level,until,successor", "999999,示例县,county,,", "999999101,一镇,township,,"]
TREE = DivisionTree.parse("\n".join([*LINES, *(f"{code},{code}村,village,," for code in VILLAGES)]))
KEYS = [f"case-{n}" for n in range(50)]
KIN = Test("near_relative", Operator.IS, True)
NEW = Test("recent", Operator.IS, True)
Things = dict[str, dict[str, Any]]


def plain(keys: list[str]) -> Things:
    return {key: {} for key in keys}


def stratum(when: Condition, ratio: str = "", count: int = 0) -> Stratum:
    return Stratum(when, ratio, count, NO_BASIS)


def drawn(sample: Sample, things: Mapping[str, Mapping[str, Any]], seed: str = "2026-04") -> set[str]:
    return set(draw(sample, things, seed, TREE))


@pytest.mark.parametrize(
    ("ratio", "minimum", "among", "wanted"),
    [
        ("0.3", 1, 10, 3),
        ("0.3", 1, 11, 4),
        ("0.3", 5, 10, 5),
        ("0.3", 5, 2, 2),
        ("all", 1, 7, 7),
        ("0.1", 1, 0, 0),
        ("0.07", 0, 100, 7),  # as binary fractions this is a little over seven
        ("0", 0, 9, 0),
        ("1", 0, 9, 9),
    ],
)
def test_how_many_a_sample_takes(ratio: str, minimum: int, among: int, wanted: int) -> None:
    keys = [f"case-{n}" for n in range(among)]
    assert len(drawn(Sample(ratio, "month", minimum), plain(keys))) == wanted


THINGS = st.dictionaries(
    st.sampled_from(KEYS),
    st.fixed_dictionaries(
        {}, optional={"near_relative": st.booleans(), "recent": st.booleans(), "residence": st.sampled_from(VILLAGES)}
    ),
)
SAMPLES = st.builds(
    Sample,
    st.sampled_from(["0", "0.3", "0.5", "all"]),
    st.just("month"),
    st.integers(0, 5),
    st.lists(
        st.builds(stratum, st.sampled_from([KIN, NEW]), st.sampled_from(["0", "0.2", "all"]))
        | st.builds(stratum, st.sampled_from([KIN, NEW]), st.just(""), st.integers(1, 4)),
        max_size=3,
    ).map(tuple),
    st.sampled_from([(), (("village", 1),), (("township", 3), ("village", 1))]),
)


@given(SAMPLES, THINGS, st.text(max_size=5), st.randoms())
def test_a_draw_can_be_repeated_whatever_the_order(sample: Sample, things: Things, seed: str, chance: Any) -> None:
    taken = draw(sample, things, seed, TREE)
    assert taken == draw(sample, things, seed, TREE)
    assert list(taken) == [key for key in things if key in taken]
    mixed = list(things)
    chance.shuffle(mixed)
    assert drawn(sample, {key: things[key] for key in mixed}, seed) == set(taken)


@given(SAMPLES, THINGS, st.text(max_size=5))
def test_no_stratum_no_village_and_no_whole_gets_too_few(sample: Sample, things: Things, seed: str) -> None:
    taken, left = drawn(sample, things, seed), dict(things)
    for each in sample.strata:
        members = [key for key, facts in left.items() if facts.get(getattr(each.when, "path")) is True]  # noqa: B009
        share = each.count if each.count else len(members) if each.ratio == "all" else len(members) * float(each.ratio)
        assert len(taken & set(members)) >= min(share, len(members))
        left = {key: facts for key, facts in left.items() if key not in members}
    least = dict(sample.at_least).get("village", 0)
    for village in VILLAGES:
        there = {key for key, facts in things.items() if facts.get("residence") == village}
        assert len(taken & there) >= min(least, len(there))
    assert len(taken) >= min(sample.minimum, len(things))


def test_every_case_may_be_drawn() -> None:
    sample = Sample("0.1", "month", 1)
    assert {key for n in range(200) for key in drawn(sample, plain(KEYS), f"seed-{n}")} == set(KEYS)


def test_near_relatives_are_all_drawn_and_the_rest_by_its_share() -> None:
    kin = {f"kin-{n}": {"near_relative": True} for n in range(4)}
    sample = Sample("0.3", "month", 0, (stratum(KIN, "all"),))
    for seed in map(str, range(20)):
        taken = drawn(sample, {**plain(KEYS[:10]), **kin}, seed)
        assert kin.keys() < taken
        assert len(taken) == 4 + 3  # three of ten, not of fourteen


def test_the_first_stratum_that_holds_counts() -> None:
    both = {f"both-{n}": {"near_relative": True, "recent": True} for n in range(8)}
    sample = Sample("0", "month", 0, (stratum(NEW, count=2), stratum(KIN, "all")))
    assert len(drawn(sample, both)) == 2
    assert drawn(replace(sample, strata=sample.strata[::-1]), both) == both.keys()


def test_a_stratum_of_which_nothing_is_drawn_leaves_its_things_out() -> None:
    things = {**plain(KEYS[:5]), "seen": {"recent": True}}
    assert drawn(Sample("all", "month", 0, (stratum(NEW, "0"),)), things) == set(KEYS[:5])


def test_a_count_takes_no_more_than_there_are() -> None:
    things = {"a": {"recent": True}, "b": {}}
    assert drawn(Sample("0", "month", 0, (stratum(NEW, count=5),)), things) == {"a"}


def test_each_village_that_has_any_gets_its_own_and_no_more_than_lack() -> None:
    things = {f"{village}-{n}": {"residence": village} for village in VILLAGES for n in range(10)}
    for seed in map(str, range(20)):
        few = drawn(Sample("0.05", "month", 0), things, seed)
        taken = drawn(Sample("0.05", "month", 0, (), (("village", 1),)), things, seed)
        missed = {key[:12] for key in things} - {key[:12] for key in few}
        assert few < taken
        assert sorted(key[:12] for key in taken - few) == sorted(missed)


def test_what_lies_in_no_village_is_drawn_by_its_share_alone() -> None:
    things = {"nowhere": {}, "township": {"residence": "999999101"}, "abroad": {"residence": "110101001001"}}
    assert drawn(Sample("0", "month", 0, (), (("village", 1),)), things) == set()
    assert drawn(Sample("0", "month", 0, (), (("township", 1),)), things) == {"township"}


def test_a_village_without_grids_is_one_itself() -> None:
    lines = [*LINES, "999999101200,甲村,village,,", "999999101200001,一组,grid,,", "999999101201,乙村,village,,"]
    things = {"group": {"residence": "999999101200001"}, "village": {"residence": "999999101201"}, "unknown": {}}
    grids = Sample("0", "month", 0, (), (("grid", 1),))
    assert draw(grids, things, "seed", DivisionTree.parse("\n".join(lines))) == ("group", "village")


def test_a_village_merged_into_another_counts_with_it() -> None:
    lines = [*LINES, "999999101200,甲村,village,2026-01-01,999999101201", "999999101201,乙村,village,,"]
    merged = DivisionTree.parse("\n".join(lines))
    things = {"old": {"residence": "999999101200"}, "new": {"residence": "999999101201"}}
    assert len(draw(Sample("0", "month", 0, (), (("village", 1),)), things, "seed", merged)) == 1


@pytest.mark.parametrize("sample", [Sample("local", "month", 1), Sample("all", "month", 1, (stratum(KIN, "local"),))])
def test_a_share_still_left_open_is_refused(sample: Sample) -> None:
    with pytest.raises(ValueError, match="抽查比例尚未由本级确定"):
        draw(sample, plain(KEYS), "seed", TREE)


def test_a_share_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="抽查比例“三成”无法识别"):
        draw(Sample("三成", "month", 1), plain(KEYS), "seed", TREE)


@settings(max_examples=25)
@given(SAMPLES, THINGS, st.text(max_size=5))
def test_what_is_on_record_of_a_draw_is_enough_to_make_it_again(sample: Sample, things: Things, seed: str) -> None:
    lots = lots_of(sample, things)
    assert draw_from(sample, lots, seed, TREE, sample.minimum) == draw(sample, things, seed, TREE)
    assert digest_of(lots) == digest_of(tuple(reversed(lots)))
    assert len(shares(sample, lots)) == len(sample.strata) + 1


@settings(max_examples=25)
@given(SAMPLES, THINGS, st.text(max_size=5))
def test_who_stands_in_is_of_the_same_stratum_and_was_not_drawn(sample: Sample, things: Things, seed: str) -> None:
    lots, taken = lots_of(sample, things), draw(sample, things, seed, TREE)
    by_key = {lot.key: lot for lot in lots}
    for gone in taken:
        waiting = list(next_after(lots, seed, gone, taken))
        assert {by_key[key].stratum for key in waiting} <= {by_key[gone].stratum}
        assert not {*waiting} & {*taken}
        assert len(waiting) == sum(lot.stratum == by_key[gone].stratum and lot.key not in taken for lot in lots)


def test_another_population_has_another_digest() -> None:
    lots = lots_of(Sample("0.5", "month", 0), plain(KEYS[:3]))
    assert digest_of(lots) != digest_of(lots_of(Sample("0.5", "month", 0), plain(KEYS[:4])))
    assert digest_of(lots) != digest_of(lots_of(Sample("0.5", "month", 0, (stratum(KIN, "all"),)), plain(KEYS[:2])))
