"""Who is helped now 长期公示: hangs in each village until another list takes its place; what hung before is kept."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from xunfang.casework.draft import Draft
from xunfang.casework.rows import HelpedList
from xunfang.casework.verb import Asked
from xunfang.rules.flow import home_of
from xunfang.rules.units import duty_phone, unit_label


def renew(draft: Draft, asked: Asked) -> None:
    """Let it hang in a village who has a programme now 长期公示: what hung there before is kept, and replaced.

    `payload`: the `place`, `programme` and `board`, and the `rows` as the board may tell them. Nothing comes of it
    where the same hangs there already. Without rows what hangs there comes down, whatever the rules know by now.
    """
    place, programme, board = (str(asked.payload[name]) for name in ("place", "programme", "board"))
    rows = [dict(row) for row in asked.payload["rows"]]
    before = draft.first(HelpedList, residence=place, programme=programme, board=board, replaced_at=None)
    told = _told(draft, place, programme, rows) if rows else {}
    digest = _digest(told)
    if (before and before.sha256 == digest) or not (before or rows):
        return
    if before:
        draft.change(before, replaced_at=draft.at)
    data = {"programme": programme, "board": board, "place": place, "households": len(rows), "sha256": digest}
    rule = draft.rulebook.programmes.get(programme)
    cites = rule.published.basis.cites if rule else ()
    draft.event("helped.posted", data=data, rule=programme if rule else "", cites=cites)
    if rows:
        draft.put(
            HelpedList(
                id=draft.new_id(),
                jurisdiction=draft.actor.jurisdiction,
                residence=place,
                programme=programme,
                board=board,
                release=draft.rulebook.digest,
                told=told,
                households=len(rows),
                sha256=digest,
                posted_at=draft.at,
            )
        )


def _told(draft: Draft, place: str, programme: str, rows: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Return what hangs there, with whom one may tell of it: where applications for the programme begin."""
    rulebook = draft.rulebook
    flow = rulebook.flows.get(rulebook.programmes[programme].flow)
    to = home_of(rulebook, flow, {"residence": place}) if flow else ""
    phone = duty_phone(rulebook, to) if to else ""
    return {"rows": list(rows), "to": unit_label(rulebook, to) if to else "", "phone": phone or rulebook.info.hotline}


def _digest(told: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
