"""A number opens nothing: who sees which of a person's data goes by source."""

import pytest

from actions.town import PEOPLE, SIBLING, Town, other_id
from xunfang.actions.comparing import answer_question
from xunfang.actions.correcting import do_to_report
from xunfang.actions.reading import reveal
from xunfang.casework import Asked
from xunfang.desk.labels import Labels
from xunfang.desk.questions import question_faces
from xunfang.errors import Conflict, Invalid, NotAllowed, NotFound
from xunfang.store import Case, CaseFilter, Clue, Person, Question, ScopedReader, connection, scoped, transaction
from xunfang.store.reading.case_file import REGISTRY, REPORT, phones_by_source

NUMBER = other_id(24)
THEIRS = f"{SIBLING}011"
INVENTED = {"name": "冒名人", "residence": THEIRS, "phone": "13911112222"}
WHY = "电话核实入户时间"


def close(town: Town, case: str) -> None:
    with transaction(town.database, "") as tx:
        tx.update(Case, {"id": case}, {"closed_at": town.at})


def seen_by(town: Town, who: str, case: str) -> str:
    """Return all that the lists and the file of a case tell somebody."""
    with scoped(town.database, town.actor(who).scope) as table:
        pages = [table.case_file(case).person, table.cases(CaseFilter()), table.reports(), table.inbox()]
        return repr([*pages, table.questions(table.case_file(case).person.id)])


@pytest.mark.parametrize("closed", [False, True], ids=["an open case", "a closed case"])
def test_a_known_number_under_another_name_shows_nothing_of_its_file(town: Town, closed: bool) -> None:
    known = town.report()
    if closed:
        close(town, known.case)
    told = town.report(by="sibling", **INVENTED)
    assert (told.joined, told.case) == (False, town.first(Case, residence=THEIRS).id)
    found = seen_by(town, "sibling", told.case)
    case = town.case(known.case)
    for hidden in ("孙桂兰", case.number, case.id, case.residence, case.person, "****1234", "00001234"):
        assert hidden not in found
    assert "冒名人" in found
    assert "139****2222" in found


@pytest.mark.parametrize("field", ["phone", "id_number", "illness"])
def test_only_what_was_told_with_the_case_is_revealed(town: Town, field: str) -> None:
    close(town, town.report(illness="旧病情", phone="13800001234").case)
    told = town.report(by="sibling", name="孙桂兰", residence=THEIRS, phone="13911112222", illness="新病情")
    value = reveal(town.deployment, town.actor("leader"), told.case, field, WHY, town.at)
    assert value == {"phone": "13911112222", "id_number": NUMBER, "illness": "新病情"}[field]


def test_nothing_recorded_is_overwritten_and_both_phones_name_their_source(town: Town) -> None:
    close(town, town.report(phone="13800001234").case)
    told = town.report(by="township", phone="13911112222")
    assert len(town.rows(Person)) == 1
    assert town.case(told.case).person == town.first(Person).id
    with connection(town.database) as reader:
        file = ScopedReader(reader, town.actor("township").scope).case_file(told.case)
    assert file.person.phones == (("139****2222", REPORT), ("138****1234", REGISTRY))
    value = reveal(town.deployment, town.actor("leader"), told.case, "phone", WHY, town.at)
    assert value == "13911112222（本次上报）；13800001234（档案登记）"


def test_a_report_in_sight_of_the_same_name_joins_as_before(town: Town) -> None:
    known = town.report()
    told = town.report(by="township", name="孙 桂兰")
    assert (told.case, told.joined) == (known.case, True)
    assert town.rows(Question) == []


def test_out_of_sight_only_name_and_place_together_join_and_still_open_nothing(town: Town) -> None:
    known = town.report()
    told = town.report(by="sibling")
    assert (told.case, told.joined) == (known.case, True)
    with scoped(town.database, town.actor("sibling").scope) as table, pytest.raises(NotFound):
        table.case(told.case)
    with scoped(town.database, town.actor("sibling").scope) as table:
        (item,) = table.reports().items
    assert (item.case, item.case_number, item.state, item.in_sight) == ("", "", "", False)
    assert item.told["name"] == "孙桂兰"
    moved = town.report(by="sibling", residence=THEIRS)
    assert not moved.joined


def test_the_same_name_in_another_name_s_sight_is_no_union(town: Town) -> None:
    known = town.report()
    told = town.report(name="孙桂香")
    assert told.case != known.case
    assert len(town.rows(Person)) == 2


