"""Who is helped now 长期公示: every night each village's list is drawn up anew, and hung where it is another one."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Deployment, machinery
from xunfang.actions.storing import store
from xunfang.casework import Asked, File, HelpedList, advance
from xunfang.casework.jobs import RENEW_HELPED
from xunfang.clock import Now, local_date
from xunfang.division import DivisionTree, bounds
from xunfang.rulebook.model import Rulebook
from xunfang.rules.publications import helped_words, level_of
from xunfang.store import Job, Transaction, connection, new_id
from xunfang.store.reading.publications import boards_hanging, helped_between, places_hanging

PIECE = 30
"""So many villages are looked at in one transaction."""
_REASON = "更新长期公示"
Rows = Mapping[str, Sequence[Mapping[str, str]]]


def begin_helped(deployment: Deployment, at: datetime) -> None:
    """Put the jobs that renew who hangs as helped, once for each day, programme and board.

    Also where something hangs that the rules do not let hang any more.
    """
    day = local_date(at).isoformat()
    for jurisdiction, rulebook in deployment.rulebooks.current.items():
        with acting(deployment, machinery(jurisdiction, _REASON), at) as act:
            for programme, board in sorted({*_posted(rulebook), *boards_hanging(act.tx, jurisdiction)}):
                key = f"{RENEW_HELPED}:{jurisdiction}:{programme}:{board}:{day}"
                payload = {"day": day, "programme": programme, "board": board, "piece": 0, "key": key}
                act.jobs([act.new_job(RENEW_HELPED, key, payload, at)])


def _posted(rulebook: Rulebook) -> Sequence[tuple[str, str]]:
    return [(each.id, board) for each in rulebook.programmes.values() for board in each.published.boards]


def places_of(rulebook: Rulebook, programme: str, board: str) -> tuple[str, ...]:
    """Return the places each of which has a list of its own of a programme on such a board, by code."""
    if (programme, board) not in _posted(rulebook):
        return ()
    return tuple(each.code for each in rulebook.divisions.of_level(level_of(board), rulebook.code))


def _spans(divisions: DivisionTree, board: str, places: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield from where to where people live who are on the lists of some places: also where these were before."""
    first, last = places[0], places[-1]
    yield first, last
    heirs = sorted(divisions.heirs.items())
    before = (old for old, heir in heirs if divisions.ancestor(heir, level_of(board)) in places)
    outside = list[str]()
    for old in before:
        if not (first <= old < bounds(last)[1] or old.startswith(tuple(outside))):
            outside.append(old)
            yield old, old


class HelpedRenewing:
    """The worker's part: renews the lists of a handful of villages, and puts a job for the rest."""

    brief = False

    def __init__(self, deployment: Deployment, now: Now) -> None:
        self.deployment, self.now = deployment, now

    def prepare(self, job: Job) -> Rows:
        """Return who is helped in each village of the piece, as the board may tell them."""
        day = date.fromisoformat(str(job.payload["day"]))
        rulebook, (programme, board) = self._rules(job, day), _what(job)
        begin = int(job.payload["piece"]) * PIECE
        places = places_of(rulebook, programme, board)[begin : begin + PIECE]
        found: dict[str, list[Mapping[str, str]]] = {place: [] for place in places}
        with connection(self.deployment.database, job.jurisdiction) as reader:
            for first, last in _spans(rulebook.divisions, board, places) if places else ():
                given = helped_between(reader, job.jurisdiction, programme, first, last, day)
                for place, name, members, cents in given:
                    there = rulebook.divisions.ancestor(rulebook.divisions.follow(place), level_of(board))
                    if there in found:
                        found[there].append(helped_words(board, name, members, cents))
        return found

    def finish(self, tx: Transaction, job: Job, prepared: Rows) -> None:
        """Hang what is another list than that which hangs there; after the last, take down what is to hang no more."""
        act = Act(tx, self.deployment, machinery(job.jurisdiction, _REASON), self.now())
        programme, board = _what(job)
        today = places_of(self._rules(job, local_date(act.at)), programme, board)
        for place in sorted(set(today).intersection(prepared)):
            _renew(act, {"place": place, "programme": programme, "board": board, "rows": prepared[place]})
        if (prepared and max(prepared) < max(today, default="")) or _take_down(act, programme, board, today):
            piece, key = int(job.payload["piece"]) + 1, str(job.payload["key"])
            act.jobs([act.new_job(RENEW_HELPED, f"{key}:{piece}", {**job.payload, "piece": piece}, act.at)])

    def _rules(self, job: Job, day: date) -> Rulebook:
        return self.deployment.rulebooks.of(job.jurisdiction).on(day)


def _what(job: Job) -> tuple[str, str]:
    return str(job.payload["programme"]), str(job.payload["board"])


def _take_down(act: Act, programme: str, board: str, places: Collection[str]) -> bool:
    """Take down what hangs where there is no list any more; return whether there is more of it than goes at once."""
    there = set(places)
    gone = [place for place in places_hanging(act.tx, act.actor.jurisdiction, programme, board) if place not in there]
    for place in gone[:PIECE]:
        _renew(act, {"place": place, "programme": programme, "board": board, "rows": ()})
    return len(gone) > PIECE


def _renew(act: Act, payload: Mapping[str, Any]) -> None:
    where = {"residence": payload["place"], "programme": payload["programme"], "board": payload["board"]}
    before = act.tx.select(HelpedList, jurisdiction=act.actor.jurisdiction, replaced_at=None, **where)
    if not before and not payload["rows"]:
        return
    asked = Asked(verb="renew-helped", actor=act.actor, payload=payload)
    store(act, advance(act.rules(), File(tuple(before)), asked, act.at, new_id))
