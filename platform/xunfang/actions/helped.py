"""Who is helped now 长期公示: every night each village's list is drawn up anew, and hung where it is another one."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Deployment, machinery
from xunfang.actions.storing import store
from xunfang.casework import Asked, File, HelpedList, advance
from xunfang.casework.jobs import RENEW_HELPED
from xunfang.clock import Now, local_date
from xunfang.rulebook.model import Rulebook
from xunfang.rules.publications import helped_words, level_of
from xunfang.store import Job, Transaction, connection, new_id
from xunfang.store.reading.publications import helped_between

PIECE = 30
"""So many villages are looked at in one transaction."""
_REASON = "更新长期公示"
Rows = Mapping[str, Sequence[Mapping[str, str]]]


def begin_helped(deployment: Deployment, at: datetime) -> None:
    """Put the jobs that renew who hangs as helped, once for each day, programme and board."""
    day = local_date(at).isoformat()
    for jurisdiction, rulebook in deployment.rulebooks.current.items():
        with acting(deployment, machinery(jurisdiction, _REASON), at) as act:
            for programme, board in _posted(rulebook):
                key = f"{RENEW_HELPED}:{jurisdiction}:{programme}:{board}:{day}"
                payload = {"day": day, "programme": programme, "board": board, "piece": 0, "key": key}
                act.jobs([act.new_job(RENEW_HELPED, key, payload, at)])


def _posted(rulebook: Rulebook) -> Sequence[tuple[str, str]]:
    return [(each.id, board) for each in rulebook.programmes.values() for board in each.published.boards]


def places_of(rulebook: Rulebook, board: str) -> tuple[str, ...]:
    """Return the places each of which has a list of its own on such a board, by code."""
    return tuple(each.code for each in rulebook.divisions.of_level(level_of(board), rulebook.code))


class HelpedRenewing:
    """The worker's part: renews the lists of a handful of villages, and puts a job for the rest."""

    brief = False

    def __init__(self, deployment: Deployment, now: Now) -> None:
        self.deployment, self.now = deployment, now

    def prepare(self, job: Job) -> Rows:
        """Return who is helped in each village of the piece, as the board may tell them."""
        day = date.fromisoformat(str(job.payload["day"]))
        rulebook, places = self._piece(job)
        if not places:
            return {}
        found: dict[str, list[Mapping[str, str]]] = {place: [] for place in places}
        board = str(job.payload["board"])
        with connection(self.deployment.database, job.jurisdiction) as reader:
            asked = (job.jurisdiction, str(job.payload["programme"]), places[0], places[-1], day)
            for place, name, members, cents in helped_between(reader, *asked):
                there = rulebook.divisions.ancestor(rulebook.divisions.follow(place), level_of(board))
                if there in found:
                    found[there].append(helped_words(board, name, members, cents))
        return found

    def finish(self, tx: Transaction, job: Job, prepared: Rows) -> None:
        """Hang what is another list than that which hangs there."""
        act = Act(tx, self.deployment, machinery(job.jurisdiction, _REASON), self.now())
        programme, board = str(job.payload["programme"]), str(job.payload["board"])
        rulebook, places = self._piece(job)
        if programme not in act.rules().programmes:
            return
        for place in places:
            payload = {"place": place, "programme": programme, "board": board, "rows": prepared.get(place, ())}
            _renew(act, payload)
        if places and places[-1] != places_of(rulebook, board)[-1]:
            piece, key = int(job.payload["piece"]) + 1, str(job.payload["key"])
            act.jobs([act.new_job(RENEW_HELPED, f"{key}:{piece}", {**job.payload, "piece": piece}, act.at)])

    def _piece(self, job: Job) -> tuple[Rulebook, tuple[str, ...]]:
        rulebook = self.deployment.rulebooks.of(job.jurisdiction).on(date.fromisoformat(str(job.payload["day"])))
        begin = int(job.payload["piece"]) * PIECE
        return rulebook, places_of(rulebook, str(job.payload["board"]))[begin : begin + PIECE]


def _renew(act: Act, payload: Mapping[str, Any]) -> None:
    where = {"residence": payload["place"], "programme": payload["programme"], "board": payload["board"]}
    before = act.tx.select(HelpedList, jurisdiction=act.actor.jurisdiction, replaced_at=None, **where)
    if not before and not payload["rows"]:
        return
    asked = Asked(verb="renew-helped", actor=act.actor, payload=payload)
    store(act, advance(act.rules(), File(tuple(before)), asked, act.at, new_id))
