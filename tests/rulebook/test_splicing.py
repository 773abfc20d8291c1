"""One block of a rule file is changed, and nothing else: not a line, not a comment, not an order."""

import json
import random
import tomllib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulebook.random_edits import edit
from xunfang.rulebook.blocks import Block, blocks_of
from xunfang.rulebook.splicing import (
    AddBlock,
    BlockChanged,
    MoveBlock,
    RemoveBlock,
    SetBlock,
    SpliceRefused,
    spliced,
)

ROUTES = """\
# 分派表。

[clue]
label = "线索"  # 名称
otherwise.lead = "township"

# 医疗
[[clue.rows]]
id = "medical"
when.needs.any = ["medical"]               # 看病
# 谁主办
lead = "bureau"

# 以下由街道办理。

[[clue.rows]]
id = "basic"
when.needs.any = [
    "basic",  # 吃饭
    "living",
]
lead = { unit = "township", of = "registration" }
"""

ROW = ("clue", "rows", 0)


def block(text: str, key: tuple[str | int, ...], path: str = "workflows/x/routing.toml") -> Block:
    """Return a block of a text."""
    return next(each for each in blocks_of(path, text) if each.key == key)


def set_to(text: str, key: tuple[str | int, ...], path: str = "workflows/x/routing.toml", **data: Any) -> str:
    """Return a text in which a block says some things more."""
    found = block(text, key, path)
    return spliced(path, text, SetBlock(key, found.digest, {**found.data, **data}))


def edited(text: str, *pairs: tuple[str, str]) -> str:
    """Return a text with some of its words replaced, each of which stands there once."""
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def test_blocks_take_the_comments_above_their_header_along_and_leave_the_others() -> None:
    blocks = blocks_of("workflows/x/routing.toml", ROUTES)
    assert [each.key for each in blocks] == [(), ("clue",), ROW, ("clue", "rows", 1)]
    assert [each.header for each in blocks] == ["", "[clue]", "[[clue.rows]]", "[[clue.rows]]"]
    assert blocks[2].text.startswith("# 医疗\n[[clue.rows]]")
    assert blocks[2].line == 8
    assert not any("以下由街道办理" in each.text or "分派表。" in each.text for each in blocks)
    assert blocks[1].data == {"label": "线索", "otherwise": {"lead": "township"}}


def test_only_the_line_of_the_key_changes_and_what_is_noted_beside_it_stays_in_its_column() -> None:
    made = set_to(ROUTES, ROW, when={"needs": {"any": ["medical", "care"]}})
    assert made == edited(ROUTES, ('["medical"]               # 看病', '["medical", "care"]       # 看病'))


def test_new_keys_stand_behind_those_of_their_table_and_of_their_block() -> None:
    when = {"needs": {"any": ["medical"]}, "urgency": "emergency", "中文": {"in": ["a"]}}
    made = set_to(ROUTES, ROW, when=when, cites=["一"])
    assert made == edited(
        ROUTES,
        ("# 看病\n", '# 看病\nwhen.urgency = "emergency"\nwhen."中文".in = ["a"]\n'),
        ('lead = "bureau"\n', 'lead = "bureau"\ncites = ["一"]\n'),
    )


def test_a_key_that_goes_takes_its_comments_along() -> None:
    found = block(ROUTES, ROW)
    made = spliced("x.toml", ROUTES, SetBlock(ROW, found.digest, {"id": "medical", "lead": "bureau"}))
    assert made == edited(ROUTES, ('when.needs.any = ["medical"]               # 看病\n', ""))
    made = spliced("x.toml", ROUTES, SetBlock(ROW, found.digest, {"id": "medical", "when": found.data["when"]}))
    assert made == edited(ROUTES, ('\n# 谁主办\nlead = "bureau"', ""))


def test_comments_within_a_list_stay_with_their_elements_or_the_change_is_refused() -> None:
    key = ("clue", "rows", 1)

    def when(*needs: str) -> dict[str, Any]:
        return {"needs": {"any": list(needs)}}

    assert set_to(ROUTES, key, when=when("food", "living")) == edited(ROUTES, ('"basic",  #', '"food",  #'))
    assert set_to(ROUTES, key, when=when("basic")) == edited(ROUTES, ('    "living",\n', ""))
    assert set_to(ROUTES, key, when=when("living")) == edited(ROUTES, ('    "basic",  # 吃饭\n', ""))
    with pytest.raises(SpliceRefused, match="列表中间写有注释"):
        set_to(ROUTES, key, when=when("a", "b", "c"))


