"""What a layer changes: added, replaced, dropped, each with the file and line that says so."""

import pytest

from xunfang.rulebook.compile import jurisdictions, merged_parts
from xunfang.rulebook.differences import Difference, differences, template_differences

FILES = {
    "workflows/00-root/jurisdiction.toml": 'name = "上"\nserves = false\n',
    "workflows/00-root/units.toml": '[a]\nlabel = "甲"\nper = "city"\n[b]\nlabel = "乙"\n',
    "workflows/00-root/routing.toml": (
        '[t]\nlabel = "表"\nhit = "collect"\n[[t.rows]]\nid = "one"\nwhen.x = 1\nlead = "a"\n'
        '[[t.rows]]\nid = "two"\nwhen.x = 2\nlead = "a"\n'
    ),
    "workflows/99-low/jurisdiction.toml": 'name = "下"\n',
    "workflows/99-low/units.toml": 'remove = ["b"]\n[a]\nlabel = "甲"\nremove = ["per"]\nmay = ["submit", "assist"]\n',
    "workflows/99-low/routing.toml": (
        '[[t.rows]]\nid = "two"\nwhen.x = 2\nlead = "b"\n[[t.rows]]\nid = "three"\nwhen.x = 3\nlead = "a"\n'
    ),
    "templates/00-root/slip.html": "1",
    "templates/99-low/slip.html": "2",
    "templates/99-low/new.html": "3",
}


@pytest.fixture(scope="module")
def found() -> dict[str, Difference]:
    own, inherited = merged_parts(FILES, "99-low"), merged_parts(FILES, "00-root")
    return {f"{item.part}:{item.key}": item for item in differences(own, inherited)}


def test_only_what_differs_is_told(found: dict[str, Difference]) -> None:
    assert set(found) == {
        "jurisdiction:name",
        "units:a.may",
        "units:a.per",
        "units:b",
        "routing:t.rows.two.lead",
        "routing:t.rows.three",
    }


def test_a_replaced_value_tells_both_and_where_each_stands(found: dict[str, Difference]) -> None:
    item = found["jurisdiction:name"]
    assert (item.before, item.after) == ("上", "下")
    assert (item.origin.file, item.origin.line) == ("workflows/99-low/jurisdiction.toml", 1)
    assert item.inherited_from
    assert item.inherited_from.file == "workflows/00-root/jurisdiction.toml"


def test_rows_are_compared_by_their_ids(found: dict[str, Difference]) -> None:
    changed, added = found["routing:t.rows.two.lead"], found["routing:t.rows.three"]
    assert (changed.before, changed.after, changed.origin.line) == ("a", "b", 4)
    assert added.before is None
    assert added.after == {"id": "three", "when": {"x": 3}, "lead": "a"}


def test_what_a_layer_drops_is_told(found: dict[str, Difference]) -> None:
    assert (found["units:a.per"].before, found["units:a.per"].after) == ("city", None)
    assert found["units:b"].before == {"label": "乙"}
    assert found["units:b"].origin.layer == "99-low"


def test_a_list_is_one_value(found: dict[str, Difference]) -> None:
    assert found["units:a.may"].after == ["submit", "assist"]


def test_everything_of_the_root_is_its_own() -> None:
    parts = merged_parts(FILES, "00-root")
    assert all(item.before is None for item in differences(parts, {}))
    assert list(differences(parts, parts)) == []


def test_templates_that_replace_the_parents_are_told() -> None:
    chain = jurisdictions(FILES)["99-low"]
    assert template_differences(FILES, chain) == [
        ("templates/99-low/new.html", ""),
        ("templates/99-low/slip.html", "templates/00-root/slip.html"),
    ]


def test_true_is_not_one() -> None:
    files = {
        "workflows/00-root/jurisdiction.toml": "serves = true\n",
        "workflows/99-low/jurisdiction.toml": "serves = 1\n",
    }
    found = differences(merged_parts(files, "99-low"), merged_parts(files, "00-root"))
    assert [item.key for item in found] == ["serves"]
