"""A unit of which there is one in each division is asked for with an example, not with a shrug."""

import pytest

from actions.town import Town
from xunfang.actions.accounts import NewAccount, create_administrator
from xunfang.errors import Invalid


@pytest.mark.parametrize(
    ("unit", "words"),
    [("township", "例如 township:370304"), ("township:1", "例如 township:370304"), ("nosuch", "请选择")],
)
def test_what_to_write_is_said(town: Town, unit: str, words: str) -> None:
    new = NewAccount("someone", "某人", "Str0ng-passw0rd!", "370304-boshan", unit, ("security-administrator",))
    with pytest.raises(Invalid) as error:
        create_administrator(town.deployment, new, town.at)
    assert [words in problem.message for problem in error.value.problems if problem.field == "unit"] == [True]
