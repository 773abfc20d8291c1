"""How clauses are named in sentences: the document once, and then only the place in it."""

import pytest

from xunfang.rulebook.model import Rulebook
from xunfang.rules.describe.lines import clauses_text


@pytest.mark.parametrize(
    ("cites", "text"),
    [
        (("民发〔2022〕83号·四(二)",), "民发〔2022〕83号 四(二)"),
        (("民发〔2021〕57号§10", "民发〔2021〕57号§20第一款"), "民发〔2021〕57号 第十条、第二十条第一款"),
        (("BS-二(二)3-7", "BS-三(一)-1"), "博政办字〔2021〕27号 二(二)3-7、三(一)-1"),
        (("社会救助法§50", "社会救助法§50"), "《中华人民共和国社会救助法》第五十条"),
    ],
)
def test_a_document_is_named_once_and_not_again_in_the_place(
    rulebook: Rulebook, cites: tuple[str, ...], text: str
) -> None:
    assert clauses_text(rulebook, cites) == text
