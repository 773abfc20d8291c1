"""Rows on the store: what lies sealed of them, what a page shows, what a reveal tells, what a correction keeps."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from actions.town import Town, report
from rules.household import with_family
from xunfang.actions.acting import acting
from xunfang.actions.correcting import correct
from xunfang.actions.notice_facts import notice_facts
from xunfang.actions.reading import reveal
from xunfang.desk import Readings
from xunfang.desk.lines import cell, lines_of, words
from xunfang.desk.releases import Releases
from xunfang.identity import make_id
from xunfang.store import Clue, Notice, Submission, new_id
from xunfang.store.scoped import scoped

NUMBER = make_id("370304", date(2011, 5, 9), 317)
SON = {"name": "周小川", "relation": "child", "id_number": NUMBER, "studies": True, "school": "石马中学", "income": 0}
WIFE = {"name": "吴秀英", "relation": "spouse", "studies": False, "income": 800}


@pytest.fixture
def family_town(tmp_path: Path) -> Iterator[Town]:
    town = Town(tmp_path, with_family())
    yield town
    town.database.close()


def kept(town: Town) -> dict[str, Any]:
    (clue,) = town.rows(Clue)
    return dict(town.first(Submission, id=clue.submission).answers)


def test_sensitive_columns_lie_apart_and_the_others_are_shown(family_town: Town) -> None:
    town = family_town
    case = town.report(family=[SON, WIFE]).case
    assert [sorted(row) for row in kept(town)["family"]] == [
        ["income", "name", "relation", "school", "studies"],
        ["income", "name", "relation", "studies"],
    ]
    page = Readings(town.deployment).case(town.actor("leader"), case, town.at)
    (table,) = [table for clue in page.clues for lines in clue.said for table in lines.tables]
    assert (table.heads, table.sealed) == (
        ("姓名", "与本人关系", "是否在校", "就读学校", "月收入（元）"),
        ("证件号码",),
    )
    assert table.rows == (("周小川", "子女", "是", "石马中学", "0"), ("吴秀英", "配偶", "否", "", "800"))
    told = reveal(town.deployment, town.actor("leader"), case, "family", "电话核实入户时间", town.at)
    assert f"（姓名：周小川，与本人关系：子女，证件号码：{NUMBER}，" in told
    assert "（姓名：吴秀英，" in told


def test_a_correction_that_says_nothing_of_sealed_rows_keeps_them_whole(family_town: Town) -> None:
    town = family_town
    told = town.report(family=[SON, WIFE])
    answers = {**report(), "difficulty": "补充：老人独居。"}
    correct(town.deployment, town.actor("village"), told.submission, answers, new_id(), town.at)
    assert [row["name"] for row in kept(town)["family"]] == ["周小川", "吴秀英"]
    assert NUMBER in reveal(town.deployment, town.actor("leader"), told.case, "family", "电话核实入户时间", town.at)


def test_a_paper_may_print_every_row(family_town: Town) -> None:
    town = family_town
    town.dispatched(family=[SON, WIFE])
    notice = town.rows(Notice)[0]
    with acting(town.deployment, town.actor("leader"), town.at) as act:
        facts = notice_facts(act, notice)
    assert [(row["name"], row["relation"], row["school"]) for row in facts["case"]["family"]] == [
        ("周小川", "子女", "石马中学"),
        ("吴秀英", "配偶", ""),
    ]


def test_a_ledger_tells_rows_without_what_lies_sealed_of_them(family_town: Town) -> None:
    town = family_town
    case, leader = town.report(family=[SON, WIFE]).case, town.actor("leader")
    with scoped(town.database, leader.scope) as reader:
        rules = Releases(town.deployment.rulebooks, leader.jurisdiction)
        (line,) = lines_of(reader, rules, "case", [case], town.at)
    told = words(line, "clue.family")
    assert told == cell(line, "clue.family") != words(line, "clue.family", whole=True)
    assert told.startswith("（姓名：周小川，与本人关系：子女，是否在校：是，")
    assert told.endswith("（姓名：吴秀英，与本人关系：配偶，是否在校：否，月收入（元）：800）")
    assert NUMBER in words(line, "clue.family", whole=True)
