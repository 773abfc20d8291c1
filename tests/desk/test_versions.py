"""Releases on their pages: what parts two, which cases move from one to another, and what going back means."""

from dataclasses import replace
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from actions.town import FILES, JURISDICTION, Town
from xunfang.actions.deployment import Actor, Rulebooks
from xunfang.actions.jobs import handlers
from xunfang.actions.moving import Move
from xunfang.actions.moving_many import ask_move
from xunfang.actions.printing_changes import ask_changes, ask_sample
from xunfang.actions.publishing import publish, roll_back
from xunfang.desk.change_papers import paper_of_sheet
from xunfang.desk.versions import VersionsDesk
from xunfang.errors import Conflict, Invalid, NotAllowed, NotFound
from xunfang.printing.rendering import render
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rules.changes.marking import marked
from xunfang.store import Attachment, Case
from xunfang.worker import Worker

TEMPLATES = Path(__file__).parents[2] / "platform" / "xunfang" / "web" / "templates"
DEADLINES = f"workflows/{JURISDICTION}/deadlines.toml"
LETTER = f"templates/{JURISDICTION}/closing-notice.html"
PLACES = f"workflows/{JURISDICTION}/divisions.csv"
SHORTER = {
    **FILES,
    PLACES: FILES[PLACES].rstrip() + "\n370304998,新设街道,township\n",
    DEADLINES: FILES[DEADLINES].replace('limit = "5 workdays"', 'limit = "3 workdays"', 1),
    LETTER: FILES[LETTER].replace("及时救助", "尽快救助"),
}


@pytest.fixture
def two(town: Town) -> Town:
    """A town with a case on its first release, and a second one in force."""
    town.dispatched()
    town.later(days=1)
    books = Rulebooks(town.database, {JURISDICTION: compile_rulebook(SHORTER, JURISDICTION)})
    town.deployment = replace(town.deployment, rulebooks=books)
    publish(town.deployment, SHORTER, town.at, "李规则")
    town.worker = Worker(town.database, handlers(town.deployment, town.press, town.now), town.now)
    return town


def keeper(town: Town, *acts: str) -> Actor:
    return replace(town.actor("admin"), acts=frozenset(acts))


def lines(town: Town) -> tuple[VersionsDesk, Actor]:
    return VersionsDesk(town.deployment), keeper(town, "edit-rules", "review-rules")


def test_each_release_is_listed_with_what_stands_on_it(two: Town) -> None:
    desk, actor = lines(two)
    assert [(row.number, row.by, row.stands, row.open_cases) for row in desk.versions(actor)] == [
        (2, "李规则", "现行", 0), (1, "启动服务时", "", 1),
    ]  # fmt: skip
    with pytest.raises(NotFound):
        desk.version(actor, 3)


def test_two_releases_are_compared_and_printed_for_signature(two: Town) -> None:
    desk, actor = lines(two)
    found = desk.compared(actor, 1, 2)
    assert [line.key for group in found.sheet.groups for line in group.lines][:2] == [
        "deadlines:feedback", "divisions:370304998",
    ]  # fmt: skip
    assert len(found.sheet.groups) == 3, "though the earlier release knows of the new division by now"
    assert found.effects[0].startswith("仍按原版本办到结案的：其他版本上在办的个案1件（第1版1件）。")
    paper = paper_of_sheet(found.sheet, found.effects, "博山区", "", "", two.at)
    assert paper["sheet"]["counts"] == "新增1条、改动2条"
    told = [line["number"] for group in paper["sheet"]["groups"] for line in group["lines"]]
    assert told == [1, 2, 3]
    ask_changes(two.deployment, actor, paper, {"title": "改动说明"}, two.at)
    ask_sample(two.deployment, actor, two.deployment.rulebooks.release(found.old.id), "closing-notice", "第1版", two.at)
    two.work_until()
    sheet, sample = two.press.orders[-2:]
    printed = render(sheet.template, sheet.templates, sheet.facts, sheet.layout)
    assert printed.count("（没有这一条）") == 1, "of what is new, where it stood before"
    assert (sheet.template, sample.template, sample.mark) == ("change-sheet.html", "closing-notice.html", "样张")
    assert "及时救助" in sample.templates["closing-notice.html"], "that of the release it is a sample of"
    assert {row.media_type for row in two.rows(Attachment, by=actor.account)} == {"application/pdf"}


