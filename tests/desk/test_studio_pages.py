"""The pages of a draft of rules: any block as a form, the routing tables as a grid and a sheet, the year of a limit."""

from dataclasses import replace
from datetime import date

import pytest

from actions.town import FILES, JURISDICTION
from xunfang.clock import parse
from xunfang.desk.studio.block_edits import checked_id, edit_of, gathered, with_id
from xunfang.desk.studio.block_keys import key_read, key_said
from xunfang.desk.studio.block_pages import Desk, block_page, file_page
from xunfang.desk.studio.blocks_beside import blocks_known, keys_above, proposed_id, read_blocks
from xunfang.desk.studio.deadlines import deadlines_page
from xunfang.desk.studio.faces import Drafted, Head
from xunfang.desk.studio.kinds_of_files import begun, kind_faces
from xunfang.desk.studio.route_sheet import pasted, workbook_of
from xunfang.desk.studio.routing import routing_page
from xunfang.desk.studio.said_names import SaidNames
from xunfang.errors import Conflict, Invalid, NotFound, Problem, Severity
from xunfang.prove.examined import Examined
from xunfang.rulebook.block_inputs import Control
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.model import Rulebook
from xunfang.rulebook.splicing import MoveBlock, SetBlock
from xunfang.store.reading.routed import Routed

ROUTING = f"workflows/{JURISDICTION}/routing.toml"
NOTHING = Routed({}, 0, frozenset())
EMPLOYMENT = ("clue", "rows", 3)


def head() -> Head:
    return Head(
        id="x", title="试", status_id="draft", status="草稿", version=1, in_force="", base="", moved=False,
        editable=True, digest="",
    )  # fmt: skip


@pytest.fixture
def desk(rulebook: Rulebook) -> Desk:
    return Desk(Drafted(head(), JURISDICTION, FILES, FILES), Examined(()), rulebook, rulebook)


def test_any_block_of_any_file_of_a_county_opens_as_a_form(desk: Desk) -> None:
    for path in (ROUTING, f"forms/{JURISDICTION}/first-aid.json", f"workflows/{JURISDICTION}/flows/clue.toml"):
        page = file_page(desk, path)
        assert not page.unread
        for row in page.rows:
            shown = block_page(desk, path, key_read(row.key))
            assert shown.inputs
            assert shown.file.path == path
    rows = {row.label: row for row in file_page(desk, ROUTING).rows}
    assert "主办" in rows["救助需求含“就业救助”"].sentence
    assert [add.label for add in rows["困难线索分派表"].adds] == ["分派行"]


def test_a_block_shows_first_what_is_wrong_in_it_and_what_others_say_too(desk: Desk) -> None:
    line = next(block.line for block in read_blocks(ROUTING, FILES[ROUTING])[0] if block.key == EMPLOYMENT)
    here, there = (Problem(ROUTING, n, "", "X", word) for n, word in ((line + 2, "这里"), (1, "那里")))
    page = block_page(replace(desk, found=Examined((here, there))), ROUTING, EMPLOYMENT)
    assert [problem.message for problem in page.problems] == ["这里"]
    assert page.elsewhere == 1
    told = {each.name: each for each in page.usual}
    assert told["when"].control is Control.CONDITION
    assert ("employment", "就业救助") in [(each.value, each.label) for each in page.facts["needs"]]
    assert {"lead", "assist", "deadline", "prints", "cites"} <= told.keys()
    assert "practice" not in told


def test_ticked_values_stand_where_their_row_wants_them_unless_another_fact_was_chosen() -> None:
    posted = {
        "when:fact": ["needs", "urgency"], "when:how": ["any", "is"], "when:value": ["", "emergency"],
        "when:was.0": ["needs"], "when:pick.0": ["medical", "housing"],
    }  # fmt: skip
    assert gathered(posted)["when:value"] == ("medical、housing", "emergency")
    assert gathered({**posted, "when:was.0": ["risks"]})["when:value"] == ("", "emergency")


def test_a_new_row_needs_no_id_to_be_thought_of() -> None:
    blocks, _ = read_blocks(ROUTING, FILES[ROUTING])
    new = ("clue", "rows", 11)
    assert with_id({"when:value": ("care",)}, blocks, new)["id"] == ("care",)
    assert with_id({"when:value": ("medical、care",)}, blocks, new)["id"] == ("medical-2",)
    assert with_id({}, blocks, new)["id"] == ("row",)
    assert with_id({"id": ("own",)}, blocks, new)["id"] == ("own",)
    assert "id" not in with_id({}, blocks, ("clue",))
    with pytest.raises(Invalid):
        checked_id("新")


