"""Times as people say them: what is said reads back to the very same, and other ways to say it are understood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xunfang.rulebook.spoken import (
    AFTER,
    DUE,
    HELP,
    LIMIT,
    PROPOSED,
    REMINDER,
    RHYTHM,
    meant,
    meant_word,
    said,
    said_word,
)


@pytest.mark.parametrize(
    ("how", "written", "words"),
    [
        (LIMIT, "5 workdays", "5个工作日"),
        (LIMIT, "1 workday", "1个工作日"),
        (LIMIT, "same day", "当日"),
        (LIMIT, "24 hours", "24小时"),
        (LIMIT, "half day", "半个工作日"),
        (LIMIT, "3 months", "3个月"),
        (LIMIT, "by day 28 of next month", "次月28日前"),
        (LIMIT, "by 12-31", "12月31日前"),
        (LIMIT, "by Wednesday", "周三前"),
        (LIMIT, "soft:promptly", "及时"),
        (LIMIT, "local", "由当地规定"),
        (REMINDER, "1 workday before", "到期前1个工作日"),
        (REMINDER, "at due", "到期当日"),
        (REMINDER, "10 days after", "到期后10天"),
        (AFTER, "0 workdays", "到期时"),
        (AFTER, "2 workdays", "到期后2个工作日"),
        (RHYTHM, "5 workdays", "每5个工作日"),
        (DUE, "day 5", "5日前"),
        (DUE, "month end", "月底前"),
        (DUE, "Monday", "周一前"),
        (DUE, "12-31", "12月31日前"),
    ],
)
def test_it_is_said_and_meant(how: str, written: str, words: str) -> None:
    assert said(how, written) == words
    assert meant(how, words) == written


def test_words_without_a_number_are_said_beside_their_times() -> None:
    for written, words in (("promptly", "及时"), ("own-word", "own-word"), ("3 workdays", "3个工作日")):
        assert said_word(LIMIT, written) == words
        assert meant_word(LIMIT, words) == written


@pytest.mark.parametrize(
    ("typed", "written"),
    [("五个工作日内", "5 workdays"), (" ５ 个工作日 ", "5 workdays"), ("3工作日", "3 workdays"), ("7日", "7 days"),
     ("次月5号前", "by day 5 of next month"), ("5 workdays", "5 workdays"), ("很快", "很快")],
)  # fmt: skip
def test_people_type_it_in_their_own_way(typed: str, written: str) -> None:
    assert meant(LIMIT, typed) == written


@pytest.mark.parametrize("how", [LIMIT, REMINDER, AFTER, RHYTHM, DUE])
def test_what_is_proposed_is_understood(how: str) -> None:
    assert HELP[how]
    for words in PROPOSED[how]:
        assert said(how, meant(how, words)) == words


@given(
    st.sampled_from([LIMIT, REMINDER, AFTER, RHYTHM, DUE]),
    st.from_regex(r"[0-9]{1,4} (workday|day|hour|minute|week)s?( before| after)?", fullmatch=True)
    | st.text(max_size=12),
)
def test_whatever_is_written_reads_back_to_itself(how: str, written: str) -> None:
    words = said(how, written)
    assert words == written or meant(how, words) == written
