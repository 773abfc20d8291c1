"""Lines as of a past day: what came later is not there, and what was held then is."""

from datetime import date
from pathlib import Path

from actions.town import CENTRE, GRANTED, JURISDICTION, MEDICAL, START, TOLD, TOWNSHIP, Town, compiled
from desk.plain_ledgers import with_plain_ledgers
from xunfang.casework import Entitlement
from xunfang.desk.faces.ledgers import LedgerAsked
from xunfang.desk.ledgers import LedgerDesk
from xunfang.desk.lines import Line, lines_of, words
from xunfang.desk.releases import Releases
from xunfang.store import DutyPeriod, new_id, transaction
from xunfang.store.scoped import scoped
from xunfang.worktime import months_away


def as_of(town: Town, of: str, key: str, on: date | None) -> Line:
    actor = town.actor("leader")
    with scoped(town.database, actor.scope) as reader:
        (found,) = lines_of(reader, Releases(town.deployment.rulebooks, actor.jurisdiction), of, [key], town.at, on)
    return found


def test_a_case_is_told_as_it_stood_before_it_was_decided_and_closed(town: Town) -> None:
    key = town.dispatched()
    told_on = date(2026, 3, 10)
    town.later(days=2)
    town.complete("doctor", town.claim("doctor", town.task(key, MEDICAL)), "granted", GRANTED)
    town.later(days=1)
    town.complete("centre", town.task(key, "service-centre"), "done", TOLD)
    paths = ("case.state", "case.outcome", "task.findings", "task.claimed_by", "case.closed_at")
    then, decided, now = (as_of(town, "case", key, on) for on in (told_on, date(2026, 3, 12), None))
    assert [words(then, path) for path in paths] == ["调查办理", "", "", "", ""]
    assert [bool(words(decided, path)) for path in paths] == [True, False, True, True, False]
    assert [bool(words(now, path)) for path in paths] == [True, True, True, True, True]
    assert (then.facts["closed"], now.facts["closed"]) == (False, True)


def test_what_is_held_is_listed_by_the_day(town: Town) -> None:
    key = town.dispatched()
    town.complete("doctor", town.task(key, MEDICAL), "granted", {**GRANTED, "amount": 8000})
    (row,) = town.rows(Entitlement)
    desk, actor = LedgerDesk(town.deployment), town.actor("leader")
    ledger = next(each for each in town.rulebook.ledgers.values() if each.of == "person")

    def held(on: date | None) -> str:
        return words(as_of(town, "person", row.person, on), "entitlement.programme")

    before = months_away(row.since, -1) if row.since.day > 1 else date(2026, 2, 1)
    assert (held(row.since), held(before)) == ("医疗救助", "")
    assert desk.page(actor, ledger.id, LedgerAsked(on=row.since), town.at).as_of


def test_a_ledger_as_of_a_past_day_lists_what_went_on_or_had_ended_then(tmp_path: Path) -> None:
    town = Town(tmp_path, with_plain_ledgers(compiled()))
    key = town.dispatched()
    town.later(days=2)
    town.complete("doctor", town.claim("doctor", town.task(key, MEDICAL)), "granted", GRANTED)
    town.later(days=1)
    town.complete("centre", town.task(key, "service-centre"), "done", TOLD)
    owed = DutyPeriod(
        id=new_id(), jurisdiction=JURISDICTION, duty="township-monthly", unit=f"township:{TOWNSHIP}", to=(CENTRE,),
        residence=TOWNSHIP, every="month", begins_on=date(2026, 3, 1), release=town.case(key).release, opened_at=START,
        ended_at=town.at, status="reported",
    )  # fmt: skip
    with transaction(town.database, JURISDICTION) as tx:
        tx.insert(owed)
    desk, leader = LedgerDesk(town.deployment), town.actor("leader")

    def listed(of: str, stands: str, on: date | None = None) -> int:
        return len(desk.page(leader, of, LedgerAsked(stands=stands, on=on), town.at).lines)

    before, last = date(2026, 3, 10), date(2026, 3, 13)
    for of in ("case", "duty"):
        told = [listed(of, stands, on) for on in (before, last, None) for stands in ("open", "ended", "")]
        assert told == [1, 0, 1, 0, 1, 1, 0, 1, 1], of
    tasks = [listed("task", stands, on) for on in (before, date(2026, 3, 12), last) for stands in ("open", "ended")]
    assert tasks == [1, 1, 1, 2, 0, 3]  # that it was to be dispatched was decided at once
    town.database.close()
