"""One block is written anew as text, comments and all; whatever else stands in the file stays, or nothing is saved."""

import pytest

from rulebook.test_splicing import FORM, ROUTES, ROW, block
from xunfang.rulebook.splicing import BlockChanged, SpliceRefused, rewritten

PATH, FORM_PATH = "workflows/x/routing.toml", "forms/x/a.json"


def test_a_block_reads_as_it_was_typed_and_all_else_as_before() -> None:
    for text in (ROUTES, ROUTES.replace("\n", "\r\n")):
        found = block(text, ROW)
        typed = found.text.replace("# 医疗", "# 看病和吃药").replace('lead = "bureau"', 'lead = "village"')
        made = rewritten(PATH, text, ROW, found.digest, f"\n{typed}\n\n")
        assert made == text.replace("# 医疗", "# 看病和吃药").replace('lead = "bureau"', 'lead = "village"')
        assert rewritten(PATH, text, ROW, found.digest, found.text) == text
    field = block(FORM, ("properties", "a"), FORM_PATH)
    made = rewritten(FORM_PATH, FORM, field.key, field.digest, field.text.replace("甲", "丙"))
    assert made == FORM.replace('"甲"', '"丙"')


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ('[[clue.rows]]\nid = "medical', "读不出来：这一段的第2行"),
        ('[[clue.rows]]\nid = "medical"\n\n[[clue.rows]]\nid = "more"', "牵动文件里别的内容"),
        ('[others]\nid = "medical"', "别的内容"),
        ("", "别的内容"),
        ('[[clue.rows]]\nid = "medical"\n\n# 给下一段的话', "注释"),
    ],
)
def test_what_would_change_anything_else_is_refused(typed: str, told: str) -> None:
    with pytest.raises(SpliceRefused, match=told):
        rewritten(PATH, ROUTES, ROW, block(ROUTES, ROW).digest, typed)


def test_a_block_that_somebody_changed_or_that_is_in_pieces_is_not_written_over() -> None:
    with pytest.raises(BlockChanged):
        rewritten(PATH, ROUTES, ROW, "0", "x")
    with pytest.raises(SpliceRefused, match="单独"):
        rewritten(FORM_PATH, FORM, (), block(FORM, (), FORM_PATH).digest, "{}")
