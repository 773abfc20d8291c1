"""A new layer compiles as it is made, and cannot be made wrongly."""

import tomllib
from pathlib import Path

import pytest

from xunfang.rulebook.compile import compile_rulebook, jurisdictions
from xunfang.rulebook.files import read_files
from xunfang.rulebook.lint.standing import standing_aside
from xunfang.rulebook.scaffold import ScaffoldError, scaffold

COUNTY = Path(__file__).parent / "county"
FILES = read_files(COUNTY)
LAYERS = set(jurisdictions(FILES))


@pytest.mark.parametrize("layer", ["45-guangxi", "4501-nanning", "370305-linzi", "370304102-chengdong"])
def test_a_new_layer_compiles_without_a_warning_of_its_own(layer: str) -> None:
    made = scaffold(layer, "新设辖区", LAYERS)
    rulebook = compile_rulebook(FILES | made, layer)
    assert rulebook.info.name == "新设辖区"
    assert rulebook.info.serves
    assert not [warning for warning in rulebook.warnings if layer in warning.file]


def test_the_folder_of_a_township_says_what_it_is_for() -> None:
    made = scaffold("370304102-yucheng", "域城镇", LAYERS)["workflows/370304102-yucheng/jurisdiction.toml"]
    assert "单独的辖区" in made
    assert "时限、分派管不到" in made
    assert "单独的辖区" not in scaffold("370305-linzi", "临淄区", LAYERS)["workflows/370305-linzi/jurisdiction.toml"]


def test_a_layer_below_a_served_one_is_told_that_it_reaches_no_case() -> None:
    layer = "370304102-yucheng"
    rulebook = compile_rulebook(FILES | scaffold(layer, "域城镇", LAYERS), layer)
    told = list(standing_aside(rulebook, {"370304-boshan"}))
    assert [(problem.code, problem.file) for problem in told] == [("LAYER_ASIDE", f"workflows/{layer}")]
    assert "370304-boshan 的个案一律按 370304-boshan 的规则办" in told[0].message
    assert list(standing_aside(rulebook, {"370304-boshan", layer})) == []
    assert list(standing_aside(compile_rulebook(FILES, "370304-boshan"), {"370304-boshan"})) == []


def test_the_files_say_in_chinese_what_to_write_where() -> None:
    made = scaffold("45-guangxi", "广西壮族自治区", LAYERS)
    assert {path.removeprefix("workflows/45-guangxi/") for path in made} == {
        "jurisdiction.toml",
        "policies.toml",
        "divisions.csv",
        "scenarios/base.toml",
    }
    assert "条款原文" in made["workflows/45-guangxi/policies.toml"]


@pytest.mark.parametrize("layer", ["guangxi", "45", "45-", "45-广西", "4-x", "45guangxi", "45-Guangxi", "../45-x", ""])
def test_a_name_that_is_no_layer_is_refused_with_an_example(layer: str) -> None:
    with pytest.raises(ScaffoldError, match="45-guangxi"):
        scaffold(layer, "广西壮族自治区", LAYERS)


def test_a_code_is_used_once() -> None:
    with pytest.raises(ScaffoldError, match="370304 已经有一个文件夹"):
        scaffold("370304-other", "博山区", LAYERS)


def test_a_name_cannot_write_rules() -> None:
    made = scaffold("45-guangxi", '甲"乙\\', LAYERS)
    assert tomllib.loads(made["workflows/45-guangxi/jurisdiction.toml"]) == {"name": '甲"乙\\', "serves": True}
    for name in ("", "  ", '广西"\nserves = false'):
        with pytest.raises(ScaffoldError, match="辖区名称"):
            scaffold("45-guangxi", name, LAYERS)
