"""One-time codes are those of RFC 6238, whose test vectors these are (appendix B, SHA-1, the last six digits)."""

import base64
from datetime import UTC, datetime

import pytest

from xunfang.store.onetime import code_at, new_shared, step_of, step_shown

SHARED = base64.b32encode(b"12345678901234567890").decode()
VECTORS = (
    (59, "94287082"),
    (1111111109, "07081804"),
    (1111111111, "14050471"),
    (1234567890, "89005924"),
    (2000000000, "69279037"),
    (20000000000, "65353130"),
)


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_the_vectors_of_the_rfc(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert code_at(SHARED, step_of(at)) == code[-6:]
    assert step_shown(SHARED, code[-6:], at, 0) == seconds // 30


def test_a_span_before_and_after_is_taken_and_none_twice() -> None:
    at = datetime(2026, 9, 29, tzinfo=UTC)
    now = step_of(at)
    taken = [step for step in range(now - 4, now + 5) if step_shown(SHARED, code_at(SHARED, step), at, 0) is not None]
    assert taken == [now - 1, now, now + 1]
    assert step_shown(SHARED, code_at(SHARED, now), at, now) is None
    assert step_shown(SHARED, code_at(SHARED, now - 1), at, now) is None
    assert step_shown(SHARED, code_at(SHARED, now + 1), at, now) == now + 1


def test_secrets_are_as_long_as_the_hash_and_differ() -> None:
    made = {new_shared() for _ in range(20)}
    assert len(made) == 20
    assert {len(base64.b32decode(each)) for each in made} == {20}
