"""How far each clause is carried out, beside what coverage says of the same."""

from dataclasses import replace

from xunfang.prove.carried import Carried, carried
from xunfang.prove.coverage import coverage
from xunfang.rulebook.model import Rulebook


def test_it_says_of_a_county_what_its_coverage_says(rulebook: Rulebook) -> None:
    found, told = coverage(rulebook), carried(rulebook)
    by = {state: {id for id in found.clauses if told[id] is state} for state in Carried}
    assert by[Carried.LIVED] == found.lived & set(found.clauses)
    assert by[Carried.PARTLY] == found.partly_lived & set(found.clauses)
    assert by[Carried.NO_SOFTWARE] == {id for id, _ in found.not_software}
    assert not by[Carried.NOTHING]


def test_a_clause_without_a_rule_and_one_without_a_scenario_are_told_apart(rulebook: Rulebook) -> None:
    clause = replace(rulebook.clauses["BS-二(二)3-7"], id="BS-9")
    told = carried(replace(rulebook, clauses={**rulebook.clauses, "BS-9": clause}, scenarios=()))
    assert told["BS-9"] is Carried.NOTHING
    assert told["BS-二(二)3-7"] is Carried.UNPROVEN
