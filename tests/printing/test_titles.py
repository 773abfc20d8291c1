import pytest

from xunfang.printing.titles import break_title

ORGANS = ("博山区人民政府办公室", "区社会救助工作领导小组办公室")


def test_a_short_title_stays_on_one_line() -> None:
    assert break_title("困难线索转办单") == ["困难线索转办单"]


def test_an_organ_ends_the_first_line() -> None:
    lines = break_title("博山区人民政府办公室关于印发健全完善社会救助主动发现机制工作方案的通知", ORGANS)
    assert lines[0] == "博山区人民政府办公室"
    assert lines[-1].endswith("的通知")


@pytest.mark.parametrize("keep", ORGANS)
def test_no_organ_is_torn_apart(keep: str) -> None:
    title = f"关于请{keep}协调解决困难群众冬季取暖和临时住房问题的函"
    assert any(keep in line for line in break_title(title, [keep]))


def test_no_line_begins_with_a_particle_or_is_too_long() -> None:
    lines = break_title("关于开展全区困难群众基本生活救助保障情况和资金使用管理情况专项检查工作的通知")
    assert all(len(line) <= 20 and line[0] not in "的和及、" for line in lines)
    assert "".join(lines) == "关于开展全区困难群众基本生活救助保障情况和资金使用管理情况专项检查工作的通知"


def test_a_title_without_any_good_break_is_still_printed_whole() -> None:
    assert "".join(break_title("a" * 70)) == "a" * 70
