"""Every block of every kind of file has a form: what it shows and nobody changes is what it says."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from rulebook.random_edits import SHIPPED
from xunfang.rulebook.block_forms import BlockForm, BlockRead, form_of, kind_of, posted_by
from xunfang.rulebook.block_inputs import Control, Input
from xunfang.rulebook.blocks import Block, blocks_of
from xunfang.rulebook.called import Option, Options
from xunfang.rulebook.condition_rows import RowError, condition_of, rows_of
from xunfang.rulebook.model import Rulebook
from xunfang.rulebook.positions import Path
from xunfang.rulebook.toml_edits import same
from xunfang.rules.describe.options import options_of

BOSHAN = "workflows/370304-boshan"
ROUTING, UNITS, CLUE = f"{BOSHAN}/routing.toml", f"{BOSHAN}/units.toml", f"{BOSHAN}/flows/clue.toml"
REPORT = "forms/370304-boshan/clue-report.json"


def form(path: str, key: Path, options: Options | None = None) -> BlockForm:
    """Return the form of a block of a shipped file."""
    return form_of(path, blocks_of(path, SHIPPED[path]), key, options or (lambda _: ()))


def posted(path: str, key: Path, **changes: tuple[str, ...]) -> BlockRead:
    """Return what is read of a form on which some inputs were changed, by their names with `_` for `.` and `:`."""
    made = form(path, key)
    return made.read({**posted_by(made.inputs), **{name.replace("__", ":"): each for name, each in changes.items()}})


def at(made: BlockForm, name: str) -> Input:
    """Return the input of a name."""
    return next(each for each in made.inputs if each.name == name)


def _sample() -> Iterator[tuple[str, tuple[Block, ...], Block]]:
    """Yield blocks until every key of every kind of block has been seen with every type of value it is given."""
    seen: set[tuple[str, ...]] = set()
    for path, text in SHIPPED.items():
        is_other = "/scenarios/" in path and "boshan" not in path
        blocks = () if is_other or not kind_of(path) else blocks_of(path, text)
        for block in blocks:
            kind = (kind_of(path), *("#" if isinstance(part, int) else "*" for part in block.key))
            said = {(*kind, each) for each in _types(block.data)} - seen
            if said:
                seen |= said
                yield path, blocks, block


def _types(data: Any, above: str = "") -> Iterator[str]:
    for key, value in data.items():
        yield f"{above}{key} {type(value).__name__}"
        yield from _types(value, f"{key}.") if isinstance(value, dict) else ()


def test_what_nobody_changes_stays_as_it_is_and_has_nothing_wrong(rulebook: Rulebook) -> None:
    """Every key with every type of its values; `make fuzz-studio` takes them all."""
    options = options_of(rulebook)
    for path, blocks, block in _sample():
        made = form_of(path, blocks, block.key, options if "boshan" in path else lambda _: ())
        read = made.read(posted_by(made.inputs))
        assert same(read.data, block.data), (path, block.key)
        assert read.problems == (), (path, block.key)
        assert [each.shown for each in read.inputs] == [each.shown for each in made.inputs]


def test_a_row_of_a_routing_table_is_chosen_from_names(rulebook: Rulebook) -> None:
    made = form(ROUTING, ("clue", "rows", 0), options_of(rulebook))
    assert made.title == "分派行"
    lead, assist, when, cites = (at(made, name) for name in ("lead", "assist", "when", "cites"))
    assert (lead.label, lead.control, lead.value) == ("主办单位", Control.CHOICE, "medical-insurance-bureau")
    assert Option("medical-insurance-bureau", rulebook.units["medical-insurance-bureau"].label) in lead.options
    assert assist.control is Control.MANY
    assert assist.options[0].value == "township"
    assert any(option.value == "township of registration" for option in lead.options)
    assert when.rows == (("needs", "any", "medical"),)
    assert (cites.control, cites.open) == (Control.TEXTS, True)


def test_what_is_known_by_a_name_is_shown_and_typed_by_it(rulebook: Rulebook) -> None:
    options = options_of(rulebook)
    ledger = form(f"{BOSHAN}/ledgers.toml", ("clue-ledger",), options)
    columns = at(ledger, "columns")
    assert {"个案编号", "发现方式", "姓名（困难群众）"} <= set(columns.values)
    assert all(not option.value.isascii() for option in columns.options)
    posted = {**posted_by(ledger.inputs), "columns": ("个案编号", "姓名（困难群众）", "clue.difficulty", "没有的一列")}
    assert ledger.read(posted).data["columns"] == ["case.number", "person.name", "clue.difficulty", "没有的一列"]
    assert [option.label for option in at(ledger, "where").options if option.value == "flow"] == ["流程"]
    assert ("clue", rulebook.flows["clue"].label) in {(each.value, each.label) for each in options("values/flow")}

    feed = form(f"{BOSHAN}/feeds.toml", ("online-pleas",), options)
    asked = rulebook.forms[rulebook.feeds["online-pleas"].row_form].fields["id_number"].title
    assert dict(at(feed, "columns").rows)[asked].split("、")[0] == "身份证号"
    assert dict(at(feed, "sets").rows) == {"线索来源": "部门数据"}
    posted = {**posted_by(feed.inputs), "columns:key": (asked,), "columns:value": ("证号、 号码",)}
    assert feed.read(posted).data["columns"] == {"id_number": ["证号", "号码"]}


def test_a_sum_is_shown_and_typed_with_the_names_of_what_it_reckons_with(rulebook: Rulebook) -> None:
    survey = form("forms/00-national/household-survey.json", (), options_of(rulebook))
    (own,) = [value for key, value in at(survey, "x-computed").rows if key == "income_total"]
    assert own.startswith("「")
    assert " + " in own
    told = {"x-computed:key": ("a", "b"), "x-computed:value": (own, "四舍五入(「共同生活的家庭成员人数」 / 「没有」)")}
    read = survey.read({**posted_by(survey.inputs), **told}).data["x-computed"]
    assert read["a"] == survey.read(posted_by(survey.inputs)).data["x-computed"]["income_total"]
    assert read["b"] == "round(household_size / 「没有」)"


def test_a_list_that_holds_nothing_is_not_one_that_is_not_there() -> None:
    blocks = blocks_of(ROUTING, '[[clue.rows]]\nid = "a"\nassist = []\n')
    made = form_of(ROUTING, blocks, ("clue", "rows", 0), lambda source: (Option("village", "村"),))
    assert at(made, "assist").options[-1] == Option("[]", "一个也没有")
    assert made.read(posted_by(made.inputs)).data == {"id": "a", "assist": []}
    assert made.read({"id": ("a",), "assist": ("village", "[]")}).data == {"id": "a", "assist": ["village"]}


def test_states_and_fields_are_those_of_the_file_itself() -> None:
    to = at(form(CLUE, ("states", "handling", "outcomes", "granted")), "to")
    assert to.control is Control.CHOICE
    assert "notify" in {option.value for option in to.options}
    section = at(form(REPORT, ("properties", "illness")), "x-section")
    assert Option("need", "困难与需求") in section.options


def test_keys_that_stand_in_blocks_of_their_own_are_not_asked_for() -> None:
    assert "rows" in form(ROUTING, ("clue",)).elsewhere
    assert not [each for each in form(ROUTING, ("clue",)).inputs if each.path[:1] == ("rows",)]
    assert [each.name for each in form(UNITS, ()).inputs] == ["remove"]


def test_a_new_block_has_the_form_of_its_kind() -> None:
    made = form(ROUTING, ("clue", "rows", 99))
    assert {each.name: each.required for each in made.inputs if each.required} == {"id": True}
    read = made.read({"id": ("new",), "when:fact": ("needs",), "when:how": ("in",), "when:value": ("a、b",)})
    assert read.data == {"id": "new", "when": {"needs": {"in": ["a", "b"]}}}
    assert made.read({}).problems[0].message.startswith("缺少必填的键“id”")


def test_what_was_typed_becomes_data_of_its_type() -> None:
    read = posted(ROUTING, ("clue", "rows", 0), lead=("township of registration",), prints=("a", " ", "b "), assist=())
    assert read.problems == ()
    assert read.data["lead"] == {"unit": "township", "of": "registration"}
    assert read.data["prints"] == ["a", "b"]
    assert "assist" not in read.data
    assert posted(ROUTING, ("clue", "rows", 0), assist=("[]",)).data["assist"] == []
    read = posted(UNITS, ("township",), since=("2026-10-01",), external=("false",), practice=("一\r\n二",))
    assert (read.data["since"], read.data["external"], read.data["practice"]) == (date(2026, 10, 1), False, "一\n二")
    assert posted(REPORT, ("properties", "household_size"), maximum=("２０",)).data["maximum"] == 20


def test_all_that_is_wrong_is_told_at_once_beside_its_input() -> None:
    read = posted(
        UNITS, ("village",), since=("2026-13-01",), per=("town",), formerly=("[1",), document_word=("长" * 1001,)
    )
    told = {problem.name: problem.message for problem in read.problems}
    assert told == {
        "since": "应为日期，如 2026-10-01",
        "per": '不认识的取值 "town"。是否想写“township”？',
        "formerly": "方括号没有成对",
        "document_word": "文字过长，至多 1000 个字",
    }
    assert {each.name for each in read.inputs if each.problem} == set(told)
    assert next(each for each in read.inputs if each.name == "since").value == "2026-13-01"


def test_numbers_and_conditions_that_say_nothing_are_told() -> None:
    said = posted(REPORT, ("properties", "household_size"), maximum=("三十人",)).problems
    assert [each.message for each in said] == ["应为数字，不带单位，如 3"]
    rows = {"when__fact": ("needs", "a"), "when__how": ("any", "is"), "when__value": ("x", "")}
    assert [each.message for each in posted(ROUTING, ("clue", "rows", 0), **rows).problems] == ["第2行没有写与什么相比"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("[" * 999, "括号嵌套超过"),
        ("x = 1\ny = nan", "第2行：这个数没有意义"),
        ("长" * 3000, "一行超过 2000 个字符"),
        ("label = 1\nlabel = 2", "第2行：同一个键写了两次"),
    ],
)
def test_text_is_bounded_as_a_file_is(said: str, told: str) -> None:
    problems = posted(UNITS, ("village",), formerly=(said,)).problems
    assert [told in each.message for each in problems] == [True], problems


def test_what_no_schema_knows_is_kept_and_told() -> None:
    blocks = blocks_of(ROUTING, '[clue]\nlabel = "a"\nlabels = 1\n')
    made = form_of(ROUTING, blocks, ("clue",))
    assert at(made, ":rest").value == "labels = 1"
    read = made.read(posted_by(made.inputs))
    assert read.data == {"label": "a", "labels": 1}
    assert [(each.name, each.message) for each in read.problems] == [(":rest", "不认识的键“labels”。是否想写“label”？")]


CONDITIONS = [
    {"needs": {"any": ["medical"]}, "urgency": "emergency"},
    {"task": {"eligible": True}, "person": {"age": {"at_least": 60, "below": 80}}},
    {"amount": {"above": "6 * $standards.subsistence on applied_on"}},
    {"since": {"before": date(2026, 1, 1)}, "code": "007", "count": "12", "yes": "是"},
    {"words": {"in": ["a、b", "true", '"c"']}, "known": {"known": False}},
]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_conditions_are_read_back_from_their_rows(condition: dict[str, Any]) -> None:
    rows = rows_of(condition)
    assert rows is not None
    assert same(condition_of(rows), condition)


def test_conditions_that_are_more_than_a_table_are_shown_as_text() -> None:
    assert rows_of({"any_of": [{"a": 1}]}) is None
    with pytest.raises(RowError, match="没有选看哪一项"):
        condition_of([("", "is", "x")])
    with pytest.raises(RowError, match="写了两行"):
        condition_of([("a", "is", "x"), ("a", "is", "y")])
    with pytest.raises(RowError, match="没有“2026-02-30”这一天"):
        condition_of([("a", "before", "2026-02-30")])
