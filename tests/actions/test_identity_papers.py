"""Identity papers on the store: one person by number and kind, masked, named, told in full to whoever may know."""

import pytest

from actions.town import Town, report
from xunfang.actions.acting import acting
from xunfang.actions.notice_facts import notice_facts
from xunfang.actions.reading import reveal
from xunfang.actions.submitting import submit
from xunfang.desk import Readings
from xunfang.errors import Invalid
from xunfang.store import Case, Notice, Person, Question, new_id

PASSPORT = {"document": "any-passport", "id_number": "EA1234567"}


def test_the_same_number_of_the_same_paper_is_one_person(town: Town) -> None:
    first = town.report(**PASSPORT)
    again = town.report(**{**PASSPORT, "id_number": "ea 1234 567"})
    assert (again.case, again.joined) == (first.case, True)
    other = town.report(document="outward-pass", id_number="CA1234567")
    same_sign = town.report(document="any-passport", id_number="CA1234567")
    assert len({first.case, other.case, same_sign.case}) == 3
    assert len(town.rows(Person)) == 3
    assert town.rows(Question) == []


def test_a_home_return_permit_issued_anew_is_one_person_and_no_sex_is_read_from_it(town: Town) -> None:
    first = town.report(document="return-pass", id_number="H1234567801", sex="male")
    assert town.report(document="return-pass", id_number="H1234567802").case == first.case
    assert [person.sex for person in town.rows(Person)] == [""]


def test_those_without_a_number_are_never_one_person(town: Town) -> None:
    nobody = {"document": "no-document", "no_document_reason": "no-registration", "id_number": None}
    assert town.report(**nobody).case != town.report(**nobody).case
    assert [person.id_index for person in town.rows(Person)] == [None, None]


def test_pages_and_papers_name_the_paper_and_mask_its_number(town: Town) -> None:
    case = town.dispatched(**PASSPORT)
    face = Readings(town.deployment).case(town.actor("leader"), case, town.at).person
    assert (face.id_label, face.masked_id) == ("护照号码", "EA*******")
    assert ("id_number", "护照号码") in face.hidden
    assert reveal(town.deployment, town.actor("leader"), case, "id_number", "电话核实入户时间", town.at) == "EA1234567"
    with acting(town.deployment, town.actor("leader"), town.at) as act:
        facts = notice_facts(act, town.rows(Notice)[0])
    assert facts["person"]["id_number"] == "护照EA*******"


def test_a_number_that_was_known_before_is_still_found(town: Town) -> None:
    plain = town.report()
    assert town.report(document="citizen-card").case == plain.case
    assert len(town.rows(Case)) == 1


def test_a_contradiction_that_was_confirmed_is_on_record_and_still_asked_about(town: Town) -> None:
    with pytest.raises(Invalid) as refused:
        town.report(sex="male")
    assert [(problem.field, problem.asks) for problem in refused.value.problems] == [("sex", "sex-and-number")]
    sure = {**report(), "sex": "male"}
    submit(town.deployment, town.actor("village"), "clue-report", sure, new_id(), town.at, ["sex-and-number"])
    assert [event.told["confirmed"] for event in town.events("clue.submitted")] == [["sex-and-number"]]
    assert len(town.rows(Question)) == 1
