"""The guide shows each person what they may do, in the very words that stand on the screen."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import PEOPLE, Town
from paper_guide import GUIDE, IMAGES, PICTURES, ROLES_OF, ROOT, Reader, as_markdown, body_of, written

from xunfang.casework import VERBS
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.web.access import ACCESS, access_of
from xunfang.web.views.guide import CHAPTERS, ERRANDS, errands_for

WEB = Path(__file__).parents[2] / "platform" / "xunfang" / "web"
DESK = WEB.parent / "desk"
_QUOTED = re.compile(r'<(b|span) class="(?:press|seen|tag[^"]*)">([^<]+)</\1>')


def chapters_on(page: str) -> set[str]:
    return {chapter.id for chapter in CHAPTERS if f'id="h-{chapter.id}"' in page}


@pytest.mark.parametrize("login", sorted(PEOPLE))
def test_a_chapter_stands_for_those_who_may_and_for_nobody_else(town: Town, login: str) -> None:
    acts = town.actor(login).acts
    here = [chapter for chapter in CHAPTERS if not chapter.of_events]  # the district knows no events
    wanted = {chapter.id for chapter in here if not chapter.access.acts or chapter.access.acts & acts}
    assert chapters_on(town.client(login).get("/guide/").text) == wanted
    assert "trouble" in wanted


def test_the_chapters_of_each_role_are_those_of_its_work(town: Town) -> None:
    shown = {login: chapters_on(town.client(login).get("/guide/").text) for login in PEOPLE}
    assert shown["worker"] == {"report", "work", "labels", "trouble"}
    assert shown["clerk"] == {
        "report", "work", "registry", "visits", "duties", "meetings", "publications", "rolls", "papers", "ledgers",
        "openings",
        "reveal", "labels", "trouble",
    }  # fmt: skip
    assert shown["leader"] >= {"dispatch", "supervise", "report", "work"}
    assert shown["admin"] & {"report", "work", "reveal", "labels"} == set()
    assert "accounts" in shown["admin"]


def test_no_step_is_told_to_somebody_who_may_not_take_it(town: Town) -> None:
    worker, clerk = town.client("worker").get("/guide/").text, town.client("clerk").get("/guide/").text
    for step in ("签收", "确认退回", "确认转办"):
        assert f'<b class="press">{step}</b>' in clerk
        assert f'<b class="press">{step}</b>' not in worker


def test_everybody_has_at_most_three_errands_and_may_do_them(town: Town) -> None:
    for login in PEOPLE:
        browser = town.client(login)
        page = browser.get("/guide/").text
        errands = re.findall(r'<li><a href="([^"]+)">', page.split("h-errands")[2].split("</section>")[0])
        assert 1 <= len(errands) <= 3, login
        assert [browser.get(path).status_code for path in errands] == [200] * len(errands), login


def test_whoever_may_do_something_has_an_errand() -> None:
    assert {errand.endpoint for errand in ERRANDS} <= set(ACCESS)
    everything = frozenset().union(*(access.acts for access in ACCESS.values()))
    reached = frozenset().union(*(errand.access.acts for errand in ERRANDS))
    assert everything <= reached
    assert len(errands_for(Reader())) == 3
    assert errands_for(Reader(frozenset())) == []


def _spoken() -> Iterator[str]:
    """Yield every text of the interface that stands by itself: of an element, or as a literal of its code."""
    for path in (each for each in (WEB / "templates").rglob("*.html") if each.parent.name != "guide"):
        text = re.sub(r"\{%.*?%\}|\{#.*?#\}", "", path.read_text("utf-8"))
        yield from (said.strip() for said in re.findall(r">([^<>{}]+)(?=[<{])", text))
        yield from re.findall(r"'([^'<>]+)'", path.read_text("utf-8"))
    for verb in VERBS.values():
        yield from (verb.label, verb.name, f"确认{verb.name}", verb.reason_label, verb.unit_label)
    for path in (
        each for each in (*WEB.rglob("*.py"), *WEB.rglob("*.js"), *DESK.rglob("*.py")) if each.name != "guide.py"
    ):
        yield from re.findall(r'"([^"\n]+)"', path.read_text("utf-8"))
    for verb in VERBS.values():
        yield from (verb.label, f"确认{verb.name}", verb.reason_label, verb.unit_label, verb.days_label)


def test_every_word_the_guide_quotes_stands_on_the_screen() -> None:
    readers = [Reader(), *(Reader(frozenset({act})) for act in Reader().actor.acts)]
    bodies = [body_of(chapter, reader) for reader in readers for chapter in CHAPTERS]
    quoted = {word for body in bodies for _, word in _QUOTED.findall(body)}
    assert len(quoted) > 50
    spoken = set(_spoken())
    assert {word for word in quoted - spoken if not any(said.startswith(f"{word}。") for said in spoken)} == set()


def test_a_word_that_is_not_on_the_screen_would_be_found() -> None:
    assert "签收" in set(_spoken())
    assert "签收此任务" not in set(_spoken())


def test_the_frame_and_the_places_where_people_stop_lead_to_the_guide(town: Town) -> None:
    for path in ("/", "/forms/", "/forms/clue-report", "/cases/"):
        assert 'href="/guide/' in town.client("worker").get(path).text
    assert 'href="/guide/#trouble"' in town.client("worker").get("/forms/clue-report").text
    assert town.app.test_client().get("/guide/").status_code == 302


def test_the_paper_guide_says_what_the_site_says() -> None:
    assert GUIDE.read_text("utf-8") == written(compile_rulebook(read_files(ROOT), ROLES_OF)), "run `make guide`"


def test_every_picture_of_the_paper_guide_is_there_and_small() -> None:
    assert {path.stem for path in IMAGES.iterdir()} == set(PICTURES)
    assert sum(path.stat().st_size for path in IMAGES.iterdir()) < 3_000_000
    assert {name.partition("-")[0] for name in PICTURES} <= {chapter.id for chapter in CHAPTERS}


def test_the_guide_becomes_markdown_that_ends_what_it_begins() -> None:
    steps = ('<strong>先：</strong>按<b class="press">签收</b>', '看<span class="tag late">督办</span>')
    text = "".join(f"<li>{step}</li>\n" for step in steps)
    assert as_markdown(f"<ol>{text}</ol>") == "1. **先**：按【签收】\n2. 看“督办”"


def test_the_system_chapter_follows_the_page_it_is_about() -> None:
    system = next(chapter for chapter in CHAPTERS if chapter.id == "system")
    assert system.access == access_of("system.index")
