"""Columns of rows edited as pure text: each edit as intended, every other block of the form byte for byte as before."""

import json
from typing import Any

import pytest

from actions.town import JURISDICTION
from rules.answers import AT
from rules.household import COLUMNS, FORM, files_with
from xunfang.actions.drafting import Edit, Edited
from xunfang.desk.studio.column_edits import (
    COLUMN_KINDS,
    Rows,
    column_added,
    column_changed,
    column_moved,
    column_removed,
)
from xunfang.desk.studio.form_edits import Asked, changed
from xunfang.desk.studio.form_layers import Held, Taken
from xunfang.errors import Invalid
from xunfang.rulebook.blocks import Block, blocks_of
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.splicing import BlockChanged
from xunfang.rules.labels import answer_text
from xunfang.rules.sample import sample_answers
from xunfang.rules.submission import problems

TEXT = files_with()[FORM]
KEY = ("properties", "family")


def block(text: str) -> Block:
    return next(each for each in blocks_of(FORM, text) if each.key == KEY)


def rows(**more: Any) -> Rows:
    return Rows(FORM, "family", block(TEXT).digest, **more)


def above(titles: dict[str, str]) -> Taken:
    """These columns, as a layer above has them."""
    return Taken({name: Held(title, "全国") for name, title in titles.items()})


def done(edit: Edit, text: str = TEXT) -> Edited:
    """What an edit makes of the form, after all else was found to stand as it stood."""
    made = edit(text)
    before, after = (
        [(each.key, each.text) for each in blocks_of(FORM, told) if each.key != KEY] for told in (text, made.text)
    )
    assert before == after
    return made


def columns(made: Edited) -> dict[str, Any]:
    found: dict[str, Any] = block(made.text).data["items"]
    return found


def test_a_column_is_added_at_the_end_and_told_by_its_name() -> None:
    made = done(column_added(rows(), "phone", "tel", Asked("联系电话", hint="能打通的", required=True)))
    assert made.said == "“家庭成员”增加一列“联系电话”（电话，必填）"
    assert list(columns(made)["properties"]) == [*COLUMNS, "tel"]
    assert columns(made)["properties"]["tel"] == {
        "title": "联系电话", "type": "string", "format": "phone", "maxLength": 20, "x-sensitive": "phone",
        "x-hint": "能打通的",
    }  # fmt: skip
    assert columns(made)["required"] == ["name", "relation", "tel"]
    free = done(column_added(rows(), "date", "", Asked("出生日期")))
    assert list(columns(free)["properties"])[-1] == "item_1"
    once = done(column_added(rows(taken=Taken(before=["item_3"])), "date", "", Asked("出生日期")))
    assert list(columns(once)["properties"])[-1] == "item_4", "answers to the one that was taken away are kept"


def test_a_column_is_changed_and_told_by_what_it_says_otherwise() -> None:
    asked = Asked("月收入", hint="税后", required=True, when={"studies": False})
    made = done(column_changed(rows(), "income", asked))
    assert made.said.startswith("改字段“家庭成员”：“月收入（元）”一列，名称由“月收入（元）”改为“月收入”，")
    assert made.said.endswith("，改为必填")
    assert "填写说明写上“税后”" in made.said
    assert columns(made)["properties"]["income"] == {
        **COLUMNS["income"], "title": "月收入", "x-hint": "税后", "x-when": {"studies": False}
    }  # fmt: skip
    assert columns(made)["required"] == ["name", "relation", "income"]
    school = columns(done(column_changed(rows(), "school", Asked("学校", most=80))))["properties"]["school"]
    assert school == {**COLUMNS["school"], "title": "学校", "maxLength": 80}, "what stays unsaid stays as it is"
    assert done(column_changed(rows(), "name", Asked("姓名", required=True))).text == block_as_printed()