def test_an_id_that_is_proposed_is_one_that_no_layer_and_no_release_has(desk: Desk) -> None:
    above, own = "workflows/37-shandong/duties.toml", f"workflows/{JURISDICTION}/duties.toml"
    files, base = {above: "[duty-7]\n", own: "[duty-2]\n"}, {own: "[duty-2]\n[duty-9]\n"}
    draft = replace(desk.draft, files=files, base=base)
    assert proposed_id(draft, own, ("new",)) == "duty-10"
    assert proposed_id(replace(draft, base={}), own, ("new",)) == "duty-8"
    assert keys_above(draft, own) == {(), ("duty-7",)}
    form = f"forms/{JURISDICTION}/visit.json"
    texts = {form: "{}", "forms/37-shandong/visit.json": '{"properties": {"item_1": {}}}'}
    assert proposed_id(replace(draft, files=texts), form, ("properties", "new")) == "item_2"
    rows = {"workflows/37-shandong/routing.toml": '[[clue.rows]]\nid = "care"\n', ROUTING: ""}
    known = blocks_known(replace(draft, files=rows, base={}), ROUTING)
    assert with_id({"when:value": ("care",)}, known, ("clue", "rows", 0))["id"] == ("care-2",)


def test_keys_in_addresses_are_read_back_and_nothing_else_is() -> None:
    assert key_read(key_said(EMPLOYMENT)) == EMPLOYMENT
    for said in ("", "{}", "[-1]", "[true]", '[["a"]]', "[" * 10_000, str(["a"] * 9).replace("'", '"')):
        with pytest.raises(NotFound):
            key_read(said)


def test_an_edit_says_what_it_did_and_is_refused_when_somebody_was_first(rulebook: Rulebook) -> None:
    block = next(block for block in read_blocks(ROUTING, FILES[ROUTING])[0] if block.key == EMPLOYMENT)
    data = {**block.data, "lead": "civil-affairs"}
    edited = edit_of(ROUTING, [SetBlock(EMPLOYMENT, block.digest, data)])(FILES[ROUTING])
    assert edited.command == "routing.set"
    assert "employment" in edited.said
    named = edit_of(ROUTING, [SetBlock(EMPLOYMENT, block.digest, {**data, "prints": []})], names=SaidNames(rulebook))
    told = named(FILES[ROUTING]).said
    assert told.startswith("改分派行“救助需求含‘就业救助’”：主办单位由“区人力资源和社会保障局”改为“区民政局”")
    assert 'lead = "civil-affairs"' in edited.text
    with pytest.raises(Conflict):
        edit_of(ROUTING, [MoveBlock(EMPLOYMENT, block.digest, 1)])(edited.text)


def test_the_grid_has_every_row_with_its_marks_and_how_often_it_routed(desk: Desk) -> None:
    line = next(block.line for block in read_blocks(ROUTING, FILES[ROUTING])[0] if block.key == EMPLOYMENT)
    never = Problem(ROUTING, line, "", "ROW_NEVER_FIRES", "永远轮不到")
    uncovered = Problem(ROUTING, 1, "", "CHOICE_UNCOVERED", "没有分派", severity=Severity.WARNING)
    routed = Routed({("dispatch", "employment"): 4}, 9, frozenset({"medical-insurance-bureau"}))
    page = routing_page(replace(desk, found=Examined((never,), (uncovered,))), routed)
    (table,) = page.tables
    rows = {row.id: row for row in table.rows}
    assert [mark.word for mark in table.marks] == ["未覆盖"]
    assert [mark.word for mark in rows["employment"].marks] == ["永不成立", "无人"]
    assert rows["employment"].count == 4
    assert rows["medical"].marks == []
    assert (rows["medical"].first, rows["medical"].last, rows["undetermined"].last) == (True, False, True)
    assert [row.place for row in table.rows] == [*range(11), None]
    assert rows["basic-living"].lead == "居住地镇（街道）"
    assert rows[""].when == "以上都不符合的"
    assert key_read(table.adds) == ("clue", "rows", 11)


def test_rows_of_the_layers_above_are_shown_as_theirs() -> None:
    layer = "141121-wenshui"
    book = compile_rulebook(FILES, layer)
    page = routing_page(Desk(Drafted(head(), layer, FILES, FILES), Examined(()), book, book), NOTHING)
    above = next(table for table in page.tables if table.id == "clue")
    assert above.key == ""
    assert [(row.key, bool(row.layer)) for row in above.rows] == [("", True)]
    own = next(table for table in page.tables if table.id == "special-aid")
    assert all(row.key and not row.layer for row in own.rows)


def test_a_grid_is_there_while_the_draft_does_not_compile(desk: Desk) -> None:
    text = FILES[ROUTING].replace('lead = "education-sports-bureau"', 'lead = "nobody-knows"')
    draft = replace(desk.draft, files={**FILES, ROUTING: text})
    rows = {row.id: row for row in routing_page(replace(desk, draft=draft, rules=None), NOTHING).tables[0].rows}
    assert rows["education"].lead == "nobody-knows"
    broken = replace(desk.draft, files={**FILES, ROUTING: "[clue\n"})
    assert "第1行" in routing_page(replace(desk, draft=broken, rules=None), NOTHING).unread


