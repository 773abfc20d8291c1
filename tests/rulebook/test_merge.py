"""Laying a lower layer over an upper one, key by key, each value knowing where it was written."""

from typing import Any

import pytest

from xunfang.rulebook.files import parse_document
from xunfang.rulebook.merge import Part, grow, merge


def _merge(*texts: str, kind: str = "routing") -> Part:
    trees = [grow(parse_document(f"layer{n}.toml", text), f"layer{n}") for n, text in enumerate(texts)]
    return merge(kind, kind, trees)


UPPER = """\
[clue]
label = "上级"
hit = "collect"
[[clue.rows]]
id = "one"
lead = "a"
[[clue.rows]]
id = "two"
lead = "b"
"""


def test_tables_merge_key_by_key_and_lists_are_replaced_whole() -> None:
    part = _merge("[a]\nx = 1\ny = [1, 2]\n[b]\nz = 3\n", "[a]\nx = 9\ny = [3]\n[c]\nw = 4\n")
    assert part.data == {"a": {"x": 9, "y": [3]}, "b": {"z": 3}, "c": {"w": 4}}


def test_remove_takes_inherited_entries_away() -> None:
    part = _merge("[a]\nx = 1\n[b]\nx = 1\n[a.deep]\ny = 1\n", 'remove = ["b"]\n[a]\nremove = ["deep"]\n')
    assert part.data == {"a": {"x": 1}}


def test_what_was_removed_may_be_written_anew() -> None:
    assert _merge("[a]\nx = 1\ny = 2\n", 'remove = ["a"]\n[a]\nx = 3\n').data == {"a": {"x": 3}}


def _ids(part: Part) -> list[Any]:
    return [(row["id"], row["lead"]) for row in part.data["clue"]["rows"]]


@pytest.mark.parametrize(
    ("hit", "expected"),
    [
        ("collect", [("one", "a"), ("two", "c"), ("three", "d")]),
        ("first", [("three", "d"), ("two", "c"), ("one", "a")]),
    ],
)
def test_rows_of_a_table(hit: str, expected: list[tuple[str, str]]) -> None:
    lower = f'[clue]\nhit = "{hit}"\n' + "".join(
        f'[[clue.rows]]\nid = "{name}"\nlead = "{lead}"\n' for name, lead in (("three", "d"), ("two", "c"))
    )
    assert _ids(_merge(UPPER, lower)) == expected


def test_each_value_knows_its_file_line_and_layer() -> None:
    part = _merge(UPPER, '[clue]\nlabel = "下级"\n[[clue.rows]]\nid = "two"\nlead = "c"\n')
    place = {path: part.origin(path) for path in (("clue", "label"), ("clue", "hit"), ("clue", "rows", 1, "lead"))}
    assert {path: (origin.file, origin.line) for path, origin in place.items()} == {
        ("clue", "label"): ("layer1.toml", 2),
        ("clue", "hit"): ("layer0.toml", 3),
        ("clue", "rows", 1, "lead"): ("layer1.toml", 5),
    }


def test_a_path_that_was_never_written_points_to_what_is_around_it() -> None:
    part = _merge(UPPER)
    assert part.origin(("clue", "rows", 0, "assist", 3)).line == part.origin(("clue", "rows", 0)).line == 4


def test_replaced_values_are_remembered() -> None:
    part = _merge(UPPER, '[clue]\nlabel = "下级"\nhit = "collect"\n')
    assert [(item.path, item.before, item.after, item.origin.layer) for item in part.overrides] == [
        (("clue", "label"), "上级", "下级", "layer1")
    ]


def test_three_layers_lie_in_order() -> None:
    part = _merge("a = 1\nb = 1\nc = 1\n", "b = 2\nc = 2\n", "c = 3\n")
    assert part.data == {"a": 1, "b": 2, "c": 3}
    assert [(item.before, item.after) for item in part.overrides] == [(1, 2), (1, 2), (2, 3)]


def test_a_table_over_a_plain_value_replaces_it() -> None:
    assert _merge("a = 1\n", "[a]\nx = 1\n").data == {"a": {"x": 1}}


def test_rows_without_ids_are_replaced_whole_instead_of_raising() -> None:
    lower = '[clue]\n[[clue.rows]]\nlead = "c"\n'
    assert _merge(UPPER, lower).data["clue"]["rows"] == [{"lead": "c"}]
