"""The columns of rows as they are edited: a layer's own can be changed and moved, those of layers above are seen."""

import json

from actions.town import FILES, JURISDICTION
from desk.test_form_touches import HEAD
from xunfang.desk.studio.column_faces import ColumnsFace, columns_face
from xunfang.desk.studio.faces import Drafted
from xunfang.desk.studio.form_faces import form_face
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.model import Rulebook

FORM = "rigid-expense-application"
CHAIN = ("00-national", "37-shandong", JURISDICTION)
OWN = {"tel": {"title": "电话", "type": "string", "format": "phone", "x-sensitive": "phone"},
       "trade": {"title": "手艺", "type": "string", "maxLength": 20}}  # fmt: skip
ADDS = {"properties": {"members": {"items": {"properties": OWN}}}}
FILES_WITH = {**FILES, f"forms/{JURISDICTION}/{FORM}.json": json.dumps(ADDS, ensure_ascii=False)}


def face(rules: Rulebook | None, name: str = "members") -> ColumnsFace | None:
    whole = form_face(Drafted(HEAD, JURISDICTION, FILES_WITH, FILES), rules, CHAIN, FORM)
    return columns_face(rules, FORM, next(each for each in whole.fields if each.name == name))


def test_what_a_layer_adds_stands_behind_what_it_inherits_and_is_moved_among_its_own() -> None:
    rules = compile_rulebook(FILES_WITH, JURISDICTION)
    found = face(rules)
    assert found
    assert (found.row, found.least, found.most, found.full) == ("人", 0, 20, False)
    assert [each.name for each in found.columns][-2:] == ["tel", "trade"]
    assert [each.name for each in found.own] == ["tel", "trade"]
    name, tel, trade = (found.find(each) for each in ("name", "tel", "trade"))
    assert name
    assert tel
    assert trade
    assert (name.kind, name.required, name.own, name.up, name.down) == ("短文字", True, False, 0, 0)
    assert (tel.kind, tel.required, tel.up, tel.down) == ("电话", False, 0, 1)
    assert (trade.up, trade.down, trade.data) == (-1, 0, OWN["trade"])
    assert face(rules, "property") is None


def test_a_file_that_does_not_compile_shows_the_columns_that_are_written() -> None:
    found = face(None)
    assert found
    assert [(each.title, each.own) for each in found.columns] == [("电话", True), ("手艺", True)]
