"""Every scenario holds on the pure floor, the real engine agrees step by step, and a disagreement would be noticed."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from elsewhere import on_the_national_layer
from xunfang.cli import engine_scenarios
from xunfang.cli.engine_compared import COMPARED
from xunfang.cli.engine_looks import ENGINE_LOOKS, NOT_LIVED, not_lived
from xunfang.cli.engine_scenarios import can_be_played, disagreements
from xunfang.clock import SHANGHAI
from xunfang.prove.looks import LOOKS
from xunfang.prove.scenarios import run
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook, Scenario
from xunfang.rulebook.softness import fixed
from xunfang.rules.occasions import IN_CASES
from xunfang.worktime import Every, parse_limit

ROOT = Path(__file__).parents[2]
BOSHAN = "370304-boshan"
DONGYING = "3705-dongying"
EXAMPLE = "999999-example"
TIANSHUI = "6205-tianshui"
CITY = "9998-chengyu"
ROADS = "9999-hebian"


@cache
def _files(jurisdiction: str) -> Mapping[str, str]:
    if jurisdiction == ROADS:
        return read_files(ROOT / "tests" / "fixtures" / "potholes")
    if jurisdiction == CITY:
        return on_the_national_layer("chengyu")
    shipped = read_files(ROOT)
    if jurisdiction == EXAMPLE:
        national = {path: text for path, text in shipped.items() if path.split("/")[1] == "00-national"}
        return {**national, **read_files(ROOT / "tests" / "national" / "county")}
    return shipped


@cache
def _rulebook(jurisdiction: str) -> Rulebook:
    return compile_rulebook(_files(jurisdiction), jurisdiction)


def _scenarios() -> list[tuple[str, str]]:
    found = set()
    for known in (BOSHAN, EXAMPLE, ROADS):
        for path in _files(known):
            folder, layer, *rest = path.split("/")
            if folder == "workflows" and rest[0] == "scenarios" and rest[1] != "base.toml":
                found.add((layer, rest[1].removesuffix(".toml")))
    return sorted(found)


def _scenario(jurisdiction: str, name: str) -> Scenario:
    return next(scenario for scenario in _rulebook(jurisdiction).scenarios if scenario.id == name)


@pytest.mark.parametrize(("jurisdiction", "name"), _scenarios(), ids=lambda part: part)
def test_both_floors_agree(jurisdiction: str, name: str) -> None:
    rulebook, scenario = _rulebook(jurisdiction), _scenario(jurisdiction, name)
    assert [str(failure) for failure in run(rulebook, scenario)] == []
    if can_be_played(scenario):
        assert [str(failure) for failure in disagreements(rulebook, scenario)] == []


def test_a_job_that_breaks_off_is_a_disagreement(monkeypatch: pytest.MonkeyPatch) -> None:
    def out_of_paper(*_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(engine_scenarios._Played, "_print", out_of_paper)
    found = disagreements(_rulebook(ROADS), _scenario(ROADS, "before-dragon-boat"))
    assert {failure.what for failure in found if "issue-notice" in str(failure.got)} == {"job"}


def test_most_scenarios_are_played_on_the_engine() -> None:
    played = [(layer, name) for layer, name in _scenarios() if can_be_played(_scenario(layer, name))]
    assert len(played) > len(_scenarios()) / 2
    assert {layer for layer, _ in played} == {layer for layer, _ in _scenarios()}


def test_some_scenarios_follow_started_flows_and_some_report_twice() -> None:
    every = [_scenario(layer, name) for layer, name in _scenarios()]
    assert sum(any("flow" in step for step in scenario.steps) for scenario in every) >= 5
    joining = [step for scenario in every for step in scenario.steps if step.get("expect", {}).get("joined")]
    assert joining


def _expected_words() -> set[str]:
    shape = json.loads((files("xunfang.rulebook") / "shapes" / "scenario.json").read_text("utf-8"))
    return set(shape["properties"]["steps"]["items"]["properties"]["expect"]["properties"])


def test_whatever_a_scenario_expects_is_compared() -> None:
    assert {*COMPARED, *ENGINE_LOOKS, "papers"} - {"assisting"} == _expected_words()
    assert set(LOOKS) == {*ENGINE_LOOKS, "papers"}


def test_every_look_of_ours_is_one_that_the_system_can_be_asked_about() -> None:
    told = {(layer, name): not_lived(_rulebook(layer), _scenario(layer, name)) for layer, name in _scenarios()}
    assert {key: words for key, words in told.items() if words} == {}


@pytest.mark.parametrize(
    ("step", "what"),
    [
        ({"measure": "closing", "things": [{"flow": "clue", "case.favourite_colour": "red"}]}, "measured"),
        ({"measure": "closing", "things": [{"flow": "clue", "clue.favourite_colour": "red"}]}, "measured"),
        ({"draw": "return-visits", "things": [{"id": "one", "person.age": 71}]}, "drawn"),
        ({"happens": "return-visits", "answers": {"person.age": 71}}, "owes"),
        ({"answers": {"person.age": 71}}, "strictest"),
        ({"answers": {"person.age": 71}}, "bound"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_what_the_system_cannot_be_brought_to_hold_is_named(step: Mapping[str, Any], what: str) -> None:
    told = {**step, "at": datetime(2026, 3, 31, 17, tzinfo=SHANGHAI), "expect": {what: {}}}
    scenario = replace(_scenario(BOSHAN, "four-tests"), steps=(told,))
    assert not_lived(_rulebook(BOSHAN), scenario) == {NOT_LIVED[what]}


def _entry(kind: str, name: str, **change: Any) -> Callable[[Rulebook], Rulebook]:
    def altered(rulebook: Rulebook) -> Rulebook:
        entries = getattr(rulebook, kind)
        return replace(rulebook, **{kind: {**entries, name: replace(entries[name], **change)}})

    return altered


def _without_field(form: str, field: str) -> Callable[[Rulebook], Rulebook]:
    def altered(rulebook: Rulebook) -> Rulebook:
        fields = {key: value for key, value in rulebook.forms[form].fields.items() if key != field}
        return _entry("forms", form, fields=fields)(rulebook)

    return altered


def _without_choice(name: str, entry: str) -> Callable[[Rulebook], Rulebook]:
    def altered(rulebook: Rulebook) -> Rulebook:
        entries = {key: value for key, value in rulebook.lists[name].entries.items() if key != entry}
        return _entry("lists", name, entries=entries)(rulebook)

    return altered


def _drawing(name: str, **change: Any) -> Callable[[Rulebook], Rulebook]:
    def altered(rulebook: Rulebook) -> Rulebook:
        return _entry("duties", name, sample=replace(rulebook.duties[name].sample, **change))(rulebook)

    return altered


def _counting_all(name: str) -> Callable[[Rulebook], Rulebook]:
    """Return a rulebook by whose indicator everything is as it should be."""

    def altered(rulebook: Rulebook) -> Rulebook:
        indicator = rulebook.indicators[name]
        return _entry("indicators", name, part=indicator.whole.where)(rulebook)

    return altered


LOOKED = [
    (BOSHAN, "monthly-figures", _entry("duties", "township-monthly", due=None), "owed"),
    (BOSHAN, "who-stands-above-whom", _entry("units", "village", may=("submit",)), "may"),
    (BOSHAN, "who-stands-above-whom", _entry("units", "service-centre", superior=""), "climbs"),
    (BOSHAN, "who-stands-above-whom", _without_choice("finder-role", "community-worker"), "choices"),
    (BOSHAN, "patrol-and-ledgers", _without_field("clue-report", "discovery_way"), "asks"),
    (BOSHAN, "from-village-to-archive", _entry("notices", "transfer-slip", layout="minutes"), "papers"),
    (BOSHAN, "from-village-to-archive", _entry("notices", "closing-notice", label="告知书"), "papers"),
    (BOSHAN, "lists-every-month", _entry("feeds", "large-inpatient-bills", keep_when=None), "kept"),
    (BOSHAN, "lists-every-month", _entry("feeds", "insured-inpatient-bills", unless=None), "kept"),
    (BOSHAN, "patrol-and-ledgers", _entry("ledgers", "clue-ledger", columns=()), "ledger"),
    (BOSHAN, "lists-within-three-workdays", _entry("duties", "fires", to=()), "owes"),
    (BOSHAN, "four-tests", _entry("indicators", "satisfaction", score=None), "measured"),
    (BOSHAN, "four-tests", _counting_all("same-day-report"), "measured"),
    (BOSHAN, "from-village-to-archive", _entry("duties", "return-visits", limit=fixed("9 days")), "owes"),
    (DONGYING, "spot-checks-are-drawn", _drawing("county-spot-check", ratio="0.03"), "drawn"),
    (TIANSHUI, "a-fifth-is-visited-again", _drawing("return-visits", minimum=9), "drawn"),
    (TIANSHUI, "a-fifth-is-visited-again", _entry("duties", "return-visits", limit=fixed("9 days")), "owes"),
    (TIANSHUI, "complicated-cases-are-conferred", _entry("meetings", "case-conference", minutes=""), "meets"),
    (TIANSHUI, "complicated-cases-are-conferred", _entry("meetings", "case-conference", decides=("society",)), "meets"),
    (CITY, "how-often-is-visited", _entry("duties", "visit-special", equivalents=()), "bound"),
    (CITY, "how-often-is-visited", _entry("duties", "visit-special", rhythms=()), "bound"),
    (DONGYING, "visited-at-once", _entry("duties", "visit-at-once", for_=None), "owes"),
    (DONGYING, "visits-by-category", _entry("duties", "visit-monthly", every=Every.YEAR, due=None), "strictest"),
    (DONGYING, "studied-trained-written-up", _entry("meetings", "joint-meeting", quorum="all"), "meets"),
    (DONGYING, "studied-trained-written-up", _entry("meetings", "joint-meeting", quorum=""), "meets"),
]


@pytest.mark.parametrize(
    ("layer", "name", "altered", "what"), LOOKED, ids=lambda part: part if isinstance(part, str) else ""
)
def test_what_the_engine_shows_otherwise_is_noticed(
    layer: str, name: str, altered: Callable[[Rulebook], Rulebook], what: str
) -> None:
    assert what not in _shown_otherwise(layer, name, what)
    assert what in {failure.what for failure in disagreements(altered(_rulebook(layer)), _looking(layer, name, what))}


def _looking(layer: str, name: str, what: str) -> Scenario:
    """Return a scenario with those of its steps that look at something; all, where its reports need the forms."""
    scenario = _scenario(layer, name)
    if what == "papers":
        return scenario
    return replace(scenario, steps=tuple(step for step in scenario.steps if what in step.get("expect", {})))


@cache
def _shown_otherwise(layer: str, name: str, what: str) -> frozenset[str]:
    """Return what the engine shows otherwise than such a scenario by the rules as they are."""
    return frozenset(failure.what for failure in disagreements(_rulebook(layer), _looking(layer, name, what)))


@pytest.mark.parametrize("on", IN_CASES)
def test_whatever_may_happen_in_a_case_opens_a_duty_on_the_engine(on: str) -> None:
    rulebook, at = _entry("duties", "return-visits", on=on)(_rulebook(BOSHAN)), datetime(2026, 3, 9, 9, tzinfo=SHANGHAI)
    step = {"happens": "return-visits", "answers": {"residence": "370304103200"}}
    wanted = {"unit": "service-centre", "due_at": "2026-04-08T23:59:59"}
    assert ENGINE_LOOKS["owes"](rulebook, step, at, wanted) == wanted == LOOKS["owes"](rulebook, step, at, wanted)


def test_a_fortnight_of_its_own_begins_on_the_engine_when_the_rules_say() -> None:
    fortnightly = {"every": Every.TWO_WEEKS, "due": None, "on_holiday": "keep"}
    for starting in (date(2024, 1, 1), date(2024, 1, 8)):
        rulebook = _entry("duties", "township-monthly", **fortnightly, starting=starting)(_rulebook(BOSHAN))
        wanted = [{"duty": "township-monthly", "of": "township", "unit": "", "due_at": "", "covers": ""}]
        for day in (datetime(2026, 3, 8, 9, tzinfo=SHANGHAI), datetime(2026, 3, 15, 9, tzinfo=SHANGHAI)):
            assert LOOKS["owed"](rulebook, {}, day, wanted)[0].get("due_at") == (
                ENGINE_LOOKS["owed"](rulebook, {}, day, wanted)[0].get("due_at")
            )


def _slower(name: str) -> Callable[[Rulebook], Rulebook]:
    def altered(rulebook: Rulebook) -> Rulebook:
        deadline = rulebook.deadlines[name]
        limits = (replace(deadline.limits[-1], limit=fixed("40 days")),)
        return replace(rulebook, deadlines={**rulebook.deadlines, name: replace(deadline, limits=limits)})

    return altered


def _never_escalating(name: str) -> Callable[[Rulebook], Rulebook]:
    def altered(rulebook: Rulebook) -> Rulebook:
        deadline = replace(rulebook.deadlines[name], escalate=())
        return replace(rulebook, deadlines={**rulebook.deadlines, name: deadline})

    return altered


def _flow(name: str, **change: Any) -> Callable[[Rulebook], Rulebook]:
    return lambda rulebook: replace(rulebook, flows={**rulebook.flows, name: replace(rulebook.flows[name], **change)})


def _state(flow: str, name: str, **change: Any) -> Callable[[Rulebook], Rulebook]:
    def altered(rulebook: Rulebook) -> Rulebook:
        states = rulebook.flows[flow].states
        return _flow(flow, states={**states, name: replace(states[name], **change)})(rulebook)

    return altered


def _unconfirmed(table: str) -> Callable[[Rulebook], Rulebook]:
    def altered(rulebook: Rulebook) -> Rulebook:
        routing = {**rulebook.routing, table: replace(rulebook.routing[table], confirm="nobody")}
        return replace(rulebook, routing=routing)

    return altered


def _without_row(table: str, row: str) -> Callable[[Rulebook], Rulebook]:
    def altered(rulebook: Rulebook) -> Rulebook:
        rows = tuple(other for other in rulebook.routing[table].rows if other.id != row)
        return replace(rulebook, routing={**rulebook.routing, table: replace(rulebook.routing[table], rows=rows)})

    return altered


@pytest.mark.parametrize(
    ("jurisdiction", "name", "altered", "what"),
    [
        (BOSHAN, "several-needs-at-once", _without_row("clue", "housing"), {"proposed", "tasks"}),
        (BOSHAN, "medical-before-national-day", _slower("feedback"), {"tasks", "overdue", "printed", "reminded"}),
        (BOSHAN, "medical-before-national-day", _never_escalating("feedback"), {"printed", "reminded"}),
        (BOSHAN, "medical-before-national-day", _state("clue", "handling", prints=()), {"printed"}),
        (BOSHAN, "help-first", _slower("first-aid"), {"tasks", "overdue", "reminded"}),
        (BOSHAN, "help-first", _slower("case-closing"), {"case_due_at"}),
        (
            BOSHAN,
            "a-second-clue-joins",
            _flow("clue", merge_within=parse_limit("1 days")),
            {"joined", "state", "proposed"},
        ),
        (BOSHAN, "reported-the-next-day", _slower("report-clue"), {"in_time"}),
        (BOSHAN, "from-village-to-archive", _unconfirmed("clue"), {"tasks", "state", "act"}),
        ("141121-wenshui", "special-needs-pushed", _slower("push-feedback"), {"tasks"}),
        ("141121-wenshui", "special-needs-pushed", _without_row("special-aid", "education"), {"proposed", "tasks"}),
        ("3705-dongying", "assigned-by-the-meeting", _slower("carry-out-decision"), {"tasks"}),
        (
            EXAMPLE,
            "subsistence-confirmed",
            _state("subsistence-application", "posting", waits=parse_limit("9 days")),
            {"waits_until"},
        ),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_a_disagreement_is_noticed(
    jurisdiction: str,
    name: str,
    altered: Callable[[Rulebook], Rulebook],
    what: set[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    played = engine_scenarios._Played

    def on_other_rules(rulebook: Rulebook, folder: Path, start: datetime) -> engine_scenarios._Played:
        return played(altered(rulebook), folder, start)

    monkeypatch.setattr(engine_scenarios, "_Played", on_other_rules)
    found = disagreements(_rulebook(jurisdiction), _scenario(jurisdiction, name))
    assert what <= {failure.what for failure in found}
