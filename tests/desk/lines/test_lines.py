"""Lines of ledgers and indicators: what is known of each kind of thing, its words, masks, and in how few statements."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from actions.town import GRANTED, MEDICAL, SIBLING, TOWNSHIP, VILLAGE, Town, other_id, report
from xunfang.actions.duties import begin_duties, hand_in
from xunfang.actions.submitting import submit
from xunfang.casework import Entitlement, Visit
from xunfang.clock import parse
from xunfang.desk.labels import Labels
from xunfang.desk.lines import Line, cell, lines_of, words
from xunfang.desk.lines.needed import parts_for
from xunfang.desk.releases import Releases
from xunfang.rulebook.acts import SEEN_FROM
from xunfang.rulebook.model import Operator, Rulebook, Test
from xunfang.rules.conditions import holds
from xunfang.store import Case, Clue, DutyPeriod, Notice, Person, Scope, Task, composing, new_id, transaction
from xunfang.store.reading import rows_by
from xunfang.store.reading.case_file import person_place
from xunfang.store.reading.lines import SUBJECTS, Parts
from xunfang.store.reading.rows_by import UNTOLD
from xunfang.store.scoped import scoped

MONTHLY = "township-monthly"
LATER = frozenset[str]()
"""Kinds of thing that have no rows yet: none."""


def lines(town: Town, of: str, *keys: str, by: str = "leader") -> list[Line]:
    rules = Releases(town.deployment.rulebooks, town.actor(by).jurisdiction)
    with scoped(town.database, town.actor(by).scope) as reader:
        return lines_of(reader, rules, of, keys, town.at)


def line(town: Town, of: str, key: str, by: str = "leader") -> Line:
    (found,) = lines(town, of, key, by=by)
    return found


def granted(town: Town, **told: object) -> str:
    case = town.dispatched(**told)
    task = town.claim("doctor", town.task(case, MEDICAL))
    town.complete("doctor", task, "granted", {**GRANTED, "amount": 8000})
    return case


def visit(town: Town, name: str, residence: str = VILLAGE, **told: object) -> Visit:
    answers = {"visited_on": "2026-03-10", "name": name, "residence": residence, "found_difficulty": False, **told}
    key = new_id()
    submit(town.deployment, town.actor("village"), "visit", answers, key, town.at)
    return town.first(Visit, submission=key)


def test_every_kind_of_thing_has_lines() -> None:
    assert SUBJECTS.keys() == SEEN_FROM.keys() - LATER


def test_a_case_tells_what_was_reported_done_and_decided(town: Town) -> None:
    found = line(town, "case", key := granted(town, categories=["disabled"]))
    case = town.case(key)
    expected = {
        "case.number": case.number, "case.flow": "困难线索办理", "case.needs": "医疗救助", "case.closed_at": "",
        "clue.difficulty": report()["difficulty"], "clue.willing": "是", "clue.urgency": "一般",
        "clue.found_at": "2026-03-10 08:30", "person.name": report()["name"],
        "person.sex": "女", "task.units": "区医保分局",
        "task.claimed_by": "测试doctor", "task.visited_on": "2026-03-10",
        "task.findings": GRANTED["findings"], "task.eligible": "是", "task.programme": "医疗救助",
        "task.amount": "8000",
    }  # fmt: skip
    assert {path: words(found, path) for path in expected} == expected
    assert (found.case, found.person) == (key, case.person)


def test_of_who_moved_away_a_visit_or_a_grant_tells_no_more_than_it_did_then(town: Town) -> None:
    """Somebody without a case here, as of a list that a county began with, is out of sight once they moved away."""
    key = granted(town)
    person, away = town.case(key).person, f"{SIBLING}011"
    (given,) = town.rows(Entitlement, person=person)
    seen = visit(town, report()["name"])
    phone = {"sealed": town.keys.seal_values({"phone": "13911112222", "id_number": other_id(24)}, person_place(person))}
    with transaction(town.database, "") as tx:
        tx.update(Person, {"id": person}, {"residence": away, "registration": away, **phone})
        tx.update(Case, {"id": key}, {"residence": away})
        tx.update(Task, {"case": key}, {"unit": MEDICAL})
        tx.update(Clue, {"case": key}, {"joined": True})
    places = {"person.residence", "person.registration", "person.phone"}
    for of, thing in (("visit", seen.id), ("entitlement", given.id)):
        here, there = line(town, of, thing, by="township"), line(town, of, thing, by="leader")
        assert (here.person, there.person) == ("", person), of
        told = {cell(here, path, whole=True) for path in places}
        assert told == {Labels(town.rulebook).place(VILLAGE), None}, of
        assert {words(there, path) for path in places} == {words(there, "person.residence"), "139****2222"}, of
        assert words(here, "person.name") == report()["name"]


def test_what_is_left_unread_of_rows_no_line_tells(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    key = granted(town)
    keys = {"case": key, "task": town.first(Task, case=key).id, "notice": town.first(Notice, case=key).id}
    seen = {}
    for untold in (UNTOLD, {}):
        monkeypatch.setattr(rows_by, "UNTOLD", untold)
        composing.forget()
        seen[len(untold)] = [(each.facts, each.said) for of, one in keys.items() for each in lines(town, of, one)]
    composing.forget()
    assert seen[len(UNTOLD)] == seen[0]
    assert all(facts for facts, _ in seen[0])


def test_numbers_days_and_moments_stay_what_they_are(town: Town) -> None:
    found = line(town, "case", granted(town))
    assert cell(found, "task.amount") == 8000
    assert cell(found, "task.visited_on") == date(2026, 3, 10)
    assert str(cell(found, "case.opened_at")) == "2026-03-10 14:00:00"
    assert cell(found, "case.closed_at") is None


def test_what_is_sensitive_is_masked_unless_asked_whole(town: Town) -> None:
    key = town.report().case
    found, told = line(town, "case", key), report()
    for path, whole in (("person.id_number", told["id_number"]), ("person.phone", told["phone"])):
        assert words(found, path, whole=True) == cell(found, path, whole=True) == whole
        assert words(found, path) == cell(found, path) != whole
        assert "*" in words(found, path)
    assert (words(found, "clue.illness"), words(found, "clue.illness", whole=True)) == ("已加密保存", told["illness"])
    assert cell(found, "clue.illness") == "已加密保存"


def test_conditions_are_decided_on_the_same_facts_bare_ones_being_the_things_own(town: Town) -> None:
    found = line(town, "case", granted(town))
    for path in ("flow", "case.flow"):
        assert holds(Test(path, Operator.IS, "clue"), found.facts)
        assert not holds(Test(path, Operator.IS, "other"), found.facts)
    assert holds(Test("task.eligible", Operator.IS, value=True), found.facts)
    assert holds(Test("opened_at", Operator.BEFORE, date(2026, 3, 11)), found.facts)
    assert holds(Test("clue.illness", Operator.KNOWN, value=True), found.facts)


def test_a_clue_a_task_and_a_notice_tell_of_themselves_and_of_their_case(town: Town) -> None:
    key = granted(town)
    clue = line(town, "clue", town.first(Clue, case=key).id)
    assert (words(clue, "case.number"), clue.facts["needs"]) == (town.case(key).number, ["medical"])
    task = line(town, "task", town.first(Task, case=key, unit=MEDICAL).id)
    assert (task.facts["state"], words(task, "task.outcome")) == ("handling", "符合条件，落实救助")
    assert (words(task, "task.findings"), words(task, "clue.difficulty")) == (
        GRANTED["findings"],
        report()["difficulty"],
    )
    town.sign()
    notice = town.first(Notice, case=key, status="issued")
    found = line(town, "notice", notice.id)
    assert (words(found, "notice.number"), words(found, "person.name")) == (notice.number, report()["name"])


def test_a_person_tells_what_they_hold_and_their_last_visit(town: Town) -> None:
    key = granted(town, categories=["disabled"])
    visit(town, report()["name"], remarks="上次")
    town.later(hours=1)
    visit(town, report()["name"], remarks="这次")
    found = line(town, "person", town.case(key).person)
    told = ("person.categories", "entitlement.programme", "entitlement.amount", "visit.visited_on", "visit.remarks")
    assert [words(found, path) for path in told] == ["生活困难残疾人", "医疗救助", "8000", "2026-03-10", "这次"]
    assert holds(Test("category", Operator.ANY, ("disabled",)), found.facts)


def test_an_entitlement_and_a_visit_tell_whose_they_are(town: Town) -> None:
    key = granted(town)
    row = town.first(Entitlement, case=key)
    found = line(town, "entitlement", row.id)
    told = ("entitlement.programme", "entitlement.state", "person.name", "case.number")
    assert [words(found, path) for path in told] == ["医疗救助", "已享受", report()["name"], town.case(key).number]
    assert (cell(found, "entitlement.amount"), cell(found, "entitlement.since")) == (8000, date(2026, 3, 10))
    unknown = line(town, "visit", visit(town, "周大福").id)
    assert (words(unknown, "person.name"), words(unknown, "visit.name"), unknown.person) == ("周大福", "周大福", "")


def test_a_duty_tells_who_owes_it_for_which_period(tmp_path: Path, rulebook: Rulebook) -> None:
    town = Town(tmp_path, replace(rulebook, duties={MONTHLY: rulebook.duties[MONTHLY]}))
    town.at = parse("2026-04-01T00:00:20")
    begin_duties(town.deployment, town.at)
    town.work_until()
    owed = town.first(DutyPeriod, unit=f"township:{TOWNSHIP}")
    task = town.first(Task, about=owed.id)
    answers = {"period": "2026-03", "households_visited": 40, "clues_found": 3, "clues_closed": 2, "reporter": "测试"}
    hand_in(town.deployment, town.actor("township"), task.id, task.version, answers, "", new_id(), town.at)
    found, other = (line(town, "duty", row.id) for row in (owed, town.first(DutyPeriod, unit=f"township:{SIBLING}")))
    assert (words(found, "duty.households_visited"), words(found, "duty.period")) == ("40", "2026年3月")
    assert [each.facts["completed_in_time"] for each in (found, other)] == [True, None]
    assert (found.facts["unit.division"], found.duty) == (TOWNSHIP, owed.id)
    town.database.close()


def test_what_stands_beside_a_thing_is_shown_only_in_sight(town: Town) -> None:
    """A department sees its case, and of its person nothing that others were told or gave."""
    key = granted(town, categories=["disabled"])
    person = town.case(key).person
    visit(town, report()["name"], remarks="村里看到的")
    assert words(line(town, "person", person), "visit.remarks") == "村里看到的"
    assert words(line(town, "person", person, by="doctor"), "visit.remarks") == ""
    assert words(line(town, "person", person, by="sibling"), "entitlement.programme") == ""
    assert words(line(town, "person", person, by="sibling"), "case.number") == ""


def test_a_visit_out_of_sight_hides_no_earlier_one(town: Town) -> None:
    key = granted(town)
    earlier = visit(town, report()["name"], remarks="医保分局来访")
    town.later(days=1)
    visit(town, report()["name"], remarks="村里再访", visited_on="2026-03-11")
    with transaction(town.database, town.actor("doctor").jurisdiction) as tx:
        tx.update(Visit, {"id": earlier.id}, {"unit": MEDICAL})
    person = town.case(key).person
    told = {by: words(line(town, "person", person, by=by), "visit.remarks") for by in ("leader", "doctor")}
    assert told == {"leader": "村里再访", "doctor": "医保分局来访"}


@contextmanager
def counted(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    asked: list[str] = []

    def noting(run: Callable[..., Any]) -> Callable[..., Any]:
        def noted(sql: str, *given: Any) -> Any:
            asked.append(sql)
            return run(sql, *given)

        return noted

    with monkeypatch.context() as patched:
        for way in ("rows", "often"):
            patched.setattr(town.database.peewee, way, noting(getattr(town.database.peewee, way)))
        yield asked


def test_a_page_takes_the_same_few_statements_however_many_lines(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [granted(town, id_number=other_id(serial), name=f"测试{serial}") for serial in (31, 32, 33, 34, 35)]
    people = [town.case(case).person for case in cases]
    keys = {"case": cases, "person": people, "entitlement": [row.id for row in town.rows(Entitlement)]}
    for of, all_of_them in keys.items():
        numbers = []
        for some in (all_of_them[:2], all_of_them):
            lines(town, of, *some)  # composed once for each shape
            with counted(town, monkeypatch) as asked:
                assert len(lines(town, of, *some)) == len(some)
            numbers.append(len(asked))
        assert numbers[0] == numbers[1] <= 13, of


def test_what_is_gone_is_left_out_and_the_order_kept(town: Town) -> None:
    first, second = town.report().case, town.report(id_number=other_id(41), name="测试四十一").case
    assert [each.key for each in lines(town, "case", second, new_id(), first)] == [second, first]


def test_the_machinery_reads_all_of_its_jurisdiction(town: Town) -> None:
    key = town.report().case
    rules, scope = Releases(town.deployment.rulebooks, "370304-boshan"), Scope.system("指标", "370304-boshan")
    with scoped(town.database, scope) as reader:
        (found,) = lines_of(reader, rules, "case", [key], town.at)
    assert found.facts["person.name"] == town.first(Person, id=town.first(Case, id=key).person).name


def test_what_is_read_for_some_facts_tells_them_as_what_is_read_for_all(town: Town) -> None:
    case = granted(town)
    person = town.first(Case, id=case).person
    visit(town, town.first(Person, id=person).name)
    keys = {"case": case, "person": person, "task": town.first(Task, case=case).id, "clue": town.first(Clue).id}
    rules = Releases(town.deployment.rulebooks, town.actor("leader").jurisdiction)
    for of, key in keys.items():
        whole = line(town, of, key)
        alike: dict[Parts, list[str]] = {}
        for path in whole.facts:
            alike.setdefault(parts_for(of, [path]), []).append(path)
        assert len(alike) > 1
        for paths in alike.values():
            with scoped(town.database, town.actor("leader").scope) as reader:
                (found,) = lines_of(reader, rules, of, [key], town.at, paths=paths)
            assert {path: words(found, path) for path in paths} == {path: words(whole, path) for path in paths}
            assert (found.case, found.person, found.duty) == (whole.case, whole.person, whole.duty)
            assert {path: found.facts.get(path) for path in paths} == {path: whole.facts[path] for path in paths}
