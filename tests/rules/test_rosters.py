"""What rosters owe and pay: however decisions come, change and are taken back, every month comes out even."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from xunfang.rules.rosters import (
    BACK,
    REGULAR,
    RESUMED,
    TAKEN,
    Paid,
    Total,
    Version,
    before,
    by_place,
    masked_account,
    owed_by,
    payments,
    total_of,
    yuan,
)

FIRST = date(2026, 1, 1)
MONTHS = tuple(before(FIRST, -n) for n in range(8))


def version(since: str, until: str = "", cents: int | None = 53000, key: str = "a") -> Version:
    return Version(key, date.fromisoformat(since), date.fromisoformat(until) if until else None, cents)


def lived(turns: "list[tuple[list[Version], bool]]") -> dict[int, list[tuple[str, date, int, str]]]:
    """Let each month draft its lines by what is decided then; one held back is not paid."""
    paid, made = list[Paid](), dict[int, list[tuple[str, date, int, str]]]()
    for n, (versions, held_back) in enumerate(turns):
        lines = payments(versions, paid, FIRST, MONTHS[n])
        made[n] = [(line.kind, line.month, line.cents, line.refers) for line in lines]
        keys = {line.month for line in lines}
        assert len(keys) == len(lines), "a month stands once on a roll at most"
        paid += [Paid(f"{n}-{line.month}", line.month, line.cents) for line in lines if not held_back]
    return made


def test_a_month_is_owed_what_is_held_on_its_first_day() -> None:
    march = version("2026-03-01", "2026-05-12")
    assert [owed_by([march], month) is not None for month in MONTHS[:6]] == [False, False, True, True, True, False]
    assert owed_by([version("2026-03-02")], date(2026, 3, 1)) is None


def test_what_is_decided_late_is_paid_back_and_what_ended_is_taken_back() -> None:
    late, ended = [version("2026-01-01")], [version("2026-01-01", "2026-01-31")]
    made = lived([([], False), (late, False), (late, False), (ended, False)])
    assert made[1] == [(BACK, MONTHS[0], 53000, ""), (REGULAR, MONTHS[1], 53000, "")]
    assert made[3] == [(TAKEN, MONTHS[1], -53000, "1-2026-02-01"), (TAKEN, MONTHS[2], -53000, "2-2026-03-01")]


def test_what_changed_in_amount_is_evened_out_by_the_difference() -> None:
    raised = [version("2026-01-01", "2026-01-31"), version("2026-02-01", cents=60000, key="b")]
    made = lived([([version("2026-01-01")], False), ([version("2026-01-01")], False), (raised, False)])
    assert made[2] == [(BACK, MONTHS[1], 7000, "1-2026-02-01"), (REGULAR, MONTHS[2], 60000, "")]


def test_what_goes_on_after_a_gap_says_after_which_line() -> None:
    gap = [version("2026-01-01", "2026-01-31"), version("2026-03-01", key="b")]
    made = lived([(gap, False), (gap, False), (gap, False), (gap, False)])
    assert (made[1], made[2]) == ([], [(RESUMED, MONTHS[2], 53000, "0-2026-01-01")])
    assert made[3] == [(REGULAR, MONTHS[3], 53000, "")]


def test_what_was_held_back_comes_as_a_back_payment() -> None:
    held = [version("2026-01-01")]
    assert lived([(held, True), (held, False)])[1] == [(BACK, MONTHS[0], 53000, ""), (REGULAR, MONTHS[1], 53000, "")]


def test_what_has_no_amount_is_told_once_and_takes_nothing_back() -> None:
    unknown = [version("2026-01-01", cents=None)]
    made = lived([([version("2026-01-01")], False), (unknown, False)])
    assert made[1] == [(REGULAR, MONTHS[1], 0, "")]


_SPANS = st.tuples(st.integers(-40, 200), st.integers(0, 160) | st.none(), st.integers(1, 90_000))


def _version(n: int, span: tuple[int, int | None, int]) -> Version:
    since = FIRST + timedelta(days=span[0])
    return Version(f"v{n}", since, None if span[1] is None else since + timedelta(days=span[1]), span[2])


@settings(max_examples=150)
@given(st.lists(st.tuples(st.lists(_SPANS, max_size=3), st.booleans()), min_size=1, max_size=7))
def test_every_month_is_paid_what_it_is_owed_and_no_more(
    turns: list[tuple[list[tuple[int, int | None, int]], bool]],
) -> None:
    paid = list[Paid]()
    for n, (spans, held_back) in enumerate(turns):
        versions = [_version(k, span) for k, span in enumerate(spans)]
        lines = payments(versions, paid, FIRST, MONTHS[n])
        known = {line.key for line in paid}
        assert all(not line.refers or line.refers in known for line in lines)
        assert all(line.cents > 0 for line in lines if line.kind != TAKEN)
        assert all(line.cents < 0 and line.refers for line in lines if line.kind == TAKEN)
        if not held_back:
            paid += [Paid(f"{n}-{line.month}", line.month, line.cents) for line in lines]
            for month in MONTHS[: n + 1]:
                owed, given_ = owed_by(versions, month), sum(line.cents for line in paid if line.month == month)
                assert given_ == (owed.cents if owed else 0), "each month is paid once net, and nothing after an exit"
    again = payments([_version(k, span) for k, span in enumerate(turns[-1][0])], paid, FIRST, MONTHS[len(turns) - 1])
    assert turns[-1][1] or not again, "what is even stays as it is"


_KINDS = st.sampled_from([REGULAR, RESUMED, BACK, TAKEN])


@given(st.lists(st.tuples(st.sampled_from(["1001", "1002", "2001"]), _KINDS, st.integers(1, 999_999)), max_size=30))
def test_totals_are_the_sums_of_their_lines(lines: list[tuple[str, str, int]]) -> None:
    signed = [(place, kind, -cents if kind == TAKEN else cents) for place, kind, cents in lines]
    found = [(place, total_of(kind, 1, 2, cents)) for place, kind, cents in signed]
    sums = by_place(found, lambda place: place[:1])
    assert sum(total.cents for total in sums.values()) == sum(cents for _, _, cents in signed)
    whole = sum(sums.values(), Total())
    months = [kind for _, kind, _ in signed if kind in (REGULAR, RESUMED)]
    assert (whole.households, whole.insured) == (len(months), 2 * len(months))
    assert replace(whole, regular=0, back=0).cents == sum(cents for _, _, cents in signed if cents < 0)


def test_amounts_and_accounts_in_words() -> None:
    assert [yuan(cents) for cents in (0, 5, 123456789, -53000)] == ["0.00", "0.05", "1,234,567.89", "-530.00"]
    assert masked_account("6217001234567890123") == "****0123"
