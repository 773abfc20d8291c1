"""Rosters in sentences."""

from collections.abc import Iterator

from xunfang.rulebook.model import Roster, Rulebook
from xunfang.rules.describe.lines import Line, line
from xunfang.rules.describe.words import unit_words


def lines(rulebook: Rulebook) -> Iterator[Line]:
    """Yield every roster: whom it pays, who drafts, reviews and signs it, and who pays by it."""
    for roster in rulebook.rosters.values():
        yield line(rulebook, roster.id, _roster(rulebook, roster), roster.basis)


def _roster(rulebook: Rulebook, roster: Roster) -> str:
    programme = rulebook.programmes[roster.programme].label
    parts = [f"{roster.label}每月由{unit_words(rulebook, roster.drafted_by)}按当月1日在享受的{programme}起草"]
    if roster.reviewed_by:
        parts.append(f"{rulebook.roles[roster.reviewed_by].label}审核")
    parts.append(f"{rulebook.roles[roster.signed_off_by].label}签发")
    if roster.goes_to:
        parts.append(f"移交{unit_words(rulebook, roster.goes_to)}发放")
    if roster.excludes:
        others = "、".join(rulebook.programmes[each].label for each in roster.excludes)
        parts.append(f"同一户又享受{others}的，不能定稿")
    return "，".join(parts)