def block_as_printed() -> str:
    """The form with the field printed as edits print it, nothing changed."""
    digest, family = block(TEXT).digest, Asked("家庭成员", section="household")
    return changed(FORM, "family", digest, family)(TEXT).text


def test_a_column_is_moved_and_taken_away() -> None:
    moved = done(column_moved(rows(), "income", -2))
    assert list(columns(moved)["properties"]) == ["name", "relation", "id_number", "income", "studies", "school"]
    assert moved.said == "“家庭成员”的“月收入（元）”一列上移"
    assert list(columns(done(column_moved(rows(), "name", -9)))["properties"]) == list(COLUMNS)
    gone = done(column_removed(rows(), "relation"))
    assert gone.said == "“家庭成员”删去一列“与本人关系”"
    assert "relation" not in columns(gone)["properties"]
    assert columns(gone)["required"] == ["name"]


def test_how_many_rows_there_are_and_what_one_is_called() -> None:
    digest = block(TEXT).digest
    asked = Asked("家庭成员", section="household", row="口", least=1, most_rows=8)
    made = done(changed(FORM, "family", digest, asked))
    data = block(made.text).data
    assert (data["x-row"], data["minItems"], data["maxItems"]) == ("口", 1, 8)
    assert "一行的叫法由“人”改为“口”" in made.said
    again = changed(FORM, "family", block(made.text).digest, Asked("家庭成员", section="household", least=0))(made.text)
    assert "minItems" not in block(again.text).data


@pytest.mark.parametrize(
    ("edit", "at", "says"),
    [
        (lambda: column_added(rows(), "text", "a", Asked("")), "title", "请写明这一项叫什么。"),
        (lambda: column_added(rows(), "", "a", Asked("甲")), "kind", "请选这一项怎样填。"),
        (lambda: column_added(rows(), "rows", "a", Asked("甲")), "kind", "一行里不能有这样的列，请另选一种。"),
        (lambda: column_added(rows(), "photos", "a", Asked("甲")), "kind", "一行里不能有这样的列，请另选一种。"),
        (lambda: column_added(rows(), "choice", "a", Asked("甲")), "list", "请选从哪一个字典里选。"),
        (lambda: column_added(rows(), "text", "A b", Asked("甲")), "name", "编号只用小写英文字母"),
        (lambda: column_added(rows(), "text", "school", Asked("甲")), "name", "已经有编号为“school”的一列了"),
        (
            lambda: column_added(rows(taken=above({"old": "旧"})), "text", "old", Asked("甲")),
            "name",
            "编号“old”全国已经用了，是“旧”。",
        ),
        (lambda: column_added(rows(), "text", "a", Asked("就读学校")), "title", "已经有一列叫“就读学校”了"),
        (
            lambda: column_added(rows(taken=above({"old": "甲"})), "text", "a", Asked("甲")),
            "title",
            "已经有一列叫“甲”了",
        ),
        (
            lambda: column_added(rows(taken=above({f"a{n}": f"{n}" for n in range(14)})), "text", "a", Asked("甲")),
            "title",
            "一行最多20列，不能再加。",
        ),
        (lambda: column_changed(rows(), "school", Asked("")), "title", "请写明这一项叫什么。"),
        (lambda: column_changed(rows(), "school", Asked("姓名")), "title", "已经有一列叫“姓名”了"),
    ],
)
def test_what_makes_no_column_is_refused_with_what_to_do(edit: Any, at: str, says: str) -> None:
    with pytest.raises(Invalid) as refused:
        edit()(TEXT)
    (problem,) = refused.value.problems
    assert problem.field == at
    assert says in problem.message


def test_the_last_column_stays() -> None:
    text = TEXT
    for name in list(COLUMNS)[:-1]:
        text = column_removed(Rows(FORM, "family", block(text).digest), name)(text).text
    last = Rows(FORM, "family", block(text).digest)
    with pytest.raises(Invalid, match="没有保存"):
        column_removed(last, "income")(text)
    beside = Rows(FORM, "family", last.digest, taken=above({"old": "上级的列"}))
    assert block(column_removed(beside, "income")(text).text).data["items"]["properties"] == {}


