"""The press survives whatever a template does to its child process."""

import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from printing.orders import FONT_DIR, order, small
from xunfang.printing import Press, PrintError, press, stand_ins

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


def test_a_paper_prints_without_the_fandol_fonts_and_says_what_stands_in(tmp_path: Path) -> None:
    assert stand_ins(tmp_path, {}) == {
        "body": "宋体", "kai": "宋体", "hei": "黑体（补字）", "title": "宋体", "rare": "不能打印",
    }  # fmt: skip
    poor = Press()
    try:
        assert poor.print_paper(order("closing-notice", font_dir=tmp_path)).pages == 2
    finally:
        poor.close()


def test_nothing_stands_in_when_all_fonts_are_there() -> None:
    assert stand_ins(FONT_DIR, {}) == {}


def test_a_configured_font_that_does_not_exist_is_named(press: Press) -> None:
    with pytest.raises(PrintError, match=r"小标宋字体文件xbs\.ttf不存在") as caught:
        press.print_paper(order("closing-notice", fonts={"title": "/nowhere/xbs.ttf"}))
    assert caught.value.code == "FONT_MISSING"
