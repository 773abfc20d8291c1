"""Proposals of routing as a dispatch keeps them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from xunfang.clock import local, parse
from xunfang.rulebook.model import RoutingTable, Rulebook
from xunfang.rules.amounts import sums
from xunfang.rules.routing import Proposal, conditions_of


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


def worked_out(
    rulebook: Rulebook, table: RoutingTable, judged: Iterable[tuple[Proposal, Mapping[str, Any]]]
) -> dict[str, Any]:
    """Return, for the record, the sums by which a table proposes somebody; nothing where it compares none.

    Each proposal comes with the facts by which it was made; `sums_by` tells its own sums, by its rows.
    """
    found = {rows_of(item.routes): list(sums(rulebook, conditions_of(table, [item]), facts)) for item, facts in judged}
    every = list(dict.fromkeys(told for each in found.values() for told in each))
    return {"sums": every, "sums_by": {rows: each for rows, each in found.items() if each}} if every else {}


def rows_of(routes: Iterable[str]) -> str:
    """Return the rows of a table by which something was proposed, as the record writes them."""
    return ",".join(routes)


def cites_of(proposals: Sequence[Proposal]) -> tuple[str, ...]:
    """Return the clauses that proposals rest on, each once."""
    return tuple(dict.fromkeys(clause for item in proposals for clause in item.cites))
