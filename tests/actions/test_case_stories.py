"""A scenario from a real case: the rules decide it as they decided the real one, and nobody real is in it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from actions.town import CENTRE, FILES, GRANTED, JURISDICTION, MEDICAL, TOLD, Town
from xunfang.actions.case_stories import may_tell, told_anew
from xunfang.desk.studio.outlooks import cited, decided
from xunfang.desk.studio.scenarios import scenario_text
from xunfang.errors import NotAllowed, NotFound
from xunfang.prove.scenarios import run
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.model import Rulebook
from xunfang.store import Clue, Person, Place, Submission

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}")
WRITTEN = {
    "name": "欧阳淑贞", "phone": "13912345678", "address": "后峪新村3号楼2单元", "difficulty": "儿子欧阳建军在外打工",
    "illness": "尿毒症", "remarks": "邻居宋二嫂反映", "finder_name": "魏支书", "finder_phone": "13698765432",
}  # fmt: skip


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from texts(each)
    elif isinstance(value, str) and len(value) > 1:
        yield value


def stored(town: Town) -> set[str]:
    """Return every text that the stores hold of the person and the clue."""
    person, clue, filled = town.first(Person), town.first(Clue), town.first(Submission)
    rows = [{name: getattr(row, name) for name in row.__dataclass_fields__} for row in (person, clue, filled)]
    sealed = [
        town.keys.open_values(person.sealed, Place("person", "sealed", person.id)) if person.sealed else {},
        town.keys.open_values(filled.sealed, Place("submission", "sealed", filled.id)),
    ]
    return set(texts([*rows, *sealed]))


def test_nothing_of_the_real_person_is_in_the_scenario_of_their_case(town: Town, rulebook: Rulebook) -> None:
    form = rulebook.forms["clue-report"]
    case = town.report(**{name: text for name, text in WRITTEN.items() if name in form.fields}).case
    told = told_anew(town.deployment, town.actor("centre"), "draft", town.at, number=town.case(case).number)
    assert told == told_anew(town.deployment, town.actor("centre"), "draft", town.at, case=case)
    decision = decided(rulebook, told.form, told.answers, told.at)
    assert decision is not None
    assert not decision.problems
    text = scenario_text(rulebook, decision, told.at, "某件", cited(decision))

    chosen = {*texts([entry.id for entries in rulebook.lists.values() for entry in entries.entries.values()])}
    places = {one.code for one in rulebook.divisions.lines()}
    ours = {rulebook.id, rulebook.digest, form.id, form.source, *chosen, *places}
    theirs = {each for each in stored(town) - ours if not _MOMENT.match(each)}
    assert {"欧阳淑贞", "13912345678", "尿毒症"} < theirs, "what was written is looked for"
    assert [each for each in theirs if each in text] == []
    filled = town.first(Submission)
    for name in ("needs", "urgency", "residence", "finder_role"):
        assert told.answers[name] == filled.answers[name]
    assert len(town.events("case.retold")) == 2


def test_what_was_done_about_it_is_told_as_well(town: Town, rulebook: Rulebook) -> None:
    case = town.dispatched()
    town.later(hours=1)
    task = town.claim("doctor", town.task(case, MEDICAL))
    town.complete("doctor", task, answers={**GRANTED, "findings": "欧阳淑贞入院，属实。"})
    town.later(hours=1)
    town.sign()
    town.later(hours=1)
    town.complete("centre", town.task(case, CENTRE), "done", {**TOLD, "remarks": "欧阳建军接的电话"})
    told = told_anew(town.deployment, town.actor("centre"), "draft", town.at, case=case)
    decision = decided(rulebook, told.form, told.answers, told.at)
    assert decision
    text = scenario_text(rulebook, decision, told.at, "某件", cited(decision), done=told.done)
    assert "欧阳" not in text

    path = f"workflows/{JURISDICTION}/scenarios/tried-1.toml"
    rules = compile_rulebook({**FILES, path: text}, JURISDICTION)
    scenario = next(each for each in rules.scenarios if each.file == path)
    assert run(rules, scenario) == ()
    acts = [(step.get("act"), step.get("unit"), step.get("outcome")) for step in scenario.steps[1:]]
    assert acts == [
        ("confirm-dispatch", None, None), ("complete", MEDICAL, "granted"), ("sign-off", None, None),
        ("complete", CENTRE, "done"),
    ]  # fmt: skip
    assert scenario.steps[-1]["expect"]["state"] == "archived"
    deeds = [replace(deed, outcome="no-such-way") if deed.outcome == "granted" else deed for deed in told.done]
    less = scenario_text(rulebook, decision, told.at, "某件", cited(decision), done=deeds)
    assert less.count("[[steps]]") == 2, "beyond what these rules do not let anybody do, nothing is told"


def test_a_case_is_told_only_to_those_who_see_it(town: Town) -> None:
    case = town.report().case
    for login, refused in (("editor", NotAllowed), ("second-editor", NotAllowed), ("sibling", NotFound)):
        assert may_tell(town.actor(login)) == (refused is NotFound)
        with pytest.raises(refused):
            told_anew(town.deployment, town.actor(login), "draft", town.at, case=case)
    with pytest.raises(NotFound):
        told_anew(town.deployment, town.actor("centre"), "draft", town.at, number="没有这一件")
    assert not town.events("case.retold")
