"""Proposals of routing as a dispatch keeps them."""

from collections.abc import Mapping, Sequence
from typing import Any

from xunfang.clock import local, parse
from xunfang.rules.routing import Proposal


def as_data(proposals: Sequence[Proposal]) -> list[dict[str, Any]]:
    """Return proposals as a dispatch keeps them."""
    return [
        {
            "lead": item.lead,
            "assist": list(item.assist),
            "routes": list(item.routes),
            "cites": list(item.cites),
            "practice": item.practice,
            "meeting": item.meeting,
            **({"since": local(item.since).isoformat()} if item.since else {}),
            **({"informs": list(item.informs)} if item.informs else {}),
        }
        for item in proposals
    ]


def proposal_of(kept: Mapping[str, Any]) -> Proposal:
    """Return a proposal as a dispatch keeps it."""
    return Proposal(
        str(kept["lead"]),
        tuple(kept["assist"]),
        tuple(kept["routes"]),
        tuple(kept["cites"]),
        str(kept.get("practice", "")),
        str(kept.get("meeting", "")),
        parse(str(kept["since"])) if kept.get("since") else None,
        tuple(kept.get("informs", ())),
    )


def cites_of(proposals: Sequence[Proposal]) -> tuple[str, ...]:
    """Return the clauses that proposals rest on, each once."""
    return tuple(dict.fromkeys(clause for item in proposals for clause in item.cites))
