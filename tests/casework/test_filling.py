"""What is filled in of one person stands in one line of versions, whatever was there before."""

from datetime import date, timedelta
from itertools import count, pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from casework.county import County
from xunfang.casework import Case, Entitlement
from xunfang.casework.filling import Past, written
from xunfang.rules.entitlements import Decided

COUNTY = County()
BEGAN = date(2026, 1, 1)
DECISIONS = st.lists(
    st.tuples(
        st.integers(0, 300), st.sampled_from(["granted", "refused", "suspended", "exited"]), st.sampled_from(["a", "b"])
    ),
    max_size=8,
    unique_by=lambda each: each[0],
)


def past(case: Case, day: int, state: str, programme: str) -> Past:
    since = BEGAN + timedelta(days=day)
    until = since if state == "refused" else None
    decided = Decided(programme, state, since, until, None, 0, "")
    at = COUNTY.at + timedelta(days=day)
    return Past(case, f"task{day}", "civil-affairs", at, "", (), decided)


def written_twice(decisions: list[tuple[int, str, str]], first: int) -> tuple[dict[str, Entitlement], list[Past], Any]:
    case, keys = COUNTY.report(), count(1)
    pasts = [past(case, *each) for each in sorted(decisions)]
    later = pasts[first:]
    new_id = lambda: f"{next(keys):04d}"  # noqa: E731
    return written(written([], later, new_id).values(), pasts, new_id), pasts, new_id


@settings(max_examples=80, deadline=None)
@given(DECISIONS, st.integers(0, 8))
def test_versions_of_one_programme_never_overlap_and_are_written_once(
    decisions: list[tuple[int, str, str]], first: int
) -> None:
    rows, pasts, new_id = written_twice(decisions, first)
    assert len(rows) == len(pasts)
    assert written(rows.values(), pasts, new_id) == rows
    for programme in ("a", "b"):
        held = sorted(
            (row for row in rows.values() if row.programme == programme and row.state != "refused"),
            key=lambda row: row.since,
        )
        for one, next_one in pairwise(held):
            goes_on = one.state in ("granted", "suspended")
            assert not goes_on or (one.until is not None and one.until < next_one.since)


def test_what_was_kept_already_follows_what_is_filled_in_before_it() -> None:
    rows, _, _ = written_twice([(0, "granted", "a"), (40, "granted", "a")], 1)
    old = next(row for row in rows.values() if row.since == BEGAN)
    new = next(row for row in rows.values() if row.since > BEGAN)
    assert (old.until, new.follows, new.until) == (BEGAN + timedelta(days=39), old.id, None)
