"""Soft words 软性期限: what a policy says without a number, and the local number behind it."""

from collections.abc import Mapping

from xunfang.worktime import Limit, parse_limit


def resolved(text: str, soft: Mapping[str, str]) -> Limit | None:
    """Return the limit a text stands for, soft words looked up; None when it is still to be set locally."""
    text = soft.get(text.removeprefix("soft:"), "local") if text.startswith("soft:") else text
    try:
        limit = parse_limit(text)
    except ValueError:
        return None
    return limit if limit.is_resolved else None