def test_an_inline_table_changes_only_where_it_differs() -> None:
    made = set_to(ROUTES, ("clue", "rows", 1), lead={"unit": "village", "of": "registration"})
    assert made == edited(ROUTES, ('{ unit = "township",', '{ unit = "village",'))


def test_rows_move_with_their_comments_past_what_stands_between_them() -> None:
    found = block(ROUTES, ROW)
    made = spliced("x.toml", ROUTES, MoveBlock(ROW, found.digest, 1))
    assert [row["id"] for row in tomllib.loads(made)["clue"]["rows"]] == ["basic", "medical"]
    assert made.index("以下由街道") < made.index('# 医疗\n[[clue.rows]]\nid = "medical"')
    last = block(made, ("clue", "rows", 1))
    assert spliced("x.toml", made, MoveBlock(last.key, last.digest, -9)) == ROUTES


def test_a_row_is_added_and_taken_away_again() -> None:
    made = spliced("x.toml", ROUTES, AddBlock(ROW, {"id": "new", "lead": "a"}, before=("clue", "rows", 1)))
    assert [row["id"] for row in tomllib.loads(made)["clue"]["rows"]] == ["medical", "new", "basic"]
    new = block(made, ("clue", "rows", 1))
    assert spliced("x.toml", made, RemoveBlock(new.key, new.whole)) == ROUTES
    made = spliced("x.toml", ROUTES, AddBlock(("clue2",), {"label": "a"}))
    assert made == ROUTES + '\n[clue2]\nlabel = "a"\n'


def test_a_block_goes_with_all_that_stands_within_it_if_that_was_seen() -> None:
    found = block(ROUTES, ("clue",))
    with pytest.raises(BlockChanged):
        spliced("x.toml", ROUTES, RemoveBlock(found.key, found.digest))
    made = spliced("x.toml", ROUTES, RemoveBlock(found.key, found.whole))
    assert made == "# 分派表。\n\n# 以下由街道办理。\n"


def test_keys_before_any_header_can_be_written_where_there_are_none() -> None:
    made = set_to(ROUTES, (), remove=["old"])
    assert made == edited(ROUTES, ("# 分派表。\n\n", '# 分派表。\n\nremove = ["old"]\n\n'))
    head = block(made, ())
    assert spliced("x.toml", made, SetBlock((), head.digest, {})) == ROUTES
    assert set_to("", (), name="县") == 'name = "县"\n'


@pytest.mark.parametrize(
    "turned",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text.rstrip("\n"),
    ],
    ids=["CRLF", "BOM", "no-last-break"],
)
def test_files_of_other_editors_stay_as_they_are(turned: Callable[[str], str]) -> None:
    text = turned(ROUTES)
    made = set_to(text, ROW, lead="x", prints=["n"])
    assert made == turned(edited(ROUTES, ('lead = "bureau"\n', 'lead = "x"\nprints = ["n"]\n')))
    found = block(text, ROW)
    moved = spliced("x.toml", text, MoveBlock(ROW, found.digest, 1))
    last = block(moved, ("clue", "rows", 1))
    assert spliced("x.toml", moved, MoveBlock(last.key, last.digest, -1)) == text


def test_what_only_looks_like_a_header_is_none() -> None:
    text = '[a]\nx = """\n[b]\n# 不是注释\n"""\ny = [\n    [1],\n]\n\n["中文 键"]\nz = \'\'\'[c]\'\'\' # ]\n'
    assert [each.key for each in blocks_of("x.toml", text)] == [(), ("a",), ("中文 键",)]
    made = set_to(text, ("a",), y=[[1], [2]])
    assert made == edited(text, ("    [1],\n", "    [1], [2],\n"))
    made = set_to(text, ("a",), x="一\n[d]\n")
    assert made == edited(text, ('"""\n[b]\n# 不是注释\n"""', '"""\n一\n[d]\n"""'))
    assert set_to(text, ("中文 键",), z="c") == edited(text, ("'''[c]''' #", '"c"       #'))


