"""What a paper of a draft is made of besides its words: tables by columns, logos, the series that numbers it."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest
from conftest import JURISDICTION, Town
from drafts import EDITOR, begun, drafting, files
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from xunfang.actions.papers import NoticeOrder
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.model import Rulebook
from xunfang.rulebook.paper_tables import tables_in
from xunfang.store import transaction
from xunfang.store.numbers import keep_number

POSTING, CLOSING = f"templates/{JURISDICTION}/subsistence-posting.html", f"templates/{JURISDICTION}/closing-notice.html"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook, web: Flask) -> Iterator[Town]:
    with drafting(tmp_path_factory.mktemp("papers"), rulebook, web, EDITOR) as town:
        yield town


def digest_in(page: str) -> str:
    return page.partition('name="digest" value="')[2].partition('"')[0]


def posted(page: str) -> dict[str, list[str]]:
    """What the form of a table would send as it stands."""
    form = page.partition('id="table"')[2].partition("</form>")[0]
    found = {name: re.findall(rf'name="{name}" value="([^"]*)"', form) for name in ("head", "words", "none", "after")}
    chosen = {
        name: [
            next(iter(re.findall(r'<option value="([^"]*)" selected', select)), "")
            for select in re.findall(rf'name="{name}">(.*?)</select>', form)
        ]
        for name in ("cell", "width", "align", "rows")
    }
    unescaped = {name: [one.replace("&#34;", '"') for one in values] for name, values in chosen.items()}
    return {**found, **unescaped, "digest": [digest_in(page)]}


def test_a_table_is_put_together_by_its_columns(town: Town) -> None:
    browser, orders = town.client("editor"), list[NoticeOrder]()

    def press(order: NoticeOrder) -> SimpleNamespace:
        orders.append(order)
        return SimpleNamespace(pdf=b"%PDF", pages=1)

    town.app.extensions["xunfang"] = replace(town.app.extensions["xunfang"], press=press)
    at = begun(browser, "改公示") + "/papers/subsistence-posting"
    page = browser.get(at).get_data(as_text=True)
    assert "申请人姓名、所在村（社区）、家庭成员数量、初审意见" in page
    assert "按列做表格" in page
    tables = f"{at}/tables"
    assert browser.get(f"{tables}/?at=9").status_code == 404
    form = browser.get(f"{tables}/?after=0").get_data(as_text=True)
    assert "以后上级改了模板，本级的不跟着变" in form
    rows = re.findall(r'<option value="((?:case|task)\.[a-z_]+)">[^<]*“[^”]*”，每人一行', form)
    assert rows, "the household of the application"
    events = town.events()
    step = {**posted(form), "rows": [rows[0]], "do": ["rows"]}
    form = browser.post(f"{tables}/do", step).get_data(as_text=True)
    told = posted(form)
    assert told["head"][:2] == ["序号", "姓名"]
    assert told["none"] == ["无"]
    form = browser.post(f"{tables}/do", {**told, "do": "down:0"}).get_data(as_text=True)
    told = posted(form)
    assert told["head"][:2] == ["姓名", "序号"]
    wide = {**told, "width": ["80"] * len(told["head"])}
    assert browser.post(f"{tables}/do", wide).status_code == 422
    tried = browser.post(f"{tables}/do", {**told, "do": "try", "with": "empty"})
    assert tried.mimetype == "application/pdf"
    assert f"in {rows[0]} | default([])" in orders[-1].templates["subsistence-posting.html"]
    assert town.events() == events, "nothing is stored of what is tried"
    kept = browser.post(f"{tables}/do", told)
    assert kept.status_code == 303
    text = files(town, at, "editor")[POSTING]
    new, old = tables_in(text)
    assert new.table is not None
    assert (new.table.rows, new.table.none) == (rows[0], "无")
    before = town.app.extensions["xunfang"].rulebook(JURISDICTION).templates["subsistence-posting.html"]
    assert text == before[: new.begins - 1] + "\n" + new.text + before[new.begins - 1 :], "nothing else of it changed"
    assert old.text in before
    compile_rulebook(files(town, at, "editor"), JURISDICTION)
    late = browser.post(f"{tables}/do", told)
    assert late.status_code == 409, "somebody was first"
    form = browser.get(f"{tables}/?at=0").get_data(as_text=True)
    dropped = browser.post(f"{tables}/do", {"at": "0", "digest": digest_in(form), "do": "drop"})
    assert dropped.status_code == 303
    assert files(town, at, "editor")[POSTING] == before
    edits = browser.get(at.partition("/papers")[0]).get_data(as_text=True).partition("改动经过")[2]
    assert "表格：新增，列有姓名、序号" in edits


def picture(size: int) -> io.BytesIO:
    made = io.BytesIO()
    Image.effect_noise((size, size // 2), 90).convert("RGB").save(made, "PNG")
    made.seek(0)
    return made


def add(browser: FlaskClient, at: str, file: io.BytesIO, alt: str) -> int:
    told = {"file": (file, "标志.png"), "alt": alt}
    return browser.post(f"{at}/logos/add", told, content_type="multipart/form-data").status_code


def test_a_logo_is_taken_in_shown_put_on_a_paper_and_kept_while_it_is_used(town: Town) -> None:
    browser = town.client("editor")
    at = begun(browser, "加徽标")
    hostile = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script>1</script></svg>'
    assert add(browser, at, io.BytesIO(hostile), "标志") == 422
    assert add(browser, at, io.BytesIO(b"no picture"), "标志") == 422
    assert add(browser, at, picture(500), " ") == 422
    assert add(browser, at, picture(500), "博山区救助标志") == 303
    path = f"templates/{JURISDICTION}/logos/logo.svg"
    text = files(town, at, "editor")[path]
    assert len(text) < 270_000
    shown = browser.get(f"{at}/logos/logo.svg")
    assert shown.mimetype == "image/svg+xml"
    assert "sandbox" in shown.headers["Content-Security-Policy"]

    page = browser.get(f"{at}/papers/closing-notice").get_data(as_text=True)
    told = {"digest": digest_in(page), "logo": "logo", "where": "head", "width": "300", "align": "center"}
    assert browser.post(f"{at}/logos/on/closing-notice", told).status_code == 422
    assert browser.post(f"{at}/logos/on/closing-notice", {**told, "width": "25"}).status_code == 303
    assert '<img data-logo="logo" data-width="25" data-align="center">' in files(town, at, "editor")[CLOSING]
    red = browser.get(f"{at}/papers/transfer-slip").get_data(as_text=True)
    assert "/logos/on/transfer-slip" not in red, "papers with a red head carry none"
    sheet = browser.get(f"{at}/sheet/").get_data(as_text=True)
    assert "加了徽标“博山区救助标志”" in sheet
    assert "〔徽标“博山区救助标志”〕" in sheet

    page = browser.get(f"{at}/logos/").get_data(as_text=True)
    assert "不能删去" in page
    saw = {"digest": digest_in(page)}
    assert browser.post(f"{at}/logos/logo/remove", saw).status_code == 409
    page = browser.get(f"{at}/papers/closing-notice").get_data(as_text=True)
    out = {"digest": digest_in(page), "nth": "0", "logo": "logo", "do": "drop"}
    assert browser.post(f"{at}/logos/on/closing-notice", out).status_code == 303
    assert browser.post(f"{at}/logos/logo/remove", saw).status_code == 303
    assert path not in files(town, at, "editor")


def test_a_change_of_a_number_says_what_it_brings_before_it_is_kept(town: Town) -> None:
    browser = town.client("editor")
    at = begun(browser, "换文号")
    year = town.app.extensions["xunfang"].now().year
    with transaction(town.deployment.database, JURISDICTION) as tx:
        keep_number(tx, JURISDICTION, "博社救结〔{year}〕{n}号", year, 12)
    number = f"{at}/papers/closing-notice/number"
    page = browser.get(f"{number}/").get_data(as_text=True)
    assert f"博社救结〔{year}〕13号" in page
    told = {"how": "pieces", "before": "博救结", "year": "〔{year}〕", "end": "号", "digest": digest_in(page)}
    asked = browser.post(f"{number}/do", told)
    assert asked.status_code == 200
    said = asked.get_data(as_text=True)
    assert "现在的文号今年已经编到12号" in said
    assert "重新从1号编起" in said
    assert "知道了，仍要存入改动单" in said
    notices = f"workflows/{JURISDICTION}/notices.toml"
    assert "博救结" not in files(town, at, "editor")[notices], "not before that was read"
    kept = browser.post(f"{number}/do", {**told, "known": "博救结〔{year}〕{n}号"})
    assert kept.status_code == 303
    rules = compile_rulebook(files(town, at, "editor"), JURISDICTION)
    assert rules.notices["closing-notice"].number == "博救结〔{year}〕{n}号"
    bad = browser.post(f"{number}/do", {**told, "before": "{x}"})
    assert bad.status_code == 422
    none = browser.post(f"{number}/do", {**told, "year": ""}).get_data(as_text=True)
    assert "明年会编出和今年一样的文号" in none
    page = browser.get(f"{number}/").get_data(as_text=True)
    both = {"how": "shared", "shared": "博社救不〔{year}〕{n}号", "digest": digest_in(page)}
    assert browser.post(f"{number}/do", {**both, "known": both["shared"]}).status_code == 303
    edits = browser.get(at).get_data(as_text=True).partition("改动经过")[2]
    assert f"文号：改为博社救不〔{year}〕1号的样子" in edits
