"""The pages of one draft: a form is changed by buttons, seen as people will see it, tried, kept as a scenario."""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import JURISDICTION, ROOT, Town, report_answers
from drafts import EDITOR, begun, drafting
from flask import Flask
from spoken_pages import latin_in

from xunfang.actions.papers import NoticeOrder
from xunfang.casework.change_sets import text_digest
from xunfang.desk.studio.block_keys import key_said
from xunfang.prove.scenarios import run
from xunfang.rulebook.blocks import blocks_of
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.model import Rulebook


@pytest.fixture
def town(tmp_path: Path, rulebook: Rulebook, web: Flask) -> Iterator[Town]:
    with drafting(tmp_path, rulebook, web, EDITOR) as town:
        yield town


def test_a_form_is_changed_seen_tried_and_proved(town: Town) -> None:
    browser = town.client("editor")
    at = begun(browser, "增加照护情况") + "/"
    forms = browser.get(f"{at}forms/").get_data(as_text=True)
    assert "本级的表单" in forms
    form, telling = f"{at}forms/clue-report", {"title": "临时照护", "kind": "boolean", "required": "yes"}
    told = {**telling, "section": "need", "name": "care"}
    assert browser.post(f"{form}/do/add", {**told, "title": ""}).status_code == 422
    assert browser.post(f"{form}/do/add", told).status_code == 303
    page = browser.get(form).get_data(as_text=True)
    assert "“临时照护”必填，而" in page, "which scenarios have to change with it"
    assert "由上级维护" not in page

    answers = {**report_answers(), "found_at": "2026-09-29T08:30", "willing": "true", "consent": "true"}
    refused = browser.post(f"{form}/fill", answers)
    assert refused.status_code == 422
    assert "临时照护" in refused.get_data(as_text=True).partition("需要修改")[2][:300]
    assert "可以提交" in browser.post(f"{form}/fill", {**answers, "care": "true"}).get_data(as_text=True)

    events, trial = town.events(), f"{at}trial/clue-report"
    whole = {**answers, "care": "true", "moment": "2026-09-29T10:00"}
    seen = browser.post(trial, whole).get_data(as_text=True)
    assert "与现行规则完全一样" in seen
    assert "2026-10-12 17:30前" in seen
    without = browser.post(trial, {**whole, "care": ""})
    assert without.status_code == 422
    assert "与现行规则不同的有" in without.get_data(as_text=True)
    assert town.events() == events, "nothing is stored of what is tried"

    kept = browser.post(trial, {**whole, "keep": "yes", "label": "国庆节前报来的"})
    assert kept.status_code == 303
    files = town.app.extensions["xunfang"].readings.studio.drafted(town.actor("editor"), at.split("/")[2]).files
    path = f"workflows/{JURISDICTION}/scenarios/tried-{at.split('/')[2][-6:]}-1.toml"
    text, typed = files[path], report_answers()
    assert typed["name"] not in text
    assert typed["id_number"] not in text
    assert typed["phone"] not in text
    rules = compile_rulebook(files, JURISDICTION)
    scenario = next(each for each in rules.scenarios if each.file == path)
    assert run(rules, scenario) == ()
    assert len(scenario.steps) == 2
    assert scenario.proves


def test_a_field_is_asked_for_when_something_is_ticked(town: Town) -> None:
    browser = town.client("editor")
    at = begun(browser, "改条件") + "/"
    form = f"{at}forms/clue-report"
    page = browser.get(f"{form}/field/remarks").get_data(as_text=True)
    digest = page.partition('name="digest" value="')[2].partition('"')[0]
    told = {"name": "remarks", "digest": digest, "title": "备注", "section": "consent", "shown": "when"}
    picked = {**told, "pick": ["needs=medical", "needs=education", "willing=true"]}
    assert browser.post(f"{form}/do/set", picked).status_code == 303
    assert "时才问" in browser.get(form).get_data(as_text=True)
    edits = browser.get(at[:-1]).get_data(as_text=True).partition("改动经过")[2]
    assert "改字段“备注”：" in edits
    assert "显示的情形写上“" in edits
    assert "needs" not in edits
    late = browser.post(f"{form}/do/set", {**told, "title": "别的说法"})
    assert late.status_code == 409, "somebody was first"
    assert "别的说法" in late.get_data(as_text=True)


