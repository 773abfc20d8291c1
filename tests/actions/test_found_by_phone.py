"""People and cases found by a phone number, however it is typed, by those who see them; never by a part of it."""

from actions.town import Town
from xunfang.actions.registry import do_to_person
from xunfang.casework import Asked
from xunfang.desk.people import people_list
from xunfang.desk.readings import Readings
from xunfang.store import Case, Clue, Person
from xunfang.store.findable import phone_index
from xunfang.store.reading.people import PeopleFilter


def found(town: Town, by: str, phone: str) -> tuple[int, int]:
    """Return how many people and cases somebody finds by a phone."""
    wanted = PeopleFilter(phone=phone_index(town.keys, phone) or "none")
    people, _ = people_list(town.deployment, town.actor(by), wanted, town.at, "")
    cases, _ = Readings(town.deployment).cases(town.actor(by), phone, town.at)
    return len(people), len(cases)


def test_a_phone_finds_whom_it_is_of_and_their_cases_within_sight(town: Town) -> None:
    town.report(phone="0533-4112233")
    assert [found(town, "leader", each) for each in ("0533-4112233", "(0533) 4112233", "05334112233")] == [(1, 1)] * 3
    assert [found(town, by, "0533-4112233") for by in ("village", "sibling", "doctor")] == [(1, 1), (0, 0), (0, 0)]
    assert [found(town, "leader", each) for each in ("4112233", "0533-4112234")] == [(0, 0), (0, 0)]


def test_another_report_from_another_phone_is_found_by_it_and_by_the_first(town: Town) -> None:
    case = town.report(phone="13800001234").case
    town.report(phone="13900005678", difficulty="又来电反映。")
    assert len(town.rows(Clue, case=case)) == 2
    assert [found(town, "leader", each) for each in ("13800001234", "139 0000 5678")] == [(1, 1), (1, 1)]
    assert found(town, "sibling", "13900005678") == (0, 0)


def test_a_phone_that_was_put_right_is_found_anew_and_numbers_of_cases_still_are(town: Town) -> None:
    case = town.report(phone=None).case
    person = town.first(Person)
    told = {"person": person.id, "version": person.version, "kind": "phone", "reason": "本人提供"}
    asked = Asked(verb="amend", actor=town.actor("township"), answers={"after": "139-0000-5678"}, **told)
    do_to_person(town.deployment, asked, town.at)
    assert found(town, "leader", "13900005678") == (1, 1)
    assert found(town, "leader", town.first(Case, id=case).number)[1] == 1
