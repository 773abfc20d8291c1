"""The county's papers as they leave the press: what they say, how many pages, in which fonts."""

import copy
import io
import re
from typing import Any

import pytest
from pypdf import PdfReader

from printing.orders import LAYOUTS, facts, order, small, templates
from xunfang.printing import Paper, Press, PrintError, PrintOrder
from xunfang.printing.fonts import FILES

PAGES = {"transfer-slip": 3, "closing-notice": 2, "refusal-notice": 2, "supervision-notice": 2}
SAID = {
    "transfer-slip": (
        "困难线索转办单 博社救转〔2026〕17号 博山区医保分局： 赵玥琳 2026年10月12日17时30分前 博政办字〔2021〕27号 "
        "计入9月30日、10月8日至10日、10月12日 10月1日至7日（国庆节） 承办单位盖章"
    ),
    "closing-notice": "办结告知书 赵玥琳： 最低生活保障 每月1060元 0533-0000000 基本满意",
    "refusal-notice": "不予救助告知书 钱景堃： 第四十五条 60日内 行政复议 6个月内 行政诉讼 送达回证",
    "supervision-notice": "督办通知单 已超期2个工作日 实行通报并督促落实 赵*琳 超期原因",
}


def text_of(paper: Paper) -> str:
    reader = PdfReader(io.BytesIO(paper.pdf))
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in reader.pages))


def fonts_of(paper: Paper) -> set[str]:
    reader = PdfReader(io.BytesIO(paper.pdf))
    found: set[str] = set()
    for page in reader.pages:
        fonts: Any = page["/Resources"]["/Font"]  # type: ignore[index]
        found |= {str(fonts[name].get_object()["/BaseFont"]).partition("+")[2] for name in fonts}
    return found


def emptied(value: Any) -> Any:
    """The same facts with nothing in them."""
    if isinstance(value, dict):
        return {key: emptied(item) for key, item in value.items()}
    return [] if isinstance(value, list) else ("" if isinstance(value, str) else value)


@pytest.mark.parametrize("kind", sorted(LAYOUTS))
def test_a_notice_says_what_it_must_on_its_pages_in_our_fonts(press: Press, kind: str) -> None:
    paper = press.print_paper(order(kind))
    text = text_of(paper)
    assert [said for said in SAID[kind].split() if said not in text] == []
    assert paper.pages == PAGES[kind]
    assert fonts_of(paper) <= set(FILES)


def test_the_slip_of_an_emergency_tells_the_danger_first(press: Press) -> None:
    told = facts("transfer-slip")
    told["case"]["danger"] = "房屋烧毁，老人当晚无处居住"
    text = text_of(press.print_paper(order("transfer-slip", told)))
    assert "困难情形紧急情况：房屋烧毁，老人当晚无处居住。丈夫去年病故" in text


def test_the_same_order_gives_the_same_bytes_even_from_another_child(press: Press) -> None:
    first = [press.print_paper(order(kind)) for kind in LAYOUTS]
    press.close()
    assert [press.print_paper(order(kind)) for kind in LAYOUTS] == first


@pytest.mark.parametrize("kind", ["transfer-slip", "refusal-notice"])
@pytest.mark.parametrize("layout", ["document", "letter", "minutes", "telegram", "form"])
def test_every_layout_carries_every_notice(press: Press, kind: str, layout: str) -> None:
    paper = press.print_paper(order(kind, layout=layout))
    assert facts(kind)["notice"]["number"] in text_of(paper)
    assert paper.pages <= PAGES[kind] + 2


