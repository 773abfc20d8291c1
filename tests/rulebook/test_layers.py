"""The tree of folders is the tree of government."""

import pytest

from xunfang.rulebook.layers import chain_of, layers_in, misplaced

FILES = [
    "workflows/00-national/a.toml",
    "workflows/14-shanxi/a.toml",
    "forms/141121-wenshui/a.json",
    "workflows/37-shandong/a.toml",
    "templates/370304-boshan/a.html",
    "workflows/3705-dongying/a.toml",
    "workflows/500229221-heyu/a.toml",
]


@pytest.mark.parametrize(
    ("layer", "chain"),
    [
        ("00-national", ("00-national",)),
        ("37-shandong", ("00-national", "37-shandong")),
        ("370304-boshan", ("00-national", "37-shandong", "370304-boshan")),
        ("3705-dongying", ("00-national", "37-shandong", "3705-dongying")),
        ("141121-wenshui", ("00-national", "14-shanxi", "141121-wenshui")),
        ("500229221-heyu", ("00-national", "500229221-heyu")),
    ],
)
def test_the_parent_is_the_nearest_folder_whose_code_is_a_prefix(layer: str, chain: tuple[str, ...]) -> None:
    assert chain_of(layer, layers_in(FILES)) == chain


def test_an_unknown_layer_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        chain_of("99-nowhere", layers_in(FILES))


def test_folders_that_are_no_layers_are_named_once_each() -> None:
    strays = ["workflows/博山区/a.toml", "workflows/博山区/b.toml", "forms/boshan-370304/a.json", "workflows/a.toml"]
    found = {problem.file for problem in misplaced([*FILES, *strays])}
    assert found == {"workflows/博山区", "forms/boshan-370304", "workflows/a.toml"}


def test_a_copy_of_a_folder_is_named_and_inherits_nothing_to_the_original() -> None:
    files = [*FILES, "workflows/370304-boshan-copy/a.toml"]
    assert [problem.code for problem in misplaced(files)] == ["LAYER_TWICE"]
    assert chain_of("370304-boshan", layers_in(files)) == ("00-national", "37-shandong", "370304-boshan")


def test_proper_folders_are_no_problem() -> None:
    assert misplaced(FILES) == []
