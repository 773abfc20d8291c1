"""Somebody who writes a command wrongly reads in Chinese what is wrong, and how it is written."""

import re

import pytest

from xunfang.cli import main

WRONG = [
    (["explain", "370304-boshan", "clue-report", "foo=1", "bar=2"], "多写了“bar=2”"),
    (["replay", "370304-boshan"], "还缺 --draft, --since"),
    (["nosuch"], "没有“nosuch”，可写："),
    (["serve", "--port", "eighty"], "--port 写的“eighty”不对"),
    (["serve", "--port"], "--port 后面还要写明是什么"),
    (["explain", "370304-boshan"], "还缺 form"),
]


@pytest.mark.parametrize(("words", "said"), WRONG, ids=[" ".join(words) for words, _ in WRONG])
def test_a_wrong_command_line_is_answered_in_chinese(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    told = capsys.readouterr()
    assert ended.value.code == 2
    assert said in told.err
    assert told.err.endswith(" --help 看说明。\n")
    assert told.out.startswith("用法：xunfang")
    assert not re.search(r"error|usage|argument", told.out + told.err)


def test_the_explanations_of_a_command_are_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["replay", "--help"])
    told = capsys.readouterr().out
    assert "要写的:" in told
    assert "显示这些说明" in told
    assert "positional" not in told
