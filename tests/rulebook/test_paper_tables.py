"""Tables of templates by their columns: read as they are written, written as they are read, all else left alone."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xunfang.rulebook.paper_tables import (
    ALIGNED,
    CENTRE,
    MOST_COLUMNS,
    Column,
    PaperTable,
    faults,
    looks_changed,
    table_of,
    tables_in,
    told_apart,
    written,
)
from xunfang.rulebook.template_gaps import gaps

ROOT = Path(__file__).parents[2]
WORDS = st.text(st.characters(blacklist_characters="{}", blacklist_categories=("Cs", "Cc")), min_size=1, max_size=12)
HEADS = WORDS.filter(str.strip)
CELLS = st.one_of(
    st.sampled_from(
        ["", "{{ row.name }}", '{{ row.a | default("") | date }}', "{% if row.n > 3 %}多{% else %}<b>少</b>{% endif %}"]
    ),
    WORDS.map(lambda text: text.replace("<", "&lt;").replace(">", "&gt;").replace("&", "&amp;")),
)
COLUMNS = st.builds(Column, HEADS, CELLS, st.integers(0, 8).map(lambda n: n), st.sampled_from(ALIGNED))
TABLES = st.builds(
    lambda columns, rows, none: PaperTable(tuple(columns), rows, none if rows else ""),
    st.lists(COLUMNS, min_size=1, max_size=MOST_COLUMNS),
    st.sampled_from(["", "case.members", "results"]),
    st.one_of(st.just(""), HEADS),
)


@given(TABLES, TABLES)
def test_what_is_written_is_read_and_nothing_beside_it_changes(first: PaperTable, second: PaperTable) -> None:
    around = ("{% block body %}\n<p>前面</p>\n{# <table>不算</table> #}\n", "\n<p>中间</p>\n", "\n{% endblock %}\n")
    text = f"{around[0]}{written(first)}{around[1]}{written(second)}{around[2]}"
    found = tables_in(text)
    assert [each.table for each in found] == [first, second]
    assert list(faults(first)) == []
    here = found[1]
    assert text[: here.begins] + text[here.ends :] == f"{around[0]}{written(first)}{around[1]}{around[2]}"


def test_tables_shipped_in_this_way_are_read_and_others_are_not() -> None:
    folder = ROOT / "templates" / "00-national"
    (circular,) = tables_in((folder / "circular.html").read_text("utf-8"))
    assert circular.table is not None
    assert [column.head for column in circular.table.columns] == ["单位", "逾期件数", "最长超期"]
    assert [column.width for column in circular.table.columns] == [0, 20, 20]
    assert (circular.table.rows, circular.table.name) == ("circular.units", "unit")
    (posting,) = tables_in((folder / "subsistence-posting.html").read_text("utf-8"))
    assert posting.table is not None
    assert posting.table.rows == ""
    assert posting.table.columns[0] == Column("申请人姓名", '{{ person.name | needed("姓名") }}', 0, CENTRE)
    assert table_of(written(posting.table)) == posting.table
    slips = tables_in((folder / "transfer-slip.html").read_text("utf-8"))
    assert slips
    assert all(each.table is None for each in slips), "a form of heads and cells in turn is no table by columns"


GOOD = written(PaperTable((Column("姓名", "{{ row.name }}"), Column("关系", "")), "case.members", "无"))


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("</th><th>", ""),
        ('class="fixed"', 'class="fixed family"'),
        ('colspan="2"', 'colspan="3"'),
        ("<td></td>", "<td><table></table></td>"),
        ("<td></td>", "<td>{% if task.n %}有</td>"),
        ("<td></td>", "<td>{% block x %}{% endblock %}</td>"),
        ("{% endfor %}", "{% endfor %}<tr><td>合计</td><td></td></tr>"),
        ("in case.members", "in case.members[:3]"),
        ("<col>", '<col class="wide">'),
        ("<th>姓名</th>", "<th>姓<br>名</th>"),
    ],
)
def test_what_is_written_otherwise_is_no_table_by_columns(was: str, now: str) -> None:
    assert was in GOOD
    assert table_of(GOOD) is not None
    assert table_of(GOOD.replace(was, now, 1)) is None


def test_what_is_wrong_with_a_table_is_told_at_its_column() -> None:
    wide = PaperTable((Column("甲", "", 60), Column("", "", 50), Column("{{ 乙 }}", "{% if x %}")))
    assert {place for place, _ in faults(wide)} == {-1, 1, 2}
    assert any("超过了100%" in told for _, told in faults(wide))
    assert list(faults(PaperTable(())))


def test_changes_are_told_by_the_names_of_the_columns() -> None:
    before = PaperTable((Column("姓名", "a"), Column("关系", "b"), Column("备注", "")), "case.members", "无")
    after = PaperTable((Column("关系", "d"), Column("姓名", "a", 30), Column("年龄", "c")), "case.members", "")
    told = told_apart(before, after)
    assert told == (
        "加列“年龄”；删列“备注”；改列“关系”；“姓名”一列的宽度由余下的宽度改为30%；"
        "列的顺序改为关系、姓名、年龄；没有的时候不写"
    )
    assert told_apart(None, before) == "新增，列有姓名、关系、备注"
    assert told_apart(before, None) == "删去"


def test_a_column_set_otherwise_is_told_by_its_head() -> None:
    narrow = PaperTable((Column("姓名", "a", 20), Column("金额", "b")))
    wide = PaperTable((Column("姓名", "a", 25), Column("金额", "b", 0, CENTRE)))
    said = [
        ("“姓名”一列的宽度：20%", "“姓名”一列的宽度：25%"),
        ("“金额”一列的对齐：靠左", "“金额”一列的对齐：居中"),
    ]
    assert list(looks_changed(f"甲{written(narrow)}乙", f"甲{written(wide)}丙")) == said
    assert list(looks_changed(written(narrow), written(narrow) + written(wide))) == []
    assert list(looks_changed("<table><tr><td>甲</td></tr></table>", "<table><tr><td>乙</td></tr></table>")) == []
    assert told_apart(narrow, wide) == "“姓名”一列的宽度由20%改为25%；“金额”一列的对齐由靠左改为居中"


def test_a_table_can_stand_after_whole_paragraphs_of_the_body_only() -> None:
    text = (
        "{% extends layout %}\n{% block title %}<p>不在这里</p>{% endblock %}\n{% block body %}\n<p>现将<b>某</b>线索"
        '转办。</p>\n{% if task.n is given %}<p>如果</p>{% endif %}\n<div class="keep">\n<p>里面</p>\n</div>\n'
        "{# <p>注释</p> #}\n{% set x = 1 %}\n<p>{{ person.name }}最后</p>\n{% endblock %}\n"
    )
    found = gaps(text)
    assert [gap.after for gap in found] == ["", "现将某线索转办。", "如果", "里面", "…最后"]
    assert {gap.block for gap in found} == {"body"}
    for gap in found:
        assert re.search(r"(%\}|</p>|</div>)\Z", text[: gap.at])
