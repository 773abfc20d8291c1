"""The page of clauses: texts with their rules beside them, clauses made, changed, put under rules, taken from there."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from conftest import JURISDICTION, Person, Town
from drafts import EDITOR, begun, drafting, files
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from test_browser import PHONE, Walk

from xunfang.rulebook.model import Rulebook
from xunfang.rulebook.policy_texts import clause_words, text_path

REVIEWER = Person("second", "task-force", ("rule-reviewer",))
DEADLINES, POLICIES = f"workflows/{JURISDICTION}/deadlines.toml", f"workflows/{JURISDICTION}/policies.toml"
FEEDBACK, WORDS, NEW = "BS-二(二)3-7", "做到实时发现、及时施救", "BS-二(二)1-9"


@pytest.fixture
def town(tmp_path: Path, rulebook: Rulebook, web: Flask) -> Iterator[Town]:
    with drafting(tmp_path, rulebook, web, EDITOR, REVIEWER) as town:
        yield town


def begin(browser: FlaskClient) -> str:
    return begun(browser, "对照方案") + "/clauses/"


def quoted(clause: str) -> str:
    return quote(clause, safe="()")


def of(at: str, clause: str) -> str:
    return f"{at}of/{quoted(clause)}"


def value(page: str, name: str, after: str = "<body") -> str:
    return page.partition(after)[2].partition(f'name="{name}" value="')[2].partition('"')[0]


def test_the_text_stands_beside_its_rules_and_says_where_they_differ(town: Town) -> None:
    browser = town.client("editor")
    at = begin(browser)
    whole = browser.get(at).get_data(as_text=True)
    assert "切实维护困难群众的基本生活权益" in whole, "the text goes on between the clauses"
    assert "“调查处理情况反馈”：自任务下达起，限5个工作日内" in whole
    assert "已能办理" in whole
    assert '还没有规则的 <span class="num">0</span>' in whole
    above = browser.get(f"{at}?document=SAL").get_data(as_text=True)
    assert "由上级维护（全国）" in above
    assert "更换全文" not in above

    deadlines = f"{at[: -len('clauses/')]}rules/save/{DEADLINES}"
    page = browser.get(f"{at[: -len('clauses/')]}rules/edit/{DEADLINES}?block=[%22feedback%22]").get_data(as_text=True)
    told = {"block": '["feedback"]', "digest": value(page, "digest"), "label": "反馈", "limit": "60个工作日",
            "from": "task.opened", "cites": FEEDBACK}  # fmt: skip
    assert browser.post(deadlines, told).status_code == 303
    page = browser.get(f"{at}?want=gaps").get_data(as_text=True)
    assert "<strong>原文5个工作日，规则60个工作日</strong>（反馈）" in page
    assert "切实维护困难群众的基本生活权益" not in page


def test_words_of_the_text_become_a_clause_that_the_draft_may_rest_on(town: Town) -> None:
    browser = town.client("editor")
    at = begin(browser)
    page = browser.post(f"{at}do/pick", {"document": "BS", "words": "做到实时发现、\r\n及时施救"}).get_data(
        as_text=True
    )
    assert f">{WORDS}</textarea>" in page
    assert f'value="{NEW}"' in page
    told = {"document": "BS", "id": NEW, "words": WORDS, "reviewed": "yes"}
    wrong = browser.post(f"{at}do/add", {**told, "words": "做到马上发现"})
    assert wrong.status_code == 422
    assert "政策原文里没有这段话" in wrong.get_data(as_text=True)
    assert "已经有编号为" in browser.post(f"{at}do/add", {**told, "id": FEEDBACK}).get_data(as_text=True)
    assert browser.post(f"{at}do/add", told).status_code == 303
    text = files(town, at, "editor")[POLICIES]
    assert text.index("BS-二(二)1-6") < text.index(f'"{NEW}"') < text.index("BS-二(二)1-7"), "as the text has them"
    assert '还没有规则的 <span class="num">1</span>' in browser.get(at).get_data(as_text=True)

    one = browser.get(at[: -len("clauses/")][:-1]).get_data(as_text=True)
    described = {"title": "对照方案", "why": "", "cites": NEW, "version": value(one, "version")}
    assert browser.post(f"{at[: -len('clauses/')]}do/describe-change-set", described).status_code == 303
    again = browser.get(at[: -len("clauses/")][:-1]).get_data(as_text=True)
    assert WORDS in again
    undone = browser.post(f"{at[: -len('clauses/')]}undo", {"edit": value(again, "edit"), "back": "clauses"})
    assert undone.headers["Location"].startswith(at)
    assert NEW not in clause_words(files(town, at, "editor"))


def test_a_clause_is_put_under_a_rule_taken_from_there_changed_and_removed(town: Town) -> None:
    browser = town.client("editor")
    at = begin(browser)
    told = {"document": "BS", "id": NEW, "words": WORDS}
    assert browser.post(f"{at}do/add", told).status_code == 303
    page = browser.get(of(at, NEW)).get_data(as_text=True)
    assert f"clause={quoted(NEW)}" in page, "a rule may be begun from it"
    option = page.partition(f'value="{DEADLINES}#')[2].partition('"')[0].replace("&#34;", '"')
    assert browser.post(f"{at}do/attach", {"clause": NEW}).status_code == 422
    late = browser.post(f"{at}do/attach", {"clause": NEW, "rule": f"{DEADLINES}#0#{option.partition('#')[2]}"})
    assert late.status_code == 409
    attach = {"clause": NEW, "rule": f"{DEADLINES}#{option}"}
    assert browser.post(f"{at}do/attach", attach).status_code == 303
    assert f'"{NEW}"' in files(town, at, "editor")[DEADLINES]

    page = browser.get(of(at, NEW)).get_data(as_text=True)
    cited = value(page, "rule").replace("&#34;", '"')
    assert browser.post(f"{at}do/remove", {"clause": NEW, "whole": "0"}).status_code == 409
    assert browser.post(f"{at}do/detach", {"clause": NEW, "rule": cited}).status_code == 303
    assert f'"{NEW}"' not in files(town, at, "editor")[DEADLINES]

    page = browser.get(of(at, NEW)).get_data(as_text=True)
    edited = {"clause": NEW, "digest": value(page, "digest", "do/set"), "words": "实时发现、及时施救", "why": "提法"}
    assert browser.post(f"{at}do/set", edited).status_code == 303
    assert clause_words(files(town, at, "editor"))[NEW] == "实时发现、及时施救"
    assert browser.post(f"{at}do/set", {**edited, "words": "及时施救"}).status_code == 409, "somebody was first"
    page = browser.get(of(at, NEW)).get_data(as_text=True)
    assert "无须软件：提法" in page
    assert browser.post(f"{at}do/remove", {"clause": NEW, "whole": value(page, "whole")}).status_code == 303
    assert NEW not in clause_words(files(town, at, "editor"))


def test_a_rule_begun_from_a_clause_has_it_chosen(town: Town) -> None:
    browser = town.client("editor")
    at = begin(browser)
    rules, asked = f"{at[: -len('clauses/')]}rules/", {"block": '["new"]', "new": "yes", "back": "clauses"}
    to = f"{rules}edit/{DEADLINES}"
    page = browser.get(to, query_string={**asked, "clause": FEEDBACK}).get_data(as_text=True)
    assert f'<option value="{FEEDBACK}" selected>' in page or f'name="cites" value="{FEEDBACK}"' in page
    told = {":id": "answer", "label": "答复", "limit": "3个工作日", "from": "task.opened", "cites": FEEDBACK}
    made = browser.post(f"{rules}save/{DEADLINES}", {**asked, **told, "clause": FEEDBACK})
    assert made.headers["Location"].partition("?")[0] == of(at, FEEDBACK)
    assert "快于原文：原文5个工作日，规则3个工作日（答复）" in browser.get(of(at, FEEDBACK)).get_data(as_text=True)


def test_a_whole_text_is_pasted_and_says_what_is_lost(town: Town) -> None:
    browser = town.client("editor")
    at = begin(browser)
    page = browser.get(f"{at}text/BS").get_data(as_text=True)
    told = {"document": "BS", "digest": value(page, "digest"), "text": "另一份方案\r\n第二段"}
    assert browser.post(f"{at}do/text", {**told, "text": " "}).status_code == 422
    assert browser.post(f"{at}do/text", told).status_code == 303
    assert files(town, at, "editor")[text_path(JURISDICTION, "BS")] == "另一份方案\n第二段\n"
    assert "政策原文里没有这段话" in browser.get(at).get_data(as_text=True)
    assert "61条条款的话不在这份原文里" in browser.get(f"{at}text/BS").get_data(as_text=True)
    assert browser.post(f"{at}do/text", {**told, "text": "第三份"}).status_code == 409, "somebody was first"


def test_who_only_reviews_reads_and_nothing_is_asked_of_them(town: Town) -> None:
    at = begin(town.client("editor"))
    page = town.client("second").get(at).get_data(as_text=True)
    assert "做成条款" not in page
    assert "不再以它为依据" not in town.client("second").get(of(at, FEEDBACK)).get_data(as_text=True)


SELECT = """words => {
  const parts = [...document.querySelectorAll("[data-policy] *")]
  const text = parts.find(each => each.textContent.includes(words)).firstChild
  const range = document.createRange(), at = text.data.indexOf(words)
  range.setStart(text, at)
  range.setEnd(text, at + words.length)
  getSelection().addRange(range)
}"""


@pytest.mark.browser
def test_words_that_are_selected_are_taken_into_the_form(browser: Browser, town: Town, address: str) -> None:
    at = begin(town.client("editor"))
    walk = Walk(browser, town, address, "editor", PHONE)
    page = walk.go(at)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    page.evaluate(SELECT, WORDS)
    page.wait_for_selector(".pick-words.picked")
    page.locator(".picked button").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/do/pick")
    assert page.input_value("[name=words]") == WORDS
    assert page.input_value("[name=id]") == NEW
    assert walk.complaints == []


def test_a_document_is_begun_its_text_pasted_and_its_first_clause_made(town: Town) -> None:
    browser = town.client("editor")
    at = begin(browser)
    asked = {"block": '["documents","new"]', "new": "yes", "back": "clauses", ":id": "care-2026"}
    told = {**asked, "title": "临时照护办法", "in_force": "2026-09-01"}
    made = browser.post(f"{at[: -len('clauses/')]}rules/save/{POLICIES}", told)
    assert made.headers["Location"].partition("?")[0] == f"{at}text/care-2026"
    text = {"document": "care-2026", "text": "第一条 村里3日内上门。\n第二条 记录在案。"}
    assert browser.post(f"{at}do/text", {**text, "digest": value("", "")}).status_code == 409
    page = browser.get(f"{at}text/care-2026").get_data(as_text=True)
    assert browser.post(f"{at}do/text", {**text, "digest": value(page, "digest")}).status_code == 303
    page = browser.get(f"{at}new/care-2026?passage=0").get_data(as_text=True)
    assert ">第一条 村里3日内上门。</textarea>" in page
    assert 'value="care-2026-1"' in page