@pytest.mark.parametrize(
    ("copies", "assist", "said"),
    [
        (["甲局"], ["乙镇", "丙镇"], "抄送：甲局，乙镇，丙镇。"),
        (["甲局"], ["乙镇", "甲局"], "抄送：甲局，乙镇。"),
        (["甲局"], ["甲局"], "抄送：甲局。"),
        (["甲局"], [], "抄送：甲局。"),
        ([], ["乙镇"], "抄送：乙镇。"),
        ([], [], ""),
    ],
)
def test_a_document_names_at_its_foot_who_gets_a_copy(
    press: Press, copies: list[str], assist: list[str], said: str
) -> None:
    told = facts("transfer-slip")
    told["notice"]["copies"], told["task"]["assist"] = copies, assist
    text = text_of(press.print_paper(order("transfer-slip", told, layout="document")))
    assert said in text
    assert ("抄送" in text) == bool(said)


@pytest.mark.parametrize("kind", sorted(LAYOUTS))
def test_a_notice_reads_well_when_all_that_may_be_missing_is_missing(press: Press, kind: str) -> None:
    full = facts(kind)
    bare = emptied(full)
    bare["jurisdiction"]["name"] = bare["person"]["name"] = bare["unit"]["label"] = bare["issuer"]["label"] = "某某"
    bare["task"]["due_at"] = full["task"]["due_at"]
    if kind == "refusal-notice":
        bare["task"] |= {"findings": "甲", "refusal_reason": "乙"}
        bare["cites"] = full["cites"]
    text = text_of(press.print_paper(order(kind, bare)))
    assert not re.search(r"None|undefined|（）|《》|“”|，，|。。|，。|、、|：，|：。|；。|>。", text)


def test_a_missing_fact_stops_the_paper_and_is_named(press: Press) -> None:
    incomplete = facts("transfer-slip")
    del incomplete["task"]["due_at"]
    with pytest.raises(PrintError, match=r"task\.due_at") as caught:
        press.print_paper(order("transfer-slip", incomplete))
    assert caught.value.code == "PLACEHOLDER_MISSING"


@pytest.mark.parametrize(("path", "field"), [("person", "name"), ("task", "findings"), ("task", "refusal_reason")])
def test_a_refusal_without_its_grounds_is_not_printed(press: Press, path: str, field: str) -> None:
    incomplete = facts("refusal-notice")
    incomplete[path][field] = ""
    with pytest.raises(PrintError) as caught:
        press.print_paper(order("refusal-notice", incomplete))
    assert caught.value.code == "PLACEHOLDER_MISSING"


def test_a_character_no_font_has_is_named_with_its_fact(press: Press) -> None:
    odd = facts("closing-notice")
    odd["person"]["name"] = "赵😀"
    with pytest.raises(PrintError, match=r"“😀”（U\+1F600）.*person\.name") as caught:
        press.print_paper(order("closing-notice", odd))
    assert caught.value.code == "GLYPH_MISSING"


def test_rare_names_are_printed(press: Press) -> None:
    rare = facts("closing-notice")
    rare["person"]["name"] = "镕𠮷䶮"
    assert "镕𠮷䶮：" in text_of(press.print_paper(order("closing-notice", rare)))


def test_markup_in_a_name_is_printed_not_obeyed(press: Press) -> None:
    odd = facts("closing-notice")
    odd["person"]["name"] = "<h1>赵</h1>{{ 7*7 }}"
    assert "<h1>赵</h1>{{7*7}}：" in text_of(press.print_paper(order("closing-notice", odd)))


def test_a_full_page_of_body_text_has_22_lines_though_some_characters_are_rare(press: Press) -> None:
    long = facts("closing-notice")
    long["task"]["findings"] = "\n".join(["您家庭的困难情况经核实属实𠮷，" * 12] * 12)
    reader = PdfReader(io.BytesIO(press.print_paper(order("closing-notice", long)).pdf))
    baselines: set[int] = set()

    def visit(text: str, cm: list[float], tm: list[float], *_: Any) -> None:
        if text.strip() and "困难" in text:
            baselines.add(round((cm[5] + cm[3] * tm[5]) * 10))

    reader.pages[2].extract_text(visitor_text=visit)
    assert len(baselines) == 22