def test_two_names_on_one_number_are_a_question_for_who_sees_both(town: Town) -> None:
    known = town.report()
    told = town.report(by="sibling", **INVENTED)
    question = town.first(Question)
    assert (question.person, question.other) == (town.case(told.case).person, town.case(known.case).person)
    for who in PEOPLE:
        actor = town.actor(who)
        with scoped(town.database, actor.scope) as table:
            found = table.questions(question.person, question.other)
            both = actor.division == "370304"
            assert bool(found) is both, who
            if not both:
                with pytest.raises(NotFound):
                    table.question(question.id)
    assert (found := town.events("question.asked")[0].told) == {"question": question.id, "person": question.person}
    assert "孙桂兰" not in str(found)


@pytest.mark.parametrize(("first", "then"), [({"id_number": None}, {}), ({}, {"id_number": None})])
def test_a_name_with_and_without_a_number_at_one_place_is_a_question(
    town: Town, first: dict[str, None], then: dict[str, None]
) -> None:
    known, told = town.report(**first), town.report(**then)
    assert told.case != known.case
    question = town.first(Question)
    assert (question.person, question.other) == (town.case(told.case).person, town.case(known.case).person)
    with scoped(town.database, town.actor("leader").scope) as table:
        (found,) = table.questions(question.person, question.other)
    labels = Labels(town.deployment.rulebooks.of(town.actor("leader").jurisdiction))
    (face,) = question_faces([found], question.person, labels, may_answer=True)
    assert face.text.startswith("同名同住地另有登记：孙桂兰，")
    assert "没有证件号码" in face.text


def test_two_numbers_or_two_places_under_one_name_are_no_question(town: Town) -> None:
    town.report()
    town.report(id_number=other_id(77))
    town.report(id_number=None, residence=THEIRS)
    assert town.rows(Question) == []


def test_the_question_is_answered_once_and_merges_nothing(town: Town) -> None:
    town.report()
    town.report(by="sibling", **INVENTED)
    question, leader = town.first(Question), town.actor("leader")
    with pytest.raises(Invalid):
        answer_question(town.deployment, leader, question.id, question.version, "perhaps", WHY, town.at)
    with pytest.raises(NotAllowed):
        answer_question(town.deployment, town.actor("sibling"), question.id, question.version, "same", WHY, town.at)
    answer_question(town.deployment, leader, question.id, question.version, "different", WHY, town.at)
    with pytest.raises(Conflict):
        answer_question(town.deployment, leader, question.id, question.version, "same", WHY, town.at)
    (answered,) = town.events("question.answered")
    assert (answered.told["verdict"], answered.case) == ("different", "")
    assert len(town.rows(Person)) == 2


def test_papers_speak_of_what_was_told_with_their_case(town: Town) -> None:
    close(town, town.report(phone="13800001234").case)
    told = town.report(by="sibling", **INVENTED)
    town.confirm(told.case)
    town.work_until()
    said = str([order.facts for order in town.press.orders])
    assert "冒名人" in said
    for hidden in ("孙桂兰", "****1234", "00001234", "370304102"):
        assert hidden not in said.replace(NUMBER, "")


@pytest.mark.parametrize(("registered", "label"), [(None, ""), ("370304103200", "白塔镇白塔村委会")])
def test_a_paper_names_no_place_of_registration_that_nobody_told(
    town: Town, registered: str | None, label: str
) -> None:
    told = town.report(registration=registered)
    town.confirm(told.case)
    town.work_until()
    (person,) = [order.facts["person"] for order in town.press.orders]
    assert person["registration"]["label"] == label
    assert person["residence"]["label"]


def test_phones_come_newest_first_and_each_once(town: Town) -> None:
    town.report(phone="13800001234")
    for phone in ("13911112222", "13800001234"):
        town.report(by="township", phone=phone)
    clues = town.rows(Clue)
    assert list(phones_by_source({"phone": "13700000000"}, clues)) == ["13800001234", "13911112222", "13700000000"]


def test_a_report_that_was_taken_back_leaves_no_phone_behind(town: Town) -> None:
    told = town.report(phone="13800001234")
    again = town.report(by="township", phone="13911112222")
    assert again.case == told.case
    taken = next(clue for clue in town.rows(Clue) if clue.told["phone"] == "13911112222")
    asked = Asked(verb="withdraw", actor=town.actor("township"), submission=taken.submission, reason="报错了人")
    do_to_report(town.deployment, asked, town.at)
    with connection(town.database) as reader:
        file = ScopedReader(reader, town.actor("leader").scope).case_file(told.case)
    assert [phone for phone, _ in file.person.phones] == ["138****1234"]
    assert "13911112222" not in reveal(town.deployment, town.actor("leader"), told.case, "phone", WHY, town.at)