def test_cases_are_looked_at_moved_and_moved_back(two: Town) -> None:
    desk, actor = lines(two)
    first, second = desk.line(actor, 1), desk.line(actor, 2)
    prospect = desk.prospect(actor, Move(JURISDICTION, first, second), two.at, "")
    (row,) = prospect.rows
    assert (row.stays, row.changes, row.due[0] > row.due[1], prospect.after) == ("", True, True, "")
    with pytest.raises(Invalid):
        ask_move(two.deployment, actor, Move(JURISDICTION, first, second), " ", two.at)
    with pytest.raises(NotAllowed):
        ask_move(two.deployment, keeper(two, "edit-rules"), Move(JURISDICTION, first, second), "统一口径", two.at)
    ask_move(two.deployment, actor, Move(JURISDICTION, first, second), "统一口径", two.at)
    with pytest.raises(Conflict):
        ask_move(two.deployment, actor, Move(JURISDICTION, first, second), "再改一次", two.at)
    assert [move.running for move in desk.moves(actor)] == [True]
    two.work_until()
    assert [(move.running, move.count) for move in desk.moves(actor)] == [(False, 1)]
    assert [case.release for case in two.rows(Case)] == [second.id]
    assert [event.told["reason"] for event in two.events("release.moving")] == ["统一口径"]
    ask_move(two.deployment, actor, Move(JURISDICTION, second, first, back=True), "发现有误", two.at)
    two.work_until()
    assert [case.release for case in two.rows(Case)] == [first.id]
    assert len(two.events("case.rules_changed")) == 2


def test_an_earlier_release_is_put_in_force_again_with_a_reason(two: Town) -> None:
    desk, actor = lines(two)
    two.dispatched(name="王小明", id_number=None)
    found = desk.retreat(actor, 1)
    assert (found.current.number, found.begun, len(found.numbers), found.hindered) == (2, 1, 1, ())
    to = desk.line(actor, 1)
    with pytest.raises(NotAllowed):
        roll_back(two.deployment, JURISDICTION, to, two.at, actor=keeper(two, "edit-rules"), reason="有误")
    with pytest.raises(Invalid):
        roll_back(two.deployment, JURISDICTION, to, two.at, actor=actor, reason="")
    roll_back(two.deployment, JURISDICTION, to, two.at, actor=actor, reason="期限写错")
    assert [(row.number, row.stands, row.open_cases) for row in desk.versions(actor)] == [
        (2, "已退下", 1), (1, "现行", 1),
    ]  # fmt: skip
    (event,) = two.events("release.rolled_back")
    assert (event.actor, event.told["reason"]) == (actor.account, "期限写错")


def test_a_remark_stands_below_the_line_that_it_is_about(two: Town) -> None:
    desk, actor = lines(two)
    found = desk.compared(actor, 1, 2).sheet
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    words = "{% import 'parts/changes.html' as changes %}{% call(line) changes.change_sheet(sheet, marked) %}"
    page = environment.from_string(words + "说 {{ line.key }}{% endcall %}").render(sheet=found, marked=marked)
    assert page.count("说 deadlines:feedback") == 1
    assert page.count("说 ") == sum(len(group.lines) for group in found.groups)
    assert "<del>5</del>个工作日内" in page.replace("\n", "")
    few = environment.from_string("{% import 'parts/changes.html' as changes %}{{ changes.group_table(g, m, 0 + 1) }}")
    many = replace(found.groups[0], lines=found.groups[0].lines * 3)
    assert "这一类共3条，先列出1条。" in few.render(g=many, m=marked)
