"""The series that number papers: which units count, and when two numbers would look the same."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from xunfang.desk.studio.number_series import Numbering, next_number, series_seen, warnings_of
from xunfang.rulebook.model import Rulebook
from xunfang.rulebook.number_patterns import LEADS, YEARS, NumberPattern, number_faults, pattern_of, pieces_of

WORDS = st.text(st.characters(blacklist_characters="{}第〔年-", blacklist_categories=("Cs", "Cc")), max_size=6)


@given(WORDS, st.booleans(), WORDS, st.sampled_from(list(YEARS)), st.sampled_from(list(LEADS)), WORDS)
def test_a_number_is_read_in_the_pieces_it_was_put_together_of(
    before: str, unit: bool, after: str, year: str, lead: str, end: str
) -> None:
    pieces = NumberPattern(before, unit, after if unit else "", year, lead, end)
    assert pieces_of(pattern_of(pieces)) == pieces


def test_what_is_no_such_number_has_no_pieces() -> None:
    for other in ("{n}{year}", "救〔{year}〕", "{year}救〔{year}〕{n}", "救{word}{n}号", "{n}{n}"):
        assert pieces_of(other) is None
    assert number_faults(NumberPattern()) == ["请写机关代字，如“×社救转”。"]
    assert number_faults(NumberPattern("{x}"))
    assert number_faults(NumberPattern("博" * 31))
    assert number_faults(NumberPattern("博", year="{n}"))


def test_two_series_that_look_alike_are_told(rulebook: Rulebook) -> None:
    kind = rulebook.notices["closing-notice"]
    nothing, some = Numbering(2026, {}), Numbering(2026, {kind.number: 5})
    assert warnings_of(kind.number, rulebook, rulebook, kind, some) == []
    assert next_number(kind.number, rulebook, kind.seal, some) == "博社救结〔2026〕6号"
    assert any("重新从1号" in told for told in warnings_of("救〔{year}〕{n}号", rulebook, rulebook, kind, some))
    assert warnings_of("救〔{year}〕{n}号", rulebook, rulebook, kind, nothing) == []
    back = Numbering(2026, {kind.number: 5, "救〔{year}〕{n}号": 3})
    assert any("接着往下编" in told for told in warnings_of("救〔{year}〕{n}号", rulebook, rulebook, kind, back))
    assert any("明年" in told for told in warnings_of("救{n}号", rulebook, rulebook, kind, nothing))


def test_units_of_divisions_count_each_for_itself(rulebook: Rulebook) -> None:
    kind = next(each for each in rulebook.notices.values() if each.number and rulebook.units[each.seal].per)
    seen = series_seen(kind.number, rulebook, kind)
    assert len(seen) > 1
    assert all(series == f"{kind.number}@{unit.partition(':')[2]}" for series, unit in seen.items())
    bare = kind.number.replace("{unit}", "博")
    assert any("各编各的" in told for told in warnings_of(bare, rulebook, rulebook, kind, Numbering(2026, {})))
    other = next(each for each in rulebook.notices.values() if each.number and not rulebook.units[each.seal].per)
    unit = next(iter(seen.values()))
    word = next_number("{unit}", rulebook, unit, Numbering(2026, {}))
    like = kind.number.replace("{unit}", word)
    told = warnings_of(like, rulebook, rulebook, other, Numbering(2026, {}))
    assert any(f"会和“{kind.label}”编出一样的文号" in each for each in told)
    gone = replace(rulebook, notices={name: each for name, each in rulebook.notices.items() if name != kind.id})
    assert not any(kind.label in each for each in warnings_of(like, gone, gone, other, Numbering(2026, {})))
    used = Numbering(2026, {next(iter(seen)): 2})
    assert any(kind.label in each for each in warnings_of(like, gone, rulebook, other, used)), "given out this year"
