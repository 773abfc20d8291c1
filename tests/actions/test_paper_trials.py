"""A paper of a draft on a real case: only for whoever may open the paper, and nothing that it did not show before."""

import pytest

from actions.town import MEDICAL, Town
from xunfang.actions.paper_trials import MARK, paper_on_case
from xunfang.desk.studio.paper_cases import paper_cases
from xunfang.errors import NotAllowed, NotFound
from xunfang.rulebook.model import Rulebook
from xunfang.store import Notice, Person, Place, Submission

KIND = "closing-notice"


def test_a_draft_is_tried_on_what_a_paper_said_and_on_nothing_else(town: Town, rulebook: Rulebook) -> None:
    case = town.dispatched()
    town.complete("doctor", town.task(case, MEDICAL))
    town.sign()
    town.work_until()
    notice, person, filled = town.first(Notice, kind=KIND), town.first(Person), town.first(Submission)
    order = paper_on_case(town.deployment, town.actor("leader"), notice.id, rulebook, KIND, "draft", town.at)
    assert order.mark == MARK
    assert order.facts["person"]["name"] == person.name
    assert order.facts["case"]["number"] == town.case(case).number
    assert order.facts["notice"]["number"] == notice.number
    difficulty = (
        town.keys.open_values(filled.sealed, Place("submission", "sealed", filled.id)).get("difficulty")
        or filled.answers["difficulty"]
    )
    assert order.facts["case"]["difficulty"] != difficulty, "the paper never said it: nobody learns it by a draft"
    (event,) = town.events("notice.opened")
    assert event.told["change_set"] == "draft"

    for login, refused in (("editor", NotFound), ("teacher", NotFound), ("village", NotAllowed)):
        with pytest.raises(refused):
            paper_on_case(town.deployment, town.actor(login), notice.id, rulebook, KIND, "draft", town.at)
    with pytest.raises(NotFound):
        paper_on_case(town.deployment, town.actor("leader"), notice.id, rulebook, "transfer-slip", "draft", town.at)

    found = paper_cases(town.deployment, town.actor("leader"), KIND)
    assert found
    assert [each.id for each in found] == [notice.id]
    assert person.name not in found[0].label
    assert paper_cases(town.deployment, town.actor("editor"), KIND) is None
    assert paper_cases(town.deployment, town.actor("teacher"), KIND) == []