def test_a_paper_is_seen_as_it_was_typed_before_anything_is_kept(town: Town) -> None:
    browser, orders = town.client("editor"), list[NoticeOrder]()

    def press(order: NoticeOrder) -> SimpleNamespace:
        orders.append(order)
        return SimpleNamespace(pdf=b"%PDF", pages=1)

    town.app.extensions["xunfang"] = replace(town.app.extensions["xunfang"], press=press)
    at = begun(browser, "改文书")
    page = browser.get(f"{at}/papers/closing-notice").get_data(as_text=True)
    assert "真实个案" not in page, "a rule editor sees no cases"
    assert 'data-insert="{{ person.masked_name }}" title="当事人：姓名（隐去），如“李*福”"' in page
    assert 'title="{{' not in page
    events = town.events()
    for way, long in (("usual", False), ("long", True)):
        shown = browser.post(f"{at}/papers/closing-notice/preview", {"text": "<p>改过的</p>", "with": way})
        assert shown.mimetype == "application/pdf"
        assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
        assert orders[-1].templates["closing-notice.html"] == "<p>改过的</p>"
        assert (len(orders[-1].facts["results"]) > 1) == long
    unseen = browser.post(f"{at}/papers/closing-notice/preview", {"with": "0" * 32}).get_data(as_text=True)
    assert "不在您的查看范围内" in unseen
    assert town.events() == events
    assert len(orders) == 2


def test_a_row_is_dragged_several_places_and_the_step_taken_back_on_the_same_page(town: Town) -> None:
    browser = town.client("editor")
    at = begun(browser, "排序")
    path = f"workflows/{JURISDICTION}/routing.toml"
    third = blocks_of(path, (ROOT / path).read_text("utf-8"))[4]
    told = {"how": "up", "by": "2", "block": key_said(third.key), "digest": third.digest, "back": "routing"}
    assert browser.post(f"{at}/rules/arrange/{path}", told).status_code == 303

    def first() -> object:
        files = town.app.extensions["xunfang"].readings.studio.drafted(town.actor("editor"), at.split("/")[2]).files
        return tomllib.loads(files[path])["clue"]["rows"][0]["id"]

    assert first() == third.data["id"]
    page = browser.get(f"{at}/routing/").get_data(as_text=True)
    assert "从第3位移到第1位" in page
    edit = page.partition('name="edit" value="')[2].partition('"')[0]
    undone = browser.post(f"{at}/undo", {"edit": edit, "back": "routing"})
    assert undone.headers["Location"].startswith(f"{at}/routing/")
    assert first() == "medical"
    assert "撤销这一步" not in browser.get(f"{at}/routing/").get_data(as_text=True)


def test_a_published_option_taken_away_as_text_is_told_where_it_was_done_and_holds_the_draft(town: Town) -> None:
    browser = town.client("editor")
    at = begun(browser, "少一个选项")
    path = f"workflows/{JURISDICTION}/lists.toml"
    before, key = (ROOT / path).read_text("utf-8"), ("need", "humane-care")
    text = before.replace(next(each.text for each in blocks_of(path, before) if each.key == key), "")
    written = {"path": path, "text": text, "digest": text_digest(before)}
    assert browser.post(f"{at}/write", written).status_code == 303
    told = "选项“人文关怀”"
    assert told in browser.get(f"{at}/text?path={path}").get_data(as_text=True)
    browser.post(f"{at}/try")
    page = browser.get(at).get_data(as_text=True)
    assert told in page
    assert "“检查”没有通过" in page


SPOKEN = (
    "", "/sheet/", "/clauses/", "/flows/", "/flows/clue", "/duties/", "/divisions/", "/lists/", "/lists/need",
    "/forms/", "/forms/clue-report", "/forms/clue-report/field/remarks", "/routing/", "/papers/", "/trial/",
    "/forms/rigid-expense-application/field/members", "/forms/rigid-expense-application/field/members/column/name",
    "/trial/clue-report", "/deadlines/?limit=feedback&start=2026-09-29T10:00", "/rules/",
    *(f"/rules/file/workflows/{JURISDICTION}/{name}.toml" for name in ("units", "deadlines", "routing", "flows/clue")),
)  # fmt: skip


def test_no_page_of_a_draft_says_what_only_files_say(town: Town) -> None:
    browser = town.client("editor")
    at = begun(browser, "读一读")
    lists, routing = (f"workflows/{JURISDICTION}/{name}.toml" for name in ("lists", "routing"))
    before, key = (ROOT / lists).read_text("utf-8"), ("need", "humane-care")
    text = before.replace(next(each.text for each in blocks_of(lists, before) if each.key == key), "")
    browser.post(f"{at}/write", {"path": lists, "text": text, "digest": text_digest(before)})
    row = blocks_of(routing, (ROOT / routing).read_text("utf-8"))[4]
    told = {"how": "up", "block": key_said(row.key), "digest": row.digest}
    browser.post(f"{at}/rules/arrange/{routing}", told)
    browser.post(f"{at}/try")
    found = {path: latin_in(browser.get(at + path).get_data(as_text=True)) for path in SPOKEN}
    assert {path: words for path, words in found.items() if words} == {}