def sheet(desk: Desk) -> str:
    from io import BytesIO

    from openpyxl import load_workbook

    data = workbook_of(desk, routing_page(desk, NOTHING).tables[0], "某人", parse("2026-03-10T09:00"))
    lines = load_workbook(BytesIO(data)).worksheets[0].iter_rows(values_only=True)
    return "\n".join("\t".join(str(cell or "") for cell in line) for line in lines)


def test_a_table_taken_out_and_pasted_back_changes_nothing_and_a_changed_cell_one_row(desk: Desk) -> None:
    text = sheet(desk)
    told = pasted(desk, "clue", text)
    assert not told.refused
    assert {row.state for row in told.rows if row.id} == {"same"}
    assert not told.steps
    changed = pasted(
        desk,
        "clue",
        text.replace("救助需求 含 就业救助\t区人力资源和社会保障局", "救助需求 含 就业救助、医疗救助\t区民政局"),
    )
    assert [row.id for row in changed.rows if row.state == "changed"] == ["employment"]
    after = edit_of(ROUTING, changed.steps)(FILES[ROUTING]).text
    assert 'lead = "civil-affairs"' in after
    assert '"employment", "medical"' in after


def test_pasted_rows_are_added_or_nothing_is_kept_at_all(desk: Desk) -> None:
    heads = "情形\t主办\t依据\n"
    told = pasted(
        desk,
        "clue",
        heads + "对象类别 含 流浪乞讨人员\t区民政局\tBS-三(一)-1\n救助需求 含 医疗救助\t区残联\tBS-三(一)-1",
    )
    assert [row.state for row in told.rows] == ["new", "new"]
    assert len({row.id for row in told.rows}) == 2
    assert "row-2" in edit_of(ROUTING, told.steps)(FILES[ROUTING]).text
    wrong = pasted(desk, "clue", heads + "救助需求 含 医疗救助\t没有的局\tBS-三(一)-1\n救助需求 含 医疗救助\t区残联\t")
    assert [row.state for row in wrong.rows] == ["wrong", "new"]
    assert "没有的局" in wrong.rows[0].said[0]
    assert not wrong.steps
    assert "表头" in pasted(desk, "clue", "随便\t写写").refused


def test_a_limit_is_drawn_on_the_year_by_the_draft_and_by_what_is_in_force(desk: Desk) -> None:
    page = deadlines_page(desk, "dispatch/0", parse("2026-09-24T15:00"))
    draft, in_force = page.sides
    assert draft == replace(in_force, title="草稿")
    assert not page.differ
    assert draft.due_at == parse("2026-09-28T17:30")
    assert [day for day, _ in draft.skipped] == [date(2026, 9, 25), date(2026, 9, 26), date(2026, 9, 27)]
    days = {day.day: day for month in draft.months for week in month.weeks for day in week if day}
    assert len(days) == 365
    looks = [days[date(2026, 9, n)].look for n in (24, 25, 28, 29)]
    assert looks == ["start", "skipped", "due", ""]
    assert "中秋" in days[date(2026, 9, 25)].said
    assert [bool(each.key) for each in page.limits if each.id in ("dispatch", "acceptance")] == [True, False]
    assert deadlines_page(replace(desk, rules=None), "dispatch/0", parse("2026-12-31T15:00")).sides[0].why_not
    assert deadlines_page(desk, "none/0", parse("2026-12-31T15:00")).sides[0].why_not == "没有这一项时限"


def test_a_file_of_a_kind_is_begun_where_there_is_none(desk: Desk) -> None:
    kinds = {kind.label: kind for kind in kind_faces(desk.draft)}
    assert kinds["分派表"].begin == ""
    path, text, label = begun(desk.draft, "roles", "")
    assert path == f"workflows/{JURISDICTION}/roles.toml"
    assert label == kinds["角色和权限"].label
    assert not read_blocks(path, text)[1]
    form, text, _ = begun(desk.draft, "forms", "new-form")
    assert form == f"forms/{JURISDICTION}/new-form.json"
    assert not read_blocks(form, text)[1]
    for kind, name in (("routing", ""), ("flows", "新"), ("flows", "clue"), ("none", "x"), ("calendar", "2027")):
        with pytest.raises(Invalid):
            begun(desk.draft, kind, name)


def test_the_entries_of_a_list_stand_under_what_people_are_asked_and_others_can_be_added(desk: Desk) -> None:
    page = file_page(desk, f"workflows/{JURISDICTION}/lists.toml")
    groups = {group.label: group for group in page.groups}
    needs = groups["救助需求"]
    assert "家境调查" in [row.label for row in needs.rows]
    assert needs.above >= 5, "those of the nation"
    assert [(each.label, key_read(each.key)[:1]) for each in needs.adds] == [("选项", ("need",))]
    assert [group for group in page.groups if not group.rows and group.adds], "lists that only the nation has so far"
    assert not [row for group in page.groups if not group.label for row in group.rows if len(key_read(row.key)) > 1]
