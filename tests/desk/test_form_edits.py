"""Edits of forms as pure text: what a layer adds to a form of a layer above leaves standing what that one asks."""

import json

import pytest

from actions.town import FILES, JURISDICTION
from xunfang.desk.studio.faces import Drafted, Head
from xunfang.desk.studio.form_edits import Asked, added, changed, removed, section_added
from xunfang.desk.studio.form_faces import form_face
from xunfang.desk.studio.form_layers import taken_in
from xunfang.errors import Invalid
from xunfang.rulebook.blocks import block_at

HEAD = Head("x", "试", "draft", "草稿", 1, "", "", moved=False, editable=True, digest="")
FORM, CHAIN = "rigid-expense-application", ("00-national", JURISDICTION)
ABOVE = json.loads(FILES[f"forms/00-national/{FORM}.json"])["required"]


def test_what_a_layer_requires_besides_stands_beside_what_the_layer_above_requires() -> None:
    face = form_face(Drafted(HEAD, JURISDICTION, FILES, FILES), None, CHAIN, FORM)
    asked = Asked("照护", required=True)
    text = added(face.path, "boolean", "care", asked, face.required_above)("").text
    assert json.loads(text)["required"] == [*ABOVE, "care"], "a list of its own stands in the place of theirs"
    block = block_at(face.path, text, ("properties", "care"))
    assert block
    again = changed(face.path, "care", block.digest, Asked("照护"), above=face.required_above)(text)
    assert json.loads(again.text)["required"] == ABOVE
    assert again.said == "改字段“照护”：改为可不填"


PROVINCE = f"forms/37-shandong/{FORM}.json"
OWN = f"forms/{JURISDICTION}/{FORM}.json"
ADDS = {"properties": {"item_1": {"title": "省里加的"}}, "x-sections": {"part-1": "省里加的部分"}}
WITHIN = {**FILES, PROVINCE: json.dumps(ADDS, ensure_ascii=False)}
BEFORE = {**WITHIN, OWN: '{"properties": {"item_4": {"title": "发布过的"}}}'}


def test_what_is_new_gets_an_id_that_no_layer_above_has_and_no_release_had() -> None:
    draft = Drafted(HEAD, JURISDICTION, WITHIN, BEFORE)
    chain = (CHAIN[0], "37-shandong", JURISDICTION)
    fields, sections = (taken_in(draft, FORM, chain, key) for key in ("properties", "x-sections"))
    text = added(OWN, "text", "", Asked("甲"), taken=fields)("").text
    text = added(OWN, "text", "", Asked("乙"), taken=fields)(text).text
    assert list(json.loads(text)["properties"]) == ["item_5", "item_6"]
    assert list(json.loads(section_added(OWN, "丙", sections)(text).text)["x-sections"]) == ["part-2"]
    national = json.loads(FILES[f"forms/00-national/{FORM}.json"])["properties"]["name"]["title"]
    for name, told in (
        ("item_1", "编号“item_1”山东省已经用了，是“省里加的”。请换一个，或者不写。"),
        ("name", f"编号“name”全国已经用了，是“{national}”。请换一个，或者不写。"),
        ("item_5", "已经有编号为“item_5”的一项了，请换一个，或者不写。"),
    ):
        with pytest.raises(Invalid) as refused:
            added(OWN, "text", name, Asked("另记"), taken=fields)(text)
        assert [(each.field, each.message) for each in refused.value.problems] == [("name", told)]


def test_a_field_said_over_a_layer_above_is_given_back_and_stays_required() -> None:
    county, form = "141121-wenshui", "visit"
    face = form_face(Drafted(HEAD, county, FILES, FILES), None, ("00-national", "14-shanxi", county), form)
    text = FILES[face.path]
    found = {each.name: each for each in face.fields}
    assert (found["visited_on"].over, found["declined_note"].over) == (True, False)
    made = removed(face.path, "visited_on", "走访日期", found["visited_on"].whole, over=True)(text)
    assert made.said == "“走访日期”恢复上级的写法"
    assert json.loads(made.text)["required"] == json.loads(text)["required"], "it is still asked"
    own = removed(face.path, "declined_note", "不愿申请的说明", found["declined_note"].whole)(text)
    assert own.said == "表单删去“不愿申请的说明”"
