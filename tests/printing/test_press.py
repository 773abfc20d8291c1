"""The press survives whatever a template does to its child process."""

import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from printing.orders import FONT_DIR, order, small
from xunfang.printing import Press, PrintError, missing_faces, press
from xunfang.printing.fonts import FILES

LOOP = (
    "{% for a in n %}{% for b in n %}{% for c in n %}{% for d in n %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}"
)
DOUBLING = "{% set a = 'aaaaaaaaaaaaaaaa' %}" + "{% set a = a ~ a %}" * 40 + "{{ a | length }}"
MACROS = "{% macro m(x) %}{{ x ~ m(x ~ x) }}{% endmacro %}{{ m('aa') }}"
NUMBERS = {"n": list(range(300))}
PATIENCE = 600.0
"""Seconds of the wall clock that no test waits for, on however busy a machine."""


@pytest.fixture(scope="module")
def guarded() -> Iterator[Press]:
    thrifty = Press(
        replace(press.USUAL, cpu=5, wall=PATIENCE)
    )  # whatever else the machine does, processor time ends it
    yield thrifty
    thrifty.close()


@pytest.mark.parametrize("bomb", [LOOP, DOUBLING, MACROS], ids=["loop", "doubling", "macros"])
def test_a_bomb_ends_the_child_and_the_next_paper_is_printed(guarded: Press, bomb: str) -> None:
    with pytest.raises(PrintError) as caught:
        guarded.print_paper(small(bomb, NUMBERS))
    assert caught.value.code in ("TOO_HEAVY", "TEMPLATE_BROKEN")
    assert guarded.print_paper(small("<p>甲</p>")).pages == 1


def test_processor_time_is_limited_even_when_the_wall_clock_is_generous() -> None:
    guarded = Press(replace(press.USUAL, cpu=1, wall=PATIENCE))
    try:
        with pytest.raises(PrintError) as caught:
            guarded.print_paper(small(LOOP, NUMBERS))
        assert caught.value.code == "TOO_HEAVY"
    finally:
        guarded.close()


def test_threads_take_turns(press: Press) -> None:
    pages: list[int] = []
    wanted = [small(f"<p>{name}</p>") for name in "甲乙丙丁戊己"]
    threads = [threading.Thread(target=lambda one=one: pages.append(press.print_paper(one).pages)) for one in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert pages == [1] * 6


def test_a_forked_process_starts_a_child_of_its_own_and_leaves_ours_alone() -> None:
    before = press.print_paper(small("<p>甲</p>"))
    forked = os.fork()
    if not forked:
        same = False
        try:
            same = press.print_paper(small("<p>甲</p>")).sha256 == before.sha256
            press._PRESS.close()
        finally:
            os._exit(0 if same else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(forked, 0)[1]) == 0
    assert press.print_paper(small("<p>甲</p>")).sha256 == before.sha256
    press._PRESS.close()


@pytest.mark.parametrize("role", ["body", "kai", "hei", "title"])
def test_a_face_taken_away_stops_every_paper_in_words(press: Press, tmp_path: Path, role: str) -> None:
    for path in FONT_DIR.iterdir():
        if path.name != FILES[role]:
            (tmp_path / path.name).symlink_to(path.resolve())
    assert [*missing_faces(tmp_path, {})] == [role]
    with pytest.raises(PrintError, match=FILES[role]) as caught:
        press.print_paper(order("closing-notice", font_dir=tmp_path))
    assert caught.value.code == "FONT_MISSING"
    assert str(tmp_path) in caught.value.message


def test_a_warm_press_notices_a_face_that_is_taken_away(press: Press, tmp_path: Path) -> None:
    for path in FONT_DIR.iterdir():
        (tmp_path / path.name).symlink_to(path.resolve())
    press.print_paper(order("closing-notice", font_dir=tmp_path))
    (tmp_path / FILES["body"]).unlink()
    (tmp_path / FILES["body"]).touch()
    with pytest.raises(PrintError, match="仿宋"):
        press.print_paper(order("closing-notice", font_dir=tmp_path))


def test_without_the_face_of_rare_characters_other_papers_are_printed_as_ever(press: Press, tmp_path: Path) -> None:
    whole = press.print_paper(order("closing-notice"))
    for path in FONT_DIR.iterdir():
        if path.name != FILES["rare"]:
            (tmp_path / path.name).symlink_to(path.resolve())
    assert "生僻字" in missing_faces(tmp_path, {})["rare"]
    assert press.print_paper(order("closing-notice", font_dir=tmp_path)).pages == whole.pages


def test_nothing_is_missing_when_all_fonts_are_there() -> None:
    assert missing_faces(FONT_DIR, {}) == {}


def test_a_configured_font_that_does_not_exist_is_named(press: Press) -> None:
    with pytest.raises(PrintError, match=r"小标宋字体文件xbs\.ttf不存在") as caught:
        press.print_paper(order("closing-notice", fonts={"title": "/nowhere/xbs.ttf"}))
    assert caught.value.code == "FONT_MISSING"