def test_whoever_did_not_see_the_block_as_it_is_does_not_change_it() -> None:
    seen = block(ROUTES, ROW)
    now = set_to(ROUTES, ROW, lead="other")
    with pytest.raises(BlockChanged, match="刚被别人改过"):
        spliced("x.toml", now, SetBlock(ROW, seen.digest, {}))
    with pytest.raises(BlockChanged, match="已经不在了"):
        spliced("x.toml", now, MoveBlock(("clue", "rows", 7), seen.digest, 1))
    other = block(now, ("clue", "rows", 1))
    assert spliced("x.toml", now, SetBlock(other.key, other.digest, other.data)) == now


@pytest.mark.parametrize(
    ("text", "splice", "said"),
    [
        (ROUTES, AddBlock(("clue",), {}), "已经有“clue”了"),
        (ROUTES, AddBlock(("b",), {"x": None}), "有一个值不能写进文件"),
        (ROUTES, AddBlock(("b",), {"x": float("nan")}), "有一个值不能写进文件"),
        (ROUTES, AddBlock(("b",), {"x": "\ud800"}), "有一个值不能写进文件"),
        (ROUTES, AddBlock(("b",), {"x": "长" * 3000}), "文件读不出来：一行超过"),
        (ROUTES, AddBlock(("clue", "otherwise"), {}), "文件读不出来：同一个表写了两次"),
        (ROUTES, AddBlock((), {}), "不能逐项修改"),
        ("a = [{ x = 1 }]\n", AddBlock(("a", 0), {"x": 2}), "文件读不出来"),
        ("[a]\n[b]\n[a.x]\n", MoveBlock(("a",), "", 1), "几处写"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(text: str, splice: Any, said: str) -> None:
    if isinstance(splice, MoveBlock):
        splice = MoveBlock(splice.key, block(text, splice.key).digest, splice.by)
    with pytest.raises(SpliceRefused, match=said):
        spliced("x.toml", text, splice)


def test_papers_and_divisions_are_edited_as_text() -> None:
    for path in ("templates/x/a.html", "workflows/x/divisions.csv"):
        (whole,) = blocks_of(path, "a\n")
        assert whole.text == "a\n"
        with pytest.raises(SpliceRefused, match="按文字修改"):
            spliced(path, "a\n", SetBlock((), whole.digest, {}))


FORM = """\
{
  "title": "表",
  "properties": {
    "a": {"title": "甲"},
    "b": {"title": "乙"}
  },
  "required": ["a"]
}
"""


def test_a_form_changes_by_its_head_and_its_fields() -> None:
    assert [each.key for each in blocks_of("x.json", FORM)] == [(), ("properties", "a"), ("properties", "b")]
    made = set_to(FORM, (), "x.json", title="新表", description="说明")
    said = '  "required": ["a"],\n  "description": "说明"\n'
    assert made == edited(FORM, ('"表"', '"新表"'), ('  "required": ["a"]\n', said))
    b = block(FORM, ("properties", "b"), "x.json")
    made = spliced("x.json", FORM, MoveBlock(b.key, b.digest, -1))
    other_way_round = '"b": {"title": "乙"},\n    "a": {"title": "甲"}'
    assert made == edited(FORM, ('"a": {"title": "甲"},\n    "b": {"title": "乙"}', other_way_round))
    made = spliced("x.json", FORM, RemoveBlock(b.key, b.whole))
    assert made == edited(FORM, (',\n    "b": {"title": "乙"}', ""))
    assert spliced("x.json", made, AddBlock(b.key, b.data)) == FORM
    made = spliced("x.json", '{\n  "title": "表"\n}\n', AddBlock(b.key, b.data))
    assert json.loads(made) == {"title": "表", "properties": {"b": {"title": "乙"}}}
    left = spliced("x.json", made, RemoveBlock(b.key, block(made, b.key, "x.json").whole))
    assert json.loads(left) == {"title": "表"}, "the only field a layer writes goes too"


@settings(max_examples=80)
@given(st.randoms(use_true_random=False))
def test_whatever_is_done_to_a_shipped_file_nothing_else_differs(rng: random.Random) -> None:
    """A sample; `make fuzz-studio` changes every file, and makes many thousands of edits."""
    edit(rng)
