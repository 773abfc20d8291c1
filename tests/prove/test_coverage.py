"""Clause coverage: cited, claimed, and really proved: only what makes a scenario fail when it is altered."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from elsewhere import on_the_national_layer
from xunfang.prove import living as living_module
from xunfang.prove.citing import citing
from xunfang.prove.coverage import coverage, proven
from xunfang.prove.living import living
from xunfang.prove.matrix import CITED, DECIDED, EXERCISED, LIVED, OPEN, PARTLY, page_of, standings
from xunfang.prove.mutants import mutants
from xunfang.prove.scenarios import run
from xunfang.rulebook.basis import Basis
from xunfang.rulebook.compile import compile_rulebook, jurisdictions
from xunfang.rulebook.files import read_files
from xunfang.rulebook.kinds import KINDS
from xunfang.rulebook.model import Operator, Rulebook, Sample, Scenario, Stratum, Test
from xunfang.rules.duties import owed_after_returns, owed_as_it_stands
from xunfang.rules.occasions import draws, falls_on_each, is_noted
from xunfang.rules.visits import is_about_people

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 4, 1, 12)  # noqa: DTZ001 - a scenario's moments are civil time, as its file writes them
PAGE = ROOT / "docs" / "coverage.md"
CITY = "9999-hebian"


@pytest.fixture(scope="module")
def potholes() -> Rulebook:
    frames = "templates/00-national/layouts/"
    shipped = {
        path.replace("00-national", "00-roads"): text
        for path, text in read_files(ROOT).items()
        if path.startswith(frames)
    }
    files = read_files(ROOT / "tests" / "fixtures" / "potholes")
    return compile_rulebook(files | shipped, CITY)


def claiming(rulebook: Rulebook, *clauses: str) -> Rulebook:
    """Return the rules with every scenario claiming exactly these clauses."""
    return replace(rulebook, scenarios=tuple(replace(item, proves=clauses) for item in rulebook.scenarios))


def test_a_mutant_differs_in_one_rule_and_names_what_it_cited(potholes: Rulebook) -> None:
    found = list(mutants(potholes))
    assert all(mutant.cites for mutant in found)
    assert all(mutant.rulebook is not potholes for mutant in found)
    said = {mutant.what for mutant in found}
    assert "分派表 repairs 去掉行 shallow" in said
    assert "分派表 repairs 行 deep 去掉协办" in said
    assert "时限 repair 放宽" in said
    assert not any("lamp" in what for what in said)  # a county's own practice proves no clause


def test_every_construct_that_may_cite_has_a_mutant() -> None:
    city = compile_rulebook(on_the_national_layer("chengyu"), "9998-chengyu")
    said = {mutant.what for mutant in mutants(city)}
    assert {
        "流程 clue 环节 handling 退回不限次数",
        "流程 clue 环节 opinion 到期不视为有结果",
        "时限 assessment 不能逐件限定",
        "时限 feedback 不以全案为限",
        "时限 feedback 去掉 supervise",
        "时限 feedback 去掉延长的规定",
        "办公时间不分季节",
    } <= said


def test_a_clause_is_proved_only_by_a_scenario_that_notices(potholes: Rulebook) -> None:
    assert {"GYG-2", "GYG-3"} <= proven(potholes)
    assert "GYG-1" not in proven(claiming(potholes, "GYG-2"))


def test_claiming_a_clause_is_not_proving_it(potholes: Rulebook) -> None:
    blind = tuple(
        replace(item, steps=tuple({**step, "expect": {}} for step in item.steps[:1])) for item in potholes.scenarios
    )
    unseeing = replace(potholes, scenarios=blind)
    assert coverage(unseeing).exercised >= {"GYG-3"}
    assert "GYG-3" not in coverage(unseeing, prove=True).exercised


def test_a_scenario_that_fails_as_things_stand_proves_nothing(potholes: Rulebook) -> None:
    wrong = tuple(
        replace(item, steps=({**item.steps[0], "expect": {"state": "nowhere"}},)) for item in potholes.scenarios
    )
    broken = replace(potholes, scenarios=wrong)
    assert all(run(broken, item) for item in broken.scenarios)
    assert proven(broken) == set()


def test_the_root_layers_clauses_are_not_the_jurisdictions_own(potholes: Rulebook, rulebook: Rulebook) -> None:
    assert coverage(potholes).clauses == ()  # all its clauses are the root's
    own = coverage(rulebook).clauses
    assert own
    assert all(rulebook.clauses[clause].layer != rulebook.chain[0] for clause in own)


def test_what_is_open_is_neither_proved_nor_beyond_software(rulebook: Rulebook) -> None:
    found = coverage(rulebook)
    beyond = {clause for clause, reason in found.not_software if reason}
    assert not set(found.open) & (beyond | found.exercised)
    assert set(found.clauses) == set(found.open) | beyond | (found.exercised & set(found.clauses))


def test_the_matrix_names_the_rules_that_cite_a_clause(rulebook: Rulebook) -> None:
    rules = citing(rulebook)
    assert "时限 feedback" in {rule.name for rule in rules["BS-二(二)3-7"]}
    assert "分派 medical" in {rule.name for rule in rules["BS-二(二)3-9"]}
    assert all(rulebook.clauses.get(clause) for clause in rules)


def test_the_matrix_says_how_each_clause_stands(rulebook: Rulebook) -> None:
    rows = {row.clause.id: row for row in standings(rulebook)}
    assert set(rows) == set(coverage(rulebook).clauses)
    assert all((row.state == "无须软件") == bool(row.reason) for row in rows.values())
    assert all(row.rules for row in rows.values() if row.state in {EXERCISED, CITED})
    assert all(not row.rules for row in rows.values() if row.state == OPEN)


def _cited_only_by(rulebook: Rulebook, *kinds: str) -> set[str]:
    return {clause for clause, rules in citing(rulebook).items() if {rule.kind for rule in rules} <= {*kinds}}


def test_every_kind_that_cites_is_lived() -> None:
    assert [kind.id for kind in KINDS.values() if kind.cites and not kind.lived] == []


def test_nothing_that_only_scenarios_decide_counts_as_lived(
    rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(living_module, "KINDS", {**KINDS, "ledgers": replace(KINDS["ledgers"], lived="")})
    found = coverage(rulebook, prove=True)
    only_decided = _cited_only_by(rulebook, "ledgers") & found.exercised
    assert only_decided
    assert not only_decided & (found.lived | found.partly_lived)
    assert found.lived | found.partly_lived <= found.exercised
    assert not found.lived & found.partly_lived


def test_a_clause_is_lived_when_every_rule_that_cites_it_is(rulebook: Rulebook) -> None:
    found, lives = coverage(rulebook), living(rulebook)
    rules = citing(rulebook)
    assert found.lived
    assert all(lives(rule.kind, rule.id) for clause in found.lived for rule in rules[clause])
    assert all({True, False} == {lives(rule.kind, rule.id) for rule in rules[clause]} for clause in found.partly_lived)


def test_a_rule_that_nothing_comes_to_is_not_lived(rulebook: Rulebook) -> None:
    lives = living(rulebook)
    assert lives("flows", "clue.handling.granted")
    assert lives("deadlines", "feedback")
    assert lives("notices", "transfer-slip")
    assert lives("lists", "need.medical")
    assert lives("routing", "medical")
    nobody_reports = tuple(replace(flow, opens_on=()) if flow.opens_on else flow for flow in rulebook.flows.values())
    asleep = living(replace(rulebook, flows={flow.id: flow for flow in nobody_reports}))
    for kind, id in [
        ("flows", "clue"),
        ("deadlines", "feedback"),
        ("notices", "transfer-slip"),
        ("lists", "need.medical"),
    ]:
        assert not asleep(kind, id)


def test_duties_are_lived_as_far_as_units_are_given_them(rulebook: Rulebook) -> None:
    lives = living(rulebook)
    for duty in rulebook.duties.values():
        recurs = owed_as_it_stands(duty) or owed_after_returns(duty) or is_about_people(duty)
        assert lives("duties", duty.id) == (recurs or draws(duty) or falls_on_each(duty) or is_noted(duty))
    assert {lives("duties", duty) for duty in rulebook.duties} == {True}
    drawn = rulebook.duties["destitute-spot-check"]
    formless = replace(rulebook, duties={**rulebook.duties, drawn.id: replace(drawn, form="")})
    assert not living(formless)("duties", drawn.id)


def test_what_only_a_stratum_cites_is_only_decided(rulebook: Rulebook) -> None:
    clause = next(clause for clause in coverage(rulebook).clauses if clause in citing(rulebook))
    told = {rule.name for rule in citing(rulebook)[clause]}
    duty = next(duty for duty in rulebook.duties.values() if owed_as_it_stands(duty))
    kin = Stratum(Test("near_relative", Operator.IS, True), "all", 0, Basis((clause,)))
    sampled = replace(duty, id="spot-check", basis=Basis((), "试验"), sample=Sample("0", "month", 0, (kin,)))
    checked = replace(rulebook, duties={**rulebook.duties, "spot-check": sampled}, scenarios=())
    assert {rule.name for rule in citing(checked)[clause]} - told == {"定期任务 spot-check"}
    assert not living(checked)("duties", "spot-check")

    things = [{"id": "a", "near_relative": True}, {"id": "b"}, {"id": "c", "near_relative": True}]
    step = {"at": NOON, "draw": "spot-check", "things": things, "expect": {"drawn": ["a", "c"]}}
    drawn = replace(checked, scenarios=(Scenario("kin", "近亲属全部抽查", (clause,), (step,), "kin.toml"),))
    assert run(drawn, drawn.scenarios[0]) == ()
    assert "定期任务 spot-check 去掉第1层" in {mutant.what for mutant in mutants(drawn)}
    assert clause in proven(drawn)


def test_the_page_says_how_far_each_clause_is_lived(rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    assert {row.lived for row in standings(rulebook) if row.state == EXERCISED} == {LIVED}  # nothing is left
    monkeypatch.setattr(living_module, "KINDS", {**KINDS, "duties": replace(KINDS["duties"], lived="")})
    rows = standings(rulebook)
    assert {row.lived for row in rows if row.state == EXERCISED} == {LIVED, PARTLY, DECIDED}
    assert {row.lived for row in rows if row.state != EXERCISED} == {""}


def test_the_page_in_docs_is_current() -> None:
    files = read_files(ROOT)
    books = [compile_rulebook(files, name) for name in jurisdictions(files)]
    wanted = page_of([book for book in books if book.scenarios])
    assert PAGE.read_text("utf-8") == wanted, "xunfang coverage --page docs/coverage.md"
