"""A county made after the model of another runs: nothing is wrong with it, and each story of the model comes true."""

from datetime import date
from pathlib import Path

from xunfang.division import Division, Level
from xunfang.prove.scenarios import run
from xunfang.rulebook.compile import compile_rulebook, files_of
from xunfang.rulebook.division_lists import read_list, rows_of
from xunfang.rulebook.files import read_files
from xunfang.rulebook.new_county import Model, NewCounty, above_of, county_files

PLACES = """370305001 闻韶街道
370305001001 闻韶社区居委会
370305001002 晏婴社区居委会
370305100 齐都镇
370305100200 葛家村委会
"""
MODEL = "370304-boshan"


def test_a_county_after_a_model_takes_reports_in_and_dispatches_them() -> None:
    files = read_files(Path(__file__).parents[2])
    theirs = compile_rulebook(files, MODEL)
    own = Division("370305", "临淄区", Level.COUNTY)
    places = (*above_of("370305", theirs.divisions, ""), own, *read_list(rows_of(PLACES), "370305").divisions)
    county = NewCounty("370305-linzi", "临淄区", "临", places, "临有所助", MODEL)
    model = Model(MODEL, theirs.info.name, "博", theirs.divisions, theirs.info.brand)
    there = files_of(files, theirs.chain)
    made = county_files(county, date(2026, 11, 30), there, model)

    above = {path: text for path, text in there.items() if path.split("/")[1] != MODEL}
    rules = compile_rulebook({**above, **made.files}, county.id)
    assert not [warning for warning in rules.warnings if county.id in warning.file]
    assert (rules.info.name, rules.info.brand, rules.info.hotline) == ("临淄区", "临有所助", "")
    assert rules.notices["transfer-slip"].number == "临社救转〔{year}〕{n}号"
    assert not any(unit.duty_phone or unit.instances for unit in rules.units.values())
    told = "\n".join(text for path, text in made.files.items() if "/policies" not in path)
    assert "博山" not in told
    assert "370304102" not in told
    assert {each.after for each in made.replaced} >= {'name = "临淄区"', 'number = "临救〔{year}〕{n}号"'}

    assert len(rules.scenarios) == len(theirs.scenarios)
    assert {each.id: run(rules, each) for each in rules.scenarios if run(rules, each)} == {}
    story = next(each for each in rules.scenarios if each.id == "from-village-to-archive")
    assert len(story.steps) > 2, "a report is taken in, dispatched, handled and closed"
