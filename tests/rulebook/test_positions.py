"""Each key knows its line, so that a message can send people there."""

import json
import tomllib

from hypothesis import given
from hypothesis import strategies as st

from xunfang.rulebook.positions import Path, json_lines, split_key, toml_lines

TOML = """\
# a comment with [brackets] and = signs
name = "x = [1]"   # name
[a."b.c"]
d.e = [
    1,
    # ] not the end
    2,
]
text = \"\"\"
[not.a.table]
k = 1
\"\"\"
after = 1
[[rows]]
id = "one"
[[rows]]
id = "two"
[rows.deep]
x = { y = 1, z = [2, 3] }
[[rows.inner]]
q = 1
"""


def test_toml_keys_have_their_lines() -> None:
    lines = toml_lines(TOML)
    expected: dict[Path, int] = {
        ("name",): 2,
        ("a", "b.c"): 3,
        ("a", "b.c", "d", "e"): 4,
        ("a", "b.c", "text"): 9,
        ("a", "b.c", "after"): 13,
        ("rows", 0): 14,
        ("rows", 0, "id"): 15,
        ("rows", 1): 16,
        ("rows", 1, "id"): 17,
        ("rows", 1, "deep", "x"): 19,
        ("rows", 1, "inner", 0, "q"): 21,
    }
    assert {path: lines.get(path) for path in expected} == expected


def test_json_members_and_elements_have_their_lines() -> None:
    text = '{\n  "a": {"b": [1,\n 2, {"c": 3}]},\n  "d:,": "x,y:{"\n}'
    expected: dict[Path, int] = {("a",): 2, ("a", "b"): 2, ("a", "b", 1): 3, ("a", "b", 2, "c"): 3, ("d:,",): 4}
    lines = json_lines(text)
    assert {path: lines.get(path) for path in expected} == expected


def test_quoted_keys_are_split_where_toml_splits_them() -> None:
    assert split_key("a.\"b.c\" . 'd.e'.f = 1") == ["a", "b.c", "d.e", "f"]


_NAMES = st.text("abc-_", min_size=1, max_size=4)
_VALUES = st.recursive(
    st.one_of(st.integers(-9, 9), st.text("ab[]{}\"'#=,\\", max_size=5), st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_NAMES, inner, max_size=3)),
    max_leaves=8,
)


def _paths(value: object, path: Path = ()) -> list[Path]:
    if isinstance(value, dict):
        return [path, *(found for key, inner in value.items() for found in _paths(inner, (*path, key)))]
    if isinstance(value, list):
        return [path, *(found for index, inner in enumerate(value) for found in _paths(inner, (*path, index)))]
    return [path]


@given(st.dictionaries(_NAMES, _VALUES, min_size=1, max_size=4))
def test_every_path_of_any_json_has_a_line_of_its_own_key(data: dict[str, object]) -> None:
    text = json.dumps(data, indent=1)
    lines, rows = json_lines(text), text.split("\n")
    for path in _paths(data):
        if path and isinstance(path[-1], str):
            assert f"{json.dumps(path[-1])}:" in rows[lines[path] - 1]


@given(st.dictionaries(_NAMES, st.text("ab[]{}#=,", max_size=6), min_size=1, max_size=5))
def test_every_key_of_any_flat_toml_has_its_line(data: dict[str, str]) -> None:
    text = "".join(f'"{key}" = "{value}"\n' for key, value in data.items())
    assert tomllib.loads(text) == data
    assert [toml_lines(text)[(key,)] for key in data] == list(range(1, len(data) + 1))
