"""Edits of forms as pure text: what a layer adds to a form of a layer above leaves standing what that one asks."""

import json

from actions.town import FILES, JURISDICTION
from xunfang.desk.studio.faces import Drafted, Head
from xunfang.desk.studio.form_edits import Asked, added, changed
from xunfang.desk.studio.form_faces import form_face
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
