"""What nobody sees is taken out, what no paper can show is named."""

import sys
import unicodedata
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from printing.orders import FONT_DIR
from xunfang.characters import compact, seen, unprintable
from xunfang.printing.fonts import CHAINS, font_files

UNDRAWN = {"Cc", "Cf", "Cs", "Co", "Cn"}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("张\u200b三", "张三"),
        ("\ufeff", ""),
        ("\u202d13800005678\u202c", "13800005678"),
        ("一\u0001二\u0007", "一二"),
        ("一\r\n二\x0b三\u2028四", "一\n二\n三\n四"),
        ("一\t二\u3000三", "一\t二\u3000三"),
        ("葛\U000e0100城\ufe0f", "葛城"),
    ],
)
def test_what_nobody_sees_is_taken_out(text: str, kept: str) -> None:
    assert seen(text) == kept


def test_a_number_is_compact() -> None:
    assert compact(" 3703\u200b 04\u00a0１９ｘ\u202c") == "37030419x"


@pytest.mark.parametrize("sign", ["😀", "\ufffd", "\u0001", "\U00030edd", "\u0626", "\u0f40", "❤", "\ue000"])
def test_what_no_paper_can_show_is_named(sign: str) -> None:
    assert unprintable(f"家中{sign}困难") == sign


@pytest.mark.parametrize("text", ["镕玥珺祎喆堃彧昇旸赟", "𠮷𫍲𬍛", "（①㎡№→□■√）", "é·—…％\n\t", "ＡＢ", "㐂䶮龻"])
def test_what_a_paper_can_show_is_taken(text: str) -> None:
    assert unprintable(text) == ""


def _drawn_by(face: Path) -> set[int]:
    with TTFont(face, lazy=True) as font:
        return set(font.getBestCmap())


def test_the_table_is_what_every_role_of_the_press_has() -> None:
    signs = {role: _drawn_by(path) for role, path in font_files(FONT_DIR, {}).items()}
    chains = [set().union(*(signs[role] for role in chain)) for chain in CHAINS.values()]
    drawn = {chr(code) for code in set.intersection(*chains) if unicodedata.category(chr(code)) not in UNDRAWN}
    others = (chr(code) for code in range(128, sys.maxunicode + 1))
    assert [sign for sign in others if (sign in drawn) == bool(unprintable(sign))] == []
