"""Soft words 软性期限: what a policy says without a number, and the local number behind it."""

from collections.abc import Mapping
from dataclasses import dataclass

from xunfang.worktime import Limit, LimitKind, parse_limit

SOFT_WORDS: Mapping[str, str] = {
    "immediately": "立即", "promptly": "及时", "at-once": "第一时间", "quickly": "快速", "regularly": "定期",
    "actively": "积极",
}  # fmt: skip
"""The words of policies that have a name of their own; a county may name others."""


@dataclass(frozen=True, slots=True)
class Term:
    """A limit as a rule writes it, and what it counts here: None while it is still to be set locally."""

    written: Limit
    counts: Limit | None

    @property
    def soft(self) -> str:
        """Return the policy's word where it gave no number, "" for a number of its own."""
        return self.written.name

    def __str__(self) -> str:
        return str(self.written)


def settled(written: Limit, soft: Mapping[str, Limit]) -> Term:
    """Return a limit with what it counts where these local numbers stand behind soft words."""
    counts = soft.get(written.name) if written.kind is LimitKind.SOFT else written
    return Term(written, counts if counts and counts.is_resolved else None)


def fixed(text: str) -> Term:
    """Return the limit that a text names without any soft word; raises ValueError for one it does not name."""
    return settled(parse_limit(text), {})