def test_the_pages_are_a4_and_carry_the_date_of_issue(press: Press) -> None:
    reader = PdfReader(io.BytesIO(press.print_paper(order("refusal-notice")).pdf))
    box = reader.pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)
    assert reader.metadata is not None
    assert str(reader.metadata.get("/CreationDate")).startswith("D:20261010")


def test_a_seal_is_only_marked_unless_its_picture_is_given(press: Press) -> None:
    plain = press.print_paper(order("closing-notice"))
    assert "（盖章）" in text_of(plain)
    sealed = copy.deepcopy(facts("closing-notice"))
    sealed["issuer"]["seal"] = (
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
    paper = press.print_paper(order("closing-notice", sealed))
    assert "（盖章）" not in text_of(paper)
    assert paper.pages == plain.pages


@pytest.mark.parametrize(
    "seal",
    [
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ",
        "data:image/jpeg;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
        "data:image/png;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=",
        "data:image/png;base64,AAAA",
        "data:image/png;base64,",
        "seal.png",
    ],
)
def test_a_seal_that_cannot_be_read_stops_the_paper(press: Press, seal: str) -> None:
    sealed = copy.deepcopy(facts("closing-notice"))
    sealed["issuer"]["seal"] = seal
    with pytest.raises(PrintError, match=r"图片|外部内容") as caught:
        press.print_paper(order("closing-notice", sealed))
    assert caught.value.code in ("PICTURE_BROKEN", "TEMPLATE_BROKEN")


def test_a_paper_too_long_is_refused(press: Press) -> None:
    with pytest.raises(PrintError) as caught:
        press.print_paper(small("<style>p{break-after:page}</style>" + "<p>甲</p>" * 70))
    assert caught.value.code == "TOO_LONG"


def test_an_unknown_layout_is_named(press: Press) -> None:
    with pytest.raises(PrintError, match=r"layouts/poster\.html") as caught:
        press.print_paper(order("closing-notice", layout="poster"))
    assert caught.value.code == "TEMPLATE_MISSING"


def test_a_template_of_the_county_may_stand_alone_on_the_parents_layout(press: Press) -> None:
    own = (
        "{% extends 'layouts/letter.html' %}{% block body %}<p>现将{{ person.name }}的线索转你单位。</p>{% endblock %}"
    )
    given = order("transfer-slip")
    paper = press.print_paper(
        PrintOrder("own.html", templates() | {"own.html": own}, given.facts, "letter", {}, given.font_dir)
    )
    assert "现将赵玥琳的线索转你单位。" in text_of(paper)
    assert paper.pages == 1


@pytest.mark.parametrize(
    "inside", ["<div>{}</div>", "<ul><li>{}</li></ul>", "<table><tr><td>{}</td></tr></table>", "<b><span>{}</span></b>"]
)
def test_nothing_that_a_paragraph_holds_is_left_out(press: Press, inside: str) -> None:
    text = text_of(press.print_paper(small(f"<article><p>甲{inside.format('收入1200元')}乙</p></article>")))
    assert text.replace("•", "") == "甲收入1200元乙"


def test_a_paragraph_breaks_where_the_template_says(press: Press) -> None:
    own = "{% extends layout %}{% block body %}<p>账号：62284800<br>户名：{{ person.name }}</p>{% endblock %}"
    given = order("closing-notice")
    paper = press.print_paper(
        PrintOrder("own.html", templates() | {"own.html": own}, given.facts, "form", {}, given.font_dir)
    )
    lines = [line.strip() for line in PdfReader(io.BytesIO(paper.pdf)).pages[0].extract_text().splitlines()]
    assert lines[lines.index("账号：62284800") + 1].startswith("户名：")


def test_a_long_word_stays_within_its_cell(press: Press) -> None:
    told = facts("transfer-slip")
    told["case"]["finder_role"] = told["case"]["danger"] = "a" * 120
    page = PdfReader(io.BytesIO(press.print_paper(order("transfer-slip", told)).pdf)).pages[1]
    longest = max(line.count("a") for line in page.extract_text().splitlines())
    assert 10 < longest < 80
