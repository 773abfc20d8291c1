"""The tree of divisions of a draft: what may be done where, by whose table a place is."""

from datetime import date

import pytest

from actions.town import FILES, JURISDICTION
from desk.test_studio_pages import head
from xunfang.desk.studio.division_steps import change_of, edited, wizard_page
from xunfang.desk.studio.divisions import divisions_page, places_of
from xunfang.desk.studio.faces import Drafted
from xunfang.errors import NotFound

NAME, TOWNSHIP = "divisions.csv", "370304102"
TABLE = f"workflows/{JURISDICTION}/{NAME}"


def test_what_a_layer_above_keeps_is_only_added_to() -> None:
    above = {**FILES, f"workflows/37-shandong/{NAME}": FILES[TABLE], TABLE: "code,name,level\n"}
    places = places_of(Drafted(head(), JURISDICTION, above, above), date(2026, 11, 30))
    township = next(row for row in divisions_page(places, "", "").rows if row.code == TOWNSHIP)
    assert (township.own, [how for how, _ in township.may]) == (False, ["add"])
    village = {"code": f"{TOWNSHIP}999", "name": "新村"}
    edit = edited(places, change_of(places, TOWNSHIP, "add", village), "add", "")
    assert (edit.path, edit.made.text) == (TABLE, f"code,name,level\n{TOWNSHIP}999,新村,village\n")
    with pytest.raises(NotFound):
        wizard_page(places, TOWNSHIP, "rename", {})