@pytest.mark.parametrize(
    "edit",
    [
        lambda seen: column_added(seen, "text", "a", Asked("甲")),
        lambda seen: column_changed(seen, "school", Asked("甲")),
        lambda seen: column_moved(seen, "school", 1),
        lambda seen: column_removed(seen, "school"),
    ],
)
def test_who_comes_second_or_edits_what_a_layer_above_writes_is_told(edit: Any) -> None:
    stale = Rows(FORM, "family", "0" * 64)
    with pytest.raises(BlockChanged, match="刚被别人改过"):
        edit(stale)(TEXT)
    with pytest.raises(BlockChanged, match="由上级维护"):
        edit(Rows(FORM, "nobody", ""))(TEXT)
    with pytest.raises(BlockChanged, match="由上级维护"):
        edit(Rows(FORM, "nobody", ""))("")
    remarks = next(each for each in blocks_of(FORM, TEXT) if each.key == ("properties", "remarks"))
    with pytest.raises(Invalid, match="没有保存"):
        edit(Rows(FORM, "remarks", remarks.digest))(TEXT)


def test_a_column_of_a_layer_above_is_not_changed_here() -> None:
    for edit in (column_changed(rows(taken=above({"old": "甲"})), "old", Asked("乙")), column_removed(rows(), "old")):
        with pytest.raises(BlockChanged, match="由上级维护"):
            edit(TEXT)


def test_what_a_layer_adds_to_rows_of_a_layer_above_keeps_what_that_one_requires() -> None:
    text = '{\n  "properties": {\n    "members": {"title": "成员"}\n  }\n}\n'
    path = f"forms/{JURISDICTION}/rigid-expense-application.json"
    digest = next(each.digest for each in blocks_of(path, text) if each.key)
    seen = Rows(path, "members", digest, taken=above({"name": "姓名"}), required=("name",))
    made = json.loads(column_added(seen, "text", "tel", Asked("电话", required=True))(text).text)
    assert made["properties"]["members"]["items"]["required"] == ["name", "tel"]
    assert list(made["properties"]["members"]["items"]["properties"]) == ["tel"]


def test_every_kind_of_column_compiles_is_answered_and_read() -> None:
    files, text = files_with(), TEXT
    for kind, label in COLUMN_KINDS.items():
        seen = Rows(FORM, "family", block(text).digest)
        asked = Asked(f"列{label}", list="relation" if kind in ("choice", "choices") else "", required=True)
        text = column_added(seen, kind, f"c_{kind.replace('-', '_')}", asked)(text).text
    rules = compile_rulebook({**files, FORM: text}, JURISDICTION)
    form = rules.forms["clue-report"]
    row = form.fields["family"].row
    assert row
    assert [each.kind for each in row.fields.values() if each.name.startswith("c_")] == list(COLUMN_KINDS)
    answers = sample_answers(rules, form)
    told = answer_text(rules, form.fields["family"], answers["family"])
    assert all(f"列{label}：" in told for label in COLUMN_KINDS.values())
    assert not [each for each in problems(rules, form, answers, AT) if each.field.startswith("family")]


def test_a_column_said_over_a_layer_above_is_given_back_and_that_layer_still_requires_it() -> None:
    text = '{"properties": {"members": {"title": "成员", "items": {"properties": {"name": {"x-hint": "全名"}}}}}}'
    path = f"forms/{JURISDICTION}/rigid-expense-application.json"
    digest = next(each.digest for each in blocks_of(path, text) if each.key)
    made = column_removed(Rows(path, "members", digest, above({"name": "姓名"}), ("name",)), "name")(text)
    assert made.said == "“成员”的“姓名”一列恢复上级的写法"
    assert json.loads(made.text)["properties"]["members"]["items"] == {"properties": {}}
